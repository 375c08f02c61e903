use serde_json::{Value as Json, json};

use crate::support::{Client, cnpj, cpf, on_each_database};

fn dotted_cpf(cpf: &str) -> String {
    format!("{}.{}.{}-{}", &cpf[..3], &cpf[3..6], &cpf[6..9], &cpf[9..])
}

fn dotted_cnpj(cnpj: &str) -> String {
    format!("{}.{}.{}/{}-{}", &cnpj[..2], &cnpj[2..5], &cnpj[5..8], &cnpj[8..12], &cnpj[12..])
}

async fn found(client: &Client, path: &str, q: &str) -> Vec<String> {
    let answer = client.get(path).query("q", q).await;
    assert_eq!(answer.status.as_u16(), 200, "{q}: {}", answer.text);
    let title = |r: &Json| r["name"].as_str().or(r["title"].as_str()).or(r["number"].as_str()).unwrap().to_owned();
    let mut names: Vec<String> = answer.items().iter().map(title).collect();
    names.sort();
    names
}

async fn people(admin: &Client) {
    let contacts = json!([{ "channel": "phone", "value": "(11) 98765-4321" }, { "channel": "email", "value": "joao.acai@exemplo.com.br" }]);
    admin.customer().named("João Açaí").with("document", cpf(1)).with("contacts", contacts).create().await;
    admin.customer().named("JOAQUIM D'ÁVILA").with("trade_name", "Pão & Cia.").create().await;
    let company = admin.customer().named("Nº 1 100% Ltda_ME").with("kind", "company").with("document", cnpj(2));
    company.create().await;
    admin.customer().named("Zoë").create().await;
}

#[test]
fn search_forgives_accents_case_and_punctuation() {
    on_each_database(async |app| {
        let admin = app.login("admin");
        people(&admin).await;
        let joao = ["João Açaí"];
        for q in ["joão", "JOAO", "acai joao", "  açaí ", "jo", "joao.acai@exemplo", "EXEMPLO.COM.BR"] {
            assert!(found(&admin, "/customers", q).await.contains(&joao[0].to_owned()), "{q}");
            assert!(found(&admin, "/customers/lookup", q).await.contains(&joao[0].to_owned()), "{q} in lookup");
        }
        // Two letters stand anywhere in a list; while typing, at the beginning of the name.
        assert_eq!(found(&admin, "/customers", "ca").await, joao);
        assert!(found(&admin, "/customers/lookup", "ca").await.is_empty());
        let (plain, dotted) = (cpf(1), dotted_cpf(&cpf(1)));
        for q in [
            plain.as_str(),
            &dotted,
            &plain[..7],
            &dotted[..7],
            "11987654321",
            "98765-4321",
            "(11) 98765",
            "+55 11 98765-4321",
            "4321",
        ] {
            assert_eq!(found(&admin, "/customers", q).await, joao, "{q}");
            assert_eq!(found(&admin, "/customers/lookup", q).await, joao, "{q} in lookup");
        }
        let company = ["Nº 1 100% Ltda_ME"];
        for q in [
            cnpj(2),
            dotted_cnpj(&cnpj(2)),
            dotted_cnpj(&cnpj(2))[..10].to_owned(),
            "100%".into(),
            "ltda_me".into(),
            "no 1".into(),
        ] {
            assert_eq!(found(&admin, "/customers", &q).await, company, "{q}");
        }
        assert_eq!(found(&admin, "/customers", "d'avila").await, ["JOAQUIM D'ÁVILA"]);
        assert_eq!(found(&admin, "/customers", "pao & cia.").await, ["JOAQUIM D'ÁVILA"]);
        assert_eq!(found(&admin, "/customers", "zoe").await, ["Zoë"]);
        for nothing in ["joao zoe", "xyz", "joaoo"] {
            assert!(found(&admin, "/customers", nothing).await.is_empty(), "{nothing}");
        }
    });
}

#[test]
fn special_characters_are_characters() {
    on_each_database(async |app| {
        let admin = app.login("admin");
        people(&admin).await;
        for q in [
            "%",
            "_",
            "\\",
            "\"",
            "'",
            "*",
            "a*",
            "\"joao\"",
            "(",
            ")",
            "()",
            "-",
            "--",
            ";",
            "a AND b",
            "NOT",
            "OR",
            "NEAR(a b)",
            "^a",
            "a:b",
            "{",
            "[",
            "%%%",
            "___",
            "\\\\\\",
            "\"\"\"",
            "'''",
            "a\0b",
            "\0",
            "\u{202e}",
            "日本",
            "🦀🦀🦀",
            "ﬁm",
            "\u{fdfa}",
            "a\u{300}\u{300}",
        ] {
            for path in ["/customers", "/customers/lookup", "/warranties", "/users"] {
                let answer = admin.get(path).query("q", q).await;
                assert_eq!(answer.status.as_u16(), 200, "{path} {q:?}: {}", answer.text);
            }
        }
        assert_eq!(found(&admin, "/customers", "%").await, ["Nº 1 100% Ltda_ME"]);
        assert_eq!(found(&admin, "/customers", "_").await, ["Nº 1 100% Ltda_ME"]);
        assert_eq!(found(&admin, "/customers", "'").await, ["JOAQUIM D'ÁVILA"]);
        assert!(found(&admin, "/customers", "\\").await.is_empty());
        let long = "joao ".repeat(200);
        assert_eq!(found(&admin, "/customers", &long).await, ["João Açaí"]);
    });
}

#[test]
fn search_follows_changes_removal_and_return() {
    on_each_database(async |app| {
        let admin = app.login("admin");
        let made = admin.customer().named("Antiga").create().await;
        let made = made.now(admin.patch(&made, json!({ "name": "Recente" })).await.expect(200));
        assert!(found(&admin, "/customers", "antiga").await.is_empty());
        assert_eq!(found(&admin, "/customers", "recente").await, ["Recente"]);
        admin.delete(&made).await.expect(204);
        assert!(found(&admin, "/customers", "recente").await.is_empty());
        assert!(found(&admin, "/customers/lookup", "recente").await.is_empty());
        admin.post(&format!("{}/actions/restore", made.path()), json!({})).await.expect(200);
        assert_eq!(found(&admin, "/customers", "recente").await, ["Recente"]);
    });
}

#[test]
fn records_are_found_by_their_number_and_by_whom_they_are_about() {
    on_each_database(async |app| {
        let admin = app.login("admin");
        let customer = admin.customer().named("Diadorim").create().await;
        let warranty = admin.warranty(&customer).with("order_number", "PED-118.400").create().await;
        let number = warranty["number"].as_str().unwrap();
        for q in
            [number, &number.to_lowercase(), &number.replace('-', ""), "diadorim", "ped-118.400", "118400", "PED118400"]
        {
            assert_eq!(found(&admin, "/warranties", q).await, [number], "{q}");
        }
    });
}
