//! A person as photo, or as initials on a ground that is always the same for
//! the name.

use leptos::prelude::*;

use crate::{format::initials, ui::photos};

const GROUNDS: [&str; 6] = ["ava-a", "ava-b", "ava-c", "ava-d", "ava-e", "ava-f"];

fn ground(name: &str) -> &'static str {
    let sum = name.bytes().fold(0_usize, |sum, byte| sum.wrapping_mul(31).wrapping_add(byte.into()));
    GROUNDS.get(sum % GROUNDS.len()).copied().unwrap_or("ava-a")
}

/// Photo or initials alone; the name is the tooltip and is read aloud.
pub fn avatar(id: Option<&str>, name: &str) -> AnyView {
    view! {
        <span title=name.to_owned()>{face(id, name, "")}</span>
        <span class="sr-only">{name.to_owned()}</span>
    }
    .into_any()
}

/// Photo or initials beside a text that already names the person; `size` is a
/// class such as `ava-md`. Without an id there are initials.
pub fn face(id: Option<&str>, name: &str, size: &'static str) -> AnyView {
    let class = format!("ava {size} {}", ground(name));
    let (id, letters) = (id.map(str::to_owned), initials(name));
    let inside = move || match id.as_deref().and_then(photos::of) {
        Some(address) => {
            view! { <img class="h-full w-full rounded-[inherit] object-cover" src=address alt="" /> }.into_any()
        }
        None => letters.clone().into_any(),
    };
    view! { <span class=class aria-hidden="true">{inside}</span> }.into_any()
}

/// The initials beside a text that already names what it is.
pub fn avatar_mute(name: &str, size: &'static str) -> AnyView {
    face(None, name, size)
}
