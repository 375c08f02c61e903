//! The picture beside the login: a case on its way, told in four cards.

use conexao_domain::kernel::flow::Tone;
use leptos::prelude::*;

use crate::{
    t,
    ui::{chip::chip, icon::icon},
};

/// Decoration: it is hidden from screen readers and from small screens.
pub fn aside() -> AnyView {
    view! {
        <aside class="relative hidden overflow-hidden bg-[oklch(33%_0.062_216)] text-[oklch(97%_0.01_210)] lg:flex" aria-hidden="true">
            {rings()}
            <div class="relative m-auto w-full max-w-112 px-10">
                <p class="text-2xl leading-8 font-semibold tracking-tight text-balance">{t!("login.promise")}</p>
                <div class="relative mt-9 grid gap-3 before:absolute before:top-6 before:bottom-6 before:left-8.5 before:w-px before:bg-white/30">
                    {card("message-circle", "bg-new-bg text-new-fg", t!("login.card1"), t!("login.card1_text"), time("15:40"))}
                    {card("package-check", "bg-waiting-bg text-waiting-fg", t!("login.card2"), t!("login.card2_text"), chip(Tone::Success, t!("login.card2_state")))}
                    {card("receipt-text", "bg-progress-bg text-progress-fg", t!("login.card3"), t!("login.card3_text"), chip(Tone::Progress, t!("login.card3_state")))}
                    {card("smile", "bg-ok-bg text-ok-fg", t!("login.card4"), t!("login.card4_text"), time("16:22"))}
                </div>
            </div>
        </aside>
    }
    .into_any()
}

fn time(text: &'static str) -> AnyView {
    view! { <span class="num text-xs text-ink-3">{text}</span> }.into_any()
}

fn card(art: &'static str, ground: &'static str, head: String, text: String, end: AnyView) -> AnyView {
    let ground = format!("grid h-9 w-9 shrink-0 place-items-center rounded-lg {ground}");
    view! {
        <div class="relative flex items-center gap-3 rounded-xl bg-base-100 px-4 py-3 text-base-content shadow-3">
            <span class=ground>{icon(art, "i i-md")}</span>
            <span class="min-w-0 flex-1">
                <span class="block truncate text-sm font-semibold">{head}</span>
                <span class="block truncate text-xs text-ink-2">{text}</span>
            </span>
            {end}
        </div>
    }
    .into_any()
}

/// The arcs of the mark, ever larger and fainter.
fn rings() -> AnyView {
    let arcs = [
        ("M239.1 154.5A60 60 0 1 0 239.1 245.5", "0.090"),
        ("M258.7 131.8A90 90 0 1 0 258.7 268.2", "0.077"),
        ("M278.3 109.1A120 120 0 1 0 278.3 290.9", "0.064"),
        ("M297.9 86.3A150 150 0 1 0 297.9 313.7", "0.051"),
        ("M317.4 63.6A180 180 0 1 0 317.4 336.4", "0.038"),
    ];
    let arc = |(path, opacity)| view! { <path d=path stroke-width="10" stroke-linecap="round" opacity=opacity></path> };
    view! {
        <svg class="absolute -right-40 -bottom-48 h-[46rem] w-[46rem]" viewBox="0 0 400 400" fill="none" stroke="currentColor">
            {arcs.map(arc).into_iter().collect_view()}
        </svg>
    }
    .into_any()
}
