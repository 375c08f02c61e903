//! Changing values where they stand: a field, a section, a cell of a line, or
//! all lines of a kind. The same model, rules and conflicts as in the form.

mod clash;
mod editor;
mod save;

use conexao_domain::kernel::{
    field::{Field, Kind, Writer},
    problem::FieldProblem,
    record::Record,
    resource::Resource,
};
use leptos::{leptos_dom::helpers::request_animation_frame, prelude::*, task::spawn_local};

use super::page::Page;
use crate::{
    api::records,
    custom, i18n,
    resource::form::{keep::Keeper, mention::masked, state::Form},
    t,
    ui::{focus, icon::icon},
};

pub use clash::{Clash, view as clash};
pub use editor::{cell, field, lines, section};

/// What is being changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    Field(&'static str),
    /// The fields of a section together.
    Section(&'static str),
    /// One value of a line, found by the line's id.
    Cell {
        lines: &'static str,
        row: String,
        column: &'static str,
    },
    /// All lines of a field; `add` begins with another one.
    Lines {
        field: &'static str,
        add: bool,
    },
}

impl Target {
    /// The fields of the record it writes.
    fn fields(&self, resource: &'static Resource) -> Vec<&'static Field> {
        let one = |name: &str| resource.fields.iter().filter(|field| field.name == name).collect();
        match self {
            Self::Field(name) => one(name),
            Self::Cell { lines, .. } => one(lines),
            Self::Lines { field, .. } => one(field),
            Self::Section(name) => plain_fields(resource, name),
        }
    }

    /// The id of the button that opens it.
    fn id(&self) -> String {
        match self {
            Self::Field(name) => format!("edit-{name}"),
            Self::Section(name) => format!("edit-section-{name}"),
            Self::Cell { lines, row, column } => format!("edit-{lines}-{row}-{column}"),
            Self::Lines { field, .. } => format!("edit-lines-{field}"),
        }
    }

    /// What people call it.
    fn label(&self, resource: &'static Resource) -> String {
        match self {
            Self::Section(name) => i18n::section(name),
            _ => self.fields(resource).first().map(|field| i18n::field(resource.name, field)).unwrap_or_default(),
        }
    }
}

/// The fields of a section that are no lines.
pub fn plain_fields(resource: &'static Resource, section: &str) -> Vec<&'static Field> {
    resource.fields.iter().filter(|f| f.section == Some(section) && !matches!(f.kind, Kind::Lines(_))).collect()
}

/// A change under way.
#[derive(Debug, Clone)]
pub struct Editing {
    pub target: Target,
    /// The record as it was when the change began.
    pub base: Record,
    /// What the editor begins with.
    start: Record,
    /// What the server had against it the last time.
    refused: Vec<FieldProblem>,
}

/// What is being changed on a page.
#[derive(Clone, Copy)]
pub struct Inline {
    pub editing: RwSignal<Option<Editing>>,
    /// Somebody else was faster.
    pub clash: RwSignal<Option<Clash>>,
    /// The editor that is open.
    open: StoredValue<Option<Open>>,
    turn: StoredValue<u32>,
}

/// An editor: which one it is, its values, and what keeps them when somebody leaves.
#[derive(Clone, Copy)]
struct Open {
    turn: u32,
    form: Form,
    keeper: Keeper,
}

impl Inline {
    pub fn new() -> Self {
        Self {
            editing: RwSignal::new(None),
            clash: RwSignal::new(None),
            open: StoredValue::new(None),
            turn: StoredValue::new(0),
        }
    }

    /// Nothing of the open editor is kept: it was saved, or given up. What has
    /// the focus lets go first, for what it still has to say needs the editor.
    fn forget(self) {
        let inside =
            focus::active().filter(|element| element.closest("[data-inline]").is_ok_and(|found| found.is_some()));
        if let Some(element) = inside {
            let _ = element.blur();
        }
        if let Some(open) = self.open.get_value() {
            open.keeper.stop();
        }
    }

    /// Whether something is being changed; tracked.
    pub fn is_open(self) -> bool {
        self.editing.with(Option::is_some) || self.clash.with(Option::is_some)
    }
}

/// Whether a target is the one being changed.
pub fn at(page: Page, target: Target) -> Memo<bool> {
    Memo::new(move |_| page.inline().editing.with(|now| now.as_ref().is_some_and(|now| now.target == target)))
}

/// Whether all lines of a field are being changed.
pub fn at_lines(page: Page, name: &'static str) -> Memo<bool> {
    let ours = move |now: &Editing| matches!(now.target, Target::Lines { field, .. } if field == name);
    Memo::new(move |_| page.inline().editing.with(|now| now.as_ref().is_some_and(ours)))
}

/// The line and column being changed in the lines of a field.
pub fn at_cell(page: Page, name: &'static str) -> Memo<Option<(String, &'static str)>> {
    let place = move |now: &Editing| match &now.target {
        Target::Cell { lines, row, column } if *lines == name => Some((row.clone(), *column)),
        _ => None,
    };
    Memo::new(move |_| page.inline().editing.with(|now| now.as_ref().and_then(place)))
}

/// Looks at the record: as it is, or as it was when an open change began, so
/// that nothing moves under who types. Tracked.
pub fn settled<T>(page: Page, look: impl Fn(&Record) -> T) -> T {
    let open = page.inline().editing.with(|now| now.as_ref().map(|now| look(&now.base)));
    open.unwrap_or_else(|| page.record.with(look))
}

/// Whether the person may change a field of the record as it is.
pub fn may(page: Page, field: &Field, record: &Record) -> bool {
    let state = record.text("status").unwrap_or_default();
    let open = match field.writer {
        Writer::Anyone => true,
        Writer::While(states) => states.contains(&state),
        Writer::System => false,
    };
    open && field.section.is_some() && page.may("update") && (page.may("reveal") || !is_hidden(field, record))
}

/// Whether the value, or one within its lines, is a mask.
fn is_hidden(field: &Field, record: &Record) -> bool {
    match field.kind {
        Kind::Lines(_) => record.lines(field.name).iter().any(|line| masked(line).next().is_some()),
        _ => masked(record).any(|name| name == field.name),
    }
}

/// Whether cells of a column can be changed alone. What is found by searching
/// needs more room than a cell has.
pub fn fits_cell(resource: &Resource, lines: &Field, column: &Field) -> bool {
    let roomy = matches!(column.kind, Kind::Reference(_) | Kind::User | Kind::Municipality | Kind::Tags);
    column.writer != Writer::System && !roomy && !custom::has_lines_editor(resource, lines.name)
}

/// Opens the editor of a target; one that is open is saved first, and stays
/// when it cannot be. Masks are looked behind, which is recorded.
pub fn begin(page: Page, target: Target) {
    if !save::settle(page) {
        return;
    }
    let mut record = page.record.get_untracked();
    let hidden: Vec<&'static Field> =
        target.fields(page.resource).into_iter().filter(|field| is_hidden(field, &record)).collect();
    if hidden.is_empty() {
        open(page, target, record);
        return;
    }
    spawn_local(async move {
        for field in hidden {
            records::look_behind(page.resource, field, &mut record).await;
        }
        // Gone to another page meanwhile: nothing to open.
        if page.is_there() {
            page.stir();
            open(page, target, record);
        }
    });
}

fn open(page: Page, target: Target, base: Record) {
    page.inline().editing.set(Some(Editing { target, start: base.clone(), base, refused: Vec::new() }));
}

/// Closes the editor without saving; the focus goes back to what opened it.
fn close(page: Page) {
    let Some(editing) = page.inline().editing.get_untracked() else { return };
    page.inline().forget();
    page.inline().editing.set(None);
    return_to(&editing.target);
}

fn return_to(target: &Target) {
    let id = target.id();
    request_animation_frame(move || focus::give(focus::by_id(&id)));
}

/// The button that opens the editor of a value; it shows when one points at the
/// value or comes to it with the keyboard.
pub fn pencil(page: Page, target: Target, label: &str, class: &str) -> AnyView {
    let name = t!("inline.edit", what = label);
    let class = format!(
        "icon-btn h-6 w-6 opacity-0 group-hover/val:opacity-100 focus-visible:opacity-100 pointer-coarse:hidden print:hidden {class}"
    );
    button(page, target, name, class)
}

/// The same for a panel, always in sight.
pub fn panel_pencil(page: Page, target: Target) -> AnyView {
    let name = t!("inline.edit", what = target.label(page.resource));
    button(page, target, name, "icon-btn icon-btn-sm max-md:h-11 max-md:w-11 print:hidden".to_owned())
}

/// The way to the editor of a panel that has nothing to show yet.
pub fn panel_button(page: Page, target: Target) -> AnyView {
    let (id, label) = (target.id(), target.label(page.resource));
    view! {
        <button type="button" id=id class="btn btn-xs btn-quiet max-md:h-11" on:click=move |_| begin(page, target.clone())>
            {icon("plus", "i i-sm")} {label}
        </button>
    }
    .into_any()
}

fn button(page: Page, target: Target, name: String, class: String) -> AnyView {
    let id = target.id();
    view! {
        <button type="button" id=id class=class aria-label=name.clone() title=name on:click=move |_| begin(page, target.clone())>
            {icon("pencil", "i i-sm")}
        </button>
    }
    .into_any()
}
