//! Places for what a node sends at once, with who takes them, so that nobody
//! whose other side is slow keeps the rest waiting.

use std::{collections::HashMap, hash::Hash};

use tokio::task::{Id, JoinSet};

/// What is under way, each with whose it is.
#[derive(Debug)]
pub(crate) struct Places<K> {
    sending: JoinSet<()>,
    whose: HashMap<Id, K>,
}

impl<K> Default for Places<K> {
    fn default() -> Self {
        Self { sending: JoinSet::new(), whose: HashMap::new() }
    }
}

impl<K> Places<K> {
    /// How many places are taken.
    pub fn taken(&self) -> usize {
        self.sending.len()
    }

    /// How many of them somebody takes.
    pub fn taken_by(&self, is_theirs: impl Fn(&K) -> bool) -> usize {
        self.whose.values().filter(|key| is_theirs(key)).count()
    }

    /// Who takes as many as they may.
    pub fn full<X: Eq + Hash>(&self, most: usize, of: impl Fn(&K) -> X) -> Vec<X> {
        let mut counts: HashMap<X, usize> = HashMap::new();
        for key in self.whose.values() {
            *counts.entry(of(key)).or_default() += 1;
        }
        counts.into_iter().filter(|(_, count)| *count >= most).map(|(who, _)| who).collect()
    }

    /// Takes a place.
    pub fn begin(&mut self, whose: K, sending: impl Future<Output = ()> + Send + 'static) {
        let id = self.sending.spawn(sending).id();
        self.whose.insert(id, whose);
    }

    /// Waits until one ends, also by breaking; `None` when nothing is under way.
    pub async fn one_ended(&mut self) -> Option<()> {
        let id = match self.sending.join_next_with_id().await? {
            Ok((id, ())) => id,
            Err(broken) => broken.id(),
        };
        self.whose.remove(&id);
        Some(())
    }

    /// Waits until all have ended.
    pub async fn all_ended(&mut self) {
        while self.one_ended().await.is_some() {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn places_are_given_back_also_by_what_broke() {
        let mut places: Places<i32> = Places::default();
        for tenant in [1, 1, 2] {
            places.begin(tenant, async move { assert!(tenant != 2, "breaks") });
        }
        assert_eq!((places.taken(), places.taken_by(|tenant| *tenant == 1)), (3, 2));
        assert_eq!(places.full(2, |tenant| *tenant), [1]);
        places.all_ended().await;
        assert_eq!((places.taken(), places.taken_by(|_| true)), (0, 0));
    }
}
