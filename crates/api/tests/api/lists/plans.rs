//! Pages cost the same wherever they are: the database walks an index to them.

use conexao_domain::{
    kernel::{plan::Facts, query},
    registry::RESOURCES,
};
use sea_orm::{Condition, ConnectionTrait};

use super::data::{chance, scatter};
use crate::support::{App, on_each_database};

fn facts(app: &App) -> Facts {
    let (now, zone) = (app.now(), chrono_tz::America::Sao_Paulo);
    Facts { now, today: now.date_naive(), zone, ..Facts::default() }
}

/// Signs that rows are sorted, or that the whole table is read.
const EXPENSIVE: &[&str] = &["USE TEMP B-TREE", "Sort", "Seq Scan"];

#[test]
fn the_first_and_a_deep_page_of_every_sort_walk_an_index() {
    on_each_database(async |app| {
        let (admin, mut rng) = (app.login("super_admin"), chance());
        for resource in RESOURCES {
            scatter(&app, &admin, resource, 3000, &mut rng).await;
        }
        // What databases do by themselves after a while.
        app.engine.db.pool().execute_unprepared("ANALYZE").await.unwrap();
        for resource in RESOURCES {
            for field in resource.columns().filter(|f| f.sort) {
                for sort in [field.name.to_owned(), format!("-{}", field.name)] {
                    let mut after = None;
                    for depth in 0..8 {
                        let mut pairs = vec![("sort", sort.clone()), ("limit", "200".to_owned())];
                        pairs.extend(after.clone().map(|after: String| ("after", after)));
                        let wanted = query::parse(resource, pairs.iter().map(|(n, v)| (*n, v.as_str())), &[]).unwrap();
                        let tx = app.engine.db.read(app.tenant()).await.unwrap();
                        let everything = Condition::all();
                        let facts = facts(&app);
                        let plans =
                            conexao_storage::query::explain(&tx, resource, &wanted, &everything, &facts).await.unwrap();
                        for plan in plans {
                            let costly = EXPENSIVE.iter().find(|word| plan.contains(**word));
                            let scans = plan.lines().any(|line| line.starts_with("SCAN ") && !line.contains("INDEX"));
                            assert!(costly.is_none() && !scans, "{} by {sort}, page {depth}:\n{plan}", resource.name);
                        }
                        let page =
                            conexao_storage::query::page(&tx, resource, &wanted, &everything, &facts).await.unwrap();
                        tx.rollback().await.unwrap();
                        after = page.next.map(|cursor| cursor.encode());
                        assert!(after.is_some(), "{} by {sort} has only {depth} pages", resource.name);
                    }
                }
            }
        }
    });
}
