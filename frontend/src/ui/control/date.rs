//! Days and moments, with the calendar of the browser.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};
use conexao_domain::kernel::{canonical::write_instant, field::Kind};
use leptos::{ev::Event, html::Input, prelude::*};
use serde_json::Value as Json;

use super::Control;
use crate::{format, t, ui::icon::icon};

/// A calendar day: typed, or chosen in the calendar of the browser.
pub fn day(control: Control) -> AnyView {
    let value = control.value;
    let text = super::text::typed(&control);
    let input = move |event: Event| {
        text.set(super::text::punctuated(Kind::Date, &event));
        value.set(format::read(Kind::Date, &text.get_untracked()));
    };
    let tidy = move |_| text.set(format::written(Kind::Date, &value.get_untracked()));
    let picker = NodeRef::<Input>::new();
    let open = move |_| {
        if let Some(picker) = picker.get_untracked() {
            let _ = picker.show_picker();
        }
    };
    // The browser's field speaks the canonical form.
    let shown = move || value.get().as_str().filter(|text| text.parse::<NaiveDate>().is_ok()).unwrap_or_default().to_owned();
    let choose = move |event| {
        let text = event_target_value(&event);
        value.set(if text.is_empty() { Json::Null } else { text.into() });
    };
    view! {
        <span class=control.class("input relative max-md:h-11")>
            <input
                id=control.id.clone()
                name=control.id.clone()
                class="num min-w-0 flex-1"
                type="text"
                inputmode="numeric"
                autocomplete="off"
                maxlength="10"
                placeholder=t!("control.date")
                disabled=control.locked
                required=control.required
                aria-invalid=control.invalid()
                aria-describedby=control.error_id()
                prop:value=text
                on:input=input
                on:change=tidy
            />
            <input
                type="date"
                class="pointer-events-none absolute right-2 bottom-0 h-0 w-8 opacity-0"
                tabindex="-1"
                aria-hidden="true"
                disabled=control.locked
                prop:value=shown
                node_ref=picker
                on:change=choose
            />
            <button
                type="button"
                class="icon-btn icon-btn-sm -mr-2"
                tabindex="-1"
                aria-label=t!("control.calendar")
                title=t!("control.calendar")
                disabled=control.locked
                on:click=open
            >
                {icon("calendar", "i i-sm")}
            </button>
        </span>
    }
    .into_any()
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
