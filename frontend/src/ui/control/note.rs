//! A quiet line under a control: where its value came from, or what does not
//! fit to it, with the way out.

use leptos::prelude::*;

/// The line.
#[derive(Debug, Clone)]
pub struct Note {
    pub text: String,
    /// A button and what it does.
    pub act: Option<(String, Callback<()>)>,
}

impl Note {
    /// A line without a button.
    pub const fn new(text: String) -> Self {
        Self { text, act: None }
    }
}

/// The note of the control with an id, while there is one.
pub fn shown(id: &str, note: Signal<Option<Note>>) -> AnyView {
    let id = format!("{id}-note");
    let line = move || {
        let id = id.clone();
        note.get().map(|Note { text, act }| {
            let act = act.map(|(label, act)| {
                view! {
                    " "
                    <button type="button" class="lnk" on:click=move |_| act.run(())>{label}</button>
                }
            });
            view! { <p class="hint" id=id>{text} {act}</p> }
        })
    };
    line.into_any()
}
