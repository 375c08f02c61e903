//! What the server says by itself: notifications, progress of jobs, changed
//! records. One stream, resumed where it broke off.

mod parse;

use std::time::Duration;

use futures_util::{Stream, stream};
use serde::Deserialize;
use serde_json::Value as Json;

use crate::{
    Client, Failure, Query,
    model::{Job, Notification},
    transport::{self, Response},
};

pub use parse::Message;
use parse::Parser;

/// A record somebody changed.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct RecordEvent {
    /// Singular name of the resource.
    pub resource: String,
    pub id: String,
    #[serde(default)]
    pub version: i64,
    /// `create`, `update`, `delete` or a step.
    #[serde(default)]
    pub action: String,
    /// Who did it.
    #[serde(default)]
    pub actor_id: Option<String>,
}

/// What happened.
#[derive(Debug, Clone, PartialEq)]
pub enum Event {
    /// The stream stands.
    Connected,
    /// It broke off and is being mended.
    Interrupted,
    Notification(Notification),
    Job(Box<Job>),
    Record(RecordEvent),
    /// Something was missed: read anew what is being shown.
    Reset,
    /// Of a kind that this client's version does not know.
    Other(Message),
}

/// Waits between attempts, in seconds.
const PAUSES: [u64; 5] = [1, 2, 5, 15, 30];

#[derive(Deserialize)]
struct Ticket {
    ticket: String,
}

struct Reader {
    client: Client,
    /// From here the stream resumes.
    last: Option<String>,
    open: Option<(Response, Parser)>,
    /// Attempts since the stream last stood.
    attempt: usize,
    over: bool,
}

impl Client {
    /// Lets an event stream be opened once, within 30 seconds.
    pub async fn ticket(&self) -> Result<String, Failure> {
        let ticket: Ticket = self.post("/events/ticket").read().await?;
        Ok(ticket.ticket)
    }

    /// Events as they happen, after the event `last` or from now on. Broken
    /// connections are mended; ends only when the server no longer lets us in.
    pub fn events(&self, last: Option<String>) -> impl Stream<Item = Result<Event, Failure>> + use<> {
        let reader = Reader { client: self.clone(), last, open: None, attempt: 0, over: false };
        stream::unfold(reader, |mut reader| async move {
            if reader.over {
                return None;
            }
            let event = reader.next().await;
            reader.over = event.is_err();
            Some((event, reader))
        })
    }
}

impl Reader {
    async fn next(&mut self) -> Result<Event, Failure> {
        loop {
            let Some((response, parser)) = &mut self.open else {
                return self.connect().await.map(|()| Event::Connected);
            };
            if let Some(message) = parser.next() {
                if message.id.is_some() {
                    self.last.clone_from(&message.id);
                }
                return Ok(read(message));
            }
            let Ok(Some(chunk)) = response.chunk().await else {
                self.open = None;
                return Ok(Event::Interrupted);
            };
            parser.feed(&chunk);
        }
    }

    /// Tries until the stream stands, or the server refuses for good.
    async fn connect(&mut self) -> Result<(), Failure> {
        loop {
            if let Some(pause) = self.attempt.checked_sub(1) {
                let pause = PAUSES.get(pause).or(PAUSES.last()).copied().unwrap_or_default();
                transport::sleep(Duration::from_secs(pause)).await;
            }
            self.attempt += 1;
            match self.open().await {
                Ok(response) => {
                    // The next break is mended after the shortest pause.
                    (self.open, self.attempt) = (Some((response, Parser::default())), 1);
                    return Ok(());
                }
                Err(failure) if matches!(failure.status, 0 | 429 | 502..) => {}
                Err(failure) => return Err(failure),
            }
        }
    }

    async fn open(&self) -> Result<Response, Failure> {
        let query = Query::new().with("ticket", &self.client.ticket().await?);
        let query = query.with("last_event_id", self.last.as_deref().unwrap_or_default());
        let call = self.client.get("/events").query(&query).once();
        Ok(call.run(false).await?.into_response())
    }
}

fn read(message: Message) -> Event {
    let data = || serde_json::from_str::<Json>(&message.data).unwrap_or_default();
    let event = match message.event.as_str() {
        "notification" => serde_json::from_value(data()).ok().map(Event::Notification),
        "job" => serde_json::from_value(data()).ok().map(|job| Event::Job(Box::new(job))),
        "record" => serde_json::from_value(data()).ok().map(Event::Record),
        "reset" => Some(Event::Reset),
        _ => None,
    };
    event.unwrap_or(Event::Other(message))
}
