//! The one list of resources. Storage, engine, API, OpenAPI and the screens
//! walk it; adding a module here is what makes it exist.

use crate::{
    after_sales::warranty::WARRANTY,
    customers::customer::CUSTOMER,
    identity::{
        absence::ABSENCE,
        api_token::{API_TOKEN, TOKEN},
        invitation::INVITATION,
        role::ROLE,
        team::TEAM,
        user::USER,
    },
    integration::{
        delivery::DELIVERY,
        message::MESSAGE,
        suppression::SUPPRESSION,
        webhook::{SIGNING_SECRET, WEBHOOK},
    },
    kernel::{
        resource::{Area, Resource, Undo},
        secret::Secret,
    },
    privacy::{self, consent::CONSENT, hold::LEGAL_HOLD, request::PRIVACY_REQUEST},
    settings::COMPANY,
};

pub static RESOURCES: &[&Resource] = &[
    &CUSTOMER,
    &WARRANTY,
    &USER,
    &INVITATION,
    &ROLE,
    &TEAM,
    &ABSENCE,
    &API_TOKEN,
    &WEBHOOK,
    &DELIVERY,
    &MESSAGE,
    &SUPPRESSION,
    &PRIVACY_REQUEST,
    &CONSENT,
    &LEGAL_HOLD,
];

/// Secrets that records of these have, apart from their fields.
pub static SECRETS: &[&Secret] = &[&TOKEN, &SIGNING_SECRET];

/// A resource by its singular name, e.g. `customer`.
pub fn by_name(name: &str) -> Option<&'static Resource> {
    RESOURCES.iter().find(|r| r.name == name).copied()
}

/// A resource by its API path, e.g. `customers`.
pub fn by_path(path: &str) -> Option<&'static Resource> {
    RESOURCES.iter().find(|r| r.path == path).copied()
}

/// A resource by the Portuguese path of its screens, e.g. `clientes`.
pub fn by_route(route: &str) -> Option<&'static Resource> {
    RESOURCES.iter().find(|r| r.route == route).copied()
}

/// Permissions that belong to no resource.
pub const ADMINISTRATION: &[&str] = &[
    "audit.read",
    "clock.move",
    "job.manage",
    "notification.send",
    privacy::ERASE,
    privacy::SEARCH,
    "settings.manage",
    "view.share",
];

/// Permissions of whoever runs the installation. They exist in the operator's
/// own tenant and nowhere else: no other tenant's role can reach them.
pub const OPERATION: &[&str] = &["tenant.create", "tenant.plan", "tenant.read", "tenant.reinstate", "tenant.suspend"];

/// Notification categories that belong to no resource.
pub const CATEGORIES: &[&str] = &["account", "audit", "comment", "privacy", "security"];

/// Every permission there is, derived from resources and their flows.
pub fn permissions() -> Vec<String> {
    let derived = RESOURCES.iter().flat_map(|r| r.permissions());
    derived.chain(ADMINISTRATION.iter().map(|p| (*p).to_owned())).collect()
}

/// Every permission there is in the operator's tenant: its own people, roles,
/// tokens and messages, and the tenants; no business record.
pub fn permissions_of_operator() -> Vec<String> {
    let own = RESOURCES.iter().filter(|r| r.area.is_administration() && r.area != Area::Privacy);
    own.flat_map(|r| r.permissions()).chain(ADMINISTRATION.iter().chain(OPERATION).map(|p| (*p).to_owned())).collect()
}

/// What leaves entries in the audit by its declaration: a resource, or the settings.
pub fn declared(name: &str) -> Option<&'static Resource> {
    by_name(name).or(Some(&COMPANY).filter(|company| company.name == name))
}

/// The secret that records of the resource have.
pub fn secret_of(resource: &str) -> Option<&'static Secret> {
    SECRETS.iter().find(|secret| secret.resource == resource).copied()
}

/// What happens to every resource besides the steps of its flow.
const EVENTS: &[&str] = &["create", "update", "delete", "restore", "import"];

/// The events of a resource that others may be told of: `customer.create`, …
/// What webhooks themselves do is not among them, or they would tell of telling.
pub fn events_of(resource: &Resource) -> Vec<String> {
    if resource.name.starts_with("webhook_") {
        return Vec::new();
    }
    let steps = resource.flow.map(|f| f.steps).unwrap_or_default();
    let undone = (resource.undo == Undo::Free).then_some("undo");
    let names = EVENTS.iter().copied().chain(undone).chain(steps.iter().map(|s| s.name));
    names.map(|name| format!("{}.{name}", resource.name)).collect()
}

/// Every event that others may be told of, derived from resources and flows.
pub fn events() -> Vec<String> {
    RESOURCES.iter().flat_map(|r| events_of(r)).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;
    use crate::kernel::field::{Field, Kind};

    fn names(fields: &[Field]) -> Vec<&str> {
        fields.iter().map(|f| f.name).collect()
    }

    #[test]
    fn names_paths_and_fields_are_unique() {
        for list in [
            RESOURCES.iter().map(|r| r.name).collect::<Vec<_>>(),
            RESOURCES.iter().map(|r| r.path).collect(),
            RESOURCES.iter().map(|r| r.route).collect(),
        ] {
            assert_eq!(list.iter().collect::<HashSet<_>>().len(), list.len(), "{list:?}");
        }
        for resource in RESOURCES {
            let fields = names(resource.fields);
            assert_eq!(fields.iter().collect::<HashSet<_>>().len(), fields.len(), "{fields:?}");
        }
    }

    #[test]
    fn what_a_declaration_mentions_exists() {
        for resource in RESOURCES {
            assert!(resource.field(resource.title).is_some(), "{}: title", resource.name);
            for field in resource.fields {
                if let Kind::Reference(target) = field.kind {
                    assert!(by_name(target).is_some(), "{}.{} refers to {target}", resource.name, field.name);
                }
            }
            let sort = resource.default_sort.trim_start_matches('-');
            assert!(resource.sortable(sort).is_some(), "{}: default sort", resource.name);
            for related in resource.related {
                let field = by_name(related.resource).and_then(|r| r.field(related.field));
                assert!(matches!(field.map(|f| f.kind), Some(Kind::Reference(name)) if name == resource.name));
            }
            let Some(flow) = resource.flow else { continue };
            for step in flow.steps {
                let states = step.from.iter().chain([&step.to]);
                assert!(states.into_iter().all(|s| flow.state(s).is_some()), "{}.{}", resource.name, step.name);
                let inputs = step.inputs.iter().map(|(name, _)| *name).chain(step.stamps);
                assert!(
                    inputs.into_iter().all(|name| resource.field(name).is_some()),
                    "{}.{}",
                    resource.name,
                    step.name
                );
                if let Undo::Reversal(step) = resource.undo {
                    assert!(flow.step(step).is_some(), "{}: reversal", resource.name);
                }
                let known = |act: &&str| matches!(*act, "create" | "update") || flow.step(act).is_some();
                assert!(step.four_eyes.iter().all(known), "{}.{}: four eyes", resource.name, step.name);
                let asked = |name: &str| step.inputs.iter().any(|(input, _)| *input == name);
                assert!(step.lifts.iter().all(|(_, input)| asked(input)), "{}.{}: lifts", resource.name, step.name);
            }
        }
    }
}
