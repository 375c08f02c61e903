//! Notifications: the drawer behind the bell, and the list the page shares.

use std::{collections::BTreeSet, sync::Arc};

use chrono::{DateTime, NaiveDate, Utc};
use conexao_domain::registry::{self, RESOURCES};
use leptos::{prelude::*, task::spawn_local};

use super::Frame;
use crate::{
    api::{
        Failure, notifications,
        notifications::{Notification, NotificationPage, Which},
    },
    format, i18n,
    screen::{Screen, record_path},
    state::app,
    t,
    ui::{
        empty::{empty, failed},
        icon::icon,
        load::Load,
        more,
        overlay::{sheet, sheet_head},
        skeleton,
        tabs::{Tab, tabs},
        toast,
    },
};

/// A list of notifications and what narrows it.
#[derive(Clone, Copy)]
pub struct Notices {
    /// `all` or `unread`.
    pub tab: RwSignal<&'static str>,
    /// Only this category; all when empty.
    pub category: RwSignal<String>,
    pub load: Load<NotificationPage>,
    /// Whether several can be ticked, and which are.
    pub selecting: RwSignal<bool>,
    pub picked: RwSignal<BTreeSet<String>>,
}

impl Notices {
    /// Loads, and loads anew when the filters change or something arrives.
    pub fn new() -> Self {
        let notices = Self {
            tab: RwSignal::new("all"),
            category: RwSignal::new(String::new()),
            load: Load::new(),
            selecting: RwSignal::new(false),
            picked: RwSignal::new(BTreeSet::new()),
        };
        Effect::new(move || {
            app().live.notification.track();
            notices.tab.track();
            notices.category.track();
            notices.reload();
        });
        notices
    }

    fn reload(self) {
        let (unread, category) = (self.tab.get_untracked() == "unread", self.category.get_untracked());
        self.load.run(async move {
            let page = notifications::list(unread, &category, None).await?;
            app().live.unread.set(page.unread);
            Ok(page)
        });
    }

    /// Adds the next page to the list.
    fn more(self) {
        let Some(after) = self.load.answer.get_untracked().and_then(Result::ok).and_then(|page| page.next) else {
            return;
        };
        let (unread, category) = (self.tab.get_untracked() == "unread", self.category.get_untracked());
        self.load.add(async move { notifications::list(unread, &category, Some(&after)).await }, |page, next| {
            page.items.extend(next.items);
            page.next = next.next;
        });
    }

    /// Marks as read, at once on the screen.
    pub fn read(self, which: Which) {
        let now = conexao_domain::kernel::canonical::write_instant(format::now());
        let hit = picker(&which);
        self.load.patch(|page| {
            let unread = page.items.iter_mut().filter(|n| hit(&n.id) && n.read_at.is_none());
            unread.for_each(|n| n.read_at = Some(now.clone()));
        });
        self.settle(async move { notifications::read(which).await });
    }

    /// Deletes, at once on the screen.
    pub fn delete(self, which: Which) {
        let hit = picker(&which);
        self.load.patch(|page| page.items.retain(|n| !hit(&n.id)));
        self.settle(async move { notifications::delete(which).await });
    }

    /// Waits for the server; a refusal brings back what it still has.
    fn settle(self, act: impl Future<Output = Result<i64, Failure>> + 'static) {
        spawn_local(async move {
            match act.await {
                Ok(unread) => app().live.unread.set(unread),
                Err(failure) => {
                    toast::fail(&failure);
                    self.reload();
                }
            }
        });
    }
}

fn picker(which: &Which) -> impl Fn(&str) -> bool + use<> {
    let ids = match which {
        Which::Ids(ids) => Some(ids.clone()),
        Which::All => None,
    };
    move |id| ids.as_ref().is_none_or(|ids| ids.iter().any(|i| i == id))
}

/// The drawer behind the bell.
pub fn drawer(frame: Frame) -> AnyView {
    let notices = Notices::new();
    let close = Arc::new(move || frame.close());
    let unread =
        move || Some(app().live.unread.get()).filter(|n| *n > 0).map(|n| view! { <span class="unread">{n}</span> });
    let title = view! { <h2 class="text-md font-semibold tracking-tight">{t!("notices.title")}</h2> {unread} };
    let choices = format!("{}#avisos", Screen::Profile.path());
    let page = view! {
        <a class="icon-btn" href=choices aria-label=t!("notices.choices") title=t!("notices.choices")>
            {icon("sliders-horizontal", "i i-md")}
        </a>
        <a class="icon-btn" href=Screen::Notifications.path() aria-label=t!("notices.page") title=t!("notices.page")>
            {icon("maximize-2", "i i-md")}
        </a>
    };
    let content = view! {
        {sheet_head(title.into_any(), page.into_any(), close.clone())}
        {filters(notices)}
        <div class="min-h-0 flex-1 overflow-y-auto">{list(notices)}</div>
    };
    sheet(t!("notices.title"), content.into_any(), close)
}

/// Tabs, "mark all as read" and the categories.
pub fn filters(notices: Notices) -> AnyView {
    let unread = Signal::derive(move || {
        Some(app().live.unread.get()).filter(|n| *n > 0).map(format::integer).unwrap_or_default()
    });
    let rows = vec![
        Tab::new("all", t!("notices.all")),
        Tab { count: Some(unread), ..Tab::new("unread", t!("notices.unread")) },
    ];
    let idle = move || app().live.unread.get() == 0;
    let every: BTreeSet<&str> = RESOURCES.iter().flat_map(|r| r.notices).map(|n| n.category).collect();
    let categories =
        every.into_iter().map(|name| category(notices, name.to_owned(), i18n::category(name))).collect_view();
    view! {
        <div class="flex items-center border-b border-line px-2">
            {tabs(t!("notices.title"), rows, notices.tab)}
            <button type="button" class="lnk pr-2 text-xs disabled:opacity-50" disabled=idle on:click=move |_| notices.read(Which::All)>
                {t!("notices.read_all")}
            </button>
        </div>
        <div class="flex gap-1.5 overflow-x-auto border-b border-line px-4 py-2 [scrollbar-width:none]">
            {category(notices, String::new(), t!("notices.every"))} {categories}
        </div>
    }
    .into_any()
}

fn category(notices: Notices, name: String, label: String) -> AnyView {
    let this = name.clone();
    let chosen = Signal::derive(move || notices.category.get() == this);
    view! {
        <button
            type="button"
            class="tag h-6 px-2 text-xs"
            class:tag-strong=chosen
            aria-pressed=move || chosen.get().to_string()
            on:click=move |_| notices.category.set(name.clone())
        >
            {label}
        </button>
    }
    .into_any()
}

/// The notifications themselves, by day.
pub fn list(notices: Notices) -> AnyView {
    let shown = move || match notices.load.answer.get() {
        None if notices.load.slow.get() => skeleton::lines(6),
        None => ().into_any(),
        Some(Err(failure)) => failed(t!("notices.failed"), &failure, move || notices.reload()),
        Some(Ok(page)) if page.items.is_empty() => {
            empty("bell", t!("notices.none"), t!("notices.none_text"), ().into_any())
        }
        Some(Ok(page)) => rows(notices, page),
    };
    shown.into_any()
}

fn rows(notices: Notices, page: NotificationPage) -> AnyView {
    let mut day = None::<NaiveDate>;
    let mut out = Vec::new();
    for notice in page.items {
        let at = notice.created_at.parse::<DateTime<Utc>>().unwrap_or_default();
        let this = format::local(at).date();
        if day != Some(this) {
            day = Some(this);
            out.push(
                view! { <li class="sticky top-0 z-1 border-b border-line bg-base-200 px-4 py-1.5 text-xs font-medium text-ink-2">{format::day_name(this)}</li> }
                    .into_any(),
            );
        }
        out.push(row(notices, notice, at));
    }
    let more = page.next.map(|_| more::button(notices.load.waiting, Box::new(move || notices.more())));
    view! { <ul class="divide-y divide-line">{out}</ul> {more} }.into_any()
}

fn row(notices: Notices, notice: Notification, at: DateTime<Utc>) -> AnyView {
    let unread = notice.read_at.is_none();
    let (tick_id, notice_title) = (notice.id.clone(), notice.title.clone());
    let (read_id, delete_id, open_id) = (notice.id.clone(), notice.id.clone(), notice.id);
    let path = notice
        .resource
        .as_deref()
        .zip(notice.record_id.as_deref())
        .and_then(|(resource, id)| record_path(resource, id));
    let art = notice.resource.as_deref().and_then(registry::by_name).map_or("bell", |resource| resource.icon);
    let title_class = if unread { "font-semibold" } else { "font-medium text-ink-2" };
    let title = match path {
        Some(path) => {
            let open = move |_| notices.read(Which::Ids(vec![open_id.clone()]));
            view! { <a class="hover:underline" href=path on:click=open>{notice.title}</a> }.into_any()
        }
        None => notice.title.into_any(),
    };
    let dot = unread.then(|| view! { <span class="mt-1.75 h-2 w-2 shrink-0 rounded-full bg-primary" title=t!("notices.unread_one")></span> });
    let mark = unread.then(|| {
        let read = move |_| notices.read(Which::Ids(vec![read_id.clone()]));
        view! { <button type="button" class="icon-btn icon-btn-sm" aria-label=t!("notices.read") title=t!("notices.read") on:click=read>{icon("check", "i i-sm")}</button> }
    });
    let delete = move |_| notices.delete(Which::Ids(vec![delete_id.clone()]));
    let tick = tick(notices, tick_id, notice_title);
    view! {
        <li class="relative flex gap-3 px-4 py-3 hover:bg-hover" class:bg-sunken=!unread>
            {tick}
            <span class="mt-0.5 grid h-8 w-8 shrink-0 place-items-center rounded-lg bg-new-bg text-new-fg">{icon(art, "i")}</span>
            <div class="min-w-0 flex-1">
                <div class="flex items-start gap-2">
                    <p class=format!("flex-1 text-sm leading-5 {title_class}")>{title}</p>
                    {dot}
                </div>
                <p class="text-xs leading-4.5 text-ink-2">{notice.body}</p>
                <div class="mt-1 flex items-center gap-1 text-xs text-ink-3">
                    <span class="flex-1">{format::ago(at)} " · " {i18n::category(&notice.category)}</span>
                    {mark}
                    <button type="button" class="icon-btn icon-btn-sm" aria-label=t!("notices.delete") title=t!("notices.delete") on:click=delete>
                        {icon("trash-2", "i i-sm")}
                    </button>
                </div>
            </div>
        </li>
    }
    .into_any()
}

/// The box that picks one of several.
fn tick(notices: Notices, id: String, title: String) -> AnyView {
    let shown = move || {
        let (this, id) = (id.clone(), id.clone());
        let pick = move |event| {
            let on = event_target_checked(&event);
            notices.picked.update(|picked| {
                if on {
                    picked.insert(id.clone());
                } else {
                    picked.remove(&id);
                }
            });
        };
        notices.selecting.get().then(|| {
            view! {
                <input
                    type="checkbox"
                    class="checkbox checkbox-xs mt-2"
                    aria-label=t!("notices.pick", title = title)
                    prop:checked=move || notices.picked.with(|picked| picked.contains(&this))
                    on:change=pick
                />
            }
        })
    };
    shown.into_any()
}
