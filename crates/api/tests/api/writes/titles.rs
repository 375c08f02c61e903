//! What is found by another record's name is found by its new name.

use serde_json::json;

use crate::support::on_each_database;

#[test]
fn a_renamed_customers_requests_are_found_by_the_new_name_and_not_by_the_old() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let customer = admin.customer().named("Macabéa").create().await;
        let other = admin.customer().named("Olímpico").create().await;
        let request = admin.warranty(&customer).create().await;
        admin.warranty(&other).create().await;
        let found = async |q: &str| admin.get("/warranties").query("q", q).await.items().to_vec();
        assert_eq!(found("macabea").await.len(), 1);
        admin.patch(&customer, json!({ "name": "Glória Maria" })).await.expect(200);
        assert_eq!(found("macabea").await.len(), 0);
        let now = found("gloria").await;
        assert_eq!((now.len(), &now[0]["id"]), (1, &request["id"]));
        assert_eq!(now[0]["version"], 1, "the request itself is as it was");
        assert_eq!(found("olimpico").await.len(), 1);
    });
}
