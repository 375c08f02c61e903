//! The named exceptions: what no resource has.

mod access;
mod attachments;
mod audit;
mod auth;
mod events;
mod geography;
mod imports;
mod invitations;
mod jobs;
mod me;
mod merge;
mod notification_choices;
mod notifications;
mod permissions;
mod recovery;
mod sessions;
mod tags;
mod tokens;
mod two_factor;
mod unsubscribe;
mod users;
mod webhooks;

pub(crate) use attachments::disposition;
pub(crate) use imports::{form_limit, temp_files};

use crate::Routes;

/// Every custom route. A new module adds one line.
pub fn routes(routes: &mut Routes<'_>) {
    auth::routes(routes);
    recovery::routes(routes);
    invitations::routes(routes);
    me::routes(routes);
    two_factor::routes(routes);
    sessions::routes(routes);
    access::routes(routes);
    users::routes(routes);
    geography::routes(routes);
    attachments::routes(routes);
    merge::routes(routes);
    tags::routes(routes);
    jobs::routes(routes);
    imports::routes(routes);
    notifications::routes(routes);
    notification_choices::routes(routes);
    unsubscribe::routes(routes);
    events::routes(routes);
    tokens::routes(routes);
    webhooks::routes(routes);
    audit::routes(routes);
    permissions::routes(routes);
}
