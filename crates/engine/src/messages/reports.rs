//! Mail about mail: refusals that come later, proofs of arrival, complaints.
//! What it is about is told by an address only we can make, never by its text.

use conexao_domain::kernel::problem::{Code, Problem};
use conexao_integrations::email::{Action, Bounce, Class, Report, Verp, parse_report};
use conexao_storage::Tenant;
use sha2::{Digest, Sha256};

use super::{
    callbacks::held,
    content,
    events::{self, News},
    outcome::{self, Row, again},
    suppress,
};
use crate::{Engine, Session, Write};

/// Takes in a message that came back; `recipient` is the address it came to.
/// Answers how many messages of ours it was about.
pub async fn take_in(engine: &Engine, key: &str, raw: &[u8], recipient: Option<&str>) -> Result<usize, Problem> {
    if !engine.mail.is_intake(key) {
        return Err(Problem::not_found());
    }
    let tokens = engine.mail.tokens.as_ref().ok_or_else(|| Problem::new(Code::Internal).detail("tokens"))?;
    // The same report delivered twice is the same report.
    let print = hex::encode(Sha256::digest(raw));
    match parse_report(raw, recipient, tokens) {
        Report::Delivery(bounces) => {
            let mut about = 0;
            for (verp, bounce) in bounces.iter().filter_map(|bounce| Some((bounce.about?, bounce))) {
                about += usize::from(delivery(engine, verp, bounce, &print).await?);
            }
            Ok(about)
        }
        Report::Complaint { about: Some(verp), kind } => complaint(engine, verp, &kind, &print).await.map(usize::from),
        Report::Complaint { about: None, .. } | Report::AutoReply | Report::Other => Ok(0),
    }
}

fn word(action: Action) -> &'static str {
    match action {
        Action::Failed => "failed",
        Action::Delayed => "delayed",
        Action::Delivered => "delivered",
        Action::Relayed => "relayed",
        Action::Expanded => "expanded",
    }
}

async fn delivery(engine: &Engine, verp: Verp, bounce: &Bounce, print: &str) -> Result<bool, Problem> {
    let tenant = Tenant(verp.tenant);
    let mut write = Write::begin(engine, &Session::system(tenant, "E-mail")).await?;
    let Some(record) = held(&write, verp.message).await? else { return Ok(false) };
    let code = bounce.status.map(|status| status.to_string());
    let news = News {
        kind: "report",
        status: word(bounce.action).to_owned(),
        code: code.clone(),
        detail: bounce.class.map(|class| class.as_str().to_owned()),
        key: format!("report:{print}"),
    };
    if !events::note(&write.tx, verp.message, write.now, news).await? {
        return Ok(true);
    }
    // What was refused for good stays so, whatever comes late.
    let over = matches!(record.text("status"), Some("bounced" | "cancelled" | "suppressed"));
    let error = Some(format!("email.report {}", code.unwrap_or_default()).trim().to_owned());
    let row = match bounce.action {
        _ if over => None,
        Action::Delivered => Some(Row { status: "delivered", delivered_at: Some(write.now), ..Row::default() }),
        Action::Failed if bounce.suppresses() => Some(Row { status: "bounced", error, ..Row::default() }),
        Action::Failed => {
            // Our standing is at fault: trying again mends nothing.
            let ours = bounce.class == Some(Class::Policy);
            let forgotten = record.text("category") == Some("account");
            let next_at = if ours || forgotten { None } else { again(&record, write.now, 0, None) };
            Some(Row { status: if next_at.is_some() { "queued" } else { "failed" }, error, next_at, ..Row::default() })
        }
        Action::Delayed | Action::Relayed | Action::Expanded => None,
    };
    let Some(row) = row else {
        write.commit(200, &serde_json::Value::Null).await?;
        return Ok(true);
    };
    outcome::write(&write.tx, verp.message, &record, write.now, &row).await?;
    if row.status == "bounced" {
        suppress::add(&mut write, &record, "hard_bounce").await?;
        content::forget(&write.tx, verp.message).await?;
    } else if row.status == "failed"
        && bounce.class.is_some_and(Class::is_soft_bounce)
        && suppress::soft(&write, &record).await?
    {
        suppress::add(&mut write, &record, "soft_bounces").await?;
    }
    write.commit(200, &serde_json::Value::Null).await?;
    outcome::tell(engine, tenant, verp.message, record.version() + 1, row.status).await;
    Ok(true)
}

/// Somebody called a message unwanted: they get none they do not need.
async fn complaint(engine: &Engine, verp: Verp, kind: &str, print: &str) -> Result<bool, Problem> {
    let mut write = Write::begin(engine, &Session::system(Tenant(verp.tenant), "E-mail")).await?;
    let Some(record) = held(&write, verp.message).await? else { return Ok(false) };
    let (status, key) = ("complaint".to_owned(), format!("report:{print}"));
    let kind = kind.chars().take(40).collect::<String>();
    let news = News { kind: "report", status, code: Some(kind.clone()), detail: None, key };
    if events::note(&write.tx, verp.message, write.now, news).await? && kind != "not-spam" {
        suppress::add(&mut write, &record, "complaint").await?;
    }
    write.commit(200, &serde_json::Value::Null).await?;
    Ok(true)
}
