//! Lists as files.

use chrono::TimeDelta;
use conexao_engine::export;
use serde_json::json;

use super::office::Office;
use crate::support::on_each_database;

#[test]
fn nothing_in_a_file_is_a_formula() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        for name in ["=1+1", "+SOMA(A1)", "-2+3", "@cmd", "＝1"] {
            admin.customer().named(name).create().await;
        }
        let csv = admin.get("/customers/export").query("format", "csv").query("columns", "name").await;
        let cells: Vec<&str> = csv.text.trim_start_matches('\u{feff}').lines().skip(1).collect();
        assert_eq!(cells.len(), 5);
        assert!(cells.iter().all(|cell| cell.trim_start_matches('"').starts_with('\'')), "{cells:?}");
        // Workbooks have types, and JSON no programs that run it.
        let lines = admin.get("/customers/export").query("format", "jsonl").query("columns", "name").await;
        assert!(lines.text.contains(r#""name":"=1+1""#), "{}", lines.text);
    });
}

#[test]
fn a_file_holds_what_the_list_shows() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        let mut ids = Vec::new();
        for name in ["Ana", "Bia", "Caio", "Davi"] {
            ids.push(admin.customer().named(name).with("notes", "pessoal").create().await.id().to_owned());
        }
        let export = || admin.get("/customers/export").query("format", "csv").query("columns", "name,notes");
        let names = |text: &str| -> Vec<String> {
            text.lines().skip(1).map(|line| line.split(';').next().unwrap().to_owned()).collect()
        };
        assert_eq!(names(&export().query("sort", "-name").await.text), ["Davi", "Caio", "Bia", "Ana"]);
        assert_eq!(names(&export().query("q", "bia").await.text), ["Bia"]);
        let chosen = [ids[3].as_str(), ids[0].as_str()].join(",");
        assert_eq!(names(&export().query("filter[id][in]", &chosen).await.text), ["Ana", "Davi"]);
        export().query("filter[id][in]", "ana").await.problem(422, "validation");
        export().query("filter[password]", "x").await.problem(400, "unknown_parameter");
        admin.get("/customers/export").query("columns", "senha").await.problem(400, "unknown_parameter");
        admin.get("/customers/export").query("format", "pdf").await.problem(400, "malformed");
        app.stranger().get("/customers/export").await.problem(401, "unauthenticated");

        let xlsx = admin.get("/customers/export").query("filter[status]", "active").await;
        assert!(xlsx.text.starts_with("PK") && xlsx.header("content-disposition").contains(".xlsx"));
    });
}

#[test]
fn a_long_list_is_a_job_whose_file_is_there_for_a_day() {
    on_each_database(async |app| {
        let office = Office::open(&app).await;
        let names: String = (0..5_001).map(|n| format!("Pessoa {n}\n")).collect();
        let import = office.customers("muitos.csv", format!("nome\n{names}")).await;
        office.done(&import, "run").await;

        let short = office.client.get("/customers/export").query("format", "csv").query("q", "Pessoa 4999").await;
        assert_eq!((short.status.as_u16(), short.text.lines().count()), (200, 2));
        let job = office.client.get("/customers/export").query("format", "csv").await.expect(202);
        let done = office.ended(&job).await;
        assert_eq!([&done["state"], &done["done"], &done["total"]], [&json!("done"), &json!(5_001), &json!(5_001)]);
        let file = format!("/jobs/{}/file", job["id"].as_str().unwrap());
        assert_eq!(office.client.get(&file).await.text.lines().count(), 5_002);
        app.login("gerente").get(&file).await.problem(404, "not_found");

        assert_eq!(export::sweep(&app.engine, app.tenant()).await.unwrap(), 0);
        app.clock.advance(TimeDelta::hours(25));
        let token = conexao_engine::identity::login(
            &app.engine,
            &app.member("super_admin").email,
            crate::support::PASSWORD,
            conexao_engine::identity::Origin::default(),
        );
        let later = crate::support::Client { token: Some(token.await.unwrap().access_token), ..office.client.clone() };
        assert_eq!(later.get(&file).await.problem(422, "file")["reason"], "expired");
        assert_eq!(export::sweep(&app.engine, app.tenant()).await.unwrap(), 1);
        later.get(&file).await.problem(404, "not_found");
        office.close().await;
    });
}
