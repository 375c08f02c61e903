//! One cell of a matrix of permissions: how far a grant reaches, as a glyph
//! with its word, and as a choice.

use conexao_domain::identity::role::Scope;
use leptos::{html::Select, prelude::*};

use crate::{
    i18n, t,
    ui::icon::{icon, svg},
};

/// The word for a reach.
pub fn word(reach: Option<Scope>) -> String {
    reach.map_or_else(|| t!("roles.no_access"), |scope| i18n::choice("role", "scope", scope.name()))
}

const fn class(reach: Option<Scope>) -> &'static str {
    match reach {
        Some(Scope::All) => "cell cell-all",
        Some(Scope::Team) => "cell cell-team",
        Some(Scope::Own) => "cell cell-own",
        None => "cell",
    }
}

/// The symbol of the page's sprite, and its class.
const fn art(reach: Option<Scope>) -> (&'static str, &'static str) {
    match reach {
        Some(Scope::All) => ("s-success", "glyph"),
        Some(Scope::Team) => ("s-progress", "glyph"),
        Some(Scope::Own) => ("i-user-round", "i i-sm"),
        None => ("i-minus", "i i-sm"),
    }
}

fn mark(reach: Option<Scope>) -> AnyView {
    let (symbol, class) = art(reach);
    svg(format!("#{symbol}"), class)
}

/// A reach to see as HTML, for tables of thousands of cells.
pub fn html(reach: Option<Scope>, changed: bool) -> String {
    let ((symbol, drawn), class, word) = (art(reach), class(reach), word(reach));
    let edge = if changed { EDGE } else { "" };
    format!(
        "<span class=\"{class}{edge}\" role=\"img\" aria-label=\"{word}\" title=\"{word}\">\
         <svg class=\"{drawn}\" aria-hidden=\"true\"><use href=\"#{symbol}\"></use></svg></span>"
    )
}

/// What is not saved yet.
const EDGE: &str = " outline-2 outline-waiting-fg";

/// How the browser's own list lies over a glyph.
const OVER: &str = "absolute inset-0 h-full w-full cursor-pointer opacity-0";

/// A reach to see; `label` says of what.
pub fn seen(reach: Option<Scope>, label: &str) -> AnyView {
    let said = format!("{label}: {}", word(reach));
    view! { <span class=class(reach) title=said.clone()>{mark(reach)}<span class="sr-only">{said.clone()}</span></span> }
        .into_any()
}

/// A reach to choose. The browser's own list lies over the glyph, so that
/// keyboard and phone work as everywhere. `scoped` offers less than all rows.
pub fn choice(
    reach: Signal<Option<Scope>>,
    label: String,
    scoped: bool,
    changed: Signal<bool>,
    choose: impl Fn(Option<Scope>) + 'static,
) -> AnyView {
    let marked = move || mark(reach.get());
    let around = move || {
        let edge = if changed.get() { EDGE } else { "" };
        format!("relative {}{edge} has-focus-visible:outline-2 has-focus-visible:outline-primary", class(reach.get()))
    };
    view! {
        <span class=around title=move || word(reach.get())>
            {marked}
            {select(reach, label, scoped, NodeRef::new(), choose)}
        </span>
    }
    .into_any()
}

/// The same as a line of a phone: the word in full beside its glyph.
pub fn line(reach: Signal<Option<Scope>>, label: String, choose: Option<Box<dyn Fn(Option<Scope>)>>) -> AnyView {
    let marked = move || mark(reach.get());
    let tone = move || {
        let colour = match reach.get() {
            Some(Scope::All) => "text-primary-ink",
            Some(Scope::Team) => "text-progress-fg",
            Some(Scope::Own) => "text-waiting-fg",
            None => "text-ink-2",
        };
        format!(
            "relative inline-flex min-h-11 items-center gap-2 text-sm {colour} has-focus-visible:outline-2 has-focus-visible:outline-primary"
        )
    };
    let can = choose.is_some();
    let list = choose.map(|choose| select(reach, label, true, NodeRef::new(), choose));
    view! {
        <span class=tone>
            {marked} <span>{move || word(reach.get())}</span> {can.then(|| icon("chevron-down", "i i-sm text-ink-3"))} {list}
        </span>
    }
    .into_any()
}

/// The list alone, over a cell of a table.
pub fn list(
    reach: Option<Scope>,
    label: String,
    node: NodeRef<Select>,
    choose: impl Fn(Option<Scope>) + 'static,
) -> AnyView {
    select(Signal::stored(reach), label, true, node, choose)
}

fn select(
    reach: Signal<Option<Scope>>,
    label: String,
    scoped: bool,
    node: NodeRef<Select>,
    choose: impl Fn(Option<Scope>) + 'static,
) -> AnyView {
    let option = move |value: Option<Scope>| {
        let name = value.map_or("", Scope::name);
        // Only the first choice: later ones are the property's.
        let first = reach.get_untracked() == value;
        view! { <option value=name selected=first>{word(value)}</option> }
    };
    let narrower = scoped.then(|| view! { {option(Some(Scope::Own))} {option(Some(Scope::Team))} });
    view! {
        <select
            class=OVER
            node_ref=node
            aria-label=label
            prop:value=move || reach.get().map_or("", Scope::name)
            on:change=move |event| choose(Scope::parse(&event_target_value(&event)))
        >
            {option(None)}
            {narrower}
            {option(Some(Scope::All))}
        </select>
    }
    .into_any()
}

/// What the glyphs mean.
pub fn legend() -> AnyView {
    let one = |reach: Option<Scope>| {
        view! { <span class="inline-flex items-center gap-1"><span class=class(reach)>{mark(reach)}</span> {word(reach)}</span> }
    };
    let all = [Some(Scope::All), Some(Scope::Team), Some(Scope::Own), None];
    view! { <p class="legend">{all.into_iter().map(one).collect_view()}</p> }.into_any()
}
