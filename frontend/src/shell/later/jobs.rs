//! Background work in a small window below the top bar: what runs, and what
//! ended in this session.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::jobs::{self as api, Job},
    screen::Screen,
    shell::{download_job, undo_job},
    state::app,
    t, td,
    ui::{icon::icon, progress::progress, toast},
};

/// The window; `open` closes it.
pub fn jobs(open: RwSignal<bool>) -> AnyView {
    let live = app().live;
    // Seen is seen: the sign goes with the last one that ran.
    on_cleanup(move || {
        if live.running.read_untracked().is_empty() {
            live.ended.set(Vec::new());
        }
    });
    let rows = move || {
        let jobs = live.running.get().into_iter().chain(live.ended.get());
        jobs.map(|job| row(open, job)).collect_view()
    };
    view! {
        <div>
            <ul class="max-h-96 divide-y divide-line overflow-y-auto" aria-label=t!("jobs.name")>{rows}</ul>
            <p class="border-t border-line px-4 py-2.5 text-sm">
                <a class="lnk" href=Screen::Jobs.path() data-focus="" on:click=move |_| open.set(false)>{t!("jobs.all")}</a>
            </p>
        </div>
    }
    .into_any()
}

fn row(open: RwSignal<bool>, job: Job) -> AnyView {
    let art = match (job.is_over(), job.is_well()) {
        (false, _) => ("refresh-cw", "i i-sm mt-0.5 text-ink-2"),
        (true, true) => ("check", "i i-sm mt-0.5 text-ok-fg"),
        (true, false) => ("circle-alert", "i i-sm mt-0.5 text-danger-fg"),
    };
    let said = said(&job);
    let bar = (!job.is_over()).then(|| progress(job.percent(), job.title.clone()));
    view! {
        <li class="flex gap-2.5 px-4 py-3">
            {icon(art.0, art.1)}
            <div class="grid min-w-0 flex-1 gap-1">
                <p class="text-sm font-medium">{job.title.clone()}</p>
                {bar}
                <p class="hint num">{said}</p>
            </div>
            <div class="flex items-start gap-1">{buttons(open, &job)}</div>
        </li>
    }
    .into_any()
}

fn said(job: &Job) -> String {
    match (job.is_over(), job.total) {
        (false, Some(total)) => t!("jobs.of", done = job.done, total = total),
        (true, _) if job.failed > 0 => t!("jobs.failures", n = job.failed),
        _ => td!("center.state.", &job.state),
    }
}

fn buttons(open: RwSignal<bool>, job: &Job) -> AnyView {
    let id = || job.id.clone();
    let button = |label: String, art: &'static str, act: Box<dyn Fn() + Send + Sync>| {
        view! {
            <button type="button" class="icon-btn icon-btn-sm max-md:h-11 max-md:w-11" aria-label=label.clone() title=label on:click=move |_| act()>
                {icon(art, "i i-sm")}
            </button>
        }
    };
    let file = job.has_file.then(|| {
        let id = id();
        button(t!("download"), "download", Box::new(move || download_job(id.clone())))
    });
    let cancel = job.cancellable.then(|| {
        let id = id();
        button(t!("jobs.cancel", title = job.title), "x", Box::new(move || cancel(id.clone())))
    });
    let rows = (job.is_over() && !job.is_well()).then(|| {
        let see = move || {
            open.set(false);
            app().nav.to(&Screen::Jobs.path());
        };
        button(t!("see"), "table-2", Box::new(see))
    });
    let undo = job.undoable.then(|| {
        let id = id();
        button(t!("undo"), "undo-2", Box::new(move || undo_job(id.clone())))
    });
    view! { {undo} {file} {rows} {cancel} }.into_any()
}

fn cancel(id: String) {
    spawn_local(async move {
        match api::cancel(&id).await {
            Ok(job) => app().live.follow(job),
            Err(failure) => toast::fail(&failure),
        }
    });
}
