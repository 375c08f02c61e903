use conexao_domain::customers::customer::CUSTOMER;
use serde_json::{Value as Json, json};

use crate::support::{Made, on_each_database, query};

fn ids(made: &Made, field: &str) -> Vec<String> {
    made[field].as_array().unwrap().iter().map(|l| l["id"].as_str().unwrap().to_owned()).collect()
}

fn streets(value: &Json) -> Vec<&str> {
    value["addresses"].as_array().unwrap().iter().map(|l| l["street"].as_str().unwrap()).collect()
}

#[test]
fn lines_are_replaced_as_a_whole_keep_their_ids_and_their_order() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let street = |name: &str| json!({ "street": name });
        let made = admin.customer().with("addresses", json!([street("a"), street("b"), street("c")])).create().await;
        let [a, b, c] = ids(&made, "addresses").try_into().unwrap();

        let next = json!([{ "id": c, "street": "c2" }, street("nova"), { "id": a, "street": "a" }]);
        let made = made.now(admin.patch(&made, json!({ "addresses": next })).await.expect(200));
        assert_eq!(streets(&made), ["c2", "nova", "a"]);
        let now = ids(&made, "addresses");
        assert_eq!((&now[0], &now[2]), (&c, &a));
        assert!(now[1] != a && now[1] != b && now[1] != c);
        assert_eq!(made.body, admin.read(&made).await.body);

        // A patch of something else leaves them, an empty list removes them.
        let made = made.now(admin.patch(&made, json!({ "notes": "x" })).await.expect(200));
        assert_eq!(ids(&made, "addresses"), now);
        let made = made.now(admin.patch(&made, json!({ "addresses": [] })).await.expect(200));
        assert_eq!(made["addresses"], json!([]));
        let left = query(&app, app.tenant(), "SELECT id FROM customer_address").await;
        assert!(left.is_empty(), "rows without an owner: {left:?}");
    });
}

#[test]
fn a_line_never_takes_the_id_of_another_records_line() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let address = json!([{ "street": "minha" }]);
        let one = admin.customer().with("addresses", address.clone()).create().await;
        let two = admin.customer().with("addresses", address).create().await;
        let stolen = ids(&one, "addresses").remove(0);
        let sent =
            json!({ "addresses": [{ "id": stolen, "street": "x" }, { "id": stolen, "street": "y" }, { "id": 7 }] });
        let two = two.now(admin.patch(&two, sent).await.expect(200));
        let mut all = ids(&two, "addresses");
        assert!(!all.contains(&stolen));
        all.sort_unstable();
        all.dedup();
        assert_eq!(all.len(), 3);
        assert_eq!(ids(&admin.read(&one).await, "addresses"), [stolen]);
    });
}

#[test]
fn wrong_lines_change_nothing() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let made = admin.customer().with("addresses", json!([{ "street": "a" }, { "street": "b" }])).create().await;
        let wrong = json!({ "addresses": [{ "street": "c" }, { "cep": "123" }], "name": "Outra" });
        admin.patch(&made, wrong).await.refuses(&[("addresses.1.cep", "cep.length")]);
        let many = json!({ "addresses": vec![json!({}); 21] });
        admin.patch(&made, many).await.refuses(&[("addresses", "too_many_lines")]);
        assert_eq!(admin.read(&made).await.body, made.body);
        let customer = admin.customer().create().await;
        admin.warranty(&customer).with("items", json!([])).send().await.refuses(&[("items", "required")]);
    });
}

#[test]
fn what_follows_from_lines_is_kept_in_step() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let contact =
            |channel: &str, value: &str, main: bool| json!({ "channel": channel, "value": value, "main": main });
        let sent = json!({
            "name": "Ana",
            "contacts": [contact("phone", "1133334444", false), contact("whatsapp", "11988887777", true), contact("email", "A@B.com", false)],
            "addresses": [{ "city": "Niterói", "uf": "rj" }],
        });
        let made = admin.create(&CUSTOMER, sent).await;
        let shown = admin.plain(&made).await;
        assert_eq!((&shown["phone"], &shown["email"]), (&json!("+5511988887777"), &json!("a@b.com")));
        assert_eq!((&shown["city"], &shown["uf"]), (&json!("Niterói"), &json!("RJ")));
        let made = made.now(admin.patch(&made, json!({ "contacts": [], "addresses": [] })).await.expect(200));
        assert!(["phone", "email", "city", "uf"].iter().all(|name| made[name].is_null()));

        let item = |quantity: i64, price: i64| json!({ "sku": "S", "product": "P", "reason": "R", "quantity": quantity, "unit_price": price });
        let warranty = admin.warranty(&made).with("items", json!([item(1500, 333), item(1000, 1)])).create().await;
        assert_eq!(warranty["items"][0]["total"], 500, "1.5 × 3.33 rounded half up");
        assert_eq!(warranty["total"], 501);
        for (wrong, code) in [(item(0, 1), "positive"), (item(-5, 1), "positive")] {
            admin.warranty(&made).with("items", json!([wrong])).send().await.refuses(&[("items.0.quantity", code)]);
        }
        let huge = item(i64::MAX, i64::MAX);
        admin.warranty(&made).with("items", json!([huge])).send().await.problem(422, "validation");
    });
}
