//! Forms with a file, read part by part. What a form says of itself is taken
//! for nothing: parts without a name, in any number, do no harm.

use actix_multipart::{Field, Multipart, MultipartError};
use actix_web::{error::PayloadError, http::header};
use conexao_domain::kernel::problem::{Code, Problem};
use futures_util::TryStreamExt;
use tempfile::NamedTempFile;
use tokio::io::AsyncWriteExt;

/// Parts of a form looked at before the file must have come.
const PARTS: usize = 8;
/// Longest text part, in bytes.
const TEXT: usize = 1_000;

/// An upload on this machine's disk, and the texts that came with it.
#[derive(Debug)]
pub(crate) struct Uploaded {
    pub file: NamedTempFile,
    pub name: String,
    texts: Vec<(String, String)>,
}

impl Uploaded {
    pub fn text(&self, name: &str) -> Option<&str> {
        self.texts.iter().find(|(known, _)| known == name).map(|(_, text)| text.as_str())
    }
}

pub(crate) fn unreadable(error: &MultipartError) -> Problem {
    match error {
        MultipartError::Payload(PayloadError::Overflow) => Problem::new(Code::TooLarge),
        MultipartError::ContentTypeMissing | MultipartError::ContentTypeIncompatible => {
            Problem::new(Code::UnsupportedMedia).detail("multipart/form-data")
        }
        _ => Problem::new(Code::Malformed).detail(error.to_string()),
    }
}

/// The name as the sender wrote it; browsers write its quotes as `%22`.
pub(crate) fn name(part: &Field) -> String {
    let name = part.content_disposition().and_then(header::ContentDisposition::get_filename);
    name.unwrap_or_default().replace("%22", "\"")
}

/// The part of the form that is the file, once `others` have been read.
pub(crate) async fn file_part(parts: &mut Multipart, others: &mut Vec<(String, String)>) -> Result<Field, Problem> {
    for _ in 0..PARTS {
        let Some(mut part) = parts.try_next().await.map_err(|error| unreadable(&error))? else { break };
        match part.name().map(str::to_owned) {
            Some(name) if name == "file" => return Ok(part),
            Some(name) => others.push((name, text(&mut part).await?)),
            None => {}
        }
    }
    Err(Problem::field("file", "required"))
}

/// A text part; what is longer than any name is cut.
async fn text(part: &mut Field) -> Result<String, Problem> {
    let mut text = Vec::new();
    while let Some(bytes) = part.try_next().await.map_err(|error| unreadable(&error))? {
        text.extend(bytes.iter().take(TEXT.saturating_sub(text.len())));
    }
    Ok(String::from_utf8_lossy(&text).into_owned())
}

/// Puts the file on the disk as it comes; at most `most` bytes.
pub(crate) async fn receive(parts: &mut Multipart, most: u64) -> Result<Uploaded, Problem> {
    let mut texts = Vec::new();
    let mut part = file_part(parts, &mut texts).await?;
    let file = NamedTempFile::new().map_err(|error| disk(&error))?;
    let mut disk_file = tokio::fs::File::from_std(file.reopen().map_err(|error| disk(&error))?);
    let mut left = most;
    while let Some(bytes) = part.try_next().await.map_err(|error| unreadable(&error))? {
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        left = left.checked_sub(length).ok_or_else(|| Problem::new(Code::TooLarge))?;
        disk_file.write_all(&bytes).await.map_err(|error| disk(&error))?;
    }
    disk_file.flush().await.map_err(|error| disk(&error))?;
    let name = name(&part);
    drop(part);
    // Some forms put their texts behind the file.
    while texts.len() < PARTS
        && let Some(mut part) = parts.try_next().await.map_err(|error| unreadable(&error))?
    {
        let named = part.name().unwrap_or_default().to_owned();
        texts.push((named, text(&mut part).await?));
    }
    Ok(Uploaded { file, name, texts })
}

fn disk(error: &std::io::Error) -> Problem {
    tracing::error!(%error, "an upload on its way to the disk");
    Problem::new(Code::Internal)
}
