//! A field for a new password that says how strong it is.

use std::time::Duration;

use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*, task::spawn_local};

use super::bad;
use crate::{api::client, t, ui::icon::icon};

/// A pause in typing after which the server is asked.
const PAUSE: Duration = Duration::from_millis(300);

/// The field; `known` is what others know of its owner.
pub fn field(value: RwSignal<String>, error: RwSignal<Option<String>>, known: Vec<String>) -> AnyView {
    let score = RwSignal::new(None::<(u8, Option<String>)>);
    let visible = RwSignal::new(false);
    let waiting = StoredValue::new(None::<TimeoutHandle>);
    let known = StoredValue::new(known);
    let typed = move |event| {
        value.set(event_target_value(&event));
        error.set(None);
        if let Some(before) = waiting.get_value() {
            before.clear();
        }
        let ask = move || {
            let text = value.get_untracked();
            spawn_local(async move {
                let known = known.get_value();
                let known: Vec<&str> = known.iter().map(String::as_str).collect();
                let found = client().password_strength(&text, &known).await.ok();
                // Whoever typed on gets another answer.
                if value.try_get_untracked().is_some_and(|now| now == text && !now.is_empty()) {
                    score.try_set(found.map(|found| (found.score, found.refused)));
                } else {
                    score.try_set(None);
                }
            });
        };
        waiting.set_value(set_timeout_with_handle(ask, PAUSE).ok());
    };
    let meter = move || {
        score.get().map(|(points, refused)| {
            let words = refused.unwrap_or_else(|| t!("door.strong"));
            view! {
                <div class="grid gap-1" role="status">
                    <meter class="h-1.5 w-full" min="0" max="4" low="2" high="3" optimum="4" value=points.to_string() aria-label=t!("door.strength")></meter>
                    <p class="hint">{words}</p>
                </div>
            }
        })
    };
    view! {
        <div class="field">
            <label for="new-password">{t!("door.password")}</label>
            <span class="input h-11">
                {icon("lock", "i text-ink-3")}
                <input
                    id="new-password"
                    type=move || if visible.get() { "text" } else { "password" }
                    autocomplete="new-password"
                    class="min-w-0"
                    aria-invalid=move || error.get().is_some().to_string()
                    aria-describedby="new-password-err"
                    on:input=typed
                />
                <button
                    type="button"
                    class="icon-btn icon-btn-sm -mr-1.5"
                    aria-label=t!("login.reveal")
                    aria-pressed=move || visible.get().to_string()
                    on:click=move |_| visible.update(|visible| *visible = !*visible)
                >
                    {icon("eye", "i")}
                </button>
            </span>
            {bad(error, "new-password-err")} {meter}
        </div>
    }
    .into_any()
}
