//! Structured logs with the request id, as text or JSON lines.

use tracing_subscriber::EnvFilter;

use crate::config::Config;

/// Starts logging to standard error.
pub fn start(config: &Config) {
    let filter = EnvFilter::try_new(&config.log).unwrap_or_else(|_| EnvFilter::new("info"));
    let logs = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    if config.log_format == "json" { logs.json().init() } else { logs.compact().init() }
}
