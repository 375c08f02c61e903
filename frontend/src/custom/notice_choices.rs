//! How the person wants to be told: categories by channels, a daily summary,
//! quiet hours. Every change is kept at once.

use conexao_client::{NoticeChoice, NoticeChoices};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::client,
    i18n, t,
    ui::{empty::failed, load::Load, skeleton::lines, toast},
};

/// The panel of the profile.
pub fn panel() -> AnyView {
    let load: Load<NoticeChoices> = Load::new();
    let ask = move || load.run(async { client().notice_choices().await });
    ask();
    let body = move || match load.answer.get() {
        Some(Ok(choices)) => table(choices),
        Some(Err(failure)) => failed(t!("profile.notices"), &failure, ask),
        None => lines(4).into_any(),
    };
    view! {
        <section class="panel">
            <header class="panel-head"><h2 class="panel-title">{t!("profile.notices")}</h2></header>
            <div class="panel-body grid gap-4">{body}</div>
        </section>
    }
    .into_any()
}

/// Keeps what is shown now; what the server keeps is shown then.
fn keep(shown: RwSignal<NoticeChoices>, change: impl FnOnce(&mut NoticeChoices)) {
    let before = shown.get_untracked();
    let mut next = before.clone();
    change(&mut next);
    shown.set(next.clone());
    spawn_local(async move {
        match client().choose_notices(&next).await {
            Ok(_) => toast::say(t!("profile.saved")),
            Err(failure) => {
                shown.try_set(before);
                toast::fail(&failure);
            }
        }
    });
}

fn table(choices: NoticeChoices) -> AnyView {
    let mut categories: Vec<String> = choices.choices.iter().map(|one| one.category.clone()).collect();
    categories.dedup();
    let shown = RwSignal::new(choices);
    let rows = categories.into_iter().map(|category| row(shown, category)).collect_view();
    view! {
        <table class="w-full text-sm">
            <thead>
                <tr>
                    <th scope="col" class="py-1 text-left font-medium">{t!("profile.category")}</th>
                    <th scope="col" class="py-1 font-medium">{t!("profile.in_app")}</th>
                    <th scope="col" class="py-1 font-medium">{t!("profile.by_mail")}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
        <label class="flex min-h-8 items-center gap-2.5 text-sm">
            <input
                type="checkbox"
                class="checkbox checkbox-xs"
                prop:checked=move || shown.get().digest
                on:change=move |event| keep(shown, |all| all.digest = event_target_checked(&event))
            />
            {t!("profile.digest")}
        </label>
        {quiet(shown)}
    }
    .into_any()
}

fn row(shown: RwSignal<NoticeChoices>, category: String) -> AnyView {
    let name = i18n::category(&category);
    let cells = [("app", t!("profile.in_app")), ("email", t!("profile.by_mail"))].map(|(channel, words)| {
        let label = format!("{name}: {words}");
        let is = {
            let category = category.clone();
            move |one: &NoticeChoice| one.category == category && one.channel == channel
        };
        let wanted = {
            let is = is.clone();
            move || shown.get().choices.iter().any(|one| is(one) && one.wanted)
        };
        let toggle = move |event| {
            let on = event_target_checked(&event);
            keep(shown, |all| all.choices.iter_mut().filter(|one| is(one)).for_each(|one| one.wanted = on));
        };
        view! {
            <td class="py-1 text-center">
                <input type="checkbox" class="checkbox checkbox-xs" aria-label=label prop:checked=wanted on:change=toggle />
            </td>
        }
    });
    view! { <tr><th scope="row" class="py-1 text-left font-normal">{name}</th> {cells.into_iter().collect_view()}</tr> }
        .into_any()
}

fn quiet(shown: RwSignal<NoticeChoices>) -> AnyView {
    let value = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    view! {
        <div class="flex flex-wrap items-center gap-2 text-sm">
            <label for="quiet-from">{t!("profile.quiet")}</label>
            <input
                id="quiet-from"
                type="time"
                class="input w-28"
                prop:value=move || shown.get().quiet_from.unwrap_or_default()
                on:change=move |event| keep(shown, |all| all.quiet_from = value(&event_target_value(&event)))
            />
            <label for="quiet-until">{t!("profile.quiet_until")}</label>
            <input
                id="quiet-until"
                type="time"
                class="input w-28"
                prop:value=move || shown.get().quiet_until.unwrap_or_default()
                on:change=move |event| keep(shown, |all| all.quiet_until = value(&event_target_value(&event)))
            />
        </div>
    }
    .into_any()
}
