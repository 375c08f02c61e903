//! References to other records, people and places, found while typing.

use std::sync::Arc;

use conexao_domain::{kernel::resource::Resource, registry};
use leptos::prelude::*;
use serde_json::Value as Json;

use super::{
    Control,
    combo::{Choose, Combo, Create, Find, combo},
    recent,
};
use crate::{
    api::{places, records, records::Mention},
    i18n,
    resource::form::quick,
    state::app,
    t,
    ui::overlay::Close,
};

/// A record of another resource, or a person of the team.
pub fn reference(control: Control, resource: &'static str) -> AnyView {
    let Some(resource) = registry::by_name(resource) else { return super::text::line(control) };
    let me = (resource.name == "user" && !control.locked).then(|| me(&control));
    let making = RwSignal::new(None::<String>);
    let create = (may_create(resource) && !control.locked)
        .then(|| Create { label: i18n::new_resource(resource), open: Arc::new(move |typed| making.set(Some(typed))) });
    let (value, mention) = (control.value, control.mention);
    let taken = Callback::new(move |made: Mention| {
        recent::note(resource, &made.id);
        value.set(made.id.clone().into());
        mention.set(Some(made));
        making.set(None);
    });
    let combo = found(control, finder(resource), t!("control.search"), create, Some(resource));
    let close: Close = Arc::new(move || making.set(None));
    let dialog = move || making.get().map(|typed| quick::drawer(resource, &typed, taken, Arc::clone(&close)));
    view! { {combo} {me} {dialog} }.into_any()
}

/// Whether one of these is made in place: the company's own records, and not
/// from within another that is being made so.
fn may_create(resource: &'static Resource) -> bool {
    !resource.area.is_administration() && app().session.may(resource, "create") && !quick::is_inside()
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

/// By text; without one, what the person chose last.
fn finder(resource: &'static Resource) -> Find {
    Arc::new(move |text| {
        Box::pin(async move {
            if text.trim().is_empty() {
                Ok(recent::all(resource).await)
            } else {
                records::lookup(resource, &text).await
            }
        })
    })
}

/// A municipality; its value is the seven-digit code. Those of the state that
/// is known come first, and before anything is typed; others are still found.
pub fn municipality(control: Control) -> AnyView {
    let within = control.within;
    let find: Find = Arc::new(move |text| {
        let uf = within.get_untracked();
        Box::pin(async move {
            let near = match uf {
                Some(uf) => places::municipalities(&text, uf.as_str()).await?,
                None => Vec::new(),
            };
            let far = !text.trim().is_empty() && near.len() < ENOUGH;
            let mut all: Vec<Mention> = near.into_iter().map(place).collect();
            if far {
                let others = places::municipalities(&text, "").await?.into_iter().map(place);
                let new: Vec<Mention> = others.filter(|one| all.iter().all(|known| known.id != one.id)).collect();
                all.extend(new);
            }
            Ok(all)
        })
    });
    found(control, find, t!("control.municipality"), None, None)
}

/// With as many in the state itself, nobody looks further.
const ENOUGH: usize = 5;

fn place(place: places::Municipality) -> Mention {
    Mention {
        id: place.code,
        resource: String::new(),
        title: format!("{}/{}", place.name, place.uf),
        subtitle: None,
        field: None,
    }
}

fn found(
    control: Control,
    find: Find,
    placeholder: String,
    create: Option<Create>,
    remembered: Option<&'static Resource>,
) -> AnyView {
    let (value, mention) = (control.value, control.mention);
    // A name belongs to its id: when another value is set from outside, the id shows.
    let shown = Signal::derive(move || {
        let id = value.get().as_str().unwrap_or_default().to_owned();
        match mention.get() {
            Some(mention) if mention.id == id => mention.title,
            _ => id,
        }
    });
    let choose: Choose = Arc::new(move |chosen: Option<Mention>| {
        if let Some((resource, chosen)) = remembered.zip(chosen.as_ref()) {
            recent::note(resource, &chosen.id);
        }
        value.set(chosen.as_ref().map_or(Json::Null, |chosen| chosen.id.clone().into()));
        mention.set(chosen);
    });
    combo(Combo {
        class: control.class("input max-md:h-11"),
        invalid: control.invalid(),
        described: control.described(),
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
