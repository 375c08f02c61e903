//! A warranty or exchange request with its items (`garantias e trocas`).

use crate::kernel::{
    field::{Field, Kind, Lines},
    flow::{Flow, Step, Tone, end, state},
    plan::Facts,
    problem::FieldProblem,
    record::Record,
    resource::{Area, Audience, Counter, Fact, FactSource, Notice, Resource, Undo},
    value::{Money, Quantity},
};

const SHORT: Kind = Kind::Text { max: 80 };
/// What may still be corrected before the ERP order exists.
const OPEN: &[&str] = &["pending", "awaiting_return"];

static ITEMS: Lines = Lines {
    table: "warranty_item",
    parent: "warranty_id",
    fields: &[
        Field::new("sku", Kind::Text { max: 60 }).required(),
        Field::new("product", Kind::Text { max: 160 }).required(),
        Field::new("product_version", Kind::Text { max: 30 }),
        Field::new("serial", Kind::Text { max: 60 }),
        Field::new("reason", Kind::Text { max: 160 }).required(),
        Field::new("quantity", Kind::Quantity).required().default("1000"),
        Field::new("unit_price", Kind::Money).default("0"),
        Field::new("total", Kind::Money).system(),
    ],
    min: 1,
    max: 100,
};

static FLOW: Flow = Flow {
    states: &[
        state("pending", Tone::New),
        state("awaiting_return", Tone::Waiting),
        state("generated", Tone::Progress),
        end("checked", Tone::Success),
        end("cancelled", Tone::Muted),
    ],
    steps: &[
        Step::new("request_return", &["pending"], "awaiting_return")
            .inputs(&[("return_carrier", true), ("return_code", true), ("return_due", false)])
            .primary()
            .stamps("return_requested_at"),
        Step::new("generate", &["pending", "awaiting_return"], "generated")
            .inputs(&[("return_received_at", false), ("erp_order", false)])
            .guard(ready_to_generate)
            .lifts(&[("return_not_received", "return_received_at")])
            .primary()
            .stamps("generated_at"),
        Step::new("send_back", &["generated"], "awaiting_return").inputs(&[("adjustment", true)]),
        Step::new("check", &["generated"], "checked").primary().stamps("checked_at"),
        Step::new("cancel", &["pending", "awaiting_return", "generated"], "cancelled")
            .inputs(&[("cancel_reason", true)])
            .confirm(),
        // Reversal right only: `checked` is otherwise an end (X4). Nobody undoes
        // alone what they checked themselves.
        Step::new("reverse", &["checked"], "cancelled")
            .inputs(&[("cancel_reason", true)])
            .confirm()
            .four_eyes(&["check"]),
    ],
};

pub static WARRANTY: Resource = Resource {
    name: "warranty",
    path: "warranties",
    route: "garantias",
    table: "warranty",
    area: Area::AfterSales,
    icon: "package",
    title: "number",
    subtitle: Some("customer_id"),
    fields: &[
        Field::new("number", SHORT).list(1).sort().filter().search().unique().key().system(),
        Field::new("status", Kind::State).list(1).filter().sort().system(),
        Field::new("kind", Kind::Choice(&["warranty", "exchange"]))
            .required()
            .default("warranty")
            .filter()
            .section("request")
            .editable_while(&["pending"]),
        Field::new("customer_id", Kind::Reference("customer"))
            .required()
            .list(1)
            .filter()
            .search()
            .section("request")
            .editable_while(OPEN),
        Field::new("order_number", SHORT).list(1).sort().filter().search().section("request").editable_while(OPEN),
        Field::new(
            "channel",
            Kind::Choice(&["own_store", "mercado_livre", "shopee", "amazon", "magalu", "b2b", "other"]),
        )
        .default("own_store")
        .list(2)
        .filter()
        .section("request"),
        Field::new("marker", Kind::Text { max: 20 }).list(2).filter().system(),
        Field::new("deadline", Kind::Date).list(1).sort().filter().section("request"),
        Field::new("owner_id", Kind::User).list(2).filter().section("request"),
        Field::new("tags", Kind::Tags).list(3).filter().section("request"),
        Field::new("items", Kind::Lines(&ITEMS)).required().section("items").editable_while(OPEN),
        Field::new("total", Kind::Money).list(1).sort().filter().system(),
        Field::new("return_carrier", SHORT).filter().section("return"),
        Field::new("return_code", SHORT).filter().search().section("return"),
        Field::new("return_freight", Kind::Choice(&["company", "customer"])).default("company").section("return"),
        Field::new("return_due", Kind::Date).filter().section("return"),
        Field::new("return_received_at", Kind::Date).filter().section("return"),
        Field::new("other_address", Kind::Boolean).default("false").filter().section("delivery").editable_while(OPEN),
        Field::new("delivery_cep", Kind::Cep).identifying().section("delivery").editable_while(OPEN),
        Field::new("delivery_street", Kind::Text { max: 160 }).identifying().section("delivery").editable_while(OPEN),
        Field::new("delivery_number", Kind::Text { max: 20 }).identifying().section("delivery").editable_while(OPEN),
        Field::new("delivery_complement", Kind::Text { max: 160 })
            .identifying()
            .section("delivery")
            .editable_while(OPEN),
        Field::new("delivery_district", SHORT).identifying().section("delivery").editable_while(OPEN),
        Field::new("delivery_city", SHORT).identifying().section("delivery").editable_while(OPEN),
        Field::new("delivery_uf", Kind::Uf).section("delivery").editable_while(OPEN),
        Field::new("erp_order", SHORT).filter().system(),
        Field::new("adjustment", Kind::Text { max: 400 }).system(),
        Field::new("cancel_reason", Kind::Text { max: 400 }).system(),
        Field::new("return_requested_at", Kind::Instant).system(),
        Field::new("generated_at", Kind::Instant).system(),
        Field::new("checked_at", Kind::Instant).system(),
        Field::new("notes", Kind::LongText { max: 8000 }).identifying().section("notes"),
    ],
    flow: Some(&FLOW),
    counters: &[
        Counter { field: "number", key: |_| "warranty.number".into(), format: |r, n| format!("{}-{n:06}", prefix(r)) },
        // GR2 is the second warranty of the same customer, TR1 the first exchange.
        Counter { field: "marker", key: marker_sequence, format: |r, n| format!("{}{n}", prefix(r)) },
    ],
    default_sort: "-created_at",
    derive,
    check,
    facts: &[Fact { name: "customer", source: FactSource::Referenced("customer_id") }],
    notices: &[
        Notice { event: "warranty.generate", to: Audience::Role("conferente"), category: "check" },
        Notice { event: "warranty.check", to: Audience::Owner, category: "check" },
        Notice { event: "warranty.send_back", to: Audience::Owner, category: "check" },
        Notice { event: "warranty.cancel", to: Audience::Owner, category: "warranty" },
    ],
    related: &[],
    duplicates: &["order_number"],
    merge: None,
    undo: Undo::Free,
};

fn prefix(record: &Record) -> &'static str {
    if record.text("kind") == Some("exchange") { "TR" } else { "GR" }
}

fn marker_sequence(record: &Record) -> String {
    format!("warranty.marker.{}.{}", prefix(record), record.text("customer_id").unwrap_or_default())
}

/// A requested return must have arrived before the order is generated, and
/// nothing is generated for a blocked customer.
fn ready_to_generate(record: &Record, facts: &Facts) -> Result<(), &'static str> {
    let customer = facts.data.get("customer").and_then(|c| c.get("status")).and_then(|s| s.as_str());
    if customer == Some("blocked") {
        return Err("customer_blocked");
    }
    let waiting = record.text("status") == Some("awaiting_return");
    if waiting && record.get("return_received_at").is_null() { Err("return_not_received") } else { Ok(()) }
}

/// Line totals (quantity × unit price, half up to the cent) and their sum; the
/// day by which goods are to come back, where the company set a term.
fn derive(record: &mut Record, facts: &Facts) {
    if record.text("status") == Some("awaiting_return") && record.get("return_due").is_null() {
        record.set("return_due", facts.company.return_due(facts.today).map(|day| day.to_string()));
    }
    let mut sum = Some(Money(0));
    let lines = record.lines("items").into_iter().map(|mut line| {
        let quantity = Quantity(line.integer("quantity").unwrap_or_default());
        let total = line.money("unit_price").unwrap_or(Money(0)).checked_mul(quantity);
        sum = sum.zip(total).and_then(|(a, b)| a.checked_add(b));
        line.set("total", total.map(|t| t.0));
        serde_json::Value::Object(line.0)
    });
    let lines: Vec<_> = lines.collect();
    record.set("items", lines);
    record.set("total", sum.map(|s| s.0));
}

fn check(record: &Record, _: &Facts, problems: &mut Vec<FieldProblem>) {
    for (i, line) in record.lines("items").iter().enumerate() {
        if line.integer("quantity").is_none_or(|q| q <= 0) {
            problems.push(FieldProblem::new(format!("items.{i}.quantity"), "positive"));
        }
        if line.integer("unit_price").is_some_and(|p| p < 0) {
            problems.push(FieldProblem::new(format!("items.{i}.unit_price"), "negative"));
        }
    }
    if record.get("total").is_null() {
        problems.push(FieldProblem::new("items", "range"));
    }
    let needed = ["delivery_cep", "delivery_street", "delivery_number", "delivery_city", "delivery_uf"];
    for name in needed.into_iter().filter(|_| record.flag("other_address")) {
        if record.get(name).is_null() {
            problems.push(FieldProblem::new(name, "required"));
        }
    }
}
