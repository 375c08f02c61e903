//! The bar that floats below while rows are selected.

use conexao_domain::kernel::flow::Step;
use leptos::prelude::*;

use super::{act, act::Act, export, later::Many, model::List};
use crate::{
    format, i18n,
    state::app,
    t, tn,
    ui::{
        icon::icon,
        popover::{Item, Trigger, menu},
    },
};

/// This many flow steps stand in the bar; the others are in its menu.
const STEPS: usize = 1;

/// The bar; nothing while nothing is selected.
pub fn bar(list: List) -> AnyView {
    let any = Memo::new(move |_| !list.selected.read().is_empty());
    let shown = move || any.get().then(|| opened(list));
    shown.into_any()
}

fn opened(list: List) -> AnyView {
    let may = |verb: &str| app().session.may(list.resource, verb);
    let assign = act::can_assign(list)
        .then(|| button("user-round-plus", t!("bulk.assign"), move || act::start(list, Act::assign())));
    let steps = move || {
        let steps = common_steps(list).into_iter().take(STEPS);
        steps
            .map(|step| {
                button("route", i18n::step(list.resource.name, step.name), move || act::start(list, Act::step(step)))
            })
            .collect_view()
    };
    let change = edits(list)
        .then(|| button("square-pen", t!("bulk.change"), move || act::start(list, Act::change(Many::Field))));
    let tags = (edits(list) && list.resource.field("tags").is_some())
        .then(|| button("tag", t!("bulk.tags"), move || act::start(list, Act::change(Many::Tags))));
    let more = move || more(list);
    let export = may("export").then(|| button("download", t!("list.export"), move || export::selection(list)));
    let clear = t!("bulk.clear");
    view! {
        <div class="fixed bottom-5 left-1/2 z-30 -translate-x-1/2 max-lg:hidden lg:ml-30">
            <div class="bulkbar" role="toolbar" aria-label=t!("bulk.name")>
                <span class="num font-semibold whitespace-nowrap" role="status">{move || tn!("bulk.selected", list.selected_count())}</span>
                {move || select_all(list)}
                <span class="sep"></span>
                {assign} {change} {tags} {steps} {export} {more}
                <span class="sep"></span>
                <button type="button" aria-label=clear.clone() title=clear on:click=move |_| list.clear_selection()>
                    {icon("x", "i")} <kbd class="kbd">"Esc"</kbd>
                </button>
            </div>
        </div>
    }
    .into_any()
}

fn edits(list: List) -> bool {
    app().session.may(list.resource, "update")
}

/// Further steps and deleting, behind `…`.
fn more(list: List) -> AnyView {
    if entries(list).is_empty() {
        return ().into_any();
    }
    let trigger = Trigger { class: "", label: Some(t!("bulk.more")), inside: icon("ellipsis", "i") };
    menu(trigger, "right-0 bottom-10 w-60 text-base-content", move || entries(list))
}

fn entries(list: List) -> Vec<Item> {
    let step = |step: &'static Step| {
        Item::new("route", i18n::step(list.resource.name, step.name), move || act::start(list, Act::step(step)))
    };
    let steps = common_steps(list).into_iter().skip(STEPS).map(step);
    let deletable = app().session.may(list.resource, "delete");
    let delete = deletable.then(|| Item::new("trash-2", t!("list.delete"), move || delete(list)).danger());
    steps.chain(delete).collect()
}

fn button(art: &'static str, label: String, act: impl Fn() + Send + Sync + 'static) -> AnyView {
    view! { <button type="button" on:click=move |_| act()>{icon(art, "i")} {label}</button> }.into_any()
}

/// Offers everything that matches, when that is more than what is selected.
fn select_all(list: List) -> AnyView {
    let page = i64::try_from(list.selected.read().len()).unwrap_or_default();
    let total = list.count().ready().unwrap_or_default();
    if list.every.get() || total <= page {
        return ().into_any();
    }
    view! {
        <button type="button" class="underline decoration-dotted underline-offset-4" on:click=move |_| list.every.set(true)>
            {t!("bulk.select_all", n = format::integer(total))}
        </button>
    }
    .into_any()
}

/// Steps that at least one selected row could take; the job says which could not. Tracked.
pub fn common_steps(list: List) -> Vec<&'static Step> {
    let states: Vec<String> = {
        let selected = list.selected.read();
        list.with_rows(|rows| {
            let rows = rows.iter().filter(|row| selected.contains(row.id()));
            let mut states: Vec<String> = rows.filter_map(|row| row.text("status").map(str::to_owned)).collect();
            states.sort_unstable();
            states.dedup();
            states
        })
    };
    let fits = |step: &&Step| list.every.get() || states.iter().any(|state| step.from.contains(&state.as_str()));
    let steps = list.resource.flow.map(|flow| flow.steps).unwrap_or_default();
    steps.iter().filter(fits).filter(|step| app().session.may(list.resource, step.name)).collect()
}

/// What is on the page can be brought back; more than that is asked for first.
pub fn delete(list: List) {
    if list.every.get_untracked() {
        act::start(list, Act::delete());
    } else {
        act::remove_selected(list);
    }
}
