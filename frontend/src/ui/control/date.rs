//! Days and moments, with the calendar of the browser.

use chrono::{DateTime, NaiveDateTime, Utc};
use conexao_domain::kernel::canonical::write_instant;
use leptos::prelude::*;
use serde_json::Value as Json;

use super::Control;
use crate::format;

/// A calendar day; its canonical form is what the browser uses.
pub fn day(control: Control) -> AnyView {
    let value = control.value;
    let shown = move || value.get().as_str().unwrap_or_default().to_owned();
    let take = move |text: String| if text.is_empty() { Json::Null } else { text.into() };
    input(control, "date", shown, take)
}

/// A moment on the clocks of the company.
pub fn moment(control: Control) -> AnyView {
    let value = control.value;
    let shown = move || {
        let at = value.get().as_str().and_then(|text| text.parse::<DateTime<Utc>>().ok());
        at.map(|at| format::local(at).format("%Y-%m-%dT%H:%M").to_string()).unwrap_or_default()
    };
    input(control, "datetime-local", shown, |text| read(&text))
}

/// The instant of a local time. The distance between the two is taken at that
/// very time, so a zone that changes its clocks is met on the right side.
fn read(text: &str) -> Json {
    let Ok(local) = NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M") else { return Json::Null };
    let guess = local.and_utc();
    let offset = format::local(guess) - guess.naive_utc();
    write_instant(guess - offset).into()
}

fn input(
    control: Control,
    kind: &'static str,
    shown: impl Fn() -> String + Send + Sync + 'static,
    take: impl Fn(String) -> Json + 'static,
) -> AnyView {
    let value = control.value;
    view! {
        <input
            id=control.id.clone()
            name=control.id.clone()
            class=control.class("input num max-md:h-11")
            type=kind
            disabled=control.locked
            required=control.required
            aria-invalid=control.invalid()
            aria-describedby=control.error_id()
            prop:value=shown
            on:change=move |event| value.set(take(event_target_value(&event)))
        />
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn local_times_become_instants() {
        assert_eq!(read("2026-11-19T15:47"), json!("2026-11-19T18:47:00.000Z"));
        assert_eq!(read(""), Json::Null);
    }
}
