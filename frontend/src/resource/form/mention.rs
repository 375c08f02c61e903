//! What references are called: `_refs` of a record, read and written.

use conexao_domain::kernel::{record::Record, resource::Resource};
use serde_json::{Map, Value as Json, json};

pub use crate::resource::list::mention;
use crate::{api::records::Mention, resource::detail::value::plain};

/// A record as others mention it.
pub fn of(resource: &'static Resource, record: &Record) -> Mention {
    let subtitle = resource.subtitle.and_then(|name| resource.field(name));
    let subtitle = subtitle.map(|field| plain(resource.name, field, record)).filter(|text| !text.is_empty());
    Mention {
        id: record.id().to_owned(),
        resource: resource.name.to_owned(),
        title: record.text(resource.title).unwrap_or_default().to_owned(),
        subtitle,
        field: None,
    }
}

/// The same as the record writes it.
fn written(mention: &Mention) -> Json {
    json!({ "id": mention.id, "resource": mention.resource, "title": mention.title, "subtitle": mention.subtitle })
}

/// `_refs` of the mentions that are known.
pub fn refs<'a>(mentions: impl Iterator<Item = (&'a str, Option<Mention>)>) -> Map<String, Json> {
    mentions.filter_map(|(name, mention)| Some((name.to_owned(), written(&mention?)))).collect()
}

/// Names of the fields whose value is a mask.
pub fn masked(record: &Record) -> impl Iterator<Item = &str> {
    record.get("_masked").as_array().into_iter().flatten().filter_map(Json::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mentions_survive_the_trip() {
        let ana =
            Mention { id: "1".into(), resource: "customer".into(), title: "Ana".into(), subtitle: None, field: None };
        let mut record = Record::default();
        record.set("_refs", refs([("customer_id", Some(ana.clone())), ("owner_id", None)].into_iter()));
        assert_eq!(mention(&record, "customer_id"), Some(ana));
        assert_eq!(mention(&record, "owner_id"), None);
    }
}
