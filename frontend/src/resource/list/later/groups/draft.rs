//! The conditions while they are put together: unfinished ones among them.

use conexao_domain::kernel::{
    field::{Field, Kind},
    query::Op,
};
use leptos::prelude::*;

use crate::resource::list::{ListQuery, groups::Node, query::Condition};

/// How a value is compared, as people choose it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct How {
    /// `groups.how.<name>` says it.
    pub name: &'static str,
    pub op: Op,
    /// The value that goes with it, where there is nothing to choose.
    pub fixed: Option<&'static str>,
}

const fn how(name: &'static str, op: Op) -> How {
    How { name, op, fixed: None }
}

const IS: How = how("is", Op::Eq);
const NOT: How = how("not", Op::Ne);
const ONE_OF: How = how("one_of", Op::In);
const CONTAINS: How = how("contains", Op::Contains);
const FROM: How = how("from", Op::Gte);
const TO: How = how("to", Op::Lte);
const EMPTY: How = How { name: "empty", op: Op::Empty, fixed: Some("true") };
const FILLED: How = How { name: "filled", op: Op::Empty, fixed: Some("false") };
const YES: How = How { name: "yes", op: Op::Eq, fixed: Some("true") };
const NO: How = How { name: "no", op: Op::Eq, fixed: Some("false") };

/// The comparisons that make sense for a field, the usual one first.
pub const fn hows(field: &Field) -> &'static [How] {
    match field.kind {
        Kind::State => &[ONE_OF, NOT],
        Kind::Choice(_) | Kind::Uf => &[ONE_OF, NOT, EMPTY, FILLED],
        Kind::Boolean => &[YES, NO],
        Kind::Instant => &[FROM, TO],
        Kind::Date | Kind::Integer { .. } | Kind::Money | Kind::Rate | Kind::Quantity => &[FROM, TO, IS, EMPTY, FILLED],
        _ if field.kind.is_text() => &[CONTAINS, IS, EMPTY, FILLED],
        _ => &[IS, NOT, EMPTY, FILLED],
    }
}

/// The comparison of a condition that was read.
fn how_of(condition: &Condition) -> How {
    let fits = |how: &&How| how.op == condition.op && how.fixed.is_none_or(|fixed| fixed == condition.value);
    let own = hows(condition.field).iter().find(fits).copied();
    let fallback = How { name: "is", op: condition.op, fixed: None };
    let several = condition.op == Op::Eq && hows(condition.field).contains(&ONE_OF);
    if several { ONE_OF } else { own.unwrap_or(fallback) }
}

/// A condition in the making.
#[derive(Clone, Copy)]
pub struct Row {
    pub field: RwSignal<&'static Field>,
    pub how: RwSignal<How>,
    pub value: RwSignal<String>,
}

/// Several of which all or any hold.
#[derive(Clone, Copy)]
pub struct Group {
    pub any: RwSignal<bool>,
    pub parts: RwSignal<Vec<(u32, Part)>>,
}

/// What a group consists of.
#[derive(Clone, Copy)]
pub enum Part {
    Row(Row),
    Group(Group),
}

impl Row {
    /// An empty condition on a field.
    pub fn on(field: &'static Field) -> Self {
        let first = hows(field).first().copied().unwrap_or(IS);
        Self { field: RwSignal::new(field), how: RwSignal::new(first), value: RwSignal::new(String::new()) }
    }

    fn of(condition: &Condition) -> Self {
        let how = how_of(condition);
        Self {
            field: RwSignal::new(condition.field),
            how: RwSignal::new(how),
            value: RwSignal::new(condition.value.clone()),
        }
    }

    /// Another field begins with its usual comparison and no value.
    pub fn turn_to(self, field: &'static Field) {
        self.field.set(field);
        self.how.set(hows(field).first().copied().unwrap_or(IS));
        self.value.set(String::new());
    }

    /// The condition; none while its value is missing. Tracked.
    fn condition(self) -> Option<Condition> {
        let how = self.how.get();
        let value = how.fixed.map_or_else(|| self.value.get().trim().to_owned(), str::to_owned);
        (!value.is_empty()).then(|| Condition::new(self.field.get(), how.op, value))
    }
}

impl Group {
    /// An empty group.
    pub fn new(any: bool) -> Self {
        Self { any: RwSignal::new(any), parts: RwSignal::new(Vec::new()) }
    }

    /// The conditions of a list as they are.
    pub fn of(query: &ListQuery) -> Self {
        if let (true, Some(Node::Any(nodes))) = (query.conditions.is_empty(), &query.groups) {
            return Self::filled(true, nodes);
        }
        let root = Self::new(false);
        for condition in &query.conditions {
            root.push(Part::Row(Row::of(condition)));
        }
        match &query.groups {
            Some(Node::All(nodes)) => {
                for node in nodes {
                    root.push(Part::of(node));
                }
            }
            Some(node) => root.push(Part::of(node)),
            None => {}
        }
        root
    }

    fn filled(any: bool, nodes: &[Node]) -> Self {
        let group = Self::new(any);
        for node in nodes {
            group.push(Part::of(node));
        }
        group
    }

    pub fn push(self, part: Part) {
        self.parts.update(|parts| {
            let id = parts.iter().map(|(id, _)| *id).max().map_or(0, |id| id.wrapping_add(1));
            parts.push((id, part));
        });
    }

    /// The finished conditions; tracked.
    fn nodes(self) -> Vec<Node> {
        let node = |(_, part): &(u32, Part)| match part {
            Part::Row(row) => row.condition().map(Node::Is),
            Part::Group(group) => group.node(),
        };
        self.parts.get().iter().filter_map(node).collect()
    }

    /// What is finished of it; a group of one is that one. Tracked.
    pub fn node(self) -> Option<Node> {
        let mut nodes = self.nodes();
        match nodes.len() {
            0 => None,
            1 => nodes.pop(),
            _ if self.any.get() => Some(Node::Any(nodes)),
            _ => Some(Node::All(nodes)),
        }
    }
}

impl Part {
    fn of(node: &Node) -> Self {
        match node {
            Node::Is(condition) => Self::Row(Row::of(condition)),
            Node::All(nodes) => Self::Group(Group::filled(false, nodes)),
            Node::Any(nodes) => Self::Group(Group::filled(true, nodes)),
        }
    }
}

/// The list with these conditions: what all must hold stays readable in the
/// address, one by one; groups go together.
pub fn applied(query: ListQuery, root: Group) -> ListQuery {
    let (conditions, groups) = match root.node() {
        None => (Vec::new(), None),
        Some(Node::Is(one)) => (vec![one], None),
        Some(any @ Node::Any(_)) => (Vec::new(), Some(any)),
        Some(Node::All(nodes)) => parted(nodes),
    };
    ListQuery { conditions, groups, ..query.first_page() }
}

fn parted(nodes: Vec<Node>) -> (Vec<Condition>, Option<Node>) {
    let (mut conditions, mut groups) = (Vec::new(), Vec::new());
    for node in nodes {
        match node {
            Node::Is(condition) => conditions.push(condition),
            group => groups.push(group),
        }
    }
    let groups = if groups.len() > 1 { Some(Node::All(groups)) } else { groups.pop() };
    (conditions, groups)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use conexao_domain::registry::by_name;

    use super::*;

    #[test]
    fn a_list_survives_the_builder() {
        let owner = Owner::new();
        owner.set();
        let warranty = by_name("warranty").unwrap();
        let address = "filter[kind][in]=exchange,warranty&where=%7B%22or%22%3A%5B%7B%22field%22%3A%22channel%22%2C%22op%22%3A%22in%22%2C%22value%22%3A%5B%22shopee%22%5D%7D%2C%7B%22field%22%3A%22deadline%22%2C%22op%22%3A%22gte%22%2C%22value%22%3A%22%40today%22%7D%5D%7D";
        let query = ListQuery::read(warranty, address);
        assert_eq!(query.conditions.len(), 1);
        assert!(matches!(query.groups, Some(Node::Any(_))));
        assert_eq!(applied(query.clone(), Group::of(&query)), query);
    }
}
