//! A person as initials on a ground that is always the same for the name.

use leptos::prelude::*;

use crate::format::initials;

const GROUNDS: [&str; 6] = ["ava-a", "ava-b", "ava-c", "ava-d", "ava-e", "ava-f"];

fn ground(name: &str) -> &'static str {
    let sum = name.bytes().fold(0_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
    GROUNDS.get(sum % GROUNDS.len()).copied().unwrap_or("ava-a")
}

/// The initials alone; the name is the tooltip and is read aloud.
pub fn avatar(name: &str) -> AnyView {
    let class = format!("ava {}", ground(name));
    view! {
        <span class=class title=name.to_owned() aria-hidden="true">{initials(name)}</span>
        <span class="sr-only">{name.to_owned()}</span>
    }
    .into_any()
}

/// The initials beside a text that already names the person; `size` is a class such as `ava-md`.
pub fn avatar_mute(name: &str, size: &'static str) -> AnyView {
    let class = format!("ava {size} {}", ground(name));
    view! { <span class=class aria-hidden="true">{initials(name)}</span> }.into_any()
}
