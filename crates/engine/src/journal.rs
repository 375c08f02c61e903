//! Mechanism 4: the one write path. A write opens a transaction, notes what it
//! changed, and the commit adds audit entries, outbox rows and the answer to a
//! repeatable request before it commits all of them together.

use async_recursion::async_recursion;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use conexao_domain::{
    kernel::{canonical::write_instant, problem::Problem, record::Record, resource::Resource},
    locale::Locale,
};
use conexao_storage::{Db, Tx, entity::outbox};
use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use crate::{
    Engine, Session, audit,
    gate::Behalf,
    idempotency,
    live::{self, Hub},
    refusal::Refused,
};

/// One noted change.
#[derive(Debug, Clone)]
pub struct Entry {
    pub resource: &'static str,
    pub record_id: Option<Uuid>,
    /// `create`, `update`, `delete`, `restore`, a flow step, …
    pub action: String,
    /// Field → [old, new].
    pub changes: Map<String, Json>,
}

/// An open write: the transaction and what it will leave in the journal.
#[derive(Debug)]
pub struct Write {
    pub tx: Tx,
    pub session: Session,
    pub now: DateTime<Utc>,
    entries: Vec<Entry>,
    /// What each entry's event says beyond the record, parallel to `entries`;
    /// `None` for entries that are no event of their own.
    details: Vec<Option<Map<String, Json>>>,
    /// In whose place each was done, parallel to `entries`.
    behalves: Vec<Option<Behalf>>,
    behalf: Option<Behalf>,
    /// What those who follow live are told once it is committed.
    live: Vec<live::Event>,
    hub: Arc<Hub>,
    db: Db,
}

impl Write {
    #[async_recursion]
    pub async fn begin(engine: &Engine, session: &Session) -> Result<Self, Problem> {
        let house = engine.house(session.tenant).await?;
        let session = session.clone().in_house(house);
        let tx = engine.db.write(session.tenant).await.refused()?;
        Ok(Self::founding(engine, session, tx))
    }

    /// A write in a transaction that just made the session's tenant, of which
    /// nobody else knows yet.
    pub(crate) fn founding(engine: &Engine, session: Session, tx: Tx) -> Self {
        let (now, hub, db) = (engine.now(), Arc::clone(&engine.hub), engine.db.clone());
        let (entries, details, live) = (Vec::new(), Vec::new(), Vec::new());
        let (behalves, behalf) = (Vec::new(), None);
        Self { tx, session, now, entries, details, behalves, behalf, live, hub, db }
    }

    /// In whose place what is noted from here on is done.
    pub(crate) fn stand_in(&mut self, behalf: Option<Behalf>) {
        self.behalf = behalf;
    }

    /// Tells whoever follows live of it, once it is committed.
    pub(crate) fn announce(&mut self, events: Vec<live::Event>) {
        self.live.extend(events);
    }

    /// The moment by the tenant's clock, for what records say; `now` is the world's.
    pub fn moment(&self, resource: &Resource) -> DateTime<Utc> {
        self.session.moment(resource, self.now)
    }

    /// How many changes were noted so far.
    pub(crate) fn noted(&self) -> usize {
        self.entries.len()
    }

    /// Notes a change; it becomes an audit entry and an event.
    pub fn note(&mut self, entry: Entry) {
        self.tell(entry, Map::new());
    }

    /// Like [`Self::note`], with a `detail` for those who react to the event.
    pub fn tell(&mut self, entry: Entry, detail: Map<String, Json>) {
        self.entries.push(entry);
        self.details.push(Some(detail));
        self.behalves.push(self.behalf.clone());
    }

    /// Notes a change of one of many records for the audit only. Whoever does
    /// this tells one event for all of them.
    pub(crate) fn note_one_of_many(&mut self, entry: Entry) {
        self.entries.push(entry);
        self.details.push(None);
        self.behalves.push(self.behalf.clone());
    }

    /// Notes what happened to a record, with the difference to what it was.
    pub fn note_record(&mut self, resource: &'static Resource, action: &str, before: Option<&Record>, after: &Record) {
        self.note_saying(resource, (action, Map::new()), before, after);
    }

    /// The same with what the entry says besides the fields.
    pub(crate) fn note_saying(
        &mut self,
        resource: &'static Resource,
        (action, said): (&str, Map<String, Json>),
        before: Option<&Record>,
        after: &Record,
    ) {
        let mut changes = difference(resource, before, after);
        changes.extend(said);
        let record_id = Uuid::parse_str(after.id()).ok();
        let entry = Entry { resource: resource.name, record_id, action: action.to_owned(), changes };
        self.tell(entry, Map::from_iter([("version".to_owned(), after.version().into())]));
    }

    /// Commits everything together; `answer` is what a repetition will get.
    #[async_recursion]
    pub async fn commit(self, status: u16, answer: &Json) -> Result<(), Problem> {
        let Self { tx, session, now, entries, details, behalves, live, hub, db, behalf: _ } = self;
        outbox_rows(&tx, &session, now, &entries, (&details, &behalves)).await?;
        if let Some((key, hash)) = &session.idempotency {
            idempotency::store(&tx, &session, (key, hash), (status, answer), now).await?;
        }
        // Last, because the head of the chain is locked from here to the commit.
        audit::append(&tx, &session, now, &entries, &behalves).await?;
        tx.commit().await.refused()?;
        hub.nudge();
        if !live.is_empty() {
            hub.publish(&db, live).await;
        }
        Ok(())
    }
}

/// What an event says beyond its record.
type Detail = Option<Map<String, Json>>;

async fn outbox_rows(
    tx: &Tx,
    session: &Session,
    now: DateTime<Utc>,
    entries: &[Entry],
    (details, behalves): (&[Detail], &[Option<Behalf>]),
) -> Result<(), Problem> {
    let all = entries.iter().zip(details).zip(behalves);
    let events = all.filter_map(|((entry, detail), behalf)| Some((entry, detail.as_ref()?, behalf.as_ref())));
    let name = |behalf: Option<&Behalf>| {
        audit::acting(Locale::default(), &session.name, behalf.map(|behalf| behalf.name.as_str()))
    };
    let rows = events.map(|(entry, detail, behalf)| outbox::ActiveModel {
        tenant_id: Set(session.tenant.0),
        id: Set(Uuid::now_v7()),
        event: Set(format!("{}.{}", entry.resource, entry.action)),
        resource: Set(entry.resource.to_owned()),
        record_id: Set(entry.record_id),
        payload: Set(json!({ "actor": session.user, "actor_name": name(behalf), "at": write_instant(now), "changed": entry.changes.keys().collect::<Vec<_>>(), "detail": detail }).to_string()),
        created_at: Set(now),
        relayed_at: Set(None),
    });
    for chunk in rows.collect::<Vec<_>>().chunks(200) {
        outbox::Entity::insert_many(chunk.to_vec()).exec_without_returning(&**tx).await.refused()?;
    }
    Ok(())
}

/// Field → [old, new] for every declared field that differs.
pub(crate) fn difference(resource: &Resource, before: Option<&Record>, after: &Record) -> Map<String, Json> {
    let empty = Record::default();
    let before = before.unwrap_or(&empty);
    let blank = |v: &Json| v.is_null() || v.as_array().is_some_and(Vec::is_empty);
    let changed = resource.fields.iter().filter(|f| {
        let (old, new) = (before.get(f.name), after.get(f.name));
        old != new && !(blank(old) && blank(new))
    });
    changed.map(|f| (f.name.to_owned(), json!([before.get(f.name), after.get(f.name)]))).collect()
}
