//! The shared mechanisms every area is declared with.

pub mod calendar;
pub mod canonical;
pub mod field;
pub mod flow;
pub mod mask;
pub mod merge;
pub mod plan;
pub mod problem;
pub mod query;
pub mod record;
pub mod resource;
pub mod secret;
pub mod value;
