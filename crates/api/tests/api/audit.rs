//! The audit chain: whoever changes a row past the API is named by its number.

use conexao_engine::audit::{self, Verified};

use crate::support::{App, execute, on_each_database, query};

async fn broken_after(app: &App, sql: &str) -> Option<i64> {
    assert!(execute(app, app.tenant(), sql).await.unwrap() > 0, "{sql} touched nothing");
    audit::verify(&app.engine, app.tenant()).await.unwrap().broken_at
}

async fn some_history(app: &App) -> Verified {
    let admin = app.login("super_admin");
    for name in ["Ana", "Bia", "Caio"] {
        let made = admin.customer().named(name).create().await;
        admin.patch(&made, serde_json::json!({ "notes": "mudou" })).await.expect(200);
    }
    let verified = audit::verify(&app.engine, app.tenant()).await.unwrap();
    assert!(verified.entries > 6 && verified.broken_at.is_none(), "{verified:?}");
    verified
}

#[test]
fn every_changed_column_is_noticed_at_its_entry() {
    on_each_database(async |app| {
        let at = some_history(&app).await.entries - 3;
        let changes = [
            "actor_name = 'Outra'",
            "action = 'nada'",
            "changes = '{}'",
            "resource = 'warranty'",
            "ip = '10.0.0.1'",
            "request_id = 'x'",
        ];
        for change in changes {
            let column = change.split(' ').next().unwrap();
            let before = query(&app, app.tenant(), &format!("SELECT * FROM audit WHERE seq = {at}")).await;
            assert_eq!(before.len(), 1);
            let broken =
                broken_after(&app, &format!("UPDATE audit SET {change} WHERE tenant_id = 1 AND seq = {at}")).await;
            assert_eq!(broken, Some(at), "{change}");
            // Back as it was, for the next column.
            let old = match &before[0][column] {
                serde_json::Value::Null => "NULL".to_owned(),
                value => format!("'{}'", value.as_str().unwrap().replace('\'', "''")),
            };
            let back = format!("UPDATE audit SET {column} = {old} WHERE tenant_id = 1 AND seq = {at}");
            assert_eq!(broken_after(&app, &back).await, None, "{column} put back");
        }
    });
}

#[test]
fn entries_cannot_go_missing_at_the_beginning_in_the_middle_or_at_the_end() {
    on_each_database(async |app| {
        let last = some_history(&app).await.entries;
        let cut = format!("DELETE FROM audit WHERE tenant_id = 1 AND seq = {last}");
        assert_eq!(broken_after(&app, &cut).await, Some(last), "the head knows how far it went");
        let middle = format!("DELETE FROM audit WHERE tenant_id = 1 AND seq = {}", last - 3);
        assert_eq!(broken_after(&app, &middle).await, Some(last - 3));
        assert_eq!(broken_after(&app, "DELETE FROM audit WHERE tenant_id = 1 AND seq = 1").await, Some(1));
        let other = audit::verify(&app.engine, app.other_tenant()).await.unwrap();
        assert_eq!(other.broken_at, None, "each company has a chain of its own");
    });
}
