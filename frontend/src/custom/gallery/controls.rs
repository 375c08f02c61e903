//! The control of every kind of field, empty, filled in, wrong and locked. The
//! fields are those of the registry, so a new kind shows up by itself.

use std::collections::BTreeSet;

use conexao_domain::{
    kernel::field::{Field, Kind},
    registry::RESOURCES,
};
use leptos::prelude::*;
use serde_json::{Value as Json, json};

use super::{Section, doc::doc_of};
use crate::ui::{
    control::{Control, control},
    otp,
};

pub fn sections() -> Vec<Section> {
    let mut states =
        kinds().into_iter().map(|(owner, field)| (field.kind.name(), four(owner, field))).collect::<Vec<_>>();
    states.push(("code of a second factor", code()));
    vec![Section { id: "control", name: "Control", doc: doc_of!("ui/control/mod.rs"), states }]
}

/// One field of each kind that forms have.
fn kinds() -> Vec<(&'static str, &'static Field)> {
    let mut known = BTreeSet::new();
    let all = RESOURCES.iter().flat_map(|resource| resource.fields.iter().map(|field| (resource.name, field)));
    all.filter(|(_, field)| !matches!(field.kind, Kind::Lines(_) | Kind::State) && known.insert(field.kind.name()))
        .collect()
}

fn four(owner: &'static str, field: &'static Field) -> AnyView {
    let one = |state: &str, value: Json, error: Option<&'static str>, locked: bool| {
        let id = format!("gallery-{}-{state}", field.kind.name());
        let error = Signal::derive(move || error.map(str::to_owned));
        let mut made = Control::new(owner, field, id, RwSignal::new(value), error);
        made.locked = locked;
        made.required = state == "empty";
        control(made)
    };
    let value = sample(field.kind);
    view! {
        <div class="grid gap-4 sm:grid-cols-2 xl:grid-cols-4">
            {one("empty", Json::Null, None, false)}
            {one("filled", value.clone(), None, false)}
            {one("wrong", value.clone(), Some("Confira este valor."), false)}
            {one("locked", value, None, true)}
        </div>
    }
    .into_any()
}

/// A value of each kind.
fn sample(kind: Kind) -> Json {
    match kind {
        Kind::Integer { min, .. } => json!(min.max(7)),
        Kind::Money => json!(123_456),
        Kind::Rate => json!(1_250),
        Kind::Quantity => json!(1_500),
        Kind::Boolean => json!(true),
        Kind::Date => json!("2026-11-19"),
        Kind::Instant => json!("2026-11-19T18:47:00.000Z"),
        Kind::CpfCnpj => json!("52998224725"),
        Kind::Phone => json!("+5511900000000"),
        Kind::Cep => json!("01310100"),
        Kind::Email => json!("capitu@exemplo.com.br"),
        Kind::Uf => json!("SP"),
        Kind::Municipality => json!("3550308"),
        Kind::Choice(words) => words.first().map_or(Json::Null, |word| json!(word)),
        Kind::Tags => json!(["vip", "sul"]),
        Kind::LongText { .. } => json!("Cliente pede retorno depois das 14h.\nTrocar a fonte."),
        Kind::Text { .. } => json!("Casa Verde Clínica Ltda."),
        Kind::Reference(_) | Kind::User | Kind::Lines(_) | Kind::State => Json::Null,
    }
}

/// The six figures of a code; they take the focus, so they wait for a click.
fn code() -> AnyView {
    let shown = RwSignal::new(false);
    let one = |id: &'static str, value: &str, bad: bool| {
        view! {
            <div class="field max-w-80">
                <label for=id>"Código"</label>
                {otp::otp(id, RwSignal::new(value.to_owned()), Signal::derive(move || bad), "gallery-otp-hint")}
            </div>
        }
    };
    let all = move || {
        view! {
            <div class="grid gap-4">
                {one("gallery-otp-empty", "", false)} {one("gallery-otp-filled", "204816", false)} {one("gallery-otp-wrong", "204816", true)}
                <p id="gallery-otp-hint" class="hint">"Seis algarismos."</p>
            </div>
        }
    };
    let button = move || {
        view! { <button type="button" class="btn btn-sm btn-line" on:click=move |_| shown.set(true)>"Mostrar o código"</button> }
    };
    let either = move || if shown.get() { all().into_any() } else { button().into_any() };
    either.into_any()
}
