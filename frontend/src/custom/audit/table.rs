//! The entries, newest first.

use leptos::prelude::*;

use super::Explorer;
use crate::{
    api::audit::AuditEntry,
    format, t,
    ui::{
        empty::{empty, failed},
        skeleton,
    },
};

/// Labels of changes named in a row; more are counted.
const NAMED: usize = 3;

/// The table, or why there is none.
pub fn shown(explorer: Explorer) -> AnyView {
    let content = move || match explorer.page.answer.get() {
        Some(Err(failure)) => failed(t!("audit.not_loaded"), &failure, move || explorer.again()),
        None if explorer.page.slow.get() => skeleton::lines(8),
        None => ().into_any(),
        Some(Ok(page)) => {
            let rows = page.items.iter().map(|entry| row(explorer, entry)).collect_view();
            let none = page.items.is_empty() && page.next.is_none();
            if none {
                return empty("search-x", t!("audit.none"), t!("audit.none_text"), ().into_any());
            }
            view! { {table(rows.into_any())} {foot(explorer, page.next, page.searched_to)} }.into_any()
        }
    };
    view! { <div aria-busy=move || explorer.page.slow.get().to_string()>{content}</div> }.into_any()
}

fn table(rows: AnyView) -> AnyView {
    view! {
        <div class="tbl-wrap" tabindex="0" role="region" aria-label=t!("audit.title")>
            <table class="tbl tbl-compact">
                <thead>
                    <tr>
                        <th scope="col">{t!("audit.when")}</th>
                        <th scope="col">{t!("audit.actor")}</th>
                        <th scope="col">{t!("audit.action")}</th>
                        <th scope="col" class="max-md:hidden">{t!("audit.record")}</th>
                        <th scope="col" class="max-lg:hidden">{t!("audit.changes")}</th>
                        <th scope="col" class="max-lg:hidden">{t!("audit.ip")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// The name of what an entry is about.
pub fn about(entry: &AuditEntry) -> String {
    let title = entry.record.as_ref().and_then(|record| record.title.clone()).unwrap_or_default();
    if title.is_empty() { entry.resource_label.clone() } else { format!("{} · {title}", entry.resource_label) }
}

fn row(explorer: Explorer, entry: &AuditEntry) -> AnyView {
    let at = entry.at.parse().unwrap_or_default();
    let id = entry.id.clone();
    let own = id.clone();
    let open = Memo::new(move |_| explorer.open.get().as_deref() == Some(own.as_str()));
    let mut fields = entry.fields.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    if entry.fields.len() > NAMED {
        fields.push('…');
    }
    let about = about(entry);
    view! {
        <tr aria-selected=move || open.get().to_string()>
            <td class="num">
                <button type="button" class="lnk" aria-haspopup="dialog" on:click=move |_| explorer.show(&id)>
                    <time datetime=entry.at.clone()>{format::instant(at)}</time>
                </button>
            </td>
            <td class="clip">{entry.actor.name.clone()}</td>
            <td>{entry.action_label.clone()} <span class="sub clip max-w-32! md:hidden">{about.clone()}</span></td>
            <td class="clip max-md:hidden" title=about.clone()>{about.clone()}</td>
            <td class="clip max-lg:hidden text-ink-2">{fields}</td>
            <td class="mono max-lg:hidden text-ink-2">{entry.ip.clone().unwrap_or_default()}</td>
        </tr>
    }
    .into_any()
}

/// The way to older entries, and how far back was looked when few were found.
fn foot(explorer: Explorer, next: Option<String>, searched_to: Option<String>) -> AnyView {
    let Some(next) = next else { return ().into_any() };
    let searched = searched_to.and_then(|at| at.parse().ok()).map(|at| {
        view! { <span class="num">{t!("audit.searched_to", at = format::instant(at))}</span> }
    });
    view! {
        <footer class="pager">
            {searched}
            <button type="button" class="btn btn-sm btn-line ml-auto max-md:h-11" on:click=move |_| explorer.more(&next)>
                {t!("audit.older")}
            </button>
        </footer>
    }
    .into_any()
}
