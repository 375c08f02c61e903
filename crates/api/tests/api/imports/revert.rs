//! Taking an import back, changes included.

use serde_json::{Value as Json, json};

use super::office::{Office, counts, path};
use crate::support::{Made, cpf, on_each_database};

/// What a record says, without what every write changes.
fn said(record: &Json) -> Json {
    let mut record = record.clone();
    for name in ["version", "updated_at"] {
        record.as_object_mut().unwrap().remove(name);
    }
    record
}

#[test]
fn changed_records_get_back_what_they_said() {
    on_each_database(async |app| {
        let office = Office::open(&app).await;
        let admin = &office.client;
        let whole = admin
            .customer()
            .named("Ana")
            .with("document", cpf(1))
            .with("trade_name", "Antes")
            .with("tags", json!(["vip"]))
            .with("contacts", json!([{ "channel": "email", "value": "ana@antes.com", "main": true }]))
            .with("addresses", json!([{ "street": "Rua Velha", "city": "Niterói", "uf": "RJ" }]))
            .create()
            .await;
        let touched = admin.customer().named("Bia").with("document", cpf(2)).create().await;
        let file = format!(
            "cpf,fantasia,email,logradouro,etiquetas\n{},Depois,ana@depois.com,Rua Nova,novo\n{},Depois,,,\n",
            cpf(1),
            cpf(2)
        );
        let import = office.customers("a.csv", &file).await;
        office.change(&import, json!({ "mode": "update", "key": "document" })).await;
        let run = office.done(&import, "run").await;
        assert_eq!(counts(&run, ["updated", "failed"]), [2, 0], "{run}");
        let changed = admin.read(&whole).await;
        assert_eq!(
            [&changed["trade_name"], &changed["addresses"][0]["street"]],
            [&json!("Depois"), &json!("Rua Nova")]
        );
        assert_eq!(changed["contacts"].as_array().unwrap().len(), 2);
        assert_eq!(changed["tags"], json!(["novo", "vip"]));

        // Somebody's own change since is not taken away.
        let touched: Made = admin.read(&touched).await;
        admin.patch(&touched, json!({ "notes": "meu" })).await.expect(200);

        let job = office.ended(&office.ask(&import, "revert").await).await;
        let back = office.now(&import).await;
        assert_eq!((&back["state"], counts(&back, ["reverted", "kept"])), (&json!("reverted"), [1, 1]));
        assert_eq!(said(&admin.read(&whole).await.body), said(&whole.body));
        let kept = admin.read(&touched).await;
        assert_eq!([&kept["trade_name"], &kept["notes"]], [&json!("Depois"), &json!("meu")]);
        let rows = admin.get(&format!("/jobs/{}/rows", job["id"].as_str().unwrap())).await;
        assert_eq!(rows.items().len(), 1);
        assert_eq!(rows.items()[0]["record_id"], json!(touched.id()));
        office.close().await;
    });
}

#[test]
fn imports_on_top_of_each_other_are_taken_back_one_by_one() {
    on_each_database(async |app| {
        let office = Office::open(&app).await;
        let rows = |word: &str| (1..=3).map(|n| format!("{},Pessoa {n},{word}\n", cpf(n))).collect::<String>();
        let first = office.customers("a.csv", format!("cpf,nome,fantasia\n{}", rows("um"))).await;
        office.done(&first, "run").await;
        let second = office.customers("b.csv", format!("cpf,nome,fantasia\n{}", rows("dois"))).await;
        office.change(&second, json!({ "mode": "upsert", "key": "document" })).await;
        assert_eq!(counts(&office.done(&second, "run").await, ["updated"]), [3]);

        // The records are the second's now, until it is taken back itself.
        let early = office.done(&first, "revert").await;
        assert_eq!(counts(&early, ["reverted", "kept"]), [0, 3]);
        office
            .client
            .request(actix_web::http::Method::POST, &format!("{}/revert", path(&first)))
            .await
            .problem(409, "step_refused");

        let third = office.customers("c.csv", "nome\nQuarta\n").await;
        office.done(&third, "run").await;
        let found = office.client.get("/customers").query("q", "Quarta").await;
        let quarta = Made { resource: &conexao_domain::customers::customer::CUSTOMER, body: found.items()[0].clone() };
        let patched = quarta.now(office.client.patch(&quarta, json!({ "notes": "x" })).await.expect(200));
        office.client.patch(&patched, json!({ "notes": null })).await.expect(200);
        let back = office.done(&third, "revert").await;
        assert_eq!(counts(&back, ["reverted", "kept"]), [1, 0], "it says again what the import made it say");
        assert_eq!(counts(&office.done(&second, "revert").await, ["reverted", "kept"]), [3, 0]);
        assert_eq!(office.names().await, ["Pessoa 1", "Pessoa 2", "Pessoa 3"]);
        office.close().await;
    });
}
