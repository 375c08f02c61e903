//! Going somewhere: one place that changes the address.

use std::sync::Arc;

use conexao_domain::kernel::resource::Resource;
use leptos::prelude::*;
use leptos_router::{NavigateOptions, location::Location};

type Go = Arc<dyn Fn(&str, NavigateOptions) + Send + Sync>;

#[derive(Debug, Clone, Copy)]
pub struct Nav {
    go: StoredValue<Option<Go>>,
    location: StoredValue<Option<Location>>,
    /// A change of screen whose title has not received the focus yet.
    moved: StoredValue<bool>,
    /// The title of the screen, which ends the breadcrumbs.
    pub title: RwSignal<String>,
    /// The kind of record of a screen whose address does not say it.
    pub under: RwSignal<Option<&'static Resource>>,
}

impl Nav {
    pub fn new() -> Self {
        Self {
            go: StoredValue::new(None),
            location: StoredValue::new(None),
            moved: StoredValue::new(false),
            title: RwSignal::new(String::new()),
            under: RwSignal::new(None),
        }
    }

    /// Connects the router; called once, inside it.
    pub fn install(self, go: impl Fn(&str, NavigateOptions) + Send + Sync + 'static, location: Location) {
        self.go.set_value(Some(Arc::new(go)));
        self.location.set_value(Some(location));
    }

    /// Opens an address of the application.
    pub fn to(self, path: &str) {
        self.call(path, NavigateOptions::default());
    }

    /// Opens an address without leaving the present one in the history.
    pub fn replace(self, path: &str) {
        self.call(path, NavigateOptions { replace: true, ..NavigateOptions::default() });
    }

    /// Changes the query of the present page; the page does not scroll.
    pub fn query(self, query: &str, replace: bool) {
        let path = self.path();
        let address = if query.is_empty() { path } else { format!("{path}?{query}") };
        self.call(&address, NavigateOptions { replace, scroll: false, resolve: false, ..NavigateOptions::default() });
    }

    fn call(self, path: &str, options: NavigateOptions) {
        if let Some(go) = self.go.get_value() {
            go(path, options);
        }
    }

    /// The path shown, untracked.
    pub fn path(self) -> String {
        self.location.get_value().map(|l| l.pathname.get_untracked()).unwrap_or_default()
    }

    /// The query shown, without `?`; tracked.
    pub fn search(self) -> String {
        self.location.get_value().map(|l| l.search.get()).unwrap_or_default()
    }

    /// The path and query shown, untracked.
    pub fn address(self) -> String {
        let search = self.location.get_value().map(|l| l.search.get_untracked()).unwrap_or_default();
        if search.is_empty() { self.path() } else { format!("{}?{search}", self.path()) }
    }

    /// Notes that the screen changed, so that the next title takes the focus.
    pub fn mark_moved(self) {
        self.moved.set_value(true);
    }

    /// Whether the title drawn now should take the focus; asks once.
    pub fn take_moved(self) -> bool {
        let moved = self.moved.get_value();
        self.moved.set_value(false);
        moved
    }
}
