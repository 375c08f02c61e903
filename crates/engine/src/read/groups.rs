//! Counts and sums of a list by a field, or by stretches of time.

use conexao_domain::kernel::{
    field::{Field, Kind},
    problem::{Code, Problem},
    query::{Interval, ListQuery},
    resource::{Resource, SYSTEM_FIELDS},
};
use conexao_storage::query::{Group, Grouping};
use serde_json::{Value as Json, json};

use crate::{Engine, Gate, facts, refusal::Refused};

/// What somebody wants to be counted, by names of fields.
#[derive(Debug, Clone, Copy)]
pub struct Wanted<'a> {
    pub by: &'a str,
    /// `day`, `week` or `month`, where `by` is a date or a moment.
    pub interval: Option<&'a str>,
    pub split: Option<&'a str>,
    pub sum: Option<&'a str>,
}

impl Wanted<'_> {
    fn grouping(self, resource: &'static Resource) -> Result<Grouping, Problem> {
        let timed = |field: &Field| groupable(field) && matches!(field.kind, Kind::Date | Kind::Instant);
        let by = one_of(resource, self.by, if self.interval.is_some() { timed } else { groupable })?;
        let interval = self.interval.map(|name| Interval::parse(name).ok_or_else(|| no_interval(name))).transpose()?;
        let split = self.split.map(|name| one_of(resource, name, groupable)).transpose()?;
        let sum = self.sum.map(|name| one_of(resource, name, summable)).transpose()?;
        Ok(Grouping { by, interval, split, sum })
    }
}

fn no_interval(name: &str) -> Problem {
    let valid: Vec<Json> = Interval::ALL.iter().map(|(name, _)| Json::from(*name)).collect();
    Problem::new(Code::UnknownParameter).detail(name).with("valid", valid)
}

/// `[{key, count, sum}]` of the matching records, and `split` where groups are parted.
pub async fn groups(engine: &Engine, gate: &Gate, query: &ListQuery, wanted: Wanted<'_>) -> Result<Vec<Json>, Problem> {
    let grouping = wanted.grouping(gate.resource)?;
    let facts = facts::plain(engine, &gate.session);
    let tx = engine.db.read(gate.session.tenant).await.refused()?;
    let groups =
        conexao_storage::query::group(&tx, gate.resource, query, &gate.rows(), &facts, grouping).await.refused()?;
    tx.rollback().await.refused()?;
    let shown = |group: Group| {
        // What programs cannot read as a number of 64 bits is not told wrong.
        let sum = group.sum.map(i64::try_from).transpose().map_err(|_| Problem::field("sum", "range"))?;
        let mut shown = json!({ "key": group.key, "count": group.count, "sum": sum });
        if let (Some(_), Some(shown)) = (wanted.split, shown.as_object_mut()) {
            shown.insert("split".to_owned(), group.split);
        }
        Ok(shown)
    };
    groups.into_iter().map(shown).collect()
}

/// Whether values of the field make groups.
pub(crate) fn groupable(field: &Field) -> bool {
    field.filter && field.kind.is_column() && !field.personal
}

/// Whether values of the field can be summed.
pub(crate) fn summable(field: &Field) -> bool {
    !field.personal && matches!(field.kind, Kind::Money | Kind::Quantity | Kind::Integer { .. })
}

/// The field of this name if it fits, or a refusal that names those that do.
fn one_of(resource: &'static Resource, name: &str, fits: impl Fn(&Field) -> bool) -> Result<&'static Field, Problem> {
    let mut fitting = resource.fields.iter().chain(SYSTEM_FIELDS).filter(|f| fits(f));
    let names = fitting.clone().map(|f| Json::from(f.name)).collect::<Vec<_>>();
    let unknown = || Problem::new(Code::UnknownParameter).detail(name).with("valid", names);
    fitting.find(|f| f.name == name).ok_or_else(unknown)
}
