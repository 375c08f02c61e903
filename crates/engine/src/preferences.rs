//! What people set for themselves and nobody else sees: the keys they work with.

use conexao_domain::kernel::problem::{FieldProblem, Problem};
use conexao_storage::entity::user_preference::{self, Column};
use sea_orm::{ActiveModelTrait, EntityTrait, sea_query::OnConflict};
use serde_json::{Map, Value as Json, json};

use crate::{Engine, Session, Write, journal::Entry, refusal::Refused};

/// What the audit calls them.
const NAME: &str = "preference";
/// Most keys somebody sets.
const MOST: usize = 100;
/// Longest name of an action or a key, in characters.
const LONGEST: usize = 40;

/// Names of what can be set.
pub const FIELDS: [&str; 2] = ["shortcuts", "shortcuts_off"];

/// What somebody set.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Preferences {
    /// Action → key, e.g. `palette` → `Ctrl+K`; the usual ones without.
    pub shortcuts: Option<Map<String, Json>>,
    /// Whether single keys do nothing.
    pub shortcuts_off: bool,
}

impl Preferences {
    fn of(row: &user_preference::Model) -> Self {
        let shortcuts = row.shortcuts.as_deref().and_then(|text| serde_json::from_str(text).ok());
        Self { shortcuts, shortcuts_off: row.shortcuts_off }
    }

    /// The same with what `input` says; it names no other field than [`FIELDS`].
    fn with(mut self, input: &Map<String, Json>) -> Result<Self, Problem> {
        let mut wrong = Vec::new();
        match input.get("shortcuts") {
            None => {}
            Some(Json::Null) => self.shortcuts = None,
            Some(Json::Object(keys)) if keys.len() > MOST => wrong.push(FieldProblem::new("shortcuts", "too_many")),
            Some(Json::Object(keys)) if keys.iter().all(fits) => self.shortcuts = Some(keys.clone()),
            Some(_) => wrong.push(FieldProblem::new("shortcuts", "type")),
        }
        match input.get("shortcuts_off") {
            None => {}
            Some(Json::Bool(off)) => self.shortcuts_off = *off,
            Some(_) => wrong.push(FieldProblem::new("shortcuts_off", "type")),
        }
        if wrong.is_empty() { Ok(self) } else { Err(Problem::fields(wrong)) }
    }
}

/// A short name and a short key; an empty key is none.
fn fits((action, key): (&String, &Json)) -> bool {
    let short = |text: &str| text.chars().count() <= LONGEST && !text.chars().any(char::is_control);
    !action.is_empty() && short(action) && key.as_str().is_some_and(short)
}

/// What the session's person set; nothing for a token of nobody.
pub async fn get(engine: &Engine, session: &Session) -> Result<Preferences, Problem> {
    let Some(user) = session.person() else { return Ok(Preferences::default()) };
    let tx = engine.db.read(session.tenant).await.refused()?;
    let found = user_preference::Entity::find_by_id((session.tenant.0, user)).one(&*tx).await.refused()?;
    tx.rollback().await.refused()?;
    Ok(found.as_ref().map(Preferences::of).unwrap_or_default())
}

/// Sets what `input` names. Only the person themselves may, not a token.
pub async fn change(engine: &Engine, session: &Session, input: &Map<String, Json>) -> Result<(), Problem> {
    let user = session.in_person()?;
    let mut write = Write::begin(engine, session).await?;
    let found = user_preference::Entity::find_by_id((session.tenant.0, user)).one(&*write.tx).await.refused()?;
    let before = found.as_ref().map(Preferences::of).unwrap_or_default();
    let after = before.clone().with(input)?;
    let row = user_preference::Model {
        tenant_id: session.tenant.0,
        user_id: user,
        shortcuts: after.shortcuts.clone().map(|keys| Json::Object(keys).to_string()),
        shortcuts_off: after.shortcuts_off,
        updated_at: write.now,
    };
    let (key, values) =
        ([Column::TenantId, Column::UserId], [Column::Shortcuts, Column::ShortcutsOff, Column::UpdatedAt]);
    let replace = OnConflict::columns(key).update_columns(values).to_owned();
    let row = user_preference::ActiveModel::from(row).reset_all();
    user_preference::Entity::insert(row).on_conflict(replace).exec_without_returning(&*write.tx).await.refused()?;
    let pairs = [
        ("shortcuts", json!(before.shortcuts), json!(after.shortcuts)),
        ("shortcuts_off", json!(before.shortcuts_off), json!(after.shortcuts_off)),
    ];
    let other = pairs.into_iter().filter(|(_, old, new)| old != new);
    let changes = other.map(|(name, old, new)| (name.to_owned(), json!([old, new]))).collect();
    write.note(Entry { resource: NAME, record_id: Some(user), action: "update".to_owned(), changes });
    write.commit(200, &Json::Null).await
}
