//! The logo of a company, one for each theme.

use bytes::{Bytes, BytesMut};
use conexao_domain::{kernel::problem::Problem, settings::COMPANY};
use conexao_integrations::files::{FileKey, UploadRules, sniff};
use conexao_storage::entity::tenant;
use futures_util::{Stream, TryStreamExt};
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
};
use serde_json::{Map, Value as Json, json};

use super::settings::MANAGE;
use crate::{
    Engine, Session, Write,
    journal::Entry,
    notes::attachments::{Thumb, problem},
    refusal::Refused,
};

/// Largest logo, in bytes.
pub const MAX_LOGO: u64 = 2 << 20;
const RULES: UploadRules = UploadRules::images(MAX_LOGO);

/// Which theme a logo is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Variant {
    Light,
    Dark,
}

impl Variant {
    const fn key(self) -> &'static str {
        match self {
            Self::Light => "logo_light",
            Self::Dark => "logo_dark",
        }
    }
}

/// Keeps a logo: what was uploaded, made small and written anew, so that
/// nothing hides in it.
pub async fn put_logo<S, E>(engine: &Engine, session: &Session, variant: Variant, stream: S) -> Result<(), Problem>
where
    S: Stream<Item = Result<Bytes, E>> + Unpin,
    E: std::fmt::Display,
{
    session.require(MANAGE)?;
    let stored = engine.files.put_stream(session.tenant.0, stream, &RULES).await.map_err(problem)?;
    let small = engine.files.put_thumbnail(session.tenant.0, stored.key).await;
    engine.files.delete(session.tenant.0, stored.key).await.map_err(problem)?;
    let small = small.map_err(|_| Problem::field("file", "file.image"))?;
    let kept = json!({ "key": small.key.to_string(), "sha256": small.sha256 });
    let done = change(engine, session, variant, Some(&kept)).await;
    if done.is_err() {
        engine.files.delete(session.tenant.0, small.key).await.map_err(problem)?;
    }
    done
}

/// Takes a logo away.
pub async fn remove_logo(engine: &Engine, session: &Session, variant: Variant) -> Result<(), Problem> {
    session.require(MANAGE)?;
    change(engine, session, variant, None).await
}

async fn change(engine: &Engine, session: &Session, variant: Variant, kept: Option<&Json>) -> Result<(), Problem> {
    let mut write = Write::begin(engine, session).await?;
    let found = tenant::Entity::find().filter(tenant::Column::Id.eq(session.tenant.0)).lock_exclusive();
    let row = found.one(&*write.tx).await.refused()?.ok_or_else(Problem::not_found)?;
    let mut settings: Map<String, Json> = serde_json::from_str(&row.settings).unwrap_or_default();
    let old = settings.remove(variant.key());
    if old.is_none() && kept.is_none() {
        return Err(Problem::not_found());
    }
    settings.extend(kept.map(|kept| (variant.key().to_owned(), kept.clone())));
    let mut active = row.into_active_model();
    active.settings = Set(Json::Object(settings).to_string());
    active.update(&*write.tx).await.refused()?;
    let sum = |logo: Option<&Json>| logo.and_then(|logo| logo.get("sha256")).cloned().unwrap_or_default();
    let changes = Map::from_iter([(variant.key().to_owned(), json!([sum(old.as_ref()), sum(kept)]))]);
    write.note(Entry { resource: COMPANY.name, record_id: None, action: "update".to_owned(), changes });
    write.commit(200, &Json::Null).await?;
    engine.announce_change(session.tenant).await;
    if let Some(key) = old.as_ref().and_then(key) {
        engine.files.delete(session.tenant.0, key).await.map_err(problem)?;
    }
    Ok(())
}

fn key(logo: &Json) -> Option<FileKey> {
    logo.get("key")?.as_str()?.parse().ok()
}

/// What tells one logo from another; none where there is none.
pub(super) fn sum(settings: &Map<String, Json>, variant: Variant) -> Option<String> {
    settings.get(variant.key())?.get("sha256")?.as_str().map(str::to_owned)
}

/// The sums of both logos of a tenant's row: light, dark.
pub fn logos(row: &tenant::Model) -> [Option<String>; 2] {
    let settings: Map<String, Json> = serde_json::from_str(&row.settings).unwrap_or_default();
    [sum(&settings, Variant::Light), sum(&settings, Variant::Dark)]
}

/// A logo of the session's company, with what tells it from another.
pub async fn logo(engine: &Engine, session: &Session, variant: Variant) -> Result<(Thumb, String), Problem> {
    let row = super::get(engine, session.tenant).await?;
    let settings: Map<String, Json> = serde_json::from_str(&row.settings).unwrap_or_default();
    let kept = settings.get(variant.key()).ok_or_else(Problem::not_found)?;
    let key = key(kept).ok_or_else(Problem::not_found)?;
    let stream = engine.files.get(session.tenant.0, key, None).await.map_err(problem)?;
    let content: BytesMut = stream.content.try_collect().await.map_err(problem)?;
    let sum = sum(&settings, variant).unwrap_or_default();
    Ok((Thumb { media_type: sniff(&content), content: content.freeze() }, sum))
}
