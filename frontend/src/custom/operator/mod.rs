//! The companies of the installation, for whoever operates it: which there
//! are, making one, keeping one out and letting it in again.

mod acts;

use conexao_domain::{kernel::flow::Tone, locale, registry};
use leptos::{prelude::*, task::spawn_local};

use super::missing;
use crate::{
    api::settings::{self, TenantPage, TenantSummary},
    format, i18n,
    state::app,
    t,
    ui::{
        chip::{chip, tag},
        fetched::fetched,
        icon::icon,
        load::Load,
        more,
        overlay::{sheet, sheet_head},
        title::title,
        toast,
    },
};

/// What is open over the list.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Over {
    Nothing,
    Making,
    Shown(TenantSummary),
    Suspending(TenantSummary),
}

/// The page and what is open over it.
#[derive(Clone, Copy)]
struct Page {
    load: Load<TenantPage>,
    over: RwSignal<Over>,
}

impl Page {
    fn reload(self) {
        self.load.run(settings::tenants(None));
    }

    /// Puts a company as it is now in its place in the list.
    fn put(self, fresh: &TenantSummary) {
        let fresh = fresh.clone();
        self.load.patch(|page| {
            if let Some(row) = page.items.iter_mut().find(|row| row.id == fresh.id) {
                *row = fresh;
            }
        });
    }
}

/// The page.
pub fn page() -> AnyView {
    if !app().session.can("tenant.read") {
        return missing::page();
    }
    let page = Page { load: Load::new(), over: RwSignal::new(Over::Nothing) };
    page.reload();
    let body = fetched(page.load, 6, t!("tenants.failed"), move || page.reload(), move |found| table(page, &found));
    let make = app().session.can("tenant.create").then(|| {
        view! {
            <button type="button" class="btn btn-sm btn-primary max-md:h-11" on:click=move |_| page.over.set(Over::Making)>
                {icon("plus", "i")} {t!("tenants.make")}
            </button>
        }
    });
    let over = move || match page.over.get() {
        Over::Nothing => ().into_any(),
        Over::Making => acts::make(page),
        Over::Shown(tenant) => shown(page, &tenant),
        Over::Suspending(tenant) => acts::suspend(page, &tenant),
    };
    view! {
        <div class="page-head">
            <div class="min-w-0">{title(t!("tenants.title"))} <p class="page-sub">{t!("tenants.about")}</p></div>
            <div class="ml-auto">{make}</div>
        </div>
        <section class="panel">{body}</section>
        {over}
    }
    .into_any()
}

fn kind(name: &str) -> String {
    locale::text(i18n::locale(), &format!("tenant.kind.{name}"))
}

fn status(tenant: &TenantSummary) -> AnyView {
    if tenant.status == "suspended" {
        chip(Tone::Danger, t!("tenants.suspended"))
    } else {
        chip(Tone::Success, t!("tenants.active"))
    }
}

fn moment(text: Option<&str>) -> String {
    text.map_or_else(|| "—".to_owned(), format::moment)
}

fn table(page: Page, found: &TenantPage) -> AnyView {
    let rows = found.items.iter().map(|tenant| row(page, tenant)).collect_view();
    let more = found.next.clone().map(|next| {
        let fetch = move || {
            let next = next.clone();
            async move { settings::tenants(Some(&next)).await }
        };
        more::more(page.load, fetch, |page, older| {
            page.items.extend(older.items);
            page.next = older.next;
        })
    });
    view! {
        <div class="tbl-wrap" tabindex="0" role="region" aria-label=t!("tenants.title")>
            <table class="tbl">
                <thead>
                    <tr>
                        <th scope="col">{t!("tenants.company")}</th>
                        <th scope="col">{t!("tenants.kind")}</th>
                        <th scope="col">{t!("tenants.status")}</th>
                        <th scope="col" class="text-right">{t!("tenants.users")}</th>
                        <th scope="col">{t!("tenants.last_use")}</th>
                    </tr>
                </thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
        {more}
    }
    .into_any()
}

fn row(page: Page, tenant: &TenantSummary) -> AnyView {
    let id = tenant.id;
    let open = move |_| {
        spawn_local(async move {
            match settings::tenant(id).await {
                Ok(tenant) => drop(page.over.try_set(Over::Shown(tenant))),
                Err(failure) => toast::fail(&failure),
            }
        });
    };
    view! {
        <tr>
            <td>
                <button type="button" class="lnk text-left font-medium" on:click=open>{tenant.name.clone()}</button>
                <span class="sub">{tenant.slug.clone()}</span>
            </td>
            <td>{tag(kind(&tenant.kind))}</td>
            <td>{status(tenant)}</td>
            <td class="num text-right">{format::integer(tenant.users)}</td>
            <td class="num">{moment(tenant.last_use.as_deref())}</td>
        </tr>
    }
    .into_any()
}

/// One company in a drawer: how much it holds, and what can be done.
fn shown(page: Page, tenant: &TenantSummary) -> AnyView {
    let close = std::sync::Arc::new(move || page.over.set(Over::Nothing));
    let head = sheet_head(
        view! { <h2 class="truncate text-md font-semibold">{tenant.name.clone()}</h2> }.into_any(),
        ().into_any(),
        close.clone(),
    );
    let records = tenant.records.clone().unwrap_or_default().into_iter().map(|(name, count)| {
        let label = registry::by_name(&name).map_or(name, i18n::resources);
        view! { <dt>{label}</dt> <dd class="num">{format::integer(count)}</dd> }
    });
    let bytes =
        tenant.bytes.map(|bytes| view! { <dt>{t!("tenants.files")}</dt> <dd class="num">{format::bytes(bytes)}</dd> });
    let why = tenant.reason.clone().map(|why| {
        view! { <div class="notice notice-danger">{icon("ban", "i")} <p class="min-w-0 flex-1">{why}</p></div> }
    });
    let content = view! {
        {head}
        <div class="grid min-h-0 flex-1 content-start gap-4 overflow-y-auto p-4">
            <div class="flex flex-wrap gap-2">{status(tenant)} {tag(kind(&tenant.kind))}</div>
            {why}
            <dl class="kv">
                <dt>{t!("tenants.slug")}</dt> <dd class="mono">{tenant.slug.clone()}</dd>
                <dt>{t!("tenants.created")}</dt> <dd class="num">{moment(Some(&tenant.created_at))}</dd>
                <dt>{t!("tenants.users")}</dt> <dd class="num">{format::integer(tenant.users)}</dd>
                <dt>{t!("tenants.last_use")}</dt> <dd class="num">{moment(tenant.last_use.as_deref())}</dd>
                {records.collect_view()}
                {bytes}
            </dl>
            <p class="hint">{t!("tenants.no_records")}</p>
            {acts::buttons(page, tenant)}
        </div>
    };
    sheet(tenant.name.clone(), content.into_any(), close)
}
