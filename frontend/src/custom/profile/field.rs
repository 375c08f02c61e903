//! Fields of the small forms about one's own log-in.

use leptos::prelude::*;

use crate::{api::Failure, t, ui::icon::icon};

#[derive(Clone, Copy)]
pub struct Field {
    /// Under which name refusals speak of it.
    name: &'static str,
    kind: &'static str,
    complete: &'static str,
    pub value: RwSignal<String>,
}

impl Field {
    fn new(name: &'static str, kind: &'static str, complete: &'static str, value: String) -> Self {
        Self { name, kind, complete, value: RwSignal::new(value) }
    }

    pub fn password() -> Self {
        Self::new("password", "password", "current-password", String::new())
    }

    pub fn code() -> Self {
        Self::new("code", "text", "one-time-code", String::new())
    }

    /// The name of a passkey.
    pub fn name(value: String) -> Self {
        Self::new("name", "text", "off", value)
    }

    /// Another address.
    pub fn email() -> Self {
        Self::new("email", "email", "email", String::new())
    }

    fn label(self) -> String {
        match self.name {
            "password" => t!("login.password"),
            "code" => t!("second.code"),
            "email" => t!("own.new_email"),
            _ => t!("passkey.name"),
        }
    }
}

pub fn input(field: Field, failure: RwSignal<Option<Failure>>) -> AnyView {
    let id = format!("proof-{}", field.name);
    let wrong = move || failure.get().and_then(|why| why.field(field.name).map(str::to_owned));
    let message = move || {
        wrong().map(|text| view! { <p class="field-err" role="alert">{icon("circle-alert", "i i-xs")} {text}</p> })
    };
    view! {
        <div class="field">
            <label for=id.clone()>{field.label()}</label>
            <input
                id=id
                class="input max-md:h-11"
                type=field.kind
                autocomplete=field.complete
                inputmode=if field.name == "code" { "numeric" } else { "text" }
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

/// The fields that have a line of their own for what is wrong.
const NAMED: [&str; 4] = ["password", "code", "name", "email"];

/// A refusal that is about none of the fields.
pub fn whole(failure: RwSignal<Option<Failure>>) -> AnyView {
    let text = move || {
        let why = failure.get()?;
        let placed = NAMED.iter().any(|name| why.field(name).is_some());
        let words = why.errors.first().map_or_else(|| why.message(), |first| first.message.clone());
        let line = || view! { <p class="field-err" role="alert">{icon("circle-alert", "i i-xs")} {words}</p> };
        (!placed).then(line)
    };
    text.into_any()
}
