//! The parts of a record: where it stands on its way, its values, what happened.

use leptos::prelude::*;

use super::Section;
use crate::ui::{avatar::face, icon::icon};

pub fn sections() -> Vec<Section> {
    vec![flow(), values(), timeline()]
}

/// What is done, what is now, what comes; the parts as `flow_bar` draws them.
fn flow() -> Section {
    let stop = |(class, mark, name, hint): (&'static str, AnyView, &'static str, &'static str)| {
        let now = (class == "is-now").then_some("step");
        view! {
            <li class=class aria-current=now>
                <span class="bar"></span>
                <span class="mark">{mark}</span>
                <span class="block text-sm font-semibold">{name}</span>
                <span class="hint block">{hint}</span>
            </li>
        }
        .into_any()
    };
    let done = || icon("check", "i i-xs");
    let stops = vec![
        stop(("is-done", done(), "Pendente", "13/11 · Helena Vale")),
        stop(("is-done", done(), "Aguardando logística reversa", "14/11 · Inácio Ramos")),
        stop(("is-now", "3".into_any(), "Gerado", "desde ontem")),
        stop(("is-next", "4".into_any(), "Conferido", "depois da conferência")),
    ];
    let bar = view! { <div class="overflow-x-auto" tabindex="0" role="region" aria-label="Andamento"><ol class="flow min-w-140">{stops.into_iter().collect_view()}</ol></div> };
    let doc = "Where a record stands: what is done with date and person, what is now, and what unlocks the next state.";
    Section { id: "flow", name: "Flow bar", doc: doc.to_owned(), states: vec![("half way", bar.into_any())] }
}

fn values() -> Section {
    let one = |name: &'static str, value: &'static str| view! { <dt>{name}</dt><dd>{value}</dd> };
    let list = view! {
        <dl class="kv max-w-96">
            {one("Pedido", "118-2204")} {one("Canal", "Mercado Livre")} {one("Responsável", "Flora Batista")}
        </dl>
    };
    let doc = "Names left, values right; a value that was not given is a dash.";
    Section { id: "values", name: "Key and value", doc: doc.to_owned(), states: vec![("plain", list.into_any())] }
}

fn timeline() -> Section {
    let one = |who: &'static str, what: &'static str, when: &'static str| {
        view! {
            <li class="flex items-start gap-3 py-2 text-sm">
                {face(None, who, "")}
                <span class="min-w-0 flex-1"><b class="font-semibold">{who}</b> " " {what}</span>
                <span class="hint num shrink-0">{when}</span>
            </li>
        }
    };
    let list = view! {
        <ul class="divide-y divide-line">
            {one("Helena Vale", "mudou o prazo de 18/11 para 20/11", "15:47")}
            {one("Inácio Ramos", "solicitou a devolução", "ontem, 09:12")}
        </ul>
    };
    let doc = "Newest first: who, what as old and new, when.";
    Section { id: "timeline", name: "Timeline", doc: doc.to_owned(), states: vec![("changes", list.into_any())] }
}
