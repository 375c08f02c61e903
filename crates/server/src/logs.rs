//! Structured logs with the request id, as text or JSON lines, and traces to
//! an OpenTelemetry collector when one is configured.

use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{SpanExporter, WithExportConfig};
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
use tracing_subscriber::{EnvFilter, Layer, Registry, layer::SubscriberExt, util::SubscriberInitExt};

use crate::config::Config;

type Boxed = Box<dyn Layer<Registry> + Send + Sync>;

/// Keeps exporting until dropped; what is left is sent then.
#[derive(Debug)]
pub struct Logs {
    traces: Option<SdkTracerProvider>,
}

impl Drop for Logs {
    fn drop(&mut self) {
        if let Some(Err(error)) = self.traces.as_ref().map(SdkTracerProvider::shutdown) {
            eprintln!("conexao: traces were lost: {error}");
        }
    }
}

/// Starts logging to standard error. Called before the async runtime starts,
/// because the exporter brings a blocking client.
pub fn start(config: &Config) -> Logs {
    let filter = || EnvFilter::try_new(&config.log).unwrap_or_else(|_| EnvFilter::new("info"));
    let format = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let text: Boxed = if config.log_format == "json" { format.json().boxed() } else { format.compact().boxed() };
    let mut layers = vec![text.with_filter(filter()).boxed()];
    let traces = config.otlp_endpoint.as_deref().and_then(exporter);
    if let Some(provider) = &traces {
        let spans = provider.tracer("conexao");
        layers.push(tracing_opentelemetry::layer().with_tracer(spans).with_filter(filter()).boxed());
    }
    tracing_subscriber::registry().with(layers).init();
    Logs { traces }
}

fn exporter(endpoint: &str) -> Option<SdkTracerProvider> {
    let exporter = SpanExporter::builder().with_http().with_endpoint(endpoint).build();
    let exporter = exporter.inspect_err(|error| eprintln!("conexao: no traces: {error}")).ok()?;
    let resource = Resource::builder().with_service_name("conexao").build();
    Some(SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build())
}
