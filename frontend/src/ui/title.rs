//! The title of a screen: the one `h1`, the tab's title, and where the focus
//! goes when the screen changes.

use leptos::{html::H1, prelude::*};
use web_sys::FocusOptions;

use crate::state::app;

/// The page title.
pub fn title(text: String) -> AnyView {
    title_with(text, "page-title")
}

/// A page title that greets or asks, while `name` is what the tab and the breadcrumbs say.
pub fn title_named(text: String, name: &str) -> AnyView {
    draw(text, name, "page-title")
}

/// The page title with classes of its own.
pub fn title_with(text: String, class: &'static str) -> AnyView {
    let name = text.clone();
    draw(text, &name, class)
}

fn draw(text: String, name: &str, class: &'static str) -> AnyView {
    document().set_title(&format!("{name} · Conexão"));
    app().nav.title.set(name.to_owned());
    let node = NodeRef::<H1>::new();
    let take = app().nav.take_moved();
    Effect::new(move || {
        if let (true, Some(title)) = (take, node.get()) {
            let options = FocusOptions::new();
            options.set_prevent_scroll(true);
            let _ = title.focus_with_options(&options);
        }
    });
    view! { <h1 class=class tabindex="-1" node_ref=node>{text}</h1> }.into_any()
}
