//! The first screen of somebody who changed nothing: what is open, late and new
//! of each kind of record they may read, by state, over time, and what moved last.

use conexao_domain::kernel::{
    field::{Field, Kind as Stuff},
    resource::Resource,
};

use super::scope::{self, Scope};
use crate::api::dashboard::{Interval, Kind, Widget};

/// A row of figures has so many.
const COLUMNS: usize = 4;
/// How many widgets of each sort there are at most.
const FIGURES: usize = 8;
const CHARTS: usize = 4;
const LISTS: usize = 4;

/// The widgets for these resources.
pub fn layout(resources: &[&'static Resource]) -> Vec<Widget> {
    let flows: Vec<&'static Resource> = resources.iter().copied().filter(|resource| resource.flow.is_some()).collect();
    if resources.is_empty() {
        return vec![widget("shortcuts", Kind::Shortcuts, None, 4, 3)];
    }
    let mut out = figures(&flows);
    let states = flows.iter().take(CHARTS).map(|resource| {
        let base = widget(&format!("{}-states", resource.name), Kind::Bar, Some(resource), 2, 2);
        Widget { group: Some("status".to_owned()), ..base }
    });
    let growth = flows.iter().take(CHARTS).map(|resource| {
        let base = widget(&format!("{}-growth", resource.name), Kind::Line, Some(resource), 2, 2);
        Widget { interval: Some(Interval::Month), period: Some("12m".to_owned()), ..base }
    });
    let recent = resources
        .iter()
        .take(LISTS)
        .map(|resource| widget(&format!("{}-recent", resource.name), Kind::List, Some(resource), 2, 3));
    let charts: Vec<Widget> = states.chain(growth).chain(recent).collect();
    out.extend(charts);
    out
}

/// Whole rows of figures: what is left over would leave a hole.
fn figures(flows: &[&'static Resource]) -> Vec<Widget> {
    let each: Vec<Vec<Widget>> = flows.iter().map(|resource| of(resource)).collect();
    let longest = each.iter().map(Vec::len).max().unwrap_or_default();
    // The most telling of every resource first, then the next of each.
    let by_turns = (0..longest).flat_map(|at| each.iter().filter_map(move |all| all.get(at).cloned()));
    let mut out: Vec<Widget> = by_turns.take(FIGURES).collect();
    if out.len() > COLUMNS {
        out.truncate(out.len() / COLUMNS * COLUMNS);
    }
    out
}

/// The figures of one resource, the most telling first.
fn of(resource: &'static Resource) -> Vec<Widget> {
    let figure = |id: &str, scope: Scope| {
        let base = widget(&format!("{}-{id}", resource.name), Kind::Kpi, Some(resource), 1, 1);
        Widget { query: scope.query(resource).text(), ..base }
    };
    let usual = if scope::has_end(resource) { Scope::Open } else { Scope::All };
    let mut out = vec![figure("open", usual)];
    out.push(Widget { period: Some("30d".to_owned()), ..figure("new", Scope::All) });
    if let Some(field) = scope::due_fields(resource).into_iter().find(|field| field.list > 0) {
        out.push(figure("late", Scope::Late(field)));
        out.push(figure("soon", Scope::Soon(field)));
    }
    if let Some(field) = amount(resource) {
        out.push(Widget { measure: format!("sum:{}", field.name), ..figure("amount", usual) });
    }
    if scope::all(resource).contains(&Scope::Mine) {
        out.push(figure("mine", Scope::Mine));
    }
    out
}

/// The amount that lists show, if there is one.
fn amount(resource: &'static Resource) -> Option<&'static Field> {
    resource.fields.iter().find(|field| field.kind == Stuff::Money && field.list > 0)
}

/// A widget that counts everything.
pub fn widget(id: &str, kind: Kind, resource: Option<&'static Resource>, w: u8, h: u8) -> Widget {
    Widget {
        id: id.to_owned(),
        kind,
        resource: resource.map(|resource| resource.name.to_owned()).unwrap_or_default(),
        title: None,
        query: String::new(),
        group: None,
        split: None,
        measure: "count".to_owned(),
        interval: None,
        period: None,
        w,
        h,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use conexao_domain::registry::RESOURCES;

    use super::*;

    #[test]
    fn whatever_somebody_may_read_there_are_few_widgets_with_names_of_their_own() {
        for count in 0..=RESOURCES.len() {
            let some: Vec<_> = RESOURCES.iter().copied().take(count).collect();
            let layout = layout(&some);
            let ids: BTreeSet<&str> = layout.iter().map(|widget| widget.id.as_str()).collect();
            assert_eq!(ids.len(), layout.len());
            assert!((1..=24).contains(&layout.len()), "{count}: {}", layout.len());
            assert!(layout.iter().all(|widget| (1..=4).contains(&widget.w) && (1..=3).contains(&widget.h)));
        }
    }

    #[test]
    fn figures_fill_their_rows() {
        let business: Vec<_> = RESOURCES.iter().copied().filter(|r| !r.area.is_administration()).collect();
        let figures = layout(&business).iter().filter(|widget| widget.kind == Kind::Kpi).count();
        assert!(figures <= COLUMNS || figures.is_multiple_of(COLUMNS), "{figures}");
    }
}
