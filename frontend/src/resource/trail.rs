//! The list one came from: its rows in order, where one stood in it. Records
//! are walked through with it, and the list comes back as it was left. Kept
//! while the application runs, never in the browser's storage.

use conexao_domain::kernel::resource::Resource;
use leptos::{prelude::*, task::spawn_local};

use super::list::ListQuery;
use crate::api::{records, records::Page};

/// A list as it was left.
#[derive(Debug, Clone)]
pub struct Trail {
    pub resource: &'static Resource,
    pub query: ListQuery,
    /// The rows that were loaded, and where the next begin.
    pub page: Page,
    /// Where each page visited starts, in order.
    pub starts: Vec<String>,
    /// The row of the keyboard, then the record looked at last.
    pub cursor: Option<String>,
    /// How far the window was scrolled, in pixels.
    pub scroll: f64,
}

thread_local! {
    // Of no component: a list that goes takes its own signals with it.
    static TRAIL: ArcRwSignal<Option<Trail>> = ArcRwSignal::new(None);
}

fn trail() -> ArcRwSignal<Option<Trail>> {
    TRAIL.with(Clone::clone)
}

/// Keeps a list that is being left.
pub fn keep(kept: Trail) {
    trail().set(Some(kept));
}

/// The list as it was left, if it is the same that is opened now.
pub fn back_to(resource: &Resource, query: &ListQuery) -> Option<Trail> {
    trail().get_untracked().filter(|kept| kept.resource.name == resource.name && kept.query == *query)
}

/// The records before and after one in the list it was opened from. Tracked:
/// at the end of what was loaded the next rows are fetched and come later.
pub fn neighbours(resource: &Resource, id: &str) -> (Option<String>, Option<String>) {
    let trail = trail();
    let (before, after, more) = {
        let read = trail.read();
        let Some(kept) = read.as_ref().filter(|kept| kept.resource.name == resource.name) else { return (None, None) };
        let rows = &kept.page.items;
        let Some(at) = rows.iter().position(|row| row.id() == id) else { return (None, None) };
        let one = |at: Option<usize>| rows.get(at?).map(|row| row.id().to_owned());
        (one(at.checked_sub(1)), one(at.checked_add(1)), kept.page.next.clone())
    };
    // The list comes back with its cursor on the record looked at last.
    trail.update_untracked(|kept| {
        if let Some(kept) = kept {
            kept.cursor = Some(id.to_owned());
        }
    });
    if let (None, Some(next)) = (&after, more) {
        fetch(next);
    }
    (before, after)
}

/// Where a record stands in the list it was opened from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// From 1; unknown when the list did not begin with its first row.
    pub at: Option<i64>,
    /// How many the list has, when somebody counted.
    pub of: Option<i64>,
}

/// The place of a record in the list it was opened from; tracked.
pub fn place(resource: &Resource, id: &str) -> Option<Place> {
    let trail = trail();
    let read = trail.read();
    let kept = read.as_ref().filter(|kept| kept.resource.name == resource.name)?;
    let at = kept.page.items.iter().position(|row| row.id() == id)?;
    let first = kept.query.after.is_empty();
    let loaded = i64::try_from(kept.page.items.len()).ok().filter(|_| first && kept.page.next.is_none());
    let at = i64::try_from(at.saturating_add(1)).ok().filter(|_| first);
    Some(Place { at, of: kept.page.count.or(loaded) })
}

/// Adds the rows that follow the last one.
fn fetch(next: String) {
    let trail = trail();
    spawn_local(async move {
        let asked = trail.with_untracked(|kept| {
            let kept = kept.as_ref()?;
            Some((kept.resource, ListQuery { after: next.clone(), ..kept.query.clone() }.request()))
        });
        let Some((resource, params)) = asked else { return };
        let Ok(more) = records::list(resource, &params).await else { return };
        let still = |kept: &Trail| kept.page.next.as_ref() == Some(&next);
        if trail.with_untracked(|kept| kept.as_ref().is_some_and(still)) {
            trail.update(|kept| {
                if let Some(kept) = kept {
                    kept.page.items.extend(more.items);
                    kept.page.next = more.next;
                }
            });
        }
    });
}
