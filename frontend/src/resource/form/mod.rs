//! A new record, or one being changed: the same screen for every resource,
//! drawn from its declaration.

mod actbar;
mod address;
pub mod conflict;
pub mod draft;
mod duplicates;
pub mod keep;
pub mod mention;
pub mod model;
pub mod path;
pub mod quick;
pub mod rows;
pub mod save;
pub mod section;
mod span;
pub mod start;
pub mod state;
mod summary;
pub mod values;
mod view;

use conexao_domain::kernel::{record::Record, resource::Resource};
use leptos::prelude::*;

use crate::{
    api::Params,
    custom, i18n,
    resource::detail::undo,
    screen::Screen,
    state::app,
    t,
    ui::{empty, fresh::fresh, load::Load, skeleton, title::title, toast},
};
use save::Then;

/// The form; of the record with `id`, or of a new one.
pub fn page(resource: &'static Resource, id: Option<String>) -> AnyView {
    let verb = if id.is_some() { "update" } else { "create" };
    if !app().session.may(resource, verb) {
        return forbidden(resource);
    }
    // A discarded or finished form begins anew with another turn.
    let turn = RwSignal::new(0_u32);
    fresh(move || turn.get(), move |_| loading(resource, id.clone(), turn, done(resource, turn), None))
}

/// What stands below the sections of a form.
type Below = fn() -> AnyView;

/// The form of a record that is one of its kind: who sees it may change it,
/// and having saved it one stays.
pub fn sheet(resource: &'static Resource, id: &'static str, saved: Callback<Record>, below: Below) -> AnyView {
    let turn = RwSignal::new(0_u32);
    let done = Callback::new(move |(record, _): (Record, Then)| {
        toast::say(t!("form.saved", title = record.text(resource.title).unwrap_or_default()));
        saved.run(record);
        app().nav.mark_moved();
        turn.update(|turn| *turn = turn.wrapping_add(1));
    });
    fresh(move || turn.get(), move |_| loading(resource, Some(id.to_owned()), turn, done, Some(below)))
}

fn loading(
    resource: &'static Resource,
    id: Option<String>,
    turn: RwSignal<u32>,
    done: Callback<(Record, Then)>,
    below: Option<Below>,
) -> AnyView {
    let load = Load::new();
    let wanted = id.clone();
    let ask = move || {
        let query = Params::parse(&untrack(|| app().nav.search()));
        load.run(start::read(resource, wanted.clone(), query));
    };
    ask();
    let again = StoredValue::new(ask);
    let heading = if id.is_some() { i18n::resource(resource) } else { i18n::new_resource(resource) };
    let shown = move || match load.answer.get() {
        Some(Ok(start)) => view::editor(resource, start, turn, done, below.map(|below| below())),
        Some(Err(failure)) => {
            let retry = move || again.with_value(|ask| ask());
            view! {
                <div class="page-head">{title(heading.clone())}</div>
                <section class="panel">{empty::failed(t!("form.not_loaded"), &failure, retry)}</section>
            }
            .into_any()
        }
        None if load.slow.get() => view! { <section class="panel">{skeleton::lines(8)}</section> }.into_any(),
        None => ().into_any(),
    };
    shown.into_any()
}

/// What happens with the record that was saved.
fn done(resource: &'static Resource, turn: RwSignal<u32>) -> Callback<(Record, Then)> {
    Callback::new(move |(record, then): (Record, Then)| {
        let path = Screen::Detail(resource, record.id().to_owned()).path();
        let name = record.text(resource.title).unwrap_or_default().to_owned();
        // What is shown once is shown on the record's page.
        let then = if custom::keep_secret(&record) { Then::Open } else { then };
        match then {
            Then::Again => {
                toast::offer(t!("form.created", title = name), t!("form.open"), move || app().nav.to(&path));
                app().nav.mark_moved();
                turn.update(|turn| *turn = turn.wrapping_add(1));
            }
            Then::Unchanged => {
                toast::say(t!("form.saved", title = name));
                app().nav.to(&path);
            }
            Then::Open => {
                let text = t!("form.saved", title = name);
                let first = record.version() <= 1;
                let suffix = if first { custom::after_creation(resource) } else { "" };
                app().nav.to(&format!("{path}{suffix}"));
                if first {
                    undo::offer_removal(text, resource, &record);
                } else {
                    undo::offer(text, resource, "update", &record);
                }
            }
        }
    })
}

fn forbidden(resource: &'static Resource) -> AnyView {
    let list = Screen::List(resource).path();
    let back = view! { <a class="btn btn-sm btn-line" href=list>{t!("form.to_list")}</a> };
    view! {
        <div class="page-head">{title(i18n::resource(resource))}</div>
        <section class="panel">{empty::empty("lock", t!("form.forbidden"), t!("form.forbidden_text"), back.into_any())}</section>
    }
    .into_any()
}
