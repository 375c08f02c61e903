//! `conexao serve`.

use std::{process::ExitCode, time::Duration};

use actix_web::{App, HttpServer, middleware::from_fn, web};
use clap::Args;
use conexao_api::middleware::{Limits, RootSpan, limit, measure, metrics, secure, speak};
use conexao_engine::jobs::{self, Options};
use tracing_actix_web::TracingLogger;

use crate::{Outcome, app, config::Config, demo, pages, spa};

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
    let reading = config.reading_connections;
    let server = HttpServer::new(move || {
        let engine = engine.for_thread(reading);
        App::new()
            .app_data(web::Data::new(limits.clone()))
            .app_data(web::Data::new(engine.clone()))
            .service(conexao_api::service(engine.clone(), registry.clone()))
            .route("/api/docs", web::get().to(pages::docs))
            .route("/api/docs.css", web::get().to(pages::docs_style))
            .route("/api/openapi.json", web::get().to(pages::document))
            .route("/healthz", web::get().to(pages::healthz))
            .route("/readyz", web::get().to(pages::readyz))
            .route("/metrics", web::get().to(metrics))
            .default_service(web::get().to(spa::serve))
            .wrap(from_fn(limit))
            .wrap(from_fn(speak))
            .wrap(from_fn(secure))
            .wrap(from_fn(measure))
            .wrap(TracingLogger::<RootSpan>::new())
    });
    let server = server
        .workers(config.workers)
        .bind(&config.listen)
        .map_err(|e| format!("cannot listen on {}: {e}", config.listen))?;
    println!("Conexão: http://{}", config.listen);
    server.run().await?;
    background.stop(PATIENCE).await;
    Ok(ExitCode::SUCCESS)
}
