//! What may be uploaded.

/// What an upload may be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UploadRules {
    /// The most bytes.
    pub max_bytes: u64,
    /// The media types that are accepted, as told by content.
    pub allowed: &'static [&'static str],
}

/// Pictures that every browser shows and a thumbnail can be made of.
const IMAGES: &[&str] = &["image/gif", "image/jpeg", "image/png", "image/webp"];

/// Spreadsheets and delimited text. Old Office files are told apart only by a
/// deeper look, so the container stands for all of them.
const TABLES: &[&str] = &[
    "application/vnd.ms-excel",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/x-ole-storage",
    "application/zip",
    "text/plain",
];

/// What customers and operators attach: pictures, documents, fiscal XML and
/// voice messages. Nothing a browser would run.
const ATTACHMENTS: &[&str] = &[
    "application/msword",
    "application/pdf",
    "application/vnd.ms-excel",
    "application/vnd.oasis.opendocument.spreadsheet",
    "application/vnd.oasis.opendocument.text",
    "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "application/x-ole-storage",
    "application/xml",
    "application/zip",
    "audio/aac",
    "audio/amr",
    "audio/m4a",
    "audio/mpeg",
    "audio/ogg",
    "audio/opus",
    "audio/x-wav",
    "image/gif",
    "image/heif",
    "image/jpeg",
    "image/png",
    "image/tiff",
    "image/webp",
    "text/plain",
    "video/mp4",
    "video/quicktime",
    "video/webm",
];

impl UploadRules {
    /// Pictures that are shown: logos, photos of people and products.
    pub const fn images(max_bytes: u64) -> Self {
        Self { max_bytes, allowed: IMAGES }
    }

    /// Files to import. The readers look closer at what is in them.
    pub const fn tables(max_bytes: u64) -> Self {
        Self { max_bytes, allowed: TABLES }
    }

    /// Files attached to records and messages.
    pub const fn attachments(max_bytes: u64) -> Self {
        Self { max_bytes, allowed: ATTACHMENTS }
    }

    /// Whether content of this media type is accepted.
    pub fn allows(&self, media_type: &str) -> bool {
        self.allowed.contains(&media_type)
    }
}
