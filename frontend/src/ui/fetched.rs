//! What the server was asked for, in each of its states: nothing yet, bars once
//! it takes long, the answer, or why there is none with a way to ask again.

use leptos::prelude::*;

use super::{empty::failed, load::Load, skeleton::lines};

/// `bars` are drawn meanwhile; `heading` says what did not come.
pub fn fetched<T: Clone + Send + Sync + 'static>(
    load: Load<T>,
    bars: usize,
    heading: String,
    again: impl Fn() + Clone + Send + Sync + 'static,
    draw: impl Fn(T) -> AnyView + Send + Sync + 'static,
) -> AnyView {
    let shown = move || match load.answer.get() {
        Some(Ok(answer)) => draw(answer),
        Some(Err(failure)) => failed(heading.clone(), &failure, again.clone()),
        None if load.slow.get() => lines(bars),
        None => ().into_any(),
    };
    shown.into_any()
}
