//! Passkeys (WebAuthn): keys on people's devices. One comes in without a
//! password, answers the second step, and stands in for the password where it
//! is asked for again. The user is always verified by the device.

mod ceremony;
mod enter;
mod key;
mod own;
mod party;

pub use super::proof::options as proof_options;
pub use ceremony::Ceremony;
pub use enter::{enter, enter_options};
pub use own::{Added, Keys, add, begin, list, remove, rename};
pub use webauthn_rs::prelude::{PublicKeyCredential, RegisterPublicKeyCredential};

pub(super) use ceremony::{Purpose, of_session, take};
pub(super) use key::{check, count, forget_all, of, signing};

use crate::{Engine, refusal::Refused};
use conexao_domain::kernel::problem::Problem;
use conexao_storage::entity::passkey_ceremony;
use sea_orm::{ColumnTrait, EntityTrait, QueryFilter};

/// Forgets questions that nobody answered.
pub(crate) async fn sweep(engine: &Engine) -> Result<(), Problem> {
    let old = passkey_ceremony::Entity::delete_many().filter(passkey_ceremony::Column::ExpiresAt.lt(engine.now()));
    old.exec(&*engine.db.alone().await.refused()?).await.refused().map(|_| ())
}
