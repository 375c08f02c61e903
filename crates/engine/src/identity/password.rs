//! Passwords: how strong they have to be, and argon2id, off the async threads.

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use conexao_domain::kernel::{
    problem::{Code, FieldProblem, Problem},
    record::Record,
};
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

pub async fn hash(password: String) -> Result<String, Problem> {
    let work = move || Argon2::default().hash_password(password.as_bytes()).map(|h| h.to_string()).ok();
    let hashed = tokio::task::spawn_blocking(work).await.ok().flatten();
    hashed.ok_or_else(|| Problem::new(Code::Internal))
}

/// Whether the password fits. Without a stored hash the same work is done for
/// nothing, so that the time does not tell whether the account exists.
pub async fn fits(password: String, stored: Option<String>) -> bool {
    let work = move || {
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
