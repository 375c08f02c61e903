//! A masked value, and the eye that shows it for a minute. Each look is recorded.

use std::time::Duration;

use conexao_domain::kernel::{field::Field, record::Record, resource::Resource};
use leptos::{leptos_dom::helpers::set_timeout, prelude::*, task::spawn_local};
use serde_json::Value as Json;

use super::{page::Page, value};
use crate::{api::records, t, ui::icon::icon, ui::toast};

/// How long a value stays on the screen.
const SEEN: Duration = Duration::from_mins(1);

/// Whose values they are, for those who may look.
#[derive(Clone, Copy)]
pub struct Looker {
    resource: &'static Resource,
    id: StoredValue<String>,
    /// The lines field the values are in.
    owner: Option<&'static str>,
    page: Option<Page>,
}

impl Looker {
    /// Looks at values of a record that has its own page.
    pub fn on(page: Page) -> Self {
        Self { resource: page.resource, id: StoredValue::new(page.id()), owner: None, page: Some(page) }
    }

    /// Looks at values of another record.
    pub fn at(resource: &'static Resource, id: String) -> Self {
        Self { resource, id: StoredValue::new(id), owner: None, page: None }
    }

    /// The same for lines of the record.
    pub fn within(self, owner: &'static str) -> Self {
        Self { owner: Some(owner), ..self }
    }

    fn path(self, field: &Field, record: &Record) -> String {
        match self.owner {
            Some(owner) => format!("{owner}.{}.{}", record.id(), field.name),
            None => field.name.to_owned(),
        }
    }

    /// Fetches the value, keeps it for a minute.
    pub fn look(self, path: String, seen: RwSignal<Option<Json>>) {
        let (resource, id) = (self.resource, self.id.get_value());
        spawn_local(async move {
            match records::reveal(resource, &id, &path).await {
                Ok(value) => {
                    seen.try_set(Some(value));
                    set_timeout(move || drop(seen.try_set(None)), SEEN);
                    if let Some(page) = self.page {
                        page.stir();
                    }
                }
                Err(failure) => toast::fail(&failure),
            }
        });
    }
}

/// A value of a record or line that is a mask, with its eye.
pub fn masked(looker: Looker, owner: &'static str, field: &'static Field, record: &Record, label: &str) -> AnyView {
    let seen = RwSignal::new(None::<Json>);
    let path = looker.path(field, record);
    let record = record.clone();
    let shown = move || {
        let mut record = record.clone();
        if let Some(value) = seen.get() {
            record.set(field.name, value);
        }
        value::show(owner, field, &record)
    };
    view! { {shown} {eye(looker, path, seen, label)} }.into_any()
}

/// The button that shows a value, and hides it again.
pub fn eye(looker: Looker, path: String, seen: RwSignal<Option<Json>>, label: &str) -> AnyView {
    let (show, hide) = (t!("detail.reveal", field = label), t!("detail.hide", field = label));
    let named = move || if seen.with(Option::is_some) { hide.clone() } else { show.clone() };
    let toggle = move |_| {
        if seen.with_untracked(Option::is_some) {
            seen.set(None);
        } else {
            looker.look(path.clone(), seen);
        }
    };
    view! {
        <button
            type="button"
            class="icon-btn -my-1.5 h-6 w-6"
            aria-label=named
            aria-pressed=move || seen.with(Option::is_some).to_string()
            title=t!("detail.reveal_title")
            on:click=toggle
        >
            {move || icon(if seen.with(Option::is_some) { "lock" } else { "eye" }, "i i-sm")}
        </button>
    }
    .into_any()
}
