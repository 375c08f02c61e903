//! API tokens: what programs come in with. A personal token may never do more
//! than its owner may at that moment; a service token belongs to nobody and
//! has roles of its own. Scopes bound both.

use super::role::covers;
use crate::kernel::{
    field::{Field, Kind, Lines},
    flow::{Flow, Step, Tone, end, state},
    plan::Facts,
    problem::FieldProblem,
    record::Record,
    resource::{Area, Resource, Undo},
    secret::{Keep, Secret},
    value::Network,
};

static SCOPES: Lines = Lines {
    table: "api_token_scope",
    parent: "api_token_id",
    fields: &[Field::new("permission", Kind::Text { max: 80 }).required()],
    min: 1,
    max: 500,
};

static ROLES: Lines = Lines {
    table: "api_token_role",
    parent: "api_token_id",
    fields: &[Field::new("role_id", Kind::Reference("role")).required()],
    min: 0,
    max: 20,
};

static NETWORKS: Lines = Lines {
    table: "api_token_network",
    parent: "api_token_id",
    fields: &[Field::new("network", Kind::Text { max: 50 }).required()],
    min: 0,
    max: 50,
};

static FLOW: Flow = Flow {
    states: &[state("active", Tone::Success), end("revoked", Tone::Muted)],
    steps: &[Step::new("revoke", &["active"], "revoked").confirm().stamps("revoked_at")],
};

/// Nothing may change it once the token exists.
const FIXED: &[&str] = &[];

/// Shown when the token is created, then never again.
pub static TOKEN: Secret = Secret {
    resource: "api_token",
    prefix: "cnx",
    keep: Keep::Hashed,
    hint: Some("hint"),
    renewed_by: None,
    overlap: 0,
};

pub static API_TOKEN: Resource = Resource {
    name: "api_token",
    path: "api-tokens",
    route: "tokens",
    table: "api_token",
    area: Area::Programs,
    icon: "key-round",
    title: "name",
    subtitle: Some("hint"),
    fields: &[
        Field::new("name", Kind::Text { max: 80 }).required().list(1).sort().filter().search().section("profile"),
        Field::new("hint", Kind::Text { max: 40 }).list(1).system(),
        Field::new("kind", Kind::Choice(&["personal", "service"]))
            .required()
            .default("personal")
            .list(1)
            .filter()
            .section("profile")
            .editable_while(FIXED),
        Field::new("owner_id", Kind::User).list(2).filter().system(),
        Field::new("scopes", Kind::Lines(&SCOPES)).required().section("access"),
        Field::new("roles", Kind::Lines(&ROLES)).section("access"),
        Field::new("networks", Kind::Lines(&NETWORKS)).section("access"),
        Field::new("expires_at", Kind::Instant).list(1).sort().filter().section("profile"),
        Field::new("per_minute", Kind::Integer { min: 1, max: 100_000 }).list(3).section("profile"),
        Field::new("last_used_at", Kind::Instant).list(1).sort().filter().system(),
        Field::new("last_used_ip", Kind::Text { max: 45 }).list(3).system(),
        Field::new("status", Kind::State).list(1).sort().filter().system(),
        Field::new("revoked_at", Kind::Instant).system(),
    ],
    flow: Some(&FLOW),
    counters: &[],
    default_sort: "-created_at",
    derive: owned,
    check,
    facts: &[],
    notices: &[],
    related: &[],
    duplicates: &[],
    merge: None,
    undo: Undo::Never,
};

/// A personal token belongs to whoever makes it, a service token to nobody.
fn owned(record: &mut Record, facts: &Facts) {
    match record.text("kind") {
        Some("personal") if record.get("owner_id").is_null() => record.set("owner_id", facts.actor.clone()),
        Some("service") => record.set("owner_id", serde_json::Value::Null),
        _ => {}
    }
}

fn check(record: &Record, _: &Facts, problems: &mut Vec<FieldProblem>) {
    let all = crate::registry::permissions();
    for (i, line) in record.lines("scopes").iter().enumerate() {
        let scope = line.text("permission").unwrap_or_default();
        if !all.iter().any(|permission| covers(scope, permission)) {
            problems.push(FieldProblem::new(format!("scopes.{i}.permission"), "permission"));
        }
    }
    for (i, line) in record.lines("networks").iter().enumerate() {
        if Network::parse(line.text("network").unwrap_or_default()).is_err() {
            problems.push(FieldProblem::new(format!("networks.{i}.network"), "network.format"));
        }
    }
}
