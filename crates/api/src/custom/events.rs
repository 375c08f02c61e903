//! Server-sent events: what the caller may see, while it happens. A browser's
//! event source cannot send a token, so it brings a ticket that is good once.

use std::{convert::Infallible, time::Duration};

use actix_web::{HttpRequest, HttpResponse, http::header, web};
use bytes::Bytes;
use conexao_domain::kernel::problem::Code;
use conexao_engine::{
    Engine, identity,
    live::{Message, Subscription},
};
use futures_util::stream;
use serde::Deserialize;
use serde_json::json;

use crate::{ApiError, Caller, Operation, Routes, routes::object};

type Answer = Result<HttpResponse, ApiError>;

/// Silence after which a comment keeps proxies from closing the stream.
const HEARTBEAT: Duration = Duration::from_secs(20);

pub(super) fn routes(routes: &mut Routes<'_>) {
    let ticket_made = Operation::new("events", "A ticket for one event stream, good for 30 seconds")
        .answer(200, object(&[("ticket", json!({ "type": "string" }))]));
    routes.post("/events/ticket", ticket_made, ticket);
    let streamed = Operation::new("events", "Events as they happen: notification, job, record, presence, reset")
        .query(&[("ticket", "From /events/ticket"), ("last_event_id", "Resume after this event")])
        .public()
        .refuses(&[Code::Unauthenticated])
        .media("text/event-stream");
    routes.get("/events", streamed, events);
}

async fn ticket(caller: Caller) -> Answer {
    let ticket = identity::ticket(&caller.engine, &caller.session)?;
    Ok(HttpResponse::Ok().insert_header((header::CACHE_CONTROL, "no-store")).json(json!({ "ticket": ticket })))
}

#[derive(Debug, Deserialize)]
struct Wanted {
    #[serde(default)]
    ticket: String,
    last_event_id: Option<String>,
}

async fn events(engine: web::Data<Engine>, request: HttpRequest, wanted: web::Query<Wanted>) -> Answer {
    let session = identity::redeem(&engine, &wanted.ticket).await?;
    let header = request.headers().get("Last-Event-ID").and_then(|v| v.to_str().ok());
    let last = header.or(wanted.last_event_id.as_deref());
    let subscription = Subscription::open(&engine, session, last).await?;
    Ok(HttpResponse::Ok()
        .content_type("text/event-stream")
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header(("X-Accel-Buffering", "no"))
        .streaming(stream::unfold(Some(subscription), next)))
}

/// The next piece of the stream: an event, or a comment after silence.
async fn next(subscription: Option<Subscription>) -> Option<(Result<Bytes, Infallible>, Option<Subscription>)> {
    let mut subscription = subscription?;
    match tokio::time::timeout(HEARTBEAT, subscription.next()).await {
        Ok(Some(message)) => Some((Ok(write(&message)), Some(subscription))),
        Ok(None) => None,
        Err(_) => Some((Ok(Bytes::from_static(b": \n\n")), Some(subscription))),
    }
}

fn write(message: &Message) -> Bytes {
    let id = message.id.map(|id| format!("id: {id}\n")).unwrap_or_default();
    format!("{id}event: {}\ndata: {}\n\n", message.event, message.data).into()
}
