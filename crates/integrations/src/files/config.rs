//! Where files are kept.

use std::path::PathBuf;
use std::sync::Arc;

use object_store::ObjectStore;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::prefix::PrefixStore;
use serde::Deserialize;

use super::error::FileError;

/// Where files are kept.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FileStoreConfig {
    /// A folder of this machine: for one node only.
    Local {
        /// The folder; made when it is not there.
        folder: PathBuf,
    },
    /// A bucket of S3 or of a server that speaks like it.
    S3(S3Config),
}

/// A bucket and how to reach it.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct S3Config {
    /// The bucket.
    pub bucket: String,
    /// The region, such as `sa-east-1`.
    pub region: String,
    /// The address of a server other than Amazon's.
    #[serde(default)]
    pub endpoint: Option<String>,
    /// The key; without it the machine's own credentials are used.
    #[serde(default)]
    pub access_key_id: Option<String>,
    /// The secret that belongs to the key.
    #[serde(default)]
    pub secret_access_key: Option<String>,
    /// A folder of the bucket under which everything is kept.
    #[serde(default)]
    pub prefix: Option<String>,
    /// Whether an endpoint without TLS is acceptable.
    #[serde(default)]
    pub allow_http: bool,
}

/// Shows everything but the secret.
impl std::fmt::Debug for S3Config {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("S3Config")
            .field("bucket", &self.bucket)
            .field("region", &self.region)
            .field("endpoint", &self.endpoint)
            .field("access_key_id", &self.access_key_id)
            .field("prefix", &self.prefix)
            .field("allow_http", &self.allow_http)
            .finish_non_exhaustive()
    }
}

/// An open place for files.
pub(super) struct Place {
    pub store: Arc<dyn ObjectStore>,
    /// Whether the place remembers the media type of a file.
    pub keeps_media_type: bool,
}

pub(super) fn open(config: &FileStoreConfig) -> Result<Place, FileError> {
    match config {
        FileStoreConfig::Local { folder } => {
            std::fs::create_dir_all(folder).map_err(FileError::storage)?;
            // What was acknowledged must survive a crash of the machine.
            let store = LocalFileSystem::new_with_prefix(folder)?.with_fsync(true);
            Ok(Place { store: Arc::new(store), keeps_media_type: false })
        }
        FileStoreConfig::S3(config) => open_bucket(config),
    }
}

fn open_bucket(config: &S3Config) -> Result<Place, FileError> {
    let mut builder = match (&config.access_key_id, &config.secret_access_key) {
        (Some(id), Some(secret)) => AmazonS3Builder::new().with_access_key_id(id).with_secret_access_key(secret),
        _ => AmazonS3Builder::from_env(),
    };
    builder = builder.with_bucket_name(&config.bucket).with_region(&config.region).with_allow_http(config.allow_http);
    if let Some(endpoint) = &config.endpoint {
        builder = builder.with_endpoint(endpoint);
    }
    let bucket = builder.build()?;
    let store: Arc<dyn ObjectStore> = match &config.prefix {
        Some(prefix) => Arc::new(PrefixStore::new(bucket, prefix.as_str())),
        None => Arc::new(bucket),
    };
    Ok(Place { store, keeps_media_type: true })
}
