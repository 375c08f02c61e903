//! What was exported comes back as it was, in another company.

use serde_json::{Map, Value as Json, json};

use super::office::{Office, counts, path};
use crate::support::{App, Client, cnpj, cpf, on_each_database};

/// Made up by a number, the same for the same number.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % n
    }

    fn one<'a>(&mut self, of: &[&'a str]) -> &'a str {
        of[self.below(of.len())]
    }
}

const TEXTS: &[&str] = &[
    "Ana",
    "José da Conceição",
    "=1+1",
    "+55",
    "-2+3",
    "@x",
    "'aspas",
    "''=2",
    "com;ponto",
    "com,vírgula",
    "\"entre\"",
    "meia \"aspa",
    "1234",
    "0001",
    "1,50",
    "01/02/2020",
    "東京",
    "Ltda.",
    "S/A",
    "x'",
    "R$ 5",
    "sim",
    "verdadeiro",
    "1e5",
];

fn customer(chance: &mut Chance, n: usize) -> Json {
    let text = |chance: &mut Chance| chance.one(TEXTS).to_owned();
    let mut input = Map::new();
    input.insert("name".to_owned(), format!("{} {n}", text(chance)).into());
    let mut put = |name: &str, value: Json| {
        input.insert(name.to_owned(), value);
    };
    if chance.below(3) > 0 {
        let company = chance.below(2) == 0;
        put("document", if company { cnpj(n) } else { cpf(n) }.into());
        put("kind", if company { "company" } else { "person" }.into());
    }
    if chance.below(2) == 0 {
        put("trade_name", text(chance).into());
        put("birth_date", format!("19{:02}-0{}-1{}", 30 + n % 60, 1 + n % 9, n % 10).into());
    }
    if chance.below(2) == 0 {
        put("notes", format!("{}\n{}", text(chance), text(chance)).into());
        put("tags", json!(["a", format!("t{}", chance.below(3))]));
    }
    let mut contacts = Vec::new();
    for at in 0..chance.below(3) {
        contacts.push(json!({
            "channel": chance.one(&["phone", "whatsapp"]),
            "value": format!("+55119{:08}", n * 10 + at),
            "label": chance.one(&["casa", "trabalho, ramal 2"]),
            "main": at == 0,
            "consent": chance.one(&["opt_in", "opt_out", "unknown"]),
            "consent_at": "2026-01-02T03:04:05.678Z",
            "consent_source": "site",
        }));
        contacts.push(json!({ "channel": "email", "value": format!("p{n}.{at}@exemplo.com") }));
    }
    put("contacts", contacts.into());
    let mut addresses = Vec::new();
    for at in 0..chance.below(4) {
        let mut address =
            json!({ "street": format!("{} {at}", text(chance)), "kind": chance.one(&["main", "delivery"]) });
        if chance.below(2) == 0 {
            address["cep"] = "24020005".into();
            address["number"] = chance.one(&["10", "S/N", "0012"]).into();
        }
        if chance.below(2) == 0 {
            address["municipality"] = "3303302".into();
            address["city"] = "Niterói".into();
            address["uf"] = "RJ".into();
        }
        addresses.push(address);
    }
    put("addresses", addresses.into());
    Json::Object(input)
}

/// What a customer says, without what belongs to one company or one moment.
fn said(mut customer: Json) -> Json {
    let map = customer.as_object_mut().unwrap();
    map.retain(|name, _| {
        !["id", "version", "created_at", "updated_at", "created_by", "_refs", "_masked"].contains(&name.as_str())
    });
    for name in ["contacts", "addresses"] {
        for line in map[name].as_array_mut().unwrap() {
            line.as_object_mut().unwrap().remove("id");
        }
    }
    customer
}

async fn all(client: &Client) -> Vec<Json> {
    let lines = client.get("/customers/export").query("format", "jsonl").query("sort", "name").await;
    lines.text.lines().map(|line| said(serde_json::from_str(line).unwrap())).collect()
}

async fn there_and_back(app: &App, format: &str, bytes: &[u8], expected: &[Json]) {
    let elsewhere = app.login_elsewhere("super_admin");
    let over = Office::with(elsewhere);
    let import = over.customers(&format!("lista.{format}"), bytes).await;
    let run = over.done(&import, "run").await;
    let rows = over.client.get(&format!("{}/rows", path(&import))).await.body;
    assert_eq!(counts(&run, ["failed"]), [0], "{format}: {rows}");
    let found = all(&over.client).await;
    assert_eq!(found.len(), expected.len());
    for (found, expected) in found.iter().zip(expected) {
        assert_eq!(found, expected, "{format}");
    }
    over.done(&import, "revert").await;
}

#[test]
fn exports_come_back_as_they_were() {
    on_each_database(async |app| {
        let office = Office::open(&app).await;
        for seed in [7, 2026] {
            let mut chance = Chance(seed);
            for n in 0..30 {
                let input = customer(&mut chance, n + usize::try_from(seed).unwrap() * 100);
                office.client.post("/customers", input).await.expect(201);
            }
        }
        let expected = all(&office.client).await;
        for format in ["csv", "xlsx"] {
            let file = office.client.get("/customers/export").query("format", format).await.bytes;
            there_and_back(&app, format, &file, &expected).await;
        }
        office.close().await;
    });
}
