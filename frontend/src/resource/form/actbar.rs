//! The bar at the foot of a form: leave, save.

use conexao_domain::registry;
use leptos::prelude::*;

use super::save::{Saving, Then};
use crate::{screen::Screen, state::app, t};

pub fn actbar(saving: Saving) -> AnyView {
    let form = saving.form;
    let resource = form.resource();
    let base = form.base();
    let way_out = match registry::by_name(resource.name) {
        None => Screen::Home,
        Some(_) if form.is_new() => Screen::List(resource),
        Some(_) => Screen::Detail(resource, base.id().to_owned()),
    };
    let leave = move |_| app().nav.to(&way_out.path());
    let again = form.is_new().then(|| {
        view! {
            <button
                type="button"
                class="btn btn-sm btn-line max-md:hidden"
                disabled=saving.busy
                on:click=move |_| saving.save(Then::Again)
            >
                {t!("form.create_again")}
            </button>
        }
    });
    view! {
        <div class="actbar">
            <div>
                <button type="button" class="btn btn-sm btn-line max-md:h-11" on:click=leave>{t!("form.leave")}</button>
                <span class="hint max-lg:hidden">{t!("form.leave_hint")}</span>
                <span class="ml-auto"></span>
                {again}
                <button
                    type="button"
                    class="btn btn-sm btn-primary max-md:h-11"
                    disabled=saving.busy
                    on:click=move |_| saving.save(Then::Open)
                >
                    {saving.label()}
                    <span class="max-md:hidden">
                        <kbd class="kbd border-current/40 bg-transparent text-inherit">"Ctrl"</kbd> " "
                        <kbd class="kbd border-current/40 bg-transparent text-inherit">"↵"</kbd>
                    </span>
                </button>
            </div>
        </div>
    }
    .into_any()
}
