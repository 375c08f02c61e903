//! The master secret: from the configuration, or made once in the data folder
//! with access for the owner alone.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
};

use crate::config::Config;

/// The secret; made on first use.
pub fn load(config: &Config) -> io::Result<String> {
    if let Some(secret) = &config.secret {
        return Ok(secret.clone());
    }
    fs::create_dir_all(&config.data)?;
    let path = config.data.join("secret.key");
    match fs::read_to_string(&path) {
        Ok(secret) => Ok(secret.trim().to_owned()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let secret = hex::encode(rand::random::<[u8; 32]>());
            let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
            file.write_all(secret.as_bytes())?;
            file.sync_all()?;
            Ok(secret)
        }
        Err(error) => Err(error),
    }
}
