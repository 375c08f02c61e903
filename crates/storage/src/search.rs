//! Text search that forgives accents, case and punctuation: what is indexed
//! for a record, and the condition that finds it.

use async_recursion::async_recursion;
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
/// From this many on, an eighth of the table, an index is a detour.
const EVERYWHERE: i64 = 125;
/// Most records that a statement names.
const CANDIDATES: usize = 5000;
/// As many as a look-up needs, some of which the reader may not see.
const SOME: usize = 100;

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

/// Where the records are that have every word of a search.
#[derive(Debug)]
pub enum Found {
    /// They are few, and this names them.
    Few(Condition),
    /// They are many. Which way to them is shorter depends on the list.
    Many(Many),
}

/// Two ways to the same records.
#[derive(Debug)]
pub struct Many {
    /// Tries the words on every row: for a walk that soon has enough.
    pub tried: Condition,
    /// Gathers the records first: for when that walk would be long.
    pub gathered: Condition,
    /// Whether so many rows have the words that gathering them is no use.
    everywhere: bool,
}

impl Found {
    /// The condition for all the records at once: to count them, to group them.
    pub fn all(self) -> Condition {
        match self {
            Self::Few(condition) => condition,
            Self::Many(many) if many.everywhere => many.tried,
            Self::Many(many) => many.gathered,
        }
    }

    /// The condition for a walk that takes the records as they come.
    pub fn tried(self) -> Condition {
        match self {
            Self::Few(condition) => condition,
            Self::Many(many) => many.tried,
        }
    }
}

/// What is looked for, ready for statements.
struct Wanted {
    tried: Condition,
    /// Words the trigram index knows, longest first.
    indexed: Vec<String>,
}

impl Wanted {
    fn read(q: &str) -> Self {
        let folded = fold(q);
        let needles: Vec<String> = folded.split_whitespace().take(MAX_WORDS).map(needle).collect();
        let tried = needles.iter().fold(Condition::all(), |all, word| all.add(contains(word)));
        let mut indexed: Vec<String> = needles.into_iter().filter(|word| has_gram(word)).collect();
        indexed.sort_by_key(|word| std::cmp::Reverse(word.len()));
        Self { tried, indexed }
    }

    fn many(self, tx: &Tx, resource: &Resource, hits: i64) -> Found {
        let (backend, everywhere) = (tx.get_database_backend(), hits >= EVERYWHERE || self.indexed.is_empty());
        let set = if self.indexed.is_empty() {
            let mut live = Query::select();
            live.column("id").from(resource.table).and_where(Expr::col("tenant_id").eq(tx.tenant().0));
            live.and_where(Expr::col("deleted_at").is_null()).cond_where(self.tried.clone());
            SimpleExpr::SubQuery(None, Box::new(live.into()))
        } else {
            let (sql, values) = matches(tx, resource, &self.indexed, i32::MAX);
            Expr::cust_with_values(format!("({sql})"), values)
        };
        // An array is made once, and the statement cannot but begin with it.
        let one_of = if backend == DbBackend::Postgres { "id = ANY(ARRAY $1)" } else { "id IN ?" };
        let gathered = self.tried.clone().add(Expr::cust_with_exprs(one_of, [set]));
        Found::Many(Many { tried: self.tried, gathered, everywhere })
    }
}

/// Finds the records in which every word of `q` occurs.
#[async_recursion]
pub async fn find(tx: &Tx, resource: &Resource, q: &str) -> Result<Found, StorageError> {
    let wanted = Wanted::read(q);
    let Some(hits) = sample(tx, resource, &wanted.tried).await? else { return Ok(Found::Few(wanted.tried)) };
    if hits >= COMMON || wanted.indexed.is_empty() {
        return Ok(wanted.many(tx, resource, hits));
    }
    let found = candidates(tx, resource, &wanted.indexed, CANDIDATES).await?;
    if found.len() > CANDIDATES {
        return Ok(wanted.many(tx, resource, hits));
    }
    Ok(Found::Few(wanted.tried.add(among(tx.get_database_backend(), "id", &found))))
}

/// The condition for some of the records in which every word of `q` occurs, and
/// whether it holds for all of them: enough for whoever wants a few, and sooner.
#[async_recursion]
pub async fn some(tx: &Tx, resource: &Resource, q: &str) -> Result<(Condition, bool), StorageError> {
    let wanted = Wanted::read(q);
    if wanted.indexed.is_empty() || sample(tx, resource, &wanted.tried).await?.is_none_or(|hits| hits >= COMMON) {
        return Ok((wanted.tried, true));
    }
    let found = candidates(tx, resource, &wanted.indexed, SOME).await?;
    Ok((wanted.tried.add(among(tx.get_database_backend(), "id", &found)), found.len() <= SOME))
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

/// How many of the newest rows have the words. `None`: the table fits into the
/// sample, and no index is worth the while.
async fn sample(tx: &Tx, resource: &Resource, tried: &Condition) -> Result<Option<i64>, StorageError> {
    let newest = Query::select()
        .column("search_text")
        .from(resource.table)
        .and_where(Expr::col("tenant_id").eq(tx.tenant().0))
        .and_where(Expr::col("deleted_at").is_null())
        .order_by("id", Order::Desc)
        .limit(SAMPLE)
        .to_owned();
    let hit = Expr::case(tried.clone(), 1).finally(0);
    let mut select = Query::select();
    select.expr(Expr::cust("COUNT(*)")).expr(Expr::expr(hit).sum()).from_subquery(newest, "newest");
    let Some(row) = tx.query_one(&select).await? else { return Ok(None) };
    let (rows, hits): (i64, Option<i64>) = (row.try_get_by_index(0)?, row.try_get_by_index(1)?);
    let more = u64::try_from(rows).unwrap_or_default() >= SAMPLE;
    Ok(more.then(|| hits.unwrap_or_default()))
}

/// The statement for the ids of at most `most` records with all the words.
fn matches(tx: &Tx, resource: &Resource, words: &[String], most: i32) -> (String, Vec<Value>) {
    if tx.get_database_backend() == DbBackend::Postgres {
        let patterns: Vec<String> = words.iter().take(WORDS).map(|word| pattern(word)).collect();
        let values = vec![tx.tenant().0.into(), patterns.join("\n").into(), most.into()];
        return (format!("SELECT {}_matches($1, $2, $3)", resource.table), values);
    }
    let phrases: Vec<String> = words.iter().map(|word| format!("\"{}\"", word.replace('"', "\"\""))).collect();
    let values = vec![phrases.join(" AND ").into(), tx.tenant().0.into(), resource.table.into(), most.into()];
    // A cross join keeps this order: asked row by row, the index takes a moment for each.
    let sql = "SELECT k.record_id FROM search_index i CROSS JOIN search_key k ON k.rid = i.rowid \
               WHERE i.text MATCH ? AND k.tenant_id = ? AND k.resource_table = ? LIMIT ?";
    (sql.to_owned(), values)
}

/// Records whose text has all the words, one more than `most` at most.
async fn candidates(tx: &Tx, resource: &Resource, words: &[String], most: usize) -> Result<Vec<Uuid>, StorageError> {
    let most = i32::try_from(most).unwrap_or(i32::MAX).saturating_add(1);
    let (sql, values) = matches(tx, resource, words, most);
    let rows = tx.query_all_raw(Statement::from_sql_and_values(tx.get_database_backend(), sql, values)).await?;
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
