//! One job: how far it is and what can be done about it.

use chrono::{DateTime, Utc};
use conexao_domain::kernel::flow::Tone;
use leptos::prelude::*;
use serde_json::Value as Json;

use super::{Center, rows};
use crate::{
    api::jobs::{self, Job},
    format,
    screen::Screen,
    shell, t, td, tn,
    ui::{chip::chip, icon::icon, progress::progress},
};

fn tone(state: &str) -> Tone {
    match state {
        "queued" => Tone::New,
        "running" => Tone::Progress,
        "paused" => Tone::Waiting,
        "done" => Tone::Success,
        "failed" | "dead" => Tone::Danger,
        _ => Tone::Muted,
    }
}

fn art(kind: &str) -> &'static str {
    match kind.split(['.', '_']).next().unwrap_or_default() {
        "import" => "upload",
        "export" => "file-down",
        "bulk" => "list-checks",
        _ => "refresh-cw",
    }
}

/// A row that follows its job.
pub fn row(center: Center, id: String) -> AnyView {
    let key = id.clone();
    let job = Memo::new(move |_| center.load.ready().and_then(|page| page.items.into_iter().find(|job| job.id == key)));
    let open = Memo::new(move |_| center.open.get().as_deref() == Some(id.as_str()));
    let shown = move || job.get().map(|job| whole(center, &job, open.get()));
    view! { <li class="px-4 py-3">{shown}</li> }.into_any()
}

fn whole(center: Center, job: &Job, open: bool) -> AnyView {
    let state = chip(tone(&job.state), td!("center.state.", &job.state));
    let error =
        job.error.clone().map(|why| view! { <p class="field-err mt-1">{icon("circle-alert", "i i-xs")} {why}</p> });
    let (id, resource) = (job.id.clone(), job.resource.clone());
    let rows = open.then(|| rows::rows(id, resource));
    view! {
        <div class="flex flex-wrap items-start gap-x-3 gap-y-2">
            <span class="mt-0.5 grid h-8 w-8 shrink-0 place-items-center rounded-lg bg-mute-bg text-ink-2">{icon(art(&job.kind), "i")}</span>
            <div class="min-w-0 flex-1 basis-60">
                <p class="flex flex-wrap items-center gap-2 text-sm font-medium">
                    <span class="min-w-0 md:truncate">{job.title.clone()}</span>
                    {state}
                </p>
                <p class="hint num mt-0.5">{about(job)}</p>
                {error}
                {(!job.is_over()).then(|| bar(job))}
            </div>
            <div class="flex flex-wrap items-center gap-2">{buttons(center, job, open)}</div>
        </div>
        {rows}
    }
    .into_any()
}

fn moment(text: Option<&str>) -> Option<DateTime<Utc>> {
    text?.parse().ok()
}

/// Who, when, how many.
fn about(job: &Job) -> String {
    let who = job.created_by.get("name").and_then(Json::as_str).map(ToOwned::to_owned);
    let when =
        moment(job.finished_at.as_deref()).or(moment(job.started_at.as_deref())).or(moment(job.created_at.as_deref()));
    let rows = (job.done > 0).then(|| tn!("import.rows", job.done));
    let failed = (job.failed > 0).then(|| tn!("center.failures", job.failed));
    who.into_iter().chain(when.map(format::ago)).chain(rows).chain(failed).collect::<Vec<_>>().join(" · ")
}

fn bar(job: &Job) -> AnyView {
    let figure =
        job.total.map(|total| t!("import.done_of", done = format::integer(job.done), total = format::integer(total)));
    view! {
        <div class="mt-2 grid max-w-140 gap-1">
            {progress(job.percent(), job.title.clone())}
            <p class="hint num">{figure}</p>
        </div>
    }
    .into_any()
}

fn buttons(center: Center, job: &Job, open: bool) -> AnyView {
    let id = || job.id.clone();
    let download = job.has_file.then(|| {
        let id = id();
        let click = move |_| shell::download_job(id.clone());
        view! { <button type="button" class="btn btn-xs btn-line max-md:h-9" on:click=click>{icon("download", "i i-sm")} {t!("download")}</button> }
    });
    let rows = (job.failed > 0).then(|| {
        let id = id();
        let click = move |_| center.open.set(if open { None } else { Some(id.clone()) });
        view! {
            <button type="button" class="btn btn-xs btn-line max-md:h-9" aria-expanded=open.to_string() on:click=click>
                {icon("table-2", "i i-sm")} {t!("center.see_rows")}
            </button>
        }
    });
    let import = job.result.get("import_id").and_then(Json::as_str).map(|id| {
        let path = Screen::ImportRun(id.to_owned()).path();
        view! { <a class="btn btn-xs btn-line max-md:h-9" href=path>{icon("external-link", "i i-sm")} {t!("center.open_import")}</a> }
    });
    let again = (matches!(job.state.as_str(), "failed" | "dead") || (job.state == "done" && job.failed > 0)).then(|| {
        let id = id();
        let click = move |_| {
            let id = id.clone();
            center.act(async move { jobs::retry(&id).await });
        };
        view! { <button type="button" class="btn btn-xs btn-line max-md:h-9" on:click=click>{icon("rotate-cw", "i i-sm")} {t!("center.retry")}</button> }
    });
    let cancel = job.cancellable.then(|| {
        let id = id();
        let click = move |_| {
            let id = id.clone();
            center.act(async move { jobs::cancel(&id).await });
        };
        view! { <button type="button" class="btn btn-xs btn-danger-quiet max-md:h-9" on:click=click>{icon("x", "i i-sm")} {t!("center.cancel")}</button> }
    });
    view! { {download} {import} {rows} {again} {cancel} }.into_any()
}
