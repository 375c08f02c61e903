//! Files on their way to the server.

use std::rc::Rc;

use leptos::{prelude::*, task::spawn_local};
use serde_json::Value as Json;
use web_sys::File;

use super::Documents;
use crate::{
    api::upload,
    resource::form::state::sentence,
    t,
    ui::{icon::icon, progress::progress},
};

/// A file being sent; it stays when it was refused, to say why.
#[derive(Clone)]
pub struct Sending {
    key: String,
    name: String,
    percent: RwSignal<i64>,
    refused: RwSignal<Option<String>>,
}

/// Sends files one after the other's start; each says how far it is.
pub fn send(documents: Documents, files: Vec<File>) {
    for file in files {
        let sending = Sending {
            key: uuid::Uuid::new_v4().to_string(),
            name: file.name(),
            percent: RwSignal::new(0),
            refused: RwSignal::new(None),
        };
        documents.sending.update(|all| all.push(sending.clone()));
        spawn_local(one(documents, sending, file));
    }
}

async fn one(documents: Documents, sending: Sending, file: File) {
    let percent = sending.percent;
    let progress = Rc::new(move |now| {
        percent.try_set(now);
    });
    let path = format!("/{}/{}/attachments", documents.page.resource.path, documents.page.id());
    let answer = match upload::form("file", &file) {
        Ok(form) => upload::send::<Json>(&path, &form, progress).await,
        Err(failure) => Err(failure),
    };
    match answer {
        Ok(_) => {
            documents.sending.try_update(|all| all.retain(|other| other.key != sending.key));
            documents.reload();
            documents.page.stir();
        }
        Err(failure) => {
            let why = failure.errors.first().map_or_else(|| failure.message(), sentence);
            sending.refused.try_set(Some(why));
        }
    }
}

/// What is under way and what was refused.
pub fn rows(documents: Documents) -> AnyView {
    let rows = documents.sending.get().into_iter().map(|sending| row(documents, sending)).collect_view();
    view! { <ul class="grid gap-0.5 empty:hidden" role="status">{rows}</ul> }.into_any()
}

fn row(documents: Documents, sending: Sending) -> AnyView {
    let Sending { key, name, percent, refused } = sending;
    let label = t!("documents.sending", name = name);
    let dismiss = move |_| documents.sending.update(|all| all.retain(|other| other.key != key));
    let state = move || match refused.get() {
        Some(why) => view! { <span class="field-err">{icon("circle-alert", "i i-xs")} {why}</span> }.into_any(),
        None => progress(Some(percent.get()), label.clone()),
    };
    let close = move || {
        refused.get().map(|_| {
            view! {
                <button type="button" class="icon-btn icon-btn-sm" aria-label=t!("close") on:click=dismiss.clone()>
                    {icon("x", "i i-sm")}
                </button>
            }
        })
    };
    view! {
        <li class="flex items-center gap-2.5 py-1.5">
            <span class="min-w-0 flex-1">
                <span class="block truncate text-sm leading-4.5">{name}</span>
                {state}
            </span>
            {close}
        </li>
    }
    .into_any()
}
