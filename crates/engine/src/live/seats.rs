//! How many streams somebody has open on this node. Each holds memory and asks
//! the database what its reader may see.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use conexao_domain::kernel::problem::{Code, Problem};
use uuid::Uuid;

/// Most streams of one person: a page has one, and few people have more pages
/// open than this.
const MOST: usize = 20;
/// Seconds after which whoever has too many may try again.
const AWAY: u64 = 30;

type Taken = Arc<Mutex<HashMap<Uuid, usize>>>;

/// Who has how many streams.
#[derive(Debug, Default)]
pub(super) struct Seats(Taken);

/// One stream's place, which is free again when this goes.
#[derive(Debug)]
pub(super) struct Seat {
    of: Uuid,
    taken: Taken,
}

impl Seats {
    /// A place for one more stream of a user.
    pub fn take(&self, user: Uuid) -> Result<Seat, Problem> {
        let mut taken = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(user).or_default();
        if *count >= MOST {
            return Err(Problem::new(Code::TooManyRequests).with("retry_after", AWAY));
        }
        *count += 1;
        Ok(Seat { of: user, taken: Arc::clone(&self.0) })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let left = taken.get(&self.of).copied().unwrap_or_default().saturating_sub(1);
        if left == 0 {
            taken.remove(&self.of);
        } else {
            taken.insert(self.of, left);
        }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn somebody_has_so_many_streams_and_others_have_theirs() {
        let (seats, one, other) = (Seats::default(), Uuid::now_v7(), Uuid::now_v7());
        let mut open: Vec<Seat> = (0..MOST).map(|_| seats.take(one).unwrap()).collect();
        assert_eq!(seats.take(one).unwrap_err().code, Code::TooManyRequests);
        assert!(seats.take(other).is_ok());
        open.pop();
        assert!(seats.take(one).is_ok(), "one was closed");
        drop(open);
        assert!(seats.0.lock().unwrap().is_empty(), "nothing is remembered");
    }
}
