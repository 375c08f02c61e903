//! The strip that says that this is no place of real work, and what its clock shows.

use std::time::Duration;

use conexao_domain::{locale, settings::TenantKind};
use leptos::prelude::*;

use super::{Frame, Over};
use crate::{format, i18n, state::app, t, ui::icon::icon};

/// How often the strip looks at the clock.
const LOOK: Duration = Duration::from_secs(15);

/// The strip; nothing where real work is done. A demonstration has it only
/// while its clock is moved.
pub fn banner(frame: Frame) -> AnyView {
    let wanted = Memo::new(move |_| {
        let kind = TenantKind::parse(&app().session.kind());
        let moved = app().session.clock().is_some();
        (kind == TenantKind::Sandbox || kind.may_move_clock() && moved).then_some(kind)
    });
    let shown = move || wanted.get().map(|kind| strip(frame, kind));
    shown.into_any()
}

/// Whether the person may move the clock here.
pub fn may_move() -> bool {
    TenantKind::parse(&untrack(|| app().session.kind())).may_move_clock() && app().session.can("clock.move")
}

fn strip(frame: Frame, kind: TenantKind) -> AnyView {
    let look = RwSignal::new(());
    let timer = set_interval_with_handle(move || look.set(()), LOOK).ok();
    on_cleanup(move || {
        if let Some(timer) = timer {
            timer.clear();
        }
    });
    let time = move || {
        look.track();
        let moved = app().session.clock()?;
        let at = format::instant(format::now());
        Some(if moved.is_frozen() { t!("clock.frozen_at", at = at) } else { t!("clock.at", at = at) })
    };
    let name = locale::text(i18n::locale(), &format!("tenant.kind.{}", kind.name()));
    let move_it = may_move().then(|| {
        view! {
            <button type="button" class="lnk shrink-0 font-semibold" aria-haspopup="dialog" on:click=move |_| frame.over.set(Over::Clock)>
                {t!("clock.move")}
            </button>
        }
    });
    view! {
        <div class="testbar" role="status">
            {icon("flask-conical", "i i-sm")}
            <p class="min-w-0 truncate">{name} {move || time().map(|time| format!(" — {time}"))}</p>
            <span class="ml-auto"></span>
            {move_it}
        </div>
    }
    .into_any()
}
