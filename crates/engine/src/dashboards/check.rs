//! What a widget may say: only what its person may read, in the words of lists.

use std::collections::HashSet;

use conexao_domain::{
    kernel::{
        problem::{FieldProblem, Problem},
        query,
        resource::Resource,
    },
    registry,
};
use serde::{Deserialize, Serialize};

use crate::{Session, read, views};

/// Most widgets of a dashboard.
const MOST: usize = 24;
/// Longest id and title, in characters.
const ID: usize = 40;
const TITLE: usize = 80;
/// The grid: columns and rows a widget may take.
const WIDTH: std::ops::RangeInclusive<i64> = 1..=4;
const HEIGHT: std::ops::RangeInclusive<i64> = 1..=3;
const KINDS: &[&str] = &["kpi", "bar", "line", "stacked", "donut", "funnel", "heat", "list", SHORTCUTS];
/// The kind that is about no records.
const SHORTCUTS: &str = "shortcuts";

const fn one() -> i64 {
    1
}

fn count() -> String {
    "count".to_owned()
}

/// One piece of a dashboard.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Widget {
    #[serde(default)]
    pub id: String,
    #[serde(default)]
    pub kind: String,
    /// Singular name of the resource it tells of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub resource: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// Search and filters as in a list's address.
    #[serde(default)]
    pub query: String,
    /// Field that makes the groups.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Field that parts each group.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub split: Option<String>,
    /// `count`, or `sum:` and a number field.
    #[serde(default = "count")]
    pub measure: String,
    /// `day`, `week` or `month`, along the group where it is a date or a moment, else
    /// along when records were made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<String>,
    /// How far back it looks, e.g. `30d` or `12m`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    #[serde(default = "one")]
    pub w: i64,
    #[serde(default = "one")]
    pub h: i64,
}

/// Checks every part of all of them and names each that is wrong.
pub(super) fn check(session: &Session, widgets: Vec<Widget>) -> Result<Vec<Widget>, Problem> {
    if widgets.len() > MOST {
        return Err(Problem::field("widgets", "too_many"));
    }
    let (mut wrong, mut ids) = (Vec::new(), HashSet::new());
    let mut checked = Vec::with_capacity(widgets.len());
    for (i, mut widget) in widgets.into_iter().enumerate() {
        let mut problems = shape(&widget);
        if !ids.insert(widget.id.clone()) {
            problems.push(("id", "taken"));
        }
        match resource(session, &widget) {
            Ok(None) => {}
            Ok(Some(resource)) => {
                problems.extend(fields(resource, &widget));
                match views::kept(resource, &widget.query) {
                    Ok(query) => widget.query = query,
                    Err(_) => problems.push(("query", "query")),
                }
            }
            Err(code) => problems.push(("resource", code)),
        }
        wrong.extend(problems.into_iter().map(|(name, code)| FieldProblem::new(format!("widgets.{i}.{name}"), code)));
        checked.push(widget);
    }
    if wrong.is_empty() { Ok(checked) } else { Err(Problem::fields(wrong)) }
}

type Wrong = (&'static str, &'static str);

/// What is wrong with the parts that need no resource.
fn shape(widget: &Widget) -> Vec<Wrong> {
    let long = |text: &str, most: usize| text.chars().count() > most;
    let mut wrong = Vec::new();
    let mut when = |holds: bool, problem: Wrong| wrong.extend(holds.then_some(problem));
    when(widget.id.is_empty(), ("id", "required"));
    when(long(&widget.id, ID), ("id", "length"));
    when(!KINDS.contains(&widget.kind.as_str()), ("kind", "choice"));
    when(widget.title.as_deref().is_some_and(|title| long(title, TITLE)), ("title", "length"));
    when(!WIDTH.contains(&widget.w), ("w", "range"));
    when(!HEIGHT.contains(&widget.h), ("h", "range"));
    when(!widget.period.as_deref().is_none_or(is_period), ("period", "choice"));
    wrong
}

/// Up to three digits and a unit.
fn is_period(text: &str) -> bool {
    let Some((count, unit)) = text.split_at_checked(text.len().saturating_sub(1)) else { return false };
    let digits = (1..=3).contains(&count.len()) && count.bytes().all(|byte| byte.is_ascii_digit());
    digits && matches!(unit, "d" | "w" | "m" | "y")
}

/// The resource the widget tells of, if its kind tells of one. One that the
/// person may not read is none.
fn resource(session: &Session, widget: &Widget) -> Result<Option<&'static Resource>, &'static str> {
    let Some(name) = &widget.resource else {
        return if widget.kind == SHORTCUTS { Ok(None) } else { Err("required") };
    };
    let found = registry::by_name(name).filter(|resource| session.gate(resource, "read").is_ok());
    found.map(Some).ok_or("choice")
}

/// Fields that the resource does not have, or not for this.
fn fields(resource: &'static Resource, widget: &Widget) -> Vec<Wrong> {
    let group = widget.group.as_deref().map(|name| resource.field(name).filter(|field| read::groupable(field)));
    let split = widget.split.as_deref().map(|name| resource.field(name).filter(|field| read::groupable(field)));
    let measured = widget.measure == "count"
        || widget.measure.strip_prefix("sum:").and_then(|name| resource.field(name)).is_some_and(read::summable);
    let interval = widget.interval.as_deref();
    let checks = [
        ("group", group == Some(None)),
        ("split", split == Some(None)),
        ("measure", !measured),
        ("interval", interval.is_some_and(|name| query::Interval::parse(name).is_none())),
    ];
    checks.into_iter().filter(|(_, wrong)| *wrong).map(|(name, _)| (name, "choice")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_period_is_a_number_and_a_unit() {
        for (text, good) in [
            ("30d", true),
            ("12m", true),
            ("1y", true),
            ("d", false),
            ("", false),
            ("1000d", false),
            ("3é", false),
            ("3x", false),
        ] {
            assert_eq!(is_period(text), good, "{text}");
        }
    }
}
