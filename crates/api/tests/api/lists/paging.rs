use conexao_domain::{
    kernel::{query::Sort, record::Record, resource::Resource},
    registry::RESOURCES,
};
use rand::{RngExt, rngs::StdRng, seq::IndexedRandom};
use serde_json::Value as Json;

use super::{
    data::{chance, scatter},
    model,
};
use crate::support::{Client, on_each_database};

fn text(keys: &[Sort]) -> String {
    let word = |k: &Sort| format!("{}{}", if k.descending { "-" } else { "" }, k.field.name);
    keys.iter().map(word).collect::<Vec<_>>().join(",")
}

/// Every single sort in both directions, and some of several keys.
fn sorts(resource: &'static Resource, rng: &mut StdRng) -> Vec<Vec<Sort>> {
    let sortable: Vec<_> = resource.columns().filter(|f| f.sort).collect();
    let mut sorts = vec![Vec::new()];
    for field in &sortable {
        for descending in [false, true] {
            sorts.push(vec![Sort { field, descending }]);
        }
    }
    for _ in 0..12 {
        let count = rng.random_range(2..=sortable.len().min(4));
        let keys = sortable.sample(rng, count).map(|field| Sort { field, descending: rng.random_bool(0.5) });
        sorts.push(keys.collect());
    }
    sorts
}

/// Walks all pages; the limit changes on the way.
async fn walk(client: &Client, resource: &Resource, keys: &[Sort], rng: &mut StdRng) -> Vec<Json> {
    let (mut found, mut after) = (Vec::new(), None::<String>);
    loop {
        let limit = *[1, 2, 7, 50, 200].choose(rng).unwrap();
        let request = client.get(&format!("/{}", resource.path)).query("sort", text(keys)).query("limit", limit);
        let request = if let Some(after) = &after { request.query("after", after) } else { request };
        let page = request.await;
        let body = page.clone().expect(200);
        assert!(page.items().len() <= limit);
        found.extend(page.items().iter().cloned());
        match body["next"].as_str() {
            Some(next) => after = Some(next.to_owned()),
            None => return found,
        }
        assert!(!page.items().is_empty(), "an empty page promises another one");
    }
}

#[test]
fn pages_in_every_order_are_the_sorted_whole() {
    on_each_database(async |app| {
        let (admin, mut rng) = (app.login("super_admin"), chance());
        for resource in RESOURCES {
            let mut records = scatter(&app, &admin, resource, 80, &mut rng).await;
            for keys in sorts(resource, &mut rng) {
                model::sort(&mut records, &keys);
                let expected: Vec<&str> = records.iter().map(Record::id).collect();
                let found = walk(&admin, resource, &keys, &mut rng).await;
                let found: Vec<&str> = found.iter().map(|r| r["id"].as_str().unwrap()).collect();
                let differs = found.iter().zip(&expected).position(|(a, b)| a != b);
                assert!(found == expected, "{} by {}: differs at {differs:?}", resource.name, text(&keys));
            }
        }
    });
}

#[test]
fn a_page_is_not_disturbed_by_what_is_added_or_removed_meanwhile() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let mut made = Vec::new();
        for name in ["b", "d", "f", "h"] {
            made.push(admin.customer().named(name).create().await);
        }
        let first = admin.get("/customers").query("sort", "name").query("limit", 2).await.expect(200);
        // The row the cursor stands on goes, one before it and one behind it come.
        admin.delete(&made[1]).await.expect(204);
        admin.customer().named("a").create().await;
        admin.customer().named("e").create().await;
        let next = first["next"].as_str().unwrap();
        let second = admin.get("/customers").query("sort", "name").query("after", next).await;
        let names: Vec<&str> = second.items().iter().map(|r| r["name"].as_str().unwrap()).collect();
        assert_eq!(names, ["e", "f", "h"]);
    });
}
