//! What opens over the page, and the messages at its foot. Each stands behind a
//! button, since it takes the focus.

use std::sync::Arc;

use leptos::prelude::*;

use super::{Section, doc::doc_of, row};
use crate::{
    api::out_of_reach,
    ui::{
        icon::icon,
        overlay::{Close, Dialog, dialog, sheet, sheet_head},
        popover::{Item, Trigger, menu, popover},
        toast,
    },
};

pub fn sections() -> Vec<Section> {
    vec![popovers(), dialogs(), toasts()]
}

fn popovers() -> Section {
    let trigger = |label: &'static str| Trigger {
        class: "btn btn-sm btn-line",
        label: None,
        inside: view! { {label} {icon("chevron-down", "i i-sm")} }.into_any(),
    };
    let items = || {
        vec![
            Item::new("pencil", "Editar".to_owned(), || {}),
            Item::new("check", "Confortável".to_owned(), || {}).chosen(true),
            Item::new("check", "Compacta".to_owned(), || {}).chosen(false),
            Item::new("route", "Gerar pedido".to_owned(), || {}).refused("A devolução ainda não chegou.".to_owned()),
            Item::new("trash-2", "Excluir".to_owned(), || {}).danger(),
        ]
    };
    let content = |_| view! { <p class="p-4 text-sm">"Qualquer conteúdo, com o foco dentro."</p> }.into_any();
    let states = vec![
        ("menu", menu(trigger("Abrir opções"), "left-0 top-9 w-60", items)),
        ("box", popover(trigger("Abrir caixa"), "left-0 top-9 w-60", content)),
    ];
    Section { id: "popover", name: "Popover and menu", doc: doc_of!("ui/popover.rs"), states }
}

fn dialogs() -> Section {
    let open = RwSignal::new(None::<bool>);
    let close: Close = Arc::new(move || open.set(None));
    let shown = move || open.get().map(|is_dialog| if is_dialog { decision(&close) } else { drawer(&close) });
    let button = |label: &'static str, kind: bool| {
        view! { <button type="button" class="btn btn-sm btn-line" aria-haspopup="dialog" on:click=move |_| open.set(Some(kind))>{label}</button> }
            .into_any()
    };
    let both = row(vec![button("Abrir diálogo", true), button("Abrir gaveta", false)]);
    let states = vec![("closed", view! { {both} {shown} }.into_any())];
    Section { id: "overlay", name: "Dialog and drawer", doc: doc_of!("ui/overlay.rs"), states }
}

fn decision(close: &Close) -> AnyView {
    let (keep, go) = (Arc::clone(close), Arc::clone(close));
    let body = view! {
        <div class="field">
            <label for="gallery-reason">"Motivo"</label>
            <textarea id="gallery-reason" class="textarea" rows="2"></textarea>
        </div>
    };
    let foot = view! {
        <button type="button" class="btn btn-line" on:click=move |_| keep()>"Manter a troca"</button>
        <button type="button" class="btn btn-error" on:click=move |_| go()>"Cancelar troca"</button>
    };
    let all = Dialog {
        title: "Cancelar a troca TR-000871, de R$\u{a0}455,00?".to_owned(),
        text: "O pedido no ERP é cancelado e o cliente é avisado.".to_owned(),
        art: ("circle-alert", "bg-danger-bg text-danger-fg"),
        body: body.into_any(),
        foot: foot.into_any(),
    };
    dialog(all, Arc::clone(close))
}

fn drawer(close: &Close) -> AnyView {
    let head = view! { <h2 class="text-md font-semibold tracking-tight">"Prévia"</h2> };
    let content = view! {
        {sheet_head(head.into_any(), ().into_any(), Arc::clone(close))}
        <div class="p-4 text-sm">"GR-004091 · Aurélia Camargo"</div>
    };
    sheet("Prévia".to_owned(), content.into_any(), Arc::clone(close))
}

fn toasts() -> Section {
    let button = |label: &'static str, act: fn()| {
        view! { <button type="button" class="btn btn-sm btn-line" on:click=move |_| act()>{label}</button> }.into_any()
    };
    let all = row(vec![
        button("Dizer", || toast::say("Visão salva".to_owned())),
        button("Oferecer desfazer", || toast::undo("3 garantias atribuídas a Flora Batista".to_owned(), || {})),
        button("Avisar", || toast::warn("Escolha um arquivo de até 10 MB".to_owned())),
        button("Dizer a falha", || toast::fail(&out_of_reach())),
    ]);
    Section { id: "toast", name: "Toast", doc: doc_of!("ui/toast.rs"), states: vec![("each kind", all)] }
}
