//! Days and moments: typed, or chosen in a calendar.

use std::time::Duration;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, Utc};
use conexao_domain::kernel::canonical::write_instant;
use leptos::{
    ev::{self, Event, FocusEvent, KeyboardEvent, MouseEvent},
    html::{Div, Input},
    leptos_dom::helpers::set_timeout,
    prelude::*,
};
use serde_json::Value as Json;
use wasm_bindgen::JsCast;

use super::{
    Control,
    calendar::{Calendar, calendar},
    text::{USUAL, Writing, punctuated},
};
use crate::{
    format, t,
    ui::{focus, icon::icon},
};

/// A calendar day.
pub fn day(control: Control) -> AnyView {
    let face = Face {
        placeholder: t!("control.date"),
        length: "10",
        writing: USUAL,
        day: |value| value.as_str().and_then(|text| text.parse().ok()),
        at: |day, _| day.to_string().into(),
    };
    input(control, face)
}

/// A moment on the clocks of the company. A day from the calendar keeps the
/// time that was there; else it is the present one, to be typed over.
pub fn moment(control: Control) -> AnyView {
    let face = Face {
        placeholder: t!("control.moment"),
        length: "16",
        writing: Writing { read: |_, text| typed(text), written: |_, value| written(value) },
        day: |value| local(value).map(|at| at.date()),
        at: |day, value| instant(day.and_time(local(value).map_or_else(now, |at| at.time()))),
    };
    input(control, face)
}

const FORM: &str = "%d/%m/%Y %H:%M";
/// As other programs write moments.
const OTHERS: [&str; 3] = ["%d/%m/%Y, %H:%M", "%Y-%m-%d %H:%M", "%Y-%m-%dT%H:%M"];

fn local(value: &Json) -> Option<NaiveDateTime> {
    value.as_str().and_then(|text| text.parse::<DateTime<Utc>>().ok()).map(format::local)
}

fn now() -> NaiveTime {
    format::local(format::now()).time()
}

/// A moment as it is typed; what could not be read stays.
fn written(value: &Json) -> String {
    local(value).map_or_else(|| value.as_str().unwrap_or_default().to_owned(), |at| at.format(FORM).to_string())
}

/// What cannot be read stays as typed, to be refused under the field.
fn typed(text: &str) -> Json {
    let text = text.trim();
    if text.is_empty() {
        return Json::Null;
    }
    let mut forms = std::iter::once(FORM).chain(OTHERS);
    let local = forms.find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    local.map_or_else(|| text.into(), instant)
}

/// The instant of a local time. The distance between the two is taken at that
/// very time, so a zone that changes its clocks is met on the right side.
fn instant(local: NaiveDateTime) -> Json {
    let guess = local.and_utc();
    let offset = format::local(guess) - guess.naive_utc();
    write_instant(guess - offset).into()
}

/// What differs between days and moments.
struct Face {
    placeholder: String,
    length: &'static str,
    writing: Writing,
    /// The day of a value.
    day: fn(&Json) -> Option<NaiveDate>,
    /// The value on another day.
    at: fn(NaiveDate, &Json) -> Json,
}

/// Where the calendar stands; none while it is closed.
type Place = RwSignal<Option<&'static str>>;

fn input(control: Control, face: Face) -> AnyView {
    let (value, kind) = (control.value, control.field.kind);
    let Face { placeholder, length, writing, day, at } = face;
    let (read, written) = (writing.read, writing.written);
    let text = RwSignal::new(written(kind, &value.get_untracked()));
    Effect::new(move |before: Option<()>| {
        let value = value.get();
        if before.is_some() && read(kind, &text.get_untracked()) != value {
            text.set(written(kind, &value));
        }
    });
    let typed = move |event: Event| {
        text.set(punctuated(kind, &writing, &event));
        value.set(read(kind, &text.get_untracked()));
    };
    let (root, node) = (NodeRef::<Div>::new(), NodeRef::<Input>::new());
    let place: Place = RwSignal::new(None);
    closes_outside(root, place);
    let close = Callback::new(move |()| {
        place.set(None);
        focus::give(node.get_untracked().map(Into::into));
    });
    let pick = Callback::new(move |chosen: Option<NaiveDate>| {
        value.set(chosen.map_or(Json::Null, |chosen| at(chosen, &value.get_untracked())));
        close.run(());
    });
    let chosen = Signal::derive(move || value.with(day));
    let id = format!("{}-cal", control.id);
    let shown = move || {
        place.get().map(|place| {
            let class = format!("pop absolute z-40 w-74 max-w-[calc(100vw-2rem)] {place}");
            let inner = calendar(Calendar { id: id.clone(), chosen, pick, close });
            view! { <div class=class role="dialog" aria-label=t!("calendar.name") tabindex="-1">{inner}</div> }
        })
    };
    view! {
        <div class="relative min-w-0" node_ref=root on:focusout=move |event| leaves(&event, root, place)>
            <span class=control.class("input max-md:h-11")>
                <input
                    id=control.id.clone()
                    name=control.id.clone()
                    class="num min-w-0 flex-1"
                    type="text"
                    inputmode="numeric"
                    autocomplete="off"
                    maxlength=length
                    placeholder=placeholder
                    disabled=control.locked
                    required=control.required
                    aria-invalid=control.invalid()
                    aria-describedby=control.described()
                    prop:value=text
                    node_ref=node
                    on:input=typed
                    on:change=move |_| text.set(written(kind, &value.get_untracked()))
                    on:keydown=move |event| opens(&event, root, place)
                />
                {button(&control, root, place)}
            </span>
            {shown}
        </div>
    }
    .into_any()
}

fn button(control: &Control, root: NodeRef<Div>, place: Place) -> AnyView {
    let click = move |_: MouseEvent| {
        let next = if place.get_untracked().is_some() { None } else { Some(beside(root)) };
        place.set(next);
    };
    view! {
        <button
            type="button"
            class="icon-btn icon-btn-sm -mr-2"
            tabindex="-1"
            aria-label=t!("control.calendar")
            aria-haspopup="dialog"
            aria-expanded=move || place.get().is_some().to_string()
            title=t!("control.calendar_key")
            disabled=control.locked
            on:click=click
        >
            {icon("calendar", "i i-sm")}
        </button>
    }
    .into_any()
}

/// Arrow down goes into the calendar, as it goes into any list below a box.
fn opens(event: &KeyboardEvent, root: NodeRef<Div>, place: Place) {
    match event.key().as_str() {
        "ArrowDown" => {
            event.prevent_default();
            event.stop_propagation();
            place.set(Some(beside(root)));
        }
        "Escape" if place.get_untracked().is_some() => {
            event.stop_propagation();
            place.set(None);
        }
        _ => {}
    }
}

/// Below the box and to the right, unless there is no room.
#[expect(clippy::float_arithmetic, reason = "pixels of the screen")]
fn beside(root: NodeRef<Div>) -> &'static str {
    const WIDE: f64 = 304.0;
    const HIGH: f64 = 420.0;
    let Some(root) = root.get_untracked() else { return "top-full left-0 mt-1" };
    let rect = root.get_bounding_client_rect();
    let size =
        |value: Result<wasm_bindgen::JsValue, _>| value.ok().and_then(|value| value.as_f64()).unwrap_or_default();
    let (width, height) = (size(window().inner_width()), size(window().inner_height()));
    let right = rect.left() + WIDE > width && rect.right() > WIDE;
    let above = rect.bottom() + HIGH > height && rect.top() > HIGH;
    match (above, right) {
        (false, false) => "top-full left-0 mt-1",
        (false, true) => "top-full right-0 mt-1",
        (true, false) => "bottom-full left-0 mb-1",
        (true, true) => "bottom-full right-0 mb-1",
    }
}

/// The Tab key leads out and closes. A moment later, because a month that is
/// turned takes its days, and the focus with them, away.
fn leaves(event: &FocusEvent, root: NodeRef<Div>, place: Place) {
    let stays = |next: Option<&web_sys::Node>| root.get_untracked().is_none_or(|root| root.contains(next));
    let next = event.related_target().and_then(|next| next.dyn_into::<web_sys::Node>().ok());
    if place.get_untracked().is_none() || next.is_none() || stays(next.as_ref()) {
        return;
    }
    let close = move || {
        let now = focus::active().map(web_sys::Node::from);
        let inside = root.try_get_untracked().flatten().is_some_and(|root| root.contains(now.as_ref()));
        if !inside {
            let _ = place.try_set(None);
        }
    };
    set_timeout(close, Duration::from_millis(30));
}

fn closes_outside(root: NodeRef<Div>, place: Place) {
    let handle = window_event_listener(ev::pointerdown, move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        let outside = root.get_untracked().is_some_and(|root| !root.contains(target.as_ref()));
        if outside && place.get_untracked().is_some() {
            place.set(None);
        }
    });
    on_cleanup(move || handle.remove());
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn local_times_become_instants() {
        assert_eq!(typed("2026-11-19T15:47"), json!("2026-11-19T18:47:00.000Z"));
        assert_eq!(typed("19/11/2026 15:47"), json!("2026-11-19T18:47:00.000Z"));
        assert_eq!(typed("19/11"), json!("19/11"));
        assert_eq!(typed(" "), Json::Null);
        assert_eq!(written(&json!("2026-11-19T18:47:00.000Z")), "19/11/2026 15:47");
    }
}
