//! What a list was narrowed to and how it is sorted, in words.

use conexao_domain::{
    kernel::{
        field::Field,
        query::{Filter, ListQuery, Op},
        resource::Resource,
    },
    locale::{self, Locale},
};
use serde_json::Value as Json;

use super::show;
use crate::Session;

/// Labels and values; values in the session's form when there is one.
pub(super) fn lines(
    resource: &Resource,
    query: &ListQuery,
    locale: Locale,
    session: Option<&Session>,
) -> Vec<(String, String)> {
    let words = Words { resource, locale, session };
    let mut lines = Vec::new();
    if let Some(q) = &query.q {
        lines.push((locale::text(locale, "export.search"), q.clone()));
    }
    let conditions: &[Filter] = match &query.filter {
        Filter::And(rows) => rows,
        other => std::slice::from_ref(other),
    };
    lines.extend(conditions.iter().map(|filter| (locale::text(locale, "export.filter"), words.filter(filter))));
    let sort = query.sort.iter().map(|key| {
        let order = if key.descending {
            locale::text(locale, "export.descending")
        } else {
            locale::text(locale, "export.ascending")
        };
        format!("{} ({order})", words.label(key.field))
    });
    let sort = sort.collect::<Vec<_>>().join(", ");
    if !sort.is_empty() {
        lines.push((locale::text(locale, "export.sort"), sort));
    }
    lines
}

struct Words<'a> {
    resource: &'a Resource,
    locale: Locale,
    session: Option<&'a Session>,
}

impl Words<'_> {
    fn label(&self, field: &Field) -> String {
        locale::field(self.locale, self.resource.name, field.name)
    }

    fn filter(&self, filter: &Filter) -> String {
        let all = |rows: &[Filter], between: String| {
            let rows: Vec<String> = rows.iter().map(|row| self.filter(row)).collect();
            if rows.len() > 1 { format!("({})", rows.join(&format!(" {between} "))) } else { rows.concat() }
        };
        match filter {
            Filter::And(rows) => all(rows, locale::text(self.locale, "export.and")),
            Filter::Or(rows) => all(rows, locale::text(self.locale, "export.or")),
            Filter::Is { field, op: Op::Empty, values } => {
                let empty = values.first().and_then(Json::as_bool).unwrap_or_default();
                let state = if empty {
                    locale::text(self.locale, "export.empty")
                } else {
                    locale::text(self.locale, "export.filled")
                };
                format!("{} {state}", self.label(field))
            }
            Filter::Is { field, op, values } => {
                let values: Vec<String> = values.iter().map(|value| self.value(field, value)).collect();
                format!("{} {} {}", self.label(field), self.op(*op), values.join(", "))
            }
        }
    }

    fn value(&self, field: &Field, value: &Json) -> String {
        let raw = || value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        // Relative values (`@today-7`) say what was meant better than a date.
        let relative = value.as_str().is_some_and(|text| text.starts_with('@'));
        match self.session.filter(|_| !relative) {
            Some(session) => match show::text(&field.kind, (self.resource.name, field.name), value, session) {
                text if text.is_empty() => raw(),
                text => text,
            },
            // For the audit, which more people read than the records.
            None if field.personal => field.kind.masked(value).as_str().unwrap_or("•••").to_owned(),
            None => raw(),
        }
    }

    fn op(&self, op: Op) -> String {
        match op {
            Op::Eq | Op::In => "=".to_owned(),
            Op::Ne => "≠".to_owned(),
            Op::Gte => "≥".to_owned(),
            Op::Lte => "≤".to_owned(),
            Op::Gt => ">".to_owned(),
            Op::Lt => "<".to_owned(),
            Op::Contains | Op::Empty => locale::text(self.locale, "export.contains"),
        }
    }
}
