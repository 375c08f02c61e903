//! What the system's own tables say of a person: found, counted, taken out.

use conexao_domain::{
    kernel::problem::Problem,
    locale,
    privacy::{
        needle::MARK,
        places::{Erasure, PLACES, Place},
    },
    registry,
};
use conexao_storage::{
    Tx,
    entity::{attachment, audit, import},
    texts::{self, TextRow, Wanted},
};
use sea_orm::{ActiveValue::Set, ColumnTrait, EntityTrait, QueryFilter, Value};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::subject::Subject;
use crate::{
    Engine, Session, Write,
    audit::{self as chain, Redaction, redact},
    import as imports, notes,
    refusal::Refused,
};

/// Rows of one place in an answer.
const MOST: usize = 100;
/// Rows looked at together.
const BATCH: u64 = 200;

/// Whether the row is about the person's own record.
fn own(row: &TextRow, wanted: &Wanted) -> bool {
    let about = |(resource, id): &(String, Uuid)| wanted.records.iter().any(|(r, i)| r == resource && i == id);
    row.record.as_ref().is_some_and(about)
}

/// Whether a row really tells of the person: the database only guesses. What
/// lost what it said tells nothing any more.
fn tells(place: &Place, row: &TextRow, subject: &Subject, wanted: &Wanted) -> bool {
    // Answers and undone changes go with the record they are about.
    let by_id = matches!(place.table, "idempotency" | "import_batch");
    let named = |text: &String| {
        let meant = || wanted.records.iter().any(|(_, id)| text.contains(&id.to_string()));
        !subject.needles.found(text).is_empty() || (by_id && meant())
    };
    (own(row, wanted) && says(place, row)) || row.texts.iter().flatten().any(named)
}

/// Whether a row about the person's record says something of it.
fn says(place: &Place, row: &TextRow) -> bool {
    let resource = row.record.as_ref().and_then(|(name, _)| registry::by_name(name));
    let value = |text: &String| match (place.erasure, resource) {
        (Erasure::Chained, Some(resource)) => chain::has_values(resource, text),
        (Erasure::Redact, _) => place.table == "comment" && text != MARK,
        _ => true,
    };
    row.texts.iter().flatten().any(value)
}

/// Groups of what was found, one for each place that has something.
pub(super) async fn found(tx: &Tx, session: &Session, subject: &Subject) -> Result<Vec<Json>, Problem> {
    let wanted = subject.wanted();
    let mut groups = Vec::new();
    for place in PLACES {
        let rows = telling(tx, place, subject, &wanted, MOST + 1).await?;
        if rows.is_empty() {
            continue;
        }
        let items: Vec<Json> = rows.iter().take(MOST).map(|row| item(place, row, subject, &wanted)).collect();
        let label = locale::text(session.locale, &format!("place.{}", place.table));
        groups.push(json!({ "kind": "texts", "name": place.table, "label": label, "person": false, "items": items, "more": rows.len() > MOST }));
    }
    Ok(groups)
}

fn item(place: &Place, row: &TextRow, subject: &Subject, wanted: &Wanted) -> Json {
    let mut reasons = Vec::new();
    if own(row, wanted) {
        reasons.push(json!({ "field": Json::Null, "label": Json::Null, "what": "reference" }));
    }
    for (column, text) in place.texts.iter().zip(&row.texts) {
        for what in text.as_deref().map(|text| subject.needles.found(text)).unwrap_or_default() {
            reasons.push(json!({ "field": column, "label": Json::Null, "what": what.name() }));
        }
    }
    if reasons.is_empty() {
        reasons.push(json!({ "field": Json::Null, "label": Json::Null, "what": "reference" }));
    }
    let key: Vec<String> = row.key.iter().map(|value| value.to_string().trim_matches('\'').to_owned()).collect();
    let about = row.record.as_ref().filter(|(resource, _)| registry::by_name(resource).is_some());
    let about = about.map(|(resource, id)| json!({ "resource": resource, "id": id }));
    json!({ "id": key.join("/"), "about": about, "reasons": reasons })
}

/// The rows that tell of the person, at most so many.
async fn telling(
    tx: &Tx,
    place: &Place,
    subject: &Subject,
    wanted: &Wanted,
    most: usize,
) -> Result<Vec<TextRow>, Problem> {
    let (mut found, mut after) = (Vec::new(), None::<Vec<Value>>);
    // What is encrypted is found by the record it belongs to.
    if place.erasure == Erasure::Sealed {
        return Ok(found);
    }
    loop {
        let rows = texts::rows(tx, place, wanted, after.as_deref(), BATCH).await.refused()?;
        let got = u64::try_from(rows.len()).unwrap_or_default();
        after = rows.last().map(|row| row.key.clone());
        found.extend(rows.into_iter().filter(|row| tells(place, row, subject, wanted)));
        if got < BATCH || found.len() >= most {
            return Ok(found);
        }
    }
}

/// How many rows of each place tell of the person, up to a bound.
pub(super) async fn counts(tx: &Tx, session: &Session, subject: &Subject) -> Result<Vec<Json>, Problem> {
    let wanted = subject.wanted();
    let mut counts = Vec::new();
    for place in PLACES {
        let count = telling(tx, place, subject, &wanted, 1000).await?.len();
        if count > 0 {
            let label = locale::text(session.locale, &format!("place.{}", place.table));
            counts.push(json!({ "place": place.table, "label": label, "count": count }));
        }
    }
    Ok(counts)
}

/// Where a batch ended, and the files that go once it is committed.
#[derive(Debug, Default)]
pub(super) struct Batch {
    /// The last row that was looked at.
    pub last: Option<Vec<Value>>,
    pub emptied: u64,
    pub done: bool,
    files: Vec<attachment::Model>,
    imports: Vec<import::Model>,
}

impl Batch {
    /// Removes the files of rows that are committed as gone.
    pub async fn finish(self, engine: &Engine) -> Result<(), Problem> {
        for file in &self.files {
            notes::attachments::forget(engine, file).await?;
        }
        for row in &self.imports {
            imports::clear(engine, row).await?;
        }
        Ok(())
    }
}

/// Takes the person out of some rows of a place, within the write.
pub(super) async fn empty(
    write: &mut Write,
    place: &Place,
    subject: &Subject,
    after: Option<&[Value]>,
    why: &Redaction,
) -> Result<Batch, Problem> {
    let wanted = subject.wanted();
    let rows = texts::rows(&write.tx, place, &wanted, after, BATCH).await.refused()?;
    let done = u64::try_from(rows.len()).unwrap_or_default() < BATCH;
    let last = rows.last().map(|row| row.key.clone());
    let mut batch = Batch { last, done, ..Batch::default() };
    let mut entries = Vec::new();
    for row in rows {
        if !tells(place, &row, subject, &wanted) {
            continue;
        }
        batch.emptied += 1;
        match place.erasure {
            Erasure::Remove => texts::remove(&write.tx, place, &row).await.refused()?,
            Erasure::Redact => {
                let changed = redacted(place, &row, subject, own(&row, &wanted));
                texts::set(&write.tx, place, &row, &changed).await.refused()?;
            }
            Erasure::Chained => entries.extend(row.key.first().cloned()),
            // Opened one by one, by those who have the key.
            Erasure::Sealed => {}
            Erasure::RemoveFile => file(write, place, &row, subject, &wanted, &mut batch).await?,
            Erasure::Clear => {
                let id = uuid_of(&row);
                let found = import::Entity::find_by_id((write.tx.tenant().0, id)).one(&*write.tx).await.refused()?;
                batch.imports.extend(found.filter(|row| row.cleared_at.is_none()));
                let changed = redacted(place, &row, subject, false);
                texts::set(&write.tx, place, &row, &changed).await.refused()?;
            }
        }
        if place.table.starts_with("import_") {
            source(write, &row, &mut batch).await?;
        }
    }
    if !entries.is_empty() {
        let rows = audit::Entity::find()
            .filter(audit::Column::TenantId.eq(write.tx.tenant().0))
            .filter(audit::Column::Seq.is_in(entries))
            .all(&*write.tx)
            .await
            .refused()?;
        redact(write, rows, why).await?;
    }
    Ok(batch)
}

fn uuid_of(row: &TextRow) -> Uuid {
    match row.key.first() {
        Some(sea_orm::Value::Uuid(Some(id))) => *id,
        _ => Uuid::nil(),
    }
}

/// The file a row of an import came from holds the person, too.
async fn source(write: &Write, row: &TextRow, batch: &mut Batch) -> Result<(), Problem> {
    let id = uuid_of(row);
    if batch.imports.iter().any(|known| known.id == id) {
        return Ok(());
    }
    let found = import::Entity::find_by_id((write.tx.tenant().0, id)).one(&*write.tx).await.refused()?;
    batch.imports.extend(found.filter(|row| row.cleared_at.is_none()));
    Ok(())
}

/// Files on the person's record go; others lose the person in their name.
async fn file(
    write: &Write,
    place: &Place,
    row: &TextRow,
    subject: &Subject,
    wanted: &Wanted,
    batch: &mut Batch,
) -> Result<(), Problem> {
    if !own(row, wanted) {
        let changed = redacted(place, row, subject, false);
        return texts::set(&write.tx, place, row, &changed).await.refused();
    }
    let found = attachment::Entity::find_by_id((write.tx.tenant().0, uuid_of(row))).one(&*write.tx).await.refused()?;
    let Some(found) = found else { return Ok(()) };
    if found.deleted_at.is_none() {
        let gone = attachment::ActiveModel { deleted_at: Set(Some(write.now)), ..Default::default() };
        attachment::Entity::update_many()
            .set(gone)
            .filter(attachment::Column::TenantId.eq(found.tenant_id))
            .filter(attachment::Column::Id.eq(found.id))
            .exec(&*write.tx)
            .await
            .refused()?;
    }
    batch.files.push(found);
    Ok(())
}

/// The texts of a row without the person; of the person's own rows nothing stays.
fn redacted(place: &Place, row: &TextRow, subject: &Subject, own: bool) -> Vec<(&'static str, Option<String>)> {
    let pairs = place.texts.iter().zip(&row.texts);
    let changed = pairs.filter_map(|(column, text)| {
        let text = text.as_deref()?;
        if own && place.table == "comment" {
            return Some((*column, Some(MARK.to_owned())));
        }
        let batch = (place.table == "import_batch").then(|| unlisted(text, subject)).flatten();
        let json = subject.needles.redacted_json(batch.as_deref().unwrap_or(text)).or(batch)?;
        Some((*column, Some(json)))
    });
    changed.collect()
}

/// What an import did without what it did to the person: taking it back would
/// bring the old values back.
fn unlisted(changes: &str, subject: &Subject) -> Option<String> {
    let mut changes: imports::Changes = serde_json::from_str(changes).ok()?;
    let ids = subject.ids();
    let before = changes.created.len() + changes.updated.len();
    changes.created.retain(|made| !ids.contains(&made.1));
    changes.updated.retain(|altered| !ids.contains(&altered.id));
    (changes.created.len() + changes.updated.len() < before).then(|| json!(changes).to_string())
}
