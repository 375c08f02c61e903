//! Long work: bulk acts, imports, exports.

use conexao_client::{Export, Query, Selection, Upload};
use conexao_domain::customers::customer::CUSTOMER;
use futures_util::TryStreamExt;
use serde_json::{Map, json};

use crate::support::Home;

#[tokio::test(flavor = "multi_thread")]
async fn the_same_act_on_many() {
    let home = Home::start().await;
    let client = home.client();
    let customers = client.resource(&CUSTOMER);
    for n in 0..5 {
        customers.create(json!({ "name": format!("Cliente {n}") })).await.unwrap();
    }
    let first = customers.list(&Query::new().limit(1)).await.unwrap().items[0].clone();
    customers.step(first.id(), 1, "deactivate", json!({})).await.unwrap();
    let all = Selection::Matching("q=cliente".into());
    let job = customers.bulk("deactivate", Map::new(), all).await.unwrap();
    let mut seen = 0;
    let job = client.jobs().wait(job, |_| seen += 1).await.unwrap();
    assert!(seen >= 1 && job.is_over() && !job.is_well(), "{job:?}");
    assert_eq!((job.done, job.failed, job.percent()), (5, 1, Some(100)));
    let failed: Vec<_> = client.jobs().all_rows(&job.id, true).try_collect().await.unwrap();
    assert_eq!(failed[0].record_id.as_deref(), Some(first.id()));
    let listed = client.jobs().list(None).await.unwrap();
    assert_eq!(listed.items[0].id, job.id);
    assert_eq!(customers.count(&Query::parse("filter[status]=inactive")).await.unwrap(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_happened_and_why_it_may() {
    let home = Home::start().await;
    let client = home.client();
    let customers = client.resource(&CUSTOMER);
    let ana = customers.create(json!({ "name": "Ana" })).await.unwrap();
    customers.patch(ana.id(), 1, json!({ "name": "Ana Terra" })).await.unwrap();
    let audit = client.audit();
    let page = audit.list(&Query::new().with("record", ana.id())).await.unwrap();
    let actions: Vec<&str> = page.items.iter().map(|entry| entry.action.as_str()).collect();
    assert_eq!(actions, ["update", "create"]);
    let entry = audit.get(&page.items[0].id).await.unwrap();
    assert_eq!(entry.changes[0].new.as_deref(), Some("Ana Terra"));
    assert!(audit.chain().await.unwrap().entries >= 2);
    let file = audit.export("csv", &Query::new().with("record", ana.id())).await.unwrap();
    assert!(matches!(file, Export::File(_)));
    let explained = audit.explain("", "customer.delete").await.unwrap();
    assert!(explained.allowed && explained.scope.as_deref() == Some("all"), "{explained:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_spreadsheet_becomes_records_and_goes_again() {
    let home = Home::start().await;
    let client = home.client();
    let imports = client.imports();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("clientes.csv");
    let text = "Nome;CPF/CNPJ\nAna Terra;529.982.247-25\nBento Gonçalves;111.111.111-11\nClara Luz;\n";
    tokio::fs::write(&path, text).await.unwrap();

    let import = imports.upload(&CUSTOMER, Upload::file(&path)).await.unwrap();
    assert_eq!((import.file_name.as_str(), import.resource.as_str()), ("clientes.csv", "customer"));
    assert!(import.mapping.iter().any(|mapped| mapped.field.as_deref() == Some("document")), "{:?}", import.mapping);
    let tried = imports.dry_run(&import.id, |_| {}).await.unwrap();
    let summary = tried.summary.unwrap();
    assert_eq!((summary.rows, summary.ready, summary.failed), (3, 2, 1));
    let customers = client.resource(&CUSTOMER);
    assert_eq!(customers.count(&Query::new()).await.unwrap(), 0, "a dry run writes nothing");
    let bad = imports.rows(&import.id, "failed", None).await.unwrap();
    assert_eq!((bad.items[0].line, bad.items.len()), (3, 1));
    let file = imports.failed_file(&import.id, "csv").await.unwrap();
    assert!(String::from_utf8_lossy(&file.bytes().await.unwrap()).contains("Bento"));

    let done = imports.run(&import.id, |_| {}).await.unwrap().summary.unwrap();
    assert_eq!((done.created, done.failed), (2, 1));
    assert_eq!(customers.count(&Query::new()).await.unwrap(), 2);
    let taken_back = imports.revert(&import.id, |_| {}).await.unwrap();
    assert_eq!(taken_back.summary.unwrap().reverted, 2);
    assert_eq!(customers.count(&Query::new()).await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_as_a_file() {
    let home = Home::start().await;
    let client = home.client();
    let customers = client.resource(&CUSTOMER);
    customers.create(json!({ "name": "Ana Terra" })).await.unwrap();
    let Export::File(file) = customers.export("jsonl", &["name"], &Query::new()).await.unwrap() else {
        panic!("one row is no job");
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("out.jsonl");
    let size = file.save(&path).await.unwrap();
    let text = tokio::fs::read_to_string(&path).await.unwrap();
    assert_eq!(u64::try_from(text.len()).unwrap(), size);
    assert!(text.contains("Ana Terra"), "{text}");
    let file = customers.export_file("xlsx", &[], &Query::new(), |_| {}).await.unwrap();
    assert!(std::path::Path::new(&file.name).extension().is_some_and(|kind| kind == "xlsx"), "{}", file.name);
    assert_eq!(file.bytes().await.unwrap()[..2], *b"PK");
}
