//! What the server says by itself: notifications, progress of jobs, changed
//! records. One stream per tab, resumed where it broke off.

use std::{cell::RefCell, collections::HashMap, time::Duration};

use chrono::{DateTime, Utc};
use leptos::{leptos_dom::helpers::set_timeout, prelude::*, task::spawn_local};
use serde::de::DeserializeOwned;
use serde_json::Value as Json;
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::{EventSource, MessageEvent};

use super::{Failure, Params, client, jobs::Job, notifications::Notification};
use crate::state::app;

pub use conexao_client::RecordEvent;

/// What need not be said about the end of a job, because it shows elsewhere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hush {
    /// That everything was done.
    Success,
    /// Failures neither.
    Everything,
}

#[derive(Debug, Clone, Copy)]
pub struct Live {
    /// How many notifications are unread.
    pub unread: RwSignal<i64>,
    /// The notification that came last.
    pub notification: RwSignal<Option<Notification>>,
    /// The job that moved last.
    pub job: RwSignal<Option<Job>>,
    /// Jobs of this session that are not over, oldest first.
    pub running: RwSignal<Vec<Job>>,
    /// Jobs that ended in this session, the last one first.
    pub ended: RwSignal<Vec<Job>>,
    /// The record that changed last.
    pub record: RwSignal<Option<RecordEvent>>,
    /// Who looks at some record or changes it, as it was said last.
    pub presence: RwSignal<Option<Json>>,
    /// Whether the stream stands.
    pub connected: RwSignal<bool>,
    /// Since when the server is out of reach.
    pub lost: RwSignal<Option<DateTime<Utc>>>,
    /// Jobs whose end shows elsewhere.
    hushed: StoredValue<HashMap<String, Hush>>,
    /// Grows with every connection, so that older ones fall silent.
    turn: StoredValue<u32>,
}

type Handler = Closure<dyn Fn(MessageEvent)>;

struct Stream {
    source: EventSource,
    _handlers: Vec<Handler>,
    _error: Closure<dyn Fn()>,
    _open: Closure<dyn Fn()>,
}

thread_local! {
    static STREAM: RefCell<Option<Stream>> = const { RefCell::new(None) };
    static LAST_ID: RefCell<String> = const { RefCell::new(String::new()) };
}

/// Jobs that ended and are remembered.
const ENDED: usize = 5;

/// Waits between attempts, in seconds.
const PAUSES: [u64; 5] = [1, 2, 5, 15, 30];

impl Live {
    pub fn new() -> Self {
        Self {
            unread: RwSignal::new(0),
            notification: RwSignal::new(None),
            job: RwSignal::new(None),
            running: RwSignal::new(Vec::new()),
            ended: RwSignal::new(Vec::new()),
            record: RwSignal::new(None),
            presence: RwSignal::new(None),
            connected: RwSignal::new(false),
            lost: RwSignal::new(None),
            hushed: StoredValue::new(HashMap::new()),
            turn: StoredValue::new(0),
        }
    }

    /// Opens the stream; an open one is replaced.
    pub fn start(self) {
        self.stop();
        self.connect(0);
    }

    /// Closes the stream.
    pub fn stop(self) {
        self.turn.update_value(|turn| *turn = turn.wrapping_add(1));
        if let Some(stream) = STREAM.take() {
            stream.source.set_onerror(None);
            stream.source.set_onopen(None);
            stream.source.close();
            // One of its own handlers may be what stops it: they go when it has returned.
            set_timeout(move || drop(stream), Duration::ZERO);
        }
        self.connected.set(false);
    }

    /// The server cannot be reached: what shows that begins to.
    pub fn lose(self) {
        if self.lost.get_untracked().is_none() {
            self.lost.set(Some(Utc::now()));
        }
    }

    /// Whether what is written now would not arrive; untracked.
    pub fn is_lost(self) -> bool {
        self.lost.get_untracked().is_some()
    }

    /// Takes a job in that this session started, before the stream mentions it.
    pub fn follow(self, job: Job) {
        self.take_job(job);
    }

    /// Says of a job's end only what `hush` leaves, or everything again.
    pub fn hush(self, job: &str, hush: Option<Hush>) {
        self.hushed.update_value(|hushed| match hush {
            Some(hush) => drop(hushed.insert(job.to_owned(), hush)),
            None => drop(hushed.remove(job)),
        });
    }

    /// Whether the end of a job shows elsewhere.
    pub fn is_hushed(self, job: &Job) -> bool {
        let good = job.state == "done" && job.failed == 0;
        match self.hushed.with_value(|hushed| hushed.get(&job.id).copied()) {
            Some(Hush::Everything) => true,
            Some(Hush::Success) => good,
            None => false,
        }
    }

    fn connect(self, attempt: usize) {
        let turn = self.turn.get_value();
        spawn_local(async move {
            let opened = match ticket().await {
                Ok(ticket) => self.open(&ticket, attempt),
                Err(failure) => {
                    if out_of_reach(&failure) && self.turn.get_value() == turn {
                        self.lose();
                    }
                    false
                }
            };
            if !opened {
                self.again(turn, attempt);
            }
        });
    }

    fn again(self, turn: u32, attempt: usize) {
        let pause = PAUSES.get(attempt).or(PAUSES.last()).copied().unwrap_or(30);
        let retry = move || {
            if self.turn.get_value() == turn {
                self.connect(attempt.saturating_add(1));
            }
        };
        set_timeout(retry, Duration::from_secs(pause));
    }

    fn open(self, ticket: &str, attempt: usize) -> bool {
        let turn = self.turn.get_value();
        let last = LAST_ID.with_borrow(Clone::clone);
        let params = Params::default().with("ticket", ticket).with("last_event_id", &last);
        let Ok(source) = EventSource::new(&format!("/api/v1/events{}", params.suffix())) else { return false };
        let handlers = vec![
            listen(&source, "notification", move |n| self.take_notification(n)),
            listen(&source, "job", move |job| self.take_job(job)),
            listen(&source, "record", move |record| self.record.set(Some(record))),
            listen(&source, "presence", move |presence: Json| self.presence.set(Some(presence))),
            listen(&source, "company", |_: Json| spawn_local(company_changed())),
        ];
        // A ticket is good once, so the browser's own reconnection would fail.
        let error = Closure::<dyn Fn()>::new(move || {
            if self.turn.get_value() == turn {
                let was_open = self.connected.get_untracked();
                self.stop();
                self.again(self.turn.get_value(), if was_open { 0 } else { attempt });
            }
        });
        let first = last.is_empty();
        let open = Closure::<dyn Fn()>::new(move || {
            self.connected.set(true);
            self.lost.set(None);
            if first {
                spawn_local(self.recount());
            }
        });
        source.set_onerror(Some(error.as_ref().unchecked_ref()));
        source.set_onopen(Some(open.as_ref().unchecked_ref()));
        STREAM.set(Some(Stream { source, _handlers: handlers, _error: error, _open: open }));
        true
    }

    /// Asks how many are unread: what came before the stream stood, it did not say.
    async fn recount(self) {
        let before = self.unread.get_untracked();
        let Ok(page) = super::notifications::list(true, "", None).await else { return };
        // What came meanwhile counted itself.
        if self.unread.get_untracked() == before {
            self.unread.set(page.unread);
        }
    }

    fn take_notification(self, notification: Notification) {
        self.unread.update(|n| *n += 1);
        self.notification.set(Some(notification));
    }

    fn take_job(self, job: Job) {
        self.running.update(|jobs| {
            let at = jobs.iter().position(|j| j.id == job.id);
            match (at, job.is_over()) {
                (Some(at), true) => drop(jobs.remove(at)),
                (Some(at), false) => {
                    if let Some(slot) = jobs.get_mut(at) {
                        *slot = job.clone();
                    }
                }
                (None, false) => jobs.push(job.clone()),
                (None, true) => {}
            }
        });
        if job.is_over() {
            self.ended.update(|jobs| {
                jobs.retain(|other| other.id != job.id);
                jobs.insert(0, job.clone());
                jobs.truncate(ENDED);
            });
        }
        self.job.set(Some(job));
    }
}

/// The company changed: what everybody sees of it is read again.
async fn company_changed() {
    if let Ok(me) = super::auth::me().await {
        app().session.set_me(me);
    }
}

/// Whether a call met no server, or one that stands before a server that is away.
pub fn out_of_reach(failure: &Failure) -> bool {
    matches!(failure.status, 0 | 502..=504)
}

async fn ticket() -> Result<String, Failure> {
    client().ticket().await
}

fn listen<T: DeserializeOwned>(source: &EventSource, event: &str, take: impl Fn(T) + 'static) -> Handler {
    let handler = Handler::new(move |message: MessageEvent| {
        LAST_ID.set(message.last_event_id());
        let data = message.data().as_string().unwrap_or_default();
        if let Ok(value) = serde_json::from_str(&data) {
            take(value);
        }
    });
    let _ = source.add_event_listener_with_callback(event, handler.as_ref().unchecked_ref());
    handler
}
