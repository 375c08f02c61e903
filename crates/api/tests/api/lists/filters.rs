use std::collections::BTreeSet;

use conexao_domain::{
    kernel::{
        field::{Field, Kind},
        query::Op,
        record::Record,
        resource::Resource,
    },
    registry::RESOURCES,
};
use rand::{RngExt, rngs::StdRng, seq::IndexedRandom};
use serde_json::{Value as Json, json};

use super::{
    data::{chance, scatter},
    model::Tree,
};
use crate::support::{Client, on_each_database};

const RELATIVE: &[&str] = &["@today", "@today-7", "@today+1", "@today-0", "@week", "@month", "@year"];

/// A value to compare with: mostly one that occurs, sometimes a relative one.
fn operand(field: &Field, op: Op, records: &[Record], rng: &mut StdRng) -> Option<Json> {
    let dated = matches!(field.kind, Kind::Date | Kind::Instant);
    match op {
        Op::Empty => return Some(json!(rng.random_bool(0.5))),
        Op::Contains => return part(field, records, rng),
        _ if dated && rng.random_bool(0.4) => return Some(json!(RELATIVE.choose(rng).unwrap())),
        _ if field.kind == Kind::User && rng.random_bool(0.4) => return Some(json!("@me")),
        _ if field.kind == Kind::Instant && rng.random_bool(0.4) => return Some(json!("2026-03-10")),
        _ => {}
    }
    let mut values: Vec<Json> = records
        .iter()
        .flat_map(|r| match r.get(field.name) {
            Json::Array(tags) => tags.clone(),
            value => vec![value.clone()],
        })
        .collect();
    values.retain(|v| !v.is_null());
    // Relative words are no words of text.
    values.choose(rng).cloned()
}

/// Some letters out of a value, in another case or without accents.
fn part(field: &Field, records: &[Record], rng: &mut StdRng) -> Option<Json> {
    let values: Vec<&str> = records.iter().filter_map(|r| r.text(field.name)).collect();
    let letters: Vec<char> = values.choose(rng)?.chars().collect();
    let from = rng.random_range(0..letters.len());
    let part: String = letters[from..].iter().take(rng.random_range(1..5)).collect();
    let part = match rng.random_range(0..3) {
        0 => part.to_uppercase(),
        1 => conexao_domain::kernel::value::fold(&part),
        _ => part,
    };
    Some(part.trim()).filter(|p| !p.is_empty()).map(Json::from)
}

fn leaf(field: &'static Field, op: Op, records: &[Record], rng: &mut StdRng) -> Option<Tree> {
    let count = if op == Op::In { rng.random_range(1..4) } else { 1 };
    let values: Option<Vec<Json>> = (0..count).map(|_| operand(field, op, records, rng)).collect();
    values.map(|values| Tree::Is { field, op, values })
}

fn any_leaf(resource: &'static Resource, records: &[Record], rng: &mut StdRng) -> Tree {
    let fields: Vec<&Field> = fields(resource);
    loop {
        let field = fields.choose(rng).unwrap();
        let (_, op) = Op::ALL.choose(rng).unwrap();
        if let Some(leaf) = op.fits(field).then(|| leaf(field, *op, records, rng)).flatten() {
            return leaf;
        }
    }
}

fn fields(resource: &'static Resource) -> Vec<&'static Field> {
    let system = conexao_domain::kernel::resource::SYSTEM_FIELDS;
    resource.fields.iter().chain(system).filter(|f| f.filter).collect()
}

fn tree(resource: &'static Resource, records: &[Record], depth: usize, rng: &mut StdRng) -> Tree {
    if depth == 0 || rng.random_bool(0.3) {
        return any_leaf(resource, records, rng);
    }
    let rows = (0..rng.random_range(0..4)).map(|_| tree(resource, records, depth - 1, rng)).collect();
    if rng.random_bool(0.5) { Tree::And(rows) } else { Tree::Or(rows) }
}

async fn check(client: &Client, resource: &Resource, records: &[Record], tree: &Tree) {
    let expected: BTreeSet<&str> = records.iter().filter(|r| tree.fits(r, client.id)).map(Record::id).collect();
    let list = client.get(&format!("/{}", resource.path)).query("where", tree.json()).query("limit", 200);
    let answer = list.query("count", "exact").await;
    let body = answer.clone().expect(200);
    let found: BTreeSet<&str> = answer.items().iter().map(|r| r["id"].as_str().unwrap()).collect();
    let show = |id: &&str| records.iter().find(|r| r.id() == *id).map(|r| json!(r));
    let extra: Vec<_> = found.difference(&expected).take(2).map(show).collect();
    let missing: Vec<_> = expected.difference(&found).take(2).map(show).collect();
    assert!(
        extra.is_empty() && missing.is_empty(),
        "{} {}\ntoo many: {extra:?}\nmissing: {missing:?}",
        resource.name,
        tree.json()
    );
    assert_eq!(body["count"], expected.len(), "{}", tree.json());
}

#[test]
fn every_operator_on_every_filterable_field_finds_what_the_model_finds() {
    on_each_database(async |app| {
        let (admin, mut rng) = (app.login("super_admin"), chance());
        for resource in RESOURCES {
            let records = scatter(&app, &admin, resource, 60, &mut rng).await;
            for field in fields(resource) {
                for (_, op) in Op::ALL.iter().filter(|(_, op)| op.fits(field)) {
                    for _ in 0..3 {
                        if let Some(leaf) = leaf(field, *op, &records, &mut rng) {
                            check(&admin, resource, &records, &leaf).await;
                        }
                    }
                }
            }
        }
    });
}

#[test]
fn trees_of_conditions_find_what_the_model_finds() {
    on_each_database(async |app| {
        let (admin, mut rng) = (app.login("super_admin"), chance());
        for resource in RESOURCES {
            let records = scatter(&app, &admin, resource, 60, &mut rng).await;
            for _ in 0..40 {
                let tree = tree(resource, &records, 3, &mut rng);
                check(&admin, resource, &records, &tree).await;
            }
        }
    });
}

#[test]
fn filters_in_the_address_mean_the_same_as_trees() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        for (name, status) in [("Ana", "active"), ("Bia", "blocked"), ("Caio", "inactive")] {
            let made = admin.customer().named(name).with("tags", json!([name, "todos"])).create().await;
            match status {
                "blocked" => drop(admin.step(&made, "block", json!({ "block_reason": "x" })).await.expect(200)),
                "inactive" => drop(admin.step(&made, "deactivate", json!({})).await.expect(200)),
                _ => {}
            }
        }
        let found = async |filters: &[(&str, &str)]| {
            let mut request = admin.get("/customers");
            for (name, value) in filters {
                request = request.query(name, value);
            }
            let answer = request.await;
            answer.clone().expect(200);
            answer.items().iter().map(|r| r["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(found(&[("filter[status]", "active")]).await, ["Ana"]);
        assert_eq!(found(&[("filter[status][in]", "active,blocked")]).await, ["Ana", "Bia"]);
        assert_eq!(found(&[("filter[status][ne]", "active"), ("filter[name][contains]", "AI")]).await, ["Caio"]);
        assert_eq!(found(&[("filter[tags]", "Bia")]).await, ["Bia"]);
        assert_eq!(found(&[("filter[tags][ne]", "Bia")]).await, ["Ana", "Caio"]);
        assert_eq!(found(&[("filter[document][empty]", "true"), ("q", "ana")]).await, ["Ana"]);
        assert_eq!(found(&[("filter[created_by]", "@me")]).await.len(), 3);
        assert_eq!(found(&[("filter[created_at]", "@today")]).await.len(), 3);
        assert_eq!(found(&[("filter[created_at][lt]", "@today")]).await.len(), 0);
    });
}

#[test]
fn groups_count_and_sum_what_the_list_shows() {
    on_each_database(async |app| {
        let (admin, mut rng) = (app.login("super_admin"), chance());
        for resource in RESOURCES {
            let records = scatter(&app, &admin, resource, 60, &mut rng).await;
            let groupable = fields(resource).into_iter().filter(|f| f.kind.is_column() && !f.personal);
            let sum = resource.fields.iter().find(|f| matches!(f.kind, Kind::Money | Kind::Quantity));
            for field in groupable {
                let tree = tree(resource, &records, 2, &mut rng);
                let request = admin.get(&format!("/{}/aggregate", resource.path)).query("group", field.name);
                let request = request.query("where", tree.json());
                let request = if let Some(sum) = sum { request.query("sum", sum.name) } else { request };
                let body = request.await.expect(200);
                let fits = |r: &&Record| tree.fits(r, admin.id);
                let mut counted = 0;
                for group in body["groups"].as_array().unwrap() {
                    let members: Vec<&Record> =
                        records.iter().filter(fits).filter(|r| *r.get(field.name) == group["key"]).collect();
                    assert_eq!(group["count"], members.len(), "{}: {group} {}", field.name, tree.json());
                    let total: Option<i64> =
                        sum.and_then(|s| members.iter().filter_map(|r| r.integer(s.name)).reduce(|a, b| a + b));
                    assert_eq!(group["sum"], json!(total), "{}: {group} {}", field.name, tree.json());
                    counted += members.len();
                }
                assert_eq!(counted, records.iter().filter(fits).count(), "{} {}", field.name, tree.json());
            }
        }
    });
}
