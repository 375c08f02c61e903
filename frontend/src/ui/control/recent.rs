//! What a person chose last, per kind of record: most look-ups repeat one of them.
//!
//! This browser keeps their ids and nothing else, as long as drafts
//! (`form::draft`). What they are called is asked when they are offered, so
//! that nobody reads more than they may and what was deleted is gone.

use conexao_domain::kernel::resource::Resource;
use futures_util::future::join_all;

use crate::{
    api::{records, records::Mention},
    prefs::{recall, remember},
    resource::form::{draft, mention},
    state::app,
};

/// As many as are taken in at a glance.
const MOST: usize = 5;

fn key(resource: &Resource) -> String {
    format!("{}{}.{}", draft::RECENT, app().session.user_id(), resource.name)
}

fn ids(resource: &Resource) -> Vec<String> {
    recall(&key(resource)).unwrap_or_default().split(',').filter(|id| !id.is_empty()).map(str::to_owned).collect()
}

/// The last choices, the newest first.
pub async fn all(resource: &'static Resource) -> Vec<Mention> {
    let ids = ids(resource);
    let asked = ids.iter().map(|id| records::get(resource, id));
    join_all(asked).await.into_iter().flatten().map(|record| mention::of(resource, &record)).collect()
}

/// Notes a choice.
pub fn note(resource: &Resource, id: &str) {
    remember(&key(resource), &first(id, ids(resource)).join(","));
}

/// The id before the others, which it is not among.
fn first(id: &str, others: Vec<String>) -> Vec<String> {
    let rest = others.into_iter().filter(|one| one != id);
    std::iter::once(id.to_owned()).chain(rest).take(MOST).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_newest_come_first_and_few_stay() {
        let of = |text: &str| text.split(' ').map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(first("c", of("a b c")), of("c a b"));
        assert_eq!(first("f", of("a b c d e")), of("f a b c d"));
    }
}
