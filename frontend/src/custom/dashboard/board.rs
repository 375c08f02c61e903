//! The widgets of the page and what is done to them. A change shows at once, is
//! kept a moment later, and comes back when the server refuses it.

use std::time::Duration;

use leptos::{leptos_dom::helpers::set_timeout, prelude::*, task::spawn_local};

use super::{builtin, plan::Plan};
use crate::{
    api::dashboard::{self, Kind, Widget},
    shell::menu,
    t,
    ui::toast,
};

/// Several changes in a row are kept together.
const PAUSE: Duration = Duration::from_millis(400);

/// A page has at most so many.
pub const MOST: usize = 24;

/// What the editor is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Edited {
    New,
    There(Box<Widget>),
}

/// The page's state.
#[derive(Debug, Clone, Copy)]
pub struct Board {
    /// None until they came.
    pub widgets: RwSignal<Option<Vec<Widget>>>,
    /// Whether the person arranges them.
    pub editing: RwSignal<bool>,
    /// What was just done, for those who do not see it.
    pub said: RwSignal<String>,
    /// What the editor is about, while it is open.
    pub open: RwSignal<Option<Edited>>,
    /// The widget that is dragged, and the one it is over.
    pub dragged: RwSignal<Option<String>>,
    pub over: RwSignal<Option<String>>,
    /// As the server has them; none when they were never changed.
    kept: StoredValue<Option<Vec<Widget>>>,
    turn: StoredValue<u32>,
}

/// What somebody gets who changed nothing.
pub fn usual() -> Vec<Widget> {
    let business: Vec<_> = menu::visible().filter(|resource| !resource.area.is_administration()).collect();
    builtin::layout(&business)
}

impl Board {
    /// The board, with its widgets on the way.
    pub fn load() -> Self {
        let board = Self {
            widgets: RwSignal::new(None),
            editing: RwSignal::new(false),
            said: RwSignal::new(String::new()),
            open: RwSignal::new(None),
            dragged: RwSignal::new(None),
            over: RwSignal::new(None),
            kept: StoredValue::new(None),
            turn: StoredValue::new(0),
        };
        spawn_local(async move {
            // Without an answer the page is what it was at first, and says nothing:
            // every widget says itself what does not come.
            let kept = dashboard::read().await.unwrap_or_default();
            if board.kept.try_update_value(|slot| slot.clone_from(&kept)).is_some() {
                board.widgets.try_set(Some(kept.unwrap_or_else(usual)));
            }
        });
        board
    }

    /// The widgets as they are now; untracked.
    pub fn now(self) -> Vec<Widget> {
        self.widgets.get_untracked().unwrap_or_default()
    }

    /// One of them; tracked.
    pub fn find(self, id: &str) -> Option<Widget> {
        self.widgets.with(|all| all.as_ref()?.iter().find(|widget| widget.id == id).cloned())
    }

    /// Where one stands, counted from one, and how many there are; untracked.
    pub fn place(self, id: &str) -> (usize, usize) {
        let all = self.now();
        (all.iter().position(|widget| widget.id == id).map_or(0, |at| at + 1), all.len())
    }

    /// The widget after one, else the one before it; untracked.
    pub fn beside(self, id: &str) -> Option<String> {
        let all = self.now();
        let at = all.iter().position(|widget| widget.id == id)?;
        let next = all.get(at + 1).or_else(|| at.checked_sub(1).and_then(|before| all.get(before)));
        next.map(|widget| widget.id.clone())
    }

    /// Shows other widgets and keeps them.
    pub fn set(self, widgets: Vec<Widget>) {
        self.widgets.set(Some(widgets));
        self.keep(false);
    }

    fn keep(self, reset: bool) {
        let turn = self.turn.get_value().wrapping_add(1);
        self.turn.set_value(turn);
        let save = move || {
            if self.turn.try_get_value() == Some(turn) {
                spawn_local(self.save(turn, reset));
            }
        };
        set_timeout(save, PAUSE);
    }

    async fn save(self, turn: u32, reset: bool) {
        let mut widgets = self.widgets.try_get_untracked().flatten().unwrap_or_default();
        // What the person may not read any more cannot be kept, and must not keep the rest from it.
        widgets.retain(|widget| widget.kind == Kind::Shortcuts || Plan::of(widget).is_some());
        let sent = if reset { None } else { Some(widgets.as_slice()) };
        let answer = dashboard::write(sent).await;
        if self.turn.try_get_value() != Some(turn) {
            return;
        }
        match answer {
            Ok(()) => self.kept.set_value(if reset { None } else { Some(widgets) }),
            Err(failure) => {
                self.widgets.try_set(Some(self.kept.get_value().unwrap_or_else(usual)));
                toast::fail(&failure);
            }
        }
    }

    /// Puts one to another place, counted from zero.
    pub fn put(self, id: &str, to: usize) {
        let mut all = self.now();
        let Some(from) = all.iter().position(|widget| widget.id == id) else { return };
        let to = to.min(all.len().saturating_sub(1));
        if from == to {
            return;
        }
        let widget = all.remove(from);
        all.insert(to, widget);
        self.set(all);
        let (place, count) = self.place(id);
        self.said.set(t!("dash.moved", at = place, count = count));
    }

    /// One place back or forth.
    pub fn step(self, id: &str, forward: bool) {
        let (place, _) = self.place(id);
        let at = place.saturating_sub(1);
        self.put(id, if forward { at + 1 } else { at.saturating_sub(1) });
    }

    /// Makes one wider, narrower, higher or lower.
    pub fn resize(self, id: &str, wider: i8, higher: i8) {
        let mut all = self.now();
        let Some(widget) = all.iter_mut().find(|widget| widget.id == id) else { return };
        let before = (widget.w, widget.h);
        widget.w = widget.w.saturating_add_signed(wider).clamp(1, 4);
        widget.h = widget.h.saturating_add_signed(higher).clamp(1, 3);
        let (w, h) = (widget.w, widget.h);
        if before != (w, h) {
            self.set(all);
        }
        self.said.set(t!("dash.sized", w = w, h = h));
    }

    /// Adds one at the end, or puts it in the place of itself.
    pub fn accept(self, widget: Widget) {
        let mut all = self.now();
        match all.iter_mut().find(|there| there.id == widget.id) {
            Some(there) => *there = widget,
            None => all.push(widget),
        }
        self.set(all);
    }

    /// Takes one away, with the way back.
    pub fn remove(self, id: &str, name: &str) {
        let before = self.now();
        let rest = before.iter().filter(|widget| widget.id != id).cloned().collect();
        self.set(rest);
        toast::undo(t!("dash.removed", name = name), move || self.set(before.clone()));
    }

    /// Back to what it was at first, with the way back.
    pub fn reset(self) {
        let before = self.now();
        self.widgets.set(Some(usual()));
        self.keep(true);
        toast::undo(t!("dash.was_reset"), move || self.set(before.clone()));
    }

    /// A name no other widget has.
    pub fn free_id(self) -> String {
        let all = self.now();
        let free = |n: &usize| all.iter().all(|widget| widget.id != format!("w{n}"));
        let number = (0..=all.len()).find(free).unwrap_or_default();
        format!("w{number}")
    }
}
