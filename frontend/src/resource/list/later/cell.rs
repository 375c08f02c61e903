//! Changing a value in its cell. The list shows it at once; what the server
//! refuses goes back, and what was typed stays where it was typed.

use std::{cell::RefCell, collections::VecDeque};

use conexao_domain::kernel::{plan, problem::FieldProblem, record::Record, resource::Resource};
use leptos::{
    ev::{self, KeyboardEvent},
    html::Div,
    prelude::*,
    task::spawn_local,
};
use send_wrapper::SendWrapper;
use serde_json::{Map, Value as Json};
use wasm_bindgen::JsCast;

use crate::{
    api::{Failure, records, records::Mention},
    format, i18n,
    resource::{
        detail::undo,
        form::{mention::refs, path, state},
        list::{
            Editing, List,
            cell::name_of,
            edit::{self, EDITED},
            mention, rows,
        },
    },
    t,
    ui::{
        control::{Control, control},
        focus,
        icon::icon,
        toast,
    },
};

/// What an open editor holds.
#[derive(Clone, Copy)]
struct Draft {
    list: List,
    editing: StoredValue<Editing>,
    row: StoredValue<Record>,
    value: RwSignal<Json>,
    mention: RwSignal<Option<Mention>>,
    error: RwSignal<Option<String>>,
}

/// The editor over a cell.
pub fn editor(list: List, editing: Editing) -> AnyView {
    let Some(row) = list.row(&editing.id) else { return ().into_any() };
    let field = editing.field;
    let (value, error) = match editing.refused.clone() {
        Some((typed, why)) => (typed, Some(why)),
        None => (row.get(field.name).clone(), None),
    };
    let name = name_of(list.resource, &row);
    let draft = Draft {
        list,
        mention: RwSignal::new(mention(&row, field.name)),
        row: StoredValue::new(row),
        editing: StoredValue::new(editing),
        value: RwSignal::new(value),
        error: RwSignal::new(error),
    };
    draft.judge_while_typing();
    let label = t!("cell.name", field = i18n::field(list.resource.name, field), name = name);
    let inside = Control {
        bare: true,
        mention: draft.mention,
        ..Control::new(list.resource.name, field, format!("cell-{}", field.name), draft.value, draft.error.into())
    };
    boxed(draft, label, control(inside))
}

fn boxed(draft: Draft, label: String, inside: AnyView) -> AnyView {
    let node = NodeRef::<Div>::new();
    let before = SendWrapper::new(focus::active());
    Effect::new(move || {
        if let Some(root) = node.get() {
            focus::enter(&root);
            // A frame later, when the value stands in it.
            let root = SendWrapper::new(root);
            request_animation_frame(move || select(&root));
        }
    });
    on_cleanup(move || focus::give(before.take()));
    let place = RwSignal::new(draft.place());
    let scrolled = window_event_listener(ev::scroll, move |_| place.set(draft.place()));
    let pressed = window_event_listener(ev::pointerdown, move |event| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Node>().ok());
        if node.get_untracked().is_some_and(|root| !root.contains(target.as_ref())) {
            draft.commit();
        }
    });
    on_cleanup(move || {
        scrolled.remove();
        pressed.remove();
    });
    let at = move |side: fn(Place) -> String| move || place.get().map(side);
    view! {
        <div
            class="pop cell-box fixed z-40"
            role="dialog"
            aria-label=label
            style:left=at(|place| place.left)
            style:top=at(|place| place.top)
            style:min-width=at(|place| place.width)
            node_ref=node
            on:keydown=move |event| draft.on_key(&event)
        >
            {inside}
            <div class="flex items-center gap-2 pt-1.5">
                <span class="hint flex-1 whitespace-nowrap">{t!("cell.keys")}</span>
                <button type="button" class="icon-btn icon-btn-sm" aria-label=t!("cancel") title=t!("cancel") on:click=move |_| draft.close()>
                    {icon("x", "i i-sm")}
                </button>
                <button type="button" class="icon-btn icon-btn-sm" aria-label=t!("cell.save") title=t!("cell.save") on:click=move |_| { draft.commit(); }>
                    {icon("check", "i i-sm")}
                </button>
            </div>
        </div>
    }
    .into_any()
}

/// What is typed first takes the place of what was there.
fn select(root: &web_sys::Element) {
    let field = focus::inside(root, "input[type='text']").into_iter().next();
    if let Some(field) = field.and_then(|field| field.dyn_into::<web_sys::HtmlInputElement>().ok()) {
        field.select();
    }
}

/// Where the editor lies, as styles.
#[derive(Debug, Clone)]
struct Place {
    left: String,
    top: String,
    width: String,
}

impl Draft {
    fn place(self) -> Option<Place> {
        let row = rows::element(&self.editing.with_value(|editing| editing.id.clone()))?;
        let name = self.editing.with_value(|editing| editing.field.name);
        let cell = row.query_selector(&format!("[data-cell='{name}']")).ok().flatten()?;
        let rect = cell.closest("td").ok().flatten()?.get_bounding_client_rect();
        Some(Place {
            left: format!("min({}px, 100vw - 21rem)", rect.left()),
            top: format!("min({}px, 100vh - 9rem)", rect.top()),
            width: format!("max({}px, 17rem)", rect.width()),
        })
    }

    fn resource(self) -> &'static Resource {
        self.list.resource
    }

    fn is_changed(self) -> bool {
        let name = self.editing.with_value(|editing| editing.field.name);
        self.row.with_value(|row| *row.get(name) != self.value.get_untracked())
    }

    /// What the same plan that the server runs says of the value.
    fn problem(self) -> Option<FieldProblem> {
        let name = self.editing.with_value(|editing| editing.field.name);
        let changes: Map<String, Json> = [(name.to_owned(), self.value.get_untracked())].into_iter().collect();
        let judged = self.row.with_value(|row| plan::patch(self.resource(), row, &changes, &state::facts()));
        judged.err()?.fields.into_iter().find(|problem| path::top(&problem.field) == name)
    }

    /// A complaint goes as soon as the value is right again.
    fn judge_while_typing(self) {
        Effect::new(move |before: Option<()>| {
            self.value.track();
            if before.is_some() && self.error.read_untracked().is_some() {
                self.error.set(self.problem().map(|problem| state::sentence(&problem)));
            }
        });
    }

    fn on_key(self, event: &KeyboardEvent) {
        if event.default_prevented() {
            return;
        }
        match event.key().as_str() {
            "Enter" if !is_button(event) => drop(self.commit()),
            "Tab" => {
                if self.commit() {
                    self.go_on(!event.shift_key());
                }
            }
            "Escape" => self.close(),
            _ => return,
        }
        event.stop_propagation();
        event.prevent_default();
    }

    /// The control is left before it goes: what it does then still needs its values.
    fn close(self) {
        if let Some(control) = focus::active() {
            let _ = control.blur();
        }
        self.list.editing().set(None);
    }

    /// Sends the value; false while it is wrong.
    fn commit(self) -> bool {
        if !self.is_changed() {
            self.close();
            return true;
        }
        if let Some(problem) = self.problem() {
            self.error.set(Some(state::sentence(&problem)));
            return false;
        }
        let editing = self.editing.get_value();
        let save = Save {
            list: self.list,
            resource: self.resource(),
            before: self.row.get_value(),
            value: self.value.get_untracked(),
            mention: self.mention.get_untracked(),
            editing: editing.clone(),
        };
        self.list.edited_last().set_value(Some(editing.field.name));
        self.list.put(&save.shown());
        self.close();
        queue(save);
        true
    }

    /// Opens the next cell that may be changed, in this row or the next.
    fn go_on(self, forward: bool) {
        let (id, name) = self.editing.with_value(|editing| (editing.id.clone(), editing.field.name));
        let mut names: Vec<&str> = edit::shown(self.list).into_iter().map(|field| field.name).collect();
        if !forward {
            names.reverse();
        }
        let after = names.iter().position(|other| *other == name).map_or(0, |at| at.saturating_add(1));
        let list = self.list;
        if names.iter().skip(after).any(|name| edit::open(list, &id, name)) {
            return;
        }
        let at = list.place_of(&id).and_then(|at| if forward { at.checked_add(1) } else { at.checked_sub(1) });
        let other = at.and_then(|at| untrack(|| list.with_rows(|rows| rows.get(at).map(|row| row.id().to_owned()))));
        if let Some(id) = other {
            rows::show(list, &id);
            let _ = names.iter().any(|name| edit::open(list, &id, name));
        }
    }
}

fn is_button(event: &KeyboardEvent) -> bool {
    let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|element| matches!(element.tag_name().as_str(), "BUTTON" | "TEXTAREA"))
}

/// A change that is shown and not confirmed yet.
#[derive(Clone)]
struct Save {
    list: List,
    resource: &'static Resource,
    /// The row before the change.
    before: Record,
    value: Json,
    mention: Option<Mention>,
    editing: Editing,
}

impl Save {
    /// The row as it will be.
    fn shown(&self) -> Record {
        let name = self.editing.field.name;
        let mut row = self.before.clone();
        let stamp = row.get(EDITED).as_i64().unwrap_or_default().saturating_add(1);
        row.set(name, self.value.clone());
        let mut known = row.get("_refs").as_object().cloned().unwrap_or_default();
        known.remove(name);
        known.extend(refs([(name, self.mention.clone())].into_iter()));
        row.set("_refs", known);
        (self.resource.derive)(&mut row, &state::facts());
        row.set(EDITED, stamp);
        row
    }

    fn field(&self) -> String {
        i18n::field(self.resource.name, self.editing.field)
    }
}

thread_local! {
    // Of no component: what was changed is sent although the list goes.
    static QUEUE: RefCell<(bool, VecDeque<SendWrapper<Save>>)> = const { RefCell::new((false, VecDeque::new())) };
}

/// One after the other, so that each knows the version the one before made.
fn queue(save: Save) {
    let idle = QUEUE.with_borrow_mut(|(busy, waiting)| {
        waiting.push_back(SendWrapper::new(save));
        !std::mem::replace(busy, true)
    });
    if idle {
        spawn_local(send_all());
    }
}

async fn send_all() {
    let mut made: Option<(String, i64)> = None;
    while let Some(save) = QUEUE.with_borrow_mut(|(busy, waiting)| {
        let next = waiting.pop_front();
        *busy = next.is_some();
        next
    }) {
        let save = save.take();
        let id = save.editing.id.clone();
        let known = made.filter(|(of, _)| *of == id).map_or(0, |(_, version)| version);
        let version = known.max(save.before.version());
        made = match send(&save, version).await {
            Ok(record) => {
                let version = record.version();
                kept(&save, &record);
                Some((id, version))
            }
            Err(failure) => {
                refused(&save, &failure).await;
                None
            }
        };
    }
}

/// What others changed elsewhere in the record joins the change.
async fn send(save: &Save, version: i64) -> Result<Record, Failure> {
    let (resource, id, name) = (save.resource, save.editing.id.as_str(), save.editing.field.name);
    let values: Map<String, Json> = [(name.to_owned(), save.value.clone())].into_iter().collect();
    let refused = match records::patch(resource, id, version, values.clone()).await {
        Err(failure) if failure.status == 412 => failure,
        other => return other,
    };
    let fresh = records::get(resource, id).await?;
    if fresh.get(name) != save.before.get(name) {
        return Err(refused);
    }
    records::patch(resource, id, fresh.version(), values).await
}

fn kept(save: &Save, record: &Record) {
    save.list.put(record);
    let text = t!("cell.saved", field = save.field(), name = name_of(save.resource, record));
    undo::offer(text, save.resource, "update", record);
}

/// The row as it was; what was typed waits in its cell, with the reason.
async fn refused(save: &Save, failure: &Failure) {
    let list = save.list;
    let mut back = save.before.clone();
    back.set(EDITED, save.before.get(EDITED).as_i64().unwrap_or_default().saturating_add(2));
    list.put(&back);
    if failure.status == 412 {
        if let Ok(fresh) = records::get(save.resource, &save.editing.id).await {
            list.put(&fresh);
        }
        let typed = format::value(save.resource.name, save.editing.field, &save.value);
        toast::warn(t!("cell.stale", field = save.field(), value = typed));
        return;
    }
    let why = failure.field(save.editing.field.name).map(str::to_owned);
    let free = list.is_there() && list.editing().read_untracked().is_none();
    match why {
        Some(why) if free => {
            list.editing().set(Some(Editing { refused: Some((save.value.clone(), why)), ..save.editing.clone() }));
        }
        Some(why) => toast::warn(format!("{}: {why}", save.field())),
        None => toast::fail(failure),
    }
}
