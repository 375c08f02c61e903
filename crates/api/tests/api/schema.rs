//! The tables follow the declarations: columns, keys, indexes, row security.

use std::collections::HashSet;

use conexao_domain::{
    kernel::{
        field::{Field, Kind},
        resource::Resource,
    },
    registry::RESOURCES,
};

use crate::support::{
    catalog::{Table, tables},
    full_input, least_input, on_each_database,
};

fn of<'a>(tables: &'a [Table], name: &str) -> &'a Table {
    tables.iter().find(|t| t.name == name).unwrap_or_else(|| panic!("no table {name}"))
}

/// Columns of a table that nobody declares.
const OWN: &[&str] = &["tenant_id", "id", "position", "search_text", "deleted_at", "created_by"];

fn compare(table: &Table, fields: &[&Field], parent: Option<&str>) {
    let mut declared: HashSet<String> = OWN.iter().map(|c| (*c).to_owned()).collect();
    declared.extend(parent.map(str::to_owned));
    for field in fields {
        let column = table.column(field.name).unwrap_or_else(|| panic!("{}.{} has no column", table.name, field.name));
        if column.required {
            // Else a patch to null would be an error of the database.
            assert!(
                field.required
                    || field.kind == Kind::State
                    || matches!(field.name, "id" | "version")
                    || field.name.ends_with("_at"),
                "{}.{} may be empty, its column may not",
                table.name,
                field.name
            );
        }
        declared.insert(field.name.to_owned());
        declared.insert(format!("{}_sort", field.name));
    }
    for column in &table.columns {
        assert!(declared.contains(&column.name), "{}.{} is declared nowhere", table.name, column.name);
    }
}

#[test]
fn every_declared_field_has_a_column_and_no_column_is_left_over() {
    on_each_database(async |app| {
        let tables = tables(&app).await;
        for resource in RESOURCES {
            // The browser a push goes to is nothing that anybody reads.
            let hidden = (resource.name == "message").then_some("subscription_id");
            compare(of(&tables, resource.table), &resource.columns().collect::<Vec<_>>(), hidden);
            for (_, lines) in resource.lines() {
                compare(of(&tables, lines.table), &lines.fields.iter().collect::<Vec<_>>(), Some(lines.parent));
            }
        }
    });
}

#[test]
fn every_declared_sort_has_an_index_with_the_id_as_tie_break() {
    on_each_database(async |app| {
        let tables = tables(&app).await;
        for resource in RESOURCES {
            let table = of(&tables, resource.table);
            for field in resource.columns().filter(|f| f.sort) {
                let column = match field.kind {
                    Kind::Text { .. } => format!("{}_sort", field.name),
                    _ => field.name.to_owned(),
                };
                let wanted = ["tenant_id".to_owned(), column, "id".to_owned()];
                let found = table.indexes.iter().any(|i| i.partial && i.columns == wanted);
                assert!(found, "{}: no index for the sort by {}", table.name, field.name);
            }
        }
    });
}

#[test]
fn every_unique_field_has_an_index_that_keeps_it_so_among_live_records() {
    on_each_database(async |app| {
        let tables = tables(&app).await;
        for resource in RESOURCES {
            for field in resource.fields.iter().filter(|f| f.unique) {
                let wanted = ["tenant_id", field.name];
                let table = of(&tables, resource.table);
                assert!(
                    table.indexes.iter().any(|i| i.unique && i.partial && i.columns == wanted),
                    "{}.{}",
                    table.name,
                    field.name
                );
            }
        }
    });
}

#[test]
fn keys_of_tenant_tables_begin_with_the_tenant() {
    on_each_database(async |app| {
        let mut seen = 0;
        for table in tables(&app).await.iter().filter(|t| t.column("tenant_id").is_some() && t.name != "search_key") {
            seen += 1;
            // Of a search table only the trigram index is to be of use.
            let position = usize::from(table.name.ends_with("_search"));
            assert_eq!(table.primary_key.get(position).map(String::as_str), Some("tenant_id"), "{}", table.name);
            assert!(table.column("tenant_id").is_some_and(|c| c.required), "{}", table.name);
            // A passkey says who comes in before any company is known.
            let known = |columns: &[String]| table.name == "passkey" && columns == ["credential_id"];
            for index in table.indexes.iter().filter(|i| i.unique && !known(&i.columns)) {
                assert_eq!(index.columns[position], "tenant_id", "{}: {index:?}", table.name);
            }
            for key in &table.foreign_keys {
                assert_eq!(key.columns[0], "tenant_id", "{}: {key:?}", table.name);
                assert_eq!(key.to, ["tenant_id", "id"], "{}: {key:?}", table.name);
            }
        }
        assert!(seen > 15, "only {seen} tables of tenants");
    });
}

/// Tables that the whole installation shares.
const SHARED: &[&str] = &["tenant", "signing_key", "recovery_request", "passkey_ceremony", "failed_attempt"];

#[test]
fn row_security_binds_everybody_on_every_table_of_tenants() {
    on_each_database(async |app| {
        for table in tables(&app).await {
            let tenants = table.column("tenant_id").is_some();
            assert!(tenants || SHARED.contains(&table.name.as_str()), "{} belongs to nobody", table.name);
            if let Some(forced) = table.forced_row_security.filter(|_| tenants) {
                assert!(forced, "{} is not guarded", table.name);
            }
        }
    });
}

#[test]
fn every_reference_is_a_foreign_key() {
    on_each_database(async |app| {
        let tables = tables(&app).await;
        let target = |field: &Field| match field.kind {
            Kind::Reference(name) => conexao_domain::registry::by_name(name).map(|r: &Resource| r.table),
            Kind::User => Some("user_account"),
            _ => None,
        };
        for resource in RESOURCES {
            let own = resource.fields.iter().map(|f| (resource.table, f));
            let lines = resource.lines().flat_map(|(_, l)| l.fields.iter().map(move |f| (l.table, f)));
            for (table, field) in own.chain(lines) {
                let Some(target) = target(field) else { continue };
                let keys = &of(&tables, table).foreign_keys;
                assert!(
                    keys.iter().any(|k| k.columns == ["tenant_id", field.name] && k.table == target),
                    "{table}.{} is not a foreign key to {target}",
                    field.name
                );
            }
        }
    });
}

#[test]
fn what_is_sent_is_what_is_stored_for_every_kind_of_field() {
    on_each_database(async |app| {
        let admin = app.login("super_admin");
        for resource in RESOURCES {
            for input in [least_input(&admin, resource).await, full_input(&admin, resource).await] {
                let made = admin.create(resource, input.clone()).await;
                let read = admin.plain(&made).await;
                for (name, sent) in input.as_object().unwrap() {
                    contains(&read[name], sent, &format!("{}.{name}", resource.name));
                }
            }
        }
    });
}

/// Whether what was read says everything that was sent; lines also have more.
fn contains(read: &serde_json::Value, sent: &serde_json::Value, path: &str) {
    match (read.as_array(), sent.as_array()) {
        (Some(read), Some(sent)) => {
            assert_eq!(read.len(), sent.len(), "{path}");
            read.iter().zip(sent).for_each(|(r, s)| contains(r, s, path));
        }
        _ if sent.is_object() => {
            sent.as_object().unwrap().iter().for_each(|(name, s)| contains(&read[name], s, &format!("{path}.{name}")));
        }
        _ => assert_eq!(read, sent, "{path}"),
    }
}
