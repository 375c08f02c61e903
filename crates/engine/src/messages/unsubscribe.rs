//! The way out of mail: one click ends one kind of it.

use conexao_domain::kernel::record::Record;
use conexao_integrations::email::Unsubscriber;
use uuid::Uuid;

use crate::Engine;

/// The kind of mail that sums several notices up.
pub(crate) const DIGEST: &str = "digest";

/// Where mail of this kind is ended; nothing for what lets people in, what
/// somebody wrote by hand, and what nobody would want to miss.
pub(super) fn url(engine: &Engine, tenant: i32, record: &Record) -> Option<String> {
    let category = match record.text("category") {
        Some("notice") => record.text("topic")?,
        Some(DIGEST) => DIGEST,
        _ => return None,
    };
    let recipient = Uuid::parse_str(record.text("user_id")?).ok()?;
    let who = Unsubscriber { tenant, recipient, category: category.to_owned() };
    let token = engine.mail.tokens.as_ref()?.unsubscribe_token(&who);
    Some(engine.mail.page(&format!("/api/v1/unsubscribe/{token}")))
}
