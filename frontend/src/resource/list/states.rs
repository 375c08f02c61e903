//! One tab for every state, with how many records are in it.

use conexao_domain::kernel::{field::Field, query::Op};
use leptos::prelude::*;

use super::{
    model::List,
    query::Condition,
    views::{self, Views},
};
use crate::{format, i18n, t};

fn status(list: List) -> Option<&'static Field> {
    list.resource.flow.and(list.resource.field("status"))
}

fn count_of(list: List, state: &str) -> Option<i64> {
    let groups = list.states().ready()?;
    Some(groups.iter().find(|g| g.key.as_str() == Some(state)).map_or(0, |g| g.count))
}

/// How many records are not finished; none for flows without end. Tracked.
pub fn open(list: List) -> Option<i64> {
    let flow = list.resource.flow?;
    let ends = flow.states.iter().any(|state| state.terminal);
    let open = flow.states.iter().filter(|state| !state.terminal);
    if ends { open.map(|state| count_of(list, state.name)).sum() } else { None }
}

/// The tabs; nothing for resources without flow.
pub fn tabs(list: List, kept: Views) -> AnyView {
    let (Some(field), Some(flow)) = (status(list), list.resource.flow) else { return stateless(list, kept) };
    let chosen = Memo::new(move |_| {
        let conditions = list.query.read().of_field(field);
        match conditions.as_slice() {
            [] => Some(String::new()),
            [one] if matches!(one.op, Op::Eq | Op::In) && !one.value.contains(',') => Some(one.value.clone()),
            _ => None,
        }
    });
    let mine = mine(list);
    let each = flow.states.iter().map(|state| {
        let label = i18n::state(list.resource.name, state.name);
        tab(list, field, chosen, state.name, label)
    });
    view! {
        <nav class="views" aria-label=t!("list.by_state")>
            {tab(list, field, chosen, "", t!("list.all"))}
            {mine}
            {each.collect_view()}
            {views::tabs(list, kept)}
        </nav>
    }
    .into_any()
}

/// All records and the kept lists, where records have no states; nothing
/// while no list is kept.
fn stateless(list: List, kept: Views) -> AnyView {
    let shown = move || {
        if kept.all.read().is_empty() {
            return ().into_any();
        }
        let all = move || (!list.query.read().is_narrowed()).then_some("true");
        let pick = move |_| list.change(super::query::ListQuery::cleared);
        view! {
            <nav class="views" aria-label=t!("views.title")>
                <button type="button" class="focus-visible:-outline-offset-2" aria-current=all on:click=pick>{t!("list.all")}</button>
                {views::tabs(list, kept)}
            </nav>
        }
        .into_any()
    };
    shown.into_any()
}

fn tab(list: List, field: &'static Field, chosen: Memo<Option<String>>, state: &'static str, label: String) -> AnyView {
    let is_chosen =
        move || chosen.read().as_deref() == Some(state) && (!state.is_empty() || !list.query.read().is_narrowed());
    let count = move || {
        let count = if state.is_empty() { total(list) } else { count_of(list, state) };
        count.map(|n| view! { <span class="n">{format::integer(n)}</span> })
    };
    let pick = move |_| {
        if state.is_empty() {
            list.change(super::query::ListQuery::cleared);
        } else {
            list.change(|query| query.with_field(field, vec![Condition::new(field, Op::Eq, state)]));
        }
    };
    view! {
        <button type="button" class="focus-visible:-outline-offset-2" aria-current=move || is_chosen().then_some("true") on:click=pick>{label} {count}</button>
    }
    .into_any()
}

fn total(list: List) -> Option<i64> {
    list.states().ready().map(|groups| groups.iter().map(|g| g.count).sum())
}

/// Records of the person, where records have an owner.
fn mine(list: List) -> Option<AnyView> {
    let field = list.resource.filterable("owner_id")?;
    let is_mine = move || list.query.read().of_field(field).iter().any(|c| c.op == Op::Eq && c.value == "@me");
    let pick = move |_| {
        let conditions = if untrack(is_mine) { Vec::new() } else { vec![Condition::new(field, Op::Eq, "@me")] };
        list.change(|query| query.with_field(field, conditions));
    };
    Some(view! { <button type="button" class="focus-visible:-outline-offset-2" aria-current=move || is_mine().then_some("true") on:click=pick>{t!("list.mine")}</button> }.into_any())
}
