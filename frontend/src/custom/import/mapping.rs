//! What each column means: suggested, changeable, with samples.

use leptos::prelude::*;
use serde_json::Value as Json;

use super::{preview, settings, targets, wizard::Wizard};
use crate::{
    api::imports::Column,
    format, t, td,
    ui::icon::{glyph, icon},
};

/// The panel of the columns.
pub fn panel(wizard: Wizard) -> AnyView {
    let count = move || {
        wizard.import.with(|import| {
            let mapped = import.mapping.iter().filter(|m| m.field.is_some()).count();
            let all = import.shape.as_ref().map_or(0, |shape| shape.columns.len());
            t!("import.mapped", n = mapped, total = all)
        })
    };
    let columns = Memo::new(move |_| {
        wizard.import.with(|import| import.shape.as_ref().map(|shape| shape.columns.clone()).unwrap_or_default())
    });
    let rows = move || columns.get().into_iter().map(|column| row(wizard, column)).collect_view();
    let cards = move || columns.get().into_iter().map(|column| card(wizard, column)).collect_view();
    view! {
        <section class="panel min-w-0 overflow-hidden" aria-label=t!("import.columns")>
            <header class="panel-head">
                <h2 class="panel-title">{t!("import.columns")}</h2>
                <span class="hint num" role="status">{count}</span>
            </header>
            {settings::settings(wizard)}
            {move || warnings(wizard)}
            {move || missing(wizard)}
            <div class="max-md:hidden">
                <table class="tbl">
                    <thead>
                        <tr>
                            <th scope="col" class="w-8"><span class="sr-only">{t!("import.situation")}</span></th>
                            <th scope="col">{t!("import.file_column")}</th>
                            <th scope="col" class="w-8"><span class="sr-only">{t!("import.to")}</span></th>
                            <th scope="col">{t!("import.target")}</th>
                            <th scope="col">{t!("import.content")}</th>
                        </tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
            <ul class="md:hidden">{cards}</ul>
            {preview::preview(wizard)}
        </section>
    }
    .into_any()
}

/// What was odd about the file.
fn warnings(wizard: Wizard) -> AnyView {
    let all =
        wizard.import.with(|import| import.shape.as_ref().map(|shape| shape.warnings.clone()).unwrap_or_default());
    let rows = all.into_iter().filter_map(|warning| {
        let text = |name: &str| {
            warning.get(name).map(|value| value.as_str().map_or_else(|| value.to_string(), ToOwned::to_owned))
        };
        let said = match warning.get("kind")?.as_str()? {
            "other_than_named" => t!("import.warning.other_than_named", found = text("found")?.to_uppercase()),
            "invalid_characters" => t!("import.warning.invalid_characters", n = text("count")?),
            "columns_left_out" => t!("import.warning.columns_left_out", n = text("limit")?),
            "mixed_dates" => {
                let column = warning.get("column")?.as_u64()?;
                t!("import.warning.mixed_dates", column = super::problems::heading(wizard, &column.to_string()))
            }
            "damaged_rows" => t!("import.warning.damaged_rows", n = text("count")?),
            _ => return None,
        };
        Some(view! { <p class="notice notice-waiting rounded-none">{icon("circle-alert", "i")} {said}</p> })
    });
    rows.collect_view().into_any()
}

/// Required fields that no column fills.
fn missing(wizard: Wizard) -> Option<AnyView> {
    let missing =
        wizard.import.with(|import| if import.mode == "update" { Vec::new() } else { targets::missing(import) });
    (!missing.is_empty()).then(|| {
        view! {
            <p class="notice notice-waiting rounded-none" role="status">
                {icon("circle-alert", "i")} {t!("import.missing", fields = missing.join(", "))}
            </p>
        }
        .into_any()
    })
}

fn field_of(wizard: Wizard, column: usize) -> Signal<Option<String>> {
    Signal::derive(move || {
        wizard.import.with(|import| import.mapping.iter().find(|m| m.column == column).and_then(|m| m.field.clone()))
    })
}

/// Whether a suggestion needs no second look; chosen by a person it has no figure.
fn is_sure(confidence: &Json) -> bool {
    confidence.as_f64().is_none_or(|share| share >= 0.7)
}

/// Whether the suggestion should be looked at: known, uncertain, left out.
fn mark(wizard: Wizard, column: usize) -> AnyView {
    let field = field_of(wizard, column);
    let shown = move || {
        let sure = wizard.import.with(|import| {
            let mapped = import.mapping.iter().find(|m| m.column == column);
            mapped.is_none_or(|m| is_sure(&m.confidence))
        });
        let (class, tone, label) = match field.get() {
            None => ("inline-flex text-mute", "muted", t!("import.ignored")),
            Some(_) if !sure => ("inline-flex text-waiting", "waiting", t!("import.check")),
            Some(_) => ("inline-flex text-ok", "success", t!("import.known")),
        };
        view! { <span class=class title=label.clone()>{glyph(tone)}<span class="sr-only">{label.clone()}</span></span> }
    };
    shown.into_any()
}

fn sample(column: &Column) -> String {
    column.samples.iter().find(|sample| !sample.is_empty()).cloned().unwrap_or_else(|| "—".to_owned())
}

fn row(wizard: Wizard, column: Column) -> AnyView {
    let all = column.samples.join("\n");
    let kind = column.kind.as_deref().map(|kind| td!("import.kind.", kind));
    let sample = sample(&column);
    view! {
        <tr>
            <td>{mark(wizard, column.index)}</td>
            <td title=all>
                <span class="mono text-xs font-medium">{column.title.clone()}</span>
                <span class="sub clip">{sample}</span>
            </td>
            <td class="text-ink-3">{icon("arrow-right", "i i-sm")}</td>
            <td class="w-64">{select(wizard, column, "wide")}</td>
            <td><span class="tag h-6 px-2 text-xs">{kind}</span></td>
        </tr>
    }
    .into_any()
}

fn card(wizard: Wizard, column: Column) -> AnyView {
    let sample = sample(&column);
    view! {
        <li class="grid gap-1.5 border-b border-line px-4 py-2.5 last:border-0">
            <span class="flex items-center gap-2">
                {mark(wizard, column.index)}
                <span class="mono text-xs font-medium">{column.title.clone()}</span>
                <span class="hint ml-auto truncate">{sample}</span>
            </span>
            {select(wizard, column, "narrow")}
        </li>
    }
    .into_any()
}

fn select(wizard: Wizard, column: Column, place: &str) -> AnyView {
    let index = column.index;
    let field = field_of(wizard, index);
    let change = move |event| {
        let name = event_target_value(&event);
        wizard.map(index, (!name.is_empty()).then_some(name));
    };
    let mut groups = wizard.import.with_untracked(|import| targets::groups(wizard.resource, &import.targets));
    if let Some(target) = targets::external(wizard.resource, &column.title) {
        let label = target.label.clone();
        groups.push(targets::Group { label: t!("import.other_systems"), targets: vec![(target, label)] });
    }
    let all = || groups.iter().flat_map(|group| &group.targets).map(|(target, _)| target);
    // A place of another name, such as another system's, is kept as it is.
    let known = all().any(|target| Some(&target.field) == field.get_untracked().as_ref());
    let own = field
        .get_untracked()
        .filter(|_| !known)
        .map(|name| view! { <option value=name.clone() selected>{name.clone()}</option> });
    let required = {
        let names: Vec<String> = all().filter(|target| target.required).map(|target| target.field.clone()).collect();
        move || field.get().is_some_and(|name| names.contains(&name))
    };
    let options = groups.into_iter().map(|group| {
        let rows = group.targets.into_iter().map(|(target, label)| {
            let name = target.field.clone();
            view! { <option value=target.field selected=move || field.get().as_deref() == Some(name.as_str())>{label}</option> }
        });
        view! { <optgroup label=group.label>{rows.collect_view()}</optgroup> }
    });
    let star = move || {
        required().then(|| {
            view! {
                <span class="font-semibold text-danger-fg" title=t!("import.required")>"*"<span class="sr-only">{t!("import.required")}</span></span>
            }
        })
    };
    let id = format!("map-{place}-{}", format::integer(i64::try_from(index).unwrap_or_default()));
    view! {
        <span class="flex items-center gap-1.5">
            <select
                id=id
                class="select select-sm max-md:h-11"
                aria-label=t!("import.target_of", column = column.title)
                disabled=move || wizard.at_work()
                on:change=change
            >
                <option value="" selected=move || field.get().is_none()>{t!("import.leave_out")}</option>
                {own}
                {options.collect_view()}
            </select>
            {star}
        </span>
    }
    .into_any()
}
