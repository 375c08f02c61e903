//! What may be done with what the page shows, for the search of everything:
//! the page says it while it stands.

use std::sync::Arc;

use leptos::prelude::*;

use crate::{resource::list::List, state::app, ui::popover::Item};

/// Who knows the acts.
#[derive(Clone)]
pub enum Source {
    /// A list: its selection, else the row of the keyboard.
    List(Box<List>),
    /// A page of something called so.
    Page(String, Arc<dyn Fn() -> Vec<Item> + Send + Sync>),
}

/// The pages that stand, the innermost last.
#[derive(Debug, Clone, Copy)]
pub struct Acts {
    sources: StoredValue<Vec<(u32, Source)>>,
    next: StoredValue<u32>,
}

impl Acts {
    pub fn new() -> Self {
        Self { sources: StoredValue::new(Vec::new()), next: StoredValue::new(0) }
    }

    /// Asks `source` for as long as the page that calls this stands.
    pub fn offer(self, source: Source) {
        let id = self.next.get_value();
        self.next.set_value(id.wrapping_add(1));
        self.sources.update_value(|sources| sources.push((id, source)));
        on_cleanup(move || app().acts.sources.update_value(|sources| sources.retain(|(other, _)| *other != id)));
    }

    /// Those who know, the innermost first.
    pub fn sources(self) -> Vec<Source> {
        self.sources.with_value(|sources| sources.iter().rev().map(|(_, source)| source.clone()).collect())
    }
}
