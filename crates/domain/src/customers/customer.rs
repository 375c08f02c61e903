//! A customer: registration data, contacts with consent, addresses, external ids.

use crate::kernel::{
    field::{Field, Kind, Lines},
    flow::{Flow, Step, Tone, state},
    merge::{Merge, same},
    plan::Facts,
    problem::FieldProblem,
    record::Record,
    resource::{Area, Related, Resource, Undo},
    value::{CpfCnpj, Email, Phone},
};

const NAME: Kind = Kind::Text { max: 160 };
const SHORT: Kind = Kind::Text { max: 80 };

static CONTACTS: Lines = Lines {
    table: "customer_contact",
    parent: "customer_id",
    fields: &[
        Field::new("channel", Kind::Choice(&["phone", "whatsapp", "email"])).required(),
        Field::new("value", Kind::Text { max: 254 }).required().personal(),
        Field::new("label", SHORT).identifying(),
        Field::new("main", Kind::Boolean).default("false"),
        Field::new("consent", Kind::Choice(&["unknown", "opt_in", "opt_out"])).default("unknown"),
        Field::new("consent_at", Kind::Instant),
        Field::new("consent_source", SHORT).identifying(),
    ],
    min: 0,
    max: 30,
};

static ADDRESSES: Lines = Lines {
    table: "customer_address",
    parent: "customer_id",
    fields: &[
        Field::new("kind", Kind::Choice(&["main", "delivery", "billing", "installation", "other"]))
            .required()
            .default("main"),
        Field::new("cep", Kind::Cep).identifying(),
        Field::new("street", NAME).identifying(),
        Field::new("number", Kind::Text { max: 20 }).identifying(),
        Field::new("complement", NAME).identifying(),
        Field::new("district", SHORT).identifying(),
        Field::new("municipality", Kind::Municipality),
        Field::new("city", SHORT),
        Field::new("uf", Kind::Uf),
    ],
    min: 0,
    max: 20,
};

static EXTERNAL_IDS: Lines = Lines {
    table: "customer_external_id",
    parent: "customer_id",
    fields: &[
        Field::new("source", SHORT).required(),
        Field::new("external_id", Kind::Text { max: 120 }).identifying().required(),
    ],
    min: 0,
    max: 20,
};

static FLOW: Flow = Flow {
    states: &[state("active", Tone::Success), state("inactive", Tone::Neutral), state("blocked", Tone::Danger)],
    steps: &[
        Step::new("deactivate", &["active", "blocked"], "inactive"),
        Step::new("block", &["active"], "blocked").inputs(&[("block_reason", true)]).confirm(),
        Step::new("activate", &["inactive", "blocked"], "active").primary(),
    ],
};

pub static CUSTOMER: Resource = Resource {
    name: "customer",
    path: "customers",
    route: "clientes",
    table: "customer",
    area: Area::Customers,
    icon: "users",
    title: "name",
    subtitle: Some("document"),
    fields: &[
        Field::new("status", Kind::State).list(1).filter().sort().system(),
        Field::new("kind", Kind::Choice(&["person", "company"]))
            .required()
            .default("person")
            .filter()
            .section("registration"),
        Field::new("name", NAME).identifying().required().list(1).sort().filter().search().section("registration"),
        Field::new("trade_name", NAME).identifying().filter().search().section("registration"),
        Field::new("document", Kind::CpfCnpj)
            .list(1)
            .filter()
            .search()
            .section("registration")
            .key()
            .unique()
            .personal(),
        Field::new("state_registration", Kind::Text { max: 20 }).identifying().section("registration"),
        Field::new("birth_date", Kind::Date).section("registration").personal(),
        Field::new("owner_id", Kind::User).list(3).filter().section("registration"),
        Field::new("tags", Kind::Tags).identifying().list(3).filter().section("registration"),
        Field::new("contacts", Kind::Lines(&CONTACTS)).section("contacts"),
        Field::new("addresses", Kind::Lines(&ADDRESSES)).section("addresses"),
        Field::new("external_ids", Kind::Lines(&EXTERNAL_IDS)).section("external_ids"),
        Field::new("phone", Kind::Phone).list(2).filter().search().personal().system(),
        Field::new("email", Kind::Email).list(3).filter().search().personal().system(),
        Field::new("city", SHORT).identifying().list(2).sort().filter().system(),
        Field::new("uf", Kind::Uf).list(2).filter().system(),
        Field::new(
            "consent_basis",
            Kind::Choice(&["none", "contract", "consent", "legitimate_interest", "legal_obligation"]),
        )
        .default("none")
        .filter()
        .section("privacy"),
        Field::new("consent_at", Kind::Date).section("privacy"),
        Field::new("consent_note", Kind::Text { max: 400 }).identifying().section("privacy"),
        Field::new("block_reason", Kind::Text { max: 400 }).identifying().system(),
        Field::new("notes", Kind::LongText { max: 8000 }).identifying().section("notes"),
    ],
    flow: Some(&FLOW),
    counters: &[],
    default_sort: "name",
    derive,
    check,
    facts: &[],
    notices: &[],
    related: &[
        Related { resource: "warranty", field: "customer_id" },
        Related { resource: "message", field: "customer_id" },
    ],
    duplicates: &["document", "phone", "email"],
    merge: Some(&Merge {
        same: &[
            ("contacts", &["channel", "value"]),
            ("addresses", &["kind", "cep", "street", "number", "complement"]),
            ("external_ids", &["source", "external_id"]),
        ],
        settle: settle_consent,
    }),
    undo: Undo::Free,
};

/// What belongs together moves together: a consent with its date and source.
/// Of two decisions on one contact the later counts; undated, the refusal does.
fn settle_consent(united: &mut Record, kept: &Record, other: &Record) {
    let none = |record: &Record| matches!(record.text("consent_basis"), None | Some("none"));
    let basis = if none(kept) { other } else { kept };
    for name in ["consent_basis", "consent_at", "consent_note"] {
        united.set(name, basis.get(name).clone());
    }
    let (mine, theirs) = (kept.lines("contacts"), other.lines("contacts"));
    let mut mains = Vec::new();
    let lines = united.lines("contacts").into_iter().map(|mut line| {
        let find = |lines: &[Record]| lines.iter().find(|l| same(&["channel", "value"], l, &line)).cloned();
        if let (Some(mine), Some(their)) = (find(&mine), find(&theirs)) {
            let decided = if outweighs(&their, &mine) { &their } else { &mine };
            for name in ["consent", "consent_at", "consent_source"] {
                line.set(name, decided.get(name).clone());
            }
        }
        let channel = line.get("channel").clone();
        if line.flag("main") && mains.contains(&channel) {
            line.set("main", false);
        } else if line.flag("main") {
            mains.push(channel);
        }
        serde_json::Value::Object(line.0)
    });
    let lines: Vec<_> = lines.collect();
    united.set("contacts", lines);
}

fn outweighs(their: &Record, mine: &Record) -> bool {
    let decided = |line: &Record| matches!(line.text("consent"), Some("opt_in" | "opt_out"));
    match (decided(mine), decided(their)) {
        (_, false) => false,
        (false, true) => true,
        (true, true) => match (mine.instant("consent_at"), their.instant("consent_at")) {
            (Some(mine), Some(their)) => their > mine,
            _ => their.text("consent") == Some("opt_out"),
        },
    }
}

/// Copies the main contact of each channel and the first address up to the
/// record, where lists show, search and compare them.
fn derive(record: &mut Record, _: &Facts) {
    canonical_contacts(record);
    let contacts = record.lines("contacts");
    let main = |channels: &[&str]| {
        let fits = |line: &&Record| channels.contains(&line.text("channel").unwrap_or_default());
        let mut of_channel = contacts.iter().filter(fits);
        let first = of_channel.clone().next();
        of_channel.find(|line| line.flag("main")).or(first).and_then(|line| line.text("value")).map(str::to_owned)
    };
    record.set("phone", main(&["whatsapp", "phone"]).filter(|v| Phone::parse(v).is_ok()));
    record.set("email", main(&["email"]).filter(|v| Email::parse(v).is_ok()));
    let address = record.lines("addresses").into_iter().next().unwrap_or_default();
    record.set("city", address.get("city").clone());
    record.set("uf", address.get("uf").clone());
}

/// Phones and e-mails are kept in canonical form; wrong ones stay as typed for `check`.
fn canonical_contacts(record: &mut Record) {
    let lines = record.lines("contacts").into_iter().map(|mut line| {
        if let Some(Ok(value)) = read_contact(&line) {
            line.set("value", value);
        }
        serde_json::Value::Object(line.0)
    });
    let lines: Vec<_> = lines.collect();
    record.set("contacts", lines);
}

fn read_contact(line: &Record) -> Option<Result<String, &'static str>> {
    let value = line.text("value")?;
    Some(match line.text("channel") {
        Some("email") => Email::parse(value).map(|v| v.as_str().to_owned()).map_err(|e| e.0),
        _ => Phone::parse(value).map(|v| v.as_str().to_owned()).map_err(|e| e.0),
    })
}

fn check(record: &Record, facts: &Facts, problems: &mut Vec<FieldProblem>) {
    for (i, line) in record.lines("contacts").iter().enumerate() {
        if let Some(Err(code)) = read_contact(line) {
            problems.push(FieldProblem::new(format!("contacts.{i}.value"), code));
        }
    }
    let document = record.text("document").and_then(|d| CpfCnpj::parse(d).ok());
    let company = record.text("kind") == Some("company");
    if document.is_some_and(|d| d.is_cnpj() != company) {
        problems.push(FieldProblem::new(
            "document",
            if company { "document.cnpj_expected" } else { "document.cpf_expected" },
        ));
    }
    if record.date("birth_date").is_some_and(|day| day > facts.today) {
        problems.push(FieldProblem::new("birth_date", "date.future"));
    }
}
