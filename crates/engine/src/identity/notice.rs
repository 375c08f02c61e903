//! What somebody is told about the safety of their account. It belongs to the
//! category `security`, which nobody can turn off completely.

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use conexao_domain::{
    identity::{api_token::API_TOKEN, user::USER},
    kernel::{problem::Problem, record::Record},
    locale::{self, Locale},
};
use conexao_storage::{Tx, entity::session, table};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

use super::{Origin, device};
use crate::{
    Engine, Session, Write,
    messages::when,
    notify::{self, SECURITY, Told},
    react::{Event, ReactCtx, Reaction},
    refusal::Refused,
};

/// What happened to an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum News {
    NewDevice,
    PasswordChanged,
    AuthenticatorAdded,
    AuthenticatorRemoved,
    FactorsReset,
    RecoveryCodesRenewed,
    RecoveryCodeUsed,
    PasskeyAdded,
    PasskeyRemoved,
    PasskeyBlocked,
    EmailAsked,
    EmailChanged,
    TokenMade,
    SessionsEnded,
    SessionReused,
}

impl News {
    /// The event, after `user.`.
    const fn event(self) -> &'static str {
        match self {
            Self::NewDevice => "login_new_device",
            Self::PasswordChanged => "password_changed",
            Self::AuthenticatorAdded => "authenticator_added",
            Self::AuthenticatorRemoved => "authenticator_removed",
            Self::FactorsReset => "factors_reset",
            Self::RecoveryCodesRenewed => "recovery_codes_renewed",
            Self::RecoveryCodeUsed => "recovery_code_used",
            Self::PasskeyAdded => "passkey_added",
            Self::PasskeyRemoved => "passkey_removed",
            Self::PasskeyBlocked => "passkey_blocked",
            Self::EmailAsked => "email_asked",
            Self::EmailChanged => "email_changed",
            Self::TokenMade => "token_made",
            Self::SessionsEnded => "sessions_ended",
            Self::SessionReused => "session_reused",
        }
    }

    /// In words; `{what}` is what it happened to.
    pub(super) fn title(self, language: Locale) -> String {
        match self {
            Self::NewDevice => locale::text(language, "security.new_device"),
            Self::PasswordChanged => locale::text(language, "security.password_changed"),
            Self::AuthenticatorAdded => locale::text(language, "security.authenticator_added"),
            Self::AuthenticatorRemoved => locale::text(language, "security.authenticator_removed"),
            Self::FactorsReset => locale::text(language, "security.factors_reset"),
            Self::RecoveryCodesRenewed => locale::text(language, "security.recovery_codes_renewed"),
            Self::RecoveryCodeUsed => locale::text(language, "security.recovery_code_used"),
            Self::PasskeyAdded => locale::text(language, "security.passkey_added"),
            Self::PasskeyRemoved => locale::text(language, "security.passkey_removed"),
            Self::PasskeyBlocked => locale::text(language, "security.passkey_blocked"),
            Self::EmailAsked => locale::text(language, "security.email_asked"),
            Self::EmailChanged => locale::text(language, "security.email_changed"),
            Self::TokenMade => locale::text(language, "security.token_made"),
            Self::SessionsEnded => locale::text(language, "security.sessions_ended"),
            Self::SessionReused => locale::text(language, "security.session_reused"),
        }
    }
}

/// Tells a user what happened to their account, with the write it happened in.
pub(crate) async fn tell(
    engine: &Engine,
    write: &mut Write,
    user: Uuid,
    news: News,
    what: &str,
) -> Result<(), Problem> {
    // Each time anew: the write is the source.
    let place = Place::of(write);
    let told = worded(&write.tx, user, news, what, &Uuid::now_v7().to_string(), place.as_ref()).await?;
    let events = notify::tell(engine, &write.tx, write.now, told.into_iter().collect()).await?;
    write.announce(events);
    Ok(())
}

/// When and from where something was done.
struct Place {
    at: DateTime<Utc>,
    zone: chrono_tz::Tz,
    address: String,
}

impl Place {
    fn of(write: &Write) -> Option<Self> {
        let Session { ip, time_zone, .. } = &write.session;
        Some(Self { at: write.now, zone: *time_zone, address: ip.clone()? })
    }
}

async fn worded(
    tx: &Tx,
    user: Uuid,
    news: News,
    what: &str,
    source: &str,
    place: Option<&Place>,
) -> Result<Option<Told>, Problem> {
    let found = table::by_ids(tx, &USER, &[user], false).await.refused()?.pop();
    Ok(found.map(|record| {
        let language = if record.text("locale") == Some(Locale::En.tag()) { Locale::En } else { Locale::PtBr };
        let body = place.map_or_else(
            || locale::text(language, "security.body"),
            |place| {
                locale::text(language, "security.body.where")
                    .replace("{when}", &when(place.at, place.zone, language))
                    .replace("{address}", &place.address)
            },
        );
        Told {
            user,
            category: SECURITY.to_owned(),
            event: format!("user.{}", news.event()),
            title: news.title(language).replace("{what}", what),
            body,
            resource: None,
            record_id: None,
            source: source.to_owned(),
        }
    }))
}

/// Tells somebody of a log-in from a device that was not seen before. The
/// first log-in of all is no news, and a device without a name none either.
pub(super) async fn of_new_device(
    engine: &Engine,
    write: &mut Write,
    session: &Session,
    id: Uuid,
    origin: &Origin,
) -> Result<(), Problem> {
    let Some(name) = origin.short_device() else { return Ok(()) };
    let own = || {
        session::Entity::find()
            .filter(session::Column::TenantId.eq(session.tenant.0))
            .filter(session::Column::UserId.eq(session.user))
    };
    let seen = own().filter(session::Column::Device.eq(&name)).count(&*write.tx).await.refused()?;
    if seen > 0 || own().count(&*write.tx).await.refused()? == 0 {
        return Ok(());
    }
    let shown = device::words(&device::read(&name), session.locale);
    let told =
        worded(&write.tx, session.user, News::NewDevice, &shown, &id.to_string(), Place::of(write).as_ref()).await?;
    let events = notify::tell(engine, &write.tx, write.now, told.into_iter().collect()).await?;
    write.announce(events);
    Ok(())
}

/// Reaction: whoever a token acts for is told that it was made.
#[derive(Debug)]
pub struct SecurityNotices;

#[async_trait]
impl Reaction for SecurityNotices {
    fn name(&self) -> &'static str {
        "security_notices"
    }

    fn follows(&self, event: &str) -> bool {
        event == "api_token.create"
    }

    async fn react(&self, ctx: &ReactCtx<'_>, event: &Event) -> Result<(), Problem> {
        let Some(id) = event.record_id else { return Ok(()) };
        let engine = ctx.engine;
        let tx = engine.db.write(ctx.session.tenant).await.refused()?;
        let found = table::by_ids(&tx, &API_TOKEN, &[id], true).await.refused()?.pop();
        let text = |record: &Record, field: &str| record.text(field).map(str::to_owned);
        let owner = found.as_ref().and_then(|record| Uuid::parse_str(&text(record, "owner_id")?).ok());
        // A service token belongs to nobody; whoever made it is told.
        let Some(user) = owner.or(event.actor) else { return Ok(()) };
        let name = found.and_then(|record| text(&record, "name")).unwrap_or_default();
        let told = worded(&tx, user, News::TokenMade, &name, &event.id.to_string(), None).await?;
        let events = notify::tell(engine, &tx, engine.now(), told.into_iter().collect()).await?;
        tx.commit().await.refused()?;
        engine.hub.publish(&engine.db, events).await;
        Ok(())
    }
}
