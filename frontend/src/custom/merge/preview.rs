//! What would come of a merge: the values to choose from and what moves.

use conexao_domain::{kernel::field::Field, registry};
use leptos::prelude::*;

use super::{Merge, Pair, differing};
use crate::{
    format, i18n,
    resource::{detail::value::plain, list::name_of},
    t,
    ui::icon::icon,
};

/// On a phone the two values stand below each other.
const TABLE: &str = "tbl [&_td]:whitespace-normal [&_td]:py-2! max-md:[&_thead]:sr-only max-md:[&_tr]:grid \
    max-md:[&_tr]:border-b max-md:[&_tr]:border-line max-md:[&_tr]:py-2 max-md:[&_tr>*]:h-auto \
    max-md:[&_tr>*]:border-0 max-md:[&_tr>*]:px-4! max-md:[&_tr>*]:py-1!";

pub fn preview(merge: Merge, pair: Pair) -> AnyView {
    let resource = merge.page.resource;
    let fields = differing(&pair, resource.fields);
    let rows = fields.into_iter().map(|field| row(merge, &pair, field)).collect_view();
    let (kept, other) = (name_of(resource, &pair.kept), name_of(resource, &pair.other));
    view! {
        <section class="panel mb-4 overflow-hidden">
            <header class="panel-head"><h3 class="panel-title">{t!("merge.values")}</h3></header>
            <table class=TABLE>
                <thead>
                    <tr>
                        <th scope="col">{t!("conflict.field")}</th>
                        <th scope="col">{kept}<span class="hint ml-1.5 font-normal">{t!("merge.stays")}</span></th>
                        <th scope="col">{other.clone()}<span class="hint ml-1.5 font-normal">{t!("merge.goes")}</span></th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </section>
        {move || moved(merge, &other)}
    }
    .into_any()
}

fn row(merge: Merge, pair: &Pair, field: &'static Field) -> AnyView {
    let owner = merge.page.resource.name;
    let text = |text: String| if text.is_empty() { t!("conflict.empty") } else { text };
    let kept = text(plain(owner, field, &pair.kept));
    let other = text(plain(owner, field, &pair.other));
    view! {
        <tr>
            <th scope="row" class="static! bg-transparent! text-left font-semibold md:w-40">{i18n::field(owner, field)}</th>
            <td>{option(merge, field, false, kept)}</td>
            <td>{option(merge, field, true, other)}</td>
        </tr>
    }
    .into_any()
}

fn option(merge: Merge, field: &'static Field, theirs: bool, text: String) -> AnyView {
    let whose = if theirs { t!("merge.goes") } else { t!("merge.stays") };
    let chosen = move || merge.taken.with(|taken| taken.contains(&field.name)) == theirs;
    let choose = move |_| {
        merge.taken.update(|taken| {
            taken.retain(|name| *name != field.name);
            if theirs {
                taken.push(field.name);
            }
        });
        merge.look();
    };
    view! {
        <label class="cmp-opt">
            <input type="radio" class="radio radio-xs" name=format!("merge-{}", field.name) prop:checked=chosen on:change=choose />
            <span class="min-w-0 flex-1 whitespace-pre-line">{text}</span>
            <span class="hint md:hidden">{whose}</span>
        </label>
    }
    .into_any()
}

/// How many records change hands, and what becomes of the other registration.
fn moved(merge: Merge, other: &str) -> AnyView {
    let Some(preview) = merge.preview.get() else { return ().into_any() };
    let counts = preview.get("moved").and_then(|moved| moved.as_object()).cloned().unwrap_or_default();
    let rows = counts.into_iter().filter_map(|(name, count)| {
        let count = count.as_i64().filter(|n| *n > 0)?;
        let label = registry::by_name(&name).map_or_else(|| t!("merge.other_things", name = name), i18n::resources);
        Some(view! { <li class="flex items-center gap-2">{icon("arrow-right", "i i-sm text-ink-3")} {t!("merge.moves", n = format::integer(count), what = label)}</li> })
    });
    view! {
        <section class="panel">
            <header class="panel-head"><h3 class="panel-title">{t!("detail.what_happens")}</h3></header>
            <ul class="panel-body grid gap-1.5 text-sm">
                {rows.collect_view()}
                <li class="flex items-center gap-2">{icon("arrow-right", "i i-sm text-ink-3")} {t!("merge.lines_join")}</li>
                <li class="flex items-center gap-2">{icon("trash-2", "i i-sm text-ink-3")} {t!("merge.removes", name = other)}</li>
            </ul>
        </section>
    }
    .into_any()
}
