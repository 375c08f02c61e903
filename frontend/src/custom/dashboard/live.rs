//! Widgets follow what happens: a change of their kind of record asks anew,
//! many changes in a row ask once.

use std::time::Duration;

use conexao_domain::kernel::resource::Resource;
use leptos::{leptos_dom::helpers::set_timeout, prelude::*};

use crate::state::app;

const PAUSE: Duration = Duration::from_millis(800);

/// Calls now, and a moment after records of the kind changed.
pub fn follow(resource: &'static Resource, reload: impl Fn() + Clone + Send + Sync + 'static) {
    let turn = StoredValue::new(0_u32);
    reload();
    Effect::new(move |before: Option<()>| {
        let event = app().live.record.get();
        if before.is_none() || event.is_none_or(|event| event.resource != resource.name) {
            return;
        }
        let this = turn.get_value().wrapping_add(1);
        turn.set_value(this);
        let reload = reload.clone();
        let ask = move || {
            if turn.try_get_value() == Some(this) {
                reload();
            }
        };
        set_timeout(ask, PAUSE);
    });
}
