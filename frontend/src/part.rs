//! Parts of the application that are fetched when somebody first needs them.
//!
//! A function marked `wasm_split` ends up, with everything only it uses, in a
//! file of its own; `xtask` does the splitting. What several parts share is cut
//! out as well, so few parts are better than many.

#![expect(clippy::unnecessary_wraps, reason = "a fetched function fails where it is called, when it does not come")]

use std::{future::Future, pin::Pin, sync::Arc, time::Duration};

use conexao_client::View;
use conexao_domain::kernel::{field::Field, resource::Resource};
use futures_util::{FutureExt, future::try_join};
use leptos::{ev, leptos_dom::helpers::set_timeout, prelude::*, task::spawn_local};
use wasm_bindgen::JsCast;
use wasm_split_helpers::{SplitLoaderError, wasm_split};

use crate::{
    api::{dashboard::Widget, out_of_reach},
    custom::{
        self,
        challenge::{Back, Challenge},
        dashboard::{self, Board, Edited},
    },
    i18n::parts,
    resource::{
        self,
        list::{self, Act, Editing, List, Views},
    },
    screen::Screen,
    shell::{self, Frame},
    state::app,
    t,
    ui::{
        chart::{self, Data, Form},
        empty::failed,
        load::Load,
        skeleton::lines,
    },
};

/// Screens that are fetched together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// The list of any resource.
    List,
    /// One record: reading and writing it.
    Record,
    /// The import wizard.
    Import,
    /// The start page.
    Desk,
    /// What is about the person: jobs, notices, the recycle bin, profile.
    Own,
    /// For people who cannot come in yet.
    Door,
    /// What administrators look after: the audit, permissions explained.
    Admin,
    /// Every component, for whoever builds screens.
    Gallery,
}

/// What opens over a screen or in a small window of it: not there before somebody asks.
#[derive(Clone)]
pub enum Tool {
    /// Search, notices or the list of keys.
    Over(Frame),
    /// The dialog of an act on rows.
    Act(List, Act),
    /// The values of a filter.
    Filter(List, &'static Field),
    /// Filters and order on a phone.
    Filters(List, RwSignal<bool>),
    /// Keeping the list under a name.
    View(List, Views, Option<View>, RwSignal<bool>),
    /// What a log-in asks after the password.
    Second(Challenge, Back),
    /// Signing in again over the screen.
    Lock,
    /// The choice of columns.
    Columns(List),
    /// The editor of a cell.
    Cell(List, Editing),
    /// The drawer with the row of the keyboard.
    Preview(List),
    /// Conditions in groups.
    Groups(List),
    /// What stands by: offline strip, updates, second strokes.
    Later(Frame),
    /// Work that runs and that ended lately; the signal closes it.
    Jobs(RwSignal<bool>),
}

/// What stands in a widget of the start page and comes after it.
pub enum Piece {
    /// A chart with its table.
    Chart(String, Form, Data, RwSignal<bool>),
    /// The tools of a widget that is arranged.
    Tools(Board, Arc<str>, Memo<Option<Widget>>),
    /// What a widget is about.
    Editor(Board, Edited),
}

/// After so long the first screen is there, and the network has nothing else to do.
const IDLE: Duration = Duration::from_secs(2);

type Fetching = Pin<Box<dyn Future<Output = Result<(), SplitLoaderError>>>>;
type Drawn = Result<AnyView, SplitLoaderError>;

#[wasm_split(list, fallible, preload(fetch_list))]
fn list(screen: Screen) -> Drawn {
    Ok(match screen {
        Screen::List(resource) => list::page(resource),
        _ => custom::missing::page(),
    })
}

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
        Screen::Home => custom::dashboard::page(),
        _ => custom::missing::page(),
    })
}

#[wasm_split(pieces, fallible, preload(fetch_pieces))]
fn pieces(piece: Piece) -> Drawn {
    Ok(match piece {
        Piece::Chart(title, form, data, as_table) => chart::chart(title, form, data, as_table),
        Piece::Tools(board, id, widget) => dashboard::toolbar(board, &id, widget),
        Piece::Editor(board, edited) => dashboard::editor(board, edited),
    })
}

#[wasm_split(own, fallible, preload(fetch_own))]
fn own(screen: Screen) -> Drawn {
    Ok(match screen {
        Screen::Jobs => custom::jobs::page(),
        Screen::Notifications => custom::notifications::page(),
        Screen::Bin => custom::bin::page(),
        Screen::Profile if app().session.must_enrol() => custom::profile::enrolment(),
        Screen::Profile => custom::profile::page(),
        _ => custom::missing::page(),
    })
}

#[wasm_split(admin, fallible, preload(fetch_admin))]
fn admin(screen: Screen) -> Drawn {
    Ok(match screen {
        Screen::Audit => custom::audit::page(),
        Screen::People => custom::privacy::page(),
        Screen::Access => custom::access::page(),
        Screen::Why => custom::explain::page(),
        // Below a list, which comes before it.
        Screen::List(resource) => custom::below(resource),
        Screen::Channels => custom::channels::page(),
        Screen::Templates => custom::templates::page(),
        Screen::Template(name, tag) => custom::templates::one(name, tag),
        Screen::Company => custom::settings::page(),
        Screen::Integrations => custom::settings::integrations::page(),
        Screen::Tenants => custom::operator::page(),
        _ => custom::missing::page(),
    })
}

#[wasm_split(gallery, fallible, preload(fetch_gallery))]
fn gallery() -> Drawn {
    Ok(if custom::gallery::is_open() { custom::gallery::page() } else { custom::missing::page() })
}

#[wasm_split(door, fallible, preload(fetch_door))]
fn door(screen: Screen) -> Drawn {
    Ok(custom::door::page(&screen))
}

#[wasm_split(tools, fallible, preload(fetch_tools))]
fn tools(tool: Tool) -> Drawn {
    Ok(match tool {
        Tool::Over(frame) => shell::over(frame),
        Tool::Act(list, act) => list::ask(list, act),
        Tool::Filter(list, field) => list::editor(list, field),
        Tool::Filters(list, open) => list::drawer(list, open),
        Tool::View(list, views, view, open) => list::view_form(list, views, view, open),
        Tool::Second(challenge, back) => custom::second_step::form(challenge, back),
        Tool::Lock => shell::ask_again(),
        Tool::Columns(list) => list::column_choice(list),
        Tool::Cell(list, editing) => list::cell_editor(list, editing),
        Tool::Preview(list) => list::preview(list),
        Tool::Groups(list) => list::group_choice(list),
        Tool::Later(frame) => shell::later::aside(frame),
        Tool::Jobs(open) => shell::later::jobs(open),
    })
}

/// Code, and the texts of all code that comes later.
fn with_texts(code: impl Future<Output = Result<(), SplitLoaderError>> + 'static) -> Fetching {
    Box::pin(async { try_join(code, parts::fetch()).await.map(drop) })
}

impl Part {
    fn fetch(self) -> Fetching {
        match self {
            Self::List => with_texts(fetch_list()),
            Self::Record => with_texts(fetch_record()),
            Self::Import => with_texts(fetch_import()),
            Self::Desk => with_texts(fetch_desk()),
            Self::Own => with_texts(fetch_own()),
            Self::Admin => with_texts(fetch_admin()),
            Self::Door => with_texts(fetch_door()),
            Self::Gallery => with_texts(fetch_gallery()),
        }
    }

    /// The part a screen is in; none when it is there from the start.
    const fn of(screen: &Screen) -> Option<Self> {
        match screen {
            Screen::Missing(_) | Screen::Login => None,
            Screen::List(_) => Some(Self::List),
            Screen::New(_) | Screen::Detail(..) | Screen::Edit(..) => Some(Self::Record),
            Screen::Import(_) | Screen::ImportRun(_) => Some(Self::Import),
            Screen::Home => Some(Self::Desk),
            Screen::Gallery => Some(Self::Gallery),
            Screen::Jobs | Screen::Notifications | Screen::Bin | Screen::Profile => Some(Self::Own),
            Screen::Recover
            | Screen::Reset(_)
            | Screen::Invitation(_)
            | Screen::Register
            | Screen::Confirm(_)
            | Screen::NewEmail(_) => Some(Self::Door),
            Screen::Audit
            | Screen::Channels
            | Screen::Templates
            | Screen::Template(..)
            | Screen::People
            | Screen::Access
            | Screen::Company
            | Screen::Integrations
            | Screen::Tenants
            | Screen::Why => Some(Self::Admin),
        }
    }

    fn draw(self, screen: Screen) -> Option<Drawn> {
        match self {
            Self::List => list(screen).now_or_never(),
            Self::Record => record(screen).now_or_never(),
            Self::Import => import(screen).now_or_never(),
            Self::Desk => desk(screen).now_or_never(),
            Self::Own => own(screen).now_or_never(),
            Self::Admin => admin(screen).now_or_never(),
            Self::Door => door(screen).now_or_never(),
            Self::Gallery => gallery().now_or_never(),
        }
    }
}

/// The view of a screen inside the shell.
pub fn screen(screen: &Screen) -> AnyView {
    let wanted = screen.clone();
    match (screen, Part::of(screen)) {
        // Whoever just came in is on the way to the wanted screen.
        (Screen::Login, _) => ().into_any(),
        (_, None) => custom::missing::page(),
        (_, Some(part)) => drawn(part.fetch(), move || part.draw(wanted.clone())),
    }
}

/// What stands below a list and comes after it.
pub fn below(resource: &'static Resource) -> AnyView {
    drawn(Part::Admin.fetch(), move || Part::Admin.draw(Screen::List(resource)))
}

/// What is shown instead of everything to somebody who needs a second factor.
pub fn enrolment() -> AnyView {
    drawn(Part::Own.fetch(), || Part::Own.draw(Screen::Profile))
}

/// The view of a tool.
pub fn tool(tool: Tool) -> AnyView {
    drawn(with_texts(fetch_tools()), move || tools(tool.clone()).now_or_never())
}

/// The view of a piece.
pub fn piece(piece: Piece) -> AnyView {
    // It is drawn once, so it is given away.
    let piece = StoredValue::new(Some(piece));
    let draw = move || piece.try_update_value(Option::take).flatten().and_then(|piece| pieces(piece).now_or_never());
    drawn(with_texts(fetch_pieces()), draw)
}

/// The view of a tool nobody asked for: nothing, when its code does not come.
pub fn aside(tool: Tool) -> AnyView {
    let load = Load::new();
    load.run(async { with_texts(fetch_tools()).await.map_err(|_| out_of_reach()) });
    let draw = move || tools(tool.clone()).now_or_never().and_then(Result::ok);
    let shown = move || load.ready().and_then(|()| draw());
    shown.into_any()
}

/// Begins to fetch what a pointer or the keyboard is about to open, so that
/// nobody waits for it: a link's screen, or the tools behind a button.
pub fn foresee() {
    let over = window_event_listener(ev::pointerover, |event| {
        let element = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let closest = |kind: &str| element.as_ref().and_then(|element| element.closest(kind).ok().flatten());
        if let Some(path) = closest("a[href^='/']").and_then(|link| link.get_attribute("href")) {
            let path = path.split('?').next().unwrap_or_default();
            if let Some(part) = Part::of(&Screen::parse(path)) {
                spawn_local(async move { drop(part.fetch().await) });
            }
        } else if closest("button").is_some() {
            spawn_local(async { drop(with_texts(fetch_tools()).await) });
        }
    });
    let key = window_event_listener(ev::keydown, |_| spawn_local(async { drop(with_texts(fetch_tools()).await) }));
    // Most ways lead to a list.
    set_timeout(|| spawn_local(async { drop(Part::List.fetch().await) }), IDLE);
    on_cleanup(move || {
        over.remove();
        key.remove();
    });
}

/// A view whose code may have to come: at once when it is here, else when it has come.
fn drawn(mut fetching: Fetching, draw: impl Fn() -> Option<Drawn> + Send + 'static) -> AnyView {
    let draw = move || draw().and_then(Result::ok).unwrap_or_else(unreachable);
    if let Some(Ok(())) = fetching.as_mut().now_or_never() {
        return draw();
    }
    let load = Load::new();
    load.run(async move { fetching.await.map_err(|_| out_of_reach()) });
    let shown = move || match load.answer.get() {
        Some(Ok(())) => draw(),
        Some(Err(_)) => unreachable(),
        None => waiting(load),
    };
    shown.into_any()
}

/// Nothing yet, and grey lines when it takes long.
fn waiting(load: Load<()>) -> AnyView {
    let bars = move || load.slow.get().then(|| view! { <section class="panel">{lines(5)}</section> });
    view! { <div aria-busy="true">{bars}</div> }.into_any()
}

/// The code did not come: no network, or the server has a newer version, whose
/// files have other names. Loading the page anew mends both.
fn unreachable() -> AnyView {
    failed(t!("part.failed"), &out_of_reach(), || drop(window().location().reload()))
}
