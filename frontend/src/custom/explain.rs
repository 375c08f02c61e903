//! Why somebody may or may not do something.

use std::sync::Arc;

use conexao_domain::{
    identity::{
        role::{ROLE, Scope},
        user::USER,
    },
    kernel::{flow::Tone, resource::VERBS},
    registry::{ADMINISTRATION, RESOURCES},
};
use leptos::prelude::*;

use super::missing;
use crate::{
    api::{
        Params,
        audit::{self, Explained, GrantingRole},
        records,
    },
    i18n,
    screen::{Screen, record_path},
    state::app,
    t,
    ui::{
        chip::chip,
        control::combo::{Combo, combo},
        empty::{empty, failed},
        load::Load,
        skeleton,
        title::title,
    },
};

/// The page; user and permission stand in the address.
pub fn page() -> AnyView {
    if !app().session.may(&ROLE, "read") {
        return missing::page();
    }
    let here = || Screen::parse(&app().nav.path()) == Screen::Why;
    let wanted = Memo::new(move |before: Option<&(String, String)>| {
        let params = Params::parse(&app().nav.search());
        let get = |name: &str| params.get(name).unwrap_or_default().to_owned();
        if here() { (get(WHO), get(WHAT)) } else { before.cloned().unwrap_or_default() }
    });
    let load = Load::<Explained>::new();
    let ask = move || {
        let (user, permission) = wanted.get();
        if !permission.is_empty() {
            load.run(async move { audit::explain(&user, &permission).await });
        }
    };
    Effect::new(ask);
    let shown = move || match load.answer.get() {
        _ if wanted.read().1.is_empty() => empty("circle-help", t!("why.choose"), t!("why.choose_text"), ().into_any()),
        Some(Ok(explained)) => answer(&explained),
        Some(Err(failure)) => failed(t!("why.not_loaded"), &failure, ask),
        None if load.slow.get() => skeleton::lines(4),
        None => ().into_any(),
    };
    view! {
        <div class="page-head">
            <div>
                {title(t!("why.title"))}
                <p class="page-sub">{t!("why.text")}</p>
            </div>
        </div>
        <div class="panel panel-body grid gap-3 sm:grid-cols-2">{who(wanted)} {what(wanted)}</div>
        <section class="panel mt-3" aria-label=t!("why.answer") aria-live="polite">{shown}</section>
    }
    .into_any()
}

/// Parameters of the address.
const WHO: &str = "usuario";
const WHAT: &str = "permissao";

fn set(name: &str, value: &str) {
    let params = Params::parse(&untrack(|| app().nav.search())).with(name, value);
    app().nav.query(&params.text(), true);
}

fn who(wanted: Memo<(String, String)>) -> AnyView {
    if !app().session.may(&USER, "read") {
        return ().into_any();
    }
    let named = RwSignal::new((String::new(), String::new()));
    let shown = Signal::derive(move || {
        let (id, _) = wanted.get();
        let (known, name) = named.get();
        match (id.is_empty(), known == id) {
            (true, _) => String::new(),
            (false, true) => name,
            (false, false) => id,
        }
    });
    // An address that somebody passed on names only the id.
    let (id, _) = wanted.get_untracked();
    if !id.is_empty() {
        leptos::task::spawn_local(async move {
            if let Ok(user) = records::get(&USER, &id).await {
                named.set((id, user.text(USER.title).unwrap_or_default().to_owned()));
            }
        });
    }
    let choose = move |chosen: Option<records::Mention>| {
        let id = chosen.as_ref().map(|chosen| chosen.id.clone()).unwrap_or_default();
        named.set((id.clone(), chosen.map(|chosen| chosen.title).unwrap_or_default()));
        set(WHO, &id);
    };
    let find = Arc::new(move |text: String| -> std::pin::Pin<Box<dyn Future<Output = _>>> {
        Box::pin(async move { records::lookup(&USER, &text).await })
    });
    let field = combo(Combo {
        id: "why-user".to_owned(),
        class: Signal::stored("input max-md:h-11".to_owned()),
        placeholder: t!("why.me"),
        shown,
        find,
        choose: Arc::new(choose),
        disabled: false,
        invalid: Signal::stored(None),
        described: String::new(),
        create: None,
    });
    view! { <div class="field"><label for="why-user">{t!("why.user")}</label>{field}</div> }.into_any()
}

/// Every permission by its words, e.g. "Clientes: Editar".
fn permissions() -> Vec<(String, String)> {
    let mut all = Vec::new();
    for resource in RESOURCES {
        let named = |label: String| format!("{}: {label}", i18n::resources(resource));
        all.extend(VERBS.iter().map(|verb| (format!("{}.{verb}", resource.name), named(i18n::verb(verb)))));
        let steps = resource.flow.map(|flow| flow.steps).unwrap_or_default();
        let steps =
            steps.iter().map(|s| (format!("{}.{}", resource.name, s.name), named(i18n::step(resource.name, s.name))));
        all.extend(steps);
    }
    all.extend(ADMINISTRATION.iter().map(|name| ((*name).to_owned(), i18n::permission(name))));
    all
}

fn what(wanted: Memo<(String, String)>) -> AnyView {
    let all = StoredValue::new(permissions());
    let shown = Signal::derive(move || {
        let (_, permission) = wanted.get();
        all.with_value(|all| all.iter().find(|(name, _)| *name == permission).map(|(_, label)| label.clone()))
            .unwrap_or(permission)
    });
    let find = Arc::new(move |text: String| -> std::pin::Pin<Box<dyn Future<Output = _>>> {
        let text = conexao_domain::kernel::value::fold(&text);
        let fits = |(name, label): &&(String, String)| {
            let label = conexao_domain::kernel::value::fold(label);
            text.split_whitespace().all(|word| label.contains(word) || name.contains(word))
        };
        let mention = |(name, label): &(String, String)| records::Mention {
            id: name.clone(),
            resource: String::new(),
            title: label.clone(),
            subtitle: Some(name.clone()),
            field: None,
        };
        let found = all.with_value(|all| all.iter().filter(fits).take(12).map(mention).collect::<Vec<_>>());
        Box::pin(async move { Ok(found) })
    });
    let choose = move |chosen: Option<records::Mention>| {
        set(WHAT, &chosen.map(|chosen| chosen.id).unwrap_or_default());
    };
    let field = combo(Combo {
        id: "why-permission".to_owned(),
        class: Signal::stored("input max-md:h-11".to_owned()),
        placeholder: t!("why.permission_hint"),
        shown,
        find,
        choose: Arc::new(choose),
        disabled: false,
        invalid: Signal::stored(None),
        described: String::new(),
        create: None,
    });
    view! { <div class="field"><label for="why-permission">{t!("why.permission")}</label>{field}</div> }.into_any()
}

fn answer(explained: &Explained) -> AnyView {
    let verdict = match (explained.allowed, explained.scope.as_deref(), explained.missing.as_deref()) {
        (true, Some("own"), _) => chip(Tone::Waiting, t!("why.own")),
        (true, Some("team"), _) => chip(Tone::Progress, t!("why.team")),
        (true, ..) => chip(Tone::Success, t!("why.allowed")),
        (false, _, Some("suspended")) => chip(Tone::Danger, t!("why.suspended")),
        (false, ..) => chip(Tone::Danger, t!("why.refused")),
    };
    let others = (!explained.allowed && !explained.would_grant.is_empty())
        .then(|| table(t!("why.would_grant"), &explained.would_grant));
    view! {
        <header class="panel-head">
            <h2 class="panel-title">{t!("why.answer")}</h2>
            {verdict}
            <code class="mono ml-auto text-xs max-md:hidden">{explained.permission.clone()}</code>
        </header>
        {table(t!("why.roles"), &explained.roles)} {lent(explained)} {others}
    }
    .into_any()
}

/// Absent people in whose place it may be done.
fn lent(explained: &Explained) -> Option<AnyView> {
    let rows = explained.standing_in.iter().map(|one| {
        let until = one.until.parse().map(crate::format::date).unwrap_or_default();
        view! { <li>{t!("absences.in_place_until", name = one.name.clone(), until = until)}</li> }
    });
    let rows = rows.collect_view();
    (!explained.standing_in.is_empty())
        .then(|| view! { <ul class="border-t border-line px-4 py-2.5 text-sm">{rows}</ul> }.into_any())
}

fn table(heading: String, roles: &[GrantingRole]) -> AnyView {
    let rows = roles.iter().map(|role| {
        let path = record_path(ROLE.name, &role.id).unwrap_or_default();
        let reach = super::roles::reach_word(Scope::parse(&role.scope));
        let grants = if role.grants.is_empty() { t!("why.no_grant") } else { role.grants.join(", ") };
        view! {
            <tr>
                <td><a class="lnk" href=path>{role.name.clone()}</a></td>
                <td>{reach}</td>
                <td class="mono text-xs">{grants}</td>
            </tr>
        }
    });
    view! {
        <div class="tbl-wrap" tabindex="0" role="region" aria-label=heading.clone()>
            <table class="tbl tbl-compact">
                <thead>
                    <tr>
                        <th scope="col">{heading.clone()}</th>
                        <th scope="col">{t!("why.scope")}</th>
                        <th scope="col">{t!("why.grants")}</th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}
