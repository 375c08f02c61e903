//! The cells as HTML.

use conexao_domain::identity::role::Scope;
use leptos::prelude::*;

use super::super::{
    Column, Table,
    plan::{Group, Line, Plan},
};
use crate::custom::roles::cell;

const HEADING: &str = "<span class=\"sticky left-4 inline-flex items-center gap-2 text-sm text-base-content\">";
const LABEL: &str = "top-auto! left-0 h-auto! bg-base-100! pl-9! text-sm! font-normal! text-base-content!";
const CELL: &str = "text-center focus-visible:outline-2 focus-visible:-outline-offset-2 focus-visible:outline-primary";
const OPEN: &str = " cursor-pointer";

/// The bodies of the table, one for each group.
pub(super) fn bodies(table: Table) -> Vec<String> {
    table.columns.with_value(|columns| {
        table.plan.with_value(|plan| plan.groups.iter().map(|group| body(plan, group, columns)).collect())
    })
}

fn body(plan: &Plan, group: &Group, columns: &[Column]) -> String {
    let mut html = format!(
        "<tr class=\"bg-sunken\"><th scope=\"rowgroup\" class=\"static! h-9!\" colspan=\"{}\">{HEADING}\
         <svg class=\"i i-sm text-ink-3\" aria-hidden=\"true\"><use href=\"#i-{}\"></use></svg> {}</span></th></tr>",
        columns.len() + 1,
        group.icon,
        plain(&group.heading),
    );
    for (at, line) in plan.of(group) {
        row(&mut html, at, line, columns);
    }
    html
}

fn row(html: &mut String, at: usize, line: &Line, columns: &[Column]) {
    let parts = [
        &format!("<tr data-line=\"{at}\"><th scope=\"row\" class=\"{LABEL}\"><span class=\"sr-only\">"),
        &plain(&line.heading),
        ": </span>",
        &plain(&line.label),
        "</th>",
    ];
    html.extend(parts);
    let open = Table::open();
    for (place, column) in columns.iter().enumerate() {
        let reach: Option<Scope> = column.saved.get(at).copied().flatten();
        // The first cell is where the Tab key comes in.
        let stop = match (open, at, place) {
            (true, 0, 0) => " tabindex=\"0\"",
            _ => "",
        };
        let (class, fixed) = match (open, column.is_fixed()) {
            (false, _) => ("", ""),
            (true, true) => ("", " aria-readonly=\"true\""),
            (true, false) => (OPEN, ""),
        };
        let opening = format!("<td class=\"{CELL}{class}\" data-at=\"{at}-{place}\"{stop}{fixed}>");
        html.extend([&opening, &cell::html(reach, false), "</td>"]);
    }
    html.push_str("</tr>");
}

/// A text as it is written in HTML.
fn plain(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;")
}
