//! The access token: in memory only, renewed through the httpOnly cookie by
//! one call however many requests wait for it.

use std::cell::RefCell;

use futures_util::future::{FutureExt, LocalBoxFuture, Shared};

use super::{Failure, auth};
use crate::state::app;

type Renewal = Shared<LocalBoxFuture<'static, Result<String, Failure>>>;

thread_local! {
    static TOKEN: RefCell<Option<String>> = const { RefCell::new(None) };
    static RENEWAL: RefCell<Option<Renewal>> = const { RefCell::new(None) };
}

pub fn current() -> Option<String> {
    TOKEN.with_borrow(Clone::clone)
}

pub fn set(token: Option<String>) {
    TOKEN.set(token);
}

/// A token other than `stale`: the one somebody else already fetched, or a new
/// one. When the cookie is no longer good, waits for the person to sign in
/// again over the screen, so that nothing typed is lost.
pub async fn renew(stale: Option<&str>) -> Result<String, Failure> {
    if let Some(token) = current().filter(|token| Some(token.as_str()) != stale) {
        return Ok(token);
    }
    let running = RENEWAL.with_borrow_mut(|slot| slot.get_or_insert_with(start).clone());
    let result = running.await;
    RENEWAL.set(None);
    result
}

fn start() -> Renewal {
    let work = async {
        match auth::refresh().await {
            Ok(()) => {}
            Err(failure) if failure.status == 401 && app().session.is_inside() => app().session.sign_in_again().await,
            Err(failure) => return Err(failure),
        }
        current().ok_or_else(Failure::network)
    };
    work.boxed_local().shared()
}
