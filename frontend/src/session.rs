//! Who is in. The session starts from the cookie, ends at logout, and asks to
//! sign in again over the screen when the cookie is no longer good.

use std::{cell::RefCell, sync::Arc};

use chrono::{DateTime, Utc};
use conexao_domain::{kernel::resource::Resource, locale::Locale, settings::TenantClock};
use js_sys::{Function, Promise};
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use crate::{
    api::{
        auth,
        auth::Me,
        live::out_of_reach,
        settings::{ClockFace, Themed},
    },
    prefs,
    prefs::Theme,
    resource::form::draft,
    state::app,
};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// The cookie is being tried.
    Starting,
    Guest,
    Inside,
    /// Inside, but the session ran out: a dialog asks for the password.
    Locked,
}

#[derive(Debug, Clone, Copy)]
pub struct Session {
    pub phase: RwSignal<Phase>,
    me: RwSignal<Option<Arc<Me>>>,
}

/// Set while a session may exist, so that a first visit asks for nothing.
const KNOWN: &str = "conexao.session";

thread_local! {
    /// Wakes the calls that wait for a new sign-in.
    static WAITING: RefCell<Option<(Promise, Option<Function>)>> = const { RefCell::new(None) };
}

impl Session {
    pub fn new() -> Self {
        Self { phase: RwSignal::new(Phase::Starting), me: RwSignal::new(None) }
    }

    /// Tries the cookie, unless nobody ever signed in with this browser.
    pub fn start(self) {
        draft::sweep(None);
        if prefs::is_new_browser(KNOWN) {
            self.phase.set(Phase::Guest);
            return;
        }
        spawn_local(async move {
            let Err(failure) = auth::refresh().await else { return };
            let away = out_of_reach(&failure);
            if let Some(me) = remembered().filter(|_| away) {
                // Without a server: what is kept here can be seen, and calls
                // renew the token by themselves once there is one.
                app().live.lose();
                self.enter(me);
                return;
            }
            if !away {
                prefs::forget_own();
            }
            self.phase.set(Phase::Guest);
        });
    }

    /// Somebody came in, or came back with a renewed token.
    pub fn enter(self, me: Me) {
        if self.phase.get_untracked() == Phase::Locked && self.user_id() != me.user.id {
            // What waits for a sign-in belongs to somebody else.
            drop(window().location().reload());
            return;
        }
        prefs::remember(KNOWN, "true");
        draft::sweep(Some(&me.user.id));
        app().prefs.set_locale(Locale::negotiate(&me.user.locale));
        app().prefs.set_theme(Theme::parse(&me.user.theme));
        app().prefs.set_compact(me.user.density == "compact");
        app().live.unread.set(me.unread);
        app().keys.take(me.user.shortcuts.clone().unwrap_or_default(), me.user.shortcuts_off);
        self.set_me(me);
        if self.phase.get_untracked() != Phase::Inside {
            self.phase.set(Phase::Inside);
        }
        if let Some((_, Some(wake))) = WAITING.take() {
            let _ = wake.call0(&JsValue::UNDEFINED);
        }
    }

    /// What is known of the person changed.
    pub fn set_me(self, me: Me) {
        let me = Arc::new(me);
        if self.me.get_untracked().as_ref() != Some(&me) {
            self.me.set(Some(me));
        }
    }

    pub fn is_inside(self) -> bool {
        matches!(self.phase.get_untracked(), Phase::Inside | Phase::Locked)
    }

    /// Who is in; tracked.
    pub fn me(self) -> Option<Arc<Me>> {
        self.me.get()
    }

    /// Whether the person has to get a second factor before anything else.
    pub fn must_enrol(self) -> bool {
        self.me.get_untracked().is_some_and(|me| me.must_enrol)
    }

    /// The id of who is in; empty for a guest.
    pub fn user_id(self) -> String {
        self.me.get_untracked().map(|me| me.user.id.clone()).unwrap_or_default()
    }

    /// The IANA time zone of the company.
    #[cfg(target_arch = "wasm32")]
    pub fn time_zone(self) -> String {
        self.me.get_untracked().map(|me| me.tenant.time_zone.clone()).unwrap_or_default()
    }

    /// What the company is there for: `production`, `sandbox`, …; tracked.
    pub fn kind(self) -> String {
        self.me.get().map(|me| me.tenant.kind.clone()).unwrap_or_default()
    }

    /// The same, untracked.
    pub fn kind_now(self) -> String {
        untrack(|| self.kind())
    }

    /// What tells the company's logo for a theme from another; tracked.
    pub fn logo(self, dark: bool) -> Option<String> {
        self.me.get().and_then(|me| of_theme(&me.tenant.logos, dark))
    }

    /// The company's colour for a theme; tracked.
    pub fn accent(self, dark: bool) -> Option<String> {
        self.me.get().and_then(|me| of_theme(&me.tenant.accents, dark))
    }

    /// The company's clock, when somebody moved it; tracked.
    pub fn clock(self) -> Option<TenantClock> {
        clock_of(self.me.get()?.tenant.clock.as_ref()?)
    }

    /// The same, untracked.
    pub fn clock_now(self) -> Option<TenantClock> {
        clock_of(self.me.get_untracked()?.tenant.clock.as_ref()?)
    }

    /// Whether the person may do something, e.g. `customer.update`.
    pub fn can(self, permission: &str) -> bool {
        self.me.get_untracked().is_some_and(|me| me.permissions.contains(permission))
    }

    /// Whether the person may do something to records of a resource.
    pub fn may(self, resource: &Resource, verb: &str) -> bool {
        self.can(&format!("{}.{verb}", resource.name))
    }

    /// Ends the session.
    pub fn leave(self) {
        spawn_local(async move {
            // Leaving works here even when the server cannot be told.
            let _ = auth::logout().await;
            prefs::forget(KNOWN);
            app().live.stop();
            app().keys.clear();
            app().outbox.empty();
            prefs::forget_own();
            self.me.set(None);
            self.phase.set(Phase::Guest);
            draft::remove_all();
        });
    }

    /// Waits until the person has signed in again over the screen.
    pub async fn sign_in_again(self) {
        self.phase.set(Phase::Locked);
        let promise = WAITING.with_borrow_mut(|slot| slot.get_or_insert_with(waiting).0.clone());
        let _ = JsFuture::from(promise).await;
    }
}

/// Where who is in is kept, for a start without a network.
pub const KEPT_ME: &str = "conexao.own.me";

fn remembered() -> Option<Me> {
    let kept: serde_json::Value = serde_json::from_str(&prefs::recall(KEPT_ME)?).ok()?;
    serde_json::from_value(kept).ok()
}

fn of_theme(values: &Themed, dark: bool) -> Option<String> {
    if dark { values.dark.clone() } else { values.light.clone() }
}

fn clock_of(face: &ClockFace) -> Option<TenantClock> {
    let (now, real): (DateTime<Utc>, DateTime<Utc>) = (face.now.parse().ok()?, face.real.parse().ok()?);
    Some(if face.frozen {
        TenantClock::Frozen { at: now }
    } else {
        TenantClock::Moved { millis: (now - real).num_milliseconds() }
    })
}

/// What waits, and what wakes it. There is no empty function to begin with:
/// making one is reading text as code, which the page's policy refuses.
fn waiting() -> (Promise, Option<Function>) {
    let mut wake = None;
    let promise = Promise::new(&mut |resolve, _| wake = Some(resolve));
    (promise, wake)
}
