//! Two customers become one, with everything that hangs on them.

use conexao_domain::{
    after_sales::warranty::WARRANTY,
    customers::customer::CUSTOMER,
    kernel::{
        problem::{Code, Problem},
        record::Record,
    },
};
use conexao_engine::{
    Engine, Session, audit,
    merge::{Fold, Merged, merge},
    notes::comments,
    read, write,
};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use crate::{
    attachments::{attach, listed},
    home::{Home, People, create, id, people},
};

on_both!(united, previewed, decided, refused);

async fn fold(engine: &Engine, who: &Session, id: Uuid, fold: Fold<'_>) -> Result<Merged, Problem> {
    merge(engine, &who.gate(&CUSTOMER, "update")?, id, &fold).await
}

fn into(other: Uuid, values: &Map<String, Json>) -> Fold<'_> {
    Fold { other, values, preview: false, version: None }
}

async fn seen(engine: &Engine, who: &Session, id: Uuid) -> Result<Record, Problem> {
    let gate = who.gate(&CUSTOMER, "read").unwrap();
    let mut record = read::get(engine, &gate, id).await?;
    // With the values themselves, as they are stored.
    let tx = engine.db.read(who.tenant).await.unwrap();
    let mut stored = conexao_storage::table::by_ids(&tx, &CUSTOMER, &[id], false).await.unwrap();
    conexao_storage::table::fill(&tx, &CUSTOMER, &mut stored).await.unwrap();
    tx.rollback().await.unwrap();
    for (name, value) in stored.pop().unwrap().0 {
        record.set(&name, value);
    }
    Ok(record)
}

async fn warranty(engine: &Engine, who: &Session, customer: &Record) -> Record {
    let items = json!([{ "sku": "K1", "product": "Fogão", "reason": "defeito" }]);
    create(engine, who, &WARRANTY, json!({ "customer_id": customer.id(), "items": items })).await
}

/// Ana as she was registered twice.
async fn twice(engine: &Engine, who: &Session) -> (Record, Record) {
    let kept = json!({
        "name": "Ana Souza",
        "contacts": [{ "channel": "email", "value": "ana@example.com", "main": true }],
        "addresses": [{ "kind": "main", "cep": "01310100", "street": "Avenida Paulista", "number": "10", "city": "São Paulo", "uf": "SP" }],
        "external_ids": [{ "source": "tiny", "external_id": "1" }],
        "tags": ["VIP"],
    });
    let other = json!({
        "name": "Ana de Souza",
        "document": "52998224725",
        "contacts": [{ "channel": "whatsapp", "value": "11 98888-7777", "main": true }, { "channel": "email", "value": "ANA@example.com", "label": "casa" }],
        "addresses": [{ "kind": "main", "cep": "01310-100", "street": "avenida paulista", "number": "10", "district": "Bela Vista" }],
        "external_ids": [{ "source": "tiny", "external_id": "1" }, { "source": "magalu", "external_id": "9" }],
        "tags": ["norte", "VIP"],
        "notes": "prefere manhã",
    });
    (create(engine, who, &CUSTOMER, kept).await, create(engine, who, &CUSTOMER, other).await)
}

async fn united(home: Home) {
    let engine = home.engine().await;
    let People { marta, vera, .. } = people(&engine, "one").await;
    let (kept, other) = twice(&engine, &vera).await;
    let mine = warranty(&engine, &vera, &kept).await;
    let (theirs, removed) = (warranty(&engine, &vera, &other).await, warranty(&engine, &vera, &other).await);
    write::remove(&engine, &marta.gate(&WARRANTY, "delete").unwrap(), id(&removed), 1).await.unwrap();
    let reader = vera.gate(&CUSTOMER, "read").unwrap();
    comments::add(&engine, &reader, id(&other), "ligou", &[]).await.unwrap();
    let file = attach(&engine, &vera, id(&other), "contrato.pdf", b"%PDF-1.7").await.unwrap();

    let none = Map::new();
    let merged = fold(&engine, &marta, id(&kept), into(id(&other), &none)).await.unwrap();
    assert_eq!(Json::Object(merged.moved), json!({ "warranty": 1, "comment": 1, "attachment": 1 }));
    assert_eq!(merged.result.version(), 2);
    assert_ne!(merged.result.text("document"), Some("52998224725"), "masked like any answer");

    let ana = seen(&engine, &marta, id(&kept)).await.unwrap();
    assert_eq!((ana.text("name"), ana.text("notes")), (Some("Ana Souza"), Some("prefere manhã")));
    assert_eq!(ana.text("document"), Some("52998224725"), "the unique value was free to take");
    assert_eq!((ana.text("phone"), ana.text("email")), (Some("+5511988887777"), Some("ana@example.com")));
    assert_eq!(ana.get("tags"), &json!(["VIP", "norte"]));
    let values = |field: &str, column: &str| -> Vec<String> {
        ana.lines(field).iter().map(|line| line.text(column).unwrap_or("-").to_owned()).collect()
    };
    assert_eq!(values("contacts", "value"), ["ana@example.com", "+5511988887777"]);
    assert_eq!(values("contacts", "label"), ["casa", "-"]);
    assert_eq!(values("addresses", "district"), ["Bela Vista"]);
    assert_eq!(values("external_ids", "external_id"), ["1", "9"]);

    let warranties = marta.gate(&WARRANTY, "read").unwrap();
    let moved = read::get(&engine, &warranties, id(&theirs)).await.unwrap();
    assert_eq!((moved.text("customer_id"), moved.version()), (Some(kept.id()), 2));
    assert_eq!((mine.text("marker"), moved.text("marker")), (Some("GR1"), Some("GR2")), "hers is the second now");
    let found = read::lookup(&engine, &warranties, "souza").await.unwrap();
    assert_eq!(found.len(), 2, "found by whose they are: {found:?}");
    assert!(found.iter().all(|hint| hint.subtitle.as_deref() == Some("Ana Souza")), "{found:?}");
    let back = write::restore(&engine, &marta.gate(&WARRANTY, "delete").unwrap(), id(&removed)).await.unwrap();
    assert_eq!(back.text("customer_id"), Some(kept.id()), "removed ones followed");

    assert_eq!(seen(&engine, &marta, id(&other)).await.unwrap_err().code, Code::NotFound);
    assert_eq!(comments::list(&engine, &reader, id(&kept), None).await.unwrap().items.len(), 1);
    assert_eq!(listed(&engine, &vera, id(&kept)).await, [file]);
    let trail = read::timeline(&engine, &reader, id(&kept), None).await.unwrap().items;
    let entry = trail.iter().find(|item| item["action"] == "merge").unwrap();
    assert_eq!((entry["text"].as_str(), entry["actor"]["name"].as_str()), (Some("Ana de Souza"), Some("Marta")));
    assert_eq!(entry["changes"], json!([{ "field": "merged_from", "old": null, "new": other.id() }]));
    let update = trail.iter().find(|item| item["action"] == "update").unwrap();
    assert!(update["changes"].as_array().unwrap().iter().any(|change| change["field"] == "document"));
    assert_eq!(audit::verify(&engine, marta.tenant).await.unwrap().broken_at, None);

    let again = write::restore(&engine, &marta.gate(&CUSTOMER, "delete").unwrap(), id(&other)).await.unwrap_err();
    assert_eq!(again.code, Code::Duplicate, "the document has a new owner");
}

async fn previewed(home: Home) {
    let engine = home.engine().await;
    let People { marta, vera, caio, .. } = people(&engine, "one").await;
    let (kept, other) = twice(&engine, &vera).await;
    let theirs = warranty(&engine, &vera, &other).await;
    let values = Map::from_iter([("name".to_owned(), Json::from("Ana Maria"))]);
    let preview = Fold { preview: true, ..into(id(&other), &values) };
    let merged = fold(&engine, &marta, id(&kept), preview.clone()).await.unwrap();
    assert_eq!(merged.moved.get("warranty"), Some(&1.into()));
    assert_eq!(merged.result.text("name"), Some("Ana Maria"));
    assert_eq!(merged.result.lines("contacts").len(), 2);

    let before = seen(&engine, &marta, id(&kept)).await.unwrap();
    assert_eq!((before.version(), before.text("name"), before.lines("contacts").len()), (1, Some("Ana Souza"), 1));
    assert_eq!(seen(&engine, &marta, id(&other)).await.unwrap().version(), 1);
    let warranties = marta.gate(&WARRANTY, "read").unwrap();
    let warranty = read::get(&engine, &warranties, id(&theirs)).await.unwrap();
    assert_eq!((warranty.text("customer_id"), warranty.text("marker")), (Some(other.id()), Some("GR1")));
    let told = read::timeline(&engine, &caio.gate(&CUSTOMER, "read").unwrap(), id(&kept), None).await.unwrap();
    assert!(!told.items.iter().any(|item| item["action"] == "merge"));

    fold(&engine, &marta, id(&kept), Fold { preview: false, version: Some(1), ..preview }).await.unwrap();
    assert_eq!(seen(&engine, &marta, id(&kept)).await.unwrap().text("name"), Some("Ana Maria"));
}

async fn decided(home: Home) {
    let engine = home.engine().await;
    let People { marta, vera, .. } = people(&engine, "one").await;
    let person = create(&engine, &vera, &CUSTOMER, json!({ "name": "Ana", "document": "52998224725" })).await;
    let firm = json!({ "name": "Ana ME", "kind": "company", "document": "11222333000181", "notes": "matriz" });
    let firm = create(&engine, &vera, &CUSTOMER, firm).await;
    // Both have a document; the values say whose counts, and it was never free.
    let values = json!({ "kind": "company", "document": "11222333000181", "notes": null });
    let values = values.as_object().cloned().unwrap();
    fold(&engine, &marta, id(&person), into(id(&firm), &values)).await.unwrap();
    let ana = seen(&engine, &marta, id(&person)).await.unwrap();
    assert_eq!(
        (ana.text("document"), ana.text("kind"), ana.text("name")),
        (Some("11222333000181"), Some("company"), Some("Ana"))
    );
    assert!(ana.get("notes").is_null(), "a value may also be nothing");
}

async fn refused(home: Home) {
    let engine = home.engine().await;
    let People { marta, vera, .. } = people(&engine, "one").await;
    let abroad = people(&engine, "two").await;
    let (kept, other) = twice(&engine, &vera).await;
    let theirs = warranty(&engine, &vera, &other).await;
    let foreign = create(&engine, &abroad.vera, &CUSTOMER, json!({ "name": "Alheia" })).await;
    let none = Map::new();
    let why = async |who: &Session, target: Uuid, wanted: Fold<'_>| {
        let problem = fold(&engine, who, target, wanted).await.unwrap_err();
        (problem.code, problem.fields.first().map(|f| format!("{} {}", f.field, f.code)))
    };
    let field = |text: &str| (Code::Validation, Some(text.to_owned()));
    assert_eq!(why(&vera, id(&kept), into(id(&other), &none)).await.0, Code::Forbidden, "may change, not remove");
    assert_eq!(why(&marta, id(&kept), into(id(&kept), &none)).await, field("other_id same_record"));
    assert_eq!(why(&marta, id(&kept), into(id(&foreign), &none)).await, field("other_id reference"));
    assert_eq!(why(&marta, id(&foreign), into(id(&other), &none)).await.0, Code::NotFound);
    let stale = Fold { version: Some(7), ..into(id(&other), &none) };
    assert_eq!(why(&marta, id(&kept), stale).await.0, Code::Stale);
    let wrong = Map::from_iter([("document".to_owned(), Json::from("123"))]);
    assert_eq!(why(&marta, id(&kept), into(id(&other), &wrong)).await, field("document cpf_cnpj.length"));
    let unknown = Map::from_iter([("color".to_owned(), Json::from("azul"))]);
    assert_eq!(why(&marta, id(&kept), into(id(&other), &unknown)).await, field("color unknown"));

    // Nothing of the refused attempts was kept.
    let warranties = marta.gate(&WARRANTY, "read").unwrap();
    let warranty = read::get(&engine, &warranties, id(&theirs)).await.unwrap();
    assert_eq!((warranty.text("customer_id"), warranty.version()), (Some(other.id()), 1));
    assert_eq!(seen(&engine, &marta, id(&kept)).await.unwrap().version(), 1);
}
