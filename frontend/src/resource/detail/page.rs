//! What the parts of a record's page share.

use conexao_domain::kernel::{record::Record, resource::Resource};
use leptos::{prelude::*, task::spawn_local};

use super::{
    inline::Inline,
    presence::{self, Stay},
};
use crate::{
    api::{
        records,
        timeline::{self, Timeline},
    },
    state::app,
    ui::{load::Load, toast},
};

/// A record on the screen.
#[derive(Clone, Copy)]
pub struct Page {
    pub resource: &'static Resource,
    id: StoredValue<String>,
    pub record: RwSignal<Record>,
    /// What happened to it, newest first.
    pub timeline: Load<Timeline>,
    /// The dialog that is open.
    pub over: RwSignal<Option<Over>>,
    // Where they are looked up, to keep the handle small.
    inline: StoredValue<Inline>,
    stay: StoredValue<Stay>,
}

/// A dialog over the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Over {
    /// A step of the flow, by name.
    Step(&'static str),
    /// One of the resource's own.
    Custom(&'static str),
}

impl Page {
    pub fn new(resource: &'static Resource, record: Record) -> Self {
        let stay = presence::of(resource, record.id().to_owned());
        let id = StoredValue::new(record.id().to_owned());
        let page = Self {
            resource,
            id,
            record: RwSignal::new(record),
            timeline: Load::new(),
            over: RwSignal::new(None),
            inline: StoredValue::new(Inline::new()),
            stay: StoredValue::new(stay),
        };
        page.stir();
        page.follow();
        page
    }

    pub fn id(self) -> String {
        self.id.get_value()
    }

    /// What is being changed in place.
    pub fn inline(self) -> Inline {
        self.inline.get_value()
    }

    /// Who else is there.
    pub fn stay(self) -> Stay {
        self.stay.get_value()
    }

    /// Whether it is still on the screen; asked after waiting for something.
    pub fn is_there(self) -> bool {
        self.id.try_get_value().is_some()
    }

    /// Whether the person may do something to records of this kind.
    pub fn may(self, verb: &str) -> bool {
        app().session.may(self.resource, verb)
    }

    /// Shows the record as an answer gave it; steps and links are read anew
    /// when the answer lacks them.
    pub fn take(self, mut record: Record) {
        let complete = record.0.contains_key("_steps");
        if !complete {
            // Until they are here, what is linked stays as it was, and the steps of the same state.
            self.record.with_untracked(|before| {
                let same = before.get("status") == record.get("status");
                for name in ["_related", "_steps"] {
                    if !before.get(name).is_null() && (same || name == "_related") {
                        record.set(name, before.get(name).clone());
                    }
                }
            });
        }
        self.record.set(record);
        self.stir();
        if !complete {
            self.refresh();
        }
    }

    /// Something happened: the timeline is read anew.
    pub fn stir(self) {
        let (resource, id) = (self.resource, self.id());
        self.timeline.run(async move { timeline::entries(resource, &id, None).await });
    }

    /// Reads the record again; what is shown stays when that fails.
    pub fn refresh(self) {
        let (resource, id) = (self.resource, self.id());
        spawn_local(async move {
            match records::get(resource, &id).await {
                Ok(record) => drop(self.record.try_set(record)),
                Err(failure) => toast::fail(&failure),
            }
        });
    }

    /// Changes by others show without asking.
    fn follow(self) {
        Effect::new(move || {
            let Some(event) = app().live.record.get() else { return };
            let ours = event.resource == self.resource.name && event.id == self.id();
            if ours && event.version > self.record.with_untracked(Record::version) {
                self.refresh();
                self.stir();
            }
        });
    }
}
