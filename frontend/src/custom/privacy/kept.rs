//! What reached its end, who was anonymised, and how long what is kept.

use conexao_domain::{
    kernel::flow::Tone,
    privacy::{ERASE, request::PRIVACY_REQUEST},
};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::privacy::{self, Erasure, KeptValue, PrivacyProposals, RetentionChoice},
    format,
    screen::{Screen, record_path},
    state::app,
    t,
    ui::{chip::chip, empty::empty, fetched, icon::icon, load::Load, toast},
};

fn day(text: Option<&String>) -> String {
    text.and_then(|day| day.parse().ok()).map(format::date).unwrap_or_default()
}

/// A list that is fetched when its tab opens.
fn fetched<T: Clone + Send + Sync + 'static>(
    load: Load<T>,
    again: impl Fn() + Copy + Send + Sync + 'static,
    draw: fn(&T, Load<T>) -> AnyView,
) -> AnyView {
    again();
    let shown = fetched::fetched(load, 4, t!("privacy.not_loaded"), again, move |answer| draw(&answer, load));
    view! { <section class="panel" aria-live="polite">{shown}</section> }.into_any()
}

/// People without movement, and what was kept long enough: to confirm.
pub fn proposals() -> AnyView {
    let load = Load::<PrivacyProposals>::new();
    fetched(load, move || load.run(privacy::proposals()), due)
}

fn due(proposals: &PrivacyProposals, load: Load<PrivacyProposals>) -> AnyView {
    if proposals.people.is_empty() && proposals.kept.is_empty() {
        let text = t!("privacy.none_due_text", years = proposals.idle_years);
        return empty("calendar-check", t!("privacy.none_due"), text, ().into_any());
    }
    let people = proposals.people.iter().map(|person| {
        let (id, path) = (person.id.clone(), record_path(&person.resource, &person.id).unwrap_or_default());
        let since = person.idle_since.as_deref().map(format::moment).unwrap_or_default();
        view! {
            <li class="flex flex-wrap items-center gap-2 px-4 py-2 text-sm">
                <a class="lnk font-medium" href=path>{person.title.clone()}</a>
                <span class="hint">{t!("privacy.idle_since", at = since)}</span>
                <button type="button" class="btn btn-xs btn-line ml-auto max-md:h-11" on:click=move |_| propose(id.clone())>{t!("privacy.propose")}</button>
            </li>
        }
    });
    let people = people.collect_view();
    let over = proposals.kept.iter().map(|row| erasure(row, Some(load))).collect_view();
    view! { <ul class="divide-y divide-line">{people} {over}</ul> }.into_any()
}

fn propose(id: String) {
    spawn_local(async move {
        match privacy::propose(&id).await {
            Ok(request) => {
                app().nav.to(&Screen::Detail(&PRIVACY_REQUEST, request.id().to_owned()).path());
            }
            Err(failure) => toast::fail(&failure),
        }
    });
}

/// People who were anonymised.
pub fn list() -> AnyView {
    let load = Load::<Vec<Erasure>>::new();
    fetched(
        load,
        move || load.run(privacy::kept()),
        |rows, _| {
            if rows.is_empty() {
                return empty("shield-check", t!("privacy.none_kept"), t!("privacy.none_kept_text"), ().into_any());
            }
            let rows = rows.iter().map(|row| erasure(row, None)).collect_view();
            view! { <ul class="divide-y divide-line">{rows}</ul> }.into_any()
        },
    )
}

fn erasure(row: &Erasure, load: Option<Load<PrivacyProposals>>) -> AnyView {
    let request = row.request_id.clone().map(|id| {
        let path = Screen::Detail(&PRIVACY_REQUEST, id).path();
        view! { <a class="lnk" href=path>{t!("privacy.request")}</a> }
    });
    let kept = row.kept.then(|| {
        let basis = row.basis_label.clone().unwrap_or_default();
        let tone = if row.over { Tone::Waiting } else { Tone::Neutral };
        chip(tone, format!("{basis}: {}", t!("privacy.until", day = day(row.until.as_ref()))))
    });
    let values = RwSignal::new(Vec::<KeptValue>::new());
    let shown = move || {
        values
            .get()
            .into_iter()
            .map(|value| {
                let text = value.value.as_str().map_or_else(|| value.value.to_string(), str::to_owned);
                view! { <dt>{value.label}</dt> <dd class="num">{text}</dd> }
            })
            .collect_view()
    };
    let tools = (row.kept && app().session.can(ERASE)).then(|| tools(row, values, load));
    view! {
        <li class="px-4 py-2 text-sm">
            <div class="flex flex-wrap items-center gap-2">
                <span class="num">{format::moment(&row.erased_at)}</span>
                <span class="hint">{row.emptied.join(", ")}</span>
                {kept} {request} {tools}
            </div>
            <dl class="kv mt-1 empty:hidden">{shown}</dl>
        </li>
    }
    .into_any()
}

/// Looking at what is kept, for a reason; and forgetting it once it is over.
fn tools(row: &Erasure, values: RwSignal<Vec<KeptValue>>, load: Option<Load<PrivacyProposals>>) -> AnyView {
    let reason = RwSignal::new(String::new());
    let (look, gone, over) = (row.id.clone(), row.id.clone(), row.over);
    let field = format!("reason-{}", row.id);
    let show = move |_| {
        let (id, why) = (look.clone(), reason.get_untracked());
        spawn_local(async move {
            match privacy::show_kept(&id, &why).await {
                Ok(found) => drop(values.try_set(found)),
                Err(failure) => toast::fail(&failure),
            }
        });
    };
    let dispose = move |_| {
        let id = gone.clone();
        spawn_local(async move {
            match privacy::dispose(&id).await {
                Ok(()) => {
                    toast::say(t!("privacy.disposed"));
                    if let Some(load) = load {
                        load.run(privacy::proposals());
                    }
                }
                Err(failure) => toast::fail(&failure),
            }
        });
    };
    let forget = over.then(|| view! { <button type="button" class="btn btn-xs btn-error max-md:h-11" on:click=dispose>{t!("privacy.dispose")}</button> });
    view! {
        <span class="ml-auto flex flex-wrap items-center gap-2">
            <label class="sr-only" for=field.clone()>{t!("privacy.reason")}</label>
            <input id=field class="input h-7 w-44 max-md:h-11" maxlength="300" placeholder=t!("privacy.reason") prop:value=reason on:input=move |event| reason.set(event_target_value(&event)) />
            <button type="button" class="btn btn-xs btn-line max-md:h-11" disabled=move || reason.with(|text| text.trim().is_empty()) on:click=show>
                {icon("eye", "i i-xs")} {t!("privacy.show")}
            </button>
            {forget}
        </span>
    }
    .into_any()
}

/// The timetable.
pub fn timetable() -> AnyView {
    let load = Load::<Vec<RetentionChoice>>::new();
    fetched(load, move || load.run(privacy::retention()), |rows, load| table(rows, load))
}

fn table(rows: &[RetentionChoice], load: Load<Vec<RetentionChoice>>) -> AnyView {
    let rows = rows.iter().map(|row| {
        let years = |years: Option<u32>| years.map_or_else(|| t!("privacy.while_it_lasts"), |years| t!("privacy.years", count = years));
        let more = row.reason.clone().map(|why| view! { <span class="hint block">{why}</span> });
        let edit = (row.most_years.is_some() && app().session.can("settings.manage")).then(|| editor(row, load));
        view! {
            <tr>
                <td class="font-medium">{row.label.clone()} <span class="hint block font-normal">{row.law.clone()}</span></td>
                <td class="whitespace-normal!">{row.resources.join(", ")}</td>
                <td>{years(row.legal_years)}</td>
                <td>{years(row.years)} {more}</td>
                <td>{edit}</td>
            </tr>
        }
    });
    view! {
        <div class="tbl-wrap" tabindex="0" role="region" aria-label=t!("privacy.tab_years")>
            <table class="tbl">
                <thead>
                    <tr>
                        <th scope="col">{t!("privacy.basis")}</th>
                        <th scope="col">{t!("privacy.records")}</th>
                        <th scope="col">{t!("privacy.by_law")}</th>
                        <th scope="col">{t!("privacy.here")}</th>
                        <th scope="col"><span class="sr-only">{t!("privacy.change")}</span></th>
                    </tr>
                </thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </div>
    }
    .into_any()
}

/// Longer than the law asks, and why.
fn editor(row: &RetentionChoice, load: Load<Vec<RetentionChoice>>) -> AnyView {
    let (basis, label) = (row.basis.clone(), row.label.clone());
    let (least, most) = (row.legal_years.unwrap_or(1), row.most_years.unwrap_or(20));
    let years = RwSignal::new(row.years.unwrap_or(least).to_string());
    let reason = RwSignal::new(String::new());
    let save = move |_| {
        let (basis, why) = (basis.clone(), reason.get_untracked());
        let wanted = years.get_untracked().trim().parse().unwrap_or_default();
        spawn_local(async move {
            match privacy::keep(&basis, wanted, &why).await {
                Ok(()) => {
                    toast::say(t!("privacy.saved"));
                    load.run(privacy::retention());
                }
                Err(failure) => toast::fail(&failure),
            }
        });
    };
    view! {
        <span class="flex flex-wrap items-center gap-2">
            <input
                class="input h-7 w-16 max-md:h-11"
                type="number"
                min=least.to_string()
                max=most.to_string()
                aria-label=t!("privacy.years_of", basis = label)
                prop:value=years
                on:input=move |event| years.set(event_target_value(&event))
            />
            <input
                class="input h-7 w-40 max-md:h-11"
                maxlength="300"
                placeholder=t!("privacy.reason")
                aria-label=t!("privacy.reason_of", basis = label)
                prop:value=reason
                on:input=move |event| reason.set(event_target_value(&event))
            />
            <button type="button" class="btn btn-xs btn-line max-md:h-11" disabled=move || reason.with(|text| text.trim().is_empty()) on:click=save>
                {t!("privacy.save")}
            </button>
        </span>
    }
    .into_any()
}
