//! Who is at which record, and whether they are changing it. Kept in memory on
//! every node: nodes tell each other, and who is not heard of for a while is gone.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use chrono::{DateTime, TimeDelta, Utc};
use conexao_domain::kernel::{
    canonical::write_instant,
    problem::{Code, Problem},
};
use conexao_storage::table;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{Event, Kind};
use crate::{Engine, Gate, refusal::Refused};

/// How long somebody counts as there after they were heard of.
const LASTS: TimeDelta = TimeDelta::seconds(45);
/// Most people that are told of at one record.
const MOST: usize = 50;
/// Most pages of one person at one record.
const PAGES: usize = 8;
/// Longest name of a page, in bytes.
const PAGE: usize = 40;

/// What somebody does at a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Doing {
    Gone,
    Viewing,
    Editing,
}

/// A record of a tenant.
type Room = (i32, String, Uuid);

/// What nodes tell each other: somebody was heard of.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Heard {
    room: Room,
    user: Uuid,
    name: String,
    /// Which of the person's pages it is; empty where the client does not say.
    page: String,
    doing: Doing,
    at: DateTime<Utc>,
    /// Whether this is something new to those who watch.
    pub news: bool,
}

/// A page of somebody.
#[derive(Debug, Clone)]
struct Seat {
    user: Uuid,
    name: String,
    page: String,
    doing: Doing,
    since: DateTime<Utc>,
    heard: DateTime<Utc>,
}

/// Somebody at a record, once however many pages they have.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Person {
    id: Uuid,
    name: String,
    doing: Doing,
    since: DateTime<Utc>,
}

impl Person {
    fn json(&self) -> Json {
        json!({ "id": self.id, "name": self.name, "doing": self.doing, "since": write_instant(self.since) })
    }
}

/// Everybody who is at a record.
#[derive(Debug, Default)]
pub(super) struct Presence(Mutex<Rooms>);

#[derive(Debug, Default)]
struct Rooms {
    seats: HashMap<Room, Vec<Seat>>,
    swept: DateTime<Utc>,
}

impl Presence {
    fn rooms(&self) -> MutexGuard<'_, Rooms> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes note; whether it changes what others see. Hearing it twice is
    /// hearing it once.
    pub fn note(&self, heard: &Heard) -> bool {
        let mut rooms = self.rooms();
        // Before sweeping: whoever goes with that is news as well.
        let before = rooms.seats.get(&heard.room).map(|seats| people(seats)).unwrap_or_default();
        rooms.sweep(heard.at);
        let seats = rooms.seats.entry(heard.room.clone()).or_default();
        seats.retain(|seat| seat.heard + LASTS > heard.at);
        sit(seats, heard);
        let news = people(seats) != before;
        if seats.is_empty() {
            rooms.seats.remove(&heard.room);
        }
        news
    }

    fn people(&self, room: &Room) -> Vec<Person> {
        self.rooms().seats.get(room).map(|seats| people(seats)).unwrap_or_default()
    }

    /// What those who may read the record are told.
    pub fn event(&self, heard: &Heard) -> Event {
        let (tenant, resource, id) = &heard.room;
        let people: Vec<Json> = self.people(&heard.room).iter().map(Person::json).collect();
        Event::new(*tenant, Kind::Presence, None, json!({ "resource": resource, "id": id, "people": people }))
    }
}

impl Rooms {
    /// Empties rooms that nobody was heard of in, now and then.
    fn sweep(&mut self, now: DateTime<Utc>) {
        if now - self.swept < LASTS {
            return;
        }
        self.swept = now;
        self.seats.retain(|_, seats| {
            seats.retain(|seat| seat.heard + LASTS > now);
            !seats.is_empty()
        });
    }
}

/// Puts a page where it was, or on a seat of its own while there are some.
fn sit(seats: &mut Vec<Seat>, heard: &Heard) {
    let Heard { user, name, page, doing, at, .. } = heard;
    let own = seats.iter().position(|seat| seat.user == *user && seat.page == *page);
    if *doing == Doing::Gone {
        own.map(|at| seats.swap_remove(at));
        return;
    }
    if let Some(seat) = own.and_then(|at| seats.get_mut(at)) {
        seat.since = if seat.doing == *doing { seat.since } else { *at };
        (seat.doing, seat.heard) = (*doing, *at);
        return;
    }
    let pages = seats.iter().filter(|seat| seat.user == *user).count();
    if pages < PAGES && (pages > 0 || people(seats).len() < MOST) {
        let (name, page) = (name.clone(), page.clone());
        seats.push(Seat { user: *user, name, page, doing: *doing, since: *at, heard: *at });
    }
}

/// Each person once: whoever edits on one page edits. Who came first is first.
fn people(seats: &[Seat]) -> Vec<Person> {
    let mut people: Vec<Person> = Vec::new();
    for Seat { user, name, doing, since, .. } in seats {
        match people.iter_mut().find(|person| person.id == *user) {
            None => people.push(Person { id: *user, name: name.clone(), doing: *doing, since: *since }),
            Some(person) if *doing > person.doing => (person.doing, person.since) = (*doing, *since),
            Some(person) if *doing == person.doing => person.since = person.since.min(*since),
            Some(_) => {}
        }
    }
    people.sort_by_key(|person| (person.since, person.id));
    people
}

/// Says what the gate's person does at a record, which they must be able to
/// read; answers who else is there.
pub async fn say(engine: &Engine, gate: &Gate, id: Uuid, doing: Doing, page: &str) -> Result<Vec<Json>, Problem> {
    let user = gate.session.in_person()?;
    if page.len() > PAGE || page.chars().any(char::is_control) {
        return Err(Problem::field("page", "length"));
    }
    let tx = engine.db.glance(gate.session.tenant).await.refused()?;
    let found = table::by_ids(&tx, gate.resource, &[id], false).await.refused()?;
    tx.rollback().await.refused()?;
    if !found.iter().any(|record| gate.reaches(record)) {
        return Err(Problem::new(Code::NotFound));
    }
    let room = (gate.session.tenant.0, gate.resource.name.to_owned(), id);
    let (name, page) = (gate.session.name.clone(), page.to_owned());
    let heard = Heard { room, user, name, page, doing, at: engine.now(), news: false };
    let heard = Heard { news: engine.hub.presence.note(&heard), ..heard };
    let people = engine.hub.presence.people(&heard.room);
    engine.hub.tell_presence(&engine.db, heard).await;
    Ok(people.iter().filter(|person| person.id != user).map(Person::json).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn heard(user: u128, page: &str, doing: Doing, second: i64) -> Heard {
        let room = (1, "customer".to_owned(), Uuid::nil());
        let at = DateTime::UNIX_EPOCH + TimeDelta::seconds(1_000_000 + second);
        Heard {
            room,
            user: Uuid::from_u128(user),
            name: format!("n{user}"),
            page: page.to_owned(),
            doing,
            at,
            news: false,
        }
    }

    fn there(presence: &Presence) -> Vec<(String, Doing)> {
        let room = (1, "customer".to_owned(), Uuid::nil());
        presence.people(&room).into_iter().map(|person| (person.name, person.doing)).collect()
    }

    #[test]
    fn somebody_is_there_once_and_edits_where_any_of_their_pages_does() {
        let presence = Presence::default();
        assert!(presence.note(&heard(1, "a", Doing::Viewing, 0)));
        assert!(!presence.note(&heard(1, "b", Doing::Viewing, 1)), "another page is no news");
        assert!(presence.note(&heard(1, "b", Doing::Editing, 2)));
        assert!(!presence.note(&heard(1, "a", Doing::Viewing, 3)));
        assert_eq!(there(&presence), [("n1".to_owned(), Doing::Editing)]);
        assert!(presence.note(&heard(1, "b", Doing::Gone, 4)));
        assert_eq!(there(&presence), [("n1".to_owned(), Doing::Viewing)]);
        assert!(presence.note(&heard(1, "a", Doing::Gone, 5)));
        assert!(there(&presence).is_empty() && presence.rooms().seats.is_empty());
    }

    #[test]
    fn who_is_not_heard_of_is_gone_and_rooms_are_emptied() {
        let presence = Presence::default();
        presence.note(&heard(1, "", Doing::Editing, 0));
        presence.note(&heard(2, "", Doing::Viewing, 30));
        assert_eq!(there(&presence).len(), 2);
        assert!(presence.note(&heard(2, "", Doing::Viewing, 46)), "the other one went");
        assert_eq!(there(&presence), [("n2".to_owned(), Doing::Viewing)]);
        let elsewhere = Heard { room: (1, "warranty".to_owned(), Uuid::nil()), ..heard(3, "", Doing::Viewing, 200) };
        presence.note(&elsewhere);
        assert_eq!(presence.rooms().seats.len(), 1, "nobody is left in the first");
    }

    #[test]
    fn a_crowd_is_not_kept() {
        let presence = Presence::default();
        for user in 0..200 {
            presence.note(&heard(user, "", Doing::Viewing, 0));
        }
        assert_eq!(there(&presence).len(), MOST);
        for page in 0..50 {
            presence.note(&heard(0, &page.to_string(), Doing::Viewing, 1));
        }
        assert_eq!(presence.rooms().seats.values().map(Vec::len).sum::<usize>(), MOST - 1 + PAGES);
    }
}
