//! After-sales: warranties and exchanges, and what follows from them.

pub mod warranty;
