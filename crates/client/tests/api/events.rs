//! The live stream, also when it breaks.

use std::{pin::pin, sync::atomic::Ordering, time::Duration};

use conexao_client::{Event, RecordEvent};
use conexao_domain::customers::customer::CUSTOMER;
use futures_util::{Stream, TryStreamExt};
use serde_json::json;
use tokio::time::timeout;

use crate::support::Home;

async fn until(
    events: &mut (impl Stream<Item = Result<Event, conexao_client::Failure>> + Unpin),
    wanted: impl Fn(&Event) -> bool,
) -> Event {
    let next = async {
        loop {
            let event = events.try_next().await.unwrap().unwrap();
            if wanted(&event) {
                return event;
            }
        }
    };
    timeout(Duration::from_secs(20), next).await.unwrap()
}

/// The company's own beginnings are told as well, when the relay gets to them:
/// only customers are of interest here.
async fn customer(events: &mut (impl Stream<Item = Result<Event, conexao_client::Failure>> + Unpin)) -> RecordEvent {
    let of_customer = |event: &Event| matches!(event, Event::Record(record) if record.resource == CUSTOMER.name);
    let Event::Record(record) = until(events, of_customer).await else { unreachable!() };
    record
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_missed_comes_after_the_break() {
    let home = Home::start().await;
    let (client, other) = (home.client(), home.client());
    let mut events = pin!(client.events(None));
    until(&mut events, |event| *event == Event::Connected).await;
    let customers = other.resource(&CUSTOMER);
    let ana = customers.create(json!({ "name": "Ana" })).await.unwrap();
    let RecordEvent { id, action, .. } = customer(&mut events).await;
    assert_eq!((id.as_str(), action.as_str()), (ana.id(), "create"));

    // The proxy swallows the next bytes of the stream and hangs up.
    home.faults.cut.store(1, Ordering::SeqCst);
    let direct = conexao_client::Client::new(&home.server, other.token().unwrap());
    let bento = direct.resource(&CUSTOMER).create(json!({ "name": "Bento" })).await.unwrap();
    until(&mut events, |event| *event == Event::Interrupted).await;
    assert_eq!(customer(&mut events).await.id, bento.id());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_may_not_come_in_is_told() {
    let home = Home::start().await;
    let stranger = conexao_client::Client::new(&home.server, "nobody");
    let mut events = pin!(stranger.events(None));
    assert_eq!(events.try_next().await.unwrap_err().status, 401);
    assert!(events.try_next().await.unwrap().is_none());
}
