//! What users are told: in the application, read and unread, and beyond it as
//! they want it. Notifications are a user's own, so reading and deleting needs
//! no permission and leaves no audit entry.

mod audience;
mod choice;
mod escalate;
mod letters;
mod list;
mod out;
mod send;
mod summary;
mod tell;

pub use choice::{
    CHANNELS, Choice, Choices, EMAIL, Every, IN_APP, SECURITY, categories, choices, choose, defaults, set_defaults,
    unsubscribe, unsubscribes,
};
pub use letters::Welcome;
pub use list::{Listed, Wanted, Which, delete, list, read, unread};
pub use send::{SEND, Sending, To, send};
pub use tell::{Told, tell};

pub(crate) use audience::holding;
pub(crate) use list::since;
pub(crate) use tell::tell_but;

use conexao_domain::kernel::problem::Problem;

use crate::Engine;

/// What is due by the clock: summaries, and what nobody read.
pub async fn due(engine: &Engine) -> Result<(), Problem> {
    summary::due(engine).await?;
    escalate::due(engine).await
}

/// What is due once a day.
pub async fn daily(engine: &Engine) -> Result<(), Problem> {
    letters::renewals(engine).await
}
