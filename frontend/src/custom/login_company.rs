//! Which company to come in to, for people whose password is good in several.

use std::sync::Arc;

use conexao_client::model::CompanyName;
use leptos::prelude::*;

use crate::{
    t,
    ui::{icon::icon, title::title_with},
};

/// The companies as buttons, and the way back to the password.
pub fn choice(
    companies: Vec<CompanyName>,
    choose: impl Fn(String) + Send + Sync + 'static,
    back: impl Fn() + 'static,
) -> AnyView {
    let choose = Arc::new(choose);
    let one = |company: CompanyName| {
        let choose = Arc::clone(&choose);
        view! {
            <li>
                <button type="button" class="btn btn-line h-11 w-full justify-start" on:click=move |_| choose(company.slug.clone())>
                    {icon("landmark", "i")} {company.name.clone()}
                </button>
            </li>
        }
    };
    let items = companies.into_iter().map(one).collect_view();
    view! {
        {title_with(t!("login.companies"), "text-2xl font-semibold tracking-tight")}
        <p class="mt-1 text-ink-2">{t!("login.companies_text")}</p>
        <ul class="mt-7 grid gap-2">{items}</ul>
        <button type="button" class="menu-item mt-4 -mx-2.5 min-h-10" on:click=move |_| back()>{icon("arrow-left", "i")} {t!("second.back")}</button>
    }
    .into_any()
}
