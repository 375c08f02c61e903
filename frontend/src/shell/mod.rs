//! The frame around every screen.

use leptos::prelude::*;

use crate::{app::view_of, screen::Screen, ui::fresh::fresh};

/// The shell with the present screen inside.
pub fn frame(screen: Memo<Screen>) -> AnyView {
    view! {
        <main id="conteudo" class="page">
            {fresh(move || screen.get().path(), |path| view_of(&Screen::parse(&path)))}
        </main>
    }
    .into_any()
}
