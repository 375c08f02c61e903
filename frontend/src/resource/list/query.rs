//! What a list shows, as its address says it: search, filters, sort, page.
//! The address speaks the API's own language, so it can be read and shared.

use conexao_domain::kernel::{
    field::Field,
    query::{DEFAULT_LIMIT, MAX_LIMIT, Op},
    resource::Resource,
};

use super::groups::Node;
use crate::api::Params;

/// One condition of the address.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    pub field: &'static Field,
    pub op: Op,
    pub value: String,
}

/// The state of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct ListQuery {
    pub q: String,
    pub conditions: Vec<Condition>,
    /// Conditions in groups, which all the others join.
    pub groups: Option<Node>,
    /// Empty for the resource's own sort.
    pub sort: String,
    pub limit: u64,
    /// Where the page starts; empty for the first.
    pub after: String,
}

/// Page sizes to choose from.
pub const SIZES: [u64; 4] = [25, DEFAULT_LIMIT, 100, MAX_LIMIT];

/// By so many columns a list may be sorted.
const MAX_SORTS: usize = 5;

pub fn op_name(op: Op) -> &'static str {
    Op::ALL.iter().find(|(_, o)| *o == op).map_or("eq", |(name, _)| name)
}

impl Condition {
    pub fn new(field: &'static Field, op: Op, value: impl Into<String>) -> Self {
        Self { field, op, value: value.into() }
    }

    fn name(&self) -> String {
        match self.op {
            Op::Eq => format!("filter[{}]", self.field.name),
            op => format!("filter[{}][{}]", self.field.name, op_name(op)),
        }
    }

    fn read(resource: &Resource, name: &str, value: &str) -> Option<Self> {
        let inner = name.strip_prefix("filter[")?.strip_suffix(']')?;
        let (field, op) = inner.split_once("][").unwrap_or((inner, "eq"));
        let field = resource.filterable(field)?;
        let op = Op::parse(op).filter(|op| op.fits(field))?;
        Some(Self::new(field, op, value))
    }
}

impl ListQuery {
    /// Reads an address; what the resource does not know is left out.
    pub fn read(resource: &Resource, search: &str) -> Self {
        let params = Params::parse(search);
        let text = |name: &str| params.get(name).unwrap_or_default().to_owned();
        let sort = text("sort");
        let known = |key: &&str| resource.sortable(key.trim_start_matches('-')).is_some();
        let sort = sort.split(',').filter(known).take(MAX_SORTS).collect::<Vec<_>>().join(",");
        Self {
            q: text("q"),
            conditions: params.0.iter().filter_map(|(name, value)| Condition::read(resource, name, value)).collect(),
            sort,
            groups: Node::read(resource, params.get("where").unwrap_or_default()),
            limit: text("limit").parse().ok().filter(|limit| SIZES.contains(limit)).unwrap_or(DEFAULT_LIMIT),
            after: text("after"),
        }
    }

    /// What narrows the list, without sort and page: for counts and acts on all that match.
    pub fn narrowing(&self) -> Params {
        let mut params = Params::default().with("q", &self.q);
        params.0.extend(self.conditions.iter().map(|c| (c.name(), c.value.clone())));
        params.with("where", &self.groups.as_ref().map(Node::text).unwrap_or_default())
    }

    /// Narrowing and sort: for exports.
    pub fn ordered(&self) -> Params {
        self.narrowing().with("sort", &self.sort)
    }

    /// The request for the page.
    pub fn request(&self) -> Params {
        self.ordered().with("limit", &self.limit.to_string()).with("after", &self.after)
    }

    /// The address, without what is usual.
    pub fn address(&self) -> String {
        let limit = if self.limit == DEFAULT_LIMIT { String::new() } else { self.limit.to_string() };
        self.ordered().with("limit", &limit).with("after", &self.after).text()
    }

    /// Whether anything narrows the list.
    pub fn is_narrowed(&self) -> bool {
        !self.q.is_empty() || !self.conditions.is_empty() || self.groups.is_some()
    }

    /// The fields that have conditions, in order.
    pub fn filtered_fields(&self) -> Vec<&'static Field> {
        let mut fields: Vec<&'static Field> = Vec::new();
        for condition in &self.conditions {
            if !fields.iter().any(|field| field.name == condition.field.name) {
                fields.push(condition.field);
            }
        }
        fields
    }

    pub fn of_field(&self, field: &Field) -> Vec<Condition> {
        self.conditions.iter().filter(|c| c.field.name == field.name).cloned().collect()
    }

    /// The same with other conditions on one field, from the first page.
    pub fn with_field(mut self, field: &Field, conditions: Vec<Condition>) -> Self {
        let at = self.conditions.iter().position(|c| c.field.name == field.name).unwrap_or(self.conditions.len());
        self.conditions.retain(|c| c.field.name != field.name);
        let tail = self.conditions.split_off(at.min(self.conditions.len()));
        self.conditions.extend(conditions.into_iter().chain(tail));
        self.first_page()
    }

    pub fn with_search(mut self, q: &str) -> Self {
        q.trim().clone_into(&mut self.q);
        self.first_page()
    }

    /// The same without search and filters.
    pub fn cleared(self) -> Self {
        Self { q: String::new(), conditions: Vec::new(), groups: None, ..self.first_page() }
    }

    pub fn first_page(mut self) -> Self {
        self.after.clear();
        self
    }

    /// The sort in force: fields in order, and whether each descends.
    pub fn sorts<'a>(&'a self, resource: &'a Resource) -> Vec<(&'a str, bool)> {
        let sort = if self.sort.is_empty() { resource.default_sort } else { self.sort.as_str() };
        let key = |key: &'a str| key.strip_prefix('-').map_or((key, false), |name| (name, true));
        sort.split(',').filter(|key| !key.is_empty()).map(key).collect()
    }

    /// The sort after a click on a column head: up, then down. With `add` the
    /// column joins the others, and goes with the third click.
    pub fn toggled_sort(self, resource: &Resource, field: &str, add: bool) -> Self {
        let now = self.sorts(resource);
        let place = now.iter().position(|(name, _)| *name == field);
        let up = place.and_then(|at| now.get(at)).is_some_and(|(_, descending)| !descending);
        let mut keys: Vec<(&str, bool)> = if add { now.clone() } else { vec![(field, up)] };
        match place.filter(|_| add) {
            None if add => keys.push((field, false)),
            None => {}
            Some(at) if up => keys.iter_mut().skip(at).take(1).for_each(|key| key.1 = true),
            Some(at) if keys.len() > 1 => drop(keys.remove(at)),
            Some(_) => keys.iter_mut().for_each(|key| key.1 = false),
        }
        let written = |(name, descending): &(&str, bool)| format!("{}{name}", if *descending { "-" } else { "" });
        let sort = keys.iter().take(MAX_SORTS).map(written).collect::<Vec<_>>().join(",");
        let sort = if sort == resource.default_sort { String::new() } else { sort };
        Self { sort, ..self.first_page() }
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use conexao_domain::registry::by_name;

    use super::*;

    fn warranty() -> &'static Resource {
        by_name("warranty").unwrap()
    }

    #[test]
    fn an_address_survives_the_trip() {
        let address = "q=s%C3%A3o&filter[status][in]=pending,generated&filter[deadline][lte]=@today&sort=deadline&limit=25&after=ab";
        let query = ListQuery::read(warranty(), address);
        assert_eq!(query.conditions.len(), 2);
        assert_eq!(query.address(), address);
    }

    #[test]
    fn what_nobody_declared_is_left_out() {
        let query = ListQuery::read(warranty(), "filter[secret]=1&filter[status][contains]=x&sort=notes&limit=7&foo=1");
        assert_eq!(query.address(), "");
        assert_eq!(query.limit, DEFAULT_LIMIT);
        assert!(!query.is_narrowed());
    }

    #[test]
    fn a_head_sorts_up_then_down() {
        let query = ListQuery::read(warranty(), "after=ab");
        assert_eq!(query.sorts(warranty()), [("created_at", true)]);
        let up = query.toggled_sort(warranty(), "deadline", false);
        assert_eq!((up.sort.as_str(), up.after.as_str()), ("deadline", ""));
        assert_eq!(up.toggled_sort(warranty(), "deadline", false).sort, "-deadline");
        let usual = ListQuery::read(warranty(), "sort=created_at").toggled_sort(warranty(), "created_at", false);
        assert_eq!(usual.sort, "", "the resource's own sort needs no parameter");
    }

    #[test]
    fn columns_join_a_sort_and_leave_it() {
        let add = |query: ListQuery, field: &str| query.toggled_sort(warranty(), field, true);
        let query = ListQuery::read(warranty(), "sort=deadline,secret");
        assert_eq!(query.sort, "deadline");
        let two = add(query, "total");
        assert_eq!(two.sort, "deadline,total");
        let turned = add(two, "deadline");
        assert_eq!(turned.sort, "-deadline,total");
        let left = add(turned, "deadline");
        assert_eq!(left.sort, "total");
        assert_eq!(add(add(left, "total"), "total").sort, "total", "the last one stays");
    }

    #[test]
    fn a_field_keeps_its_place_when_it_changes() {
        let query = ListQuery::read(warranty(), "filter[status]=pending&filter[kind]=exchange&after=ab");
        let status = warranty().field("status").unwrap();
        let changed = query.with_field(status, vec![Condition::new(status, Op::In, "checked,cancelled")]);
        assert_eq!(changed.address(), "filter[status][in]=checked,cancelled&filter[kind]=exchange");
        assert_eq!(changed.filtered_fields().len(), 2);
        assert_eq!(changed.with_field(status, Vec::new()).address(), "filter[kind]=exchange");
    }
}
