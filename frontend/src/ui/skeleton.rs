//! Grey bars in the shape of what is coming.

use leptos::prelude::*;

/// A bar; `class` gives its size, e.g. `h-3 w-24`.
pub fn bar(class: &'static str) -> AnyView {
    let class = format!("skeleton block {class}");
    view! { <span class=class></span> }.into_any()
}

const WIDTHS: [&str; 5] = ["h-3 w-40", "h-3 w-28", "h-3 w-48", "h-3 w-36", "h-3 w-24"];

/// Several lines of text of uneven length.
pub fn lines(count: usize) -> AnyView {
    let rows = WIDTHS.iter().cycle().take(count).map(|class| bar(class)).collect_view();
    view! { <div class="grid gap-3 p-4" aria-hidden="true">{rows}</div> }.into_any()
}
