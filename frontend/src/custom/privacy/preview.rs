//! What an anonymisation would do, before somebody agrees to it.

use leptos::prelude::*;

use crate::{
    api::privacy::{PreviewRecord, PrivacyPreview},
    format,
    screen::record_path,
    t, td,
    ui::icon::icon,
};

pub fn shown(preview: &PrivacyPreview) -> AnyView {
    let held = (!preview.held.is_empty()).then(|| {
        view! {
            <p class="notice notice-danger" role="alert">
                {icon("scale", "i")} {t!("privacy.held", reasons = preview.held.join("; "))}
            </p>
        }
    });
    let places = preview.places.iter().map(|place| {
        view! { <li class="flex justify-between gap-4"><span>{place.label.clone()}</span> <span class="num">{format::integer(place.count)}</span></li> }
    });
    let places = (!preview.places.is_empty()).then(|| {
        view! {
            <div>
                <h3 class="mb-1 text-sm font-semibold">{t!("privacy.elsewhere")}</h3>
                <ul class="text-sm">{places.collect_view()}</ul>
            </div>
        }
    });
    let records = preview.records.iter().map(record).collect_view();
    view! { <div class="grid gap-4">{held} <ul class="grid gap-3">{records}</ul> {places}</div> }.into_any()
}

fn record(record: &PreviewRecord) -> AnyView {
    let path = record_path(&record.resource, &record.id).unwrap_or_default();
    let emptied = (!record.emptied.is_empty()).then(|| {
        view! { <p class="mt-1"><b class="font-medium">{t!("privacy.emptied")}</b> ": " {record.emptied.join(", ")}</p> }
    });
    let kept = record.kept.iter().map(|kept| {
        let day = kept.until.as_ref().and_then(|day| day.parse().ok()).map(format::date);
        let until = day.map_or_else(|| t!("privacy.while_it_lasts"), |day| t!("privacy.until", day = day));
        view! { <li>{kept.label.clone()} " — " {kept.basis_label.clone()} " (" {kept.law.clone()} "), " {until}</li> }
    });
    let kept = (!record.kept.is_empty()).then(|| {
        view! {
            <div class="mt-1">
                <b class="font-medium">{if record.tie == "person" { t!("privacy.kept_apart") } else { t!("privacy.kept") }}</b>
                <ul class="ml-4 list-disc">{kept.collect_view()}</ul>
            </div>
        }
    });
    view! {
        <li class="rounded-lg border border-line px-3 py-2 text-sm">
            <p class="flex flex-wrap items-baseline gap-2">
                <a class="lnk font-medium" href=path>{record.title.clone()}</a>
                <span class="hint">{record.resource_label.clone()} " · " {td!("privacy.tie.", &record.tie)}</span>
            </p>
            {emptied} {kept}
        </li>
    }
    .into_any()
}
