//! Search among thousands of records, where the trigram index takes part: what
//! it finds is what a look at every record finds.

use conexao_domain::{
    customers::customer::CUSTOMER,
    kernel::{
        record::Record,
        value::{alnum, fold},
    },
};
use conexao_storage::{Tenant, search, table};
use sea_orm::ConnectionTrait;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::support::{App, Client, cnpj, cpf, full_input, on_each_database};

/// Enough for the words of the old ones to be many and yet rare among the new.
const OLD: usize = 6_200;
/// More than the newest that are looked at to learn how common words are.
const NEW: usize = 1_800;

/// The few that somebody looks for, far from the newest.
const PEOPLE: &[(&str, &str)] = &[
    ("José Conceição d'Ávila", "jose.conceicao@correio.example"),
    ("JOSE CONCEICAO D'AVILA", "outro@correio.example"),
    ("Müller & Söhne 100% Ltda_ME", "contato@mueller.example"),
    ("Iracema Guimarães \\ Filhos", "iracema@example.org"),
    ("東京商会 Importação", "tokyo@example.net"),
];

fn name(n: usize) -> String {
    const FIRST: &[&str] = &["Ana", "Antônio", "Célia", "Zélia", "JOÃO", "Íris", "Úrsula"];
    const LAST: &[&str] = &["Souza", "Araújo", "GONÇALVES", "Peçanha", "Lobão"];
    if let Some((name, _)) = PEOPLE.get(n.wrapping_sub(500) / 37).filter(|_| n >= 500 && (n - 500) % 37 == 0) {
        return (*name).to_owned();
    }
    let age = if n < OLD { "Veterano" } else { "Recente" };
    format!("{} {} {age}", FIRST[n % FIRST.len()], LAST[(n / 7) % LAST.len()])
}

fn email(n: usize) -> String {
    match PEOPLE.get(n.wrapping_sub(500) / 37).filter(|_| n >= 500 && (n - 500) % 37 == 0) {
        Some((_, email)) => (*email).to_owned(),
        None => format!("pessoa{n}@example.com"),
    }
}

fn made(base: &Record, n: usize) -> Record {
    let mut record = base.clone();
    let company = n % 6 == 0;
    let document = if company { cnpj(10_000 + n) } else { cpf(10_000 + n) };
    let fields = [
        ("id", json!(Uuid::now_v7().to_string())),
        ("name", json!(name(n))),
        ("trade_name", Json::Null),
        ("kind", json!(if company { "company" } else { "person" })),
        ("document", json!(document)),
        ("phone", json!(format!("+55119{:08}", 20_000_000 + n * 7_919 % 60_000_000))),
        ("email", json!(email(n))),
        ("city", if n % 5 == 0 { Json::Null } else { json!(["Íbis", "Avaré", "ATIBAIA"][n % 3]) }),
        ("status", json!(if n % 4 == 0 { "inactive" } else { "active" })),
    ];
    for (field, value) in fields {
        record.set(field, value);
    }
    for (field, _) in CUSTOMER.lines() {
        record.set(field.name, json!([]));
    }
    record
}

/// Fills a company's table, oldest first.
async fn crowd(app: &App, tenant: Tenant, client: &Client, count: usize) -> Vec<Record> {
    let input = full_input(client, &CUSTOMER).await;
    let first = client.create(&CUSTOMER, input).await;
    let tx = app.engine.db.write(tenant).await.unwrap();
    let base = table::by_ids(&tx, &CUSTOMER, &[Uuid::parse_str(first.id()).unwrap()], false).await.unwrap();
    let records: Vec<Record> = (0..count).map(|n| made(&base[0], n)).collect();
    let rows: Vec<_> = records.iter().map(|r| (r.clone(), search::text(&CUSTOMER, r, &[]))).collect();
    table::insert(&tx, &CUSTOMER, &rows).await.unwrap();
    tx.commit().await.unwrap();
    client.delete(&first).await.expect(204);
    records
}

/// Every word occurs in one of the searched values, compared as people compare.
fn fits(record: &Record, q: &str) -> bool {
    let plain = |name: &str| record.text(name).map(fold).unwrap_or_default();
    let texts = [plain("name"), plain("email"), plain("document"), plain("phone")];
    fold(q).split_whitespace().all(|word| {
        let code = word.chars().any(|c| c.is_ascii_digit()) && word.chars().any(|c| !c.is_alphanumeric());
        let bare = if code { alnum(word).to_lowercase() } else { word.to_owned() };
        let held = |text: &String| text.contains(&bare) || (code && alnum(text).to_lowercase().contains(&bare));
        texts.iter().any(held)
    })
}

/// The ids of all pages, and the count the first one tells.
async fn walk(client: &Client, q: &str, more: &[(&str, &str)], limit: usize) -> (Vec<String>, i64) {
    let (mut ids, mut after, mut count) = (Vec::new(), None::<String>, 0);
    loop {
        let mut request = client
            .get("/customers")
            .query("q", q)
            .query("limit", limit)
            .query("count", if after.is_none() { "exact" } else { "none" });
        for (name, value) in more.iter().map(|(n, v)| (*n, *v)).chain(after.as_deref().map(|a| ("after", a))) {
            request = request.query(name, value);
        }
        let answer = request.await;
        let body = answer.clone().expect(200);
        count = body["count"].as_i64().unwrap_or(count);
        ids.extend(answer.items().iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        match body["next"].as_str() {
            Some(next) => after = Some(next.to_owned()),
            None => return (ids, count),
        }
    }
}

/// Whether a walk through the pages is the filtered and sorted whole.
async fn check(client: &Client, all: &[Record], q: &str, filter: Option<&str>, sort: &str, limit: usize) {
    let mut expected: Vec<&Record> =
        all.iter().filter(|r| fits(r, q) && filter.is_none_or(|status| r.text("status") == Some(status))).collect();
    let (field, down) = sort.strip_prefix('-').map_or((sort, false), |field| (field, true));
    expected.sort_by(|a, b| {
        let key = |r: &Record| (r.text(field).map(fold), r.id().to_owned());
        let (first, second) = (key(a), key(b));
        let values = if down { second.cmp(&first) } else { first.cmp(&second) };
        // Without a value, last in both directions.
        first.0.is_none().cmp(&second.0.is_none()).then(values)
    });
    let mut more = vec![("sort", sort)];
    more.extend(filter.map(|status| ("filter[status]", status)));
    let (found, count) = walk(client, q, &more, limit).await;
    let expected: Vec<&str> = expected.iter().map(|r| r.id()).collect();
    assert_eq!(count, i64::try_from(expected.len()).unwrap(), "count of {q:?} {more:?}");
    assert!(found == expected, "{q:?} {more:?}: {} found, {} expected", found.len(), expected.len());
}

async fn names(client: &Client, path: &str, q: &str) -> Vec<String> {
    let answer = client.get(path).query("q", q).await;
    answer.clone().expect(200);
    let name = |item: &Json| item["name"].as_str().or(item["title"].as_str()).unwrap().to_owned();
    answer.items().iter().map(name).collect()
}

fn dotted(cpf: &str) -> String {
    format!("{}.{}.{}-{}", &cpf[..3], &cpf[3..6], &cpf[6..9], &cpf[9..])
}

#[test]
fn among_thousands_search_finds_what_a_look_at_every_record_finds() {
    on_each_database(async |app| {
        let (admin, stranger) = (app.login("admin"), app.login_elsewhere("admin"));
        // The other company has the same people: the index is shared on SQLite.
        let theirs = crowd(&app, app.other_tenant(), &stranger, 1_500).await;
        let all = crowd(&app, app.tenant(), &admin, OLD + NEW).await;
        app.engine.db.pool().execute_unprepared("ANALYZE").await.unwrap();
        let (person, company) = (cpf(10_001), cnpj(10_006));
        let phone = format!("119{:08}", 20_000_000 + 3 * 7_919);
        let split = format!("({}) {}-{}", &phone[..2], &phone[2..7], &phone[7..]);
        let (dots, begun) = (dotted(&person), dotted(&person)[..9].to_owned());
        let rare = [
            "conceição",
            "CONCEICAO",
            "d'avila jose",
            "jose.conceicao@correio",
            "muller",
            "100%",
            "ltda_me",
            "sohne 100%",
            "guimarães \\",
            "東京商会",
            "importacao tokyo",
            &person,
            &dots,
            &begun,
            &company,
            &phone,
            &split,
            "pessoa77@",
        ];
        for q in rare {
            assert!(all.iter().any(|r| fits(r, q)), "{q:?} is somebody");
            check(&admin, &all, q, None, "name", 50).await;
        }
        for q in ["conceição", "d'avila jose", "100%", &company] {
            check(&stranger, &theirs, q, None, "name", 50).await;
        }
        // Nobody, everybody, few among the new but more among the old than the index is asked for.
        for (q, sort, limit) in [
            ("xyzxyz", "name", 50),
            ("conceicao veterano", "name", 50),
            ("recente", "-name", 200),
            ("veterano", "name", 200),
            ("veterano zelia", "-city", 130),
            ("jo", "city", 200),
        ] {
            check(&admin, &all, q, None, sort, limit).await;
            check(&admin, &all, q, Some("inactive"), sort, limit).await;
        }
        check(&admin, &all, "correio.example", Some("active"), "-name", 1).await;
        check(&admin, &all, "", Some("inactive"), "-city", 200).await;
    });
}

#[test]
fn among_thousands_look_up_and_search_follow_changes() {
    on_each_database(async |app| {
        let admin = app.login("admin");
        let all = crowd(&app, app.tenant(), &admin, 1_400).await;
        for (n, q) in [(1, cpf(10_001)), (1, dotted(&cpf(10_001))), (6, cnpj(10_006)), (500, "conceição josé".into())]
        {
            let found = names(&admin, "/customers/lookup", &q).await;
            assert!(found.contains(&name(n)), "{q:?} looks up {found:?}");
        }
        let iracema = all.iter().find(|r| r.text("name").is_some_and(|n| n.starts_with("Iracema"))).unwrap();
        let body = admin.get(&format!("/customers/{}", iracema.id())).await.expect(200);
        let made = crate::support::Made { resource: &CUSTOMER, body };
        let made = made.now(admin.patch(&made, json!({ "name": "Capitu Çedilha" })).await.expect(200));
        for path in ["/customers", "/customers/lookup"] {
            assert!(names(&admin, path, "iracema guimarães").await.is_empty(), "{path}");
            assert_eq!(names(&admin, path, "cedilha").await, ["Capitu Çedilha"], "{path}");
        }
        admin.delete(&made).await.expect(204);
        assert!(names(&admin, "/customers", "cedilha").await.is_empty());
        assert!(names(&admin, "/customers/lookup", "cedilha").await.is_empty());
        // What means something in the database's own language finds itself only.
        for q in ["\"jose\" OR x", "con*cao", "a AND b", "%%%", "___", "'''", "(((", "NEAR(jose avila)", "\\\\\\"] {
            check(&admin, &all, q, None, "name", 50).await;
        }
    });
}
