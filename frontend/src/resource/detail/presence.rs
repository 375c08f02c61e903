//! Who else is at a record: faces in the head, a word when somebody changes it.

use std::time::Duration;

use chrono::{DateTime, Utc};
use conexao_domain::kernel::resource::Resource;
use leptos::{ev, leptos_dom::helpers::set_interval_with_handle, prelude::*, task::spawn_local};

use super::page::Page;
use crate::{
    api::presence::{self, Doing, Person},
    format,
    state::app,
    t, tn,
    ui::avatar::face,
};

/// The server forgets whoever says nothing for 45 seconds.
const BEAT: Duration = Duration::from_secs(20);

/// Faces shown; more are counted.
const FACES: usize = 3;

/// Being at a record, and those who are there as well.
#[derive(Clone, Copy)]
pub struct Stay {
    resource: &'static Resource,
    id: StoredValue<String>,
    /// Tells this page from others of the same person.
    name: StoredValue<String>,
    people: RwSignal<Vec<Person>>,
    /// The server knows nothing of this: it is not asked again.
    silent: StoredValue<bool>,
}

impl Stay {
    fn new(resource: &'static Resource, id: String) -> Self {
        Self {
            resource,
            id: StoredValue::new(id),
            name: StoredValue::new(uuid::Uuid::new_v4().to_string()),
            people: RwSignal::new(Vec::new()),
            silent: StoredValue::new(false),
        }
    }

    fn say(self, doing: Doing) {
        if self.silent.get_value() || document().hidden() {
            return;
        }
        let (id, name) = (self.id.get_value(), self.name.get_value());
        spawn_local(async move {
            match presence::say(self.resource, &id, &name, doing).await {
                Ok(people) => self.take(people),
                Err(failure) if matches!(failure.status, 404 | 405) => drop(self.silent.try_set_value(true)),
                // The next one may be heard.
                Err(_) => {}
            }
        });
    }

    fn take(self, people: Vec<Person>) {
        let me = app().session.user_id();
        let others: Vec<Person> = people.into_iter().filter(|one| one.id != me && one.doing != Doing::Gone).collect();
        if self.people.try_with_untracked(|now| *now != others) == Some(true) {
            self.people.set(others);
        }
    }

    /// Says what one does at once, whenever that changes and every 20 seconds,
    /// and listens to what others do.
    fn follow(self, doing: impl Fn() -> Doing + Copy + Send + Sync + 'static) {
        Effect::new(move || self.say(doing()));
        let beat = set_interval_with_handle(move || self.say(untrack(doing)), BEAT);
        // A tab nobody sees is nobody who looks; who comes back is there at once.
        let seen = window_event_listener(ev::visibilitychange, move |_| self.say(untrack(doing)));
        let (resource, id, name) = (self.resource, self.id.get_value(), self.name.get_value());
        let leave = {
            let id = id.clone();
            move || presence::leave(resource, &id, &name)
        };
        let leaving = leave.clone();
        let closed = window_event_listener(ev::pagehide, move |_| leaving());
        let silent = self.silent;
        on_cleanup(move || {
            if silent.try_get_value() == Some(false) {
                leave();
            }
            seen.remove();
            closed.remove();
            if let Ok(beat) = beat {
                beat.clear();
            }
        });
        Effect::new(move || {
            let Some(there) = app().live.presence.get().and_then(presence::read) else { return };
            if there.resource == resource.name && there.id == id {
                self.take(there.people);
            }
        });
    }

    fn editing(self) -> Vec<Person> {
        self.people.get().into_iter().filter(|one| one.doing == Doing::Editing).collect()
    }
}

/// Being at the record of a page for as long as it stands.
pub fn stay(page: Page) {
    page.stay().follow(move || if page.inline().is_open() { Doing::Editing } else { Doing::Viewing });
}

/// What a page knows of others.
pub fn of(resource: &'static Resource, id: String) -> Stay {
    Stay::new(resource, id)
}

/// Being at a record whose form is open, and a word on who else is there.
pub fn in_form(resource: &'static Resource, id: String) -> AnyView {
    let stay = Stay::new(resource, id);
    stay.follow(|| Doing::Editing);
    let shown = move || {
        let people = stay.people.get();
        let who = names(&people);
        let text =
            if people.len() > 1 { t!("presence.all_in_form", who = who) } else { t!("presence.in_form", who = who) };
        (!people.is_empty()).then(|| said(&people, text))
    };
    view! { {shown} {announced(stay)} }.into_any()
}

/// The faces of those who are there, with a dot, and what the first does.
pub fn faces(page: Page) -> AnyView {
    let stay = page.stay();
    let shown = move || {
        let people = stay.people.get();
        if people.is_empty() {
            return ().into_any();
        }
        let edited = people.iter().any(|one| one.doing == Doing::Editing);
        let word = if edited { t!("presence.editing_short") } else { t!("presence.viewing_short") };
        let title = people.iter().map(told).collect::<Vec<_>>().join("\n");
        let more = people.len().saturating_sub(FACES);
        let more = (more > 0).then(|| view! { <span class="hint num">{format!("+{more}")}</span> });
        let faces = people.iter().take(FACES).map(dotted).collect_view();
        view! {
            <p class="flex min-h-8 items-center gap-1.5 text-xs text-ink-2" title=title data-presence="" aria-hidden="true">
                <span class="flex -space-x-1.5">{faces}</span>
                {more}
                <span>{word}</span>
            </p>
        }
        .into_any()
    };
    view! { {shown} {announced(stay)} }.into_any()
}

fn dotted(one: &Person) -> AnyView {
    let tone = if one.doing == Doing::Editing { "bg-waiting" } else { "bg-ok" };
    let dot = format!("absolute right-0 bottom-0 h-1.5 w-1.5 rounded-full ring-2 ring-base-200 {tone}");
    view! { <span class="relative">{face(Some(&one.id), &one.name, "")}<span class=dot></span></span> }.into_any()
}

fn told(one: &Person) -> String {
    match one.doing {
        Doing::Editing => t!("presence.editing", who = one.name),
        _ => t!("presence.viewing", who = one.name),
    }
}

fn names(people: &[Person]) -> String {
    match people {
        [one] => one.name.clone(),
        [one, other] => t!("presence.two", one = one.name, other = other.name),
        [one, rest @ ..] => {
            tn!("presence.more", i64::try_from(rest.len()).unwrap_or_default()).replace("{who}", &one.name)
        }
        [] => String::new(),
    }
}

/// Who has the form open: saving may lead to a choice between two versions.
pub fn notice(page: Page) -> AnyView {
    let shown = move || {
        let people = page.stay().editing();
        if people.is_empty() {
            return ().into_any();
        }
        let who = names(&people);
        let since = people.first().and_then(|one| one.since.parse::<DateTime<Utc>>().ok());
        let text = match since.filter(|_| people.len() == 1) {
            Some(since) => t!("presence.editing_since", who = who, time = format::clock(since)),
            None if people.len() == 1 => t!("presence.editing", who = who),
            None => t!("presence.several", who = who),
        };
        said(&people, text)
    };
    shown.into_any()
}

fn said(people: &[Person], text: String) -> AnyView {
    let art = people.first().map(|one| face(Some(&one.id), &one.name, ""));
    view! {
        <div class="notice notice-new mb-4 print:hidden">
            {art}
            <p class="flex-1">{text}</p>
        </div>
    }
    .into_any()
}

/// What changed among the others, for who does not see it.
fn announced(stay: Stay) -> AnyView {
    let text = move || stay.people.get().iter().map(told).collect::<Vec<_>>().join(". ");
    view! { <span class="sr-only" role="status" aria-live="polite">{text}</span> }.into_any()
}
