//! Background work, seen from anywhere: the bar in the header and the word
//! when something is done.

use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::{files, jobs, jobs::Job},
    screen::Screen,
    state::app,
    t,
    ui::{icon::icon, progress::progress, toast},
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

/// How far the running work is; nothing when none runs.
pub fn indicator() -> AnyView {
    let running = app().live.running;
    let shown = move || {
        let jobs = running.get();
        let first = jobs.first()?;
        let label = match jobs.len() {
            1 => first.title.clone(),
            n => t!("jobs.many", n = n),
        };
        let percent = first.percent();
        let name = label.clone();
        let figure = percent.map(|p| format!("{p}%"));
        Some(view! {
            <a
                class="mr-1 flex items-center gap-2 rounded-lg px-2 py-1 text-xs text-ink-2 hover:bg-hover"
                href=Screen::Jobs.path()
                title=name
            >
                {icon("refresh-cw", "i i-sm")}
                <span class="w-14 max-sm:hidden">{progress(percent, label)}</span>
                <span class="num">{figure}</span>
            </a>
        })
    };
    shown.into_any()
}
