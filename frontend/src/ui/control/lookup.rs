//! References to other records, people and places, found while typing.

use std::sync::Arc;

use conexao_domain::{kernel::resource::Resource, registry};
use leptos::prelude::*;
use serde_json::Value as Json;

use super::{
    Control,
    combo::{Choose, Combo, Find, combo},
};
use crate::{
    api::{places, records, records::Mention},
    i18n,
    screen::Screen,
    state::app,
    t,
};

/// A record of another resource, or a person of the team.
pub fn reference(control: Control, resource: &'static str) -> AnyView {
    let Some(resource) = registry::by_name(resource) else { return super::text::line(control) };
    let me = (resource.name == "user" && !control.locked).then(|| me(&control));
    let create = (!resource.area.is_administration() && app().session.may(resource, "create"))
        .then(|| (i18n::new_resource(resource), Screen::New(resource).path()));
    let combo = found(control, finder(resource), t!("control.search"), create);
    view! { {combo} {me} }.into_any()
}

/// The shortest way to the most usual person.
fn me(control: &Control) -> AnyView {
    let (value, mention) = (control.value, control.mention);
    let choose = move |_| {
        let Some(me) = app().session.me() else { return };
        let (id, title) = (me.user.id.clone(), me.user.name.clone());
        mention.set(Some(Mention { id: id.clone(), resource: "user".into(), title, subtitle: None, field: None }));
        value.set(id.into());
    };
    let mine = move || value.with(|value| value.as_str() == Some(app().session.user_id().as_str()));
    view! {
        <p class="hint" class:hidden=mine>
            <button type="button" class="lnk" on:click=choose>{t!("control.me")}</button>
        </p>
    }
    .into_any()
}

fn finder(resource: &'static Resource) -> Find {
    Arc::new(move |text| Box::pin(async move { records::lookup(resource, &text).await }))
}

/// A municipality; its value is the seven-digit code.
pub fn municipality(control: Control) -> AnyView {
    let find: Find = Arc::new(|text| {
        Box::pin(async move {
            let places = places::municipalities(&text, "").await?;
            let mention = |place: places::Municipality| Mention {
                id: place.code,
                resource: String::new(),
                title: format!("{}/{}", place.name, place.uf),
                subtitle: None,
                field: None,
            };
            Ok(places.into_iter().map(mention).collect())
        })
    });
    found(control, find, t!("control.municipality"), None)
}

fn found(control: Control, find: Find, placeholder: String, create: Option<(String, String)>) -> AnyView {
    let (value, mention) = (control.value, control.mention);
    // A name belongs to its id: when another value is set from outside, the id shows.
    let shown = Signal::derive(move || {
        let id = value.get().as_str().unwrap_or_default().to_owned();
        match mention.get() {
            Some(mention) if mention.id == id => mention.title,
            _ => id,
        }
    });
    let choose: Choose = Arc::new(move |chosen| {
        value.set(chosen.as_ref().map_or(Json::Null, |chosen| chosen.id.clone().into()));
        mention.set(chosen);
    });
    combo(Combo {
        class: control.class("input max-md:h-11"),
        invalid: control.invalid(),
        described: control.error_id(),
        id: control.id,
        placeholder,
        shown,
        find,
        choose,
        disabled: control.locked,
        create,
    })
}

/// A search for a record outside forms: merging, filters.
pub fn search_box(
    id: String,
    resource: &'static Resource,
    placeholder: String,
    choose: impl Fn(Mention) + Send + Sync + 'static,
) -> AnyView {
    combo(Combo {
        id,
        class: Signal::stored("input input-sm".to_owned()),
        placeholder,
        shown: Signal::stored(String::new()),
        find: finder(resource),
        choose: Arc::new(move |chosen| {
            if let Some(chosen) = chosen {
                choose(chosen);
            }
        }),
        disabled: false,
        invalid: Signal::stored(None),
        described: String::new(),
        create: None,
    })
}
