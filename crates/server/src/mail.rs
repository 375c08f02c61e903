//! The mail room of a configuration.

use conexao_engine::messages::MailRoom;
use conexao_integrations::{
    email::{Mailer, Person},
    http::Egress,
};

use crate::config::Config;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// The way out for messages, if one is configured; `demo` shows links where
/// there is none.
pub fn room(config: &Config, secret: &str, demo: bool) -> Result<MailRoom, Failure> {
    let room = MailRoom::new(secret, &config.address());
    let room = if demo { room.showing_links() } else { room };
    let room = room.with_channels(config.sms.clone(), config.slack.clone());
    let Some(mail) = &config.mail else { return Ok(room) };
    // The relay stands where the operator says, often in the same network.
    let mailer = Mailer::new(mail.smtp.clone(), Egress::AllowPrivate)?;
    let from = Person { name: mail.from_name.clone(), address: mail.from.clone() };
    Ok(room.with_mailer(mailer, from, secret, mail.bounce_domain.as_deref()))
}
