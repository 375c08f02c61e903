//! The two proofs that changes of one's own log-in take.

use leptos::prelude::*;

use crate::{api::Failure, t, ui::icon::icon};

#[derive(Clone, Copy)]
pub struct Field {
    /// Under which name refusals speak of it.
    name: &'static str,
    pub value: RwSignal<String>,
}

impl Field {
    pub fn password() -> Self {
        Self { name: "password", value: RwSignal::new(String::new()) }
    }

    pub fn code() -> Self {
        Self { name: "code", value: RwSignal::new(String::new()) }
    }

    fn is_password(self) -> bool {
        self.name == "password"
    }
}

pub fn input(field: Field, failure: RwSignal<Option<Failure>>) -> AnyView {
    let id = format!("proof-{}", field.name);
    let wrong = move || failure.get().and_then(|why| why.field(field.name).map(str::to_owned));
    let (label, kind, complete) = if field.is_password() {
        (t!("login.password"), "password", "current-password")
    } else {
        (t!("second.code"), "text", "one-time-code")
    };
    let message = move || {
        wrong().map(|text| view! { <p class="field-err" role="alert">{icon("circle-alert", "i i-xs")} {text}</p> })
    };
    view! {
        <div class="field">
            <label for=id.clone()>{label}</label>
            <input
                id=id
                class="input max-md:h-11"
                type=kind
                autocomplete=complete
                inputmode=if field.is_password() { "text" } else { "numeric" }
                maxlength="256"
                spellcheck="false"
                aria-invalid=move || wrong().is_some().to_string()
                prop:value=field.value
                on:input=move |event| field.value.set(event_target_value(&event))
            />
            {message}
        </div>
    }
    .into_any()
}

/// A refusal that is about neither field.
pub fn whole(failure: RwSignal<Option<Failure>>) -> AnyView {
    let text = move || {
        let other = failure.get().filter(|why| why.errors.is_empty());
        other
            .map(|why| view! { <p class="field-err" role="alert">{icon("circle-alert", "i i-xs")} {why.message()}</p> })
    };
    text.into_any()
}
