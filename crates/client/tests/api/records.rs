//! Records of the declared resources, from the first page to the last.

use conexao_client::{Client, Query, Upload};
use conexao_domain::{
    customers::customer::CUSTOMER,
    kernel::{problem::Code, query::Op},
    locale::Locale,
};
use futures_util::TryStreamExt;
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};

use crate::support::{EMAIL, Home, PASSWORD};

async fn named(client: &Client, names: &[&str]) {
    for name in names {
        client.resource(&CUSTOMER).create(json!({ "name": name })).await.unwrap();
    }
}

fn fields(values: &Json) -> Map<String, Json> {
    values.as_object().cloned().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_from_birth_to_return() {
    let home = Home::start().await;
    let client = home.client();
    let customers = client.resource(&CUSTOMER);
    let ana = customers.create(json!({ "name": "Ana Terra", "document": "529.982.247-25" })).await.unwrap();
    assert_eq!((ana.version(), ana.text("status")), (1, Some("active")));

    let patched = customers.patch(ana.id(), 1, json!({ "name": "Ana Cambará" })).await.unwrap();
    assert_eq!((patched.version(), patched.text("name")), (2, Some("Ana Cambará")));
    let stale = customers.patch(ana.id(), 1, json!({ "name": "Outra" })).await.unwrap_err();
    assert_eq!(stale.known(), Some(Code::Stale));
    assert_eq!(stale.current.as_ref().unwrap().version(), 2);

    let blocked = customers.step(ana.id(), 2, "block", json!({ "block_reason": "Cheque" })).await.unwrap();
    assert_eq!(blocked.text("status"), Some("blocked"));
    customers.remove(ana.id(), blocked.version()).await.unwrap();
    assert_eq!(customers.get(ana.id()).await.unwrap_err().known(), Some(Code::NotFound));
    let back = customers.restore(ana.id()).await.unwrap();
    assert_eq!(back.text("name"), Some("Ana Cambará"));
    let history: Vec<_> = customers.history(ana.id()).try_collect().await.unwrap();
    assert!(history.iter().any(|entry| entry.action.as_deref() == Some("block")), "{history:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_made_on_what_is_there() {
    let home = Home::start().await;
    let (client, other) = (home.client(), home.client());
    let customers = client.resource(&CUSTOMER);
    let ana = customers.create(json!({ "name": "Ana", "notes": "um" })).await.unwrap();
    // Somebody else changes the record between our reading and our writing, twice.
    let mut rivals = vec!["três", "dois"];
    let changed = customers
        .change(ana.id(), |current| {
            if let Some(notes) = rivals.pop() {
                let (other, id, version) = (other.clone(), current.id().to_owned(), current.version());
                tokio::task::block_in_place(|| {
                    let patch =
                        async { other.resource(&CUSTOMER).patch(&id, version, json!({ "notes": notes })).await };
                    tokio::runtime::Handle::current().block_on(patch).unwrap();
                });
            }
            fields(&json!({ "notes": format!("{} e mais", current.text("notes").unwrap()) }))
        })
        .await
        .unwrap();
    assert_eq!((changed.text("notes"), changed.version()), (Some("três e mais"), 4));
}

#[derive(Debug, Deserialize)]
struct Customer {
    name: String,
}

#[tokio::test(flavor = "multi_thread")]
async fn all_pages_as_one_stream() {
    let home = Home::start().await;
    let client = home.client();
    let names = ["Ana", "Bento", "Clara", "Davi", "Elisa", "Fábio", "Gilda"];
    named(&client, &names).await;
    let customers = client.resource(&CUSTOMER);
    let query = Query::new().sort("-name").limit(3);
    let all: Vec<Customer> = customers.all_as(query.clone()).try_collect().await.unwrap();
    let found: Vec<_> = all.iter().rev().map(|c| c.name.as_str()).collect();
    assert_eq!(found, names);
    let page = customers.list(&query.clone().counted()).await.unwrap();
    assert_eq!((page.items.len(), page.count), (3, Some(7)));
    let checked = query.filter("name", Op::Contains, "a").check(&CUSTOMER).unwrap();
    assert_eq!(customers.count(&Query::from(&checked)).await.unwrap(), 6);
    assert_eq!(customers.lookup("gil").await.unwrap()[0].title, "Gilda");
    assert_eq!(customers.aggregate("status", None, &Query::new()).await.unwrap()[0].count, 7);
}

#[tokio::test(flavor = "multi_thread")]
async fn problems_say_which_value_and_why() {
    let home = Home::start().await;
    let client = home.client();
    let customers = client.resource(&CUSTOMER);
    let wrong = json!({ "name": "Ana", "contacts": [{ "channel": "email", "value": "nada" }] });
    let refused = customers.create(wrong.clone()).await.unwrap_err();
    assert_eq!((refused.status, refused.known()), (422, Some(Code::Validation)));
    let portuguese = refused.field("contacts.0.value").unwrap().to_owned();
    assert!(refused.request_id.as_deref().is_some_and(|id| refused.reference().starts_with("422-") && id.len() > 8));
    client.set_locale(Locale::En);
    let refused = customers.create(wrong).await.unwrap_err();
    assert_ne!(refused.field("contacts.0.value").unwrap(), portuguese);
    let unknown = customers.list(&Query::parse("filter[colour]=red")).await.unwrap_err();
    assert_eq!(unknown.known(), Some(Code::UnknownParameter));
    assert!(unknown.extra["valid"].as_array().unwrap().contains(&"status".into()));
    let elsewhere = customers.get("../../me").await.unwrap_err();
    assert_eq!(elsewhere.status, 404, "an id leads nowhere else");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_belongs_to_a_record() {
    let home = Home::start().await;
    let client = home.client();
    let customers = client.resource(&CUSTOMER);
    let ana = customers.create(json!({ "name": "Ana", "tags": ["vip", "sul"] })).await.unwrap();
    let comment = customers.comment(ana.id(), "Ligou hoje", &[]).await.unwrap();
    assert_eq!(customers.comments(ana.id(), None).await.unwrap().items[0].text, "Ligou hoje");
    customers.remove_comment(ana.id(), &comment.id).await.unwrap();
    let text = "um texto simples\n".repeat(1000);
    let pieces: Vec<Result<String, std::io::Error>> = vec![Ok(text.clone()), Ok("fim".to_owned())];
    let file = Upload::stream("notas.txt", futures_util::stream::iter(pieces));
    let kept = customers.attach(ana.id(), file).await.unwrap();
    assert_eq!((kept.name.as_str(), kept.size), ("notas.txt", 17_003));
    let download = customers.attachment(&kept.id).await.unwrap();
    assert_eq!((download.name.as_str(), download.size), ("notas.txt", Some(17_003)));
    assert_eq!(download.bytes().await.unwrap(), format!("{text}fim").into_bytes());
    customers.remove_attachment(ana.id(), &kept.id).await.unwrap();
    assert!(customers.attachments(ana.id(), None).await.unwrap().items.is_empty());
    let tags = customers.tags("v").await.unwrap();
    assert_eq!((tags.len(), tags[0].tag.as_str(), tags[0].count), (1, "vip", 1));
}

#[tokio::test(flavor = "multi_thread")]
async fn people_and_places() {
    let home = Home::start().await;
    let client = home.client();
    let me = client.me().await.unwrap();
    assert!(me.permissions.contains("customer.read") && me.user.email == EMAIL);
    assert_eq!(client.change_me(json!({ "theme": "dark" })).await.unwrap().user.theme, "dark");
    assert!(client.permissions().await.unwrap().contains(&"warranty.check".to_owned()));
    let roles = client.roles().list(&Query::new()).await.unwrap().items;
    let agent = roles.iter().find(|role| role.text("key") != Some("admin")).unwrap();
    let rui = json!({ "name": "Rui", "email": "rui@aurora.test", "roles": [{ "role_id": agent.id() }] });
    let rui = client.users().create(rui).await.unwrap();
    client.set_password(rui.id(), PASSWORD).await.unwrap();
    let his = home.builder().credentials("rui@aurora.test", PASSWORD).build();
    assert_eq!(his.me().await.unwrap().user.name, "Rui");
    assert_eq!(client.municipalities("florian", "SC").await.unwrap()[0].name, "Florianópolis");
    assert_eq!(client.notifications().list(true, "", None).await.unwrap().unread, 0);
}
