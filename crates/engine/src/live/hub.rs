//! The place on a node where events arrive and readers wait.

use std::{
    collections::VecDeque,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
};

use conexao_storage::{Db, signal};
use serde::{Deserialize, Serialize};
use tokio::sync::{Notify, broadcast};
use uuid::Uuid;

use super::{
    Event, Kind,
    presence::{Heard, Presence},
    seats::Seats,
};

/// Events kept for readers that come back.
const KEPT: usize = 2_048;
/// Events a slow reader may lag behind before it is told to read anew.
const LAG: usize = 1_024;

/// What nodes say to each other.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Signal {
    Events(Vec<Event>),
    /// Somebody is at a record.
    Presence(Heard),
    /// There are new tasks in the queue.
    Work,
}

/// Events of this node: the last ones, and who listens.
#[derive(Debug)]
pub struct Hub {
    sender: broadcast::Sender<Arc<Event>>,
    last: Mutex<VecDeque<Arc<Event>>>,
    outbox: Notify,
    work: broadcast::Sender<()>,
    /// Grows with every event after which what nodes remember may be wrong.
    turn: AtomicU64,
    /// Who has how many streams here.
    pub(super) seats: Seats,
    /// Who is at which record.
    pub(super) presence: Presence,
}

impl Default for Hub {
    fn default() -> Self {
        let (sender, _) = broadcast::channel(LAG);
        let (work, _) = broadcast::channel(1);
        let turn = AtomicU64::new(0);
        let (outbox, seats, presence) = (Notify::new(), Seats::default(), Presence::default());
        Self { sender, last: Mutex::new(VecDeque::with_capacity(KEPT)), outbox, work, turn, seats, presence }
    }
}

/// Where a returning reader stands.
#[derive(Debug)]
pub(super) enum Resumed {
    /// What it missed.
    Missed(Vec<Arc<Event>>),
    /// Its last event is no longer known here.
    Unknown,
}

impl Hub {
    /// Says that a transaction left something in the outbox.
    pub fn nudge(&self) {
        self.outbox.notify_one();
    }

    /// Changes when something was told that makes memories wrong.
    pub(crate) fn turn(&self) -> u64 {
        self.turn.load(Ordering::Acquire)
    }

    /// Waits until somebody nudges.
    pub(crate) async fn nudged(&self) {
        self.outbox.notified().await;
    }

    /// Says on every node that the queue has tasks.
    pub(crate) async fn announce_work(&self, db: &Db) {
        if let Ok(message) = serde_json::to_string(&Signal::Work)
            && db.signal(&message).await.is_ok_and(|carried| carried)
        {
            return;
        }
        self.wake_workers();
    }

    pub(super) fn wake_workers(&self) {
        // Nobody listens while no worker runs, which is fine.
        let _ = self.work.send(());
    }

    /// An ear for new work.
    pub(crate) fn work(&self) -> broadcast::Receiver<()> {
        self.work.subscribe()
    }

    /// Tells every node. When the way to the others is broken, this node at least.
    pub async fn publish(&self, db: &Db, events: Vec<Event>) {
        for batch in batches(events) {
            let message = serde_json::to_string(&Signal::Events(batch.clone())).unwrap_or_default();
            match db.signal(&message).await {
                Ok(true) => {}
                Ok(false) => self.deliver_all(batch),
                Err(error) => {
                    tracing::warn!(%error, "events reach this node only");
                    self.deliver_all(batch);
                }
            }
        }
    }

    /// Tells every node that somebody was heard of, as [`Self::publish`] does.
    pub(super) async fn tell_presence(&self, db: &Db, heard: Heard) {
        let message = serde_json::to_string(&Signal::Presence(heard.clone())).unwrap_or_default();
        if !db.signal(&message).await.is_ok_and(|carried| carried) {
            self.hear_presence(&heard);
        }
    }

    /// Takes note of somebody, and tells this node's readers where it is news to
    /// them. Not kept for those who come back: they say where they are and hear
    /// who else is there.
    pub(super) fn hear_presence(&self, heard: &Heard) {
        self.presence.note(heard);
        if heard.news {
            let _ = self.sender.send(Arc::new(self.presence.event(heard)));
        }
    }

    /// Hands events to this node's readers.
    pub fn deliver_all(&self, events: Vec<Event>) {
        for event in events {
            self.deliver(event);
        }
    }

    fn deliver(&self, event: Event) {
        if matches!(event.kind, Kind::Ended | Kind::Company | Kind::Reset) {
            self.turn.fetch_add(1, Ordering::AcqRel);
        }
        let event = Arc::new(event);
        let mut last = self.last();
        if last.len() >= KEPT {
            last.pop_front();
        }
        last.push_back(Arc::clone(&event));
        // Under the lock, so that a reader that resumes sees each event once.
        let _ = self.sender.send(event);
    }

    /// Events were lost: what is kept has a hole, and all readers read anew.
    pub(super) fn lost(&self) {
        self.last().clear();
        self.turn.fetch_add(1, Ordering::AcqRel);
        let _ = self.sender.send(Arc::new(Event::new(0, Kind::Reset, None, serde_json::Value::Null)));
    }

    /// Listens from now on, and looks up what came after `after`.
    pub(super) fn subscribe(&self, after: Option<Uuid>) -> (broadcast::Receiver<Arc<Event>>, Resumed) {
        let last = self.last();
        let receiver = self.sender.subscribe();
        let Some(after) = after else { return (receiver, Resumed::Missed(Vec::new())) };
        let known = last.iter().position(|event| event.id == after);
        let resumed = known.map_or(Resumed::Unknown, |at| Resumed::Missed(last.iter().skip(at + 1).cloned().collect()));
        (receiver, resumed)
    }

    fn last(&self) -> MutexGuard<'_, VecDeque<Arc<Event>>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Groups that fit into one message each. An event that alone is too long
/// loses its data and says so, and readers ask for it.
fn batches(events: Vec<Event>) -> Vec<Vec<Event>> {
    let room = signal::MAX - 64;
    let mut batches: Vec<Vec<Event>> = Vec::new();
    let mut used = room + 1;
    for mut event in events {
        let mut size = length(&event);
        if size > room {
            event = Event { kind: Kind::Reset, data: serde_json::Value::Null, ..event };
            size = length(&event);
        }
        if used + size > room {
            batches.push(Vec::new());
            used = 0;
        }
        used += size + 1;
        if let Some(batch) = batches.last_mut() {
            batch.push(event);
        }
    }
    batches
}

fn length(event: &Event) -> usize {
    serde_json::to_string(event).map_or(0, |text| text.len())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "tests")]
mod tests {
    use serde_json::json;

    use super::*;

    fn event(n: usize) -> Event {
        Event::new(1, Kind::Record, None, json!({ "n": n, "text": "x".repeat(300) }))
    }

    #[test]
    fn batches_fit_and_keep_everything_in_order() {
        let events: Vec<Event> = (0..100).map(event).collect();
        let batches = batches(events.clone());
        assert!(batches.len() > 3);
        for batch in &batches {
            assert!(serde_json::to_string(&Signal::Events(batch.clone())).unwrap().len() <= signal::MAX);
        }
        assert_eq!(batches.concat(), events);
    }

    #[test]
    fn what_does_not_fit_becomes_a_reset() {
        let long = Event::new(1, Kind::Job, None, json!({ "text": "x".repeat(9_000) }));
        let batches = batches(vec![event(1), long]);
        assert_eq!(batches.concat().iter().map(|e| e.kind).collect::<Vec<_>>(), [Kind::Record, Kind::Reset]);
    }

    #[test]
    fn a_reader_resumes_where_it_stopped() {
        let hub = Hub::default();
        let events: Vec<Event> = (0..5).map(event).collect();
        hub.deliver_all(events.clone());
        let (mut receiver, resumed) = hub.subscribe(Some(events[2].id));
        let Resumed::Missed(missed) = resumed else { unreachable!("known") };
        assert_eq!(missed.iter().map(|e| e.id).collect::<Vec<_>>(), [events[3].id, events[4].id]);
        assert!(receiver.try_recv().is_err(), "nothing twice");
        hub.deliver(event(9));
        assert_eq!(receiver.try_recv().unwrap().data["n"], 9);
        assert!(matches!(hub.subscribe(Some(Uuid::now_v7())).1, Resumed::Unknown));
    }

    #[test]
    fn only_the_newest_are_kept() {
        let hub = Hub::default();
        let first = event(0);
        hub.deliver(first.clone());
        hub.deliver_all((0..KEPT).map(event).collect());
        assert!(matches!(hub.subscribe(Some(first.id)).1, Resumed::Unknown));
    }
}
