//! Uploads of programs: from memory, from the disk, or as they come.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError},
};

use bytes::Bytes;
use futures_util::TryStream;
use reqwest::{
    Body,
    multipart::{self, Part},
};

use super::{Form, Upload};
use crate::failure::Failure;

pub(super) enum Content {
    Bytes(Bytes),
    /// Opened for every attempt.
    File(PathBuf),
    /// Good for one attempt.
    Once(Mutex<Option<Body>>),
}

impl fmt::Debug for Content {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bytes(bytes) => write!(f, "{} bytes", bytes.len()),
            Self::File(path) => path.fmt(f),
            Self::Once(_) => f.write_str("a stream"),
        }
    }
}

impl Upload {
    /// A file in memory.
    pub fn bytes(name: impl Into<String>, content: impl Into<Bytes>) -> Self {
        Self { name: name.into(), content: Content::Bytes(content.into()) }
    }

    /// A file on the disk, read while it is sent.
    pub fn file(path: impl AsRef<Path>) -> Self {
        let path = path.as_ref();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        Self { name, content: Content::File(path.to_owned()) }
    }

    /// Content as it comes. It cannot be sent twice, so a broken connection is
    /// the caller's to mend.
    pub fn stream<S>(name: impl Into<String>, content: S) -> Self
    where
        S: TryStream + Send + 'static,
        S::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
        Bytes: From<S::Ok>,
    {
        Self { name: name.into(), content: Content::Once(Mutex::new(Some(Body::wrap_stream(content)))) }
    }

    async fn part(&self) -> Result<Part, Failure> {
        let part = match &self.content {
            Content::Bytes(bytes) => Part::stream_with_length(bytes.clone(), length(bytes.len())),
            Content::File(path) => {
                open(path).await.map_err(|e| Failure::unusable(format!("{}: {e}", path.display())))?
            }
            Content::Once(body) => {
                let body = body.lock().unwrap_or_else(PoisonError::into_inner).take();
                Part::stream(body.ok_or_else(|| Failure::unusable("a stream cannot be sent twice"))?)
            }
        };
        Ok(part.file_name(self.name.clone()))
    }
}

fn length(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

async fn open(path: &Path) -> std::io::Result<Part> {
    let file = tokio::fs::File::open(path).await?;
    let size = file.metadata().await?.len();
    Ok(Part::stream_with_length(file, size))
}

impl Form {
    /// The form for one attempt.
    pub(crate) async fn write(&self) -> Result<multipart::Form, Failure> {
        let form = multipart::Form::new();
        let form = self.fields.iter().fold(form, |form, (name, value)| form.text(*name, value.clone()));
        Ok(form.part("file", self.file.part().await?))
    }
}
