//! `CONEXAO_WEBHOOK_SECRET=whsec_… cargo run -p conexao-webhook-consumer -- 127.0.0.1:8099`

use std::{net::TcpListener, process::ExitCode};

fn main() -> ExitCode {
    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:8099".to_owned());
    let Ok(secret) = std::env::var("CONEXAO_WEBHOOK_SECRET") else {
        eprintln!("Put the webhook's secret into CONEXAO_WEBHOOK_SECRET.");
        return ExitCode::FAILURE;
    };
    match TcpListener::bind(&address) {
        Ok(listener) => {
            println!("listening on {address}");
            conexao_webhook_consumer::serve(&listener, &secret, |id, event| {
                println!("{id} {}", event.get("type").and_then(|name| name.as_str()).unwrap_or_default());
            });
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("cannot listen on {address}: {error}");
            ExitCode::FAILURE
        }
    }
}
