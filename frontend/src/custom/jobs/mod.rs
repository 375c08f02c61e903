//! Work in the background: what runs, what is done, what failed and why.

mod row;
mod rows;

use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::jobs::{self, Job, JobPage},
    state::app,
    t,
    ui::{
        empty::{empty, failed},
        load::Load,
        more, skeleton,
        tabs::{Tab, tabs},
        title::title,
        toast,
    },
};

/// What the parts of the page share.
#[derive(Clone, Copy)]
pub struct Center {
    load: Load<JobPage>,
    tab: RwSignal<&'static str>,
    /// The job whose rows are shown.
    open: RwSignal<Option<String>>,
}

/// The page.
pub fn page() -> AnyView {
    let center = Center { load: Load::new(), tab: RwSignal::new("all"), open: RwSignal::new(None) };
    center.reload();
    center.follow();
    let rows = vec![
        Tab::new("all", t!("center.all")),
        Tab { count: Some(center.count(belongs_to_running)), ..Tab::new("running", t!("center.running")) },
        Tab { count: Some(center.count(belongs_to_failed)), ..Tab::new("failed", t!("center.failed")) },
    ];
    view! {
        <div class="page-head">
            <div>
                {title(t!("center.title"))}
                <p class="page-sub">{t!("center.text")}</p>
            </div>
        </div>
        <section class="panel overflow-hidden" aria-label=t!("center.title")>
            <header class="flex items-center border-b border-line px-3">{tabs(t!("center.title"), rows, center.tab)}</header>
            {move || list(center)}
        </section>
    }
    .into_any()
}

fn belongs_to_running(job: &Job) -> bool {
    !job.is_over()
}

fn belongs_to_failed(job: &Job) -> bool {
    matches!(job.state.as_str(), "failed" | "dead") || job.failed > 0
}

impl Center {
    fn reload(self) {
        self.load.run(jobs::list(None));
    }

    /// Progress shows by itself; a job nobody here knew yet comes on top.
    fn follow(self) {
        Effect::new(move |before: Option<()>| {
            let job = app().live.job.get();
            if let (Some(()), Some(job)) = (before, job) {
                self.put(job);
            }
        });
    }

    /// Shows a job as it is now.
    fn put(self, job: Job) {
        self.load.patch(|page| match page.items.iter_mut().find(|known| known.id == job.id) {
            Some(known) => *known = job,
            None => page.items.insert(0, job),
        });
    }

    fn count(self, belongs: fn(&Job) -> bool) -> Signal<String> {
        Signal::derive(move || {
            let count = self.load.ready().map_or(0, |page| page.items.iter().filter(|job| belongs(job)).count());
            if count == 0 { String::new() } else { count.to_string() }
        })
    }

    /// Does something to a job and shows what came of it.
    fn act(self, act: impl Future<Output = Result<Job, crate::api::Failure>> + 'static) {
        spawn_local(async move {
            match act.await {
                Ok(job) => {
                    app().live.follow(job.clone());
                    self.put(job);
                }
                Err(failure) => {
                    toast::fail(&failure);
                    self.reload();
                }
            }
        });
    }
}

fn list(center: Center) -> AnyView {
    // Only a change of the set of jobs draws the list anew; each row follows its own job.
    let ids = Memo::new(move |_| {
        let page = center.load.ready()?;
        let belongs: fn(&Job) -> bool = match center.tab.get() {
            "running" => belongs_to_running,
            "failed" => belongs_to_failed,
            _ => |_| true,
        };
        Some(page.items.iter().filter(|job| belongs(job)).map(|job| job.id.clone()).collect::<Vec<_>>())
    });
    let shown = move || match (ids.get(), center.load.failed()) {
        (_, Some(failure)) => failed(t!("center.not_loaded"), &failure, move || center.reload()),
        (None, None) if center.load.slow.get() => skeleton::lines(6),
        (None, None) => ().into_any(),
        (Some(ids), None) if ids.is_empty() => {
            empty("list-checks", t!("center.none"), t!("center.none_text"), ().into_any())
        }
        (Some(_), None) => {
            let each = move || ids.get().unwrap_or_default();
            view! { <ul class="divide-y divide-line"><For each=each key=Clone::clone children=move |id| row::row(center, id) /></ul> }
                .into_any()
        }
    };
    let next = Memo::new(move |_| center.load.ready().and_then(|page| page.next));
    let more = move || {
        next.get().map(|after| {
            let fetch = move || {
                let after = after.clone();
                async move { jobs::list(Some(&after)).await }
            };
            more::more(center.load, fetch, |page, older| {
                page.items.extend(older.items);
                page.next = older.next;
            })
        })
    };
    view! { {shown} {more} }.into_any()
}
