//! Somebody else changed the same value first: the choice that the form gives,
//! in the place of the page.

use conexao_domain::kernel::record::Record;
use leptos::{html::H1, prelude::*};

use super::{Editing, Page, Target};
use crate::{
    resource::{
        detail::{head::heading, undo},
        form::{
            conflict::{self, Conflict},
            keep::Keeper,
            path,
            save::{Saving, Then},
            state::Form,
        },
    },
    state::app,
    t,
    ui::{chip, toast},
};

/// Two versions of what was changed in place.
#[derive(Debug, Clone)]
pub struct Clash {
    pub target: Target,
    /// The record as it was when the change began.
    pub base: Record,
    /// All values of the editor.
    pub mine: Record,
    pub theirs: Record,
}

/// The choice, and the way back to the editor.
pub fn view(page: Page, clash: Clash) -> AnyView {
    let Clash { target, base, mine, theirs } = clash;
    let form = Form::new(page.resource, path::PAGE, Some(base.clone()), &mine);
    let title = heading(page.resource, &base);
    let state = base.text("status").filter(|_| page.resource.flow.is_some());
    let state = state.map(|name| chip::state_large(page.resource, name));
    let label = target.label(page.resource);
    let done = Callback::new(move |(record, _): (Record, Then)| {
        page.inline().clash.set(None);
        undo::offer(t!("inline.saved", what = label), page.resource, "update", &record);
        page.take(record);
    });
    let give_up = Callback::new(move |()| {
        page.inline().clash.set(None);
        page.refresh();
    });
    let saving = Saving::new(form, Keeper::none(), done).or_else(give_up);
    saving.conflict.set(Some(Conflict::new(form, theirs)));
    // Back to the editor, with what was typed.
    Effect::new(move || {
        let over = saving.conflict.with(Option::is_none);
        if over && !saving.busy.get_untracked() && page.inline().clash.with_untracked(Option::is_some) {
            if let Some(failure) = saving.failure.get_untracked() {
                toast::fail(&failure);
            }
            page.inline().clash.set(None);
            let (target, base, start) = (target.clone(), base.clone(), mine.clone());
            page.inline().editing.set(Some(Editing { target, base, start, refused: Vec::new() }));
        }
    });
    // What one did before is no longer the last thing that happened.
    app().toasts.dismiss();
    let node = NodeRef::<H1>::new();
    Effect::new(move || {
        if let Some(title) = node.get() {
            let _ = title.focus();
        }
    });
    let shown = move || saving.conflict.get().map(|conflict| conflict::view(saving, conflict));
    view! {
        <div class="mb-4 flex flex-wrap items-center gap-2">
            <h1 class="page-title" tabindex="-1" node_ref=node>{title}</h1>
            {state}
        </div>
        {shown}
    }
    .into_any()
}
