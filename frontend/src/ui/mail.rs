//! A mail as its reader sees it. In a frame without scripts; since nothing
//! inline is applied by itself here, its styles are put on by hand.

use leptos::{html::Iframe, prelude::*};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, HtmlElement};

/// The frame; it is as high as what it shows.
pub fn frame(label: String, html: Signal<String>) -> AnyView {
    let node = NodeRef::<Iframe>::new();
    let dress = move |_| {
        let Some(frame) = node.get_untracked() else { return };
        let Some(document) = frame.content_document() else { return };
        put_styles_on(&document);
        let height = document.document_element().map_or(400, |root| root.scroll_height()).clamp(160, 2_000);
        let style: &HtmlElement = frame.unchecked_ref();
        drop(style.style().set_property("height", &format!("{height}px")));
    };
    // A white page in both themes: mail brings its own colours.
    view! {
        <iframe
            class="w-full rounded-lg border border-line bg-white"
            title=label
            sandbox="allow-same-origin"
            srcdoc=move || undressed(&html.get())
            node_ref=node
            on:load=dress
        ></iframe>
    }
    .into_any()
}

/// Styles set aside, since the page's policy refuses them; the sheet, which is
/// about dark and small screens, is left out: the frame is a piece of paper.
fn undressed(html: &str) -> String {
    let aside = html.replace(" style=\"", " data-style=\"");
    match (aside.split_once("<style>"), aside.split_once("</style>")) {
        (Some((before, _)), Some((_, after))) => format!("{before}{after}"),
        _ => aside,
    }
}

/// What a script sets is not refused.
fn put_styles_on(document: &Document) {
    let Ok(styled) = document.query_selector_all("[data-style]") else { return };
    for index in 0..styled.length() {
        let element = styled.item(index).map(JsValue::from);
        let Some(element) = element.filter(|node| js_sys::Reflect::has(node, &"style".into()).unwrap_or(false)) else {
            continue;
        };
        // Elements of another document are no instances of our classes.
        let element: HtmlElement = element.unchecked_into();
        let text = element.get_attribute("data-style").unwrap_or_default();
        element.style().set_css_text(&text);
    }
}

#[cfg(test)]
mod tests {
    use super::undressed;

    #[test]
    fn nothing_inline_is_left() {
        let html = "<head><style>a{}</style></head><p style=\"margin:0\" class=\"x\">style</p>";
        assert_eq!(undressed(html), "<head></head><p data-style=\"margin:0\" class=\"x\">style</p>");
        assert_eq!(undressed("<p>"), "<p>");
    }
}
