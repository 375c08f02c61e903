//! Controls one types into.

use conexao_domain::kernel::field::Kind;
use leptos::prelude::*;

use super::Control;
use crate::format;

/// What the keyboard of a phone should offer.
const fn mode(kind: Kind) -> &'static str {
    match kind {
        Kind::Integer { .. } => "numeric",
        Kind::Money | Kind::Rate | Kind::Quantity => "decimal",
        Kind::CpfCnpj | Kind::Cep => "text",
        Kind::Phone => "tel",
        Kind::Email => "email",
        _ => "text",
    }
}

/// Figures are aligned and codes keep their width.
const fn class(kind: Kind) -> &'static str {
    match kind {
        Kind::Text { .. } | Kind::Email => "input max-md:h-11",
        _ => "input num max-md:h-11",
    }
}

/// The typed text and the value behind it, each following the other: a value
/// set from outside is written out, a typed one is read in.
fn typed(control: &Control) -> RwSignal<String> {
    let (kind, value) = (control.field.kind, control.value);
    let text = RwSignal::new(format::written(kind, &value.get_untracked()));
    Effect::new(move |before: Option<()>| {
        let value = value.get();
        if before.is_some() && format::read(kind, &text.get_untracked()) != value {
            text.set(format::written(kind, &value));
        }
    });
    text
}

/// One line.
pub fn line(control: Control) -> AnyView {
    let (kind, value) = (control.field.kind, control.value);
    let text = typed(&control);
    let input = move |event| {
        text.set(event_target_value(&event));
        value.set(format::read(kind, &text.get_untracked()));
    };
    // A value that was understood shows in its usual form once one goes on.
    let tidy = move |_| text.set(format::written(kind, &value.get_untracked()));
    let max = if let Kind::Text { max } = kind { Some(max.to_string()) } else { None };
    let prefix = (kind == Kind::Money).then(|| view! { <span class="text-ink-3">"R$"</span> });
    let suffix = (kind == Kind::Rate).then(|| view! { <span class="text-ink-3">"%"</span> });
    let framed = prefix.is_some() || suffix.is_some();
    let class = control.class(class(kind));
    let bad = control.invalid();
    let field = view! {
        <input
            id=control.id.clone()
            name=control.id.clone()
            class=move || if framed { "num min-w-0".to_owned() } else { class.get() }
            type="text"
            inputmode=mode(kind)
            autocomplete="off"
            maxlength=max
            disabled=control.locked
            required=control.required
            aria-invalid=bad
            aria-describedby=control.error_id()
            prop:value=text
            on:input=input
            on:change=tidy
        />
    };
    if framed {
        return view! { <span class=class>{prefix} {field} {suffix}</span> }.into_any();
    }
    field.into_any()
}

/// Several lines.
pub fn area(control: Control) -> AnyView {
    let (kind, value) = (control.field.kind, control.value);
    let text = typed(&control);
    let input = move |event| {
        text.set(event_target_value(&event));
        value.set(format::read(kind, &text.get_untracked()));
    };
    view! {
        <textarea
            id=control.id.clone()
            name=control.id.clone()
            class=control.class("textarea min-h-24")
            rows="4"
            disabled=control.locked
            required=control.required
            aria-invalid=control.invalid()
            aria-describedby=control.error_id()
            prop:value=text
            on:input=input
        ></textarea>
    }
    .into_any()
}
