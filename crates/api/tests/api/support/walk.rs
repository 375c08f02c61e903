//! Calling every operation there is: what its path is about, and a body that fits.

use std::collections::HashMap;

use actix_web::http::Method;
use conexao_api::Operation;
use conexao_domain::registry::RESOURCES;
use serde_json::{Value as Json, json};

use super::{Client, Made, Request, example, full_input};

/// One of everything that an operation's path can be about.
pub struct Stage {
    /// By API path.
    pub records: HashMap<&'static str, Made>,
    comments: HashMap<&'static str, String>,
    files: HashMap<&'static str, String>,
    job: String,
    import: String,
}

impl Stage {
    /// Made by `client`, for their company.
    pub async fn set(client: &Client) -> Self {
        let mut stage = Self {
            records: HashMap::new(),
            comments: HashMap::new(),
            files: HashMap::new(),
            job: String::new(),
            import: String::new(),
        };
        for resource in RESOURCES {
            let input = full_input(client, resource).await;
            let made = client.create(resource, input).await;
            let comment = client.post(&format!("{}/comments", made.path()), json!({ "text": "palavra" })).await;
            let file = client.upload(&format!("{}/attachments", made.path()), "nota.txt", b"conteudo da nota").await;
            let id = |answer: Json| answer["id"].as_str().unwrap().to_owned();
            stage.comments.insert(resource.path, id(comment.expect(201)));
            stage.files.insert(resource.path, id(file.expect(201)));
            stage.records.insert(resource.path, made);
        }
        let customer = stage.records["customers"].id();
        let bulk = json!({ "action": "patch", "values": { "notes": "em lote" }, "ids": [customer] });
        let job = client.post("/customers/bulk", bulk).await.expect(202);
        stage.job = job["id"].as_str().unwrap().to_owned();
        let import = client.upload_with("/imports", &[("resource", "customer")], "a.csv", b"name\nAna\n").await;
        stage.import = import.expect(201)["id"].as_str().unwrap().to_owned();
        stage
    }

    /// Every id on the stage.
    pub fn ids(&self) -> impl Iterator<Item = &str> {
        let records = self.records.values().map(Made::id);
        let notes = self.comments.values().chain(self.files.values());
        records.chain(notes.chain([&self.job, &self.import]).map(String::as_str))
    }

    /// The operation's path with ids in it, and the version to base a write on.
    pub fn aim(&self, operation: &Operation) -> (String, i64) {
        let first = operation.path.trim_start_matches('/').split('/').next().unwrap();
        let (path, version) = match self.records.get(first) {
            Some(made) => {
                let path = operation.path.replace("{id}", made.id());
                let path = path.replace("{comment_id}", &self.comments[first]);
                (path.replace("{attachment_id}", &self.files[first]), made.version())
            }
            // Of nobody: a walk must not end its own log-in.
            None if first == "me" => (operation.path.replace("{id}", &self.job).replace("{channel}", "slack"), 1),
            None if first == "photos" => (operation.path.replace("{user}", &self.job), 1),
            None if first == "views" => (operation.path.replace("{id}", &self.job), 1),
            None if first == "channels" => (operation.path.replace("{channel}", "push"), 1),
            None if first == "message-templates" => {
                (operation.path.replace("{template}", "welcome").replace("{language}", "en"), 1)
            }
            None if first == "callbacks" => {
                let path = operation.path.replace("{tenant}", "1").replace("{id}", &self.job);
                (path.replace("{token}", "nenhum"), 1)
            }
            None if first == "attachments" => (operation.path.replace("{id}", &self.files["customers"]), 1),
            None if first == "jobs" => (operation.path.replace("{id}", &self.job), 1),
            None if first == "imports" => (operation.path.replace("{id}", &self.import).replace("{line}", "2"), 1),
            // Of nobody, or of nothing.
            None if ["settings", "company", "tenants"].contains(&first) => {
                (operation.path.replace("{theme}", "light").replace("{id}", "999999"), 1)
            }
            None if first == "integrations" => (operation.path.replace("{name}", "nenhuma"), 1),
            None if first == "privacy" => (operation.path.replace("{id}", &self.job), 1),
            None if first == "auth" => (operation.path.replace("{company}", "nenhuma").replace("{token}", "nenhum"), 1),
            None => (operation.path.replace("{seq}", "999999999").replace("{token}", "nenhum"), 1),
        };
        assert!(!path.contains('{'), "teach this walk whose ids {} takes", operation.path);
        (path, version)
    }
}

/// Whether the path names something by an id. What a company has one of is
/// named by a word, and the operator's companies are no record of anybody's.
pub fn names_a_record(operation: &Operation) -> bool {
    let first = operation.path.trim_start_matches('/').split('/').next().unwrap();
    let words = ["settings", "company", "integrations", "tenants", "channels", "message-templates", "callbacks"];
    // Of one's own keys the password is asked first.
    let own = operation.path.ends_with("{channel}") || operation.path.starts_with("/me/passkeys");
    !words.contains(&first) && !own
}

/// The operation's request with a body that fits its schema.
/// A password proves who asks as well as a passkey does, which no sample can be.
fn proved(mut body: Json) -> Json {
    if let Some(body) = body.as_object_mut() {
        body.remove("passkey");
    }
    body
}

pub fn call(client: &Client, operation: &Operation, path: &str, version: i64) -> Request {
    let method = Method::from_bytes(operation.method.to_uppercase().as_bytes()).unwrap();
    let request = match &operation.body {
        Some(_) if operation.body_type == "multipart/form-data" => client.upload(path, "a.txt", b"conteudo"),
        Some(schema) => client.request(method, path).json(&proved(example(schema))),
        None if operation.method == "post" => client.request(method, path).json(&json!({})),
        None => client.request(method, path),
    };
    if operation.if_match { request.if_match(version) } else { request }
}
