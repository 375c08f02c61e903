//! The second step of a log-in, and where somebody is logged in.

use super::{Failure, client};

pub use conexao_client::Proof;
pub use conexao_client::model::{AccessCounts, AccessPage, AccessRow, Key, LogIn, SecondFactor};

pub async fn second_step(challenge: &str, code: &str, remember: bool) -> Result<(), Failure> {
    client().second_step(challenge, code, remember).await.map(drop)
}

pub async fn standing() -> Result<SecondFactor, Failure> {
    client().two_factor().await
}

pub async fn begin(proof: &Proof) -> Result<Key, Failure> {
    client().begin_two_factor(proof).await
}

/// Confirms the key; answers the recovery codes.
pub async fn confirm(code: &str) -> Result<Vec<String>, Failure> {
    client().confirm_two_factor(code).await.map(|made| made.recovery_codes)
}

/// Replaces the recovery codes.
pub async fn renew(code: &str) -> Result<Vec<String>, Failure> {
    client().renew_recovery_codes(code).await.map(|made| made.recovery_codes)
}

pub async fn disable(proof: &Proof, code: &str) -> Result<(), Failure> {
    client().disable_two_factor(proof, code).await
}

pub async fn sessions() -> Result<Vec<LogIn>, Failure> {
    client().sessions().await
}

pub async fn end(id: &str) -> Result<(), Failure> {
    client().end_session(id).await
}

pub async fn end_others() -> Result<(), Failure> {
    client().end_other_sessions().await
}

/// Counts of log-ins, for administrators.
pub async fn access() -> Result<AccessCounts, Failure> {
    client().access().await
}

/// A page of one of the lists of log-ins, for administrators.
pub async fn access_list(list: &str, after: Option<&str>) -> Result<AccessPage, Failure> {
    client().access_list(list, after).await
}
