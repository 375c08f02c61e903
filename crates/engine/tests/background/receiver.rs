//! A stand-in for the programs of others that receive webhooks: it remembers
//! what it was sent and answers as the test tells it to.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use async_trait::async_trait;
use conexao_engine::webhooks::{Answered, Outgoing, Sender};
use conexao_integrations::secret::ExposeSecret;
use serde_json::Value as Json;

/// How the receiver meets a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mood {
    Answers(u16),
    /// The connection breaks before there is an answer.
    Breaks,
    /// Takes what it is sent, then takes its time to say so.
    Slow(Duration),
}

/// A request as it arrived.
#[derive(Debug, Clone)]
pub struct Received {
    pub url: String,
    pub id: String,
    pub event: String,
    pub text: String,
    pub body: Json,
    pub secrets: Vec<String>,
}

#[derive(Debug, Default)]
struct State {
    received: Vec<Received>,
    /// Moods of the next requests.
    next: VecDeque<Mood>,
    /// The mood after those.
    rest: Option<Mood>,
}

#[derive(Debug, Clone, Default)]
pub struct Receiver(Arc<Mutex<State>>);

impl Receiver {
    pub fn will(&self, moods: impl IntoIterator<Item = Mood>) {
        self.0.lock().unwrap().next.extend(moods);
    }

    pub fn henceforth(&self, mood: Mood) {
        self.0.lock().unwrap().rest = Some(mood);
    }

    pub fn received(&self) -> Vec<Received> {
        self.0.lock().unwrap().received.clone()
    }

    pub fn count(&self) -> usize {
        self.0.lock().unwrap().received.len()
    }
}

#[async_trait]
impl Sender for Receiver {
    async fn send(&self, request: &Outgoing) -> Answered {
        let mood = {
            let secrets = request.secrets.iter().map(|secret| secret.expose_secret().to_owned()).collect();
            let mut state = self.0.lock().unwrap();
            let body = serde_json::from_str(&request.body).unwrap();
            let (url, id, event) = (request.url.clone(), request.id.clone(), request.event.clone());
            state.received.push(Received { url, id, event, text: request.body.clone(), body, secrets });
            state.next.pop_front().or(state.rest).unwrap_or(Mood::Answers(200))
        };
        let status = match mood {
            Mood::Breaks => return Answered { error: Some("http.broken".to_owned()), ..Answered::default() },
            Mood::Answers(status) => status,
            Mood::Slow(time) => {
                tokio::time::sleep(time).await;
                200
            }
        };
        Answered {
            request_headers: vec![("webhook-id".to_owned(), request.id.clone())],
            status: Some(status),
            response_body: format!("{{\"cliente\":\"Ana {status}\"}}"),
            error: (status >= 300).then(|| "webhook.status".to_owned()),
            hopeless: status == 410,
            ..Answered::default()
        }
    }
}
