//! From words on the command line to what the API takes.

use std::io::Read;

use conexao_client::Query;
use conexao_domain::{
    kernel::resource::Resource,
    registry::{self, RESOURCES},
};
use serde_json::{Map, Value as Json};

use super::{
    arguments::{Choice, Input},
    outcome::Trouble,
};

/// A resource by its path (`customers`) or its singular name (`customer`).
pub fn resource(name: &str) -> Result<&'static Resource, Trouble> {
    registry::by_path(name).or_else(|| registry::by_name(name)).ok_or_else(|| {
        let known: Vec<_> = RESOURCES.iter().map(|r| r.path).collect();
        Trouble::Usage(format!("there is no resource `{name}`; there are: {}", known.join(", ")))
    })
}

/// The list query of a choice of records.
pub fn query(choice: &Choice) -> Result<Query, Trouble> {
    let mut query = Query::new();
    for filter in &choice.filter {
        let (name, value) = split(filter, "=")?;
        let (field, op) = name.split_once('[').map_or((name, ""), |(field, op)| (field, op.trim_end_matches(']')));
        let op = if op.is_empty() { String::new() } else { format!("[{op}]") };
        query.set(&format!("filter[{field}]{op}"), value);
    }
    query.set("q", choice.search.as_deref().unwrap_or_default());
    query.set("sort", choice.sort.as_deref().unwrap_or_default());
    Ok(query)
}

/// The object to send: the body, and what is set on top of it.
pub fn object(input: &Input) -> Result<Map<String, Json>, Trouble> {
    let mut object = match input.body.as_deref() {
        None => Map::new(),
        Some(text) => parse(&text_of(text)?)?,
    };
    for pair in &input.set {
        let (name, value) = split(pair, "=")?;
        let (name, value) = match name.strip_suffix(':') {
            Some(name) => (name, serde_json::from_str(value).map_err(|e| Trouble::Usage(format!("{pair}: {e}")))?),
            None => (name, Json::from(value)),
        };
        object.insert(name.to_owned(), value);
    }
    Ok(object)
}

fn text_of(body: &str) -> Result<String, Trouble> {
    if body == "-" {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text)?;
        return Ok(text);
    }
    match body.strip_prefix('@') {
        Some(file) => std::fs::read_to_string(file).map_err(|e| Trouble::Usage(format!("{file}: {e}"))),
        None => Ok(body.to_owned()),
    }
}

fn parse(text: &str) -> Result<Map<String, Json>, Trouble> {
    serde_json::from_str(text).map_err(|error| Trouble::Usage(format!("the body is no JSON object: {error}")))
}

fn split<'t>(text: &'t str, by: &str) -> Result<(&'t str, &'t str), Trouble> {
    text.split_once(by).ok_or_else(|| Trouble::Usage(format!("`{text}` has no `{by}`")))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use serde_json::json;

    use super::*;

    #[test]
    fn filters_are_written_as_the_api_reads_them() {
        let filter = ["status=active", "created_at[gte]=@today-7", "name[contains]=a=b"].map(str::to_owned).to_vec();
        let choice = Choice { filter, search: None, sort: Some("-name".into()), columns: Vec::new() };
        let text = "filter[status]=active&filter[created_at][gte]=@today-7&filter[name][contains]=a%3Db&sort=-name";
        assert_eq!(query(&choice).unwrap().text(), text);
        let choice = Choice { filter: vec!["status".into()], ..choice };
        assert!(matches!(query(&choice), Err(Trouble::Usage(_))));
    }

    #[test]
    fn what_is_set_comes_on_top_of_the_body() {
        let set = ["name=Bento", "credit:=1000", "note=1"].map(str::to_owned).to_vec();
        let input = Input { body: Some(r#"{"name":"Ana","uf":"SC"}"#.into()), set };
        let wanted = json!({ "name": "Bento", "uf": "SC", "credit": 1000, "note": "1" });
        assert_eq!(Json::Object(object(&input).unwrap()), wanted);
        assert!(object(&Input { body: Some("[]".into()), set: Vec::new() }).is_err());
    }

    #[test]
    fn resources_go_by_path_or_name() {
        assert_eq!(resource("customers").unwrap().name, resource("customer").unwrap().name);
        assert!(matches!(resource("colours"), Err(Trouble::Usage(text)) if text.contains("customers")));
    }
}
