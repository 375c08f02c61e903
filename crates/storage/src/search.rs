//! Text search that forgives accents, case and punctuation: what is indexed
//! for a record, and the condition that finds it.

use conexao_domain::kernel::{
    field::Kind,
    record::Record,
    resource::Resource,
    value::{alnum, fold},
};
use sea_orm::{
    Condition, DbBackend,
    sea_query::{Expr, ExprTrait, Query, SimpleExpr},
};

use crate::Tenant;

/// Longest text indexed per record, in characters.
const MAX_TEXT: usize = 2000;
/// SQLite's trigram index and PostgreSQL's answer from three characters on.
const GRAM: usize = 3;

/// The searchable text of a record: folded values of its search fields, codes
/// also without punctuation; `mentions` are titles of records it refers to.
pub fn text(resource: &Resource, record: &Record, mentions: &[String]) -> String {
    let mut words = Vec::new();
    for field in resource.fields.iter().filter(|f| f.search) {
        let Some(value) = record.text(field.name) else { continue };
        match field.kind {
            Kind::Reference(_) | Kind::User => {}
            Kind::CpfCnpj | Kind::Phone | Kind::Cep => words.push(value.to_lowercase()),
            _ => {
                let folded = fold(value);
                let bare = alnum(&folded).to_lowercase();
                words.extend((bare != folded && !folded.contains(' ')).then_some(bare));
                words.push(folded);
            }
        }
    }
    words.extend(mentions.iter().map(|m| fold(m)));
    words.join(" ").chars().take(MAX_TEXT).collect()
}

/// The ways a typed word may stand in the indexed text.
fn variants(word: &str) -> Vec<String> {
    let bare = alnum(word).to_lowercase();
    let mut variants = vec![word.to_owned()];
    if bare != word && !bare.is_empty() && bare.chars().any(|c| c.is_ascii_digit()) {
        variants.push(bare);
    }
    variants
}

/// The condition for "every word of `q` occurs".
pub fn condition(backend: DbBackend, resource: &Resource, tenant: Tenant, q: &str) -> Condition {
    let folded = fold(q);
    folded.split_whitespace().take(8).fold(Condition::all(), |all, word| {
        let variants = variants(word);
        let any = variants.iter().fold(Condition::any(), |any, v| any.add(one(backend, resource, tenant, v)));
        all.add(any)
    })
}

fn one(backend: DbBackend, resource: &Resource, tenant: Tenant, word: &str) -> SimpleExpr {
    if backend == DbBackend::Sqlite && word.chars().count() >= GRAM {
        let phrase = format!("\"{}\"", word.replace('"', "\"\""));
        let hits = Query::select()
            .column("rowid")
            .from("search_index")
            .and_where(Expr::cust_with_values("search_index MATCH ?", [phrase]))
            .to_owned();
        let ids = Query::select()
            .column("record_id")
            .from("search_key")
            .and_where(Expr::col("rid").in_subquery(hits))
            .and_where(Expr::col("tenant_id").eq(tenant.0))
            .and_where(Expr::col("resource_table").eq(resource.table))
            .to_owned();
        return Expr::col("id").in_subquery(ids);
    }
    let escaped = word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    Expr::col("search_text").like(sea_orm::sea_query::LikeExpr::new(format!("%{escaped}%")).escape('\\'))
}
