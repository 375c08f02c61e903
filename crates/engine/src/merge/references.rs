//! Everything that points to one record is made to point to another: reference
//! fields of every resource and of their lines, comments, files, notifications.

use conexao_domain::{
    kernel::{
        canonical::write_instant,
        field::{Field, Kind, Lines},
        problem::Problem,
        record::Record,
        resource::Resource,
    },
    registry::RESOURCES,
};
use conexao_storage::{Tx, table};
use sea_orm::{
    Condition, ConnectionTrait, Order,
    sea_query::{Expr, ExprTrait, Query},
};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use crate::{Write, journal::Entry, refusal::Refused, sequence, write::Known};

/// What hangs on a record besides other records.
pub(super) const NOTES: &[&str] = &["comment", "attachment", "notification"];
/// Records rewritten at a time.
const BATCH: u64 = 200;

/// One place from which a resource refers to another.
#[derive(Clone, Copy)]
enum Place {
    Own(&'static Field),
    Line(&'static Field, &'static Lines, &'static Field),
}

fn refers(field: &Field, target: &Resource) -> bool {
    match field.kind {
        Kind::Reference(name) => name == target.name,
        Kind::User => target.name == "user",
        _ => false,
    }
}

fn places(owner: &'static Resource, target: &Resource) -> Vec<Place> {
    let own = owner.fields.iter().filter(|f| refers(f, target)).map(Place::Own);
    let lines = owner.lines().flat_map(|(field, lines)| {
        lines.fields.iter().filter(|f| refers(f, target)).map(move |column| Place::Line(field, lines, column))
    });
    own.chain(lines).collect()
}

/// Moves all references from one record of `target` to another; returns how
/// many live rows moved, by resource, comments and files included.
pub(super) async fn retarget(
    write: &mut Write,
    target: &'static Resource,
    from: Uuid,
    to: Uuid,
) -> Result<Map<String, Json>, Problem> {
    let mut moved = Map::new();
    for owner in RESOURCES.iter().copied() {
        let places = places(owner, target);
        if places.is_empty() {
            continue;
        }
        let count = live(write, owner, &places, from, to).await?;
        for place in places {
            removed(write, owner, place, from, to).await?;
        }
        moved.insert(owner.name.to_owned(), count.into());
    }
    for table in NOTES.iter().copied() {
        moved.insert(table.to_owned(), notes(&write.tx, table, target, from, to).await?.into());
    }
    moved.retain(|_, count| count.as_u64() != Some(0));
    Ok(moved)
}

/// Ids of records that refer to `from`; the two that are merged are left out.
async fn referring(
    tx: &Tx,
    owner: &Resource,
    places: &[Place],
    (from, to): (Uuid, Uuid),
    is_live: bool,
) -> Result<Vec<Uuid>, Problem> {
    let mut any = Condition::any();
    for place in places {
        any = any.add(match place {
            Place::Own(field) => Expr::col(field.name).eq(from),
            Place::Line(_, lines, column) => {
                let owners = Query::select()
                    .column(lines.parent)
                    .from(lines.table)
                    .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
                    .and_where(Expr::col(column.name).eq(from))
                    .to_owned();
                Expr::col("id").in_subquery(owners)
            }
        });
    }
    let live = Expr::col("deleted_at").is_null();
    let mut select = Query::select();
    select
        .column("id")
        .from(owner.table)
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col("id").is_not_in([from, to]))
        .and_where(if is_live { live } else { live.not() })
        .cond_where(any)
        .order_by("id", Order::Asc);
    if is_live {
        select.limit(BATCH);
    }
    let rows = tx.query_all(&select).await.refused()?;
    rows.iter().map(|row| row.try_get_by_index(0).refused()).collect()
}

/// Rewrites live records one by one, with version, audit and search text.
async fn live(
    write: &mut Write,
    owner: &'static Resource,
    places: &[Place],
    from: Uuid,
    to: Uuid,
) -> Result<usize, Problem> {
    let mut count = 0;
    loop {
        let ids = referring(&write.tx, owner, places, (from, to), true).await?;
        if ids.is_empty() {
            return Ok(count);
        }
        let mut records = table::by_ids(&write.tx, owner, &ids, false).await.refused()?;
        table::fill(&write.tx, owner, &mut records).await.refused()?;
        records.sort_by(|a, b| a.id().cmp(b.id()));
        let mut pairs = Vec::with_capacity(records.len());
        for before in records {
            let mut after = before.clone();
            for place in places {
                rewrite(&mut after, *place, from, to);
            }
            renumber(write, owner, &before, &mut after).await?;
            after.set("version", before.version() + 1);
            after.set("updated_at", write_instant(write.moment(owner)));
            pairs.push((before, after));
        }
        let next: Vec<&Record> = pairs.iter().map(|(_, after)| after).collect();
        let known = Known::about(&write.tx, owner, &next).await?;
        for (before, after) in &pairs {
            let search = known.search_text(owner, after);
            table::update(&write.tx, owner, before.version(), before, after, &search).await.refused()?;
            write.note_record(owner, "update", Some(before), after);
        }
        count += pairs.len();
    }
}

fn rewrite(record: &mut Record, place: Place, from: Uuid, to: Uuid) {
    let (from, to) = (from.to_string(), to.to_string());
    match place {
        Place::Own(field) if record.text(field.name) == Some(&from) => record.set(field.name, to),
        Place::Own(_) => {}
        Place::Line(field, _, column) => {
            let mut lines: Vec<Record> = Vec::new();
            for mut line in record.lines(field.name) {
                if line.text(column.name) == Some(&from) {
                    line.set(column.name, to.clone());
                }
                // Two lines that differed only in whom they meant are one now.
                if !lines.iter().any(|known| alike(known, &line)) {
                    lines.push(line);
                }
            }
            record.set(field.name, lines.into_iter().map(|line| Json::Object(line.0)).collect::<Vec<_>>());
        }
    }
}

fn alike(a: &Record, b: &Record) -> bool {
    let content = |line: &Record| {
        let mut line = line.clone();
        line.0.remove("id");
        line
    };
    content(a) == content(b)
}

/// A number drawn from a sequence of the other record (the customer's second
/// warranty, say) is drawn anew from the sequence the record now belongs to.
async fn renumber(write: &Write, owner: &Resource, before: &Record, after: &mut Record) -> Result<(), Problem> {
    for counter in owner.counters {
        let key = (counter.key)(after);
        if key != (counter.key)(before) {
            let n = sequence::draw(&write.tx, &key, 1).await?;
            let number = counter.write(owner, after, &write.session.house.company, n);
            after.set(counter.field, number);
        }
    }
    Ok(())
}

/// Removed records follow too, so that one that is restored does not point to
/// a record that is gone.
async fn removed(
    write: &mut Write,
    owner: &'static Resource,
    place: Place,
    from: Uuid,
    to: Uuid,
) -> Result<(), Problem> {
    let ids = referring(&write.tx, owner, &[place], (from, to), false).await?;
    let tenant = write.tx.tenant().0;
    for chunk in ids.chunks(500) {
        let mut update = Query::update();
        let (name, owners) = match place {
            Place::Own(field) => {
                update.table(owner.table).value(field.name, to).and_where(Expr::col(field.name).eq(from));
                (field.name, "id")
            }
            Place::Line(field, lines, column) => {
                update.table(lines.table).value(column.name, to).and_where(Expr::col(column.name).eq(from));
                (field.name, lines.parent)
            }
        };
        let mine = |column: &'static str| Expr::col(column).is_in(chunk.to_vec());
        let own_rows = Expr::col("tenant_id").eq(tenant);
        write.tx.execute(update.and_where(mine(owners)).and_where(own_rows.clone())).await.refused()?;
        let mut update = Query::update();
        update
            .table(owner.table)
            .value("version", Expr::col("version").add(1))
            .value("updated_at", write.now)
            .and_where(mine("id"))
            .and_where(own_rows);
        write.tx.execute(&update).await.refused()?;
        for id in chunk {
            let changes = Map::from_iter([(name.to_owned(), json!([from, to]))]);
            write.note(Entry { resource: owner.name, record_id: Some(*id), action: "update".to_owned(), changes });
        }
    }
    Ok(())
}

/// Comments, files or notifications of a record, removed ones too; counts the live.
async fn notes(tx: &Tx, table: &'static str, resource: &Resource, from: Uuid, to: Uuid) -> Result<u64, Problem> {
    let mut count = 0;
    for is_live in [true, false] {
        let live = Expr::col("deleted_at").is_null();
        let mut update = Query::update();
        update
            .table(table)
            .value("record_id", to)
            .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
            .and_where(Expr::col("resource").eq(resource.name))
            .and_where(Expr::col("record_id").eq(from))
            .and_where(if is_live { live } else { live.not() });
        let moved = tx.execute(&update).await.refused()?.rows_affected();
        if is_live {
            count = moved;
        }
    }
    Ok(count)
}
