//! Long texts: their beginning, and the rest for who wants it.

use leptos::prelude::*;

use crate::t;

/// Texts up to this many characters and lines show whole.
const CHARACTERS: usize = 700;
const LINES: usize = 10;

/// Whether a text would push the rest of the page away.
fn is_long(text: &str) -> bool {
    text.chars().count() > CHARACTERS || text.lines().count() > LINES
}

/// A text with its lines as they were written.
pub fn text(text: String) -> AnyView {
    if !is_long(&text) {
        return view! { <span class="whitespace-pre-line">{text}</span> }.into_any();
    }
    let open = RwSignal::new(false);
    let class = move || {
        if open.get() { "whitespace-pre-line" } else { "line-clamp-8 whitespace-pre-line print:line-clamp-none" }
    };
    let label = move || if open.get() { t!("detail.less") } else { t!("detail.more_text") };
    view! {
        <div class="min-w-0">
            <div class=class>{text}</div>
            <button
                type="button"
                class="lnk mt-1 inline-flex min-h-6 items-center text-xs max-md:min-h-11"
                aria-expanded=move || open.get().to_string()
                on:click=move |_| open.update(|open| *open = !*open)
            >
                {label}
            </button>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_lines_are_as_long_as_many_words() {
        assert!(!is_long("Cliente pediu retorno à tarde."));
        assert!(is_long(&"a".repeat(701)));
        assert!(is_long(&"a\n".repeat(11)));
    }
}
