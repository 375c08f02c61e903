//! Hints at records that may be the same. They never stop anybody.

use std::time::Duration;

use leptos::{leptos_dom::helpers::set_timeout, prelude::*};
use serde_json::Value as Json;

use super::state::Form;
use crate::{
    api::{Params, records, records::Mention},
    i18n,
    screen::Screen,
    t,
    ui::{icon::icon, load::Load},
};

/// Typing pauses this long before it is looked up.
const PAUSE: Duration = Duration::from_millis(500);

/// A notice with the records found, until each is said to be another case.
/// `take` is for forms that were opened to find a record: the one found will do.
pub fn hints(form: Form, take: Option<Callback<Mention>>) -> Option<AnyView> {
    if form.resource().duplicates.is_empty() {
        return None;
    }
    let load = Load::<Vec<Mention>>::new();
    look_up(form, load);
    let dismissed = RwSignal::new(Vec::<String>::new());
    let shown = move || {
        let found = load.ready().unwrap_or_default();
        let open = found.into_iter().filter(|hint| !dismissed.with(|gone| gone.contains(&hint.id)));
        open.map(|hint| one(form, hint, dismissed, take)).collect_view()
    };
    Some(view! { <div class="grid gap-2 not-empty:mb-4" role="status">{shown}</div> }.into_any())
}

fn look_up(form: Form, load: Load<Vec<Mention>>) {
    let query = Memo::new(move |_| query(form));
    let turn = StoredValue::new(0_u32);
    Effect::new(move || {
        let params = query.get();
        let now = turn.get_value().wrapping_add(1);
        turn.set_value(now);
        if params.0.is_empty() {
            load.answer.set(None);
            return;
        }
        let ask = move || {
            if turn.try_get_value() == Some(now) {
                let resource = form.resource();
                let params = params.clone().with("exclude", form.base().id());
                load.run(async move { records::duplicates(resource, &params).await });
            }
        };
        set_timeout(ask, PAUSE);
    });
}

/// The compared values that are whole and differ from those of the record; tracked.
fn query(form: Form) -> Params {
    let (now, base) = (form.derived(), form.base());
    let mut params = Params::default();
    for name in form.resource().duplicates {
        let Some(field) = form.resource().field(name) else { continue };
        let value = field.kind.canonical(now.get(name)).unwrap_or_default();
        if let (Json::String(text), true) = (&value, value != *base.get(name)) {
            params.set(name, text);
        }
    }
    params
}

fn one(form: Form, hint: Mention, dismissed: RwSignal<Vec<String>>, take: Option<Callback<Mention>>) -> AnyView {
    let same = hint.field.as_deref().and_then(|name| form.resource().field(name));
    let same = same.map(|field| i18n::field(form.resource().name, field)).unwrap_or_default();
    let path = Screen::Detail(form.resource(), hint.id.clone()).path();
    let id = hint.id.clone();
    let other = move |_| dismissed.update(|gone| gone.push(id.clone()));
    let label = t!("form.open_record", title = hint.title);
    let found = hint.clone();
    let use_it = take.map(|take| {
        let label = t!("form.use_record_of", title = hint.title);
        view! {
            <button
                type="button"
                class="font-semibold underline underline-offset-2"
                aria-label=label
                on:click=move |_| take.run(found.clone())
            >
                {t!("form.use_record")}
            </button>
        }
    });
    view! {
        <div class="notice notice-waiting flex-wrap items-center">
            {icon("copy", "i")}
            <p class="min-w-48 flex-1">
                <b class="font-semibold">{t!("form.maybe_same")}</b> " "
                {t!("form.same_value", title = hint.title, field = same)}
                <span class="block text-xs">{hint.subtitle}</span>
            </p>
            <span class="flex shrink-0 flex-wrap gap-x-3 gap-y-1">
                {use_it}
                <a class="font-semibold underline underline-offset-2" href=path target="_blank" rel="noopener" aria-label=label>
                    {t!("form.open")}
                </a>
                <button type="button" class="font-semibold underline underline-offset-2" on:click=other>{t!("form.another_case")}</button>
            </span>
        </div>
    }
    .into_any()
}
