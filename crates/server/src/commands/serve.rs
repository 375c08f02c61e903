//! `conexao serve`.

use std::{process::ExitCode, time::Duration};

use actix_web::{App, HttpServer, web};
use clap::Args;
use conexao_api::middleware::{Limits, Patience, Proxies, around};
use conexao_engine::jobs::{self, Options};

use crate::{Outcome, app, config::Config, demo, documents, listen, pages, spa, tls::Certificate};

/// How long running jobs have to put down their checkpoint when the server stops.
const PATIENCE: Duration = Duration::from_secs(20);

#[derive(Debug, Args)]
pub struct Arguments {
    /// Add demo data when the installation is empty, and print the demo logins.
    #[arg(long)]
    demo: bool,
}

pub async fn run(config: Config, arguments: Arguments) -> Outcome {
    let engine = app::engine_for(&config, arguments.demo).await?;
    if arguments.demo {
        demo::ensure(&engine).await?;
        println!("{}", demo::logins());
    }
    let registry = app::registry(&config)?;
    let background = jobs::start(&engine, registry.clone(), Options::default()).await?;
    let limits = Limits::new(config.requests_per_minute, config.logins_per_minute);
    let (reading, answer) = (config.reading_connections, Duration::from_secs(config.answer_seconds));
    let settings = Settings::of(&config);
    let server = HttpServer::new(move || {
        let engine = engine.for_thread(reading, answer);
        let app = App::new()
            .app_data(web::Data::new(limits.clone()))
            .app_data(web::Data::new(settings.patience))
            .app_data(web::Data::new(settings.proxies.clone()))
            .app_data(web::Data::new(settings.metrics.clone()))
            .app_data(web::Data::new(engine.clone()))
            .service(conexao_api::service(engine.clone(), registry.clone(), &settings.origins))
            .route("/api/docs", web::get().to(documents::docs))
            .route("/api/docs.css", web::get().to(pages::docs_style))
            .route("/api/openapi.json", web::get().to(documents::document))
            .route("/healthz", web::get().to(pages::healthz))
            .route("/readyz", web::get().to(pages::readyz))
            .route("/metrics", web::get().to(pages::metrics))
            .default_service(web::get().to(spa::serve));
        around(app)
    });
    let server = server
        .workers(config.workers)
        .max_connections(config.clients.div_ceil(config.workers.max(1)))
        .client_request_timeout(Duration::from_secs(config.head_seconds))
        .tls_handshake_timeout(Duration::from_secs(config.head_seconds));
    let socket = listen::socket(&config.listen)?;
    let server = match &config.tls {
        None => server.listen(socket)?,
        Some(files) => {
            let certificate = Certificate::open(files)?;
            let server = server.listen_rustls_0_23(socket, certificate.server()?)?;
            certificate.watch()?;
            server
        }
    };
    let from = config.tls.as_ref().and_then(|tls| tls.redirect_from.as_deref());
    let redirect = from.map(|from| listen::redirect(&config, from)).transpose()?;
    println!(
        "Conexão: {}",
        if config.tls.is_some() { format!("https://{}", config.listen) } else { format!("http://{}", config.listen) }
    );
    let redirecting = redirect.map(|server| (server.handle(), actix_web::rt::spawn(server)));
    server.run().await?;
    if let Some((handle, _)) = redirecting {
        handle.stop(false).await;
    }
    background.stop(PATIENCE).await;
    Ok(ExitCode::SUCCESS)
}

/// What every thread of the server is told of the configuration.
#[derive(Clone)]
struct Settings {
    patience: Patience,
    proxies: Proxies,
    metrics: pages::MetricsFrom,
    origins: Vec<String>,
}

impl Settings {
    fn of(config: &Config) -> Self {
        let seconds = Duration::from_secs;
        Self {
            patience: Patience {
                body: seconds(config.body_seconds),
                upload: seconds(config.upload_seconds),
                answer: seconds(config.answer_seconds),
            },
            proxies: Proxies::new(config.trusted_proxies.clone(), config.forwarded_header),
            metrics: pages::MetricsFrom(config.metrics_from.clone()),
            origins: config.cors_origins.clone(),
        }
    }
}
