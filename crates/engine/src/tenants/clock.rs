//! Moving the clock of a tenant that is there for trying things out.

use chrono::{DateTime, Utc};
use conexao_domain::{
    kernel::{
        canonical::write_instant,
        problem::{Code, Problem},
    },
    settings::{COMPANY, TenantClock, clock::ClockMove},
};
use conexao_storage::entity::tenant;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, EntityTrait, IntoActiveModel, QueryFilter, QuerySelect,
};
use serde_json::{Map, Value as Json, json};

use crate::{Engine, Session, Write, journal::Entry, refusal::Refused};

/// What a tenant's clock shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockFace {
    pub now: DateTime<Utc>,
    /// The world's time.
    pub real: DateTime<Utc>,
    pub moved: bool,
    pub frozen: bool,
    /// Whether it may be moved at all.
    pub movable: bool,
}

impl ClockFace {
    /// As the API tells it.
    pub fn json(&self) -> Json {
        json!({
            "now": write_instant(self.now),
            "real": write_instant(self.real),
            "moved": self.moved,
            "frozen": self.frozen,
            "movable": self.movable,
        })
    }
}

/// The clock of the session's tenant.
pub async fn face(engine: &Engine, session: &Session) -> Result<ClockFace, Problem> {
    let house = engine.house(session.tenant).await?;
    Ok(shown(house.clock, house.kind.may_move_clock(), engine.now()))
}

fn shown(clock: TenantClock, movable: bool, real: DateTime<Utc>) -> ClockFace {
    ClockFace { now: clock.show(real), real, moved: clock.is_moved(), frozen: clock.is_frozen(), movable }
}

/// Moves the clock; refused with `not_in_production` where real work is done.
pub async fn move_clock(engine: &Engine, session: &Session, by: &ClockMove) -> Result<ClockFace, Problem> {
    session.require("clock.move")?;
    if !engine.house(session.tenant).await?.kind.may_move_clock() {
        return Err(Problem::new(Code::NotInProduction));
    }
    let mut write = Write::begin(engine, session).await?;
    let found = tenant::Entity::find().filter(tenant::Column::Id.eq(session.tenant.0)).lock_exclusive();
    let row = found.one(&*write.tx).await.refused()?.ok_or_else(Problem::not_found)?;
    let before: TenantClock = serde_json::from_str(&row.clock).unwrap_or_default();
    let after = before.moved(by, write.now)?;
    let mut active = row.into_active_model();
    active.clock = Set(serde_json::to_string(&after).unwrap_or_default());
    active.update(&*write.tx).await.refused()?;
    let shows = |clock: TenantClock| write_instant(clock.show(write.now));
    let changes = Map::from_iter([("clock".to_owned(), json!([shows(before), shows(after)]))]);
    write.note(Entry { resource: COMPANY.name, record_id: None, action: "clock".to_owned(), changes });
    let face = shown(after, true, write.now);
    write.commit(200, &face.json()).await?;
    engine.announce_change(session.tenant).await;
    Ok(face)
}
