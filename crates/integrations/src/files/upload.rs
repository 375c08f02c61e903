//! Bytes on their way into the store.

use bytes::{Bytes, BytesMut};
use futures_util::{Stream, StreamExt};
use object_store::buffered::BufWriter;
use object_store::{Attribute, Attributes};
use sha2::{Digest, Sha256};
use tokio::io::AsyncWriteExt;

use super::error::FileError;
use super::media::{SNIFFED_BYTES, sniff};
use super::rules::UploadRules;

/// Bytes held before they are sent on; also the size of the parts of an upload
/// to S3, of which there may be 10,000.
const PART: usize = 8 << 20;
/// Parts on their way at the same time.
const PARTS_AT_ONCE: usize = 2;

/// What is known once everything has gone by.
pub(super) struct Measured {
    pub size: u64,
    pub sha256: String,
    pub media_type: &'static str,
}

/// Content that is measured and bounded while it is read.
pub(super) struct Intake<S> {
    stream: S,
    limit: u64,
    size: u64,
    hash: Sha256,
}

impl<S, E> Intake<S>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
    E: std::fmt::Display,
{
    pub(super) fn new(stream: S, limit: u64) -> Self {
        Self { stream, limit, size: 0, hash: Sha256::new() }
    }

    async fn next(&mut self) -> Result<Option<Bytes>, FileError> {
        let Some(chunk) = self.stream.next().await else {
            return Ok(None);
        };
        let chunk = chunk.map_err(|error| FileError::Upload(error.to_string()))?;
        let length = u64::try_from(chunk.len()).unwrap_or(u64::MAX);
        self.size = self.size.saturating_add(length);
        if self.size > self.limit {
            return Err(FileError::TooLarge { limit: self.limit });
        }
        self.hash.update(&chunk);
        Ok(Some(chunk))
    }

    /// As much of the beginning as it takes to tell what it is.
    async fn head(&mut self) -> Result<BytesMut, FileError> {
        let mut head = BytesMut::new();
        while head.len() < SNIFFED_BYTES {
            match self.next().await? {
                Some(chunk) => head.extend_from_slice(&chunk),
                None => break,
            }
        }
        if head.is_empty() {
            return Err(FileError::Empty);
        }
        Ok(head)
    }

    /// Tells the media type, refuses what is not allowed before anything is
    /// written, and stores the rest as it comes.
    pub(super) async fn store(
        mut self,
        rules: &UploadRules,
        writer: impl FnOnce(&'static str) -> BufWriter,
    ) -> Result<Measured, FileError> {
        let head = self.head().await?;
        let media_type = sniff(&head);
        if !rules.allows(media_type) {
            return Err(FileError::TypeNotAllowed { found: media_type });
        }
        self.copy(head.freeze(), writer(media_type)).await?;
        Ok(self.measured(media_type))
    }

    /// Stores content that the product itself made.
    pub(super) async fn store_as(
        mut self,
        media_type: &'static str,
        writer: impl FnOnce(&'static str) -> BufWriter,
    ) -> Result<Measured, FileError> {
        self.copy(Bytes::new(), writer(media_type)).await?;
        Ok(self.measured(media_type))
    }

    async fn copy(&mut self, head: Bytes, mut writer: BufWriter) -> Result<(), FileError> {
        match self.copy_all(head, &mut writer).await {
            Ok(()) => Ok(writer.shutdown().await.map_err(FileError::storage)?),
            Err(error) => {
                // Nothing may stay behind; the first error is the one to tell.
                let _ = writer.abort().await;
                Err(error)
            }
        }
    }

    async fn copy_all(&mut self, head: Bytes, writer: &mut BufWriter) -> Result<(), FileError> {
        if !head.is_empty() {
            writer.put(head).await?;
        }
        while let Some(chunk) = self.next().await? {
            writer.put(chunk).await?;
        }
        Ok(())
    }

    fn measured(self, media_type: &'static str) -> Measured {
        Measured { size: self.size, sha256: hex::encode(self.hash.finalize()), media_type }
    }
}

/// A writer that tells the store the media type where it can keep it.
pub(super) fn tagged(writer: BufWriter, media_type: &'static str, keeps: bool) -> BufWriter {
    let writer = writer.with_max_concurrency(PARTS_AT_ONCE);
    if keeps { writer.with_attributes(Attributes::from_iter([(Attribute::ContentType, media_type)])) } else { writer }
}

/// Bytes held before they are sent on.
pub(super) const fn part_size() -> usize {
    PART
}
