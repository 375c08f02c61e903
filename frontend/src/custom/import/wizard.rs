//! What the parts of the wizard share, and what they ask of the server.

use std::time::Duration;

use conexao_domain::kernel::resource::Resource;
use leptos::{leptos_dom::helpers::set_timeout, prelude::*, task::spawn_local};
use serde_json::{Value as Json, json};

use crate::{
    api::{
        Failure,
        imports::{self, Import, ImportRows, Mapped, PreviewRow},
        jobs::{self, Job},
        live::Hush,
    },
    state::app,
    ui::{load::Load, toast},
};

/// Without live news the job is asked this often.
const ASK: Duration = Duration::from_secs(2);

/// Where the person is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    File,
    Mapping,
    Import,
}

/// An import being prepared or under way.
#[derive(Clone, Copy)]
pub struct Wizard {
    pub resource: &'static Resource,
    pub import: RwSignal<Import>,
    /// The job that works on it.
    pub job: RwSignal<Option<Job>>,
    pub preview: Load<Vec<PreviewRow>>,
    /// The rows that were refused, or those with a warning.
    pub failed: Load<ImportRows>,
    /// Which of the two: `failed` or `warning`.
    pub shown: RwSignal<&'static str>,
    /// A change is on its way.
    pub busy: RwSignal<bool>,
    /// Whether the grid of refused rows is open.
    pub grid: RwSignal<bool>,
    /// Whether the question before a revert is open.
    pub reverting: RwSignal<bool>,
    /// Newer changes overtake older answers.
    turn: StoredValue<u32>,
}

impl Wizard {
    pub fn new(resource: &'static Resource, import: Import) -> Self {
        let wizard = Self {
            resource,
            import: RwSignal::new(import),
            job: RwSignal::new(None),
            preview: Load::new(),
            failed: Load::new(),
            shown: RwSignal::new("failed"),
            busy: RwSignal::new(false),
            grid: RwSignal::new(false),
            reverting: RwSignal::new(false),
            turn: StoredValue::new(0),
        };
        wizard.follow();
        on_cleanup(move || wizard.tells(None));
        wizard.look();
        wizard.list_failed();
        wizard.find_job();
        wizard
    }

    pub fn id(self) -> String {
        self.import.with_untracked(|import| import.id.clone())
    }

    /// The state of the import; tracked.
    pub fn state(self) -> String {
        self.import.with(|import| import.state.clone())
    }

    pub fn step(self) -> Step {
        match self.state().as_str() {
            "mapping" | "simulating" | "simulated" => Step::Mapping,
            _ => Step::Import,
        }
    }

    /// Whether a job is at work; tracked.
    pub fn at_work(self) -> bool {
        matches!(self.state().as_str(), "simulating" | "running" | "reverting")
    }

    /// Changes `options`, `mapping`, `mode` or `key`; the screen has it already.
    pub fn change(self, values: Json) {
        let turn = self.turn.get_value().wrapping_add(1);
        self.turn.set_value(turn);
        self.busy.set(true);
        let id = self.id();
        spawn_local(async move {
            let answer = imports::change(&id, values).await;
            if self.turn.try_get_value() != Some(turn) {
                return;
            }
            self.busy.set(false);
            match answer {
                Ok(import) => {
                    self.import.set(import);
                    self.look();
                }
                Err(failure) => {
                    toast::fail(&failure);
                    self.reload();
                }
            }
        });
    }

    /// Sends a column to a field, or nowhere.
    pub fn map(self, column: usize, field: Option<String>) {
        self.import.update(|import| {
            // A field of the record takes one column: another one lets it go. Lines take several.
            let plain = field.as_ref().is_some_and(|name| !name.contains('.'));
            import
                .mapping
                .iter_mut()
                .filter(|m| plain && m.column != column && m.field == field)
                .for_each(|m| m.field = None);
            match import.mapping.iter_mut().find(|m| m.column == column) {
                Some(mapped) => mapped.field = field,
                None => import.mapping.push(Mapped { column, field, confidence: Json::Null }),
            }
        });
        let mapping = self.import.with_untracked(|import| {
            import.mapping.iter().map(|m| json!({ "column": m.column, "field": m.field })).collect::<Vec<_>>()
        });
        self.change(json!({ "mapping": mapping }));
    }

    /// Starts `simulate`, `run` or `revert`.
    pub fn start(self, what: &'static str) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        let id = self.id();
        spawn_local(async move {
            let answer = imports::start(&id, what).await;
            self.busy.try_set(false);
            match answer {
                Ok(job) => {
                    app().live.follow(job.clone());
                    self.import.try_update(|import| {
                        import.job_id = Some(job.id.clone());
                        working(what).clone_into(&mut import.state);
                    });
                    self.job.try_set(Some(job));
                    self.tells(Some(Hush::Everything));
                    self.ask_now_and_then();
                }
                Err(failure) => toast::fail(&failure),
            }
        });
    }

    /// Stops the job that works on the import.
    pub fn cancel(self) {
        let Some(id) = self.job.with_untracked(|job| job.as_ref().map(|job| job.id.clone())) else { return };
        spawn_local(async move {
            match jobs::cancel(&id).await {
                Ok(job) => self.take(job),
                Err(failure) => toast::fail(&failure),
            }
        });
    }

    /// Reads the import again.
    pub fn reload(self) {
        let id = self.id();
        spawn_local(async move {
            match imports::get(&id).await {
                Ok(import) => {
                    if self.import.try_set(import).is_none() {
                        self.look();
                        self.list_failed();
                    }
                }
                Err(failure) => toast::fail(&failure),
            }
        });
    }

    /// How the first rows would be stored.
    fn look(self) {
        if self.import.with_untracked(|import| matches!(import.state.as_str(), "mapping" | "simulated")) {
            let id = self.id();
            self.preview.run(async move { imports::preview(&id).await });
        }
    }

    /// The rows that were refused or odd.
    pub fn list_failed(self) {
        let (failed, warned) =
            self.import.with_untracked(|import| import.summary.as_ref().map_or((0, 0), |s| (s.failed, s.warnings)));
        if failed == 0 {
            self.shown.set("warning");
        } else if warned == 0 {
            self.shown.set("failed");
        }
        let (id, shown) = (self.id(), self.shown.get_untracked());
        if failed + warned > 0 {
            self.failed.run(async move { imports::rows(&id, shown, None).await });
        } else {
            self.failed.answer.set(None);
        }
    }

    /// Adds the next refused rows to the list.
    pub fn more_failed(self) {
        let Some(after) = self.failed.answer.get_untracked().and_then(Result::ok).and_then(|rows| rows.next) else {
            return;
        };
        let (id, shown) = (self.id(), self.shown.get_untracked());
        self.failed.add(async move { imports::rows(&id, shown, Some(&after)).await }, |rows, more| {
            rows.items.extend(more.items);
            rows.next = more.next;
        });
    }

    fn find_job(self) {
        let job = self.import.with_untracked(|import| import.job_id.clone());
        let Some(job) = job.filter(|_| untrack(|| self.at_work())) else { return };
        spawn_local(async move {
            if let Ok(job) = jobs::get(&job).await {
                self.take(job);
                self.tells(Some(Hush::Everything));
                self.ask_now_and_then();
            }
        });
    }

    /// The screen shows how its job ends, so no message needs to.
    fn tells(self, hush: Option<Hush>) {
        if let Some(Some(job)) = self.job.try_with_untracked(|job| job.as_ref().map(|job| job.id.clone())) {
            app().live.hush(&job, hush);
        }
    }

    fn take(self, job: Job) {
        let over = job.is_over();
        if self.job.try_set(Some(job)).is_none() && over {
            self.reload();
        }
    }

    /// News of the job arrive by themselves.
    fn follow(self) {
        Effect::new(move || {
            let Some(job) = app().live.job.get() else { return };
            let ours =
                self.job.with_untracked(|mine| mine.as_ref().is_some_and(|mine| mine.id == job.id && !mine.is_over()));
            if ours {
                self.take(job);
            }
        });
    }

    /// Asks after the job while the live stream is down.
    fn ask_now_and_then(self) {
        let ask = move || {
            let Some(Some(job)) = self.job.try_get_untracked() else { return };
            if job.is_over() {
                return;
            }
            spawn_local(async move {
                let news: Result<Job, Failure> = jobs::get(&job.id).await;
                let still = self.job.try_with_untracked(|mine| mine.as_ref().is_some_and(|mine| !mine.is_over()));
                if let (Ok(job), Some(true)) = (news, still) {
                    self.take(job);
                }
                self.ask_now_and_then();
            });
        };
        set_timeout(ask, ASK);
    }
}

/// The state while a job does it.
fn working(what: &str) -> &'static str {
    match what {
        "simulate" => "simulating",
        "run" => "running",
        _ => "reverting",
    }
}
