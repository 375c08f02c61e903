//! How the first rows would be stored, by the same code that stores them.

use conexao_domain::kernel::{field::Kind, problem::Problem, record::Record};
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::{
    batch::{Intent, Outcome},
    intent,
    model::CellProblem,
    receive::SampleRow,
    rows::MappedRow,
    store,
    target::Keyed,
    view,
};
use crate::{Engine, Session, export::show, refusal::Refused};

/// The first rows of the file, each with what is wrong with it.
pub async fn preview(engine: &Engine, session: &Session, id: Uuid) -> Result<Json, Problem> {
    let import = store::load(engine, session, id).await?;
    let intent = intent(session, &import, engine.now())?;
    let sample: Vec<SampleRow> = serde_json::from_str(&import.row.sample).unwrap_or_default();
    let rows: Vec<MappedRow> = sample.into_iter().map(|row| intent.mapper.map_cells(row.line, row.cells)).collect();
    let tx = engine.db.read(session.tenant).await.refused()?;
    let looked = intent.look(&tx, rows, engine.now()).await?;
    tx.rollback().await.refused()?;
    let rows = looked.rows.iter().zip(&looked.outcomes).map(|(row, outcome)| {
        let problems: &[CellProblem] = match outcome {
            Outcome::Failed(problems) => problems,
            Outcome::Write(_) | Outcome::Same => &[],
        };
        json!({
            "line": row.line,
            "values": values(&intent, row, session),
            "errors": view::problems(problems, session.locale),
            "warnings": view::problems(&row.warnings, session.locale),
        })
    });
    Ok(json!({ "rows": rows.collect::<Vec<_>>() }))
}

/// Target → text, in the order of the input; what could not be read is shown as
/// it stands in the file.
fn values(intent: &Intent, row: &MappedRow, session: &Session) -> Map<String, Json> {
    let resource = intent.mapper.resource;
    let mut values = Map::new();
    for (name, value) in &row.input {
        let Some(field) = resource.field(name) else { continue };
        if let Kind::Lines(lines) = field.kind {
            let keyed = Keyed::of(lines);
            let all = Record(Map::from_iter([(name.clone(), value.clone())])).lines(name);
            for (at, line) in all.iter().enumerate() {
                match keyed.and_then(|keyed| Some((line.text(keyed.key.name)?, line.text(keyed.value.name)?))) {
                    Some((word, text)) => put(&mut values, format!("{name}.{word}"), text),
                    // Of other lines a file has one; further ones would only repeat the names.
                    None if at == 0 => {
                        for field in lines.fields.iter().filter(|f| !line.get(f.name).is_null()) {
                            let text =
                                show::text(&field.kind, (lines.table, field.name), line.get(field.name), session);
                            put(&mut values, format!("{name}.{}", field.name), &text);
                        }
                    }
                    None => {}
                }
            }
        } else if !matches!(field.kind, Kind::Reference(_) | Kind::User) {
            put(&mut values, name.clone(), &show::text(&field.kind, (resource.name, field.name), value, session));
        }
    }
    for (name, text) in intent.mapper.texts(&row.cells) {
        values.entry(name).or_insert_with(|| text.into());
    }
    values
}

fn put(values: &mut Map<String, Json>, name: String, text: &str) {
    let joined = match values.get(&name).and_then(Json::as_str) {
        Some(other) => format!("{other}, {text}"),
        None => text.to_owned(),
    };
    values.insert(name, joined.into());
}
