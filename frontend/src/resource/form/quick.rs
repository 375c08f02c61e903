//! A record made in place, where another one refers to it: the few fields that
//! make it a record, by the same rules and with the same help as its own form.

use std::sync::Arc;

use conexao_domain::kernel::{
    field::{Field, Kind},
    record::Record,
    resource::Resource,
};
use leptos::{ev::KeyboardEvent, prelude::*};

use super::{
    duplicates,
    keep::Keeper,
    mention,
    model::Cell,
    path, rows,
    save::{Saving, Then},
    section,
    state::Form,
    summary, values, view,
};
use crate::{
    api::{Params, records::Mention},
    i18n,
    screen::Screen,
    t,
    ui::{
        focus,
        icon::icon,
        overlay::{Close, close_button, over},
        toast,
    },
};

/// Known to everything inside such a form.
#[derive(Debug, Clone, Copy)]
struct Inside;

/// Whether this is drawn inside such a form, where no further one is opened.
pub fn is_inside() -> bool {
    use_context::<Inside>().is_some()
}

/// The drawer with the form. `typed` is what was being looked for, and goes into
/// the field it fits; `take` gets the new record, or one that was there already.
pub fn drawer(resource: &'static Resource, typed: &str, take: Callback<Mention>, close: Close) -> AnyView {
    provide_context(Inside);
    let start = prefilled(resource, typed);
    let form = Form::new(resource, path::OVER, None, &start);
    let begun = untrack(|| form.model.values());
    let asking = RwSignal::new(false);
    let left = StoredValue::new(String::new());
    let leave: Close = {
        let close = Arc::clone(&close);
        Arc::new(move || {
            // What was typed here is kept nowhere, so a slip of the hand asks first.
            let typed = untrack(|| form.model.values()) != begun;
            if typed && !asking.get_untracked() {
                left.set_value(focus::active().map(|field| field.id()).unwrap_or_default());
                asking.set(true);
            } else {
                close();
            }
        })
    };
    let done = Callback::new(move |(record, _): (Record, Then)| {
        let made = mention::of(resource, &record);
        toast::say(t!("form.created", title = made.title.clone()));
        take.run(made);
    });
    let saving = Saving::new(form, Keeper::none(), done);
    // The form below listens to some of the same keys.
    let keys = move |event: KeyboardEvent| {
        if view::is_save(&event) {
            event.prevent_default();
            saving.save(Then::Open);
        }
        if event.key() != "Escape" && event.key() != "Tab" {
            event.stop_propagation();
        }
    };
    let content = view! {
        <div class="contents" on:keydown=keys>
            {head(resource, Arc::clone(&leave))}
            <form autocomplete="off" novalidate class="min-h-0 flex-1 overflow-y-auto p-4" on:submit=|event| event.prevent_default()>
                {summary::summary(saving)}
                {duplicates::hints(form, Some(take))}
                {body(form)}
            </form>
            {foot(saving, typed, Leaving { asking, left }, close)}
        </div>
    };
    begin_at(form);
    over("sheet", "dialog", i18n::new_resource(resource), content.into_any(), leave)
}

/// The focus begins at the first field that is still empty.
fn begin_at(form: Form) {
    let empty =
        |cell: &Cell| belongs(form.resource(), cell.field) && cell.value.with_untracked(serde_json::Value::is_null);
    let first = form.model.cells.with_value(|cells| cells.iter().find(|cell| empty(cell)).map(|cell| cell.field.name));
    let id = first.map(|name| path::id_in(path::OVER, name));
    request_animation_frame(move || request_animation_frame(move || focus::give(id.and_then(|id| focus::by_id(&id)))));
}

fn head(resource: &'static Resource, leave: Close) -> AnyView {
    view! {
        <div class="flex h-14 shrink-0 items-center gap-2 border-b border-line pr-3 pl-4">
            {icon(resource.icon, "i text-ink-3")}
            <h2 class="text-md font-semibold">{i18n::new_resource(resource)}</h2>
            <span class="ml-auto">{close_button(leave)}</span>
        </div>
    }
    .into_any()
}

/// The fields one after the other, then lines that a record cannot be without.
fn body(form: Form) -> AnyView {
    let resource = form.resource();
    let cells: Vec<Cell> = values::fields(resource)
        .filter(|field| belongs(resource, field))
        .filter_map(|field| form.model.cell(field.name))
        .collect();
    let lines = resource.lines().filter(|(_, lines)| lines.min > 0).filter_map(|(field, _)| {
        let block = form.model.block(field.name)?;
        Some(rows::panel(form, block, i18n::field(resource.name, field)))
    });
    view! { <div class="grid gap-4">{section::grid(form, &cells, true)} {lines.collect_view()}</div> }.into_any()
}

/// What a record is known by and cannot be without.
fn belongs(resource: &Resource, field: &Field) -> bool {
    let known_by =
        field.name == resource.title || field.key || field.unique || resource.duplicates.contains(&field.name);
    known_by || field.required
}

/// The question before what was typed is lost.
#[derive(Clone, Copy)]
struct Leaving {
    asking: RwSignal<bool>,
    /// The control that had the focus.
    left: StoredValue<String>,
}

impl Leaving {
    /// Goes on where one was.
    fn stay(self, form: Form) {
        match self.left.with_value(|id| focus::by_id(id)) {
            Some(field) => focus::give(Some(field)),
            None => begin_at(form),
        }
        self.asking.set(false);
    }
}

fn foot(saving: Saving, typed: &str, leaving: Leaving, close: Close) -> AnyView {
    let resource = saving.form.resource();
    let query = Params::new().with(resource.title, typed).text();
    let whole = format!("{}?{query}", Screen::New(resource).path());
    let buttons = move || {
        let close = Arc::clone(&close);
        if leaving.asking.get() {
            return view! {
                <p class="min-w-0 flex-1 text-sm" role="alert">{t!("form.quick_lose")}</p>
                <button type="button" class="btn btn-sm btn-line max-md:h-11" on:click=move |_| leaving.stay(saving.form)>
                    {t!("form.quick_stay")}
                </button>
                <button type="button" class="btn btn-sm btn-danger-quiet max-md:h-11" on:click=move |_| close()>
                    {t!("form.draft_discard")}
                </button>
            }
            .into_any();
        }
        view! {
            <a class="lnk text-sm" href=whole.clone() target="_blank" rel="noopener">{t!("form.quick_whole")}</a>
            <span class="ml-auto"></span>
            <button
                type="button"
                class="btn btn-sm btn-primary max-md:h-11"
                disabled=saving.busy
                on:click=move |_| saving.save(Then::Open)
            >
                {t!("form.quick_create")}
            </button>
        }
        .into_any()
    };
    view! { <div class="flex shrink-0 flex-wrap items-center gap-2 border-t border-line bg-sunken px-4 py-3">{buttons}</div> }
        .into_any()
}

/// A blank record with what was typed in the first field it is a value of, or
/// in the one that names the record.
fn prefilled(resource: &Resource, typed: &str) -> Record {
    let mut start = values::blank(resource);
    if typed.is_empty() {
        return start;
    }
    let text = typed.into();
    let fits = |field: &&'static Field| {
        let exact = matches!(field.kind, Kind::CpfCnpj | Kind::Phone | Kind::Email | Kind::Cep);
        exact && belongs(resource, field) && field.kind.canonical(&text).is_ok()
    };
    let title = || values::fields(resource).find(|f| f.name == resource.title && matches!(f.kind, Kind::Text { .. }));
    if let Some(field) = values::fields(resource).find(fits).or_else(title) {
        start.set(field.name, field.kind.canonical(&text).unwrap_or_default());
    }
    start
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use conexao_domain::registry;

    use super::*;

    #[test]
    fn what_was_typed_goes_where_it_fits() {
        let customer = registry::by_name("customer").unwrap();
        assert_eq!(prefilled(customer, "Ana Souza").text("name"), Some("Ana Souza"));
        let by_document = prefilled(customer, "605.118.228-47");
        assert_eq!((by_document.text("document"), by_document.text("name")), (Some("60511822847"), None));
        assert_eq!(prefilled(customer, "").text("name"), None);
    }

    #[test]
    fn few_fields_make_a_record() {
        let customer = registry::by_name("customer").unwrap();
        let names: Vec<_> = values::fields(customer).filter(|f| belongs(customer, f)).map(|f| f.name).collect();
        assert_eq!(names, ["kind", "name", "document"]);
    }
}
