//! One HTTP client for every service we call: bounded in time and size, never
//! redirected, and kept away from our own network.

mod client;
mod egress;
mod fault;
mod retry_after;

pub use client::{Answer, HttpClient, Limits, Request};
pub use egress::Egress;
pub use fault::HttpFault;
pub use reqwest::{
    Method, StatusCode,
    header::{self, HeaderMap, HeaderName, HeaderValue},
};
pub use retry_after::retry_after;
pub use url::Url;
