//! The privacy desk: requests, the finder, the file, anonymisation, retention.

mod chain;
mod desk;
mod erase;
mod kept;
mod person;
mod places;
mod walk;
