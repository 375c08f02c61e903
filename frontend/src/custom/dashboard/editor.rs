//! Making a widget: the form, what it is about, what is counted, how it is
//! shared out, since when. The widget itself is shown meanwhile, with its numbers.

mod choices;

use std::{sync::Arc, time::Duration};

use leptos::{leptos_dom::helpers::set_timeout, prelude::*};

use super::{
    board::{Board, Edited},
    cell,
};
use crate::{
    api::{
        Params,
        dashboard::{Interval, Kind, Widget},
    },
    t, td,
    ui::{
        fresh::fresh,
        icon::icon,
        overlay::{Close, sheet, sheet_head},
    },
};

/// The preview waits for so long a pause.
const PAUSE: Duration = Duration::from_millis(250);

/// The forms to choose from, with their icons.
const KINDS: [(Kind, &str, &str); 9] = [
    (Kind::Kpi, "kpi", "gauge"),
    (Kind::Bar, "bar", "chart-column"),
    (Kind::Line, "line", "trending-up"),
    (Kind::Stacked, "stacked", "layers"),
    (Kind::Donut, "donut", "circle-dashed"),
    (Kind::Funnel, "funnel", "list-filter"),
    (Kind::Heat, "heat", "table-2"),
    (Kind::List, "list", "list"),
    (Kind::Shortcuts, "shortcuts", "link-2"),
];

/// What is being made. Texts are empty where nothing is chosen.
#[derive(Debug, Clone, Copy)]
pub struct Draft {
    pub kind: RwSignal<Kind>,
    pub resource: RwSignal<String>,
    pub query: RwSignal<String>,
    pub measure: RwSignal<String>,
    pub group: RwSignal<String>,
    pub split: RwSignal<String>,
    pub interval: RwSignal<String>,
    pub period: RwSignal<String>,
    pub title: RwSignal<String>,
}

impl Draft {
    fn of(widget: Option<&Widget>) -> Self {
        let text = |of: fn(&Widget) -> Option<String>| RwSignal::new(widget.and_then(of).unwrap_or_default());
        Self {
            kind: RwSignal::new(widget.map_or(Kind::Kpi, |widget| widget.kind)),
            resource: RwSignal::new(
                widget
                    .map(|widget| widget.resource.clone())
                    .filter(|name| !name.is_empty())
                    .unwrap_or_else(choices::first),
            ),
            // As the choices write it; the server may write it otherwise.
            query: text(|widget| Some(Params::parse(&widget.query).text())),
            measure: RwSignal::new(widget.map_or_else(|| "count".to_owned(), |widget| widget.measure.clone())),
            group: text(|widget| widget.group.clone()),
            split: text(|widget| widget.split.clone()),
            interval: text(|widget| widget.interval.map(|interval| interval.name().to_owned())),
            period: text(|widget| widget.period.clone()),
            title: text(|widget| widget.title.clone()),
        }
    }

    /// The widget as it would be kept; what its form has no use for is left out. Tracked.
    fn widget(self, id: &str, size: Option<(u8, u8)>) -> Widget {
        let kind = self.kind.get();
        let some = |text: RwSignal<String>, used: bool| Some(text.get()).filter(|text| used && !text.is_empty());
        let uses = choices::Uses::of(kind, &self.interval.get());
        let (w, h) = size.unwrap_or(match kind {
            Kind::Kpi => (1, 1),
            Kind::List => (2, 3),
            Kind::Shortcuts => (4, 2),
            _ => (2, 2),
        });
        let interval = some(self.interval, uses.interval);
        Widget {
            id: id.to_owned(),
            kind,
            resource: if uses.resource { self.resource.get() } else { String::new() },
            title: some(self.title, true),
            query: if uses.resource { self.query.get() } else { String::new() },
            group: some(self.group, uses.group),
            split: some(self.split, uses.split),
            measure: some(self.measure, uses.measure).unwrap_or_else(|| "count".to_owned()),
            interval: Interval::ALL.into_iter().find(|one| interval.as_deref() == Some(one.name())),
            period: some(self.period, uses.period),
            w,
            h,
        }
    }
}

/// The editor of a widget, or of one that is not there yet.
pub fn editor(board: Board, edited: Edited) -> AnyView {
    match edited {
        Edited::New => form(board, None),
        Edited::There(widget) => form(board, Some(&widget)),
    }
}

fn form(board: Board, widget: Option<&Widget>) -> AnyView {
    let draft = Draft::of(widget);
    let is_new = widget.is_none();
    let id = widget.map_or_else(|| board.free_id(), |widget| widget.id.clone());
    let (first, size) = (widget.map(|widget| widget.kind), widget.map(|widget| (widget.w, widget.h)));
    // Another form begins with the size that suits it.
    let made = Memo::new(move |_| draft.widget(&id, size.filter(|_| first == Some(draft.kind.get()))));
    let close: Close = Arc::new(move || board.open.set(None));
    let accept = {
        let close = Arc::clone(&close);
        move |_| {
            board.accept(made.get_untracked());
            close();
        }
    };
    let (title, button) =
        if is_new { (t!("dash.add"), t!("dash.add_it")) } else { (t!("dash.change"), t!("dash.change_it")) };
    let head = view! { <h2 class="text-md font-semibold tracking-tight">{title.clone()}</h2> };
    let cancel = Arc::clone(&close);
    let content = view! {
        {sheet_head(head.into_any(), ().into_any(), Arc::clone(&close))}
        {preview(made)}
        <div class="grid min-h-0 flex-1 content-start gap-4 overflow-y-auto p-4">
            {kinds(draft)}
            {choices::fields(draft)}
        </div>
        <div class="flex justify-end gap-2 border-t border-line p-3">
            <button type="button" class="btn btn-line max-md:h-11 max-md:flex-1" on:click=move |_| cancel()>{t!("cancel")}</button>
            <button type="button" class="btn btn-primary max-md:h-11 max-md:flex-1" on:click=accept>{button}</button>
        </div>
    };
    sheet(title, content.into_any(), close)
}

/// The widget as it will be, with its numbers; it leads nowhere yet.
fn preview(made: Memo<Widget>) -> AnyView {
    // Typing a name asks for no numbers until it pauses.
    let shown = RwSignal::new(made.get_untracked());
    Effect::new(move || {
        let now = made.get();
        let show = move || {
            if made.try_get_untracked().as_ref() == Some(&now) && shown.try_get_untracked().as_ref() != Some(&now) {
                shown.set(now);
            }
        };
        set_timeout(show, PAUSE);
    });
    let key = move || shown.with(|widget| serde_json::to_string(widget).unwrap_or_default());
    let drawn = fresh(key, move |_| shown.with_untracked(cell::body));
    let low = move || shown.with(|widget| widget.kind == Kind::Kpi);
    let class = move || if low() { "dash-preview dash-preview-low" } else { "dash-preview" };
    view! {
        <div class="border-b border-line bg-base-200 p-4" role="group" aria-label=t!("dash.preview")>
            <div class=class prop:inert=true>{drawn}</div>
        </div>
    }
    .into_any()
}

fn kinds(draft: Draft) -> AnyView {
    let one = |(kind, name, art): (Kind, &'static str, &'static str)| {
        let id = format!("dash-kind-{name}");
        view! {
            <label class="dash-kind" for=id.clone()>
                <input
                    id=id.clone()
                    type="radio"
                    name="dash-kind"
                    class="sr-only"
                    prop:checked=move || draft.kind.get() == kind
                    on:change=move |_| draft.kind.set(kind)
                />
                {icon(art, "i i-md")} <span>{td!("dash.kind.", name)}</span>
            </label>
        }
    };
    view! {
        <fieldset>
            <legend class="mb-1.5 text-sm font-medium">{t!("dash.form")}</legend>
            <div class="grid grid-cols-3 gap-2">{KINDS.map(one).into_iter().collect_view()}</div>
        </fieldset>
    }
    .into_any()
}
