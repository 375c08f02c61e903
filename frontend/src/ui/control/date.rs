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
    // The browser's field speaks the canonical form.
    let picked =
        move || value.get().as_str().filter(|text| text.parse::<NaiveDate>().is_ok()).unwrap_or_default().to_owned();
    let take = |text: String| if text.is_empty() { Json::Null } else { text.into() };
    let face = Face { picker: "date", placeholder: t!("control.date"), length: "10" };
    input(
        control,
        face,
        |text| format::read(Kind::Date, text),
        |value| format::written(Kind::Date, value),
        picked,
        take,
    )
}

/// A moment on the clocks of the company.
pub fn moment(control: Control) -> AnyView {
    let value = control.value;
    let picked = move || local(&value.get()).map(|at| at.format("%Y-%m-%dT%H:%M").to_string()).unwrap_or_default();
    let take = |text: String| if text.is_empty() { Json::Null } else { read(&text, PICKED) };
    let face = Face { picker: "datetime-local", placeholder: t!("control.moment"), length: "16" };
    let typed = |text: &str| if text.trim().is_empty() { Json::Null } else { read(text.trim(), TYPED) };
    input(control, face, typed, written, picked, take)
}

const PICKED: &str = "%Y-%m-%dT%H:%M";
const TYPED: &str = "%d/%m/%Y %H:%M";

fn local(value: &Json) -> Option<NaiveDateTime> {
    value.as_str().and_then(|text| text.parse::<DateTime<Utc>>().ok()).map(format::local)
}

/// A moment as it is typed; what could not be read stays.
fn written(value: &Json) -> String {
    local(value).map_or_else(|| value.as_str().unwrap_or_default().to_owned(), |at| at.format(TYPED).to_string())
}

/// The instant of a local time. The distance between the two is taken at that
/// very time, so a zone that changes its clocks is met on the right side.
fn read(text: &str, form: &str) -> Json {
    // What cannot be read stays as typed, to be refused under the field.
    let Ok(local) = NaiveDateTime::parse_from_str(text, form) else { return text.into() };
    let guess = local.and_utc();
    let offset = format::local(guess) - guess.naive_utc();
    write_instant(guess - offset).into()
}

/// What differs between days and moments.
struct Face {
    picker: &'static str,
    placeholder: String,
    length: &'static str,
}

fn input(
    control: Control,
    kind: Face,
    read: fn(&str) -> Json,
    written: fn(&Json) -> String,
    picked: impl Fn() -> String + Send + Sync + 'static,
    take: fn(String) -> Json,
) -> AnyView {
    let (value, field) = (control.value, control.field.kind);
    let text = RwSignal::new(written(&value.get_untracked()));
    Effect::new(move |before: Option<()>| {
        let value = value.get();
        if before.is_some() && read(&text.get_untracked()) != value {
            text.set(written(&value));
        }
    });
    let typed = move |event: Event| {
        text.set(super::text::punctuated(field, &event));
        value.set(read(&text.get_untracked()));
    };
    let calendar = NodeRef::<Input>::new();
    let open = move |_| {
        if let Some(calendar) = calendar.get_untracked() {
            let _ = calendar.show_picker();
        }
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
                maxlength=kind.length
                placeholder=kind.placeholder
                disabled=control.locked
                required=control.required
                aria-invalid=control.invalid()
                aria-describedby=control.error_id()
                prop:value=text
                on:input=typed
                on:change=move |_| text.set(written(&value.get_untracked()))
            />
            <input
                type=kind.picker
                class="pointer-events-none absolute right-2 bottom-0 h-0 w-8 opacity-0"
                tabindex="-1"
                aria-hidden="true"
                disabled=control.locked
                prop:value=picked
                node_ref=calendar
                on:change=move |event| value.set(take(event_target_value(&event)))
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

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn local_times_become_instants() {
        assert_eq!(read("2026-11-19T15:47", PICKED), json!("2026-11-19T18:47:00.000Z"));
        assert_eq!(read("19/11/2026 15:47", TYPED), json!("2026-11-19T18:47:00.000Z"));
        assert_eq!(read("19/11", TYPED), json!("19/11"));
        assert_eq!(written(&json!("2026-11-19T18:47:00.000Z")), "19/11/2026 15:47");
    }
}
