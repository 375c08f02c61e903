//! Who it is about: the records that are the person, and the values they are
//! known by.

use conexao_domain::{
    kernel::{
        field::{Field, Kind},
        problem::{Code, Problem},
        record::Record,
        resource::Resource,
    },
    privacy::{
        GONE, about_people,
        hold::LEGAL_HOLD,
        is_person,
        needle::{Needles, What},
        request::PRIVACY_REQUEST,
    },
    registry,
};
use conexao_storage::{Tx, table, texts::Wanted};
use sea_orm::{
    ConnectionTrait,
    sea_query::{Expr, ExprTrait, Query},
};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::refusal::Refused;

/// Most records that can be one person.
const MOST: usize = 20;

/// A record that somebody says is the person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Chosen {
    pub resource: String,
    pub id: Uuid,
}

/// Values a person is known by, canonical, by their kind.
#[derive(Debug, Clone, Default)]
pub(super) struct Values {
    pub documents: Vec<String>,
    pub emails: Vec<String>,
    pub phones: Vec<String>,
    pub names: Vec<String>,
}

impl Values {
    /// Everything a record says of who it is.
    pub fn gather(&mut self, resource: &Resource, record: &Record) {
        for field in resource.fields.iter().filter(|field| about_people(field)) {
            match field.kind {
                Kind::Lines(lines) => {
                    for line in record.lines(field.name) {
                        lines.fields.iter().filter(|f| f.personal).for_each(|f| self.contact(line.text(f.name)));
                    }
                }
                _ => self.add(resource, field, record.text(field.name)),
            }
        }
    }

    fn add(&mut self, resource: &Resource, field: &Field, value: Option<&str>) {
        let Some(value) = value.filter(|value| !value.starts_with(GONE)) else { return };
        let list = match field.kind {
            Kind::CpfCnpj => &mut self.documents,
            Kind::Email => &mut self.emails,
            Kind::Phone => &mut self.phones,
            Kind::Text { .. } if is_name(resource, field) => &mut self.names,
            _ => return,
        };
        if !list.iter().any(|known| known == value) {
            list.push(value.to_owned());
        }
    }

    fn contact(&mut self, value: Option<&str>) {
        let Some(value) = value else { return };
        let list = if value.contains('@') { &mut self.emails } else { &mut self.phones };
        if !list.iter().any(|known| known == value) {
            list.push(value.to_owned());
        }
    }

    pub fn needles(&self) -> Needles {
        let mut needles = Needles::default();
        let kinds = [
            (What::Document, &self.documents),
            (What::Email, &self.emails),
            (What::Phone, &self.phones),
            (What::Name, &self.names),
        ];
        for (what, values) in kinds {
            for value in values {
                needles.add(what, value);
            }
        }
        needles
    }

    /// Whether a field of a kind of its own holds one of the values.
    pub fn holds(&self, field: &Field, value: &str) -> Option<What> {
        let (what, list) = match field.kind {
            Kind::CpfCnpj => (What::Document, &self.documents),
            Kind::Email => (What::Email, &self.emails),
            Kind::Phone => (What::Phone, &self.phones),
            _ => return None,
        };
        list.iter().any(|known| known == value).then_some(what)
    }
}

/// What a person is called: the title of their record, or of their request.
fn is_name(resource: &Resource, field: &Field) -> bool {
    (is_person(resource) && field.name == resource.title)
        || (resource.name == PRIVACY_REQUEST.name && field.name == "name")
}

/// A person.
#[derive(Debug)]
pub(super) struct Subject {
    pub people: Vec<(&'static Resource, Record)>,
    pub values: Values,
    pub needles: Needles,
}

impl Subject {
    /// The chosen records, removed ones too, with what they and the request say.
    pub async fn load(tx: &Tx, request: Option<&Record>, chosen: &[Chosen]) -> Result<Self, Problem> {
        if chosen.len() > MOST {
            return Err(Problem::field("records", "too_many_lines"));
        }
        let mut values = Values::default();
        if let Some(request) = request {
            values.gather(&PRIVACY_REQUEST, request);
        }
        let mut people = Vec::new();
        for Chosen { resource, id } in chosen {
            let resource = registry::by_name(resource).filter(|resource| is_person(resource));
            let resource = resource.ok_or_else(|| Problem::field("records", "reference"))?;
            let mut found = table::by_ids(tx, resource, &[*id], true).await.refused()?;
            table::fill(tx, resource, &mut found).await.refused()?;
            let record = found.pop().ok_or_else(|| Problem::field("records", "reference"))?;
            values.gather(resource, &record);
            people.push((resource, record));
        }
        let needles = values.needles();
        Ok(Self { people, values, needles })
    }

    pub fn ids(&self) -> Vec<Uuid> {
        self.people.iter().filter_map(|(_, record)| Uuid::parse_str(record.id()).ok()).collect()
    }

    /// What texts are searched for.
    pub fn wanted(&self) -> Wanted {
        let id = |record: &Record| Uuid::parse_str(record.id()).ok();
        Wanted {
            forms: self.needles.forms().map(str::to_owned).collect(),
            records: self.people.iter().filter_map(|(resource, record)| Some((resource.name, id(record)?))).collect(),
        }
    }

    /// Reasons of the legal holds that stand against erasing the person.
    pub async fn holds(&self, tx: &Tx) -> Result<Vec<String>, Problem> {
        let ids = self.ids();
        if ids.is_empty() {
            return Ok(Vec::new());
        }
        let mut select = Query::select();
        select
            .column("reason")
            .from(LEGAL_HOLD.table)
            .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
            .and_where(Expr::col("deleted_at").is_null())
            .and_where(Expr::col("status").eq("active"))
            .and_where(Expr::col("customer_id").is_in(ids));
        let rows = tx.query_all(&select).await.refused()?;
        rows.iter().map(|row| row.try_get_by_index(0).refused()).collect()
    }

    /// Refuses while a legal hold stands.
    pub async fn free(&self, tx: &Tx) -> Result<(), Problem> {
        let holds = self.holds(tx).await?;
        if holds.is_empty() { Ok(()) } else { Err(Problem::new(Code::StepRefused).detail("legal_hold")) }
    }
}
