//! One's own photo: chosen, shown, removed.

use std::rc::Rc;

use leptos::{html::Input, prelude::*, task::spawn_local};
use serde_json::Value as Json;

use crate::{
    api::{client, upload},
    state::app,
    t,
    ui::{avatar::face, icon::icon, photos, toast},
};

/// The photo, or initials, and what can be done about it.
pub fn editor(name: &str) -> AnyView {
    let id = app().session.user_id();
    let chosen = NodeRef::<Input>::new();
    let busy = RwSignal::new(false);
    let pick = move |_| {
        if let Some(input) = chosen.get_untracked() {
            input.click();
        }
    };
    let send = move |_| {
        let Some(file) = chosen.get_untracked().and_then(|input| upload::files_of(&input).into_iter().next()) else {
            return;
        };
        busy.set(true);
        spawn_local(async move {
            let kept = match upload::form("file", &file) {
                Ok(form) => upload::send::<Json>("/me/photo", &form, Rc::new(|_| ())).await.map(drop),
                Err(failure) => Err(failure),
            };
            busy.try_set(false);
            done(kept, t!("photo.kept"));
        });
    };
    let remove = move |_| {
        busy.set(true);
        spawn_local(async move {
            let gone = client().remove_photo().await;
            busy.try_set(false);
            done(gone, t!("photo.removed"));
        });
    };
    let has = {
        let id = id.clone();
        move || photos::has(&id)
    };
    view! {
        <div class="flex items-center gap-4">
            {face(Some(&id), name, "ava-xl")}
            <div class="flex flex-wrap gap-2">
                <input type="file" class="sr-only" tabindex="-1" aria-label=t!("photo.choose") accept="image/jpeg,image/png,image/webp,image/gif" node_ref=chosen on:change=send />
                <button type="button" class="btn btn-sm btn-line max-md:h-11" disabled=busy on:click=pick>{icon("camera", "i i-sm")} {t!("photo.choose")}</button>
                {move || has().then(|| view! {
                    <button type="button" class="btn btn-sm btn-line max-md:h-11" disabled=busy on:click=remove>{t!("photo.remove")}</button>
                })}
            </div>
        </div>
    }
    .into_any()
}

fn done(result: Result<(), crate::api::Failure>, said: String) {
    match result {
        Ok(()) => {
            toast::say(said);
            photos::read_anew();
        }
        Err(failure) => toast::fail(&failure),
    }
}
