//! Buttons, icons, chips, people, and what stands where content is missing.

use conexao_domain::kernel::flow::Tone;
use leptos::prelude::*;

use super::{Section, doc::doc_of, row};
use crate::{
    api::out_of_reach,
    ui::{
        avatar::{avatar, face},
        chip::{chip, tag, tag_strong},
        empty::{empty, failed},
        icon::{glyph, icon, logo},
        progress::progress,
        skeleton,
        tabs::{Tab, tabs},
    },
};

const TONES: [(Tone, &str); 7] = [
    (Tone::New, "Pendente"),
    (Tone::Progress, "Gerado"),
    (Tone::Waiting, "Aguardando logística reversa"),
    (Tone::Success, "Conferido"),
    (Tone::Danger, "Vencida"),
    (Tone::Neutral, "Inativo"),
    (Tone::Muted, "Cancelado"),
];

pub fn sections() -> Vec<Section> {
    vec![buttons(), icons(), chips(), avatars(), notices(), places(), bars(), tab_rows()]
}

fn button(class: &'static str, label: &'static str) -> AnyView {
    view! { <button type="button" class=class>{label}</button> }.into_any()
}

fn buttons() -> Section {
    let off = |class: &'static str, label: &'static str| {
        view! { <button type="button" class=class disabled=true>{label}</button> }.into_any()
    };
    let with = |class: &'static str, art: &'static str, label: &'static str| {
        view! { <button type="button" class=class>{icon(art, "i")} {label}</button> }.into_any()
    };
    let alone = |class: &'static str, art: &'static str, label: &'static str| {
        view! { <button type="button" class=class aria-label=label title=label>{icon(art, "i")}</button> }.into_any()
    };
    let states = vec![
        (
            "kinds",
            row(vec![
                button("btn btn-primary", "Gerar pedido"),
                button("btn btn-line", "Editar"),
                button("btn btn-quiet", "Cancelar"),
                button("btn btn-error", "Cancelar troca"),
                button("btn btn-danger-quiet", "Excluir"),
            ]),
        ),
        (
            "small",
            row(vec![
                with("btn btn-sm btn-primary", "plus", "Nova garantia"),
                with("btn btn-sm btn-line", "download", "Exportar"),
                button("btn btn-xs btn-line", "Tentar de novo"),
            ]),
        ),
        ("disabled", row(vec![off("btn btn-primary", "Gerar pedido"), off("btn btn-line", "Editar")])),
        (
            "icon alone",
            row(vec![alone("icon-btn", "ellipsis", "Mais ações"), alone("icon-btn icon-btn-sm", "pencil", "Editar")]),
        ),
    ];
    let doc = "Buttons are classes: one primary a region, an outline for what stands beside it, quiet for what may be \
               overlooked, red where it cannot be taken back. The label is a verb.";
    Section { id: "button", name: "Button", doc: doc.to_owned(), states }
}

fn icons() -> Section {
    let sizes = ["i i-xs", "i i-sm", "i", "i i-md", "i i-lg", "i i-xl"].map(|class| icon("package", class));
    let tones = TONES.map(|(tone, _)| glyph(tone.name()));
    let states = vec![("sizes", row(sizes.into())), ("glyphs of states", row(tones.into())), ("mark", logo("h-8 w-8"))];
    Section { id: "icon", name: "Icon", doc: doc_of!("ui/icon.rs"), states }
}

fn chips() -> Section {
    let tones = TONES.map(|(tone, label)| chip(tone, label.to_owned()));
    let states = vec![
        ("tones", row(tones.into())),
        ("tags", row(vec![tag("Mercado Livre".to_owned()), tag_strong("GR1".to_owned())])),
    ];
    Section { id: "chip", name: "Chip and tag", doc: doc_of!("ui/chip.rs"), states }
}

fn avatars() -> Section {
    let names = ["Helena Vale", "Inácio Ramos", "Guiomar Luz", "Flora Batista", "Lúcio Prado"];
    let states = vec![
        ("alone", row(names.map(|name| avatar(None, name)).into())),
        ("sizes", row(["", "ava-md", "ava-lg", "ava-xl"].map(|size| face(None, "Helena Vale", size)).into())),
    ];
    Section { id: "avatar", name: "Avatar", doc: doc_of!("ui/avatar.rs"), states }
}

fn notices() -> Section {
    let one = |(class, art, text): (&'static str, &'static str, &'static str)| {
        view! { <p class=class>{icon(art, "i")} <span>{text}</span></p> }.into_any()
    };
    let all = [
        ("notice", "circle-help", "Nada foi bloqueado ainda."),
        ("notice notice-new", "bell", "Três novas garantias chegaram."),
        ("notice notice-waiting", "clock", "Falta receber a devolução."),
        ("notice notice-danger", "circle-alert", "O prazo passou há 6 dias."),
        ("notice notice-success", "check", "Tudo conferido."),
    ];
    let states =
        vec![("tones", view! { <div class="grid gap-2">{all.map(one).into_iter().collect_view()}</div> }.into_any())];
    let doc = "A notice is one line with at most one action, above the content it concerns.";
    Section { id: "notice", name: "Notice", doc: doc.to_owned(), states }
}

fn places() -> Section {
    let create = button("btn btn-sm btn-primary", "Nova garantia");
    let first = empty(
        "package",
        "Nenhuma garantia".to_owned(),
        "Registre a primeira ou importe uma planilha.".to_owned(),
        create,
    );
    let clear = button("btn btn-sm btn-line", "Limpar filtros");
    let none = empty("search-x", "Nada encontrado".to_owned(), "Nenhum registro com estes filtros.".to_owned(), clear);
    let states = vec![
        ("first use", first),
        ("no result", none),
        ("failed", failed("Não foi possível carregar".to_owned(), &out_of_reach(), || {})),
    ];
    Section { id: "empty", name: "Empty and failed", doc: doc_of!("ui/empty.rs"), states }
}

fn bars() -> Section {
    let states = vec![
        ("progress", progress(Some(64), "Importação".to_owned())),
        ("progress without a figure", progress(None, "Preparando".to_owned())),
        ("skeleton", skeleton::lines(4)),
    ];
    let doc = format!("{} {}", doc_of!("ui/progress.rs"), doc_of!("ui/skeleton.rs"));
    Section { id: "progress", name: "Progress and skeleton", doc, states }
}

fn tab_rows() -> Section {
    let all = vec![
        Tab::new("activity", "Atividade".to_owned()),
        Tab { count: Some(Signal::derive(|| "3".to_owned())), ..Tab::new("comments", "Comentários".to_owned()) },
        Tab::new("audit", "Auditoria".to_owned()),
    ];
    let states = vec![("one chosen", tabs("Histórico".to_owned(), all, RwSignal::new("comments")))];
    Section { id: "tabs", name: "Tabs", doc: doc_of!("ui/tabs.rs"), states }
}
