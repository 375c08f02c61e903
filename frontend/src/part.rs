//! Parts of the application that are fetched when somebody first needs them.
//!
//! A function marked `wasm_split` ends up, with everything only it uses, in a
//! file of its own; `xtask` does the splitting. What several parts share is cut
//! out as well, so few parts are better than many.

use std::{future::Future, pin::Pin};

use futures_util::FutureExt;
use leptos::prelude::*;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

use crate::{
    api::Failure,
    custom, resource,
    screen::Screen,
    t,
    ui::{empty::failed, load::Load, skeleton::lines},
};

/// Screens that are fetched together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// One record: reading and writing it.
    Record,
    /// The import wizard.
    Import,
    /// What is about the person: start page, jobs, notices, profile.
    Desk,
}

type Fetching = Pin<Box<dyn Future<Output = Result<(), SplitLoaderError>>>>;
type Drawn = Result<AnyView, SplitLoaderError>;

#[wasm_split(record, fallible, preload(fetch_record))]
fn record(screen: Screen) -> Drawn {
    Ok(match screen {
        Screen::New(resource) => resource::form::page(resource, None),
        Screen::Detail(resource, id) => resource::detail::page(resource, id),
        Screen::Edit(resource, id) => resource::form::page(resource, Some(id)),
        _ => custom::missing::page(),
    })
}

#[wasm_split(import, fallible, preload(fetch_import))]
fn import(screen: Screen) -> Drawn {
    Ok(match screen {
        Screen::Import(resource) => custom::import::start(resource),
        Screen::ImportRun(id) => custom::import::run(id),
        _ => custom::missing::page(),
    })
}

#[wasm_split(desk, fallible, preload(fetch_desk))]
fn desk(screen: Screen) -> Drawn {
    Ok(match screen {
        Screen::Home | Screen::Login => custom::home::page(),
        Screen::Jobs => custom::jobs::page(),
        Screen::Notifications => custom::notifications::page(),
        Screen::Profile => custom::profile::page(),
        _ => custom::missing::page(),
    })
}

impl Part {
    fn fetch(self) -> Fetching {
        match self {
            Self::Record => Box::pin(fetch_record()),
            Self::Import => Box::pin(fetch_import()),
            Self::Desk => Box::pin(fetch_desk()),
        }
    }

    /// The screen, once its code is here.
    fn draw(self, screen: Screen) -> AnyView {
        let drawn = match self {
            Self::Record => record(screen).now_or_never(),
            Self::Import => import(screen).now_or_never(),
            Self::Desk => desk(screen).now_or_never(),
        };
        drawn.and_then(Result::ok).unwrap_or_else(unreachable)
    }

    /// A screen of this part: at once when its code is here, else when it has come.
    pub fn view(self, screen: &Screen) -> AnyView {
        let mut fetching = self.fetch();
        if let Some(Ok(())) = fetching.as_mut().now_or_never() {
            return self.draw(screen.clone());
        }
        let load = Load::new();
        load.run(async move { fetching.await.map_err(|_| Failure::network()) });
        let screen = screen.clone();
        let shown = move || match load.answer.get() {
            Some(Ok(())) => self.draw(screen.clone()),
            Some(Err(_)) => unreachable(),
            None => waiting(load),
        };
        shown.into_any()
    }
}

/// Nothing yet, and grey lines when it takes long.
fn waiting(load: Load<()>) -> AnyView {
    let bars = move || load.slow.get().then(|| view! { <section class="panel">{lines(5)}</section> });
    view! { <div aria-busy="true">{bars}</div> }.into_any()
}

/// The code did not come: no network, or the server has a newer version, whose
/// files have other names. Loading the page anew mends both.
fn unreachable() -> AnyView {
    failed(t!("part.failed"), &Failure::network(), || drop(window().location().reload()))
}
