//! Macabéa, wherever she may be.

use conexao_domain::privacy::request::PRIVACY_REQUEST;
use serde_json::{Value as Json, json};

use crate::{
    imports::office::Office,
    support::{App, Client, Made, cpf, execute},
};

pub const NAME: &str = "Macabéa Secreta da Silva";
pub const PHONE: &str = "+5511987654321";
pub const EMAIL: &str = "macabea.secreta@example.com";
pub const STREET: &str = "Rua do Acre Antiga";

pub fn document() -> String {
    cpf(42)
}

/// What nothing may say once she is gone.
pub fn secrets() -> Vec<String> {
    let cpf = document();
    let dotted = format!("{}.{}.{}-{}", &cpf[..3], &cpf[3..6], &cpf[6..9], &cpf[9..]);
    [NAME, EMAIL, STREET, &cpf, &dotted, PHONE, "98765-4321", "ERP-SECRETO"].map(str::to_owned).to_vec()
}

/// Her, in records, comments, files, messages, imports, notices, answers.
pub async fn scattered(app: &App) -> Made {
    let admin = app.login("super_admin");
    let her = admin
        .customer()
        .named(NAME)
        .with("document", document())
        .with("birth_date", "1977-04-21")
        .with("notes", "gosta de rádio relógio")
        .with(
            "contacts",
            json!([
                { "channel": "whatsapp", "value": PHONE, "label": "pessoal", "consent": "opt_in" },
                { "channel": "email", "value": EMAIL },
            ]),
        )
        .with("addresses", json!([{ "street": STREET, "number": "7", "city": "Niterói", "uf": "RJ" }]))
        .with("external_ids", json!([{ "source": "erp", "external_id": "ERP-SECRETO" }]))
        .send()
        .once("cadastro-dela")
        .await
        .expect(201);
    let her = Made { resource: &conexao_domain::customers::customer::CUSTOMER, body: her };
    let her = her.now(admin.patch(&her, json!({ "notes": "mora na rua nova" })).await.expect(200));
    let comment = |made: &Made, text: &str| admin.post(&format!("{}/comments", made.path()), json!({ "text": text }));
    let dotted = secrets().swap_remove(4);
    comment(&her, &format!("ligou de (11) 98765-4321 à noite, CPF {dotted}")).await.expect(201);
    admin.upload(&format!("{}/attachments", her.path()), "rg da Macabéa.txt", b"retrato").await.expect(201);
    // Somebody else, whose record speaks of her.
    let other = admin.customer().named("Olímpico de Jesus").create().await;
    comment(&other, &format!("é marido de {}", NAME.to_uppercase())).await.expect(201);
    let message =
        json!({ "subject": format!("Olá, {NAME}"), "address": EMAIL, "recipient": NAME, "body": "Seu rádio chegou" });
    admin.post("/messages", message).await.expect(201);
    execute(app, app.tenant(), "UPDATE message SET status = 'sent', next_at = NULL").await.unwrap();
    her
}

/// The same with a warranty, so that the law has something to keep.
pub async fn with_warranty(app: &App) -> (Made, Made) {
    let her = scattered(app).await;
    let warranty = app.login("super_admin").warranty(&her).with("notes", format!("retirar com {NAME}")).create().await;
    (her, warranty)
}

/// An import that brought her, with a row of hers that failed.
pub async fn imported(office: &Office) -> Json {
    let text = format!("nome;cpf\nOutra Pessoa Qualquer;{}\n{NAME};111.111.111-11\n", cpf(77));
    let import = office.customers("clientes.csv", text).await;
    office.done(&import, "run").await
}

/// A request that is worked on, opened by `opener`.
pub async fn request(opener: &Client, kind: &str, her: &Made) -> Made {
    let input = json!({ "kind": kind, "name": NAME, "document": document(), "customer_id": her.id() });
    let made = opener.create(&PRIVACY_REQUEST, input).await;
    let step = async |made: &Made, step: &str, body: Json| made.now(opener.step(made, step, body).await.expect(200));
    let made = step(&made, "confirm_identity", json!({ "identity_proof": "RG conferido" })).await;
    step(&made, "start", json!({})).await
}

/// Her record as the acts of the desk name it.
pub fn records(her: &Made) -> Json {
    json!([{ "resource": "customer", "id": her.id() }])
}
