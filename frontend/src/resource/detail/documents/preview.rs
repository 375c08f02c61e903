//! A file looked at without leaving the record: images, PDF and text; the
//! arrows go to the next one.

use std::sync::Arc;

use js_sys::Reflect;
use leptos::{ev::KeyboardEvent, prelude::*};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::Url;

use super::{Documents, file};
use crate::{
    api::{
        Failure,
        files::{self, Download},
        timeline::Attachment,
    },
    format, t,
    ui::{
        empty,
        icon::icon,
        load::Load,
        overlay::{close_button, over},
        skeleton,
    },
};

/// Characters of a text that are shown; the rest is in the download.
const TEXT: usize = 200_000;

/// How a file can be shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Way {
    Image,
    Pdf,
    Text,
    /// Only by a program of its own.
    None,
}

fn way(media_type: &str) -> Way {
    match media_type.split(';').next().unwrap_or_default().trim() {
        "application/pdf" => Way::Pdf,
        "application/json" | "application/xml" => Way::Text,
        "image/svg+xml" => Way::None,
        other if other.starts_with("image/") => Way::Image,
        other if other.starts_with("text/") => Way::Text,
        _ => Way::None,
    }
}

/// What is on the screen.
#[derive(Debug, Clone)]
enum Shown {
    /// Image or PDF, at an address that lives as long as it is shown.
    At(String),
    Text(String),
    Nothing,
}

/// The file over the page, with its neighbours.
pub fn lightbox(documents: Documents) -> AnyView {
    let close = Arc::new(move || documents.shown.set(None));
    let files = move || documents.load.ready().unwrap_or_default();
    let now = Memo::new(move |_| {
        let id = documents.shown.get()?;
        files().into_iter().position(|file| file.id == id)
    });
    let step = move |next: bool| {
        let files = untrack(files);
        let at = now.get_untracked()?;
        let to = if next { at.checked_add(1)? } else { at.checked_sub(1)? };
        documents.shown.set(Some(files.get(to)?.id.clone()));
        Some(())
    };
    let keys = move |event: KeyboardEvent| {
        let moved = match event.key().as_str() {
            "ArrowRight" => step(true),
            "ArrowLeft" => step(false),
            _ => None,
        };
        if moved.is_some() {
            event.prevent_default();
        }
    };
    let shut = Arc::clone(&close);
    let content = move || {
        let at = now.get()?;
        let files = files();
        let file = files.get(at)?.clone();
        Some(one(file, at, files.len(), step, shut.clone()))
    };
    let inside = view! { <div class="flex min-h-0 flex-1 flex-col" on:keydown=keys>{content}</div> };
    over("lightbox", "dialog", t!("documents.preview"), inside.into_any(), close)
}

fn one(
    file: Attachment,
    at: usize,
    count: usize,
    step: impl Fn(bool) -> Option<()> + Copy + Send + Sync + 'static,
    close: Arc<dyn Fn() + Send + Sync>,
) -> AnyView {
    let load = shown(&file);
    let about = [format::bytes(file.size), t!("documents.position", at = at + 1, of = count)].join(" · ");
    let arrow = move |next: bool| {
        let (art, label) =
            if next { ("chevron-right", t!("documents.next")) } else { ("chevron-left", t!("documents.previous")) };
        let there = if next { at + 1 < count } else { at > 0 };
        view! {
            <button type="button" class="icon-btn max-md:h-11 max-md:w-11" aria-label=label.clone() title=label disabled=!there on:click=move |_| { let _ = step(next); }>
                {icon(art, "i i-md")}
            </button>
        }
    };
    let arrows = (count > 1).then(|| view! { {arrow(false)} {arrow(true)} });
    let (id, label) = (file.id.clone(), t!("documents.download", name = file.name));
    let tab = move || match load.ready() {
        Some(Shown::At(address)) => Some(view! {
            <a class="icon-btn max-md:hidden" href=address target="_blank" rel="noopener" aria-label=t!("documents.tab") title=t!("documents.tab")>
                {icon("external-link", "i i-md")}
            </a>
        }),
        _ => None,
    };
    view! {
        <header class="flex h-14 shrink-0 items-center gap-1 border-b border-line pr-3 pl-4">
            <div class="min-w-0 flex-1">
                <h2 class="truncate text-sm font-semibold" title=file.name.clone()>{file.name.clone()}</h2>
                <p class="hint num truncate" role="status">{about}</p>
            </div>
            {arrows}
            {tab}
            <button type="button" class="icon-btn max-md:h-11 max-md:w-11" aria-label=label.clone() title=label data-focus="" on:click=move |_| file::save(&id)>
                {icon("download", "i i-md")}
            </button>
            {close_button(close)}
        </header>
        <div class="lightbox-body">{move || body(&file, load)}</div>
    }
    .into_any()
}

/// Fetches what is to be shown, and frees it when it goes.
fn shown(file: &Attachment) -> Load<Shown> {
    let load = Load::new();
    let (way, path) = (way(&file.media_type), format!("/attachments/{}/content", file.id));
    let address = StoredValue::new(None::<String>);
    on_cleanup(move || {
        if let Some(address) = address.try_get_value().flatten() {
            let _ = Url::revoke_object_url(&address);
        }
    });
    load.run(async move {
        if way == Way::None {
            return Ok(Shown::Nothing);
        }
        let content = files::download(path).await?;
        if way == Way::Text {
            return Ok(Shown::Text(text(&content).await));
        }
        let made = content.address().ok_or_else(|| Failure::unusable("blob"))?;
        // Gone to another file meanwhile: nobody else would free it.
        if address.try_set_value(Some(made.clone())).is_some() {
            let _ = Url::revoke_object_url(&made);
        }
        Ok(Shown::At(made))
    });
    load
}

async fn text(file: &Download) -> String {
    let text = JsFuture::from(file.content.text()).await.ok().and_then(|text| text.as_string()).unwrap_or_default();
    match text.char_indices().nth(TEXT) {
        Some((at, _)) => format!("{}…", text.get(..at).unwrap_or_default()),
        None => text,
    }
}

fn body(file: &Attachment, load: Load<Shown>) -> AnyView {
    match load.answer.get() {
        None if load.slow.get() => view! { <div class="w-full p-6">{skeleton::lines(8)}</div> }.into_any(),
        None => ().into_any(),
        Some(Err(failure)) => {
            empty::empty(file::art(&file.media_type), t!("documents.not_shown"), failure.message(), ().into_any())
        }
        Some(Ok(Shown::Nothing)) => otherwise(file, None),
        Some(Ok(Shown::Text(text))) => view! { <pre class="lightbox-text" tabindex="0">{text}</pre> }.into_any(),
        Some(Ok(Shown::At(address))) if way(&file.media_type) == Way::Image => {
            view! { <img class="lightbox-image" src=address alt=file.name.clone() /> }.into_any()
        }
        Some(Ok(Shown::At(address))) => framed(file.clone(), address),
    }
}

/// A PDF in the browser's own viewer. Where the page's policy lets no frame
/// in, it opens in a tab of its own.
fn framed(file: Attachment, address: String) -> AnyView {
    let refused = RwSignal::new(false);
    let handle = window_event_listener_untyped("securitypolicyviolation", move |event| {
        let directive = Reflect::get(&event, &JsValue::from_str("effectiveDirective")).ok();
        if directive.and_then(|name| name.as_string()).as_deref() == Some("frame-src") {
            refused.set(true);
        }
    });
    on_cleanup(move || handle.remove());
    let shown = move || {
        if refused.get() {
            return otherwise(&file, Some(address.clone()));
        }
        view! { <iframe class="h-full w-full border-0 bg-white" src=address.clone() title=file.name.clone()></iframe> }
            .into_any()
    };
    shown.into_any()
}

/// What cannot be shown here: what it is, and the way to it.
fn otherwise(file: &Attachment, address: Option<String>) -> AnyView {
    let id = file.id.clone();
    let text = if address.is_some() { t!("documents.other_tab") } else { t!("documents.no_preview") };
    let open = address.map(|address| {
        view! { <a class="btn btn-sm btn-primary max-md:h-11" href=address target="_blank" rel="noopener">{icon("external-link", "i")} {t!("documents.tab")}</a> }
    });
    let acts = view! {
        <span class="flex flex-wrap justify-center gap-2">
            {open}
            <button type="button" class="btn btn-sm btn-line max-md:h-11" on:click=move |_| file::save(&id)>
                {icon("download", "i")} {t!("documents.save")}
            </button>
        </span>
    };
    empty::empty(file::art(&file.media_type), file.name.clone(), text, acts.into_any())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_run_something_is_not_shown() {
        assert_eq!(way("image/png"), Way::Image);
        assert_eq!(way("application/pdf"), Way::Pdf);
        assert_eq!(way("text/csv; charset=utf-8"), Way::Text);
        // As text, so that nothing in it runs.
        assert_eq!(way("text/html"), Way::Text);
        assert_eq!(way("image/svg+xml"), Way::None);
        assert_eq!(way("application/zip"), Way::None);
    }
}
