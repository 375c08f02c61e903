//! Icons of the sprite inside the page (`i-*`) and glyphs of states (`s-*`).

use leptos::prelude::*;

/// An icon that decorates; `class` starts with `i`, e.g. `i i-sm`.
pub fn icon(name: &str, class: &'static str) -> AnyView {
    svg(format!("#i-{name}"), class)
}

/// The glyph of a tone.
pub fn glyph(tone: &str) -> AnyView {
    svg(format!("#s-{tone}"), "glyph")
}

/// A symbol of the sprite by its address, e.g. `#i-plus`.
pub fn svg(href: String, class: &'static str) -> AnyView {
    view! { <svg class=class aria-hidden="true"><use href=href></use></svg> }.into_any()
}

/// The product's mark.
pub fn logo(class: &'static str) -> AnyView {
    view! {
        <svg class=class viewBox="0 0 24 24" fill="none" aria-hidden="true">
            <path d="M17.8 6.2a8.2 8.2 0 1 0 0 11.6" stroke="currentColor" stroke-width="3" stroke-linecap="round"></path>
            <path d="M13.6 12h4.2" stroke="currentColor" stroke-width="2.4" stroke-linecap="round"></path>
            <circle cx="20" cy="12" r="2.4" fill="var(--logo-dot, currentColor)"></circle>
        </svg>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use conexao_domain::registry::RESOURCES;

    #[test]
    fn every_resource_has_its_icon_in_the_sprite() {
        let sprite = include_str!("../../assets/icons.svg");
        for resource in RESOURCES {
            assert!(sprite.contains(&format!("id=\"i-{}\"", resource.icon)), "{}: {}", resource.name, resource.icon);
        }
    }
}
