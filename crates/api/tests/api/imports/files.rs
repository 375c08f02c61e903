//! Files that are no tables, and some that hardly are.

use conexao_domain::customers::customer::CUSTOMER;
use serde_json::json;

use super::office::{Office, counts};
use crate::support::on_each_database;

#[test]
fn what_cannot_be_read_is_refused_and_leaves_nothing() {
    on_each_database(async |app| {
        let office = Office::closed(&app).await;
        let zip = [b"PK\x03\x04".as_slice(), &[0; 200]].concat();
        for (name, content) in [
            ("pagina.csv", b"<html><body><table></table></body></html>".as_slice()),
            ("foto.xlsx", &[0xff, 0xd8, 0xff, 0xe0, 0, 0]),
            ("vazio.csv", b""),
            ("cabecalho.csv", b"nome;cpf\r\n"),
            ("quebrado.xlsx", &zip),
        ] {
            let refused = office.give(&office.client, &CUSTOMER, name, content).await.problem(422, "file");
            assert!(refused["title"].as_str().unwrap().len() > 20, "{name}: {refused}");
        }
        assert!(office.client.get("/imports").await.items().is_empty());
    });
}

#[test]
fn rows_that_are_too_short_too_long_or_empty_are_told_apart() {
    on_each_database(async |app| {
        let office = Office::open(&app).await;
        let usual: String = (10..30).map(|n| format!("Pessoa {n},x\n")).collect();
        let text =
            format!("\u{feff}nome,notas\nAna\n\n,\n\"Bia, a\nsegunda\",\"linha 1\nlinha 2\"\nCaio,x,a mais\n{usual}");
        let import = office.customers("torto.csv", text).await;
        assert_eq!(import["shape"]["encoding"], json!("utf-8-bom"));
        office
            .change(
                &import,
                json!({ "mapping": [{ "column": 0, "field": "name" }, { "column": 1, "field": "notes" }] }),
            )
            .await;
        let run = office.done(&import, "run").await;
        assert_eq!(counts(&run, ["created", "failed", "warnings"]), [23, 0, 1]);
        assert_eq!(office.names().await[..3], ["Ana", "Bia, a segunda", "Caio"]);
        office.close().await;
    });
}
