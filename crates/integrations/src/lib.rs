//! What Conexão exchanges with the world outside the database.
//!
//! * [`tabular`] reads the spreadsheets and text files that back offices have
//!   and writes exports as XLSX, CSV and JSON lines, in bounded memory.
//! * [`files`] keeps uploads and made files in a folder or in S3.
//! * [`email`], [`sms`], [`push`], [`slack`] and [`webhook`] send to people and
//!   programs; [`http`] keeps calls away from our own network.
//!
//! Every failure says what to do next ([`outcome`]); when to try again is
//! [`retry`]'s.
//!
//! Nothing here knows a record type of the product: values come in and go out
//! as plain rows, and the engine gives them their meaning.

pub mod email;
pub mod files;
pub mod http;
pub mod outcome;
pub mod push;
pub mod retry;
pub mod secret;
pub mod slack;
pub mod sms;
#[cfg(feature = "standin")]
pub mod standin;
pub mod tabular;
pub mod webhook;
