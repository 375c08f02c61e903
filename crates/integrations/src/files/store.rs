//! Keeping files and handing them out.

use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use bytes::{Bytes, BytesMut};
use futures_util::stream::{self, BoxStream};
use futures_util::{Stream, StreamExt, TryStreamExt};
use object_store::buffered::BufWriter;
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt};
use serde::{Deserialize, Serialize};
use tokio::fs::File;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::Semaphore;

use super::config::{self, FileStoreConfig};
use super::error::FileError;
use super::key::FileKey;
use super::rules::UploadRules;
use super::thumbnail::{self, Thumbnail};
use super::upload::{self, Intake, Measured};

/// A file that is in the store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredFile {
    /// The name under which it is kept.
    pub key: FileKey,
    /// Bytes.
    pub size: u64,
    /// SHA-256 of the content, hexadecimal.
    pub sha256: String,
    /// What it is, by its content.
    pub media_type: String,
}

/// A file, or a part of one, on its way out.
pub struct FileStream {
    /// Bytes of the whole file.
    pub size: u64,
    /// The part that comes.
    pub range: Range<u64>,
    /// The content.
    pub content: BoxStream<'static, Result<Bytes, FileError>>,
}

impl std::fmt::Debug for FileStream {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FileStream").field("size", &self.size).field("range", &self.range).finish_non_exhaustive()
    }
}

/// The files of all tenants; cheap to clone.
#[derive(Debug, Clone)]
pub struct FileStore {
    store: Arc<dyn ObjectStore>,
    keeps_media_type: bool,
    /// Decoded pictures are large: few are made at a time.
    thumbnails: Arc<Semaphore>,
}

impl FileStore {
    /// Opens the store; a local folder is made when it is not there.
    ///
    /// # Errors
    /// [`FileError::Storage`] when the folder or the configuration is unusable.
    pub fn open(config: &FileStoreConfig) -> Result<Self, FileError> {
        let place = config::open(config)?;
        Ok(Self {
            store: place.store,
            keeps_media_type: place.keeps_media_type,
            thumbnails: Arc::new(Semaphore::new(2)),
        })
    }

    /// Stores an upload while it comes in. A file that breaks the rules, or
    /// whose stream fails, leaves nothing behind.
    ///
    /// # Errors
    /// [`FileError::Empty`], [`FileError::TooLarge`],
    /// [`FileError::TypeNotAllowed`], [`FileError::Upload`] or
    /// [`FileError::Storage`].
    pub async fn put_stream<S, E>(
        &self,
        tenant_id: i32,
        stream: S,
        rules: &UploadRules,
    ) -> Result<StoredFile, FileError>
    where
        S: Stream<Item = Result<Bytes, E>> + Unpin,
        E: std::fmt::Display,
    {
        self.put_as(FileKey::new(tenant_id), stream, rules).await
    }

    /// Like [`put_stream`](Self::put_stream), under a name noted beforehand, by
    /// which a crash in between leaves the file to be found.
    ///
    /// # Errors
    /// As [`put_stream`](Self::put_stream).
    pub async fn put_as<S, E>(&self, key: FileKey, stream: S, rules: &UploadRules) -> Result<StoredFile, FileError>
    where
        S: Stream<Item = Result<Bytes, E>> + Unpin,
        E: std::fmt::Display,
    {
        let writer = self.writer(key)?;
        let intake = Intake::new(stream, rules.max_bytes);
        Ok(stored(key, intake.store(rules, writer).await?))
    }

    /// Stores a local file under the same rules.
    ///
    /// # Errors
    /// As [`put_stream`](Self::put_stream).
    pub async fn put_path(&self, tenant_id: i32, path: &Path, rules: &UploadRules) -> Result<StoredFile, FileError> {
        let file = File::open(path).await.map_err(FileError::storage)?;
        self.put_stream(tenant_id, Box::pin(chunks(file)), rules).await
    }

    /// Stores a local file that the product itself made, such as an export.
    ///
    /// # Errors
    /// [`FileError::Storage`].
    pub async fn put_made(
        &self,
        tenant_id: i32,
        path: &Path,
        media_type: &'static str,
    ) -> Result<StoredFile, FileError> {
        self.put_made_as(FileKey::new(tenant_id), path, media_type).await
    }

    /// Like [`put_made`](Self::put_made), under a name noted beforehand.
    ///
    /// # Errors
    /// [`FileError::Storage`].
    pub async fn put_made_as(
        &self,
        key: FileKey,
        path: &Path,
        media_type: &'static str,
    ) -> Result<StoredFile, FileError> {
        let writer = self.writer(key)?;
        let file = File::open(path).await.map_err(FileError::storage)?;
        let intake = Intake::new(Box::pin(chunks(file)), u64::MAX);
        Ok(stored(key, intake.store_as(media_type, writer).await?))
    }

    /// Hands a file of this tenant out, or a part of it; an end beyond the
    /// file is cut.
    ///
    /// # Errors
    /// [`FileError::NotFound`], also for a key of another tenant,
    /// [`FileError::Range`] for a part that is empty or begins behind the end,
    /// or [`FileError::Storage`].
    pub async fn get(&self, tenant_id: i32, key: FileKey, range: Option<Range<u64>>) -> Result<FileStream, FileError> {
        let path = key.path(tenant_id)?;
        if let Some(range) = &range {
            let size = self.store.head(&path).await?.size;
            if range.is_empty() || range.start >= size {
                return Err(FileError::Range { size });
            }
        }
        let options = GetOptions { range: range.map(GetRange::Bounded), ..GetOptions::default() };
        let found = self.store.get_opts(&path, options).await?;
        Ok(FileStream {
            size: found.meta.size,
            range: found.range.clone(),
            content: found.into_stream().map_err(FileError::from).boxed(),
        })
    }

    /// Copies a file of this tenant to `destination`, where programs that need
    /// a path can read it.
    ///
    /// # Errors
    /// As [`get`](Self::get).
    pub async fn download(&self, tenant_id: i32, key: FileKey, destination: &Path) -> Result<(), FileError> {
        let mut content = self.get(tenant_id, key, None).await?.content;
        let mut file = File::create(destination).await.map_err(FileError::storage)?;
        while let Some(chunk) = content.try_next().await? {
            file.write_all(&chunk).await.map_err(FileError::storage)?;
        }
        file.flush().await.map_err(FileError::storage)
    }

    /// Removes a file of this tenant; one that is not there is removed already.
    ///
    /// # Errors
    /// [`FileError::NotFound`] for a key of another tenant, or
    /// [`FileError::Storage`].
    pub async fn delete(&self, tenant_id: i32, key: FileKey) -> Result<(), FileError> {
        let path = key.path(tenant_id)?;
        match self.store.delete(&path).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    /// Makes a small picture of a stored one, at most 320 pixels on a side,
    /// and stores it as a file of its own.
    ///
    /// # Errors
    /// As [`get`](Self::get), [`FileError::Image`] when it is no picture, or
    /// [`FileError::ImageTooLarge`].
    pub async fn put_thumbnail(&self, tenant_id: i32, key: FileKey) -> Result<StoredFile, FileError> {
        self.put_thumbnail_as(key, FileKey::new(tenant_id)).await
    }

    /// Like [`put_thumbnail`](Self::put_thumbnail), under a name noted beforehand.
    ///
    /// # Errors
    /// As [`put_thumbnail`](Self::put_thumbnail).
    pub async fn put_thumbnail_as(&self, key: FileKey, new: FileKey) -> Result<StoredFile, FileError> {
        let made = self.thumbnail(new.tenant_id(), key).await?;
        let writer = self.writer(new)?;
        let once = stream::iter([Ok::<_, FileError>(made.content)]);
        let intake = Intake::new(once, u64::MAX);
        Ok(stored(new, intake.store_as(made.media_type, writer).await?))
    }

    async fn thumbnail(&self, tenant_id: i32, key: FileKey) -> Result<Thumbnail, FileError> {
        let turn = self.thumbnails.acquire().await;
        let found = self.get(tenant_id, key, None).await?;
        if found.size > thumbnail::MAX_FILE_BYTES {
            return Err(FileError::ImageTooLarge);
        }
        let content: BytesMut = found.content.try_collect().await?;
        let made = tokio::task::spawn_blocking(move || thumbnail::make_thumbnail(&content));
        // A decoder that panics has been given a damaged picture.
        let made = made.await.map_err(|error| FileError::Image(error.to_string()))?;
        drop(turn);
        made
    }

    fn writer(&self, key: FileKey) -> Result<impl FnOnce(&'static str) -> BufWriter, FileError> {
        let path = key.path(key.tenant_id())?;
        let (store, keeps) = (Arc::clone(&self.store), self.keeps_media_type);
        Ok(move |media_type| {
            let writer = BufWriter::with_capacity(store, path, upload::part_size());
            upload::tagged(writer, media_type, keeps)
        })
    }
}

fn stored(key: FileKey, measured: Measured) -> StoredFile {
    StoredFile { key, size: measured.size, sha256: measured.sha256, media_type: measured.media_type.to_owned() }
}

/// A local file in pieces.
fn chunks(file: File) -> impl Stream<Item = Result<Bytes, std::io::Error>> {
    stream::try_unfold(file, |mut file| async move {
        let mut chunk = BytesMut::with_capacity(256 << 10);
        let read = file.read_buf(&mut chunk).await?;
        Ok((read > 0).then(|| (chunk.freeze(), file)))
    })
}
