//! One reader's stream: what its session may see, from where it stopped.

use std::{
    collections::VecDeque,
    sync::Arc,
    time::{Duration, Instant},
};

use conexao_domain::{kernel::problem::Problem, registry};
use serde_json::Value as Json;
use tokio::sync::broadcast::{Receiver, error::RecvError};
use uuid::Uuid;

use super::{Event, Kind, hub::Resumed, seats::Seat};
use crate::{Engine, Session, identity, notify, read};

/// How long the permissions of a reader are trusted.
const TRUST: Duration = Duration::from_secs(10);
/// How long a stream lasts before the reader has to come back with a new ticket.
const LIFE: Duration = Duration::from_mins(30);

/// One event as it is written to the stream.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    pub event: &'static str,
    /// From here the reader resumes; a reset and who is where have none.
    pub id: Option<Uuid>,
    pub data: Json,
}

/// A session's view of the events.
#[derive(Debug)]
pub struct Subscription {
    engine: Engine,
    session: Session,
    checked: Instant,
    ends: Instant,
    receiver: Receiver<Arc<Event>>,
    ready: VecDeque<Message>,
    waiting: VecDeque<Arc<Event>>,
    /// Given back when the stream ends.
    _seat: Seat,
}

impl Subscription {
    /// Opens the stream. With the id of the last event the reader saw, what it
    /// missed comes first; when that is no longer known, a `reset` and then the
    /// notifications since. Refused to who has too many open.
    pub async fn open(engine: &Engine, session: Session, last: Option<&str>) -> Result<Self, Problem> {
        let seat = engine.hub.seats.take(session.user)?;
        let after = last.and_then(|id| Uuid::parse_str(id).ok());
        let (receiver, resumed) = engine.hub.subscribe(after);
        let now = Instant::now();
        let mut opened = Self {
            engine: engine.clone(),
            session,
            checked: now,
            ends: now + LIFE,
            receiver,
            ready: VecDeque::new(),
            waiting: VecDeque::new(),
            _seat: seat,
        };
        match (resumed, after) {
            (Resumed::Missed(missed), _) => opened.waiting.extend(missed),
            (Resumed::Unknown, Some(after)) => opened.catch_up(after).await?,
            (Resumed::Unknown, None) => {}
        }
        Ok(opened)
    }

    async fn catch_up(&mut self, after: Uuid) -> Result<(), Problem> {
        self.ready.push_back(Message { event: Kind::Reset.name(), id: None, data: Json::Null });
        for (id, data) in notify::since(&self.engine, &self.session, after).await? {
            self.ready.push_back(Message { event: Kind::Notification.name(), id: Some(id), data });
        }
        Ok(())
    }

    /// The next event for this reader; `None` ends the stream.
    pub async fn next(&mut self) -> Option<Message> {
        loop {
            if let Some(message) = self.ready.pop_front() {
                return Some(message);
            }
            // Left in the line until it is decided on: whoever stops waiting for
            // this future and asks anew loses nothing.
            let event = match self.waiting.front() {
                Some(event) => Arc::clone(event),
                None => match tokio::time::timeout_at(self.ends.into(), self.receiver.recv()).await {
                    Ok(Ok(event)) => {
                        self.waiting.push_back(event);
                        continue;
                    }
                    Ok(Err(RecvError::Lagged(_))) => {
                        return Some(Message { event: Kind::Reset.name(), id: None, data: Json::Null });
                    }
                    Ok(Err(RecvError::Closed)) | Err(_) => return None,
                },
            };
            let ours = event.tenant == self.session.tenant.0 && event.user.is_none_or(|user| user == self.session.user);
            let ended = matches!(event.kind, Kind::Ended | Kind::Company) && ours;
            if !self.refresh(ended).await {
                return None;
            }
            let sees = self.sees(&event).await;
            self.waiting.pop_front();
            if sees {
                let id = (!matches!(event.kind, Kind::Reset | Kind::Presence)).then_some(event.id);
                return Some(Message { event: event.kind.name(), id, data: self.shown(&event) });
            }
        }
    }

    /// Loads the session anew when it is old; `false` when the user may no longer come in.
    async fn refresh(&mut self, at_once: bool) -> bool {
        if !at_once && self.checked.elapsed() < TRUST {
            return true;
        }
        self.checked = Instant::now();
        let Session { tenant, user, login, .. } = self.session;
        match identity::session_of_login(&self.engine, tenant, user, login).await {
            Ok(session) => {
                self.session = session;
                true
            }
            Err(_) => false,
        }
    }

    async fn sees(&self, event: &Event) -> bool {
        let session = &self.session;
        if event.kind == Kind::Reset && event.tenant == 0 {
            return true;
        }
        if event.tenant != session.tenant.0 {
            return false;
        }
        match event.kind {
            Kind::Reset | Kind::Company => true,
            Kind::Ended => false,
            Kind::Notification => event.user == Some(session.user),
            Kind::Job => event.user == Some(session.user) || session.can("job.manage"),
            Kind::Record | Kind::Presence => self.sees_record(&event.data).await,
        }
    }

    /// What this reader is told: a job is taken back by whoever started it.
    fn shown(&self, event: &Event) -> Json {
        let mut data = event.data.clone();
        let others = event.kind == Kind::Job && event.user != Some(self.session.user);
        if let Some(undoable) = data.get_mut("undoable").filter(|_| others) {
            *undoable = false.into();
        }
        data
    }

    async fn sees_record(&self, data: &Json) -> bool {
        let text = |name: &str| data.get(name).and_then(Json::as_str).unwrap_or_default();
        let Some(resource) = registry::by_name(text("resource")) else { return false };
        let Ok(gate) = self.session.gate(resource, "read") else { return false };
        if gate.reaches_all() {
            return true;
        }
        // A reader of some records learns of no other's existence.
        let Ok(id) = Uuid::parse_str(text("id")) else { return false };
        let Ok(tx) = self.engine.db.read(self.session.tenant).await else { return false };
        read::load(&tx, &gate, id).await.is_ok()
    }
}
