use conexao_domain::{identity::role::ROLE, identity::user::USER};
use futures_util::future::join;
use serde_json::json;
use uuid::Uuid;

use crate::support::{full_input, on_each_database, query};

#[test]
fn references_point_to_records_that_are_there() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let customer = admin.customer().create().await;
        let gone = admin.customer().named("Removida").create().await;
        admin.delete(&gone).await.expect(204);
        let warranty = admin.warranty(&customer).create().await;
        for id in [Uuid::now_v7().to_string(), gone.id().to_owned(), warranty.id().to_owned()] {
            admin
                .warranty(&customer)
                .with("customer_id", id.clone())
                .send()
                .await
                .refuses(&[("customer_id", "reference")]);
            admin.patch(&warranty, json!({ "customer_id": id })).await.refuses(&[("customer_id", "reference")]);
            admin.customer().with("owner_id", id).send().await.refuses(&[("owner_id", "reference")]);
        }
        let named = admin.read(&warranty).await;
        assert_eq!(named["_refs"]["customer_id"]["title"], "Ana Terra");
        assert_eq!(named["_refs"]["created_by"]["id"], json!(admin.id));
    });
}

#[test]
fn what_is_referred_to_cannot_go() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let customer = admin.customer().create().await;
        let warranty = admin.warranty(&customer).create().await;
        let refused = admin.delete(&customer).await.problem(409, "in_use");
        assert_eq!(refused["related"], json!({ "resource": "warranty", "field": "customer_id", "count": 1 }));
        admin.delete(&warranty).await.expect(204);
        admin.delete(&customer).await.expect(204);
        // Its way back leads over the record it is about.
        let restore = |made: &crate::support::Made| admin.post(&format!("{}/actions/restore", made.path()), json!({}));
        restore(&warranty).await.refuses(&[("customer_id", "reference")]);
        restore(&customer).await.expect(200);
        restore(&warranty).await.expect(200);
    });
}

#[test]
fn a_role_that_somebody_has_cannot_go() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let role = admin.create(&ROLE, json!({ "name": "Estágio", "key": "estagio" })).await;
        let mut input = full_input(&admin, &USER).await;
        input["roles"] = json!([{ "role_id": role.id() }]);
        let user = admin.create(&USER, input).await;
        let refused = admin.delete(&role).await.problem(409, "in_use");
        assert_eq!(refused["related"]["resource"], "user");
        admin.delete(&user).await.expect(204);
        admin.delete(&role).await.expect(204);
        admin
            .post(&format!("{}/actions/restore", user.path()), json!({}))
            .await
            .refuses(&[("roles.0.role_id", "reference")]);
    });
}

#[test]
fn a_removed_user_stays_the_owner_by_name() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let input = full_input(&admin, &USER).await;
        let user = admin.create(&USER, input).await;
        let customer = admin.customer().with("owner_id", user.id()).create().await;
        admin.delete(&user).await.expect(204);
        let shown = admin.read(&customer).await;
        assert_eq!(shown["_refs"]["owner_id"]["title"], user["name"]);
        // Other fields can be changed without handing the record over first.
        let customer = customer.now(admin.patch(&customer, json!({ "notes": "x" })).await.expect(200));
        admin.patch(&customer, json!({ "owner_id": user.id(), "notes": "y" })).await.expect(200);
    });
}

#[test]
fn nothing_live_refers_to_a_removed_record_however_close_the_race() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        for _ in 0..15 {
            let customer = admin.customer().create().await;
            let create = admin.warranty(&customer).send();
            let (created, removed) = join(create.into_future(), admin.delete(&customer).into_future()).await;
            let outcome = (created.status.as_u16(), removed.status.as_u16());
            assert!(matches!(outcome, (201, 409) | (422, 204)), "{outcome:?} {} {}", created.text, removed.text);
        }
        let orphans = "SELECT w.id FROM warranty w JOIN customer c ON c.tenant_id = w.tenant_id AND c.id = w.customer_id \
                       WHERE w.deleted_at IS NULL AND c.deleted_at IS NOT NULL";
        assert!(query(&app, app.tenant(), orphans).await.is_empty());
    });
}

use std::future::IntoFuture;
