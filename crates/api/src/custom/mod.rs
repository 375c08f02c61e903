//! The named exceptions: what no resource has.

mod attachments;
mod auth;
mod events;
mod geography;
mod imports;
mod jobs;
mod me;
mod merge;
mod notifications;
mod tags;
mod tokens;
mod users;
mod webhooks;

pub(crate) use attachments::disposition;
pub(crate) use imports::{form_limit, temp_files};

use crate::Routes;

/// Every custom route. A new module adds one line.
pub fn routes(routes: &mut Routes<'_>) {
    auth::routes(routes);
    me::routes(routes);
    users::routes(routes);
    geography::routes(routes);
    attachments::routes(routes);
    merge::routes(routes);
    tags::routes(routes);
    jobs::routes(routes);
    imports::routes(routes);
    notifications::routes(routes);
    events::routes(routes);
    tokens::routes(routes);
    webhooks::routes(routes);
}
