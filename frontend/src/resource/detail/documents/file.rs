//! One file of a record.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use leptos::{prelude::*, task::spawn_local};
use web_sys::Url;

use super::Documents;
use crate::{
    api::{
        files::{self, Download},
        timeline::{self, Attachment},
    },
    format, t,
    ui::{
        icon::icon,
        overlay::{Dialog, dialog},
        toast,
    },
};

/// The icon of a kind of file.
pub fn art(media_type: &str) -> &'static str {
    match media_type.split('/').next() {
        Some("image") => "image",
        _ if media_type.contains("sheet") || media_type.contains("csv") || media_type.contains("excel") => {
            "file-spreadsheet"
        }
        _ => "file-text",
    }
}

/// Hands a file to the browser as a download.
pub fn save(id: &str) {
    let path = format!("/attachments/{id}/content");
    spawn_local(async move {
        match files::download(path).await {
            Ok(file) => file.save(),
            Err(failure) => toast::fail(&failure),
        }
    });
}

pub fn row(documents: Documents, file: Attachment) -> AnyView {
    let when = file.created_at.parse::<DateTime<Utc>>().map(format::ago).unwrap_or_default();
    let about = format!("{} · {when}", format::bytes(file.size));
    let (id, shown) = (file.id.clone(), file.id.clone());
    let download = t!("documents.download", name = file.name);
    let look = t!("documents.look", name = file.name);
    let remove = documents.page.may("update").then(|| {
        let (label, file) = (t!("documents.remove", name = file.name), file.clone());
        view! {
            <button
                type="button"
                class="icon-btn icon-btn-sm max-md:h-11 max-md:w-11"
                aria-label=label.clone()
                title=label
                on:click=move |_| documents.removing.set(Some(file.clone()))
            >
                {icon("trash-2", "i i-sm")}
            </button>
        }
    });
    view! {
        <li class="-mx-1.5 flex items-center">
            <button type="button" class="menu-item min-w-0 px-1.5" aria-label=look aria-haspopup="dialog" on:click=move |_| documents.shown.set(Some(shown.clone()))>
                {picture(&file)}
                <span class="min-w-0 flex-1">
                    <span class="block truncate leading-4.5" title=file.name.clone()>{file.name.clone()}</span>
                    <span class="hint num block">{about}</span>
                </span>
            </button>
            <button type="button" class="icon-btn icon-btn-sm max-md:h-11 max-md:w-11" aria-label=download.clone() title=download on:click=move |_| save(&id)>
                {icon("download", "i i-sm")}
            </button>
            {remove}
        </li>
    }
    .into_any()
}

/// The thumbnail of an image, else the icon of its kind.
fn picture(file: &Attachment) -> AnyView {
    let plain = art(&file.media_type);
    if !file.has_thumbnail {
        return view! { <span class="grid h-7 w-7 shrink-0 place-items-center rounded-md bg-mute-bg text-ink-2">{icon(plain, "i i-sm")}</span> }
            .into_any();
    }
    let address = RwSignal::new(None::<String>);
    let path = format!("/attachments/{}/thumbnail", file.id);
    spawn_local(async move {
        let found = files::download(path).await.ok().as_ref().and_then(Download::address);
        // The row may be gone by now: then nobody would free the image.
        if let Some(Some(unused)) = address.try_set(found) {
            let _ = Url::revoke_object_url(&unused);
        }
    });
    on_cleanup(move || {
        if let Some(Some(address)) = address.try_get_untracked() {
            let _ = Url::revoke_object_url(&address);
        }
    });
    let image = move || match address.get() {
        Some(address) => view! { <img class="h-full w-full object-cover" src=address alt="" /> }.into_any(),
        None => icon(plain, "i i-sm"),
    };
    view! { <span class="grid h-7 w-7 shrink-0 place-items-center overflow-hidden rounded-md bg-mute-bg text-ink-2">{image}</span> }.into_any()
}

/// Asks before a file goes: it does not come back.
pub fn removal(documents: Documents, file: Attachment) -> AnyView {
    let id = file.id.clone();
    let close = move || documents.removing.set(None);
    let remove = move |_| {
        let (resource, record, id) = (documents.page.resource, documents.page.id(), id.clone());
        documents.removing.set(None);
        spawn_local(async move {
            match timeline::remove_attachment(resource, &record, &id).await {
                Ok(()) => toast::say(t!("documents.removed")),
                Err(failure) => toast::fail(&failure),
            }
            documents.reload();
            documents.page.stir();
        });
    };
    let foot = view! {
        <button type="button" class="btn btn-sm btn-line max-md:h-11" data-focus="" on:click=move |_| close()>{t!("detail.keep")}</button>
        <button type="button" class="btn btn-sm btn-error max-md:h-11" on:click=remove>{t!("documents.remove_do")}</button>
    };
    let content = Dialog {
        title: t!("documents.remove_title", name = file.name),
        text: t!("documents.remove_text", size = format::bytes(file.size)),
        art: ("trash-2", "bg-danger-bg text-danger-fg"),
        body: ().into_any(),
        foot: foot.into_any(),
    };
    dialog(content, Arc::new(close))
}
