//! Why a file cannot be kept or handed out.

/// Why a file cannot be kept or handed out; [`code`](Self::code) is stable.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The upload has no content.
    #[error("the file is empty")]
    Empty,
    /// The upload is longer than allowed.
    #[error("the file is over {limit} bytes")]
    TooLarge {
        /// The limit in bytes.
        limit: u64,
    },
    /// The content is of a kind that is not accepted here.
    #[error("files of type {found} are not accepted")]
    TypeNotAllowed {
        /// The media type of the content.
        found: &'static str,
    },
    /// There is no such file in this tenant.
    #[error("there is no such file")]
    NotFound,
    /// The asked part lies outside the file.
    #[error("the file has only {size} bytes")]
    Range {
        /// The size of the file in bytes.
        size: u64,
    },
    /// The upload broke off.
    #[error("the upload broke off: {0}")]
    Upload(String),
    /// The image cannot be decoded, or the file is none.
    #[error("the image cannot be read: {0}")]
    Image(String),
    /// The image has more pixels than may be decoded.
    #[error("the image has too many pixels")]
    ImageTooLarge,
    /// The folder or bucket does not work.
    #[error("the file storage failed: {0}")]
    Storage(String),
}

impl FileError {
    /// The stable code of this error, for translation and for programs.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Empty => "file.empty",
            Self::TooLarge { .. } => "file.too_large",
            Self::TypeNotAllowed { .. } => "file.type_not_allowed",
            Self::NotFound => "file.not_found",
            Self::Range { .. } => "file.range",
            Self::Upload(_) => "file.upload",
            Self::Image(_) => "image.damaged",
            Self::ImageTooLarge => "image.too_large",
            Self::Storage(_) => "file.storage",
        }
    }

    pub(super) fn storage(error: impl std::fmt::Display) -> Self {
        Self::Storage(error.to_string())
    }
}

impl From<object_store::Error> for FileError {
    fn from(error: object_store::Error) -> Self {
        match error {
            object_store::Error::NotFound { .. } => Self::NotFound,
            other => Self::storage(other),
        }
    }
}
