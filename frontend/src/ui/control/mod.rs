//! The form control of every kind of field: label, control, hint, error.

mod calendar;
pub mod combo;
mod date;
mod found;
mod lookup;
mod mask;
mod note;
mod options;
mod recent;
mod segment;
mod tags;
mod text;

use conexao_domain::kernel::{
    field::{Field, Kind},
    value::Uf,
};
use leptos::prelude::*;
use serde_json::Value as Json;

use super::icon::icon;
use crate::{api::records::Mention, i18n, t};

pub use date::{day, moment};
pub use lookup::search_box;
pub use note::Note;

/// A field in a form.
#[derive(Clone)]
pub struct Control {
    pub field: &'static Field,
    /// The resource's name or the table of the lines, for labels.
    pub owner: &'static str,
    /// Unique in the page; error summaries link to it.
    pub id: String,
    /// The canonical value, or what was typed when it cannot be read.
    pub value: RwSignal<Json>,
    /// What a reference is called; shown until another is chosen.
    pub mention: RwSignal<Option<Mention>>,
    pub error: Signal<Option<String>>,
    /// Shown but not to be changed.
    pub locked: bool,
    /// Whether the step or the form needs it, whatever the declaration says.
    pub required: bool,
    /// Without label above: cells of a table of lines, which have a head.
    pub bare: bool,
    /// Where the value came from, or what does not fit to it.
    pub note: Signal<Option<Note>>,
    /// The state that a search for municipalities begins with.
    pub within: Signal<Option<Uf>>,
}

impl Control {
    /// A control with the declaration's own needs.
    pub fn new(
        owner: &'static str,
        field: &'static Field,
        id: String,
        value: RwSignal<Json>,
        error: Signal<Option<String>>,
    ) -> Self {
        Self {
            field,
            owner,
            id,
            value,
            mention: RwSignal::new(None),
            error,
            locked: false,
            required: field.required,
            bare: false,
            note: Signal::stored(None),
            within: Signal::stored(None),
        }
    }

    fn label(&self) -> String {
        i18n::field(self.owner, self.field)
    }

    /// Ids of what describes the control, for `aria-describedby`.
    fn described(&self) -> String {
        format!("{0}-err {0}-note", self.id)
    }

    fn class(&self, base: &'static str) -> Signal<String> {
        let error = self.error;
        Signal::derive(move || if error.get().is_some() { format!("{base} field-bad") } else { base.to_owned() })
    }

    fn invalid(&self) -> Signal<Option<&'static str>> {
        let error = self.error;
        Signal::derive(move || error.get().map(|_| "true"))
    }
}

/// The control with its label and error.
pub fn control(control: Control) -> AnyView {
    let Control { id, error, bare, required, note, .. } = control.clone();
    if control.field.kind == Kind::Boolean {
        return view! { <div class="field content-center">{options::checkbox(control)} {error_text(&id, error)}</div> }
            .into_any();
    }
    let label = control.label();
    let label_class = if bare { "sr-only" } else { "" };
    let star = (required && !bare).then(|| view! { <span class="text-danger-fg" aria-hidden="true">" *"</span> });
    view! {
        <div class="field">
            <label for=id.clone() class=label_class>{label}{star}</label>
            {inner(control)}
            {note::shown(&id, note)}
            {error_text(&id, error)}
        </div>
    }
    .into_any()
}

fn inner(control: Control) -> AnyView {
    match control.field.kind {
        Kind::LongText { .. } => text::area(control),
        Kind::Date => date::day(control),
        Kind::Instant => date::moment(control),
        Kind::Choice(choices) => options::choice(control, choices),
        Kind::Uf => options::uf(control),
        Kind::Reference(resource) => lookup::reference(control, resource),
        Kind::User => lookup::reference(control, "user"),
        Kind::Municipality => lookup::municipality(control),
        Kind::Tags => tags::tags(control),
        _ => text::line(control),
    }
}

fn error_text(id: &str, error: Signal<Option<String>>) -> AnyView {
    let id = format!("{id}-err");
    let text = move || {
        let id = id.clone();
        error.get().map(|text| {
            let text = if text.is_empty() { t!("control.invalid") } else { text };
            view! { <p class="field-err" id=id>{icon("circle-alert", "i i-xs")} {text}</p> }
        })
    };
    text.into_any()
}
