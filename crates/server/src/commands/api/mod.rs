//! `conexao api`: the API for scripts.

mod arguments;
mod files;
mod input;
mod outcome;
mod records;
mod show;

use std::process::ExitCode;

use conexao_client::Client;
use conexao_domain::locale::Locale;

pub use arguments::Arguments;
use arguments::{Access, Action};
use outcome::{End, Trouble};
use show::Output;

/// Runs on a thread of its own kind of work: it only talks to a server.
pub fn run(arguments: Arguments) -> ExitCode {
    actix_web::rt::System::new().block_on(run_here(arguments))
}

/// Runs where a runtime is at hand already.
pub async fn run_here(arguments: Arguments) -> ExitCode {
    let Arguments { access, json, action } = arguments;
    let output = Output { json, locale: Locale::negotiate(&access.locale) };
    let ended = match client(&access) {
        Ok(client) => act(&client, output, action).await,
        Err(trouble) => Err(trouble),
    };
    outcome::exit(ended)
}

fn client(access: &Access) -> Result<Client, Trouble> {
    let builder = Client::builder(&access.url)
        .locale(Locale::negotiate(&access.locale))
        .user_agent(concat!("conexao-api/", env!("CARGO_PKG_VERSION")));
    // Only a variable: a flag would show in the list of processes.
    let password = std::env::var("CONEXAO_PASSWORD").ok();
    match (&access.token, &access.email, password) {
        (Some(token), ..) => Ok(builder.token(token).build()),
        (None, Some(email), Some(password)) => Ok(builder.credentials(email, password).build()),
        _ => Err(Trouble::Usage("give CONEXAO_TOKEN, or CONEXAO_EMAIL and CONEXAO_PASSWORD".into())),
    }
}

async fn act(client: &Client, output: Output, action: Action) -> Result<End, Trouble> {
    match action {
        Action::Get(wanted) => records::get(client, output, wanted).await,
        Action::Post(wanted) => records::post(client, output, wanted).await,
        Action::Patch(wanted) => records::patch(client, output, wanted).await,
        Action::Delete(wanted) => records::delete(client, wanted).await,
        Action::Act(wanted) => records::action(client, output, wanted).await,
        Action::Import(wanted) => files::import(client, output, wanted).await,
        Action::Export(wanted) => files::export(client, wanted).await,
    }
}
