//! The fields of the editor: which of them a form has, and what they offer, by
//! the declaration of the resource.

use std::collections::BTreeSet;

use conexao_client::View;
use conexao_domain::{
    kernel::{
        field::Field,
        resource::{Resource, SYSTEM_FIELDS},
    },
    registry,
};
use leptos::{prelude::*, task::spawn_local};

use super::Draft;
use crate::{
    api::{
        client,
        dashboard::{Interval, Kind},
    },
    custom::dashboard::{
        plan::{is_number, is_time},
        scope,
        time::{PERIODS, Period},
    },
    i18n,
    shell::menu,
    t, td,
};

/// Which fields a form has a use for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is one field of the form")]
pub struct Uses {
    pub resource: bool,
    pub measure: bool,
    pub group: bool,
    pub split: bool,
    pub interval: bool,
    pub period: bool,
}

impl Uses {
    /// Bars go along time where an interval is chosen, else along a field.
    pub fn of(kind: Kind, interval: &str) -> Self {
        let along_time = kind == Kind::Bar && !interval.is_empty();
        Self {
            resource: kind != Kind::Shortcuts,
            measure: !matches!(kind, Kind::List | Kind::Shortcuts),
            group: matches!(kind, Kind::Donut | Kind::Funnel) || (kind == Kind::Bar && !along_time),
            split: matches!(kind, Kind::Line | Kind::Stacked | Kind::Heat) || along_time,
            interval: matches!(kind, Kind::Bar | Kind::Line | Kind::Stacked | Kind::Heat),
            period: !matches!(kind, Kind::List | Kind::Shortcuts),
        }
    }
}

/// The resource a new widget begins with: the first of the company's own work.
pub fn first() -> String {
    let business = menu::visible().find(|resource| !resource.area.is_administration());
    business.or_else(|| menu::visible().next()).map(|resource| resource.name.to_owned()).unwrap_or_default()
}

type Choice = (String, String);

/// All fields the chosen form needs.
pub fn fields(draft: Draft) -> AnyView {
    let uses = Memo::new(move |_| Uses::of(draft.kind.get(), &draft.interval.get()));
    let views = RwSignal::new(Vec::<View>::new());
    follow(draft, views);
    let resource = move || registry::by_name(&draft.resource.get());
    let section = move |shown: fn(Uses) -> bool, field: AnyView| {
        let hidden = move || !shown(uses.get());
        view! { <div class="field" hidden=hidden>{field}</div> }.into_any()
    };
    let resources = move || menu::visible().map(|r| (r.name.to_owned(), i18n::resources(r))).collect::<Vec<_>>();
    let scopes = move || resource().map(|r| queries(r, &views.get(), &draft.query.get())).unwrap_or_default();
    let measures = move || resource().map(measures).unwrap_or_default();
    let shares = move || resource().map(|r| groups(r, false)).unwrap_or_default();
    let splits = move || resource().map(|r| groups(r, true)).unwrap_or_default();
    let intervals = move || {
        let none = (draft.kind.get() == Kind::Bar).then(|| (String::new(), t!("dash.no_interval")));
        let all = Interval::ALL.map(|one| (one.name().to_owned(), td!("dash.each.", one.name())));
        none.into_iter().chain(all).collect::<Vec<_>>()
    };
    let periods = move || {
        let none = (String::new(), t!("dash.no_period"));
        let all = PERIODS.iter().filter_map(|text| Some(((*text).to_owned(), Period::parse(text)?.words())));
        std::iter::once(none).chain(all).collect::<Vec<_>>()
    };
    view! {
        {section(|uses| uses.resource, select("resource", t!("dash.resource"), resources, draft.resource))}
        {section(|uses| uses.resource, select("query", t!("dash.rows"), scopes, draft.query))}
        {section(|uses| uses.measure, select("measure", t!("dash.measure"), measures, draft.measure))}
        {section(|uses| uses.interval, select("interval", t!("dash.interval_name"), intervals, draft.interval))}
        {section(|uses| uses.group, select("group", t!("dash.group"), shares, draft.group))}
        {section(|uses| uses.split, select("split", t!("dash.split"), splits, draft.split))}
        {section(|uses| uses.period, select("period", t!("dash.period"), periods, draft.period))}
        <div class="field">
            <label for="dash-title">{t!("dash.title")}</label>
            <input
                id="dash-title"
                type="text"
                class="input max-md:h-11"
                maxlength="80"
                placeholder=t!("dash.title_hint")
                prop:value=draft.title
                on:input=move |event| draft.title.set(event_target_value(&event))
            />
        </div>
    }
    .into_any()
}

/// Keeps what is chosen possible: fields of another resource are forgotten, a
/// form that needs a field or an interval gets the first.
fn follow(draft: Draft, views: RwSignal<Vec<View>>) {
    Effect::new(move |before: Option<String>| {
        let name = draft.resource.get();
        if before.as_ref().is_some_and(|before| *before != name) {
            for text in [draft.query, draft.group, draft.split] {
                text.set(String::new());
            }
            draft.measure.set("count".to_owned());
        }
        if before.as_ref() != Some(&name) {
            let wanted = name.clone();
            views.set(Vec::new());
            spawn_local(async move {
                if let Ok(all) = client().views().list(&wanted).await {
                    views.try_set(all);
                }
            });
        }
        name
    });
    Effect::new(move || {
        let kind = draft.kind.get();
        let uses = Uses::of(kind, &draft.interval.get());
        let resource = registry::by_name(&draft.resource.get());
        if uses.group && draft.group.with(String::is_empty) {
            let first = resource.and_then(|resource| groups(resource, false).into_iter().next());
            draft.group.set(first.map(|(name, _)| name).unwrap_or_default());
        }
        if uses.interval && kind != Kind::Bar && draft.interval.with(String::is_empty) {
            draft.interval.set(Interval::Month.name().to_owned());
            draft.period.set("12m".to_owned());
        }
    });
}

/// The usual ways to narrow, views that are kept, and the present query when it is none of these.
fn queries(resource: &'static Resource, views: &[View], now: &str) -> Vec<Choice> {
    let usual =
        scope::all(resource).into_iter().map(|scope| (scope.query(resource).text(), upper(&scope.name(resource))));
    let kept =
        views.iter().map(|view| (view.query.trim_start_matches('?').to_owned(), t!("dash.view", name = view.name)));
    let own = (now.to_owned(), upper(&scope::words(resource, now)));
    let mut known = BTreeSet::new();
    usual.chain(kept).chain([own]).filter(|(query, _)| known.insert(query.clone())).collect()
}

/// A choice begins with a capital letter.
fn upper(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

fn measures(resource: &'static Resource) -> Vec<Choice> {
    let sums = resource.fields.iter().filter(|field| is_number(field) && field.kind.is_column());
    let sums =
        sums.map(|field| (format!("sum:{}", field.name), t!("dash.sum", name = i18n::field(resource.name, field))));
    std::iter::once(("count".to_owned(), t!("dash.count"))).chain(sums).collect()
}

fn groups(resource: &'static Resource, may_be_none: bool) -> Vec<Choice> {
    let none = may_be_none.then(|| (String::new(), t!("dash.no_split")));
    let all = resource.fields.iter().chain(SYSTEM_FIELDS);
    let fitting = all.filter(|field: &&Field| scope::is_group(field) && !is_time(field));
    let named = fitting.map(|field| (field.name.to_owned(), i18n::field(resource.name, field)));
    none.into_iter().chain(named).collect()
}

fn select(
    name: &'static str,
    label: String,
    options: impl Fn() -> Vec<Choice> + Send + Sync + 'static,
    value: RwSignal<String>,
) -> AnyView {
    let id = format!("dash-{name}");
    let rows = move || {
        let now = value.get();
        let row = |(option, label): Choice| {
            let selected = option == now;
            view! { <option value=option selected=selected>{label}</option> }
        };
        options().into_iter().map(row).collect_view()
    };
    view! {
        <label for=id.clone()>{label}</label>
        <select id=id class="select max-md:h-11" on:change=move |event| value.set(event_target_value(&event))>{rows}</select>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn every_resource_can_be_counted_and_shared_out() {
        for resource in registry::RESOURCES {
            assert_eq!(measures(resource).first().map(|(name, _)| name.as_str()), Some("count"));
            assert!(!groups(resource, false).is_empty(), "{}: created_by at least", resource.name);
            assert!(groups(resource, true).first().is_some_and(|(name, _)| name.is_empty()));
        }
    }

    #[test]
    fn forms_ask_for_what_they_need() {
        assert!(Uses::of(Kind::Bar, "").group && !Uses::of(Kind::Bar, "month").group);
        assert!(Uses::of(Kind::Bar, "month").split && !Uses::of(Kind::Kpi, "").interval);
        let none = Uses::of(Kind::Shortcuts, "");
        assert!(!none.resource && !none.measure && !none.period);
    }

    #[test]
    fn a_query_of_ones_own_stays_to_choose() {
        let resource = registry::by_name("warranty").unwrap();
        let own = "filter[kind]=exchange";
        assert!(queries(resource, &[], own).iter().any(|(query, _)| query == own));
        let usual = queries(resource, &[], "");
        assert_eq!(usual.iter().filter(|(query, _)| query.is_empty()).count(), 1);
    }
}
