//! States and tags: always glyph and label, never colour alone.

use conexao_domain::kernel::{flow::Tone, resource::Resource};
use leptos::prelude::*;

use super::icon::glyph;
use crate::i18n;

const fn class(tone: Tone) -> &'static str {
    match tone {
        Tone::New => "chip chip-new",
        Tone::Progress => "chip chip-progress",
        Tone::Waiting => "chip chip-waiting",
        Tone::Success => "chip chip-success",
        Tone::Danger => "chip chip-danger",
        Tone::Neutral => "chip chip-neutral",
        Tone::Muted => "chip chip-muted",
    }
}

/// A label with the glyph and colour of a tone.
pub fn chip(tone: Tone, label: String) -> AnyView {
    view! { <span class=class(tone)>{glyph(tone.name())}{label}</span> }.into_any()
}

/// Where a record stands in the flow of its resource.
pub fn state(resource: &Resource, name: &str) -> AnyView {
    let tone = resource.flow.and_then(|flow| flow.state(name)).map_or(Tone::Neutral, |state| state.tone);
    chip(tone, i18n::state(resource.name, name))
}

/// A short label without state.
pub fn tag(label: String) -> AnyView {
    view! { <span class="tag">{label}</span> }.into_any()
}

/// A short label that stands out, e.g. the marker GR1.
pub fn tag_strong(label: String) -> AnyView {
    view! { <span class="tag tag-strong">{label}</span> }.into_any()
}

/// The same for the head of a record.
pub fn state_large(resource: &Resource, name: &str) -> AnyView {
    let tone = resource.flow.and_then(|flow| flow.state(name)).map_or(Tone::Neutral, |state| state.tone);
    let class = format!("{} chip-lg", class(tone));
    view! { <span class=class>{glyph(tone.name())}{i18n::state(resource.name, name)}</span> }.into_any()
}
