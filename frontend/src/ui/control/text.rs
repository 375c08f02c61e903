//! Controls one types into.

use conexao_domain::kernel::field::Kind;
use leptos::{
    ev::{Event, FocusEvent},
    prelude::*,
};
use serde_json::Value as Json;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, InputEvent};

use super::{Control, mask};
use crate::format;

/// What the keyboard of a phone should offer.
const fn mode(kind: Kind) -> &'static str {
    match kind {
        Kind::Integer { .. } | Kind::Cep => "numeric",
        Kind::Money | Kind::Rate | Kind::Quantity => "decimal",
        Kind::Phone => "tel",
        Kind::Email => "email",
        _ => "text",
    }
}

/// Figures are aligned and codes keep their width.
const fn class(kind: Kind) -> &'static str {
    match kind {
        Kind::Text { .. } | Kind::Email => "input max-md:h-11",
        Kind::Integer { .. } | Kind::Quantity => "input num text-right max-md:h-11",
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

/// How the texts of a kind become values, and values texts.
pub struct Writing {
    pub read: fn(Kind, &str) -> Json,
    pub written: fn(Kind, &Json) -> String,
}

/// The usual writing of most kinds.
pub const USUAL: Writing = Writing { read: format::read, written: format::written };

/// What was typed, with its punctuation; the field shows it already.
pub fn punctuated(kind: Kind, writing: &Writing, event: &Event) -> String {
    let text = event_target_value(event);
    let field = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    let pasted = event.dyn_ref::<InputEvent>().is_some_and(|event| event.input_type().starts_with("insertFrom"));
    let Some(field) = field.filter(|_| mask::helps(kind)) else { return text };
    // What was pasted says itself where its cents, its day and its country are.
    if let Some(whole) = pasted.then(|| understood(kind, writing, &text)).flatten() {
        field.set_value(&whole);
        return whole;
    }
    let Some(shown) = mask::typed(kind, &text).filter(|_| !pasted || kind != Kind::Money) else { return text };
    if shown != text {
        let at = field.selection_start().ok().flatten().and_then(|at| usize::try_from(at).ok()).unwrap_or(usize::MAX);
        let all = text.chars().filter(|c| mask::counts(*c)).count();
        let before = text.chars().take(at).filter(|c| mask::counts(*c)).count();
        // An amount grows to the left: what counts is what stands after the caret.
        let kept = shown.chars().filter(|c| mask::counts(*c)).count();
        let before = if kind == Kind::Money { kept.saturating_sub(all.saturating_sub(before)) } else { before };
        let end = at >= text.chars().count();
        let place = if end { shown.chars().count() } else { mask::caret(before, &shown) };
        let place = u32::try_from(place).unwrap_or(u32::MAX);
        field.set_value(&shown);
        let _ = field.set_selection_range(place, place);
    }
    shown
}

/// A text that is a whole value in whatever form, in its usual form.
fn understood(kind: Kind, writing: &Writing, text: &str) -> Option<String> {
    let value = (writing.read)(kind, text);
    let whole = !value.is_null() && kind.canonical(&value).is_ok();
    whole.then(|| (writing.written)(kind, &value))
}

/// Selects the amount that is there, so that typing replaces it: digits put
/// before the zeros of an empty one would make it a hundred times larger. A
/// frame later, because a click sets the caret after the focus.
fn select_amount(event: &FocusEvent) {
    let field = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    if let Some(field) = field {
        request_animation_frame(move || field.select());
    }
}

/// One line.
pub fn line(control: Control) -> AnyView {
    let (kind, value) = (control.field.kind, control.value);
    let text = typed(&control);
    let input = move |event: Event| {
        text.set(punctuated(kind, &USUAL, &event));
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
            class=move || if framed { "num min-w-0 text-right".to_owned() } else { class.get() }
            type="text"
            inputmode=mode(kind)
            autocomplete="off"
            maxlength=max
            disabled=control.locked
            required=control.required
            aria-invalid=bad
            aria-describedby=control.described()
            prop:value=text
            on:focus=move |event| if kind == Kind::Money { select_amount(&event) }
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
            aria-describedby=control.described()
            prop:value=text
            on:input=input
        ></textarea>
    }
    .into_any()
}
