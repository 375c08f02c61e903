//! The file: dropped or chosen, sent with progress.

use std::rc::Rc;

use conexao_domain::kernel::resource::Resource;
use leptos::{ev::DragEvent, html::Input, prelude::*, task::spawn_local};
use web_sys::File;

use crate::{
    api::{Failure, imports::Import, out_of_reach, upload},
    i18n,
    screen::Screen,
    state::app,
    t,
    ui::{icon::icon, progress::progress},
};

/// File names the browser offers first.
const ACCEPT: &str = ".csv,.tsv,.txt,.xlsx,.xlsm,.xls,.xlsb,.ods";

#[derive(Clone, Copy)]
struct Sending {
    resource: &'static Resource,
    name: RwSignal<Option<String>>,
    percent: RwSignal<i64>,
    failure: RwSignal<Option<Failure>>,
}

/// The panel of the first step.
pub fn panel(resource: &'static Resource) -> AnyView {
    let sending =
        Sending { resource, name: RwSignal::new(None), percent: RwSignal::new(0), failure: RwSignal::new(None) };
    let over = RwSignal::new(false);
    let drop = move |event: DragEvent| {
        event.prevent_default();
        over.set(false);
        send(sending, upload::dropped(&event));
    };
    let drag = move |event: DragEvent| {
        event.prevent_default();
        over.set(true);
    };
    let inside = move || match sending.name.get() {
        Some(name) => under_way(sending, name),
        None => chooser(sending),
    };
    view! {
        <section class="panel p-4" aria-label=t!("import.step_file")>
            <div
                class="grid min-h-72 place-items-center rounded-xl border-2 border-dashed border-field p-6 text-center"
                class:bg-active=over
                class:border-primary=over
                on:dragover=drag
                on:dragleave=move |_| over.set(false)
                on:drop=drop
            >
                {inside}
            </div>
            {move || sending.failure.get().map(|failure| refused(&failure))}
        </section>
    }
    .into_any()
}

fn chooser(sending: Sending) -> AnyView {
    let field = NodeRef::<Input>::new();
    let choose = move |_| {
        if let Some(field) = field.get_untracked() {
            field.click();
        }
    };
    let chosen = move |_| {
        if let Some(field) = field.get_untracked() {
            send(sending, upload::files_of(&field));
        }
    };
    view! {
        <div class="grid justify-items-center gap-2">
            <span class="empty-art">{icon("file-spreadsheet", "i i-xl")}</span>
            <h2 class="text-base font-semibold">{t!("import.drop")}</h2>
            <p class="max-w-100 text-sm text-ink-2">{t!("import.formats", what = i18n::resources(sending.resource))}</p>
            <input type="file" accept=ACCEPT class="hidden" tabindex="-1" aria-hidden="true" node_ref=field on:change=chosen />
            <button type="button" class="btn btn-primary mt-2" on:click=choose>{icon("upload", "i")} {t!("import.choose")}</button>
            <p class="hint mt-1">{t!("import.nothing_yet")}</p>
        </div>
    }
    .into_any()
}

fn under_way(sending: Sending, name: String) -> AnyView {
    let label = t!("documents.sending", name = name);
    let words = label.clone();
    // Sent is not yet read: the last step belongs to the server.
    let state =
        move || if sending.percent.get() < 100 { format!("{}%", sending.percent.get()) } else { t!("import.reading") };
    let bar = move || progress(Some(sending.percent.get()).filter(|percent| *percent < 100), label.clone());
    view! {
        <div class="grid w-full max-w-100 justify-items-center gap-3" role="status">
            <p class="max-w-full truncate text-sm font-medium">{words}</p>
            {bar}
            <p class="hint num">{state}</p>
        </div>
    }
    .into_any()
}

fn refused(failure: &Failure) -> AnyView {
    let why = failure.detail.as_deref().map_or_else(|| failure.message(), ToOwned::to_owned);
    view! { <p class="notice notice-danger mt-4" role="alert">{icon("circle-alert", "i")} {why}</p> }.into_any()
}

fn send(sending: Sending, files: Vec<File>) {
    let Some(file) = files.into_iter().next() else { return };
    if sending.name.with_untracked(Option::is_some) {
        return;
    }
    sending.failure.set(None);
    sending.percent.set(0);
    sending.name.set(Some(file.name()));
    spawn_local(async move {
        match deliver(sending, &file).await {
            Ok(import) => app().nav.to(&Screen::ImportRun(import.id).path()),
            Err(failure) => {
                sending.name.try_set(None);
                sending.failure.try_set(Some(failure));
            }
        }
    });
}

async fn deliver(sending: Sending, file: &File) -> Result<Import, Failure> {
    let form = upload::form("file", file)?;
    form.append_with_str("resource", sending.resource.name).map_err(|_| out_of_reach())?;
    let progress = Rc::new(move |percent| {
        sending.percent.try_set(percent);
    });
    upload::send("/imports", &form, progress).await
}
