//! The vault: encryption of secrets at rest. Each value has a key of its own,
//! which the master key wraps, so that a new master key re-wraps keys and
//! leaves values alone. What was encrypted is bound to its place: moved to
//! another row, or another tenant's, it no longer opens.

use std::{
    fs::{self, OpenOptions},
    io::{self, Write as _},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::{PoisonError, RwLock},
    time::SystemTime,
};

use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use conexao_domain::kernel::problem::{Code, Problem};
use sha2::{Digest, Sha256};

/// Length of a nonce in bytes.
const NONCE: usize = 24;
/// Format of what is kept; a change of cipher is another word.
const FORMAT: &str = "x1";

/// A master key and its name, which stands in what it wrapped.
#[derive(Clone)]
struct Key {
    id: String,
    secret: [u8; 32],
}

/// Master keys, the one in use first, as of when their file was changed.
#[derive(Clone)]
struct Keys {
    keys: Vec<Key>,
    changed: Option<SystemTime>,
}

/// Encrypts and decrypts. Follows changes of its key file, so that a rotation
/// needs no restart.
pub struct Vault {
    file: Option<PathBuf>,
    known: RwLock<Keys>,
}

impl std::fmt::Debug for Vault {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "vault of {:?}", self.file)
    }
}

/// Where a value is kept.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    pub tenant: i32,
    pub table: &'a str,
    pub column: &'a str,
    pub id: uuid::Uuid,
}

impl Keys {
    fn read(file: &Path) -> io::Result<Self> {
        // The moment first: a change in between is noticed the next time.
        let (changed, text) = (modified(file), fs::read_to_string(file)?);
        let wrong = || io::Error::new(io::ErrorKind::InvalidData, "the key file is not one `name key` a line");
        let key = |line: &str| {
            let (id, hexadecimal) = line.split_once(' ')?;
            let secret = <[u8; 32]>::try_from(hex::decode(hexadecimal.trim()).ok()?).ok()?;
            Some(Key { id: id.to_owned(), secret })
        };
        let lines = text.lines().filter(|line| !line.trim().is_empty());
        let keys = lines.map(|line| key(line).ok_or_else(wrong)).collect::<io::Result<Vec<_>>>()?;
        if keys.is_empty() { Err(wrong()) } else { Ok(Self { keys, changed }) }
    }
}

fn modified(file: &Path) -> Option<SystemTime> {
    fs::metadata(file).and_then(|about| about.modified()).ok()
}

impl Place<'_> {
    fn text(&self) -> String {
        format!("{}/{}/{}/{}", self.tenant, self.table, self.column, self.id)
    }
}

fn unreadable() -> Problem {
    Problem::new(Code::Internal).detail("vault")
}

impl Vault {
    /// A vault with one key that follows from the installation's secret.
    pub fn derived(secret: &str) -> Self {
        let digest = Sha256::new().chain_update(b"conexao vault\0").chain_update(secret).finalize();
        let keys = vec![Key { id: "derived".to_owned(), secret: digest.into() }];
        Self { file: None, known: RwLock::new(Keys { keys, changed: None }) }
    }

    /// Reads the key file, one `name key` a line; makes it, for its owner
    /// alone, when there is none.
    pub fn open(path: &Path) -> io::Result<Self> {
        if !path.exists() {
            let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path)?;
            file.write_all(new_line().as_bytes())?;
            file.sync_all()?;
        }
        Ok(Self { file: Some(path.to_owned()), known: RwLock::new(Keys::read(path)?) })
    }

    /// Puts a new key in use; the ones before still open what they wrapped.
    pub fn add_key(path: &Path) -> io::Result<Self> {
        replace(path, &(new_line() + &fs::read_to_string(path)?))?;
        Self::open(path)
    }

    /// Forgets all keys but the one in use.
    pub fn forget_old_keys(path: &Path) -> io::Result<()> {
        let text = fs::read_to_string(path)?;
        replace(path, text.split_inclusive('\n').next().unwrap_or_default())
    }

    /// The keys as the file has them now.
    fn keys(&self) -> Result<Vec<Key>, Problem> {
        let known = self.known.read().unwrap_or_else(PoisonError::into_inner).clone();
        let Some(file) = self.file.as_deref().filter(|file| modified(file) != known.changed) else {
            return Ok(known.keys);
        };
        let fresh = Keys::read(file).map_err(|error| {
            tracing::error!(%error, "the key file cannot be read");
            unreadable()
        })?;
        *self.known.write().unwrap_or_else(PoisonError::into_inner) = fresh.clone();
        Ok(fresh.keys)
    }

    /// Encrypts a text for a place.
    pub fn seal(&self, text: &str, place: &Place<'_>) -> Result<String, Problem> {
        let keys = self.keys()?;
        let key = keys.first().ok_or_else(unreadable)?;
        let own: [u8; 32] = rand::random();
        let bound = place.text();
        Ok([FORMAT, &key.id, &encrypt(&key.secret, &own, &bound)?, &encrypt(&own, text.as_bytes(), &bound)?].join(":"))
    }

    /// The text that was encrypted for the place.
    pub fn unseal(&self, sealed: &str, place: &Place<'_>) -> Result<String, Problem> {
        let (own, value) = self.unwrap_key(sealed, place)?;
        let text = decrypt(&own, value, &place.text())?;
        String::from_utf8(text).map_err(|_| unreadable())
    }

    /// The same value under the key in use; `None` when it already is.
    pub fn rewrap(&self, sealed: &str, place: &Place<'_>) -> Result<Option<String>, Problem> {
        let keys = self.keys()?;
        let key = keys.first().ok_or_else(unreadable)?;
        if sealed.split(':').nth(1) == Some(&key.id) {
            return Ok(None);
        }
        let (own, value) = self.unwrap_key(sealed, place)?;
        Ok(Some([FORMAT, &key.id, &encrypt(&key.secret, &own, &place.text())?, value].join(":")))
    }

    fn unwrap_key<'a>(&self, sealed: &'a str, place: &Place<'_>) -> Result<([u8; 32], &'a str), Problem> {
        let mut parts = sealed.split(':');
        let (format, id, wrapped, value) = (parts.next(), parts.next(), parts.next(), parts.next());
        let keys = self.keys()?;
        let key = keys.iter().find(|key| Some(key.id.as_str()) == id).filter(|_| format == Some(FORMAT));
        let (key, wrapped, value) = (key.ok_or_else(unreadable)?, wrapped.ok_or_else(unreadable)?, value);
        let own = decrypt(&key.secret, wrapped, &place.text())?;
        Ok((own.try_into().map_err(|_| unreadable())?, value.ok_or_else(unreadable)?))
    }
}

fn new_line() -> String {
    let name = hex::encode(rand::random::<[u8; 4]>());
    format!("{name} {}\n", hex::encode(rand::random::<[u8; 32]>()))
}

/// Writes beside and renames, so that a crash leaves the old file or the new one.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let beside = path.with_extension("new");
    let _ = fs::remove_file(&beside);
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&beside)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    fs::rename(beside, path)
}

fn encrypt(key: &[u8; 32], text: &[u8], bound: &str) -> Result<String, Problem> {
    let nonce: [u8; NONCE] = rand::random();
    let cipher = XChaCha20Poly1305::new(key.into());
    let payload = Payload { msg: text, aad: bound.as_bytes() };
    let made = cipher.encrypt(&XNonce::from(nonce), payload).map_err(|_| unreadable())?;
    Ok(hex::encode([nonce.as_slice(), &made].concat()))
}

fn decrypt(key: &[u8; 32], hexadecimal: &str, bound: &str) -> Result<Vec<u8>, Problem> {
    let bytes = hex::decode(hexadecimal).map_err(|_| unreadable())?;
    let (nonce, made) = bytes.split_first_chunk::<NONCE>().ok_or_else(unreadable)?;
    let cipher = XChaCha20Poly1305::new(key.into());
    cipher.decrypt(&XNonce::from(*nonce), Payload { msg: made, aad: bound.as_bytes() }).map_err(|_| unreadable())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use std::os::unix::fs::PermissionsExt;

    use super::*;

    fn place(id: uuid::Uuid) -> Place<'static> {
        Place { tenant: 1, table: "secret", column: "kept", id }
    }

    #[test]
    fn what_was_sealed_opens_in_its_place_only() {
        let vault = Vault::derived("a secret");
        let here = place(uuid::Uuid::now_v7());
        let sealed = vault.seal("segredo", &here).unwrap();
        assert!(!sealed.contains("segredo"));
        assert_ne!(sealed, vault.seal("segredo", &here).unwrap(), "equal texts do not look equal");
        assert_eq!(vault.unseal(&sealed, &here).unwrap(), "segredo");
        assert!(vault.unseal(&sealed, &place(uuid::Uuid::now_v7())).is_err(), "another row");
        assert!(vault.unseal(&sealed, &Place { tenant: 2, ..here }).is_err(), "another tenant");
        assert!(Vault::derived("another").unseal(&sealed, &here).is_err());
        let mut bent = sealed.clone();
        bent.replace_range(sealed.len() - 1.., if sealed.ends_with('0') { "1" } else { "0" });
        assert!(vault.unseal(&bent, &here).is_err(), "tampered with");
    }

    #[test]
    fn keys_rotate_and_the_old_one_can_be_forgotten() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vault.key");
        let here = place(uuid::Uuid::now_v7());
        let sealed = Vault::open(&path).unwrap().seal("segredo", &here).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(Vault::open(&path).unwrap().unseal(&sealed, &here).unwrap(), "segredo", "the next start");

        let running = Vault::open(&path).unwrap();
        let vault = Vault::add_key(&path).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
        assert_eq!(vault.unseal(&sealed, &here).unwrap(), "segredo", "the old key still opens");
        let wrapped = vault.rewrap(&sealed, &here).unwrap().unwrap();
        assert_eq!(vault.rewrap(&wrapped, &here).unwrap(), None);
        Vault::forget_old_keys(&path).unwrap();
        assert_eq!(running.unseal(&wrapped, &here).unwrap(), "segredo", "noticed without a restart");
        let vault = Vault::open(&path).unwrap();
        assert_eq!(vault.unseal(&wrapped, &here).unwrap(), "segredo");
        assert!(vault.unseal(&sealed, &here).is_err(), "the old key is gone");
    }
}
