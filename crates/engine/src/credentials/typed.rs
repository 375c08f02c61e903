//! Credentials as the adapters take them.

use conexao_domain::kernel::problem::{Code, Problem};
use conexao_integrations::{
    email::{Person, SmtpConfig, Tls},
    http::Egress,
    push::VapidKeys,
    secret::SecretString,
    slack::SlackHook,
    sms::{Sender, TwilioConfig},
};

use super::Credentials;

fn incomplete(name: &'static str) -> Problem {
    Problem::new(Code::Internal).detail(name)
}

fn needed(credentials: &Credentials, name: &'static str) -> Result<String, Problem> {
    credentials.text(name).map(str::to_owned).ok_or_else(|| incomplete(name))
}

/// A relay and who sends by it.
pub fn mail(credentials: &Credentials) -> Result<(SmtpConfig, Person), Problem> {
    let address = needed(credentials, "from")?;
    let user = credentials.text("user").map(str::to_owned);
    let config = SmtpConfig {
        host: needed(credentials, "host")?,
        port: credentials.integer("port").and_then(|port| u16::try_from(port).ok()).unwrap_or(587),
        tls: match credentials.text("tls") {
            Some("implicit") => Tls::Implicit,
            Some("none") => Tls::None,
            _ => Tls::Starttls,
        },
        login: user.zip(credentials.secret("password").cloned()),
        hello: address.rsplit('@').next().unwrap_or("localhost").to_owned(),
        ca_pem: None,
        timeout_seconds: 30,
        dkim: None,
    };
    Ok((config, Person { name: credentials.text("from_name").map(str::to_owned), address }))
}

/// An account of Twilio's.
pub fn twilio(credentials: &Credentials) -> Result<TwilioConfig, Problem> {
    let sender = needed(credentials, "sender")?;
    Ok(TwilioConfig {
        account_sid: needed(credentials, "account_sid")?,
        auth_token: credentials.secret("auth_token").cloned().ok_or_else(|| incomplete("auth_token"))?,
        api_key: None,
        sender: if sender.starts_with("MG") { Sender::MessagingService(sender) } else { Sender::From(sender) },
        base_url: credentials.text("base_url").and_then(|url| url.parse().ok()),
    })
}

/// The address of a channel.
pub fn slack(credentials: &Credentials, egress: Egress) -> Result<SlackHook, Problem> {
    let url: &SecretString = credentials.secret("webhook_url").ok_or_else(|| incomplete("webhook_url"))?;
    SlackHook::parse(url, egress).map_err(|_| Problem::field("webhook_url", "webhook_url"))
}

/// The key pair for push.
pub fn push(credentials: &Credentials) -> Result<VapidKeys, Problem> {
    let private = credentials.secret("private_key").ok_or_else(|| incomplete("private_key"))?;
    VapidKeys::parse(private, credentials.text("contact").unwrap_or_default()).map_err(|_| incomplete("private_key"))
}
