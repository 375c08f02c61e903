//! No table is forgotten: each belongs to a resource, to the places the desk
//! empties, or to those that hold nothing of anybody.

use conexao_domain::{
    privacy::places::{NOTHING, PLACES},
    registry::RESOURCES,
};

use crate::support::{catalog::tables, on_each_database};

#[test]
fn every_table_says_whether_it_may_name_people() {
    on_each_database(async |app| {
        for table in tables(&app).await {
            let name = table.name.as_str();
            let base = name.strip_suffix("_search").unwrap_or(name);
            let own = RESOURCES.iter().any(|r| r.table == base || r.lines().any(|(_, lines)| lines.table == base));
            let place = PLACES.iter().find(|place| place.table == name);
            let nothing = NOTHING.iter().any(|(table, _)| *table == name);
            let told = usize::from(own) + usize::from(place.is_some()) + usize::from(nothing);
            assert_eq!(told, 1, "{name}: say in privacy/places.rs whether it may name people");
            for column in place.into_iter().flat_map(|place| place.key.iter().chain(place.texts)) {
                assert!(table.column(column).is_some(), "{name}.{column}");
            }
        }
    });
}
