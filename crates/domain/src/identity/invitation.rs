//! Somebody is asked to join: with which roles, by when.

use chrono::TimeDelta;

use crate::kernel::{
    canonical::write_instant,
    field::{Field, Kind, Lines},
    flow::{Flow, Step, Tone, end, state},
    plan::Facts,
    record::Record,
    resource::{Area, Resource, Undo, no_rules},
};

/// How long an invitation stays open after it was sent.
pub const DAYS: i64 = 7;

static ROLES: Lines = Lines {
    table: "invitation_role",
    parent: "invitation_id",
    fields: &[Field::new("role_id", Kind::Reference("role")).required()],
    min: 1,
    max: 20,
};

static FLOW: Flow = Flow {
    states: &[state("pending", Tone::Waiting), end("accepted", Tone::Success), end("revoked", Tone::Muted)],
    steps: &[
        Step::new("resend", &["pending"], "pending").primary().stamps("sent_at"),
        Step::new("revoke", &["pending"], "revoked").confirm(),
        // Taken by the system when the invited person has an account.
        Step::new("accept", &["pending"], "accepted").guard(joined).stamps("accepted_at"),
    ],
};

const FIXED: &[&str] = &[];

pub static INVITATION: Resource = Resource {
    name: "invitation",
    path: "invitations",
    route: "convites",
    table: "invitation",
    area: Area::Access,
    icon: "mail-check",
    title: "email",
    subtitle: Some("name"),
    fields: &[
        Field::new("email", Kind::Email)
            .identifying()
            .required()
            .list(1)
            .filter()
            .search()
            .section("profile")
            .editable_while(FIXED),
        Field::new("name", Kind::Text { max: 120 })
            .identifying()
            .list(1)
            .filter()
            .search()
            .section("profile")
            .editable_while(FIXED),
        Field::new("roles", Kind::Lines(&ROLES)).required().section("access").editable_while(FIXED),
        Field::new("status", Kind::State).list(1).sort().filter().system(),
        Field::new("expires_at", Kind::Instant).list(1).sort().filter().system(),
        Field::new("sent_at", Kind::Instant).list(2).system(),
        Field::new("accepted_at", Kind::Instant).list(2).system(),
        Field::new("user_id", Kind::User).list(3).system(),
    ],
    flow: Some(&FLOW),
    counters: &[],
    default_sort: "-created_at",
    derive: lasts,
    check: no_rules,
    facts: &[],
    notices: &[],
    related: &[],
    duplicates: &["email"],
    merge: None,
    undo: Undo::Never,
};

fn joined(record: &Record, _: &Facts) -> Result<(), &'static str> {
    if record.get("user_id").is_null() { Err("not_joined") } else { Ok(()) }
}

/// An open invitation lasts some days from when it was last sent.
fn lasts(record: &mut Record, facts: &Facts) {
    if record.text("status").is_none_or(|status| status == "pending") {
        if record.get("sent_at").is_null() {
            record.set("sent_at", write_instant(facts.now));
        }
        let sent = record.instant("sent_at").unwrap_or(facts.now);
        record.set("expires_at", write_instant(sent + TimeDelta::days(DAYS)));
    }
}
