//! The recycle bin: what was deleted, by whom and when, and the way back.

use std::collections::BTreeSet;

use chrono::{DateTime, Utc};
use conexao_domain::{kernel::resource::Resource, registry};
use leptos::{leptos_dom::helpers::set_timeout, prelude::*, task::spawn_local};

use crate::{
    api::{
        Failure, Params,
        bin::{self, Bin, Binned},
        records,
    },
    format, i18n,
    screen::Screen,
    shell::menu,
    state::app,
    t, tn,
    ui::{empty::empty, fetched::fetched, icon::icon, load::Load, more::more, title::title, toast},
};

/// Typing pauses this long before the list is asked for anew.
const PAUSE: std::time::Duration = std::time::Duration::from_millis(250);

/// The page.
#[derive(Clone, Copy)]
struct Page {
    load: Load<Bin>,
    /// What of it is wanted, as the address says.
    query: Memo<Params>,
    picked: RwSignal<BTreeSet<(String, String)>>,
    busy: RwSignal<bool>,
    turn: StoredValue<u32>,
}

/// The page.
pub fn page() -> AnyView {
    let page = Page {
        load: Load::new(),
        query: Memo::new(|_| Params::parse(&app().nav.search())),
        picked: RwSignal::new(BTreeSet::new()),
        busy: RwSignal::new(false),
        turn: StoredValue::new(0),
    };
    Effect::new(move || {
        drop(page.query.read());
        page.picked.set(BTreeSet::new());
        page.read();
    });
    view! {
        <div class="page-head max-w-280">
            <div>{title(t!("bin.name"))} <p class="page-sub">{t!("bin.text")}</p></div>
        </div>
        {filters(page)}
        <section class="panel max-w-280 overflow-hidden" aria-label=t!("bin.name")>
            {fetched(page.load, 8, t!("bin.failed"), move || page.read(), move |bin| rows(page, bin))}
        </section>
        {move || bar(page)}
    }
    .into_any()
}

impl Page {
    fn read(self) {
        let params = self.query.get_untracked();
        self.load.run(async move { bin::list(&params).await });
    }

    /// Another query; typing leaves no trace in the history.
    fn narrow(self, name: &str, value: &str) {
        app().nav.query(&self.query.get_untracked().with(name, value).text(), true);
    }
}

/// Kinds of records the person may delete, and so bring back.
fn kinds() -> impl Iterator<Item = &'static Resource> {
    menu::visible().filter(|resource| app().session.may(resource, "delete"))
}

fn filters(page: Page) -> AnyView {
    let wanted = move |name: &'static str| page.query.with(|query| query.get(name).unwrap_or_default().to_owned());
    let typed = move |event| {
        let text: String = event_target_value(&event);
        let turn = page.turn.get_value().wrapping_add(1);
        page.turn.set_value(turn);
        let due = move || {
            if page.turn.try_get_value() == Some(turn) {
                page.narrow("q", text.trim());
            }
        };
        set_timeout(due, PAUSE);
    };
    let option = move |resource: &'static Resource| {
        let chosen = untrack(|| wanted("resource")) == resource.name;
        view! { <option value=resource.name selected=chosen>{i18n::resources(resource)}</option> }
    };
    view! {
        <div class="mb-3 flex max-w-280 flex-wrap items-center gap-2">
            <input
                type="search"
                class="input input-sm w-72 max-md:h-11 max-md:w-full"
                aria-label=t!("bin.search")
                placeholder=t!("bin.search")
                value=untrack(|| wanted("q"))
                on:input=typed
            />
            <select
                class="select select-sm w-56 max-md:h-11 max-md:w-full"
                aria-label=t!("bin.kind")
                on:change=move |event| page.narrow("resource", &event_target_value(&event))
            >
                <option value="">{t!("bin.all_kinds")}</option>
                {kinds().map(option).collect_view()}
            </select>
        </div>
    }
    .into_any()
}

fn rows(page: Page, bin: Bin) -> AnyView {
    if bin.items.is_empty() {
        let narrowed = page.query.with_untracked(|query| query.get("q").is_some() || query.get("resource").is_some());
        return if narrowed {
            empty("search-x", t!("bin.no_match"), t!("bin.no_match_text"), ().into_any())
        } else {
            empty("trash-2", t!("bin.none"), t!("bin.none_text"), ().into_any())
        };
    }
    let next = bin.next.map(|after| {
        let params = page.query.get_untracked().with("after", &after);
        let fetch = move || {
            let params = params.clone();
            async move { bin::list(&params).await }
        };
        more(page.load, fetch, |page, older| {
            page.items.extend(older.items);
            page.next = older.next;
        })
    });
    let rows = bin.items.into_iter().map(|binned| row(page, binned)).collect_view();
    view! { <ul class="divide-y divide-line">{rows}</ul> {next} }.into_any()
}

fn row(page: Page, binned: Binned) -> AnyView {
    let resource = registry::by_name(&binned.resource);
    let kind = resource.map(i18n::resource).unwrap_or_default();
    let at = binned.deleted_at.parse::<DateTime<Utc>>().unwrap_or_default();
    let who = binned.deleted_by.as_ref().map(|who| t!("bin.by", name = who.name));
    let key = (binned.resource.clone(), binned.id.clone());
    let picked = key.clone();
    let pick = move |event| {
        let on = event_target_checked(&event);
        let key = key.clone();
        page.picked.update(|picked| {
            if on {
                picked.insert(key);
            } else {
                picked.remove(&key);
            }
        });
    };
    let title = binned.title.clone();
    let restore = {
        let binned = binned.clone();
        move |_| one(page, binned.clone())
    };
    let facts = std::iter::once(kind).chain(binned.subtitle.clone()).collect::<Vec<_>>().join(" · ");
    view! {
        <li class="flex flex-wrap items-center gap-x-3 gap-y-2 px-4 py-2.5 hover:bg-hover">
            <label class="grid h-8 w-8 shrink-0 place-items-center max-md:h-11 max-md:w-11">
                <input
                    type="checkbox"
                    class="checkbox checkbox-xs"
                    aria-label=t!("bin.pick", title = title)
                    prop:checked=move || page.picked.with(|all| all.contains(&picked))
                    on:change=pick
                />
            </label>
            <span class="grid h-8 w-8 shrink-0 place-items-center rounded-lg bg-mute-bg text-ink-2">{icon(resource.map_or("file-text", |r| r.icon), "i")}</span>
            <div class="min-w-0 flex-1 basis-48 max-md:basis-24">
                <p class="truncate text-sm font-medium" title=title.clone()>{title.clone()}</p>
                <p class="hint truncate">{facts}</p>
            </div>
            <p class="hint num w-56 max-md:order-last max-md:w-full max-md:pl-14">
                <time datetime=binned.deleted_at title=format::instant(at)>{format::ago(at)}</time>
                {who.map(|who| format!(" · {who}"))}
            </p>
            <button
                type="button"
                class="btn btn-xs btn-line max-md:h-11"
                aria-label=t!("bin.restore_one", title = title)
                disabled=page.busy
                on:click=restore
            >
                {icon("undo-2", "i i-sm")} {t!("bin.restore")}
            </button>
        </li>
    }
    .into_any()
}

/// The acts on what is picked.
fn bar(page: Page) -> Option<AnyView> {
    let count = page.picked.with(BTreeSet::len);
    let restore = move |_| several(page);
    let all = move |_| {
        let items = page.load.answer.get_untracked().and_then(Result::ok).map(|bin| bin.items).unwrap_or_default();
        page.picked.set(items.into_iter().map(|binned| (binned.resource, binned.id)).collect());
    };
    let bar = view! {
        <div class="fixed inset-x-0 bottom-5 z-30 flex justify-center px-4 max-md:bottom-18">
            <div class="bulkbar max-w-full overflow-x-auto" role="toolbar" aria-label=t!("bin.bulk")>
                <b class="num font-semibold whitespace-nowrap" role="status">{tn!("bin.picked", many(count))}</b>
                <span class="sep"></span>
                <button type="button" on:click=all>{t!("bin.pick_all")}</button>
                <button type="button" disabled=page.busy on:click=restore>{icon("undo-2", "i i-sm")} {t!("bin.restore")}</button>
                <button type="button" aria-label=t!("close") on:click=move |_| page.picked.set(BTreeSet::new())>{icon("x", "i i-sm")}</button>
            </div>
        </div>
    };
    (count > 0).then(|| bar.into_any())
}

fn many(count: usize) -> i64 {
    i64::try_from(count).unwrap_or_default()
}

/// Brings one back and offers to open it.
fn one(page: Page, binned: Binned) {
    page.busy.set(true);
    spawn_local(async move {
        match restore(&binned.resource, &binned.id).await {
            Ok(path) => {
                take_off(page, &binned.resource, &binned.id);
                toast::offer(t!("bin.restored", title = binned.title), t!("bin.open"), move || app().nav.to(&path));
            }
            Err(failure) => toast::fail(&failure),
        }
        page.busy.try_set(false);
    });
}

/// Brings all that is picked back, one after the other; what stays is said.
fn several(page: Page) {
    page.busy.set(true);
    let picked = page.picked.get_untracked();
    spawn_local(async move {
        let (mut back, mut left) = (0_usize, None::<Failure>);
        for (resource, id) in picked {
            match restore(&resource, &id).await {
                Ok(_) => {
                    back = back.saturating_add(1);
                    take_off(page, &resource, &id);
                }
                Err(failure) => left = Some(failure),
            }
        }
        if back > 0 {
            toast::say(tn!("bin.restored_many", many(back)));
        }
        if let Some(failure) = left {
            toast::fail(&failure);
        }
        page.busy.try_set(false);
    });
}

/// Gives the address of what came back.
async fn restore(resource: &str, id: &str) -> Result<String, Failure> {
    let resource = registry::by_name(resource).ok_or_else(|| Failure::unusable("resource"))?;
    records::restore(resource, id).await?;
    Ok(Screen::Detail(resource, id.to_owned()).path())
}

fn take_off(page: Page, resource: &str, id: &str) {
    let same = |other: &Binned| other.resource == resource && other.id == id;
    page.picked.try_update(|picked| picked.remove(&(resource.to_owned(), id.to_owned())));
    if page.load.answer.try_with_untracked(Option::is_some) == Some(true) {
        page.load.patch(|bin| bin.items.retain(|other| !same(other)));
    }
}
