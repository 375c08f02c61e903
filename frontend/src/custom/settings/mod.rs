//! "Configurações › Empresa": the declared settings as a form, the logos, the
//! national holidays, environments for trying things out.

mod holidays;
mod integration;
pub mod integrations;
mod logo;
mod sandbox;

use conexao_domain::settings::{COMPANY, company};
use leptos::{prelude::*, task::spawn_local};

use super::missing;
use crate::{api::auth, resource::form, state::app};

/// The permission to see and change the settings.
const MANAGE: &str = "settings.manage";

/// The page.
pub fn page() -> AnyView {
    if !app().session.can(MANAGE) {
        return missing::page();
    }
    let saved = Callback::new(|_| spawn_local(refresh()));
    form::sheet(&COMPANY, company::ID, saved, || {
        view! { <div class="grid gap-4 pb-18 xl:grid-cols-2">{logo::panel()} {holidays::panel()} {sandbox::panel()}</div> }
            .into_any()
    })
}

/// What the shell knows of the company is read again.
pub async fn refresh() {
    if let Ok(me) = auth::me().await {
        app().session.set_me(me);
    }
}
