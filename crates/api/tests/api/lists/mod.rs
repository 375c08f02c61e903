//! Lists against a model in memory, over random records of every resource.

mod crowd;
mod data;
mod filters;
mod model;
mod paging;
mod plans;
mod refusals;
mod search;
mod series;
