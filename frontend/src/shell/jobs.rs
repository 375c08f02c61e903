//! Background work, seen from anywhere: the bar in the header and the word
//! when something is done.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::{files, jobs, jobs::Job},
    part::{self, Tool},
    screen::Screen,
    state::app,
    t,
    ui::{
        icon::icon,
        popover::{Trigger, popover},
        progress::progress,
        toast,
    },
};

/// Looks for work that runs already, and says when some ends.
pub fn watch() {
    let live = app().live;
    spawn_local(async move {
        if let Ok(page) = jobs::list(None).await {
            let mut running: Vec<Job> = page.items.into_iter().filter(|job| !job.is_over()).collect();
            running.reverse();
            live.running.set(running);
        }
    });
    Effect::new(move |before: Option<()>| {
        let job = live.job.get();
        if let (Some(()), Some(job)) = (before, job.filter(|job| job.is_over() && !live.is_hushed(job))) {
            announce(job);
        }
    });
}

fn announce(job: Job) {
    let Job { id, title, file_name, .. } = job;
    let file = job.has_file.then(|| file_name.unwrap_or_default());
    match (job.state.as_str(), file) {
        ("done", Some(_)) => {
            toast::offer(t!("jobs.ready", title = title), t!("download"), move || download(id.clone()));
        }
        ("done", None) if job.undoable => {
            let all = || t!("jobs.done", title = title);
            let text = if job.failed == 0 { all() } else { t!("jobs.done_some", title = title, n = job.failed) };
            toast::undo(text, move || undo(id.clone()));
        }
        ("done", None) if job.failed == 0 => toast::say(t!("jobs.done", title = title)),
        ("done", None) => toast::offer(t!("jobs.done_with_failures", title = title, n = job.failed), t!("see"), show),
        ("cancelled", _) => toast::say(t!("jobs.cancelled", title = title)),
        _ => toast::offer(t!("jobs.failed", title = title), t!("see"), show),
    }
}

/// Takes back what a job did, as another job.
pub fn undo(id: String) {
    spawn_local(async move {
        match jobs::undo(&id).await {
            Ok(job) => app().live.follow(job),
            Err(failure) => toast::fail(&failure),
        }
    });
}

fn show() {
    app().nav.to(&Screen::Jobs.path());
}

/// Fetches the file a job made and hands it to the browser.
pub fn download(id: String) {
    spawn_local(async move {
        match files::download(format!("/jobs/{id}/file")).await {
            Ok(file) => file.save(),
            Err(failure) => toast::fail(&failure),
        }
    });
}

/// How far the running work is and what ended lately; nothing when nothing did.
pub fn indicator() -> AnyView {
    let live = app().live;
    let any = Memo::new(move |_| !live.running.read().is_empty() || !live.ended.read().is_empty());
    let shown = move || any.get().then(button);
    shown.into_any()
}

fn button() -> AnyView {
    let running = app().live.running;
    let figure = move || {
        let jobs = running.get();
        let Some(first) = jobs.first() else { return icon("check", "i i-sm") };
        let percent = first.percent();
        let figure = percent.map(|p| format!("{p}%"));
        view! {
            {icon("refresh-cw", "i i-sm")}
            <span class="w-14 max-sm:hidden">{progress(percent, first.title.clone())}</span>
            <span class="num">{figure}</span>
        }
        .into_any()
    };
    let trigger = Trigger {
        class: "mr-1 flex h-8 items-center gap-2 rounded-lg px-2 text-xs text-ink-2 hover:bg-hover",
        label: Some(t!("jobs.name")),
        inside: figure.into_any(),
    };
    let content = |open| part::tool(Tool::Jobs(open));
    popover(trigger, "right-0 top-9 w-88 max-sm:fixed max-sm:inset-x-4 max-sm:top-14 max-sm:w-auto", content)
}
