//! The audit explorer: who did what, when, to what and from where. Everything
//! that is looked for stands in the address, and so does the open entry.

mod drawer;
mod filters;
mod table;

use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::{
        Params,
        audit::{self, AuditChain, AuditPage},
        files::Export,
    },
    custom::missing,
    format,
    screen::Screen,
    state::app,
    t,
    ui::{
        chip::chip,
        icon::icon,
        load::Load,
        popover::{Item, Trigger, menu},
        title::title,
        toast,
    },
};
use conexao_domain::kernel::flow::Tone;

/// The parameter of the address that names the open entry.
const ENTRY: &str = "entrada";

/// What the parts of the page share.
#[derive(Clone, Copy)]
struct Explorer {
    page: Load<AuditPage>,
    /// What is looked for, as in the address.
    wanted: Memo<String>,
    open: Memo<Option<String>>,
}

/// The page.
pub fn page() -> AnyView {
    if !app().session.can("audit.read") {
        return missing::page();
    }
    let here = || Screen::parse(&app().nav.path()) == Screen::Audit;
    let params = || Params::parse(&app().nav.search());
    let wanted = Memo::new(move |before: Option<&String>| {
        let text = params().with(ENTRY, "").text();
        // The address of the next screen is none of this one.
        if here() { text } else { before.cloned().unwrap_or_default() }
    });
    let open = Memo::new(move |_| params().get(ENTRY).map(str::to_owned));
    let explorer = Explorer { page: Load::new(), wanted, open };
    Effect::new(move || explorer.look(&wanted.get()));
    let chain = Load::<AuditChain>::new();
    chain.run(audit::chain());
    view! {
        <div class="page-head">
            <div>
                {title(t!("audit.title"))}
                <p class="page-sub">{t!("audit.text")}</p>
            </div>
            <div class="ml-auto flex flex-wrap items-center gap-2">
                {move || chain.ready().map(|chain| state(&chain))}
                {export(explorer)}
            </div>
        </div>
        {filters::bar(explorer)}
        <section class="panel mt-3 overflow-hidden" aria-label=t!("audit.title")>{table::shown(explorer)}</section>
        {move || open.get().map(|id| drawer::drawer(explorer, id))}
    }
    .into_any()
}

/// What the last verification found.
fn state(chain: &AuditChain) -> AnyView {
    let at = chain.verified_at.as_deref().map(format::moment).unwrap_or_default();
    match (chain.broken_at, at.is_empty()) {
        (Some(seq), _) => chip(Tone::Danger, t!("audit.chain_broken", seq = seq, at = at)),
        (None, true) => chip(Tone::Neutral, t!("audit.chain_unchecked")),
        (None, false) => chip(Tone::Success, t!("audit.chain_sound", at = at)),
    }
}

fn export(explorer: Explorer) -> AnyView {
    let inside = view! { {icon("file-spreadsheet", "i")} {t!("list.export")} };
    let trigger = Trigger { class: "btn btn-sm btn-line", label: None, inside: inside.into_any() };
    let formats = move || {
        vec![
            Item::new("file-spreadsheet", t!("export.xlsx"), move || explorer.export("xlsx")),
            Item::new("file-text", t!("export.csv"), move || explorer.export("csv")),
            Item::new("brackets", t!("export.jsonl"), move || explorer.export("jsonl")),
        ]
    };
    menu(trigger, "right-0 top-9 w-60", formats)
}

/// Looks for nothing in particular.
fn clear() {
    app().nav.query("", true);
}

impl Explorer {
    fn look(self, wanted: &str) {
        let params = Params::parse(wanted);
        self.page.run(async move { audit::list(&params).await });
    }

    fn again(self) {
        self.look(&self.wanted.get_untracked());
    }

    /// A filter as it stands in the address; tracked.
    fn get(self, name: &'static str) -> String {
        Params::parse(&self.wanted.get()).get(name).unwrap_or_default().to_owned()
    }

    /// Looks for something else, from the newest on.
    fn set(self, name: &str, value: &str) {
        let params = Params::parse(&self.wanted.get_untracked()).with(name, value.trim());
        app().nav.query(&params.text(), true);
    }

    /// Opens an entry, or closes the open one.
    fn show(self, id: &str) {
        let params = Params::parse(&self.wanted.get_untracked()).with(ENTRY, id);
        app().nav.query(&params.text(), false);
    }

    /// Adds older entries.
    fn more(self, after: &str) {
        let params = Params::parse(&self.wanted.get_untracked()).with("after", after);
        self.page.add(async move { audit::list(&params).await }, |page, older| {
            page.items.extend(older.items);
            page.next = older.next;
            page.searched_to = older.searched_to;
        });
    }

    fn export(self, format: &'static str) {
        let params = Params::parse(&self.wanted.get_untracked());
        toast::say(t!("export.started"));
        spawn_local(async move {
            match audit::export(format, &params).await {
                Ok(Export::File(file)) => {
                    file.save();
                    toast::say(t!("export.done", name = file.name));
                }
                Ok(Export::Job(job)) => {
                    app().live.follow(*job);
                    toast::say(t!("export.job"));
                }
                Err(failure) => toast::fail(&failure),
            }
        });
    }
}
