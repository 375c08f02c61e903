//! Passwords: argon2id, off the async threads.

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use conexao_domain::kernel::problem::{Code, Problem};

/// Shortest and longest password accepted, in characters and bytes.
const MIN_CHARS: usize = 10;
const MAX_BYTES: usize = 256;

/// Refuses passwords that are too short to resist guessing.
pub fn check(password: &str) -> Result<(), Problem> {
    let distinct = password.chars().collect::<std::collections::HashSet<_>>().len();
    if password.chars().count() < MIN_CHARS || password.len() > MAX_BYTES || distinct < 5 {
        return Err(Problem::field("password", "password.weak"));
    }
    Ok(())
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
