//! Which tags a bulk request puts on records, and which it takes off.

use conexao_domain::kernel::{
    plan::read_tags,
    problem::{FieldProblem, Problem},
};
use serde_json::{Map, Value as Json};

/// The action's name.
pub(super) const TAG: &str = "tag";

/// Tags as records keep them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Tags {
    pub add: Vec<String>,
    pub remove: Vec<String>,
}

impl Tags {
    /// Reads `{"add": […], "remove": […]}`; one of them has to say something.
    pub fn read(values: &Map<String, Json>) -> Result<Self, Problem> {
        let (mut tags, mut wrong) = (Self::default(), Vec::new());
        for (name, value) in values {
            let list = match name.as_str() {
                "add" => &mut tags.add,
                "remove" => &mut tags.remove,
                _ => {
                    wrong.push(FieldProblem::new(name, "unknown"));
                    continue;
                }
            };
            match read_tags(value).ok().and_then(|tags| serde_json::from_value(tags).ok()) {
                Some(read) => *list = read,
                None => wrong.push(FieldProblem::new(name, "tags")),
            }
        }
        if wrong.is_empty() && tags == Self::default() {
            wrong.push(FieldProblem::new("values", "required"));
        }
        if wrong.is_empty() { Ok(tags) } else { Err(Problem::fields(wrong)) }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn tags_are_read_as_records_keep_them() {
        let read = |values: Json| Tags::read(values.as_object().unwrap_or(&Map::new()));
        let tags = Tags { add: vec!["a".into(), "b".into()], remove: vec!["c".into()] };
        assert_eq!(read(json!({ "add": ["b", " a ", "b"], "remove": ["c"] })), Ok(tags));
        let refused =
            |values: Json, field: &str, code: &str| assert_eq!(read(values), Err(Problem::field(field, code)));
        refused(json!({}), "values", "required");
        refused(json!({ "add": [] }), "values", "required");
        refused(json!({ "add": [1] }), "add", "tags");
        refused(json!({ "set": ["a"] }), "set", "unknown");
    }
}
