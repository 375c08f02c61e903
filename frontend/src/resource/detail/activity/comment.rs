//! Writing a comment, with people found after an `@`.

use std::{sync::Arc, time::Duration};

use conexao_domain::registry;
use leptos::{ev::KeyboardEvent, html::Textarea, leptos_dom::helpers::set_timeout, prelude::*, task::spawn_local};

use super::{
    Activity,
    mention::{complete, mentioned, typed},
};
use crate::{
    api::{records, records::Mention, timeline},
    outbox::{self, Entry, Outcome},
    resource::list::name_of,
    state::app,
    t,
    ui::{
        avatar::face,
        focus,
        overlay::{Dialog, dialog},
        toast,
    },
};

/// The text field, for the keyboard shortcut.
pub const COMMENT: &str = "comment";

/// Typing pauses this long before people are looked up.
const PAUSE: Duration = Duration::from_millis(150);

#[derive(Clone, Copy)]
struct People {
    found: RwSignal<Vec<Mention>>,
    at: RwSignal<usize>,
    turn: StoredValue<u32>,
}

/// The field and its button.
pub fn form(activity: Activity) -> AnyView {
    let people = People { found: RwSignal::new(Vec::new()), at: RwSignal::new(0), turn: StoredValue::new(0) };
    let node = NodeRef::<Textarea>::new();
    let busy = RwSignal::new(false);
    let me = app().session.me().map(|me| me.user.name.clone()).unwrap_or_default();
    let my_id = app().session.user_id();
    let text = activity.text;
    let input = move |event| {
        text.set(event_target_value(&event));
        look_up(people, typed(&text.get_untracked()).map(str::to_owned));
    };
    let send = move || send(activity, busy);
    let keys = move |event: KeyboardEvent| on_key(&event, activity, people, send);
    let open = Memo::new(move |_| !people.found.with(Vec::is_empty));
    let active = move || open.get().then(|| format!("people-{}", people.at.get()));
    let empty = move || text.with(|text| text.trim().is_empty());
    // The field grows with the text.
    let rows = move || text.with(|text| text.lines().count().clamp(1, 8)).to_string();
    view! {
        <div class="mb-4 flex items-start gap-3">
            {face(Some(&my_id), &me, "")}
            <div class="relative min-w-0 flex-1">
                <label class="sr-only" for=COMMENT>{t!("activity.new_comment")}</label>
                <div class="flex items-end gap-1 rounded-lg border border-field bg-base-100 py-0.5 pr-1 pl-3 focus-within:border-primary focus-within:ring-1 focus-within:ring-primary">
                    <textarea
                        id=COMMENT
                        class="min-h-7.5 min-w-0 flex-1 resize-none bg-transparent py-1 text-sm leading-5.5 outline-none"
                        rows=rows
                        maxlength="4000"
                        placeholder=t!("activity.placeholder")
                        aria-autocomplete="list"
                        aria-controls=move || open.get().then_some("people")
                        aria-activedescendant=active
                        prop:value=text
                        node_ref=node
                        on:input=input
                        on:keydown=keys
                        on:blur=move |_| people.found.set(Vec::new())
                    ></textarea>
                    <button
                        type="button"
                        class="btn btn-xs btn-primary mb-0.5 max-md:h-9"
                        disabled=move || busy.get() || empty()
                        on:click=move |_| send()
                    >
                        {t!("activity.send")}
                    </button>
                </div>
                {move || open.get().then(|| list(activity, people, node))}
            </div>
        </div>
    }
    .into_any()
}

fn look_up(people: People, name: Option<String>) {
    let turn = people.turn.get_value().wrapping_add(1);
    people.turn.set_value(turn);
    let (Some(name), Some(user)) = (name, registry::by_name("user")) else {
        people.found.set(Vec::new());
        return;
    };
    let ask = move || {
        if people.turn.try_get_value() != Some(turn) {
            return;
        }
        spawn_local(async move {
            // Who may not see the team simply gets no help.
            let found = records::lookup(user, &name).await.unwrap_or_default();
            if people.turn.try_get_value() == Some(turn) {
                people.at.set(0);
                people.found.set(found);
            }
        });
    };
    set_timeout(ask, PAUSE);
}

fn on_key(event: &KeyboardEvent, activity: Activity, people: People, send: impl Fn()) {
    if (event.ctrl_key() || event.meta_key()) && event.key() == "Enter" {
        event.prevent_default();
        event.stop_propagation();
        send();
        return;
    }
    let (count, at) = (people.found.with_untracked(Vec::len), people.at.get_untracked());
    if count == 0 {
        return;
    }
    match event.key().as_str() {
        "ArrowDown" => people.at.set((at + 1) % count),
        "ArrowUp" => people.at.set(at.checked_sub(1).unwrap_or(count - 1)),
        "Enter" | "Tab" => {
            if let Some(person) = people.found.with_untracked(|found| found.get(at).cloned()) {
                choose(activity, people, person);
            }
        }
        "Escape" => {
            event.stop_propagation();
            people.found.set(Vec::new());
        }
        _ => return,
    }
    event.prevent_default();
}

fn choose(activity: Activity, people: People, person: Mention) {
    activity.text.update(|text| *text = complete(text, &person.title));
    activity.chosen.update_value(|chosen| chosen.push(person));
    people.found.set(Vec::new());
}

fn list(activity: Activity, people: People, node: NodeRef<Textarea>) -> AnyView {
    let rows = move || {
        let found = people.found.get().into_iter().enumerate();
        let row = |(at, person): (usize, Mention)| {
            let picked = person.clone();
            let pick = move |event: leptos::ev::PointerEvent| {
                event.prevent_default();
                choose(activity, people, picked.clone());
                if let Some(field) = node.get_untracked() {
                    let _ = field.focus();
                }
            };
            view! {
                <li
                    role="option"
                    id=format!("people-{at}")
                    class="pal-item cursor-pointer"
                    aria-selected=move || (people.at.get() == at).to_string()
                    on:pointerdown=pick
                    on:pointermove=move |_| people.at.set(at)
                >
                    {face(Some(&person.id), &person.title, "")}
                    <span class="min-w-0 flex-1 truncate font-medium">{person.title}</span>
                </li>
            }
        };
        found.map(row).collect_view()
    };
    view! {
        <div class="pop absolute top-full left-0 z-30 mt-1 w-72 p-1.5">
            <ul id="people" role="listbox" aria-label=t!("activity.people")>{rows}</ul>
        </div>
    }
    .into_any()
}

fn send(activity: Activity, busy: RwSignal<bool>) {
    let text = activity.text.get_untracked().trim().to_owned();
    if text.is_empty() || busy.get_untracked() {
        return;
    }
    busy.set(true);
    let mentions = activity.chosen.with_value(|chosen| mentioned(&text, chosen));
    let (resource, id) = (activity.page.resource, activity.page.id());
    let name = activity.page.record.with_untracked(|record| name_of(resource, record));
    let entry = Entry::comment(resource, &id, name, &text, &mentions);
    spawn_local(async move {
        match outbox::write(entry).await {
            Ok(outcome) => {
                activity.text.try_set(String::new());
                activity.chosen.try_update_value(Vec::clear);
                if outcome == Outcome::Sent {
                    activity.page.stir();
                }
            }
            Err(failure) => toast::fail(&failure),
        }
        busy.try_set(false);
    });
}

/// Begins an answer to somebody.
pub fn reply(activity: Activity, person: Mention) {
    activity.text.update(|text| *text = format!("@{} {text}", person.title));
    activity.chosen.update_value(|chosen| chosen.push(person));
    focus::give(focus::by_id(COMMENT));
}

/// Asks before a comment goes: it does not come back.
pub fn removal(activity: Activity, id: String) -> AnyView {
    let close = move || activity.removing.set(None);
    let remove = move |_| {
        let (resource, record, id) = (activity.page.resource, activity.page.id(), id.clone());
        close();
        spawn_local(async move {
            if let Err(failure) = timeline::remove_comment(resource, &record, &id).await {
                toast::fail(&failure);
            }
            activity.page.stir();
        });
    };
    let foot = view! {
        <button type="button" class="btn btn-sm btn-line max-md:h-11" data-focus="" on:click=move |_| close()>{t!("detail.keep")}</button>
        <button type="button" class="btn btn-sm btn-error max-md:h-11" on:click=remove>{t!("activity.remove_do")}</button>
    };
    let content = Dialog {
        title: t!("activity.remove_title"),
        text: t!("activity.remove_text"),
        art: ("trash-2", "bg-danger-bg text-danger-fg"),
        body: ().into_any(),
        foot: foot.into_any(),
    };
    dialog(content, Arc::new(close))
}
