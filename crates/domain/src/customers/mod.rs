//! People and companies: who the day is about.

pub mod customer;
