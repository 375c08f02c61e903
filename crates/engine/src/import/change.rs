//! What a person decides before an import runs: how the file is read, where the
//! columns go, what becomes of existing records.

use conexao_domain::kernel::problem::{Code, FieldProblem, Problem};
use conexao_storage::entity::import;
use sea_orm::{ActiveModelTrait, ActiveValue::Set, IntoActiveModel};
use serde::Deserialize;
use serde_json::{Map, Value as Json, json};
use uuid::Uuid;

use super::{
    model::{ColumnMapping, Import, Mode, state},
    receive::{look, mode_name},
    store, suggest,
    target::Target,
    view,
};
use crate::{Engine, Session, Write, journal::Entry, refusal::Refused};

/// What is to be changed; what is left out stays.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Change {
    /// How the file is read; replaces what was fixed before.
    #[serde(default)]
    pub options: Option<Map<String, Json>>,
    #[serde(default)]
    pub mapping: Option<Vec<Wanted>>,
    #[serde(default)]
    pub mode: Option<Mode>,
    #[serde(default)]
    pub key: Option<String>,
}

/// Where a column is to go.
#[derive(Debug, Clone, Deserialize)]
pub struct Wanted {
    pub column: usize,
    #[serde(default)]
    pub field: Option<String>,
}

/// Changes an import that has not run, and answers with it.
pub async fn change(engine: &Engine, session: &Session, id: Uuid, change: Change) -> Result<Json, Problem> {
    let mut import = store::load(engine, session, id).await?;
    check_state(&import)?;
    let before = import.row.clone();
    let mut named = Vec::new();
    if let Some(options) = &change.options {
        read_again(engine, &mut import, options).await?;
        named.push("options");
    }
    if let Some(wanted) = change.mapping {
        import.mapping = checked(&import, wanted)?;
        named.push("mapping");
    }
    if let Some(mode) = change.mode {
        import.mode = mode;
        named.push("mode");
    }
    if let Some(key) = change.key {
        check_key(&import, &key)?;
        import.row.key_field = Some(key);
        named.push("key");
    }
    save(engine, session, import, &before, &named).await
}

/// Changes are possible until records follow from the file.
pub(super) fn check_state(import: &Import) -> Result<(), Problem> {
    let open = [state::MAPPING, state::SIMULATED, state::REVERTED];
    if open.contains(&import.row.state.as_str()) { Ok(()) } else { Err(refused(import)) }
}

pub(super) fn refused(import: &Import) -> Problem {
    Problem::new(Code::StepRefused).detail("not_from").with("state", import.row.state.as_str())
}

/// Detects the file anew; where the columns are others, so is the mapping.
async fn read_again(engine: &Engine, import: &mut Import, options: &Map<String, Json>) -> Result<(), Problem> {
    let overrides = view::read_options(options)
        .map_err(|name| Problem::fields(vec![FieldProblem::new(format!("options.{name}"), "choice")]))?;
    let file = store::fetch(engine, &import.row).await?;
    let (shape, sample) = look(&file, &import.row.file_name, overrides.clone()).await?;
    let layout = suggest::layout(&shape);
    if layout != import.row.layout || shape.columns.len() != import.shape.columns.len() {
        import.mapping = suggest::suggest(import.resource, &shape);
    }
    import.summary.rows = store::row_count(&shape).unwrap_or_default();
    import.row.layout = layout;
    import.row.sample = json!(sample).to_string();
    import.shape = shape;
    import.options = overrides;
    Ok(())
}

/// One entry for each column of the file; what the person left alone keeps how
/// sure its suggestion was.
fn checked(import: &Import, wanted: Vec<Wanted>) -> Result<Vec<ColumnMapping>, Problem> {
    let width = import.shape.columns.len();
    let mut mapping: Vec<ColumnMapping> =
        (0..width).map(|column| ColumnMapping { column, field: None, confidence: None }).collect();
    for Wanted { column, field } in wanted {
        let field = field.filter(|name| !name.is_empty());
        if let Some(name) = &field
            && Target::parse(import.resource, name).is_none()
        {
            let valid: Vec<Json> = Target::all(import.resource).iter().map(|t| t.name().into()).collect();
            return Err(
                Problem::fields(vec![FieldProblem::new(format!("mapping.{column}"), "unknown")]).with("valid", valid)
            );
        }
        let known = import.mapping.iter().find(|m| m.column == column && m.field == field);
        let confidence = known.and_then(|m| m.confidence);
        match mapping.get_mut(column) {
            Some(mapped) => *mapped = ColumnMapping { column, field, confidence },
            None => return Err(Problem::fields(vec![FieldProblem::new(format!("mapping.{column}"), "range")])),
        }
    }
    Ok(mapping)
}

/// Keys are fields declared as such, and codes of other systems.
fn check_key(import: &Import, key: &str) -> Result<(), Problem> {
    let fits = match Target::parse(import.resource, key) {
        Some(Target::Field(field)) => field.key,
        Some(Target::Value { keyed, .. }) => keyed.words().is_empty(),
        _ => false,
    };
    let valid = || import.resource.fields.iter().filter(|f| f.key).map(|f| Json::from(f.name)).collect::<Vec<_>>();
    if fits { Ok(()) } else { Err(Problem::field("key", "choice").with("valid", valid())) }
}

async fn save(
    engine: &Engine,
    session: &Session,
    mut import: Import,
    before: &import::Model,
    named: &[&str],
) -> Result<Json, Problem> {
    let mut write = Write::begin(engine, session).await?;
    // Whoever started a job in the meantime has the last word.
    let now = store::load_in(&write.tx, session, import.row.id).await?;
    check_state(&now)?;
    if now.row.updated_at != before.updated_at {
        return Err(Problem::new(Code::Stale).with("current", view::import(&now, session.locale)));
    }
    store::forget_rows(&write.tx, import.row.id, named.contains(&"options")).await?;
    state::MAPPING.clone_into(&mut import.row.state);
    import.row.updated_at = write.now;
    import.row.shape = json!(import.shape).to_string();
    import.row.options = json!(import.options).to_string();
    import.row.mapping = json!(import.mapping).to_string();
    import.row.mode = mode_name(import.mode);
    let rows = store::row_count(&import.shape).unwrap_or_default();
    import.summary = super::model::Summary { rows, ..super::model::Summary::default() };
    import.row.summary = json!(import.summary).to_string();
    let mut active = import.row.clone().into_active_model();
    active.state = Set(import.row.state.clone());
    let active = active.reset_all();
    active.update(&*write.tx).await.refused()?;
    let changes = named.iter().map(|name| ((*name).to_owned(), json!([Json::Null, Json::Null]))).collect();
    write.note(Entry { resource: super::IMPORT, record_id: Some(import.row.id), action: "update".to_owned(), changes });
    let seen = view::import(&import, session.locale);
    write.commit(200, &seen).await?;
    Ok(seen)
}
