//! Ladders: what follows, step by step, while nobody acts. A company sets its
//! own; modules that remind or hand over climb them.

use crate::{
    kernel::{
        field::{Field, Kind, Lines},
        problem::FieldProblem,
        record::Record,
    },
    privacy::request,
};

/// Where a notice goes that nobody read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rung {
    /// To the same person, on a channel they were not told on.
    OtherWay,
    /// To who stands in for the person, or leads their team.
    StandIn,
    /// To those who look after the company's settings.
    Administrators,
}

impl Rung {
    const NAMES: &'static [&'static str] = &["other_way", "stand_in", "administrators"];

    fn parse(name: &str) -> Option<Self> {
        let at = Self::NAMES.iter().position(|known| *known == name)?;
        [Self::OtherWay, Self::StandIn, Self::Administrators].get(at).copied()
    }
}

/// One step: how many minutes after the one before, and where to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    pub minutes: i64,
    pub to: Rung,
}

pub(super) static ESCALATION: Lines = Lines {
    table: "company_rung",
    parent: "",
    fields: &[
        Field::new("minutes", Kind::Integer { min: 1, max: 7 * 24 * 60 }).required(),
        Field::new("to", Kind::Choice(Rung::NAMES)).required(),
    ],
    min: 0,
    max: 6,
};

pub(super) static REMINDERS: Lines = Lines {
    table: "company_reminder",
    parent: "",
    fields: &[Field::new("days", Kind::Integer { min: 0, max: 30 }).required()],
    min: 0,
    max: 10,
};

/// The steps a notice takes while nobody reads it; none where the company set none.
pub(super) fn escalation(values: &Record) -> Vec<Step> {
    let step = |line: Record| Some(Step { minutes: line.integer("minutes")?, to: Rung::parse(line.text("to")?)? });
    values.lines("escalation").into_iter().filter_map(step).collect()
}

/// How many days before a deadline somebody is reminded, as usual where the
/// company set nothing.
pub(super) fn reminders(values: &Record) -> Vec<i64> {
    let own: Vec<i64> = values.lines("reminders").iter().filter_map(|line| line.integer("days")).collect();
    if own.is_empty() { request::REMINDERS.to_vec() } else { own }
}

pub(super) fn check(values: &Record, problems: &mut Vec<FieldProblem>) {
    let days: Vec<Option<i64>> = values.lines("reminders").iter().map(|line| line.integer("days")).collect();
    for (i, day) in days.iter().enumerate() {
        if days.iter().take(i).any(|other| other == day) {
            problems.push(FieldProblem::new(format!("reminders.{i}.days"), "twice"));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn company(name: &str, lines: serde_json::Value) -> Record {
        let mut values = Record::default();
        values.set(name, lines);
        values
    }

    #[test]
    fn a_company_without_reminders_has_the_usual_ones() {
        assert_eq!(reminders(&Record::default()), request::REMINDERS);
        assert_eq!(reminders(&company("reminders", json!([{ "days": 7 }, { "days": 1 }]))), [7, 1]);
    }

    #[test]
    fn steps_keep_their_order() {
        let lines = json!([{ "minutes": 30, "to": "other_way" }, { "minutes": 60, "to": "administrators" }]);
        let steps = escalation(&company("escalation", lines));
        let expected = [(30, Rung::OtherWay), (60, Rung::Administrators)].map(|(minutes, to)| Step { minutes, to });
        assert_eq!(steps, expected);
        assert!(escalation(&Record::default()).is_empty());
    }

    #[test]
    fn a_day_is_reminded_of_once() {
        let mut problems = Vec::new();
        check(&company("reminders", json!([{ "days": 2 }, { "days": 5 }, { "days": 2 }])), &mut problems);
        assert_eq!(problems, [FieldProblem::new("reminders.2.days", "twice")]);
    }
}
