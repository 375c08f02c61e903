//! The client itself: where the server is, who calls, in which language.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use conexao_domain::{kernel::resource::Resource, locale::Locale};

use crate::{
    audit::Audit,
    call::Call,
    failure::Failure,
    imports::Imports,
    jobs::Jobs,
    notifications::Notifications,
    records::Records,
    retry::Retry,
    session::{Credentials, Guard, Session},
    transport::Transport,
};

/// Access to one installation; cheap to clone, for all tasks together.
#[derive(Debug, Clone)]
pub struct Client {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    base: String,
    locale: Mutex<Locale>,
    retry: Retry,
    transport: Transport,
    session: Session,
    /// Whether a refused token can be replaced by a new one.
    renews: AtomicBool,
}

/// What a client is made of.
#[derive(Debug)]
pub struct Builder {
    base: String,
    token: Option<String>,
    credentials: Option<Credentials>,
    guard: Option<Box<dyn Guard>>,
    locale: Locale,
    retry: Retry,
    user_agent: String,
}

impl Builder {
    /// An access token or an API token.
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Logs in with the first call, and again whenever the session has ended.
    pub fn credentials(mut self, email: impl Into<String>, password: impl Into<String>) -> Self {
        self.credentials = Some(Credentials { email: email.into(), password: password.into() });
        self
    }

    /// For applications with a person in front of them: a session by cookie,
    /// and somebody who is told about it.
    pub fn guard(mut self, guard: impl Guard + 'static) -> Self {
        self.guard = Some(Box::new(guard));
        self
    }

    /// Language of problems and labels; Portuguese unless told.
    pub fn locale(mut self, locale: Locale) -> Self {
        self.locale = locale;
        self
    }

    pub fn retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// Who calls, for the server's logs; browsers name themselves.
    pub fn user_agent(mut self, name: impl Into<String>) -> Self {
        self.user_agent = name.into();
        self
    }

    /// The client. Nothing is sent yet; an unusable address is told by the first call.
    pub fn build(self) -> Client {
        let renews = self.credentials.is_some() || self.guard.is_some();
        Client {
            inner: Arc::new(Inner {
                base: self.base,
                locale: Mutex::new(self.locale),
                retry: self.retry,
                transport: Transport::new(&self.user_agent),
                session: Session::new(self.token, self.credentials, self.guard),
                renews: AtomicBool::new(renews),
            }),
        }
    }
}

/// A lock that a panic elsewhere does not spoil: what it guards is replaced whole.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Client {
    /// A client for the installation at an address such as `https://crm.example.com`;
    /// empty in a browser, for the page's own server.
    pub fn builder(base: &str) -> Builder {
        Builder {
            base: base.trim_end_matches('/').to_owned(),
            token: None,
            credentials: None,
            guard: None,
            locale: Locale::default(),
            retry: Retry::default(),
            user_agent: concat!("conexao-client/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }

    /// A client with an access token or an API token.
    pub fn new(base: &str, token: impl Into<String>) -> Self {
        Self::builder(base).token(token).build()
    }

    /// Records of a resource, by its declaration.
    pub fn resource<'a>(&'a self, resource: &'a Resource) -> Records<'a> {
        Records::new(self, resource)
    }

    /// The audit, and permissions explained.
    pub fn privacy(&self) -> crate::Privacy<'_> {
        crate::Privacy(self)
    }

    /// What happened, and why somebody may do something.
    pub fn audit(&self) -> Audit<'_> {
        Audit(self)
    }

    /// Background work.
    pub fn jobs(&self) -> Jobs<'_> {
        Jobs(self)
    }

    /// Files on their way to becoming records.
    pub fn imports(&self) -> Imports<'_> {
        Imports(self)
    }

    /// What the caller is told.
    pub fn notifications(&self) -> Notifications<'_> {
        Notifications(self)
    }

    /// A call by its path below `/api/v1`, for what has no function here.
    pub fn get(&self, path: impl Into<String>) -> Call {
        Call::new(self.clone(), "GET", path)
    }

    /// A write that carries an idempotency key.
    pub fn post(&self, path: impl Into<String>) -> Call {
        Call::new(self.clone(), "POST", path)
    }

    /// A change that carries an idempotency key.
    pub fn patch(&self, path: impl Into<String>) -> Call {
        Call::new(self.clone(), "PATCH", path)
    }

    /// A replacement that carries an idempotency key.
    pub fn put(&self, path: impl Into<String>) -> Call {
        Call::new(self.clone(), "PUT", path)
    }

    pub fn delete(&self, path: impl Into<String>) -> Call {
        Call::new(self.clone(), "DELETE", path)
    }

    /// The language of answers.
    pub fn locale(&self) -> Locale {
        *lock(&self.inner.locale)
    }

    pub fn set_locale(&self, locale: Locale) {
        *lock(&self.inner.locale) = locale;
    }

    /// The access token as it is now.
    pub fn token(&self) -> Option<String> {
        self.session().token()
    }

    pub(crate) fn session(&self) -> &Session {
        &self.inner.session
    }

    pub(crate) fn base(&self) -> &str {
        &self.inner.base
    }

    pub(crate) fn retry(&self) -> Retry {
        self.inner.retry
    }

    pub(crate) fn transport(&self) -> &Transport {
        &self.inner.transport
    }

    pub(crate) fn renews(&self) -> bool {
        self.inner.renews.load(Ordering::Relaxed)
    }

    /// From now on the session's cookie renews the token, or no longer.
    pub(crate) fn set_renews(&self, renews: bool) {
        self.inner.renews.store(renews, Ordering::Relaxed);
    }

    /// The token to send, fetched first where none is there yet.
    pub(crate) async fn bearer(&self) -> Result<Option<String>, Failure> {
        match self.token() {
            None if self.renews() => self.renew(None).await.map(Some),
            token => Ok(token),
        }
    }
}
