//! The named exceptions: what no resource has.

mod absences;
mod access;
mod attachments;
mod audit;
mod auth;
mod callbacks;
mod clock;
mod dashboards;
mod events;
mod geography;
mod imports;
mod integrations;
mod invitations;
mod jobs;
mod me;
mod merge;
mod messages;
mod notification_choices;
mod notifications;
mod own_account;
mod passkeys;
mod permissions;
mod privacy;
mod reach;
mod recovery;
mod recycle_bin;
mod registration;
mod sessions;
mod settings;
mod tags;
mod templates;
mod tenants;
mod tokens;
mod two_factor;
mod unsubscribe;
mod users;
mod views;
mod webhooks;

pub(crate) use attachments::disposition;

use crate::Routes;

/// Every custom route. A new module adds one line.
pub fn routes(routes: &mut Routes<'_>) {
    auth::routes(routes);
    recovery::routes(routes);
    invitations::routes(routes);
    me::routes(routes);
    dashboards::routes(routes);
    absences::routes(routes);
    two_factor::routes(routes);
    passkeys::routes(routes);
    own_account::routes(routes);
    registration::routes(routes);
    sessions::routes(routes);
    access::routes(routes);
    users::routes(routes);
    geography::routes(routes);
    attachments::routes(routes);
    merge::routes(routes);
    tags::routes(routes);
    recycle_bin::routes(routes);
    views::routes(routes);
    settings::routes(routes);
    clock::routes(routes);
    integrations::routes(routes);
    tenants::routes(routes);
    jobs::routes(routes);
    imports::routes(routes);
    notifications::routes(routes);
    notification_choices::routes(routes);
    reach::routes(routes);
    messages::routes(routes);
    templates::routes(routes);
    callbacks::routes(routes);
    unsubscribe::routes(routes);
    events::routes(routes);
    tokens::routes(routes);
    webhooks::routes(routes);
    audit::routes(routes);
    permissions::routes(routes);
    privacy::routes(routes);
}
