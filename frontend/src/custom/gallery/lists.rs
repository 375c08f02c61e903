//! The parts of a list: saved views, filters, rows, cards, pages, acts on many.

use conexao_domain::kernel::flow::Tone;
use leptos::prelude::*;

use super::{Section, row};
use crate::{
    format::money,
    resource::list::deadline,
    ui::{chip::chip, icon::icon},
};

pub fn sections() -> Vec<Section> {
    vec![filters(), table(), cards(), bulk()]
}

fn filters() -> Section {
    let one = |label: &'static str, value: &'static str| {
        let remove = format!("Remover o filtro {label}");
        view! {
            <span class="fchip">
                <span>{label} ": " <b>{value}</b></span>
                <button type="button" aria-label=remove>{icon("x", "i i-xs")}</button>
            </span>
        }
        .into_any()
    };
    let add = view! { <button type="button" class="fadd">{icon("plus", "i i-sm")} "Filtro"</button> }.into_any();
    let views = view! {
        <nav class="views" aria-label="Visões">
            <a href="/dev/ui#filters" aria-current="page">"Todas" <span class="n">"38"</span></a>
            <a href="/dev/ui#filters">"Vão vencer" <span class="n">"12"</span></a>
            <a href="/dev/ui#filters">"Vencidas" <span class="n n-alert">"3"</span></a>
        </nav>
    };
    let density = view! {
        <div class="seg" role="radiogroup" aria-label="Período">
            <button type="button" role="radio" aria-checked="true">"Hoje"</button>
            <button type="button" role="radio" aria-checked="false" tabindex="-1">"7 dias"</button>
        </div>
    };
    let states = vec![
        ("views", views.into_any()),
        ("filters", row(vec![one("Situação", "Pendente"), one("Prazo", "atrasados"), add])),
        ("segments", density.into_any()),
    ];
    let doc = "Saved views are tabs with counts; the count turns red only for what is late. Active filters are chips \
               that open and close; the dashed button adds one.";
    Section { id: "filters", name: "Views and filters", doc: doc.to_owned(), states }
}

/// Number, customer, state, deadline, amount.
const ROWS: [(&str, &str, Tone, &str, &str, i64); 4] = [
    ("GR-004091", "Aurélia Camargo", Tone::New, "Pendente", "2026-11-13", 21_990),
    ("GR-004092", "Casa Verde Clínica Ltda.", Tone::Waiting, "Aguardando", "2030-01-20", 128_000),
    ("TR-000871", "Pousada dos Confins ME", Tone::Progress, "Gerado", "2030-02-01", 45_500),
    ("GR-004093", "Rubião Alvarenga", Tone::Success, "Conferido", "2030-02-02", 9_900),
];

fn table() -> Section {
    let rows = ROWS.iter().enumerate().map(|(at, (number, customer, tone, state, day, total))| {
        let class = if at == 1 { "is-cursor" } else { "" };
        let name = format!("Selecionar {number}");
        let chosen = at == 2;
        view! {
            <tr class=class aria-selected=chosen.then_some("true")>
                <td><input type="checkbox" class="checkbox checkbox-xs" aria-label=name checked=chosen /></td>
                <td><a href="/dev/ui#table" class="num font-semibold hover:underline">{*number}</a><span class="sub">"Garantia"</span></td>
                <td>{*customer}</td>
                <td>{chip(*tone, (*state).to_owned())}</td>
                <td>{deadline(day, at == 3)}</td>
                <td class="r font-medium">{money(*total)}</td>
            </tr>
        }
    });
    let head = view! {
        <tr>
            <th scope="col"><span class="sr-only">"Seleção"</span></th>
            <th scope="col" aria-sort="ascending"><button type="button" class="sort">"Número" {icon("arrow-up", "i")}</button></th>
            <th scope="col">"Cliente"</th>
            <th scope="col">"Situação"</th>
            <th scope="col">"Prazo"</th>
            <th scope="col" class="r">"Total"</th>
        </tr>
    };
    let pager = view! {
        <footer class="pager">
            <span class="num">"1 a 50 de 138"</span>
            <span class="ml-auto flex gap-2">
                <button type="button" class="btn btn-sm btn-line" disabled=true>"Anteriores"</button>
                <button type="button" class="btn btn-sm btn-line">"Próximas"</button>
            </span>
        </footer>
    };
    let table = view! {
        <div class="rounded-box border border-line">
            <div class="tbl-wrap" tabindex="0" role="region" aria-label="Garantias">
                <table class="tbl"><thead>{head}</thead><tbody>{rows.collect_view()}</tbody></table>
            </div>
            {pager}
        </div>
    };
    let states = vec![("plain, under the cursor, selected, closed", table.into_any())];
    let doc = "Rows are 44 px high, two lines a cell at most, figures right. The first column opens the record; a bar \
               marks the row of the keyboard.";
    Section { id: "table", name: "Table, row and pager", doc: doc.to_owned(), states }
}

fn cards() -> Section {
    let cards = ROWS.iter().take(2).map(|(number, customer, tone, state, day, total)| {
        view! {
            <li class="border-b border-line">
                <a href="/dev/ui#cards" class="rowcard">
                    <span class="flex items-center justify-between gap-2"><b class="num">{*number}</b>{chip(*tone, (*state).to_owned())}</span>
                    <span class="truncate text-sm">{*customer}</span>
                    <span class="flex items-center justify-between gap-2">{deadline(day, false)} <span class="num font-medium">{money(*total)}</span></span>
                </a>
            </li>
        }
    });
    let states = vec![("phone", view! { <ul class="max-w-96">{cards.collect_view()}</ul> }.into_any())];
    let doc = "Below 1024 px rows become cards with what has the first priority.";
    Section { id: "cards", name: "Row card", doc: doc.to_owned(), states }
}

fn bulk() -> Section {
    let bar = view! {
        <div class="max-w-full overflow-x-auto" tabindex="0" role="region" aria-label="Ações em massa">
            <div class="bulkbar w-max" role="toolbar" aria-label="Ações para os selecionados">
                <span class="num font-semibold whitespace-nowrap">"3 selecionados"</span>
                <button type="button" class="underline decoration-dotted underline-offset-4">"Selecionar todos os 138"</button>
                <span class="sep"></span>
                <button type="button">{icon("user-round-plus", "i")} "Atribuir"</button>
                <button type="button">{icon("route", "i")} "Gerar pedido"</button>
                <button type="button">{icon("download", "i")} "Exportar"</button>
                <span class="sep"></span>
                <button type="button" aria-label="Limpar seleção (Esc)">{icon("x", "i")} <kbd class="kbd">"Esc"</kbd></button>
            </div>
        </div>
    };
    let doc = "Floats at the foot while rows are selected: how many, all that match, and at most five acts.";
    Section { id: "bulk", name: "Bulk bar", doc: doc.to_owned(), states: vec![("three rows", bar.into_any())] }
}
