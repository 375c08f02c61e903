//! Changing many records at once: one field that the person chooses, or labels
//! added and taken away.

use std::sync::Arc;

use conexao_domain::kernel::field::{Field, Kind};
use leptos::prelude::*;
use serde_json::{Map, Value as Json};

use crate::{
    api::Failure,
    i18n,
    resource::list::{List, act, edit},
    t, tn,
    ui::{
        control::{Control, control},
        overlay::{Dialog, dialog as modal},
    },
};

/// What is changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Many {
    /// One field.
    Field,
    /// The labels.
    Tags,
}

/// What the dialog holds.
#[derive(Clone, Copy)]
struct Change {
    list: List,
    field: RwSignal<Option<&'static Field>>,
    value: RwSignal<Json>,
    add: RwSignal<Json>,
    remove: RwSignal<Json>,
    refusal: RwSignal<Option<Failure>>,
}

impl Change {
    /// The name of the act and what it gets; nothing while there is nothing to do.
    fn wanted(self, many: Many) -> Option<(&'static str, Map<String, Json>)> {
        let values: Map<String, Json> = match many {
            Many::Field => [(self.field.get()?.name.to_owned(), self.value.get())].into_iter().collect(),
            Many::Tags => {
                let both = [("add", self.add.get()), ("remove", self.remove.get())].into_iter();
                both.filter(|(_, words)| words.as_array().is_some_and(|words| !words.is_empty()))
                    .map(|(name, words)| (name.to_owned(), words))
                    .collect()
            }
        };
        let name = if many == Many::Tags { "tag" } else { "patch" };
        (!values.is_empty()).then_some((name, values))
    }
}

/// The fields one value may be given to in many records: those nobody else may share stay out.
pub fn fields(list: List) -> Vec<&'static Field> {
    let fits = |field: &&'static Field| edit::is_plain(field) && !field.unique && field.kind != Kind::Tags;
    list.resource.fields.iter().filter(fits).collect()
}

/// The dialog.
pub fn dialog(list: List, many: Many) -> AnyView {
    let change = Change {
        list,
        field: RwSignal::new(None),
        value: RwSignal::new(Json::Null),
        add: RwSignal::new(Json::Array(Vec::new())),
        remove: RwSignal::new(Json::Array(Vec::new())),
        refusal: RwSignal::new(None),
    };
    let close = move || list.act.set(None);
    let refused = move || {
        let failure = change.refusal.get()?;
        Some(view! { <p class="notice notice-danger" role="alert">{failure.message()}</p> })
    };
    let body = match many {
        Many::Field => choice(change),
        Many::Tags => tags(change),
    };
    let go = move |_| {
        if let Some((act, values)) = untrack(|| change.wanted(many)) {
            act::several(list, act, values, change.refusal);
        }
    };
    let words = list.selected_words();
    let content = Dialog {
        title: if many == Many::Tags { t!("many.tags_title", what = words) } else { t!("many.title", what = words) },
        text: t!("many.text"),
        art: (if many == Many::Tags { "tag" } else { "square-pen" }, "bg-mute-bg text-ink-2"),
        body: view! { <div class="grid gap-3">{refused} {body} {move || count(change, many)}</div> }.into_any(),
        foot: view! {
            <button type="button" class="btn btn-sm btn-line max-md:h-11" on:click=move |_| close()>{t!("cancel")}</button>
            <button type="button" class="btn btn-sm btn-primary max-md:h-11" disabled=move || change.wanted(many).is_none() on:click=go>
                {t!("many.go", what = words)}
            </button>
        }
        .into_any(),
    };
    modal(content, Arc::new(close))
}

/// Which field, and its value.
fn choice(change: Change) -> AnyView {
    let list = change.list;
    let all = fields(list);
    let options = all.iter().map(|field| {
        view! { <option value=field.name>{i18n::field(list.resource.name, field)}</option> }
    });
    let options = options.collect_view();
    let choose = move |event| {
        let name = event_target_value(&event);
        change.value.set(Json::Null);
        change.refusal.set(None);
        change.field.set(all.iter().copied().find(|field| field.name == name));
    };
    let error = move |field: &'static Field| {
        Signal::derive(move || change.refusal.get().and_then(|f| f.field(field.name).map(str::to_owned)))
    };
    let value = move || {
        change.field.get().map(|field| {
            let id = format!("many-{}", field.name);
            control(Control::new(list.resource.name, field, id, change.value, error(field)))
        })
    };
    view! {
        <div class="field">
            <label for="many-field">{t!("many.field")}</label>
            <select id="many-field" class="select max-md:h-11" data-focus="" on:change=choose>
                <option value="">{t!("many.choose")}</option>
                {options}
            </select>
        </div>
        {value}
    }
    .into_any()
}

fn tags(change: Change) -> AnyView {
    let list = change.list;
    let Some(field) = list.resource.field("tags") else { return ().into_any() };
    let one = |id: &'static str, label: String, value: RwSignal<Json>| {
        let inside = Control {
            bare: true,
            ..Control::new(list.resource.name, field, id.to_owned(), value, Signal::derive(|| None))
        };
        view! { <fieldset class="grid gap-1"><legend class="mb-1 text-sm font-medium">{label}</legend>{control(inside)}</fieldset> }
    };
    view! { {one("many-add", t!("many.add"), change.add)} {one("many-remove", t!("many.remove"), change.remove)} }
        .into_any()
}

/// How many records change, as far as the rows on the screen tell.
fn count(change: Change, many: Many) -> Option<AnyView> {
    let list = change.list;
    let all = list.selected_count();
    let field = change.field.get().filter(|_| many == Many::Field)?;
    let value = change.value.get();
    let same = if list.every.get() {
        0
    } else {
        let selected = list.selected.read();
        let is_same = |row: &&conexao_domain::kernel::record::Record| {
            selected.contains(row.id()) && *row.get(field.name) == value
        };
        list.with_rows(|rows| i64::try_from(rows.iter().filter(is_same).count()).unwrap_or_default())
    };
    let empties =
        value.is_null().then(|| view! { <p>{t!("many.empties", field = i18n::field(list.resource.name, field))}</p> });
    let rest = all.saturating_sub(same);
    let same = (same > 0).then(|| view! { <p>{tn!("many.same", same)}</p> });
    Some(
        view! { <div class="hint grid gap-1" role="status"><p class="num">{tn!("many.count", rest)}</p> {same} {empties}</div> }
            .into_any(),
    )
}
