//! Municipalities of Brazil by name; the list itself stays on the server.

use super::{Failure, client};

pub use conexao_client::model::Municipality;

/// Municipalities whose name begins like the text, in one state or in all.
pub async fn municipalities(text: &str, uf: &str) -> Result<Vec<Municipality>, Failure> {
    client().municipalities(text, uf).await
}
