//! From a file to records, with everything that goes wrong on the way.

use actix_web::http::Method;
use conexao_domain::customers::customer::CUSTOMER;
use serde_json::json;

use super::office::{Office, cells, counts, faults, mapped, path, windows_1252};
use crate::support::{cpf, on_each_database};

#[test]
fn a_file_is_understood_tried_corrected_run_and_taken_back() {
    on_each_database(async |app| {
        let office = Office::open(&app).await;
        let text = format!(
            "CPF/CNPJ;Razão social;E-mail;Telefone;Nascimento;Município;UF\r\n\
             {};José da Silva;jose@exemplo.com.br;(11) 98765-4321;31/12/1980;5865;RJ\r\n\
             11111111111;Ana;;;;;\r\n\
             {};;;;;;\r\n\
             {};Célia;sem arroba;;31/02/1990;;\r\n",
            cpf(1),
            cpf(2),
            cpf(3)
        );
        let import = office.customers("antigo.csv", windows_1252(&text)).await;
        let shape = &import["shape"];
        assert_eq!([&shape["encoding"], &shape["delimiter"]], [&json!("windows-1252"), &json!("semicolon")]);
        assert_eq!(
            [&shape["header_row"], &shape["row_count"], &shape["date_order"]],
            [&json!(1), &json!(4), &json!("dmy")]
        );
        let to: Vec<String> = mapped(&import).into_iter().map(|(_, field)| field).collect();
        let expected =
            ["document", "name", "contacts.email", "contacts.phone", "birth_date", "addresses.city", "addresses.uf"];
        assert_eq!(to, expected);

        let tried = office.done(&import, "simulate").await;
        assert_eq!(tried["state"], "simulated");
        assert_eq!(counts(&tried, ["rows", "ready", "failed"]), [4, 1, 3]);
        assert!(office.names().await.is_empty(), "a trial writes nothing");
        let rows = office.client.get(&format!("{}/rows", path(&import))).await;
        let seen: Vec<_> = rows.items().iter().map(|row| (row["line"].as_i64().unwrap(), faults(row))).collect();
        let fault = |field: &str, code: &str, value: &str| (field.to_owned(), code.to_owned(), value.to_owned());
        assert_eq!(seen[0], (3, vec![fault("document", "cpf.repeated", "11111111111")]));
        assert_eq!(seen[1], (4, vec![fault("name", "required", "")]));
        assert_eq!(seen[2].1.len(), 2, "every mistake of a row at once: {:?}", seen[2]);

        // The bad rows go home as a file that says why.
        let csv = office.client.get(&format!("{}/failed.csv", path(&import))).await;
        assert!(csv.header("content-disposition").contains("antigo"), "{}", csv.header("content-disposition"));
        assert_eq!(csv.text.trim().lines().count(), 4, "{}", csv.text);
        assert!(csv.text.lines().next().unwrap().contains("Motivo") && csv.text.contains("sem arroba"), "{}", csv.text);
        let xlsx = office.client.get(&format!("{}/failed.xlsx", path(&import))).await;
        assert!(xlsx.status == 200 && xlsx.text.starts_with("PK"));
        // And come back: the column of reasons is no column of theirs.
        let again = office.customers("corrigir.csv", &csv.text).await;
        assert_eq!(mapped(&again).last().unwrap().1, "");

        let correct = async |line: i64, column: usize, text: &str| {
            let row = format!("{}/rows/{line}", path(&import));
            office.client.request(Method::PATCH, &row).json(&cells(column, text)).await.expect(200)
        };
        assert_eq!(correct(4, 1, "Maria").await["state"], "ready");
        assert_eq!(correct(3, 0, "123").await["state"], "failed");
        let left = office.client.get(&format!("{}/failed.csv", path(&import))).await;
        assert_eq!(left.text.trim().lines().count(), 3, "without what was put right: {}", left.text);
        let run = office.done(&import, "run").await;
        assert_eq!((&run["state"], counts(&run, ["created", "failed"])), (&json!("done"), [2, 2]));
        assert_eq!(office.names().await, ["José da Silva", "Maria"]);

        // What was corrected afterwards is done alone.
        assert_eq!(correct(3, 0, &cpf(4)).await["state"], "ready");
        let job = office.ended(&office.ask(&import, "run").await).await;
        assert_eq!(job["result"]["import_id"], import["id"]);
        let run = office.now(&import).await;
        assert_eq!(counts(&run, ["rows", "created", "failed"]), [4, 3, 1]);
        assert_eq!(office.names().await, ["Ana", "José da Silva", "Maria"]);

        let found = office.client.get("/customers").query("q", "98765-4321").await;
        let jose = office.client.get(&format!("/customers/{}", found.items()[0]["id"].as_str().unwrap())).await.body;
        assert_eq!(jose["kind"], "person");
        let address = &jose["addresses"][0];
        assert_eq!([&address["city"], &address["municipality"]], [&json!("Niterói"), &json!("3303302")]);

        let back = office.done(&import, "revert").await;
        assert_eq!((&back["state"], counts(&back, ["reverted", "kept"])), (&json!("reverted"), [3, 0]));
        assert!(office.names().await.is_empty());
        office.close().await;
    });
}

#[test]
fn what_was_chosen_for_a_shape_is_remembered() {
    on_each_database(async |app| {
        let office = Office::open(&app).await;
        let import = office.customers("a.csv", "codinome,apelido do meio,cpf\nAna,x,1\n").await;
        let wanted = json!([{ "column": 0, "field": "name" }, { "column": 1, "field": "notes" }, { "column": 2, "field": "document" }]);
        office.change(&import, json!({ "mapping": wanted, "mode": "upsert", "key": "document" })).await;
        let second = office.customers("b.csv", "codinome,apelido do meio,cpf\nBia,y,2\n").await;
        let to: Vec<String> = mapped(&second).into_iter().map(|(_, field)| field).collect();
        assert_eq!(to, ["name", "notes", "document"]);
        assert_eq!([&second["mode"], &second["key"]], [&json!("upsert"), &json!("document")]);

        // How it is read can be changed; other columns are mapped anew.
        let read = office.change(&second, json!({ "options": { "delimiter": "semicolon" } })).await;
        assert_eq!(read["shape"]["columns"].as_array().unwrap().len(), 1);
        let read = office.change(&second, json!({ "options": { "header_row": 0 } })).await;
        assert_eq!(read["shape"]["row_count"], 2);
        let refused = |change| office.client.request(Method::PATCH, &path(&second)).json(&change);
        refused(json!({ "options": { "encoding": "ebcdic" } })).await.refuses(&[("options.encoding", "choice")]);
        refused(json!({ "mapping": [{ "column": 0, "field": "password" }] }))
            .await
            .refuses(&[("mapping.0", "unknown")]);
        refused(json!({ "key": "notes" })).await.refuses(&[("key", "choice")]);
        office.close().await;
    });
}

#[test]
fn rows_create_change_or_do_either() {
    on_each_database(async |app| {
        let office = Office::open(&app).await;
        office.client.customer().named("Antiga").with("document", cpf(1)).with("notes", "fica").create().await;
        let file = format!("cpf,nome,fantasia\n{0},Nova,Loja\n{1},Outra,\n{1},Repetida,\n", cpf(1), cpf(2));
        let import = office.customers("a.csv", &file).await;

        let tried = office.done(&import, "simulate").await;
        assert_eq!(counts(&tried, ["created", "failed"]), [1, 2]);
        let rows = office.client.get(&format!("{}/rows", path(&import))).await;
        let codes: Vec<String> = rows.items().iter().flat_map(faults).map(|(_, code, _)| code).collect();
        assert_eq!(codes, ["taken", "repeated_in_file"]);
        let message = rows.items()[1]["errors"][0]["message"].as_str().unwrap();
        assert!(message.contains('3'), "names the other line: {message}");

        office.change(&import, json!({ "mode": "update", "key": "document" })).await;
        let tried = office.done(&import, "simulate").await;
        assert_eq!(counts(&tried, ["created", "updated", "failed"]), [0, 1, 2]);

        office.change(&import, json!({ "mode": "upsert" })).await;
        let run = office.done(&import, "run").await;
        assert_eq!(counts(&run, ["created", "updated", "failed"]), [1, 1, 1]);
        assert_eq!(office.names().await, ["Nova", "Outra"]);
        let found = office.client.get("/customers").query("q", cpf(1)).await;
        let changed = office.client.get(&format!("/customers/{}", found.items()[0]["id"].as_str().unwrap())).await.body;
        assert_eq!([&changed["notes"], &changed["trade_name"]], [&json!("fica"), &json!("Loja")]);

        // A second time it has nothing to say.
        let again = office.customers("b.csv", &file).await;
        let run = office.done(&again, "run").await;
        assert_eq!(counts(&run, ["created", "updated", "skipped", "failed"]), [0, 0, 2, 1]);
        office.close().await;
    });
}

#[test]
fn nobody_imports_without_the_permission_or_into_another_company() {
    on_each_database(async |app| {
        let office = Office::open(&app).await;
        let content = "nome\nAna\n".as_bytes();
        office.give(&app.login("conferente"), &CUSTOMER, "a.csv", content).await.problem(403, "forbidden");
        let import = office.customers("a.csv", content).await;
        let elsewhere = app.login_elsewhere("super_admin");
        for (method, rest) in
            [(Method::GET, ""), (Method::GET, "/rows"), (Method::POST, "/run"), (Method::POST, "/revert")]
        {
            let path = format!("{}{rest}", path(&import));
            elsewhere.request(method, &path).await.problem(404, "not_found");
        }
        assert!(elsewhere.get("/imports").await.items().is_empty());
        office.close().await;
    });
}
