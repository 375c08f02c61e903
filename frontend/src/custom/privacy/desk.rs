//! The desk on the page of a request: find, hand over, correct, anonymise.

use conexao_domain::{
    privacy::{ERASE, SEARCH},
    registry,
};
use leptos::{prelude::*, task::spawn_local};

use super::{found, preview};
use crate::{
    api::{
        Failure,
        jobs::{self, Job},
        privacy::{self, Chosen, Found, PrivacyPreview},
    },
    resource::detail::page::Page,
    screen::Screen,
    shell,
    state::app,
    t,
    ui::{empty::failed, icon::icon, load::Load, skeleton, toast},
};

#[derive(Clone, Copy)]
struct Desk {
    page: Page,
    found: Load<Found>,
    chosen: RwSignal<Vec<Chosen>>,
    preview: Load<PrivacyPreview>,
    busy: RwSignal<bool>,
}

/// The panel; nothing for who may not search.
pub fn panel(page: Page) -> AnyView {
    if !app().session.can(SEARCH) {
        return ().into_any();
    }
    let desk = Desk {
        page,
        found: Load::new(),
        chosen: RwSignal::new(Vec::new()),
        preview: Load::new(),
        busy: RwSignal::new(false),
    };
    // Who is meant by the first look; people may see it otherwise.
    Effect::new(move || {
        if let Some(found) = desk.found.ready() {
            desk.chosen.set(found::certain(&found));
        }
    });
    // Another choice of people is another preview.
    Effect::new(move || {
        desk.chosen.track();
        desk.preview.answer.set(None);
    });
    view! {
        <section class="panel" aria-label=t!("privacy.desk")>
            <header class="panel-head">
                <h2 class="panel-title">{t!("privacy.desk")}</h2>
                <button type="button" class="btn btn-sm btn-line ml-auto" disabled=move || desk.found.waiting.get() on:click=move |_| desk.look()>
                    {icon("search", "i")} {t!("privacy.find")}
                </button>
            </header>
            <div aria-live="polite">{move || body(desk)}</div>
        </section>
    }
    .into_any()
}

fn body(desk: Desk) -> AnyView {
    match desk.found.answer.get() {
        None if desk.found.slow.get() => skeleton::lines(4),
        None => view! { <p class="hint px-4 py-3">{t!("privacy.find_hint")}</p> }.into_any(),
        Some(Err(failure)) => failed(t!("privacy.not_found"), &failure, move || desk.look()),
        Some(Ok(found)) => {
            view! { {found::groups(&found, Some(desk.chosen))} {acts(desk)} {move || shown(desk)} }.into_any()
        }
    }
}

fn acts(desk: Desk) -> AnyView {
    let status = move || desk.page.record.with(|record| record.text("status").unwrap_or_default().to_owned());
    let kind = move || desk.page.record.with(|record| record.text("kind").unwrap_or_default().to_owned());
    let ready = move || status() == "in_progress" && !desk.chosen.with(Vec::is_empty) && !desk.busy.get();
    let erases = move || matches!(kind().as_str(), "anonymisation" | "retention");
    let hint = move || {
        let text = match status().as_str() {
            "in_progress" if desk.chosen.with(Vec::is_empty) => t!("privacy.choose"),
            "in_progress" => return None,
            "answered" | "refused" => t!("privacy.closed"),
            _ => t!("privacy.begin_first"),
        };
        Some(view! { <p class="hint">{text}</p> })
    };
    let correct = move || {
        (kind() == "correction").then(|| {
            view! {
                <button type="button" class="btn btn-sm btn-line max-md:h-11" disabled=move || !ready() on:click=move |_| desk.correct()>
                    {icon("pencil", "i")} {t!("privacy.correct")}
                </button>
            }
        })
    };
    let anonymise = move || {
        erases().then(|| {
            view! {
                <button type="button" class="btn btn-sm btn-line max-md:h-11" disabled=move || !ready() on:click=move |_| desk.look_ahead()>
                    {icon("eye", "i")} {t!("privacy.preview")}
                </button>
            }
        })
    };
    view! {
        <div class="flex flex-wrap items-center gap-2 border-t border-line px-4 py-3">
            <button type="button" class="btn btn-sm btn-line max-md:h-11" disabled=move || !ready() on:click=move |_| desk.export()>
                {icon("folder-down", "i")} {t!("privacy.make_file")}
            </button>
            {correct} {anonymise} {hint}
        </div>
    }
    .into_any()
}

fn shown(desk: Desk) -> Option<AnyView> {
    let content = match desk.preview.answer.get()? {
        Err(failure) => failed(t!("privacy.no_preview"), &failure, move || desk.look_ahead()),
        Ok(shown) => {
            let (digest, free) = (shown.digest.clone(), shown.held.is_empty());
            let mine =
                desk.page.record.with(|record| record.text("created_by") == Some(app().session.user_id().as_str()));
            let note = match (app().session.can(ERASE), mine) {
                (false, _) => Some(t!("privacy.may_not_erase")),
                (true, true) => Some(t!("privacy.other_person")),
                _ => None,
            };
            let may = note.is_none() && free;
            let note = note.map(|text| view! { <p class="hint">{text}</p> });
            view! {
                {preview::shown(&shown)}
                <div class="mt-4 flex flex-wrap items-center gap-2">
                    <button
                        type="button"
                        class="btn btn-sm btn-error max-md:h-11"
                        disabled=move || !may || desk.busy.get()
                        on:click=move |_| desk.anonymise(digest.clone())
                    >
                        {t!("privacy.anonymise")}
                    </button>
                    {note}
                </div>
            }
            .into_any()
        }
    };
    Some(view! { <div class="border-t border-line px-4 py-3">{content}</div> }.into_any())
}

impl Desk {
    fn look(self) {
        let id = self.page.id();
        self.found.run(async move { privacy::search_for(&id).await });
    }

    fn look_ahead(self) {
        let (id, chosen) = (self.page.id(), self.chosen.get_untracked());
        self.preview.run(async move { privacy::preview(&id, &chosen).await });
    }

    fn export(self) {
        let (id, chosen) = (self.page.id(), self.chosen.get_untracked());
        self.work(async move { privacy::export(&id, &chosen).await }, move |job| {
            toast::say(t!("privacy.file_made"));
            shell::download_job(job.id);
        });
    }

    /// Leads to the form of the first record that is the person.
    fn correct(self) {
        let Some(record) = self.chosen.get_untracked().into_iter().next() else { return };
        let id = self.page.id();
        spawn_local(async move {
            match privacy::correct(&id, &record).await {
                Ok(()) => {
                    if let Some(resource) = registry::by_name(&record.resource) {
                        app().nav.to(&Screen::Edit(resource, record.id).path());
                    }
                }
                Err(failure) => toast::fail(&failure),
            }
        });
    }

    fn anonymise(self, digest: String) {
        let (id, chosen) = (self.page.id(), self.chosen.get_untracked());
        self.work(async move { privacy::anonymise(&id, &chosen, &digest).await }, move |_| {
            toast::say(t!("privacy.anonymised"));
            self.preview.answer.set(None);
            self.look();
        });
    }

    /// Starts a job and waits until it is over.
    fn work(self, start: impl Future<Output = Result<Job, Failure>> + 'static, done: impl FnOnce(Job) + 'static) {
        self.busy.set(true);
        spawn_local(async move {
            match start.await {
                Ok(job) => {
                    let over = jobs::over(&job.id).await;
                    self.page.refresh();
                    self.page.stir();
                    match over.filter(Job::is_well) {
                        Some(job) => done(job),
                        None => toast::say(t!("privacy.job_failed")),
                    }
                }
                Err(failure) => toast::fail(&failure),
            }
            self.busy.try_set(false);
        });
    }
}
