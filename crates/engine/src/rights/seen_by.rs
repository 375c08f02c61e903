//! Who can see and change a record, and why: by which role, team or
//! substitution, people and tokens. Every query is bounded; `more` says when
//! there are others.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use conexao_domain::{
    identity::{
        api_token::API_TOKEN,
        role::{ROLE, Scope, is_administration},
    },
    kernel::{canonical::write_instant, problem::Problem, record::Record, resource::Resource},
    registry,
};
use conexao_storage::{Tx, table, value::among};
use sea_orm::{
    Condition, ConnectionTrait,
    sea_query::{Expr, ExprTrait, Query, SelectStatement},
};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use super::{
    ids,
    simulate::roles_of,
    standing::{lasting, today},
    team::mates,
};
use crate::{Engine, Session, identity, read, refusal::Refused, tokens};

/// Most people, and most tokens, in an answer.
const MOST: u64 = 200;
/// Most absences that are looked at.
const ABSENCES: u64 = 500;

/// `{people, tokens, more}` of a record that the session reaches.
pub async fn seen_by(engine: &Engine, session: &Session, resource: &str, id: Uuid) -> Result<Json, Problem> {
    session.gate(&ROLE, "read")?;
    let resource = registry::by_name(resource).ok_or_else(|| Problem::field("resource", "choice"))?;
    let gate = session.gate(resource, "read")?;
    let tx = engine.db.read(session.tenant).await.refused()?;
    let record = read::load(&tx, &gate, id).await?;
    let powers = Powers::of(&tx, resource, &record).await?;
    let today = today(&tx, engine.now()).await?;
    let (mut people, more) = powers.people(&tx).await?;
    powers.substitutes(&tx, today, &mut people).await?;
    let tokens = powers.tokens(&tx, &write_instant(engine.now())).await?;
    tx.rollback().await.refused()?;
    let mut people: Vec<Json> = people.into_values().map(Person::shown).collect();
    people.sort_by_cached_key(|person| person.get("name").and_then(Json::as_str).unwrap_or_default().to_lowercase());
    Ok(json!({ "people": people, "tokens": tokens, "more": more }))
}

/// A reason: the role that grants it, how far, and in whose place.
type Why = Json;

#[derive(Debug)]
struct Person {
    id: Uuid,
    name: String,
    read: Vec<Why>,
    edit: Vec<Why>,
}

impl Person {
    fn shown(self) -> Json {
        json!({ "id": self.id, "name": self.name, "read": self.read, "edit": self.edit })
    }
}

/// What roles mean for one record.
struct Powers {
    resource: &'static Resource,
    roles: Vec<Record>,
    /// Who owns or created it, and who shares a team with these.
    holders: BTreeSet<Uuid>,
    mates: BTreeSet<Uuid>,
}

impl Powers {
    async fn of(tx: &Tx, resource: &'static Resource, record: &Record) -> Result<Self, Problem> {
        let person = |field: &&str| record.text(field).and_then(|id| Uuid::parse_str(id).ok());
        let holders: BTreeSet<Uuid> = ["owner_id", "created_by"].iter().filter_map(person).collect();
        let mut all = holders.clone();
        for holder in &holders {
            all.extend(mates(tx, *holder).await?);
        }
        Ok(Self { resource, roles: identity::all_roles(tx).await?, holders, mates: all })
    }

    fn reaches(&self, scope: Scope, user: Uuid) -> bool {
        match scope {
            Scope::All => true,
            Scope::Team => self.mates.contains(&user),
            Scope::Own => self.holders.contains(&user),
        }
    }

    /// The widest scope a role gives for a verb.
    fn scope(&self, role: &Record, verb: &str) -> Option<Scope> {
        let permission = format!("{}.{verb}", self.resource.name);
        identity::covering(role, &permission).into_iter().map(|(_, scope)| scope).max()
    }

    /// Why somebody with these roles may do `verb` to the record.
    fn why(&self, user: Uuid, roles: &BTreeSet<String>, verb: &str, absent: Option<(Uuid, &str)>) -> Vec<Why> {
        let held = self.roles.iter().filter(|role| roles.contains(role.id()));
        let granted = held.filter_map(|role| Some((role, self.scope(role, verb)?)));
        let reaching = granted.filter(|(_, scope)| self.reaches(*scope, user));
        let absent = absent.map(|(id, name)| json!({ "id": id, "name": name }));
        let why = |(role, scope): (&Record, Scope)| json!({ "role": { "id": role.id(), "name": role.get("name") }, "scope": scope.name(), "for": absent });
        reaching.map(why).collect()
    }

    /// Ids of the roles that let their people read as far as `scope`.
    fn reading(&self, scope: Scope) -> Vec<Uuid> {
        let fits = self.roles.iter().filter(|role| self.scope(role, "read") == Some(scope));
        fits.filter_map(|role| Uuid::parse_str(role.id()).ok()).collect()
    }

    /// People by their own roles.
    async fn people(&self, tx: &Tx) -> Result<(BTreeMap<Uuid, Person>, bool), Problem> {
        let backend = tx.get_database_backend();
        let with = |scope: Scope| -> SelectStatement {
            let mut have = Query::select();
            have.column("user_id")
                .from("user_role")
                .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
                .and_where(among(backend, "role_id", &self.reading(scope)));
            have
        };
        let among_them = |people: &BTreeSet<Uuid>| Expr::col("id").is_in(people.iter().copied());
        let narrow = |scope: Scope, people: &BTreeSet<Uuid>| {
            Condition::all().add(Expr::col("id").in_subquery(with(scope))).add(among_them(people))
        };
        let fits = Condition::any()
            .add(Expr::col("id").in_subquery(with(Scope::All)))
            .add(narrow(Scope::Team, &self.mates))
            .add(narrow(Scope::Own, &self.holders));
        let mut select = identity::active_users(tx);
        select.column("id").cond_where(fits).order_by("name_sort", sea_orm::Order::Asc).limit(MOST + 1);
        let mut found = ids(tx, &select).await?;
        let most = usize::try_from(MOST).unwrap_or(usize::MAX);
        let more = found.len() > most;
        found.truncate(most);
        let (roles, names) = (roles_of(tx, &found).await?, names(tx, &found).await?);
        let nothing = BTreeSet::new();
        let person = |id: Uuid| {
            let held = roles.get(&id).unwrap_or(&nothing);
            let (read, edit) = (self.why(id, held, "read", None), self.why(id, held, "update", None));
            (id, Person { id, name: names.get(&id).cloned().unwrap_or_default(), read, edit })
        };
        Ok((found.into_iter().map(person).collect(), more))
    }

    /// People in the place of somebody absent.
    async fn substitutes(
        &self,
        tx: &Tx,
        today: chrono::NaiveDate,
        people: &mut BTreeMap<Uuid, Person>,
    ) -> Result<(), Problem> {
        let absences = lasting(tx, (today, today), Condition::all(), ABSENCES).await?;
        let both: Vec<Uuid> = absences.iter().flat_map(|absence| [absence.absent, absence.substitute]).collect();
        let (roles, names) = (roles_of(tx, &both).await?, names(tx, &both).await?);
        for absence in &absences {
            let lent = absence.whole || !is_administration(&format!("{}.read", self.resource.name));
            let (Some(held), Some(absent), Some(name)) =
                (roles.get(&absence.absent), names.get(&absence.absent), names.get(&absence.substitute))
            else {
                continue;
            };
            let place = Some((absence.absent, absent.as_str()));
            let read = self.why(absence.absent, held, "read", place);
            // Rare, so that asking what the absence lends costs little.
            if !lent || read.is_empty() || super::standing::lent(tx, absence).await?.is_none() {
                continue;
            }
            let edit = self.why(absence.absent, held, "update", place);
            let person = people.entry(absence.substitute).or_insert_with(|| Person {
                id: absence.substitute,
                name: name.clone(),
                read: Vec::new(),
                edit: Vec::new(),
            });
            person.read.extend(read);
            person.edit.extend(edit);
        }
        Ok(())
    }

    /// Tokens that let programs in: of somebody who may, or of nobody and with a role that does.
    async fn tokens(&self, tx: &Tx, now: &str) -> Result<Vec<Json>, Problem> {
        let mut select = Query::select();
        select
            .from(API_TOKEN.table)
            .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
            .and_where(Expr::col("deleted_at").is_null())
            .and_where(Expr::col("status").eq("active"))
            .order_by("name_sort", sea_orm::Order::Asc)
            .limit(MOST);
        let mut found = table::select(tx, &API_TOKEN, &mut select).await.refused()?;
        found.retain(|token| token.text("expires_at").is_none_or(|at| at > now));
        table::fill(tx, &API_TOKEN, &mut found).await.refused()?;
        let owners: Vec<Uuid> = found.iter().filter_map(owner).collect();
        let (roles, names) = (roles_of(tx, &owners).await?, names(tx, &owners).await?);
        let mut shown = Vec::new();
        for token in &found {
            let may = |verb: &str| self.token_may(token, &roles, &names, verb);
            if may("read") {
                let owner = owner(token).and_then(|id| Some(json!({ "id": id, "name": names.get(&id)? })));
                let (id, name) = (token.id(), token.get("name"));
                shown.push(json!({ "id": id, "name": name, "owner": owner, "edit": may("update") }));
            }
        }
        Ok(shown)
    }

    fn token_may(
        &self,
        token: &Record,
        roles: &HashMap<Uuid, BTreeSet<String>>,
        active: &HashMap<Uuid, String>,
        verb: &str,
    ) -> bool {
        let permission = format!("{}.{verb}", self.resource.name);
        let ids: BTreeSet<String> =
            token.lines("roles").iter().filter_map(|line| line.text("role_id").map(str::to_owned)).collect();
        let held = self.roles.iter().filter(|role| ids.contains(role.id()));
        let own = (!ids.is_empty()).then(|| identity::granted(held, std::slice::from_ref(&permission)));
        let Some(scope) = tokens::scoped(token, own.as_ref()).get(&permission).copied() else { return false };
        match owner(token) {
            None => self.reaches(scope, Uuid::parse_str(token.id()).unwrap_or_default()),
            Some(owner) => {
                let nothing = BTreeSet::new();
                let by_person = !self.why(owner, roles.get(&owner).unwrap_or(&nothing), verb, None).is_empty();
                active.contains_key(&owner) && by_person && self.reaches(scope, owner)
            }
        }
    }
}

fn owner(token: &Record) -> Option<Uuid> {
    token.text("owner_id").and_then(|id| Uuid::parse_str(id).ok())
}

/// The names of those of the people who may come in.
async fn names(tx: &Tx, people: &[Uuid]) -> Result<HashMap<Uuid, String>, Problem> {
    let mut select = identity::active_users(tx);
    select.columns(["id", "name"]).and_where(among(tx.get_database_backend(), "id", people));
    let rows = tx.query_all(&select).await.refused()?;
    let read = |row: &sea_orm::QueryResult| -> Result<(Uuid, String), sea_orm::DbErr> {
        Ok((row.try_get_by_index(0)?, row.try_get_by_index::<Option<String>>(1)?.unwrap_or_default()))
    };
    rows.iter().map(read).collect::<Result<_, _>>().refused()
}
