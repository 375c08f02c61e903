//! What messages said, for the privacy desk: handed over to whoever it is
//! about, and taken out when they go. It is encrypted, so that no search of the
//! tables sees it.

use conexao_domain::{
    integration::message::MESSAGE,
    kernel::{
        problem::{Code, Problem},
        record::Record,
    },
    privacy::needle::Needles,
};
use conexao_storage::{Tx, table};
use sea_orm::{
    ConnectionTrait, Order,
    sea_query::{Expr, ExprTrait, Query},
};
use serde_json::{Map, Value as Json};
use uuid::Uuid;

use super::content::{self, SAID};
use crate::{Engine, refusal::Refused};

/// Contents opened in one transaction.
const PIECE: u64 = 200;

/// Whom contents are searched for.
#[derive(Debug)]
pub(crate) struct Person<'a> {
    /// The records of customers that are the person.
    pub customers: &'a [Uuid],
    pub emails: &'a [String],
    pub phones: &'a [String],
    pub needles: &'a Needles,
    /// What stands where a message lost its address: those were somebody's, too.
    pub nowhere: &'a str,
}

/// How far one round came.
#[derive(Debug, Default)]
pub(crate) struct Round {
    /// The last message that was looked at.
    pub last: Option<Uuid>,
    pub emptied: u64,
    pub done: bool,
}

/// What a message said, as text; nothing when it was forgotten, or when it let
/// somebody in.
pub(crate) async fn said(engine: &Engine, tx: &Tx, record: &Record) -> Result<Option<String>, Problem> {
    if record.text("category") == Some("account") {
        return Ok(None);
    }
    match content::of(engine, tx, record).await {
        Ok(content) => Ok(Some(content.text).filter(|text| !text.is_empty())),
        Err(problem) if problem.code == Code::NotFound => Ok(None),
        Err(problem) => Err(problem),
    }
}

/// Forgets what messages to the person said, and takes the person out of what
/// others were told, a piece at a time.
pub(crate) async fn erase(engine: &Engine, tx: &Tx, who: &Person<'_>, after: Uuid) -> Result<Round, Problem> {
    let ids = piece(tx, after).await?;
    let done = u64::try_from(ids.len()).unwrap_or_default() < PIECE;
    let mut round = Round { last: ids.last().copied(), emptied: 0, done };
    if ids.is_empty() {
        return Ok(round);
    }
    for record in table::by_ids(tx, &MESSAGE, &ids, true).await.refused()? {
        let id = Uuid::parse_str(record.id()).unwrap_or_default();
        if who.is_told(&record) {
            content::forget(tx, id).await?;
            round.emptied += 1;
            continue;
        }
        let Some(mut values) = content::sealed(engine, tx, id).await? else { continue };
        if who.leaves(&mut values) {
            content::keep(engine, tx, id, &values).await?;
            round.emptied += 1;
        }
    }
    Ok(round)
}

async fn piece(tx: &Tx, after: Uuid) -> Result<Vec<Uuid>, Problem> {
    let mut select = Query::select();
    select
        .column("message_id")
        .from("message_content")
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col("message_id").gt(after))
        .order_by("message_id", Order::Asc)
        .limit(PIECE);
    let rows = tx.query_all(&select).await.refused()?;
    rows.iter().map(|row| row.try_get_by_index(0).refused()).collect()
}

impl Person<'_> {
    /// Whether a message went to the person, or to an address that was emptied.
    fn is_told(&self, record: &Record) -> bool {
        let customer = record.text("customer_id").and_then(|id| Uuid::parse_str(id).ok());
        let mail = |address: &str| {
            address == self.nowhere || self.emails.iter().any(|known| known.eq_ignore_ascii_case(address))
        };
        customer.is_some_and(|id| self.customers.contains(&id))
            || record.text("address").is_some_and(mail)
            || record.text("phone").is_some_and(|phone| self.phones.iter().any(|known| known == phone))
    }

    /// Takes the person out of what a message to somebody else says; whether
    /// there was anything.
    fn leaves(&self, values: &mut Map<String, Json>) -> bool {
        let mut whole = Json::Object(std::mem::take(values));
        let mut changed = self.needles.clean(&mut whole);
        // A page writes some signs of a name in its own way. What still names
        // the person there is given up; the text beside it says the same.
        let page = whole.get_mut(SAID).and_then(|said| said.get_mut("html"));
        if let Some(Json::String(html)) = page
            && !self.needles.found(&unescaped(html)).is_empty()
        {
            html.clear();
            changed = true;
        }
        if let Json::Object(cleaned) = whole {
            *values = cleaned;
        }
        changed
    }
}

/// Signs of names as people write them.
fn unescaped(html: &str) -> String {
    let signs = [("&#x27;", "'"), ("&#39;", "'"), ("&quot;", "\""), ("&#x2f;", "/"), ("&amp;", "&")];
    signs.into_iter().fold(html.to_owned(), |text, (from, to)| text.replace(from, to))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use conexao_domain::privacy::needle::What;
    use serde_json::json;

    use super::*;

    fn record(field: &str, value: &str) -> Record {
        Record(Map::from_iter([(field.to_owned(), json!(value))]))
    }

    #[test]
    fn what_went_to_the_person_is_told_from_what_names_them() {
        let mut needles = Needles::default();
        needles.add(What::Name, "Joana d'Ávila Pires");
        let (id, emails, phones) = (Uuid::now_v7(), ["joana@loja.example".to_owned()], ["+5511987654321".to_owned()]);
        let who =
            Person { customers: &[id], emails: &emails, phones: &phones, needles: &needles, nowhere: "x@x.invalid" };
        for (field, value) in [
            ("customer_id", id.to_string().as_str()),
            ("address", "Joana@loja.example"),
            ("address", "x@x.invalid"),
            ("phone", "+5511987654321"),
        ] {
            assert!(who.is_told(&record(field, value)), "{field}");
        }
        assert!(!who.is_told(&record("address", "outra@loja.example")));
        let said = json!({ "subject": "Novidade", "text": "Joana d'Ávila Pires ligou", "html": "<b>Joana d&#x27;Ávila Pires</b>" });
        let mut values = Map::from_iter([(SAID.to_owned(), said)]);
        assert!(who.leaves(&mut values));
        assert!(!Json::Object(values.clone()).to_string().contains("vila"), "{values:?}");
        assert!(!who.leaves(&mut values), "once is enough");
        assert_eq!(values.get(SAID).unwrap()["subject"], "Novidade");
    }
}
