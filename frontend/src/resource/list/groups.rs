//! Conditions in groups, of which all or any must hold: the `where` of an address.

use conexao_domain::kernel::{field::Field, query::Op, resource::Resource};
use serde_json::{Value as Json, json};

use super::query::{Condition, op_name};
use crate::{i18n, t};

/// A condition, or several in a group.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// Every one holds.
    All(Vec<Node>),
    /// At least one holds.
    Any(Vec<Node>),
    Is(Condition),
}

impl Node {
    /// Reads an address; a tree with anything the resource does not know is left out.
    pub fn read(resource: &Resource, text: &str) -> Option<Self> {
        if text.is_empty() {
            return None;
        }
        Self::parse(resource, &serde_json::from_str(text).ok()?)
    }

    fn parse(resource: &Resource, tree: &Json) -> Option<Self> {
        let group = |name: &str| {
            let rows = tree.get(name)?.as_array()?;
            rows.iter().map(|row| Self::parse(resource, row)).collect::<Option<Vec<_>>>()
        };
        if let Some(rows) = group("and") {
            return Some(Self::All(rows));
        }
        if let Some(rows) = group("or") {
            return Some(Self::Any(rows));
        }
        let field = resource.filterable(tree.get("field")?.as_str()?)?;
        let op = Op::parse(tree.get("op").and_then(Json::as_str).unwrap_or("eq")).filter(|op| op.fits(field))?;
        let word = |value: &Json| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        let value = match tree.get("value")? {
            Json::Array(values) => values.iter().map(word).collect::<Vec<_>>().join(","),
            one => word(one),
        };
        Some(Self::Is(Condition::new(field, op, value)))
    }

    /// As the address writes it.
    pub fn text(&self) -> String {
        self.json().to_string()
    }

    fn json(&self) -> Json {
        let all = |nodes: &[Self]| nodes.iter().map(Self::json).collect::<Vec<_>>();
        match self {
            Self::All(nodes) => json!({ "and": all(nodes) }),
            Self::Any(nodes) => json!({ "or": all(nodes) }),
            Self::Is(Condition { field, op, value }) => {
                let value = if *op == Op::In { value.split(',').collect::<Vec<_>>().into() } else { json!(value) };
                json!({ "field": field.name, "op": op_name(*op), "value": value })
            }
        }
    }

    /// The fields it is about, each once.
    pub fn fields(&self) -> Vec<&'static Field> {
        match self {
            Self::Is(condition) => vec![condition.field],
            Self::All(nodes) | Self::Any(nodes) => {
                let mut fields: Vec<&'static Field> = Vec::new();
                for field in nodes.iter().flat_map(Self::fields) {
                    if !fields.iter().any(|other| other.name == field.name) {
                        fields.push(field);
                    }
                }
                fields
            }
        }
    }

    /// "canal ou marcador", for the chip.
    pub fn words(&self, resource: &Resource) -> String {
        let names = self.fields().into_iter().map(|field| i18n::field(resource.name, field));
        let between = if matches!(self, Self::Any(_)) { t!("groups.or") } else { t!("groups.and") };
        names.collect::<Vec<_>>().join(&format!(" {between} "))
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use conexao_domain::registry::by_name;

    use super::*;

    #[test]
    fn groups_survive_the_trip() {
        let text = r#"{"or":[{"field":"status","op":"in","value":["pending","checked"]},{"and":[{"field":"total","op":"gte","value":"100"}]}]}"#;
        let node = Node::read(by_name("warranty").unwrap(), text).unwrap();
        let again: Json = serde_json::from_str(&node.text()).unwrap();
        assert_eq!(again, serde_json::from_str::<Json>(text).unwrap());
        assert_eq!(node.fields().len(), 2);
    }

    #[test]
    fn what_nobody_declared_is_left_out() {
        let warranty = by_name("warranty").unwrap();
        assert_eq!(Node::read(warranty, r#"{"field":"secret","value":"1"}"#), None);
        assert_eq!(Node::read(warranty, r#"{"field":"status","op":"contains","value":"x"}"#), None);
        assert_eq!(Node::read(warranty, "nonsense"), None);
    }
}
