//! Somebody with a file, and the background that does what is asked.

use std::time::Duration;

use actix_web::http::Method;
use conexao_domain::kernel::resource::Resource;
use conexao_engine::jobs::{self, Background, Options, Registry};
use serde_json::{Value as Json, json};

use crate::support::{Answer, App, Client};

pub struct Office {
    pub client: Client,
    background: Option<Background>,
}

impl Office {
    /// With the background at work.
    pub async fn open(app: &App) -> Self {
        let mut office = Self::closed(app).await;
        office.start().await;
        office
    }

    /// Somebody else at the same time.
    pub fn with(client: Client) -> Self {
        Self { client, background: None }
    }

    /// Without it: what is asked for waits.
    pub async fn closed(app: &App) -> Self {
        jobs::migrate(&app.engine.db).await.unwrap();
        Self { client: app.login("super_admin"), background: None }
    }

    pub async fn start(&mut self) {
        let options = Options { heartbeat: Duration::from_secs(1), schedule: false, ..Options::default() };
        self.background = Some(jobs::start(&self.client.app.engine, Registry::standard(), options).await.unwrap());
    }

    pub async fn close(self) {
        if let Some(background) = self.background {
            background.stop(Duration::from_secs(10)).await;
        }
    }

    /// Whether `who` may give this file, and what comes of it.
    pub async fn give(&self, who: &Client, resource: &Resource, name: &str, content: &[u8]) -> Answer {
        let boundary = "limite-entre-as-partes";
        let head = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"resource\"\r\n\r\n{}\r\n\
             --{boundary}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n",
            resource.name
        );
        let tail = format!("\r\n--{boundary}--\r\n");
        let body = [head.as_bytes(), content, tail.as_bytes()].concat();
        let request = who.request(Method::POST, "/imports").raw(body);
        request.header("Content-Type", format!("multipart/form-data; boundary={boundary}")).await
    }

    /// A file of customers, received.
    pub async fn customers(&self, name: &str, content: impl AsRef<[u8]>) -> Json {
        let resource = &conexao_domain::customers::customer::CUSTOMER;
        self.give(&self.client, resource, name, content.as_ref()).await.expect(201)
    }

    pub async fn change(&self, import: &Json, change: Json) -> Json {
        self.client.request(Method::PATCH, &path(import)).json(&change).await.expect(200)
    }

    /// Asks for `simulate`, `run` or `revert` with an empty body, as the browser
    /// does; answers with the job.
    pub async fn ask(&self, import: &Json, what: &str) -> Json {
        self.client.request(Method::POST, &format!("{}/{what}", path(import))).await.expect(202)
    }

    /// Does it and waits; answers with the import as it is then.
    pub async fn done(&self, import: &Json, what: &str) -> Json {
        let job = self.ask(import, what).await;
        assert_eq!(self.ended(&job).await["state"], "done");
        self.now(import).await
    }

    pub async fn now(&self, import: &Json) -> Json {
        self.client.get(&path(import)).await.expect(200)
    }

    /// The job when it has come to an end, whichever it is.
    pub async fn ended(&self, job: &Json) -> Json {
        let path = format!("/jobs/{}", job["id"].as_str().unwrap());
        // Sixty seconds are not enough on a machine that builds at the same time.
        for _ in 0..9_000 {
            let job = self.client.get(&path).await.expect(200);
            if ["done", "failed", "dead", "cancelled"].contains(&job["state"].as_str().unwrap()) {
                return job;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("{path} never ends");
    }

    /// Every customer there is, by name.
    pub async fn names(&self) -> Vec<String> {
        let page = self.client.get("/customers").query("limit", 200).query("sort", "name").await;
        page.items().iter().map(|c| c["name"].as_str().unwrap().to_owned()).collect()
    }
}

pub fn path(import: &Json) -> String {
    format!("/imports/{}", import["id"].as_str().unwrap())
}

/// Some counts of an import: `counts(&import, ["created", "failed"])`.
pub fn counts<const N: usize>(import: &Json, names: [&str; N]) -> [i64; N] {
    names.map(|name| import["summary"][name].as_i64().unwrap())
}

/// Where each column goes, by its title.
pub fn mapped(import: &Json) -> Vec<(String, String)> {
    let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    let columns = import["shape"]["columns"].as_array().unwrap();
    let mapping = import["mapping"].as_array().unwrap();
    columns.iter().zip(mapping).map(|(column, m)| (text(&column["title"]), text(&m["field"]))).collect()
}

/// What is wrong with a kept row: `(field, code, value)`.
pub fn faults(row: &Json) -> Vec<(String, String, String)> {
    let text = |value: &Json| value.as_str().unwrap_or_default().to_owned();
    let one = |e: &Json| {
        assert!(!text(&e["message"]).is_empty() && e["message"] != e["code"], "no words: {e}");
        (text(&e["field"]), text(&e["code"]), text(&e["value"]))
    };
    row["errors"].as_array().unwrap().iter().map(one).collect()
}

/// As old programs write: one byte for each letter.
pub fn windows_1252(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect()
}

pub fn cells(column: usize, text: &str) -> Json {
    json!({ "cells": { column.to_string(): text } })
}
