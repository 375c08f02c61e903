//! Conditions in groups: rows of field, comparison and value, joined by all or
//! any, at most two levels deep. The list follows while one edits.

mod draft;
mod operand;

use std::{sync::Arc, time::Duration};

use conexao_domain::kernel::{field::Field, resource::Resource};
use leptos::{leptos_dom::helpers::set_timeout, prelude::*};

use crate::{
    format, i18n,
    resource::list::{List, ListQuery, describe::describe, filters::filterable, groups::Node},
    t, td, tn,
    ui::{
        icon::icon,
        overlay::{close_button, over},
    },
};
use draft::{Group, How, Part, Row, applied, hows};

/// Editing pauses this long before the list follows.
const PAUSE: Duration = Duration::from_millis(300);

/// What the parts of the builder share.
#[derive(Clone, Copy)]
struct Builder {
    list: List,
    /// New conditions belong to the builder, not to the click that made them.
    owner: StoredValue<Owner>,
}

impl Builder {
    fn add(self, group: Group, part: impl FnOnce() -> Option<Part>) {
        let made = self.owner.with_value(|owner| owner.with(part));
        if let Some(part) = made {
            group.push(part);
        }
    }

    fn row(self) -> Option<Part> {
        Some(Part::Row(Row::on(filterable(self.list.resource).next()?)))
    }
}

/// The builder.
pub fn builder(list: List) -> AnyView {
    let root = Group::of(&list.query.get_untracked());
    let owner = StoredValue::new(Owner::current().unwrap_or_default());
    let builder = Builder { list, owner };
    if root.parts.read_untracked().is_empty() {
        builder.add(root, || builder.row());
    }
    apply(list, root);
    let close = Arc::new(move || list.groups().set(false));
    let head = view! {
        <div class="flex h-12 shrink-0 items-center gap-2 border-b border-line pr-2 pl-4">
            <h2 class="text-sm font-semibold">{t!("groups.title")}</h2>
            <span class="hint">{t!("groups.live")}</span>
            <span class="ml-auto">{close_button(close.clone())}</span>
        </div>
    };
    let content = view! {
        {head}
        <div class="fb min-h-0 flex-1 overflow-y-auto">{group(builder, root, 0)}</div>
        <p class="border-t border-line bg-sunken px-4 py-2.5 text-sm text-ink-2">{move || sentence(list.resource, root)}</p>
        {foot(list, root)}
    };
    over("dlg dlg-fb", "dialog", t!("groups.title"), content.into_any(), close)
}

/// The list follows the finished conditions.
fn apply(list: List, root: Group) {
    let wanted = Memo::new(move |_| applied(ListQuery::read(list.resource, ""), root));
    let turn = StoredValue::new(0_u32);
    Effect::new(move |before: Option<()>| {
        drop(wanted.read());
        if before.is_none() {
            return;
        }
        let this = turn.get_value().wrapping_add(1);
        turn.set_value(this);
        let go = move || {
            if turn.try_get_value() != Some(this) {
                return;
            }
            let now = list.query.get_untracked();
            let next = applied(now.clone(), root);
            if (&next.conditions, &next.groups) != (&now.conditions, &now.groups) {
                list.go(&next, true);
            }
        };
        set_timeout(move || untrack(go), PAUSE);
    });
}

fn foot(list: List, root: Group) -> AnyView {
    let count = move || list.count().ready().map(|n| tn!("groups.count", n));
    let clear = move |_| root.parts.set(Vec::new());
    view! {
        <div class="flex shrink-0 flex-wrap items-center gap-2 border-t border-line px-4 py-3">
            <span class="num mr-auto text-sm font-medium" role="status">{count}</span>
            <button type="button" class="btn btn-sm btn-quiet max-md:h-11" on:click=clear>{t!("filter.clear")}</button>
            <button type="button" class="btn btn-sm btn-primary max-md:h-11" on:click=move |_| list.groups().set(false)>{t!("filter.done")}</button>
        </div>
    }
    .into_any()
}

/// A group with the badge that says whether all or any of it hold.
fn group(builder: Builder, this: Group, depth: u8) -> AnyView {
    let several = move || this.parts.read().len() > 1;
    let join = move || {
        several().then(|| {
            let word = move || if this.any.get() { t!("groups.or_badge") } else { t!("groups.and_badge") };
            let said = move || if this.any.get() { t!("groups.any") } else { t!("groups.all") };
            view! {
                <button type="button" class="fb-join" aria-label=said title=said on:click=move |_| this.any.update(|any| *any = !*any)>
                    {word}
                </button>
            }
        })
    };
    let nested = depth < 1;
    let add_group = nested.then(|| {
        let add = move |_| {
            builder.add(this, || {
                let group = Group::new(!this.any.get_untracked());
                group.push(builder.row()?);
                Some(Part::Group(group))
            });
        };
        view! { <button type="button" class="btn btn-xs btn-quiet max-md:h-11" on:click=add>{icon("brackets", "i i-sm")} {t!("groups.add_group")}</button> }
    });
    let label = if nested { t!("groups.add") } else { t!("groups.add_here") };
    view! {
        <div class="fb-group" role="group" aria-label=move || if this.any.get() { t!("groups.any") } else { t!("groups.all") }>
            {join}
            <ul>
                <For each=move || this.parts.get() key=|(id, _)| *id let((id, part))>
                    <li>{one(builder, this, id, part, depth)}</li>
                </For>
            </ul>
            <div class="flex flex-wrap gap-1 pt-2">
                <button type="button" class="btn btn-xs btn-quiet max-md:h-11" on:click=move |_| builder.add(this, || builder.row())>
                    {icon("plus", "i i-sm")} {label}
                </button>
                {add_group}
            </div>
        </div>
    }
    .into_any()
}

fn one(builder: Builder, of: Group, id: u32, part: Part, depth: u8) -> AnyView {
    let remove = move || of.parts.update(|parts| parts.retain(|(other, _)| *other != id));
    match part {
        Part::Row(condition) => row(builder.list, condition, remove),
        Part::Group(inner) => {
            // A group whose last condition went goes as well.
            Effect::new(move |before: Option<()>| {
                if inner.parts.read().is_empty() && before.is_some() {
                    remove();
                }
            });
            view! { <div class="fb-box">{group(builder, inner, depth.saturating_add(1))}</div> }.into_any()
        }
    }
}

fn row(list: List, condition: Row, remove: impl Fn() + Send + Sync + 'static) -> AnyView {
    let resource = list.resource;
    let label = move || i18n::field(resource.name, condition.field.get());
    view! {
        <div class="fb-row">
            {fields(resource, condition)}
            {move || comparisons(condition, condition.field.get())}
            {move || {
                let (field, how) = (condition.field.get(), condition.how.get());
                how.fixed.is_none().then(|| operand::control(resource, field, how, condition.value))
            }}
            <button
                type="button"
                class="icon-btn icon-btn-sm ml-auto"
                aria-label=move || t!("groups.remove", name = label())
                on:click=move |_| remove()
            >
                {icon("x", "i i-sm")}
            </button>
        </div>
    }
    .into_any()
}

fn fields(resource: &'static Resource, condition: Row) -> AnyView {
    let options = filterable(resource).map(|field| {
        let chosen = move || condition.field.get().name == field.name;
        view! { <option value=field.name selected=chosen>{i18n::field(resource.name, field)}</option> }
    });
    let choose = move |event| {
        if let Some(field) = resource.filterable(&event_target_value(&event)) {
            condition.turn_to(field);
        }
    };
    view! {
        <select class="select select-sm w-38 max-md:h-11" aria-label=t!("groups.field") data-focus="" on:change=choose>
            {options.collect_view()}
        </select>
    }
    .into_any()
}

fn comparisons(condition: Row, field: &'static Field) -> AnyView {
    let options = hows(field).iter().map(|how| {
        let chosen = move || condition.how.get() == *how;
        view! { <option value=how.name selected=chosen>{td!("groups.how.", how.name)}</option> }
    });
    let choose = move |event| {
        let name = event_target_value(&event);
        let Some(how) = hows(field).iter().copied().find(|how: &How| how.name == name) else { return };
        // Only a choice of several holds several values.
        let several = condition.value.read_untracked().contains(',');
        if several && how.name != "one_of" {
            condition.value.set(String::new());
        }
        condition.how.set(how);
    };
    view! {
        <select class="select select-sm w-36 max-md:h-11" aria-label=t!("groups.how_label") on:change=choose>
            {options.collect_view()}
        </select>
    }
    .into_any()
}

/// The conditions in one sentence; tracked.
fn sentence(resource: &'static Resource, root: Group) -> String {
    root.node().map_or_else(|| t!("groups.none"), |node| said(resource, &node, false))
}

fn said(resource: &'static Resource, node: &Node, inner: bool) -> String {
    let joined = |nodes: &[Node], between: String| {
        let parts = nodes.iter().map(|node| said(resource, node, true)).collect::<Vec<_>>();
        let text = parts.join(&format!(" {between} "));
        if inner { format!("({text})") } else { text }
    };
    match node {
        Node::Is(one) => {
            let label = i18n::field(resource.name, one.field);
            format!("{label}: {}", describe(resource, one.field, std::slice::from_ref(one)))
        }
        Node::All(nodes) => joined(nodes, t!("groups.and")),
        Node::Any(nodes) => joined(nodes, t!("groups.or")),
    }
}

/// What a relative day means today, e.g. "21/11/2026".
fn day_meant(word: &str) -> Option<String> {
    use conexao_domain::kernel::{field::Kind, query};
    let meant = query::resolve(&Kind::Date, &word.into(), &crate::resource::form::state::facts());
    meant.as_str()?.parse::<chrono::NaiveDate>().ok().map(format::date)
}
