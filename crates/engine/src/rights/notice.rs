//! Reaction: both sides hear of an absence as of a matter of security, whoever
//! made, changed or ended it.

use std::collections::BTreeSet;

use async_trait::async_trait;
use chrono::NaiveDate;
use conexao_domain::{
    identity::{absence::ABSENCE, user::USER},
    kernel::{problem::Problem, record::Record},
    locale::{self, Locale},
};
use conexao_storage::table;
use uuid::Uuid;

use super::standing::language;
use crate::{
    notify::{self, Told},
    react::{Event, ReactCtx, Reaction},
    read,
    refusal::Refused,
};

#[derive(Debug)]
pub(crate) struct Substitutions;

#[async_trait]
impl Reaction for Substitutions {
    fn name(&self) -> &'static str {
        "substitutions"
    }

    fn follows(&self, event: &str) -> bool {
        let act = event.strip_prefix("absence.");
        act.is_some_and(|act| ["create", "update", "end", "delete", "restore"].contains(&act))
    }

    async fn react(&self, ctx: &ReactCtx<'_>, event: &Event) -> Result<(), Problem> {
        let Some(id) = event.record_id else { return Ok(()) };
        let tx = ctx.engine.db.write(ctx.session.tenant).await.refused()?;
        let Some(absence) = table::by_ids(&tx, &ABSENCE, &[id], true).await.refused()?.pop() else { return Ok(()) };
        let person = |field: &str| absence.text(field).and_then(|id| Uuid::parse_str(id).ok());
        let both: BTreeSet<Uuid> = ["owner_id", "substitute_id"].iter().filter_map(|field| person(field)).collect();
        let names = read::titles(&tx, &USER, &both).await?;
        let name = |field: &str| absence.text(field).and_then(|id| names.get(id)).map(|title| title.0.as_str());
        let mut told = Vec::new();
        for user in both {
            let language = language(&tx, user).await?;
            told.push(wording(&absence, event, user, language, [name("owner_id"), name("substitute_id")]));
        }
        let events = notify::tell(ctx.engine, &tx, ctx.engine.now(), told).await?;
        tx.commit().await.refused()?;
        ctx.engine.hub.publish(&ctx.engine.db, events).await;
        Ok(())
    }
}

fn wording(absence: &Record, event: &Event, user: Uuid, language: Locale, names: [Option<&str>; 2]) -> Told {
    let [absent, substitute] = names.map(Option::unwrap_or_default);
    let title = match event.name.as_str() {
        "absence.end" | "absence.delete" => locale::text(language, "absence.told_end"),
        "absence.update" => locale::text(language, "absence.told_change"),
        _ => locale::text(language, "absence.told"),
    };
    let day = |field: &str| absence.date(field).map(|day| written(day, language)).unwrap_or_default();
    let body = locale::text(language, "absence.told_body")
        .replace("{from}", &day("starts_on"))
        .replace("{to}", &day("ends_on"))
        .replace("{actor}", &event.actor_name);
    Told {
        user,
        category: "security".to_owned(),
        event: event.name.clone(),
        title: title.replace("{absent}", absent).replace("{substitute}", substitute),
        body,
        resource: None,
        record_id: None,
        source: event.id.to_string(),
    }
}

fn written(day: NaiveDate, language: Locale) -> String {
    let form = if language == Locale::En { "%b %-d, %Y" } else { "%d/%m/%Y" };
    day.format(form).to_string()
}
