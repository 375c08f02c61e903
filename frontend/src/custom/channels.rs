//! Ways out and how people are told who did not choose.

use conexao_client::{NoticeChoice, model::Channel};
use conexao_domain::{integration::message::MESSAGE, kernel::flow::Tone};
use leptos::{prelude::*, task::spawn_local};

use super::{
    missing,
    notice_matrix::{self, Matrix},
};
use crate::{
    api::{Params, client},
    format, i18n,
    screen::Screen,
    state::app,
    t,
    ui::{chip::chip, fetched::fetched, icon::icon, load::Load, skeleton::lines, title::title, toast},
};

/// States of messages a card counts, the ones that need somebody first.
const COUNTED: [&str; 6] = ["queued", "failed", "unknown", "bounced", "sent", "delivered"];

/// The page.
pub fn page() -> AnyView {
    if !app().session.may(&MESSAGE, "read") {
        return missing::page();
    }
    let load: Load<Vec<Channel>> = Load::new();
    let ask = move || load.run(async { client().channels().await });
    ask();
    let shown = fetched(load, 4, t!("channels.title"), ask, move |all| {
        let cards = all.into_iter().map(|one| card(one, ask)).collect_view();
        view! { <div class="grid gap-3 sm:grid-cols-2 xl:grid-cols-4">{cards}</div> }.into_any()
    });
    let managed = app().session.can("settings.manage").then(|| view! { {defaults()} {intake()} });
    view! {
        <div class="page-head">
            <div>
                {title(t!("channels.title"))}
                <p class="page-sub">{t!("channels.text")}</p>
            </div>
            <a class="btn btn-sm btn-line max-md:h-11" href=Screen::List(&MESSAGE).path()>{icon("send", "i")} {i18n::resources(&MESSAGE)}</a>
        </div>
        {shown}
        {managed}
    }
    .into_any()
}

fn card(one: Channel, again: impl Fn() + Copy + Send + Sync + 'static) -> AnyView {
    let name = notice_matrix::channel(&one.channel);
    let paused = one.paused_at.is_some();
    let (tone, word) = if paused {
        (Tone::Waiting, t!("channels.paused"))
    } else if one.problem.is_some() {
        (Tone::Danger, t!("channels.broken"))
    } else if one.ready {
        (Tone::Success, t!("channels.ready"))
    } else {
        (Tone::Muted, t!("channels.missing"))
    };
    let by = one.paused_by.clone().map(|by| view! { <p class="hint">{t!("channels.paused_by", name = by)}</p> });
    let problem = one.problem.clone().map(|code| view! { <p class="text-xs text-error mono">{code}</p> });
    let counts = COUNTED.iter().filter_map(|status| {
        let count = one.counts.get(*status).copied().filter(|count| *count > 0)?;
        let query = Params::default().with("filter[channel]", &one.channel).with("filter[status]", status);
        let path = format!("{}{}", Screen::List(&MESSAGE).path(), query.suffix());
        let label = i18n::state(MESSAGE.name, status);
        Some(view! { <a class="flex justify-between gap-2 py-1 text-sm hover:underline" href=path><span>{label}</span> <span class="num">{format::integer(count)}</span></a> })
    });
    let counts = counts.collect_view();
    let empty = counts.is_empty().then(|| view! { <p class="hint">{t!("channels.quiet")}</p> });
    let act = app().session.can("settings.manage").then(|| {
        let channel = one.channel.clone();
        let change = move |_| {
            let channel = channel.clone();
            spawn_local(async move {
                match client().pause_channel(&channel, !paused).await {
                    Ok(()) => again(),
                    Err(failure) => toast::fail(&failure),
                }
            });
        };
        let (art, word) = if paused { ("play", t!("channels.resume")) } else { ("pause", t!("channels.pause")) };
        let label = format!("{word}: {name}");
        view! { <button type="button" class="btn btn-xs btn-line max-md:h-11" aria-label=label on:click=change>{icon(art, "i i-sm")} {word}</button> }
    });
    view! {
        <section class="panel">
            <header class="panel-head">
                {icon(notice_matrix::art(&one.channel), "i text-ink-3")}
                <h2 class="panel-title">{name}</h2>
                <span class="ml-auto">{chip(tone, word)}</span>
            </header>
            <div class="panel-body grid content-start gap-2">{by} {problem} <div>{counts} {empty}</div> <div>{act}</div></div>
        </section>
    }
    .into_any()
}

/// How people are told who did not choose.
fn defaults() -> AnyView {
    let load: Load<Vec<NoticeChoice>> = Load::new();
    let ask = move || load.run(async { client().notice_defaults().await });
    ask();
    let cells = Signal::derive(move || load.ready().unwrap_or_default());
    let change = move |cell: NoticeChoice| {
        load.patch(|all| {
            let same = |one: &&mut NoticeChoice| one.category == cell.category && one.channel == cell.channel;
            all.iter_mut().filter(same).for_each(|one| one.wanted = cell.wanted);
        });
        spawn_local(async move {
            match client().set_notice_defaults(&[cell]).await {
                Ok(kept) => {
                    load.answer.try_set(Some(Ok(kept)));
                    toast::say(t!("channels.saved"));
                }
                Err(failure) => {
                    toast::fail(&failure);
                    ask();
                }
            }
        });
    };
    // Drawn once: a tick changes its box, not the table.
    let there =
        Memo::new(move |_| load.answer.get().map(|answer| answer.map(|_| ()).map_err(|failure| failure.message())));
    let body = move || match there.get() {
        Some(Ok(())) => {
            let change = std::sync::Arc::new(change);
            notice_matrix::table(Matrix { cells, change, label: t!("channels.defaults") })
        }
        Some(Err(message)) => view! { <p role="alert">{message}</p> }.into_any(),
        None => lines(4).into_any(),
    };
    view! {
        <section class="panel mt-4">
            <header class="panel-head"><h2 class="panel-title">{t!("channels.defaults")}</h2></header>
            <div class="panel-body grid gap-3"><p class="hint">{t!("channels.defaults_text")}</p> {body}</div>
        </section>
    }
    .into_any()
}

/// Where mail servers hand reports in.
fn intake() -> AnyView {
    let load: Load<String> = Load::new();
    let ask = move || load.run(async { client().mail_intake().await });
    ask();
    let body = fetched(load, 1, t!("channels.intake"), ask, |url| {
        view! { <code class="mono block text-xs break-all">{url}</code> }.into_any()
    });
    view! {
        <section class="panel mt-4">
            <header class="panel-head"><h2 class="panel-title">{t!("channels.intake")}</h2></header>
            <div class="panel-body grid gap-2"><p class="hint">{t!("channels.intake_text")}</p> {body}</div>
        </section>
    }
    .into_any()
}
