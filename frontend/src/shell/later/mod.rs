//! What of the frame comes after the first screen: what opens over the page on
//! request, and what stands by.

mod away;
pub mod clipboard;
mod install;
mod jobs;
mod leader;
mod palette;
mod recent;
mod shortcuts;
mod update;

use leptos::prelude::*;

pub use install::install;
pub use jobs::jobs;
pub use palette::palette;
pub use recent::note;
pub use shortcuts::shortcuts;

use super::Frame;
use crate::outbox;

/// What stands by: strips under the top bar, hints of second strokes.
pub fn aside(frame: Frame) -> AnyView {
    away::watch();
    outbox::start();
    view! {
        {outbox::strip(frame)}
        {update::strip()}
        {leader::hint(frame)}
        {outbox::goodbye()}
    }
    .into_any()
}
