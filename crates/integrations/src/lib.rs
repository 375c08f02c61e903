//! What Conexão exchanges with the world outside the database.
//!
//! * [`tabular`] reads the spreadsheets and text files that back offices have
//!   and writes exports as XLSX, CSV and JSON lines, in bounded memory.
//! * [`files`] keeps uploads and made files in a folder or in S3.
//!
//! Nothing here knows a record type of the product: values come in and go out
//! as plain rows, and the engine gives them their meaning.

pub mod files;
pub mod tabular;
