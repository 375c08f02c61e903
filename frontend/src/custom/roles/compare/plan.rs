//! The lines of the table: every permission there is, under its heading.

use std::ops::Range;

use conexao_domain::{
    identity::role::Scope,
    kernel::{
        resource::{Resource, VERBS},
        value::fold,
    },
};

use crate::{
    custom::roles::{
        grants::{self, Grant},
        held,
    },
    i18n, t,
};

/// One permission.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    pub permission: String,
    pub heading: String,
    pub label: String,
    /// What it is found by, folded.
    pub words: String,
}

/// Permissions that belong together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Group {
    pub icon: &'static str,
    pub heading: String,
    /// Its places among the lines.
    pub lines: Range<usize>,
}

/// All of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Plan {
    pub groups: Vec<Group>,
    pub lines: Vec<Line>,
}

impl Plan {
    pub fn new() -> Self {
        let mut plan = Self { groups: Vec::new(), lines: Vec::new() };
        for resource in held::resources() {
            plan.add(resource.icon, i18n::resources(resource), of(resource));
        }
        let administration = held::administration().map(|name| (name.to_owned(), i18n::permission(name)));
        plan.add("settings", t!("roles.administration"), administration.collect());
        plan
    }

    fn add(&mut self, icon: &'static str, heading: String, permissions: Vec<(String, String)>) {
        let first = self.lines.len();
        for (permission, label) in permissions {
            let words = fold(&format!("{heading} {label} {permission}"));
            self.lines.push(Line { permission, heading: heading.clone(), label, words });
        }
        self.groups.push(Group { icon, heading, lines: first..self.lines.len() });
    }

    pub fn line(&self, at: usize) -> Option<&Line> {
        self.lines.get(at)
    }

    /// The lines of a group with their places.
    pub fn of<'a>(&'a self, group: &'a Group) -> impl Iterator<Item = (usize, &'a Line)> {
        group.lines.clone().filter_map(|at| Some((at, self.line(at)?)))
    }

    /// What grants reach, line by line.
    pub fn reach(&self, grants: &[Grant], base: Scope) -> Vec<Option<Scope>> {
        self.lines.iter().map(|line| grants::reach(grants, base, &line.permission)).collect()
    }
}

/// Permissions of a resource, each with its label.
fn of(resource: &'static Resource) -> Vec<(String, String)> {
    let verbs = VERBS.iter().map(|verb| (format!("{}.{verb}", resource.name), i18n::verb(verb)));
    let steps = resource.flow.map(|flow| flow.steps).unwrap_or_default().iter();
    let steps = steps.map(|step| (format!("{}.{}", resource.name, step.name), i18n::step(resource.name, step.name)));
    verbs.chain(steps).collect()
}
