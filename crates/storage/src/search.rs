//! Text search that forgives accents, case and punctuation: what is indexed
//! for a record, and the condition that finds it.

use conexao_domain::kernel::{
    field::Kind,
    record::Record,
    resource::Resource,
    value::{alnum, fold},
};
use sea_orm::{
    Condition, ConnectionTrait, DbBackend, Order, QueryResult, Statement, Value,
    sea_query::{Expr, ExprTrait, LikeExpr, Query, SimpleExpr},
};
use uuid::Uuid;

use crate::{StorageError, Tx, schema::search::WORDS, value::among};

/// Longest text indexed per record, in characters.
const MAX_TEXT: usize = 2000;
/// Most words of a search that are looked at.
const MAX_WORDS: usize = 8;
/// The trigram indexes answer from three characters on.
const GRAM: usize = 3;
/// The newest rows that are looked at to learn how common the words are.
const SAMPLE: u64 = 1000;
/// From this many hits in the sample on, the words are common.
const COMMON: i64 = 10;
/// Most rows the index is asked for.
const CANDIDATES: usize = 5000;

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
                words.extend(folded.split(' ').map(needle).filter(|bare| !folded.contains(bare.as_str())));
                words.push(folded);
            }
        }
    }
    words.extend(mentions.iter().map(|m| fold(m)));
    words.join(" ").chars().take(MAX_TEXT).collect()
}

/// How a word is looked for: codes and numbers without their punctuation.
fn needle(word: &str) -> String {
    let code = word.chars().any(|c| c.is_ascii_digit()) && word.chars().any(|c| !c.is_alphanumeric());
    if code { alnum(word).to_lowercase() } else { word.to_owned() }
}

/// The condition for "every word of `q` occurs".
///
/// Common words are tried on row after row in the order of the list: a page is
/// full soon. Rare words are looked up in the trigram index first, which would
/// have to gather a great many rows for common ones.
pub async fn condition(tx: &Tx, resource: &Resource, q: &str) -> Result<Condition, StorageError> {
    let folded = fold(q);
    let needles: Vec<String> = folded.split_whitespace().take(MAX_WORDS).map(needle).collect();
    let occurs = needles.iter().fold(Condition::all(), |all, word| all.add(contains(word)));
    let mut indexed: Vec<&str> = needles.iter().map(String::as_str).filter(|word| has_gram(word)).collect();
    indexed.sort_by_key(|word| std::cmp::Reverse(word.len()));
    if indexed.is_empty() || common(tx, resource, &occurs).await? {
        return Ok(occurs);
    }
    let found = candidates(tx, resource, &indexed).await?;
    Ok(if found.len() > CANDIDATES { occurs } else { occurs.add(among(tx.get_database_backend(), "id", &found)) })
}

/// The condition for "the title begins with `q`", for what is too short to be
/// searched for while somebody types. `None`: the resource has no such index.
pub fn prefix(resource: &Resource, q: &str) -> Option<Condition> {
    let folded = fold(q);
    let title = resource.field(resource.title).filter(|f| f.sort && matches!(f.kind, Kind::Text { .. }))?;
    if folded.is_empty() || folded.chars().count() >= GRAM {
        return None;
    }
    let column = || Expr::col(format!("{}_sort", title.name));
    // No folded text has a character beyond this one.
    let end = format!("{folded}{}", char::MAX);
    Some(Condition::all().add(column().gte(folded)).add(column().lt(end)))
}

fn has_gram(word: &str) -> bool {
    word.split(|c: char| !c.is_alphanumeric()).any(|run| run.chars().count() >= GRAM)
}

fn pattern(word: &str) -> String {
    format!("%{}%", word.replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_"))
}

fn contains(word: &str) -> SimpleExpr {
    Expr::col("search_text").like(LikeExpr::new(pattern(word)).escape('\\'))
}

/// Whether a look at the newest rows finds enough. A table that fits into the
/// sample needs no index either.
async fn common(tx: &Tx, resource: &Resource, occurs: &Condition) -> Result<bool, StorageError> {
    let newest = Query::select()
        .column("search_text")
        .from(resource.table)
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col("deleted_at").is_null())
        .order_by("id", Order::Desc)
        .limit(SAMPLE)
        .to_owned();
    let hit = Expr::case(occurs.clone(), 1).finally(0);
    let mut select = Query::select();
    select.expr(Expr::cust("COUNT(*)")).expr(Expr::expr(hit).sum()).from_subquery(newest, "newest");
    let Some(row) = tx.query_one(&select).await? else { return Ok(true) };
    let (rows, hits): (i64, Option<i64>) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    Ok(u64::try_from(rows).unwrap_or_default() < SAMPLE || hits.unwrap_or_default() >= COMMON)
}

/// Records whose text has all the words, one more than `CANDIDATES` at most.
async fn candidates(tx: &Tx, resource: &Resource, words: &[&str]) -> Result<Vec<Uuid>, StorageError> {
    let most = i64::try_from(CANDIDATES).unwrap_or_default() + 1;
    let backend = tx.get_database_backend();
    let statement = if backend == DbBackend::Postgres {
        let patterns: Vec<String> = words.iter().take(WORDS).map(|word| pattern(word)).collect();
        let values: [Value; 3] = [tx.tenant().0.into(), patterns.join("\n").into(), most.into()];
        let sql = format!("SELECT {}_matches($1, $2, $3::integer)", resource.table);
        Statement::from_sql_and_values(backend, sql, values)
    } else {
        let phrases: Vec<String> = words.iter().map(|word| format!("\"{}\"", word.replace('"', "\"\""))).collect();
        let values: [Value; 4] =
            [phrases.join(" AND ").into(), tx.tenant().0.into(), resource.table.into(), most.into()];
        let sql = "SELECT k.record_id FROM search_index i JOIN search_key k ON k.rid = i.rowid \
                   WHERE i.text MATCH ? AND k.tenant_id = ? AND k.resource_table = ? LIMIT ?";
        Statement::from_sql_and_values(backend, sql, values)
    };
    let rows = tx.query_all_raw(statement).await?;
    rows.iter().map(|row: &QueryResult| Ok(row.try_get_by_index(0)?)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_lose_their_punctuation_and_words_keep_it() {
        assert_eq!(needle("123.456.789-09"), "12345678909");
        assert_eq!(needle("gr-000123"), "gr000123");
        assert_eq!(needle("ana@example.com"), "ana@example.com");
        assert_eq!(needle("d'ávila"), "d'ávila");
    }

    #[test]
    fn a_word_needs_three_letters_in_a_row_for_the_index() {
        assert!(has_gram("silva"));
        assert!(!has_gram("jo"));
        assert!(!has_gram("a-b-c"));
    }

    #[test]
    fn signs_of_the_pattern_language_stand_for_themselves() {
        assert_eq!(pattern("50%_a\\b"), "%50\\%\\_a\\\\b%");
    }
}
