//! The six figures of a code, each in a box of its own. One real field lies
//! over the boxes, so that pasting, filling in and screen readers work as in any.

use leptos::{html::Input, prelude::*};

/// How many figures a code has.
const LENGTH: usize = 6;

/// The field; `bad` marks it, `describedby` names the line that says why.
pub fn otp(id: &'static str, value: RwSignal<String>, bad: Signal<bool>, describedby: &'static str) -> AnyView {
    let node = NodeRef::<Input>::new();
    let focused = RwSignal::new(false);
    // The caret is not seen, so it is always at the end.
    let to_end = move || {
        if let Some(input) = node.get_untracked() {
            let end = u32::try_from(input.value().len()).unwrap_or_default();
            let _ = input.set_selection_range(end, end);
        }
    };
    let typed = move |event| {
        let digits: String = event_target_value(&event).chars().filter(char::is_ascii_digit).take(LENGTH).collect();
        value.set(digits.clone());
        if let Some(input) = node.get_untracked() {
            input.set_value(&digits);
        }
    };
    let boxes = (0..LENGTH).map(|at| figure(at, value, focused, bad)).collect_view();
    view! {
        <span class="relative flex items-center gap-2">
            {boxes}
            <input
                id=id
                name="code"
                class="absolute inset-0 h-full w-full cursor-text opacity-0"
                inputmode="numeric"
                autocomplete="one-time-code"
                spellcheck="false"
                autofocus
                data-focus=""
                aria-invalid=move || bad.get().to_string()
                aria-describedby=describedby
                node_ref=node
                prop:value=value
                on:input=typed
                on:focus=move |_| {
                    focused.set(true);
                    to_end();
                }
                on:blur=move |_| focused.set(false)
                on:click=move |_| to_end()
            />
        </span>
    }
    .into_any()
}

fn figure(at: usize, value: RwSignal<String>, focused: RwSignal<bool>, bad: Signal<bool>) -> AnyView {
    let digit = move || value.with(|value| value.get(at..=at).unwrap_or_default().to_owned());
    let next = move || focused.get() && value.with(String::len).min(LENGTH - 1) == at;
    let class = move || {
        let edge = match (next(), bad.get()) {
            (true, _) => "border-primary outline-2 outline-primary",
            (false, true) => "border-danger-fg",
            (false, false) => "border-field",
        };
        format!(
            "num grid h-13 min-w-0 flex-1 place-items-center rounded-lg border bg-base-100 text-xl font-semibold {edge}"
        )
    };
    // Read in two halves, as people say them.
    let dash = (at == LENGTH / 2).then(|| view! { <span class="text-ink-3" aria-hidden="true">"–"</span> });
    view! { {dash} <span class=class aria-hidden="true">{digit}</span> }.into_any()
}
