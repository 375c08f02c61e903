//! Two registrations of the same person or company become one: which values
//! stay, what moves, and only then the act.

mod preview;
mod view;

use std::sync::Arc;

use conexao_domain::kernel::{
    field::{Field, Kind, Writer},
    record::Record,
};
use leptos::{prelude::*, task::spawn_local};
use serde_json::{Map, Value as Json};

use crate::{
    api::{
        Failure,
        records::{self, Mention},
    },
    resource::{
        detail::{
            page::{Over, Page},
            value,
        },
        form::mention::masked,
    },
    t,
    ui::{popover::Item, toast},
};

/// Name of the dialog.
pub const MERGE: &str = "unir";

/// The way to the dialog in the menu of a customer.
pub fn item(page: Page) -> Item {
    Item::new("combine", t!("merge.item"), move || page.over.set(Some(Over::Custom(MERGE))))
}

/// The two records in full, as far as the person may see them.
#[derive(Debug, Clone, PartialEq)]
struct Pair {
    kept: Record,
    other: Record,
}

/// A merge being prepared.
#[derive(Clone, Copy)]
struct Merge {
    page: Page,
    other: RwSignal<Option<Mention>>,
    pair: RwSignal<Option<Pair>>,
    /// Fields whose value comes from the other record.
    taken: RwSignal<Vec<&'static str>>,
    /// What the server says would come of it.
    preview: RwSignal<Option<Json>>,
    failure: RwSignal<Option<Failure>>,
    busy: RwSignal<bool>,
}

/// Fields that can hold one value only, where the two differ.
fn differing(pair: &Pair, fields: &'static [Field]) -> Vec<&'static Field> {
    let hidden: Vec<&str> = masked(&pair.kept).chain(masked(&pair.other)).collect();
    let plain = |field: &&'static Field| {
        field.writer != Writer::System
            && !matches!(field.kind, Kind::Lines(_) | Kind::Tags)
            && !hidden.contains(&field.name)
    };
    let differ = |field: &&'static Field| {
        let (kept, other) = (pair.kept.get(field.name), pair.other.get(field.name));
        kept != other && !value::is_empty(other)
    };
    fields.iter().filter(plain).filter(differ).collect()
}

impl Merge {
    fn new(page: Page) -> Self {
        Self {
            page,
            other: RwSignal::new(None),
            pair: RwSignal::new(None),
            taken: RwSignal::new(Vec::new()),
            preview: RwSignal::new(None),
            failure: RwSignal::new(None),
            busy: RwSignal::new(false),
        }
    }

    /// Takes the record that is to go, and looks at both.
    fn choose(self, other: Mention) {
        if other.id == self.page.id() {
            return;
        }
        let id = other.id.clone();
        self.other.set(Some(other));
        self.pair.set(None);
        self.preview.set(None);
        self.failure.set(None);
        let resource = self.page.resource;
        spawn_local(async move {
            let both = async {
                let kept = records::get(resource, &self.page.id()).await?;
                Ok(Pair { kept, other: records::get(resource, &id).await? })
            };
            match both.await {
                Ok(pair) => {
                    // What is empty here comes from there, unless somebody says otherwise.
                    let gaps = differing(&pair, resource.fields)
                        .into_iter()
                        .filter(|field| value::is_empty(pair.kept.get(field.name)));
                    self.taken.try_set(gaps.map(|field| field.name).collect());
                    self.pair.try_set(Some(pair));
                    self.look();
                }
                Err(failure) => drop(self.failure.try_set(Some(failure))),
            }
        });
    }

    /// The chosen values of the other record.
    fn values(self) -> Map<String, Json> {
        let Some(pair) = self.pair.get_untracked() else { return Map::new() };
        let taken = self.taken.get_untracked();
        taken.into_iter().map(|name| (name.to_owned(), pair.other.get(name).clone())).collect()
    }

    /// Asks what would come of it.
    fn look(self) {
        self.send(true, move |answer| drop(self.preview.try_set(Some(answer))));
    }

    /// Merges.
    fn confirm(self) {
        self.send(false, move |_| {
            toast::say(t!("merge.done"));
            self.page.over.try_set(None);
            self.page.refresh();
            self.page.stir();
        });
    }

    fn send(self, preview: bool, done: impl FnOnce(Json) + 'static) {
        let Some(other) = self.other.get_untracked() else { return };
        self.busy.set(true);
        let (resource, id, values) = (self.page.resource, self.page.id(), self.values());
        spawn_local(async move {
            let answer = records::merge(resource, &id, &other.id, preview, values).await;
            self.busy.try_set(false);
            match answer {
                Ok(answer) => {
                    self.failure.try_set(None);
                    done(answer);
                }
                Err(failure) => drop(self.failure.try_set(Some(failure))),
            }
        });
    }
}

/// The dialog.
pub fn dialog(page: Page) -> AnyView {
    view::view(Merge::new(page), Arc::new(move || page.over.set(None)))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use conexao_domain::registry;
    use serde_json::json;

    use super::*;

    #[test]
    fn only_values_that_compete_are_asked_about() {
        let record = |json| serde_json::from_value::<Record>(json).unwrap();
        let pair = Pair {
            kept: record(json!({"name": "Ana", "kind": "person", "notes": null, "phone": "1", "document": "x"})),
            other: record(json!({"name": "Ana Lima", "kind": "person", "notes": "oi", "phone": "2", "document": "•••",
                "trade_name": null, "_masked": ["document"]})),
        };
        let fields = registry::by_name("customer").unwrap().fields;
        let names: Vec<&str> = differing(&pair, fields).into_iter().map(|field| field.name).collect();
        assert_eq!(names, ["name", "notes"]);
    }
}
