//! Tells somebody of a log-in from a device that was not seen before.

use conexao_domain::{kernel::problem::Problem, locale};
use conexao_storage::entity::session;
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use uuid::Uuid;

use super::{Origin, device};
use crate::{
    Engine, Session, Write,
    live::Event,
    notify::{self, Told},
    refusal::Refused,
};

/// Notes the notice, if there is one; the events are for after the commit. The
/// first log-in of all is no news, and a device without a name none either.
pub(super) async fn of_new_device(
    engine: &Engine,
    write: &Write,
    session: &Session,
    id: Uuid,
    origin: &Origin,
) -> Result<Vec<Event>, Problem> {
    let Some(name) = origin.short_device() else { return Ok(Vec::new()) };
    let own = || {
        session::Entity::find()
            .filter(session::Column::TenantId.eq(session.tenant.0))
            .filter(session::Column::UserId.eq(session.user))
    };
    let seen = own().filter(session::Column::Device.eq(&name)).count(&*write.tx).await.refused()?;
    if seen > 0 || own().count(&*write.tx).await.refused()? == 0 {
        return Ok(Vec::new());
    }
    let shown = device::words(&device::read(&name), session.locale);
    let told = Told {
        user: session.user,
        category: "security".to_owned(),
        event: "user.login_new_device".to_owned(),
        title: locale::text(session.locale, "security.new_device").replace("{device}", &shown),
        body: locale::text(session.locale, "security.new_device.body"),
        resource: None,
        record_id: None,
        source: id.to_string(),
    };
    notify::tell(engine, &write.tx, write.now, vec![told]).await
}
