//! Passwords: how strong they have to be, and argon2id, off the async threads
//! and never more at once than there are cores: each takes 19 MiB and a while.

use std::{
    sync::{Arc, LazyLock},
    thread,
    time::Duration,
};

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use conexao_domain::kernel::{
    problem::{Code, FieldProblem, Problem},
    record::Record,
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use zxcvbn::{Score, feedback::Warning};

use crate::Engine;

/// Shortest and longest password accepted, in characters and bytes.
const MIN_CHARS: usize = 10;
const MAX_BYTES: usize = 256;

/// How well a password resists guessing.
#[derive(Debug, Clone)]
pub struct Strength {
    /// From 0, the first guess, to 4.
    pub score: u8,
    /// Why it is not accepted.
    pub refused: Option<FieldProblem>,
}

/// What everybody who knows the user would try: name and address.
pub(super) fn known_of(user: &Record) -> Vec<&str> {
    ["name", "email"].into_iter().filter_map(|field| user.text(field)).collect()
}

/// Estimates a password; `known` is what others know of its owner.
pub fn strength(engine: &Engine, password: &str, known: &[&str]) -> Strength {
    if password.len() > MAX_BYTES {
        return Strength { score: 0, refused: Some(FieldProblem::new("password", "password.long")) };
    }
    let parts = known.iter().flat_map(|text| text.split(['@', '.', ' ', '-', '_'])).filter(|part| part.len() > 2);
    let inputs: Vec<&str> = known.iter().copied().chain(parts).collect();
    let entropy = zxcvbn::zxcvbn(password, &inputs);
    let refused = if password.chars().count() < MIN_CHARS {
        Some(FieldProblem::new("password", "password.short"))
    } else if entropy.score() < Score::Three {
        Some(reason(entropy.feedback().and_then(zxcvbn::feedback::Feedback::warning)))
    } else {
        engine.identity.is_breached(password).then(|| FieldProblem::new("password", "password.breached"))
    };
    Strength { score: entropy.score().into(), refused }
}

fn reason(warning: Option<Warning>) -> FieldProblem {
    use Warning as W;
    FieldProblem::new(
        "password",
        match warning {
            Some(W::StraightRowsOfKeysAreEasyToGuess | W::ShortKeyboardPatternsAreEasyToGuess) => "password.keyboard",
            Some(W::RepeatsLikeAaaAreEasyToGuess | W::RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess) => {
                "password.repeats"
            }
            Some(W::SequencesLikeAbcAreEasyToGuess) => "password.sequence",
            Some(W::RecentYearsAreEasyToGuess | W::DatesAreOftenEasyToGuess) => "password.dates",
            Some(W::NamesAndSurnamesByThemselvesAreEasyToGuess | W::CommonNamesAndSurnamesAreEasyToGuess) => {
                "password.names"
            }
            Some(
                W::ThisIsATop10Password
                | W::ThisIsATop100Password
                | W::ThisIsACommonPassword
                | W::ThisIsSimilarToACommonlyUsedPassword,
            ) => "password.common",
            Some(W::AWordByItselfIsEasyToGuess) | None => "password.weak",
        },
    )
}

/// Refuses passwords that are too easy to guess or known to be stolen.
pub fn check(engine: &Engine, password: &str, known: &[&str]) -> Result<(), Problem> {
    let refused = strength(engine, password, known).refused;
    refused.map_or(Ok(()), |field| Err(Problem { fields: vec![field], ..Problem::new(Code::Validation) }))
}

/// How long a password waits for its turn to be hashed, and how long whoever
/// waited in vain should stay away.
const TURN: Duration = Duration::from_secs(8);
const AWAY: u64 = 10;

static TURNS: LazyLock<Arc<Semaphore>> = LazyLock::new(|| {
    let cores = thread::available_parallelism().map_or(2, usize::from);
    Arc::new(Semaphore::new(cores.max(2)))
});

/// A turn, or the refusal of who waited too long. It goes into the work itself,
/// which nobody can call back.
async fn turn(turns: &Arc<Semaphore>, most: Duration) -> Result<OwnedSemaphorePermit, Problem> {
    let busy = || Problem::new(Code::Unavailable).with("retry_after", AWAY);
    let turn = tokio::time::timeout(most, Arc::clone(turns).acquire_owned()).await;
    turn.map_err(|_| busy())?.map_err(|_| busy())
}

pub async fn hash(password: String) -> Result<String, Problem> {
    let turn = turn(&TURNS, TURN).await?;
    let work = move || {
        let _turn = turn;
        Argon2::default().hash_password(password.as_bytes()).map(|h| h.to_string()).ok()
    };
    let hashed = tokio::task::spawn_blocking(work).await.ok().flatten();
    hashed.ok_or_else(|| Problem::new(Code::Internal))
}

/// Whether the password fits. Without a stored hash the same work is done for
/// nothing, so that the time does not tell whether the account exists. Waits for
/// its turn; who asks says how long.
pub async fn fits(password: String, stored: Option<String>) -> bool {
    let turn = Arc::clone(&TURNS).acquire_owned().await.ok();
    let work = move || {
        let _turn = turn;
        let nobody =
            "$argon2id$v=19$m=19456,t=2,p=1$gZiV/M1gPc22ElAH/Jh1Hw$CWOrkoo7oJBQ/iyh7uJ0LO2aLEfrHwTWllSAxT0zRno";
        let known = stored.is_some();
        let stored = stored.unwrap_or_else(|| nobody.to_owned());
        let parsed = PasswordHash::new(&stored).ok();
        let fits = parsed.is_some_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
        fits && known
    };
    tokio::task::spawn_blocking(work).await.unwrap_or_default()
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[tokio::test]
    async fn who_waits_in_vain_for_a_turn_is_told_when_to_come_again() {
        let (turns, soon) = (Arc::new(Semaphore::new(1)), Duration::from_millis(20));
        let taken = turn(&turns, soon).await.unwrap();
        let refused = turn(&turns, soon).await.unwrap_err();
        assert_eq!((refused.code, refused.extra.get("retry_after")), (Code::Unavailable, Some(&AWAY.into())));
        drop(taken);
        assert!(turn(&turns, soon).await.is_ok());
    }
}
