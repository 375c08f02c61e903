//! One connection: what is set, secrets by their last characters; setting,
//! testing, removing it.

use conexao_domain::{
    kernel::{
        field::{Field, Kind},
        flow::Tone,
    },
    locale,
    settings::integration::{Integration, Trial},
};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use serde_json::{Map, Value as Json};

use crate::{
    api::settings::{self, Connection, Tried},
    format, i18n,
    resource::form::state::sentence,
    t,
    ui::{
        chip::chip,
        control::{Control, control},
        icon::icon,
        toast,
    },
};

/// What a card holds while somebody works on it.
#[derive(Clone, Copy)]
struct Card {
    declared: &'static Integration,
    now: RwSignal<Connection>,
    open: RwSignal<bool>,
    cells: StoredValue<Vec<(&'static Field, RwSignal<Json>)>>,
    errors: RwSignal<Vec<(String, String)>>,
    busy: RwSignal<bool>,
    tried: RwSignal<Option<Tried>>,
}

/// One connection.
pub fn card(declared: &'static Integration, one: Connection) -> AnyView {
    let cell = |field: &'static Field| {
        let kept = Some(one.values.get(field.name).clone()).filter(|value| !value.is_null());
        let default = field.default.and_then(|text| field.kind.canonical(&text.into()).ok());
        (field, RwSignal::new(kept.or(default).unwrap_or_default()))
    };
    let card = Card {
        declared,
        cells: StoredValue::new(declared.fields.iter().map(cell).collect()),
        now: RwSignal::new(one),
        open: RwSignal::new(false),
        errors: RwSignal::new(Vec::new()),
        busy: RwSignal::new(false),
        tried: RwSignal::new(None),
    };
    let name = locale::text(i18n::locale(), &format!("integration.{}", declared.name));
    let about = locale::text(i18n::locale(), &format!("integration.{}.about", declared.name));
    let label = name.clone();
    let standing = move || {
        let set = card.now.with(|now| now.version > 0);
        if set { chip(Tone::Success, t!("integrations.set")) } else { chip(Tone::Neutral, t!("integrations.unset")) }
    };
    let body = move || if card.open.get() { form(card) } else { facts(card) };
    view! {
        <section class="panel" aria-label=label>
            <header class="panel-head">
                {icon(declared.icon, "i i-md text-ink-2")}
                <h2 class="panel-title">{name}</h2>
                <span class="ml-auto">{standing}</span>
            </header>
            <div class="panel-body grid gap-3">
                <p class="text-sm text-ink-2">{about}</p>
                {body}
            </div>
        </section>
    }
    .into_any()
}

/// What is set, and what can be done with it.
fn facts(card: Card) -> AnyView {
    let now = card.now.get();
    let set = now.version > 0;
    let shown = card.declared.fields.iter().filter_map(|field| {
        let label = i18n::field(card.declared.owner, field);
        let text = if card.declared.is_secret(field.name) {
            now.secrets.get(field.name).map(|hint| format!("•••• {hint}"))
        } else {
            match now.values.get(field.name) {
                Json::Null => None,
                Json::String(text) if matches!(field.kind, Kind::Choice(_)) => {
                    Some(i18n::choice(card.declared.owner, field.name, text))
                }
                Json::String(text) => Some(text.clone()),
                other => Some(other.to_string()),
            }
        };
        text.map(|text| view! { <dt>{label}</dt> <dd class="break-all">{text}</dd> })
    });
    let public = now
        .public_key
        .clone()
        .map(|key| view! { <dt>{t!("integrations.public_key")}</dt> <dd class="mono break-all text-xs">{key}</dd> });
    let moment = |text: &Option<String>| text.as_deref().map(format::moment);
    let by = now.updated_by.clone().unwrap_or_default();
    let changed = moment(&now.updated_at).map(|at| t!("integrations.changed", at = at, by = by));
    let used = set
        .then(|| moment(&now.used_at).map_or_else(|| t!("integrations.unused"), |at| t!("integrations.used", at = at)));
    let edit = if set { t!("integrations.change") } else { t!("integrations.set_up") };
    let tools = set.then(|| tools(card));
    view! {
        <dl class="kv empty:hidden">{shown.collect_view()} {public}</dl>
        <p class="hint">{changed} {used.map(|used| format!(" {used}"))}</p>
        {tools}
        <div>
            <button type="button" class="btn btn-sm btn-line max-md:h-11" on:click=move |_| card.open.set(true)>{edit}</button>
        </div>
    }
    .into_any()
}

/// Testing and removing.
fn tools(card: Card) -> AnyView {
    let to = RwSignal::new(String::new());
    let id = format!("test-{}", card.declared.name);
    let label = match card.declared.trial {
        Trial::Recipient("email") => Some(t!("integrations.to_email")),
        Trial::Recipient(_) => Some(t!("integrations.to_phone")),
        Trial::Post | Trial::Check => None,
    };
    let test = move |event: SubmitEvent| {
        event.prevent_default();
        card.busy.set(true);
        card.tried.set(None);
        spawn_local(async move {
            let to = Some(to.get_untracked()).filter(|to| !to.trim().is_empty());
            match settings::test_integration(card.declared.name, to.as_deref()).await {
                Ok(tried) => drop(card.tried.try_set(Some(tried))),
                Err(failure) => {
                    let why = failure.errors.first().map_or_else(|| failure.message(), sentence);
                    card.tried.try_set(Some(Tried { ok: false, error: None, detail: Some(why) }));
                }
            }
            card.busy.try_set(false);
        });
    };
    let remove = move |_| {
        spawn_local(async move {
            match settings::remove_integration(card.declared.name).await {
                Ok(()) => {
                    card.now.try_update(|now| *now = Connection { name: now.name.clone(), ..nothing() });
                    toast::say(t!("integrations.removed"));
                }
                Err(failure) => toast::fail(&failure),
            }
        });
    };
    let outcome = move || card.tried.get().map(|tried| outcome(&tried));
    let recipient = label.map(|label| {
        let id = id.clone();
        view! {
            <div class="field min-w-0 flex-1">
                <label for=id.clone()>{label}</label>
                <input id=id class="input max-md:h-11" prop:value=to on:input=move |event| to.set(event_target_value(&event)) />
            </div>
        }
    });
    view! {
        <form class="flex flex-wrap items-end gap-2" on:submit=test>
            {recipient}
            <button type="submit" class="btn btn-sm btn-line max-md:h-11" disabled=card.busy>{icon("send", "i")} {t!("integrations.test")}</button>
            <button type="button" class="btn btn-sm btn-quiet max-md:h-11" on:click=remove>{icon("trash-2", "i")} {t!("integrations.remove")}</button>
        </form>
        <div role="status">{outcome}</div>
    }
    .into_any()
}

fn nothing() -> Connection {
    Connection {
        name: String::new(),
        version: 0,
        values: conexao_domain::kernel::record::Record::default(),
        secrets: std::collections::BTreeMap::new(),
        public_key: None,
        updated_at: None,
        updated_by: None,
        used_at: None,
        tried_at: None,
        trial: None,
    }
}

fn outcome(tried: &Tried) -> AnyView {
    let (class, art) =
        if tried.ok { ("notice notice-success", "check") } else { ("notice notice-danger", "circle-alert") };
    let text = if tried.ok { t!("integrations.works") } else { t!("integrations.fails") };
    let why = [tried.detail.clone(), tried.error.clone().map(|code| format!("({code})"))];
    let why = why.into_iter().flatten().collect::<Vec<_>>().join(" ");
    view! { <div class=class>{icon(art, "i")} <p class="min-w-0 flex-1 break-words">{text} " " {why}</p></div> }
        .into_any()
}

/// The form; secrets begin empty, and what is left empty stays.
fn form(card: Card) -> AnyView {
    let fields = card.cells.get_value().into_iter().map(|(field, value)| {
        let id = format!("{}-{}", card.declared.name, field.name);
        let error = Signal::derive(move || {
            card.errors.with(|errors| errors.iter().find(|(name, _)| name == field.name).map(|(_, text)| text.clone()))
        });
        if card.declared.is_secret(field.name) {
            secret(card, field, &id, value, error)
        } else {
            control(Control::new(card.declared.owner, field, id, value, error))
        }
    });
    let save = move |event: SubmitEvent| {
        event.prevent_default();
        send(card);
    };
    view! {
        <form class="grid gap-3" autocomplete="off" novalidate on:submit=save>
            <div class="grid items-start gap-3 sm:grid-cols-2">{fields.collect_view()}</div>
            <div class="flex gap-2">
                <button type="submit" class="btn btn-sm btn-primary max-md:h-11" disabled=card.busy>{t!("save")}</button>
                <button type="button" class="btn btn-sm btn-line max-md:h-11" on:click=move |_| card.open.set(false)>{t!("cancel")}</button>
            </div>
        </form>
    }
    .into_any()
}

fn secret(
    card: Card,
    field: &'static Field,
    id: &str,
    value: RwSignal<Json>,
    error: Signal<Option<String>>,
) -> AnyView {
    let kept = card.now.with_untracked(|now| now.secrets.contains_key(field.name));
    let made = card.declared.made == Some(field.name);
    let hint = if kept {
        t!("integrations.secret_kept")
    } else if made {
        t!("integrations.secret_made")
    } else {
        t!("integrations.secret_new")
    };
    let wrong =
        move || error.get().map(|why| view! { <p class="field-err">{icon("circle-alert", "i i-xs")} {why}</p> });
    let star = (field.required && !kept).then(|| view! { <span class="text-danger-fg" aria-hidden="true">" *"</span> });
    let (for_id, hint_id) = (id.to_owned(), format!("{id}-hint"));
    view! {
        <div class="field">
            <label for=for_id.clone()>{i18n::field(card.declared.owner, field)} {star}</label>
            <input
                id=for_id
                class="input mono max-md:h-11"
                class:field-bad=move || error.get().is_some()
                type="password"
                autocomplete="new-password"
                aria-describedby=hint_id.clone()
                aria-invalid=move || error.get().map(|_| "true")
                prop:value=move || value.get().as_str().unwrap_or_default().to_owned()
                on:input=move |event| value.set(event_target_value(&event).into())
            />
            {wrong}
            <p class="hint" id=hint_id>{hint}</p>
        </div>
    }
    .into_any()
}

fn send(card: Card) {
    let mut values = Map::new();
    for (field, value) in card.cells.get_value() {
        let value = value.get_untracked();
        let empty = value.is_null() || value.as_str().is_some_and(str::is_empty);
        if !(card.declared.is_secret(field.name) && empty) {
            values.insert(field.name.to_owned(), if empty { Json::Null } else { value });
        }
    }
    card.busy.set(true);
    spawn_local(async move {
        let version = card.now.with_untracked(|now| now.version);
        match settings::set_integration(card.declared.name, version, values).await {
            Ok(now) => {
                card.errors.try_set(Vec::new());
                for (field, value) in card.cells.get_value() {
                    if card.declared.is_secret(field.name) {
                        value.try_set(Json::Null);
                    }
                }
                card.tried.try_set(None);
                card.now.try_set(now);
                card.open.try_set(false);
                toast::say(t!("integrations.saved"));
            }
            Err(failure) if failure.errors.is_empty() => toast::fail(&failure),
            Err(failure) => {
                let errors = failure.errors.iter().map(|problem| (problem.field.clone(), sentence(problem)));
                card.errors.try_set(errors.collect());
            }
        }
        card.busy.try_set(false);
    });
}
