//! The usual ways to narrow the rows of a resource, from its declaration: what
//! is open, what is late, what is mine. Each is a query as in a list's address.

use conexao_domain::kernel::{
    field::{Field, Kind, Writer},
    resource::Resource,
};

use crate::{api::Params, format, i18n, t};

/// A usual narrowing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    All,
    /// Not at an end of the flow.
    Open,
    /// Open, and the day is past.
    Late(&'static Field),
    /// Open, and the day is within a week.
    Soon(&'static Field),
    /// Open, and the person's own.
    Mine,
}

/// Ends of the names of days by which something has to be done.
const DUE: [&str; 5] = ["deadline", "_due", "due_on", "expires_on", "_until"];

/// The days of a resource by which something has to be done: only where there
/// is an end that makes them meaningless.
pub fn due_fields(resource: &'static Resource) -> Vec<&'static Field> {
    let is_due =
        |field: &&Field| field.kind == Kind::Date && field.filter && DUE.iter().any(|end| field.name.ends_with(end));
    let fields = resource.fields.iter().filter(is_due);
    if has_end(resource) { fields.collect() } else { Vec::new() }
}

/// Whether records of the kind are ever finished.
pub fn has_end(resource: &Resource) -> bool {
    resource.flow.is_some_and(|flow| flow.states.iter().any(|state| state.terminal))
}

/// Who is responsible, if anybody is.
fn owner(resource: &'static Resource) -> Option<&'static Field> {
    resource.fields.iter().find(|field| field.name == "owner_id" && field.kind == Kind::User && field.filter)
}

/// Every scope that means something for the resource.
pub fn all(resource: &'static Resource) -> Vec<Scope> {
    let open = has_end(resource).then_some(Scope::Open);
    let due = due_fields(resource).into_iter().flat_map(|field| [Scope::Late(field), Scope::Soon(field)]);
    let mine = owner(resource).map(|_| Scope::Mine);
    std::iter::once(Scope::All).chain(open).chain(due).chain(mine).collect()
}

impl Scope {
    /// The query.
    pub fn query(self, resource: &Resource) -> Params {
        let field = |field: &Field, op: &str| format!("filter[{}][{op}]", field.name);
        let open = open(resource);
        match self {
            Self::All => Params::default(),
            Self::Open => open,
            Self::Late(day) => open.with(&field(day, "lt"), "@today"),
            Self::Soon(day) => open.with(&field(day, "gte"), "@today").with(&field(day, "lte"), "@today+7"),
            Self::Mine => open.with("filter[owner_id]", "@me"),
        }
    }

    /// What it is called, in a list of scopes and below a figure.
    pub fn words(self, resource: &Resource) -> String {
        let name = |field: &Field| lower(&i18n::field(resource.name, field));
        match self {
            Self::All => t!("home.total"),
            Self::Open => t!("home.open"),
            Self::Late(field) if field.name == "deadline" => t!("home.overdue"),
            Self::Late(field) => t!("dash.late", name = name(field)),
            Self::Soon(field) => t!("dash.soon", name = name(field)),
            Self::Mine => t!("dash.mine"),
        }
    }

    /// What it is called among others to choose from.
    pub fn name(self, resource: &Resource) -> String {
        if self == Self::All { t!("dash.all") } else { self.words(resource) }
    }

    /// Whether more of it is worse.
    pub const fn is_bad(self) -> bool {
        matches!(self, Self::Late(_))
    }
}

/// A name inside a sentence; abbreviations stay as they are.
pub fn lower(name: &str) -> String {
    let mut letters = name.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if second.is_lowercase() => first.to_lowercase().chain(letters).collect(),
        _ => name.to_owned(),
    }
}

/// The open states, where there are any that are not.
fn open(resource: &Resource) -> Params {
    if !has_end(resource) {
        return Params::default();
    }
    let states = resource.flow.map(|flow| flow.states).unwrap_or_default();
    let open: Vec<&str> = states.iter().filter(|state| !state.terminal).map(|state| state.name).collect();
    Params::default().with("filter[status][in]", &open.join(","))
}

/// The scope that a query is.
pub fn of(resource: &'static Resource, query: &str) -> Option<Scope> {
    let params = Params::parse(query);
    all(resource).into_iter().find(|scope| scope.query(resource) == params)
}

/// The order that makes sense for a query: what is due first, else what changed last.
pub fn order(resource: &'static Resource, query: &str) -> &'static str {
    match of(resource, query) {
        Some(Scope::Late(field) | Scope::Soon(field)) if field.sort => field.name,
        _ => "-updated_at",
    }
}

/// A query in words; empty for everything.
pub fn words(resource: &'static Resource, query: &str) -> String {
    if query.is_empty() {
        return String::new();
    }
    if let Some(scope) = of(resource, query) {
        return scope.words(resource);
    }
    let said = Params::parse(query).0.iter().filter_map(|(name, value)| one(resource, name, value)).collect::<Vec<_>>();
    match said.as_slice() {
        [] => t!("dash.filtered"),
        some => some.join(" · "),
    }
}

/// One plain condition; comparisons are only named.
fn one(resource: &Resource, name: &str, value: &str) -> Option<String> {
    let inner = name.strip_prefix("filter[")?.strip_suffix(']')?;
    let (field, op) = inner.split_once("][").unwrap_or((inner, "eq"));
    let field = resource.field(field)?;
    let label = i18n::field(resource.name, field);
    let word = |value: &str| format::value(resource.name, field, &value.into());
    let plain = !matches!(field.kind, Kind::Reference(_) | Kind::User) && !value.starts_with('@');
    match op {
        "eq" | "in" if plain => {
            let all: Vec<String> = value.split(',').map(word).collect();
            Some(format!("{label}: {}", all.join(", ")))
        }
        _ => Some(label),
    }
}

/// Whether a field can be shared out into groups that people want to compare.
pub fn is_group(field: &Field) -> bool {
    let few = matches!(
        field.kind,
        Kind::State | Kind::Choice(_) | Kind::Boolean | Kind::User | Kind::Reference(_) | Kind::Uf
    );
    let short =
        matches!(field.kind, Kind::Text { max } if max <= 80) && !field.unique && field.writer == Writer::System;
    field.filter && !field.personal && field.kind.is_column() && (few || short)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use conexao_domain::registry::{RESOURCES, by_name};

    use super::*;

    #[test]
    fn every_scope_is_understood_and_recognised() {
        for resource in RESOURCES {
            for scope in all(resource) {
                let query = scope.query(resource);
                assert!(query.check(resource).is_ok(), "{} {scope:?}", resource.name);
                let found = of(resource, &query.text()).unwrap();
                assert_eq!(found.query(resource), query);
            }
        }
    }

    #[test]
    fn deadlines_are_found_by_their_name() {
        let names: Vec<_> = due_fields(by_name("warranty").unwrap()).iter().map(|field| field.name).collect();
        assert_eq!(names, ["deadline", "return_due"]);
        assert!(due_fields(by_name("customer").unwrap()).is_empty());
    }

    #[test]
    fn other_queries_are_told_by_their_conditions() {
        let resource = by_name("warranty").unwrap();
        assert_eq!(words(resource, ""), "");
        assert_eq!(words(resource, "filter[kind]=exchange"), "Tipo: Troca");
        assert_eq!(words(resource, "q=ana"), t!("dash.filtered"));
    }
}
