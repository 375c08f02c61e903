//! Coming in, staying in, leaving. The access token is kept in memory only;
//! the refresh token in a cookie that this crate never reads.

use std::{fmt, sync::Mutex};

use serde_json::json;

use crate::{
    Client, Failure,
    client::lock,
    model::{Entry, Me},
    transport::BoxFuture,
};

/// An application that has a person in front of it.
pub trait Guard: Send + Sync {
    /// Somebody came in, or came back with a renewed token.
    fn entered(&self, me: Me);

    /// The cookie is no longer good. Resolves to `true` when the person has
    /// logged in again and the waiting calls may go on.
    fn locked(&self) -> BoxFuture<'_, bool>;
}

impl fmt::Debug for dyn Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Guard")
    }
}

pub(crate) struct Credentials {
    pub email: String,
    pub password: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Credentials")
    }
}

pub(crate) struct Session {
    token: Mutex<Option<String>>,
    /// Held by the one call that renews, however many wait for it.
    turn: futures_util::lock::Mutex<()>,
    credentials: Option<Credentials>,
    guard: Option<Box<dyn Guard>>,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Session")
    }
}

impl Session {
    pub(crate) fn new(token: Option<String>, credentials: Option<Credentials>, guard: Option<Box<dyn Guard>>) -> Self {
        Self { token: Mutex::new(token), turn: futures_util::lock::Mutex::new(()), credentials, guard }
    }

    pub(crate) fn token(&self) -> Option<String> {
        lock(&self.token).clone()
    }

    fn set(&self, token: Option<String>) {
        *lock(&self.token) = token;
    }
}

impl Client {
    /// Logs in; the session renews itself until [`Client::logout`]. Somebody
    /// who has a second factor is refused with a [`Failure::challenge`].
    /// Somebody whose password is good in several companies is refused with
    /// [`Failure::companies`].
    pub async fn login(&self, name: &str, password: &str) -> Result<Me, Failure> {
        self.log_in(json!({ "email": name, "password": password })).await
    }

    /// Logs in to one of the companies of [`Failure::companies`].
    pub async fn login_to(&self, company: &str, name: &str, password: &str) -> Result<Me, Failure> {
        self.log_in(json!({ "email": name, "password": password, "company": company })).await
    }

    async fn log_in(&self, body: serde_json::Value) -> Result<Me, Failure> {
        let entry = self.post("/auth/login").anonymous().json(body).read().await?;
        Ok(self.come_in(entry))
    }

    /// Comes in with what a log-in answered.
    pub(crate) fn come_in(&self, entry: Entry) -> Me {
        self.set_renews(true);
        self.enter(entry)
    }

    /// A new access token for the session of the cookie.
    pub async fn refresh(&self) -> Result<Me, Failure> {
        let entry = self.post("/auth/refresh").anonymous().read().await?;
        Ok(self.enter(entry))
    }

    /// Ends the session here and on the server.
    pub async fn logout(&self) -> Result<(), Failure> {
        let ended = self.post("/auth/logout").anonymous().done().await;
        self.session().set(None);
        // A guard's next session may come by cookie as well.
        self.set_renews(self.session().guard.is_some());
        ended
    }

    /// A token other than `stale`: the one somebody else already fetched, or a
    /// new one. Waits for a person to log in again where there is one.
    pub fn renew<'a>(&'a self, stale: Option<&'a str>) -> BoxFuture<'a, Result<String, Failure>> {
        // Boxed: renewing is itself a call.
        Box::pin(async move {
            let _turn = self.session().turn.lock().await;
            if let Some(token) = self.token().filter(|token| Some(token.as_str()) != stale) {
                return Ok(token);
            }
            match self.refresh().await {
                Ok(_) => {}
                Err(failure) if failure.status == 401 => self.come_back(failure).await?,
                Err(failure) => return Err(failure),
            }
            self.token().ok_or_else(Failure::network)
        })
    }

    async fn come_back(&self, refused: Failure) -> Result<(), Failure> {
        let session = self.session();
        if let Some(Credentials { email, password }) = &session.credentials {
            return self.login(email, password).await.map(drop);
        }
        match &session.guard {
            Some(guard) if guard.locked().await => Ok(()),
            _ => Err(refused),
        }
    }

    fn enter(&self, entry: Entry) -> Me {
        self.session().set(Some(entry.access_token));
        if let Some(guard) = &self.session().guard {
            guard.entered(entry.me.clone());
        }
        entry.me
    }
}
