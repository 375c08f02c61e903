//! Something that comes from the server: the last answer, whether a new one is
//! on its way, and whether that takes long enough to say so.

use std::{future::Future, pin::Pin, time::Duration};

use leptos::{leptos_dom::helpers::set_timeout, prelude::*, task::spawn_local};

use super::toast;
use crate::api::Failure;

/// Below this nothing shows that something is loading.
const QUIET: Duration = Duration::from_millis(150);

type Request<T> = Pin<Box<dyn Future<Output = Result<T, Failure>>>>;

/// The state of one kind of request; the last one asked for wins.
#[derive(Debug)]
pub struct Load<T: Send + Sync + 'static> {
    /// The last answer; none before the first.
    pub answer: RwSignal<Option<Result<T, Failure>>>,
    /// A request is on its way.
    pub waiting: RwSignal<bool>,
    /// It has been for more than 150 ms.
    pub slow: RwSignal<bool>,
    turn: StoredValue<u32>,
}

impl<T: Send + Sync + 'static> Clone for Load<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T: Send + Sync + 'static> Copy for Load<T> {}

impl<T: Clone + Send + Sync + 'static> Load<T> {
    pub fn new() -> Self {
        Self {
            answer: RwSignal::new(None),
            waiting: RwSignal::new(false),
            slow: RwSignal::new(false),
            turn: StoredValue::new(0),
        }
    }

    /// Asks; an earlier request that has not answered yet is forgotten.
    pub fn run(self, request: impl Future<Output = Result<T, Failure>> + 'static) {
        self.await_answer(Box::pin(request));
    }

    /// The same for all requests with one kind of answer: code that is there once
    /// for each of them is what the browser would have to fetch.
    fn await_answer(self, request: Request<T>) {
        let Some(turn) = self.turn.try_get_value().map(|turn| turn.wrapping_add(1)) else { return };
        self.turn.set_value(turn);
        self.waiting.set(true);
        let current = move || self.turn.try_get_value() == Some(turn);
        let mark_slow = move || {
            if current() && self.waiting.try_get_untracked() == Some(true) {
                self.slow.set(true);
            }
        };
        set_timeout(mark_slow, QUIET);
        spawn_local(async move {
            let answer = request.await;
            if current() {
                self.waiting.set(false);
                self.slow.set(false);
                self.answer.set(Some(answer));
            }
        });
    }

    /// Adds to the last good answer. One addition at a time; what comes after
    /// something else was asked for is forgotten, and a refusal is told.
    pub fn add<U: 'static>(self, request: impl Future<Output = Result<U, Failure>> + 'static, join: fn(&mut T, U)) {
        let Some(turn) = self.turn.try_get_value().filter(|_| !self.waiting.get_untracked()) else { return };
        self.waiting.set(true);
        spawn_local(async move {
            let answer = request.await;
            if self.turn.try_get_value() != Some(turn) {
                return;
            }
            self.waiting.set(false);
            match answer {
                Ok(next) => self.patch(|value| join(value, next)),
                Err(failure) => toast::fail(&failure),
            }
        });
    }

    /// The last good answer; tracked.
    pub fn ready(self) -> Option<T> {
        self.answer.get().and_then(Result::ok)
    }

    /// The last refusal; tracked.
    pub fn failed(self) -> Option<Failure> {
        self.answer.get().and_then(Result::err)
    }

    /// Changes the last good answer in place, e.g. before the server confirms.
    pub fn patch(self, change: impl FnOnce(&mut T)) {
        self.answer.update(|answer| {
            if let Some(Ok(value)) = answer {
                change(value);
            }
        });
    }
}
