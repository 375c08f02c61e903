//! What a role would mean before it is saved: who gains and loses what, and
//! what somebody with this role alone would see.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use conexao_domain::{
    identity::{
        role::{ROLE, Scope},
        user::USER,
    },
    kernel::{
        plan::Facts,
        problem::{FieldProblem, Problem},
        query,
        record::Record,
        resource::{Resource, VERBS},
    },
    registry::{self, ADMINISTRATION, RESOURCES},
};
use conexao_storage::{Tx, table, value::among};
use sea_orm::{
    ConnectionTrait,
    sea_query::{Expr, ExprTrait, Query},
};
use serde::Deserialize;
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::team_for;
use crate::{
    Engine, Session, facts,
    gate::{Permissions, Reach},
    identity,
    refusal::Refused,
};

/// Most people whose grants are compared.
const PEOPLE: u64 = 2_000;
/// Names that are told of each change; the count is of all.
const NAMES: usize = 20;
/// Rows are counted up to here.
const ROWS: u64 = 10_000;

/// A role as somebody is about to save it.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct Draft {
    /// The role that would change; none for a new one.
    pub id: Option<Uuid>,
    #[serde(default)]
    pub scope: String,
    #[serde(default)]
    pub grants: Vec<Json>,
    /// Through whose eyes own and team rows are counted.
    pub person: Option<Uuid>,
}

/// `{gains, losses, people, more, preview}`; saves nothing.
pub async fn simulate(engine: &Engine, session: &Session, draft: &Draft) -> Result<Json, Problem> {
    let gate = session.gate(&ROLE, "read")?;
    let after = record(draft)?;
    let tx = engine.db.read(session.tenant).await.refused()?;
    let roles = identity::all_roles(&tx).await?;
    let mut changes = Changes::default();
    let (mut count, mut more) = (0, false);
    if let Some(id) = draft.id {
        let before = roles.iter().find(|role| role.id() == id.to_string()).filter(|role| gate.reaches(role));
        let before = before.ok_or_else(Problem::not_found)?;
        let mut people = holders(&tx, id).await?;
        more = people.len() > usize::try_from(PEOPLE).unwrap_or(usize::MAX);
        people.truncate(usize::try_from(PEOPLE).unwrap_or(usize::MAX));
        count = people.len();
        changes.compare(&tx, &roles, before, &after, people).await?;
    }
    let preview = preview(&tx, engine, session, &after, draft.person).await?;
    tx.rollback().await.refused()?;
    let (gains, losses) = changes.shown();
    Ok(json!({ "gains": gains, "losses": losses, "people": count, "more": more, "preview": preview }))
}

/// The draft as the record it would become, as far as grants go.
fn record(draft: &Draft) -> Result<Record, Problem> {
    let mut record = Record::default();
    let mut problems = Vec::new();
    if Scope::parse(&draft.scope).is_none() {
        problems.push(FieldProblem::new("scope", "choice"));
    }
    for (i, line) in draft.grants.iter().enumerate() {
        let scope = line.get("scope").and_then(Json::as_str).filter(|scope| !scope.is_empty());
        if scope.is_some_and(|scope| Scope::parse(scope).is_none()) {
            problems.push(FieldProblem::new(format!("grants.{i}.scope"), "choice"));
        }
        if !line.get("permission").is_some_and(Json::is_string) {
            problems.push(FieldProblem::new(format!("grants.{i}.permission"), "required"));
        }
    }
    if !problems.is_empty() {
        return Err(Problem::fields(problems));
    }
    record.set("scope", draft.scope.as_str());
    record.set("grants", draft.grants.clone());
    Ok(record)
}

/// Active people with the role, by name.
async fn holders(tx: &Tx, role: Uuid) -> Result<Vec<(Uuid, String)>, Problem> {
    let tenant = tx.tenant().0;
    let mut have = Query::select();
    have.column("user_id")
        .from("user_role")
        .and_where(Expr::col("tenant_id").eq(tenant))
        .and_where(Expr::col("role_id").eq(role));
    let mut select = Query::select();
    select
        .columns(["id", "name"])
        .from(USER.table)
        .and_where(Expr::col("tenant_id").eq(tenant))
        .and_where(Expr::col("deleted_at").is_null())
        .and_where(Expr::col("status").eq("active"))
        .and_where(Expr::col("id").in_subquery(have))
        .order_by("name_sort", sea_orm::Order::Asc)
        .limit(PEOPLE + 1);
    let rows = tx.query_all(&select).await.refused()?;
    let read = |row: &sea_orm::QueryResult| -> Result<(Uuid, String), sea_orm::DbErr> {
        Ok((row.try_get_by_index(0)?, row.try_get_by_index::<Option<String>>(1)?.unwrap_or_default()))
    };
    rows.iter().map(read).collect::<Result<_, _>>().refused()
}

/// The roles of each of these people.
pub(super) async fn roles_of(tx: &Tx, people: &[Uuid]) -> Result<HashMap<Uuid, BTreeSet<String>>, Problem> {
    let mut select = Query::select();
    select
        .columns(["user_id", "role_id"])
        .from("user_role")
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(among(tx.get_database_backend(), "user_id", people));
    let mut found: HashMap<Uuid, BTreeSet<String>> = HashMap::new();
    for row in tx.query_all(&select).await.refused()? {
        let (user, role): (Uuid, Uuid) = (row.try_get_by_index(0).refused()?, row.try_get_by_index(1).refused()?);
        found.entry(user).or_default().insert(role.to_string());
    }
    Ok(found)
}

/// Permission, what it reached, what it would reach.
type Change = (String, Option<Scope>, Option<Scope>);

/// Who is concerned by each change.
#[derive(Debug, Default)]
struct Changes(BTreeMap<Change, Vec<(Uuid, String)>>);

impl Changes {
    /// Compares what people hold by all their roles, before and after.
    async fn compare(
        &mut self,
        tx: &Tx,
        roles: &[Record],
        before: &Record,
        after: &Record,
        people: Vec<(Uuid, String)>,
    ) -> Result<(), Problem> {
        let ids: Vec<Uuid> = people.iter().map(|(id, _)| *id).collect();
        let (held, all) = (roles_of(tx, &ids).await?, registry::permissions());
        // Most people share their combination of roles with others.
        let mut known: HashMap<BTreeSet<String>, Vec<Change>> = HashMap::new();
        for (id, name) in people {
            let combination = held.get(&id).cloned().unwrap_or_default();
            let changes = known.entry(combination.clone()).or_insert_with(|| {
                let others = || roles.iter().filter(|role| combination.contains(role.id()) && role.id() != before.id());
                let was = identity::granted(others().chain([before]), &all);
                difference(&was, &identity::granted(others().chain([after]), &all))
            });
            for change in changes {
                self.0.entry(change.clone()).or_default().push((id, name.clone()));
            }
        }
        Ok(())
    }

    /// What is gained and what is lost, by permission.
    fn shown(self) -> (Vec<Json>, Vec<Json>) {
        let one = |((permission, before, after), people): (Change, Vec<(Uuid, String)>)| {
            let named = people.iter().take(NAMES).map(|(id, name)| json!({ "id": id, "name": name }));
            let shown = json!({
                "permission": permission,
                "before": before.map(Scope::name),
                "after": after.map(Scope::name),
                "count": people.len(),
                "people": named.collect::<Vec<_>>(),
            });
            (after > before, shown)
        };
        let (gains, losses): (Vec<_>, Vec<_>) = self.0.into_iter().map(one).partition(|(gain, _)| *gain);
        let bare = |all: Vec<(bool, Json)>| all.into_iter().map(|(_, shown)| shown).collect();
        (bare(gains), bare(losses))
    }
}

fn difference(before: &Permissions, after: &Permissions) -> Vec<Change> {
    let names: BTreeSet<&String> = before.keys().chain(after.keys()).collect();
    let change = |name: &String| (name.clone(), before.get(name).copied(), after.get(name).copied());
    names.into_iter().map(change).filter(|(_, before, after)| before != after).collect()
}

/// Areas, actions and rows of somebody with the draft as the only role.
async fn preview(
    tx: &Tx,
    engine: &Engine,
    session: &Session,
    role: &Record,
    person: Option<Uuid>,
) -> Result<Json, Problem> {
    let permissions = identity::granted([role], &registry::permissions());
    let seen = eyes(tx, session, &permissions, person).await?;
    let facts = facts::plain(engine, session);
    let mut resources = Vec::new();
    for resource in RESOURCES {
        let steps = resource.flow.map(|flow| flow.steps).unwrap_or_default().iter().map(|step| step.name);
        let verbs = VERBS.iter().copied().chain(steps);
        let held = verbs.filter_map(|verb| Some((verb, permissions.get(&format!("{}.{verb}", resource.name))?)));
        let actions: Vec<Json> = held.map(|(verb, scope)| json!({ "verb": verb, "scope": scope.name() })).collect();
        if actions.is_empty() {
            continue;
        }
        let rows = rows(tx, session, resource, &permissions, seen.as_ref(), &facts).await?;
        resources.push(json!({
            "resource": resource.name,
            "area": resource.area.name(),
            "actions": actions,
            "rows": rows,
            "rows_more": rows.is_some_and(|rows| rows > ROWS),
        }));
    }
    let administration: Vec<&str> =
        ADMINISTRATION.iter().copied().filter(|permission| permissions.contains_key(*permission)).collect();
    Ok(json!({ "resources": resources, "administration": administration }))
}

/// The session of a person whose only role is the draft, for counting alone.
async fn eyes(
    tx: &Tx,
    session: &Session,
    permissions: &Permissions,
    person: Option<Uuid>,
) -> Result<Option<Session>, Problem> {
    let Some(person) = person else { return Ok(None) };
    let gate = session.gate(&USER, "read")?;
    let mut found = table::by_ids(tx, &USER, &[person], false).await.refused()?;
    found.retain(|user| gate.reaches(user));
    let user = found.pop().ok_or_else(|| Problem::field("person", "reference"))?;
    let team = team_for(tx, person, permissions).await?.into();
    let name = user.text("name").unwrap_or_default().to_owned();
    let permissions = permissions.clone().into();
    Ok(Some(Session { user: person, name, permissions, team, ..Session::system(session.tenant, "") }))
}

/// How many rows are seen, up to a bound; only where whoever asks sees all rows themselves.
async fn rows(
    tx: &Tx,
    session: &Session,
    resource: &'static Resource,
    permissions: &Permissions,
    seen: Option<&Session>,
    facts: &Facts,
) -> Result<Option<u64>, Problem> {
    let read = format!("{}.read", resource.name);
    if session.reach(&read) != Some(Reach::All) {
        return Ok(None);
    }
    let gate = match (permissions.get(&read), seen) {
        (Some(Scope::All), _) => session.gate(resource, "read")?,
        (Some(_), Some(seen)) => seen.gate(resource, "read")?,
        _ => return Ok(None),
    };
    let mut wanted = query::parse(resource, std::iter::empty(), &[])?;
    wanted.limit = ROWS + 1;
    let ids = conexao_storage::query::ids(tx, resource, &wanted, &gate.rows(), facts, None).await.refused()?;
    Ok(u64::try_from(ids.len()).ok())
}
