//! Somebody else saved first: both versions side by side, one choice per field.

mod merge;
mod view;

use conexao_domain::kernel::{field::Kind, record::Record};
use leptos::prelude::*;
use serde_json::{Map, Value as Json};

use super::state::Form;
use merge::{Difference, Merge, join};

pub use merge::merge;
pub use view::view;

/// Which value stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Pick {
    Mine,
    Theirs,
    /// Both texts in one.
    Joined,
}

/// A field both changed, and the choice.
#[derive(Clone)]
struct Clash {
    difference: Difference,
    pick: RwSignal<Option<Pick>>,
}

impl Clash {
    /// Both texts in one, where the field holds text.
    fn joined(&self) -> Option<Json> {
        let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
        let Difference { field, before, mine, theirs } = &self.difference;
        let both = !text(mine).is_empty() && !text(theirs).is_empty();
        let free = matches!(field.kind, Kind::LongText { .. });
        (free && both).then(|| join(&text(before), &text(mine), &text(theirs)).into())
    }

    /// The value to save; none when theirs stays or nothing is chosen.
    fn chosen(&self) -> Option<Json> {
        match self.pick.get_untracked()? {
            Pick::Mine => Some(self.difference.mine.clone()),
            Pick::Joined => self.joined(),
            Pick::Theirs => None,
        }
    }
}

/// Two versions of a record.
#[derive(Clone)]
pub struct Conflict {
    form: Form,
    theirs: Record,
    /// The values here, with what references are called.
    mine: Record,
    clashes: Vec<Clash>,
    only_mine: Vec<Difference>,
    only_theirs: Vec<Difference>,
}

impl Conflict {
    pub fn new(form: Form, theirs: Record) -> Self {
        let Merge { both, mine, theirs: only_theirs } = merge(form.resource(), &form.base(), &form.to_send(), &theirs);
        let clashes = both.into_iter().map(|difference| Clash { difference, pick: RwSignal::new(None) });
        let clashes = clashes.collect();
        Self { form, theirs, mine: untrack(|| form.model.record()), clashes, only_mine: mine, only_theirs }
    }

    /// How many fields still wait for a choice; tracked.
    fn open(&self) -> usize {
        self.clashes.iter().filter(|clash| clash.pick.get().is_none()).count()
    }

    /// What saving sends now.
    fn values(&self) -> Map<String, Json> {
        let own = self.only_mine.iter().map(|d| (d.field.name.to_owned(), d.mine.clone()));
        let picked =
            self.clashes.iter().filter_map(|clash| Some((clash.difference.field.name.to_owned(), clash.chosen()?)));
        own.chain(picked).collect()
    }
}
