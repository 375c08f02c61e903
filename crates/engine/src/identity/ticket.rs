//! Tickets: a short-lived stand-in for the access token where a browser can
//! send no header, as with server-sent events. Signed, so that every node
//! knows them; used once, as far as one node can tell.

use chrono::TimeDelta;
use conexao_domain::kernel::problem::{Code, Problem};
use conexao_storage::Tenant;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::{keys::Use, session::session_of_login};
use crate::{Engine, Session};

/// How long a ticket is good for, in seconds.
pub const TICKET_SECONDS: i64 = 30;
/// Name under which the signing secret is derived; there is one.
const KEY: &str = "1";

#[derive(Debug, Serialize, Deserialize)]
struct Ticket {
    sub: Uuid,
    tenant: i32,
    jti: Uuid,
    /// The log-in that asked for it.
    sid: Option<Uuid>,
    exp: i64,
}

/// A ticket for the session's user.
pub fn ticket(engine: &Engine, session: &Session) -> Result<String, Problem> {
    // A ticket stands for the whole user, a token for a part of one.
    let user = session.in_person()?;
    let exp = (engine.now() + TimeDelta::seconds(TICKET_SECONDS)).timestamp();
    let ticket = Ticket { sub: user, tenant: session.tenant.0, jti: Uuid::now_v7(), sid: session.login, exp };
    let key = EncodingKey::from_secret(engine.identity.keys.derive(Use::Ticket, KEY)?.as_bytes());
    jsonwebtoken::encode(&Header::default(), &ticket, &key).map_err(|_| Problem::new(Code::Internal))
}

/// The session of the ticket's user as of now; the ticket is used up.
pub async fn redeem(engine: &Engine, text: &str) -> Result<Session, Problem> {
    let refused = || Problem::new(Code::Unauthenticated);
    let key = DecodingKey::from_secret(engine.identity.keys.derive(Use::Ticket, KEY)?.as_bytes());
    let mut validation = Validation::new(Algorithm::HS256);
    // Expiry is compared with the injected clock below.
    validation.validate_exp = false;
    let ticket: Ticket = jsonwebtoken::decode(text, &key, &validation).map_err(|_| refused())?.claims;
    if ticket.exp <= engine.now().timestamp() || !engine.identity.use_ticket(ticket.jti) {
        return Err(refused());
    }
    session_of_login(engine, Tenant(ticket.tenant), ticket.sub, ticket.sid).await
}
