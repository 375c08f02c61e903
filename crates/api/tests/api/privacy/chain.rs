//! Entries that lost their content: accepted where a later entry names them,
//! and any other change still shows.

use conexao_engine::audit;

use super::person::{records, request, scattered};
use crate::{
    imports::office::Office,
    support::{App, execute, on_each_database, query},
};

async fn broken(app: &App) -> Option<i64> {
    audit::verify(&app.engine, app.tenant()).await.unwrap().broken_at
}

async fn change(app: &App, what: &str, seq: i64) {
    let sql = format!("UPDATE audit SET {what} WHERE tenant_id = 1 AND seq = {seq}");
    assert_eq!(execute(app, app.tenant(), &sql).await.unwrap(), 1, "{sql}");
}

fn quoted(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| "NULL".to_owned(), |text| format!("'{}'", text.replace('\'', "''")))
}

/// Somebody goes from everywhere; the audit has entries that were emptied since.
async fn anonymised(app: &App) {
    let office = Office::open(app).await;
    let her = scattered(app).await;
    let asked = request(&office.client, "anonymisation", &her).await;
    let other = app.login("admin");
    let body = serde_json::json!({ "records": records(&her) });
    let shown = other.post(&format!("{}/preview", asked.path()), body).await.expect(200);
    let body = serde_json::json!({ "records": records(&her), "digest": shown["digest"] });
    let job = other.post(&format!("{}/anonymise", asked.path()), body).await.expect(202);
    assert_eq!(office.ended(&job).await["state"], "done");
    office.close().await;
}

#[test]
fn an_emptied_entry_is_accepted_only_as_it_was_named() {
    on_each_database(async |app| {
        anonymised(&app).await;
        assert_eq!(broken(&app).await, None);
        let emptied =
            query(&app, app.tenant(), "SELECT seq, changes, digest FROM audit WHERE digest IS NOT NULL ORDER BY seq")
                .await;
        assert!(emptied.len() >= 2, "{emptied:?}");
        let (seq, row) = (emptied[0]["seq"].as_i64().unwrap(), &emptied[0]);
        for (what, back) in [
            ("changes = '{\"name\":[null,\"Outra\"]}'", format!("changes = {}", quoted(&row["changes"]))),
            ("digest = 'x'", format!("digest = {}", quoted(&row["digest"]))),
            ("digest = NULL", format!("digest = {}", quoted(&row["digest"]))),
            ("actor_name = 'Outra'", "actor_name = actor_name".to_owned()),
        ] {
            let name = query(&app, app.tenant(), &format!("SELECT actor_name FROM audit WHERE seq = {seq}")).await;
            change(&app, what, seq).await;
            assert_eq!(broken(&app).await, Some(seq), "{what}");
            let back = if what.starts_with("actor") {
                format!("actor_name = {}", quoted(&name[0]["actor_name"]))
            } else {
                back
            };
            change(&app, &back, seq).await;
            assert_eq!(broken(&app).await, None, "{what} put back");
        }
        // Whoever empties another one has no entry that says so.
        let full = query(&app, app.tenant(), "SELECT seq, changes, salt FROM audit WHERE digest IS NULL AND resource = 'customer' ORDER BY seq DESC LIMIT 1").await;
        let (seq, row) = (full[0]["seq"].as_i64().unwrap(), &full[0]);
        use sha2::{Digest, Sha256};
        let text = format!("{}{}", row["salt"].as_str().unwrap(), row["changes"].as_str().unwrap());
        let digest: String = Sha256::digest(text).iter().map(|byte| format!("{byte:02x}")).collect();
        change(&app, &format!("digest = '{digest}', salt = NULL, changes = '{{}}'"), seq).await;
        assert_eq!(broken(&app).await, Some(seq), "emptied in silence");
    });
}

#[test]
fn an_entry_that_names_others_cannot_be_changed_or_removed() {
    on_each_database(async |app| {
        anonymised(&app).await;
        let naming =
            query(&app, app.tenant(), "SELECT seq FROM audit WHERE resource = 'audit' AND action = 'redact'").await;
        let seq = naming[0]["seq"].as_i64().unwrap();
        change(&app, "changes = '{}'", seq).await;
        assert_eq!(broken(&app).await, Some(seq));
    });
}
