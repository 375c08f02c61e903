//! Files of a record: sent with progress, shown, taken out.

pub mod file;
mod preview;
mod sending;

use leptos::{ev::DragEvent, html::Input, prelude::*};

use super::page::Page;
use crate::{
    api::{timeline, timeline::Attachment, upload},
    format, t,
    ui::{icon::icon, load::Load},
};
use sending::Sending;

/// What the parts of the panel share.
#[derive(Clone, Copy)]
pub struct Documents {
    page: Page,
    load: Load<Vec<Attachment>>,
    sending: RwSignal<Vec<Sending>>,
    /// The file that is to be taken out, once confirmed.
    removing: RwSignal<Option<Attachment>>,
    /// The file that is being looked at, by id.
    shown: RwSignal<Option<String>>,
}

impl Documents {
    fn reload(self) {
        let (resource, id) = (self.page.resource, self.page.id());
        self.load.run(async move { timeline::attachments(resource, &id).await });
    }
}

/// The panel of the files.
pub fn panel(page: Page) -> AnyView {
    let documents = Documents {
        page,
        load: Load::new(),
        sending: RwSignal::new(Vec::new()),
        removing: RwSignal::new(None),
        shown: RwSignal::new(None),
    };
    let open = Memo::new(move |_| documents.shown.with(Option::is_some));
    documents.reload();
    let over = RwSignal::new(false);
    let drop = move |event: DragEvent| {
        event.prevent_default();
        over.set(false);
        if page.may("update") {
            sending::send(documents, upload::dropped(&event));
        }
    };
    let drag = move |event: DragEvent| {
        event.prevent_default();
        over.set(page.may("update"));
    };
    let count =
        move || documents.load.ready().map(|files| format::integer(i64::try_from(files.len()).unwrap_or_default()));
    view! {
        <section
            class="panel"
            class:ring-2=over
            class:ring-primary=over
            on:dragover=drag
            on:dragleave=move |_| over.set(false)
            on:drop=drop
        >
            <header class="panel-head">
                <h2 class="panel-title">{t!("documents.title")}</h2>
                <span class="hint num">{count}</span>
                <div class="ml-auto flex shrink-0 items-center gap-1">{page.may("update").then(|| attach(documents))}</div>
            </header>
            <div class="px-4 py-2">{move || sending::rows(documents)} {move || rows(documents)}</div>
            {move || open.get().then(|| preview::lightbox(documents))}
            {move || documents.removing.get().map(|file| file::removal(documents, file))}
        </section>
    }
    .into_any()
}

/// The button, and the file field behind it.
fn attach(documents: Documents) -> AnyView {
    let field = NodeRef::<Input>::new();
    let choose = move |_| {
        if let Some(field) = field.get_untracked() {
            field.click();
        }
    };
    let chosen = move |_| {
        if let Some(field) = field.get_untracked() {
            sending::send(documents, upload::files_of(&field));
        }
    };
    view! {
        <input type="file" multiple class="hidden" tabindex="-1" aria-hidden="true" node_ref=field on:change=chosen />
        <button type="button" class="btn btn-xs btn-quiet" on:click=choose>{icon("upload", "i i-sm")} {t!("documents.attach")}</button>
    }
    .into_any()
}

fn rows(documents: Documents) -> AnyView {
    match documents.load.answer.get() {
        None => ().into_any(),
        Some(Err(failure)) => view! { <p class="hint py-1" role="alert">{failure.message()}</p> }.into_any(),
        Some(Ok(files)) if files.is_empty() && documents.sending.with(Vec::is_empty) => {
            view! { <p class="hint py-1">{t!("documents.none")}</p> }.into_any()
        }
        Some(Ok(files)) => {
            let rows = files.into_iter().map(|file| file::row(documents, file)).collect_view();
            view! { <ul class="grid gap-0.5">{rows}</ul> }.into_any()
        }
    }
}
