//! What the views' button opens: keeping the list under a name, changing the
//! view, forgetting it.

use conexao_client::{View, ViewDraft};
use conexao_domain::identity::role::ROLE;
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};

use super::{
    model::List,
    views::{self, Views},
};
use crate::{
    api::{Params, client, records},
    state::app,
    t,
    ui::{icon::icon, toast},
};

/// The permission to keep views for others.
const SHARE: &str = "view.share";

/// What the form holds.
#[derive(Clone, Copy)]
struct Form {
    list: List,
    kept: Views,
    name: RwSignal<String>,
    shared: RwSignal<bool>,
    role: RwSignal<String>,
    error: RwSignal<Option<String>>,
    open: RwSignal<bool>,
}

/// The form; of the view that is on the screen, or for a new one.
pub fn content(list: List, kept: Views, view: Option<View>, open: RwSignal<bool>) -> AnyView {
    let form = Form {
        list,
        kept,
        name: RwSignal::new(view.as_ref().map(|view| view.name.clone()).unwrap_or_default()),
        shared: RwSignal::new(view.as_ref().is_some_and(|view| view.shared)),
        role: RwSignal::new(view.as_ref().and_then(|view| view.role_id.clone()).unwrap_or_default()),
        error: RwSignal::new(None),
        open,
    };
    let share = app().session.can(SHARE);
    // Somebody else's is only looked at; one's own name for it makes a new one.
    let own = view.filter(|view| view.mine || share);
    let id = StoredValue::new(own.as_ref().map(|view| view.id.clone()));
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        keep(&form, id.get_value());
    };
    let title = if own.is_some() { t!("views.edit") } else { t!("views.keep") };
    let forget = own.map(|view| {
        view! {
            <button type="button" class="btn btn-sm btn-quiet mr-auto text-danger-fg" on:click=move |_| remove(&form, view.id.clone())>
                {icon("trash-2", "i")} {t!("views.forget")}
            </button>
        }
    });
    view! {
        <form class="grid gap-3" on:submit=submit>
            <h2 class="text-sm font-semibold">{title}</h2>
            <div class="field">
                <label for="view-name">{t!("views.name")}</label>
                <input
                    id="view-name"
                    class="input input-sm max-md:h-11"
                    maxlength="60"
                    required
                    autocomplete="off"
                    aria-describedby="view-error"
                    prop:value=form.name
                    on:input=move |event| form.name.set(event_target_value(&event))
                />
                <p id="view-error" class="field-err" role="alert">{move || form.error.get()}</p>
            </div>
            <p class="hint">{t!("views.what")}</p>
            {share.then(|| sharing(&form))}
            <div class="flex justify-end gap-2">
                {forget}
                <button type="submit" class="btn btn-sm btn-primary">{t!("views.save")}</button>
            </div>
        </form>
    }
    .into_any()
}

/// For whom it is kept besides oneself.
fn sharing(form: &Form) -> AnyView {
    let Form { shared, role, .. } = *form;
    let roles = RwSignal::new(Vec::<(String, String)>::new());
    if app().session.may(&ROLE, "read") {
        spawn_local(async move {
            let params = Params::default().with("limit", "200");
            let Ok(page) = records::list(&ROLE, &params).await else { return };
            let named =
                page.items.iter().map(|role| (role.id().to_owned(), role.text("name").unwrap_or_default().to_owned()));
            roles.try_set(named.collect());
        });
    }
    let options = move || {
        let option = |(id, name): (String, String)| {
            let own = id.clone();
            view! { <option value=id selected=move || role.get() == own>{name}</option> }
        };
        roles.get().into_iter().map(option).collect_view()
    };
    view! {
        <label class="flex items-center gap-2 text-sm">
            <input
                type="checkbox"
                class="checkbox checkbox-sm"
                prop:checked=shared
                on:change=move |event| shared.set(event_target_checked(&event))
            />
            {t!("views.shared")}
        </label>
        <div class="field">
            <label for="view-role">{t!("views.role")}</label>
            <select
                id="view-role"
                class="select select-sm max-md:h-11"
                on:change=move |event| role.set(event_target_value(&event))
            >
                <option value="" selected=move || role.get().is_empty()>{t!("views.no_role")}</option>
                {options}
            </select>
        </div>
    }
    .into_any()
}

fn keep(form: &Form, id: Option<String>) {
    let form = *form;
    let list = form.list;
    let columns = list.columns.read_untracked().iter().map(|column| column.field.name.to_owned()).collect();
    let share = app().session.can(SHARE);
    let role = form.role.get_untracked();
    let draft = ViewDraft {
        resource: id.is_none().then(|| list.resource.name.to_owned()),
        name: Some(form.name.get_untracked()),
        query: Some(list.query.get_untracked().ordered().text()),
        columns: Some(columns),
        shared: share.then(|| form.shared.get_untracked()),
        role_id: share.then_some(Some(role).filter(|role| !role.is_empty())),
    };
    spawn_local(async move {
        let client = client();
        let kept = match &id {
            Some(id) => client.views().change(id, &draft).await,
            None => client.views().create(&draft).await,
        };
        match kept {
            Ok(view) => {
                toast::say(t!("views.kept", name = view.name));
                form.kept.picked.set(Some(view.id));
                form.open.set(false);
                views::fetch(list, form.kept).await;
            }
            Err(failure) => form.error.set(Some(failure.to_string())),
        }
    });
}

fn remove(form: &Form, id: String) {
    let form = *form;
    spawn_local(async move {
        match client().views().delete(&id).await {
            Ok(()) => {
                toast::say(t!("views.forgotten"));
                form.kept.picked.set(None);
                form.open.set(false);
                views::fetch(form.list, form.kept).await;
            }
            Err(failure) => toast::fail(&failure),
        }
    });
}
