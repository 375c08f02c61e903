//! Rate limits per caller, told in `RateLimit-*` headers. Log-in has its own,
//! much smaller allowance per address.

use std::{
    net::{IpAddr, Ipv6Addr},
    num::NonZeroU32,
    sync::Arc,
    time::Duration,
};

use actix_web::{
    Error,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::header::{HeaderMap, HeaderName},
    middleware::Next,
    web,
};
use conexao_domain::kernel::problem::{Code, Problem};
use governor::{
    Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    middleware::StateInformationMiddleware,
    state::{InMemoryState, NotKeyed},
};
use moka::{policy::EvictionPolicy, sync::Cache};
use uuid::Uuid;

use crate::{ApiError, caller};

/// Callers remembered at once; the one not seen for longest is forgotten first.
const MOST: u64 = 100_000;
/// An allowance is whole again after a minute without a request.
const IDLE: Duration = Duration::from_mins(2);

type Bucket = RateLimiter<NotKeyed, InMemoryState, DefaultClock, StateInformationMiddleware>;

/// Who is counted. What a caller merely claims makes no difference, or each
/// made-up token would have an allowance of its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Who {
    /// A log-in whose access token we signed, or an API token that was good lately.
    Known(Uuid),
    Address(IpAddr),
    /// No address is known, as in tests.
    Nobody,
}

impl Who {
    fn at(request: &ServiceRequest) -> Self {
        match request.peer_addr().map(|peer| peer.ip().to_canonical()) {
            // One household has a whole network of these.
            Some(IpAddr::V6(address)) => {
                let network = Ipv6Addr::from_bits(address.to_bits() & (u128::MAX << 64));
                Self::Address(network.into())
            }
            Some(address) => Self::Address(address),
            None => Self::Nobody,
        }
    }

    fn of(request: &ServiceRequest) -> Self {
        caller::subject(request.request()).map_or_else(|| Self::at(request), Self::Known)
    }
}

/// Allowances of one kind, made when a caller is first seen.
#[derive(Clone)]
struct Buckets {
    seen: Cache<Who, Arc<Bucket>>,
    per_minute: NonZeroU32,
}

impl Buckets {
    fn new(per_minute: u32) -> Self {
        let seen = Cache::builder().max_capacity(MOST).time_to_idle(IDLE).eviction_policy(EvictionPolicy::lru());
        Self { seen: seen.build(), per_minute: NonZeroU32::new(per_minute).unwrap_or(NonZeroU32::MIN) }
    }

    /// Requests left after this one, or the seconds to wait.
    fn take(&self, who: Who) -> Result<u32, u64> {
        let quota = Quota::per_minute(self.per_minute);
        let bucket = self.seen.get_with(who, || Arc::new(RateLimiter::direct(quota).with_middleware()));
        let left = bucket.check().map(|state| state.remaining_burst_capacity());
        left.map_err(|wait| wait.wait_time_from(DefaultClock::default().now()).as_secs())
    }
}

/// Allowances of this node.
#[derive(Clone)]
pub struct Limits {
    /// Requests a minute per log-in or token, or per address without one.
    general: Buckets,
    /// Log-in attempts a minute per address.
    login: Buckets,
}

impl std::fmt::Debug for Limits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} a minute, {} log-ins", self.general.per_minute, self.login.per_minute)
    }
}

impl Limits {
    /// `per_minute` requests and `logins` log-in attempts a minute.
    pub fn new(per_minute: u32, logins: u32) -> Self {
        Self { general: Buckets::new(per_minute), login: Buckets::new(logins) }
    }

    /// How many callers are remembered; for those who watch memory.
    pub fn callers(&self) -> u64 {
        self.general.seen.run_pending_tasks();
        self.general.seen.entry_count()
    }
}

/// Requests with which passwords and links can be guessed, or mail be sent to
/// people who did not ask for it.
fn is_guess(request: &ServiceRequest) -> bool {
    let path = request.path();
    let open = ["/api/v1/auth/recovery", "/api/v1/auth/invitations/", "/api/v1/auth/regist", "/api/v1/auth/email/"];
    let tried =
        ["/api/v1/auth/login", "/api/v1/auth/passkey", "/api/v1/auth/two-factor", "/api/v1/auth/two-factor/passkey"];
    tried.contains(&path)
        || request.method() == actix_web::http::Method::POST && open.iter().any(|open| path.starts_with(open))
}

pub async fn limit(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let Some(limits) = request.app_data::<web::Data<Limits>>().cloned() else {
        return Ok(next.call(request).await?.map_into_left_body());
    };
    if is_guess(&request)
        && let Err(wait) = limits.login.take(Who::at(&request))
    {
        return Ok(too_many(request, &limits.login, wait));
    }
    let left = match limits.general.take(Who::of(&request)) {
        Ok(left) => left,
        Err(wait) => return Ok(too_many(request, &limits.general, wait)),
    };
    let mut response = next.call(request).await?;
    let headers = response.headers_mut();
    // A program was told the allowance of its token, which is the smaller one.
    if headers.contains_key("ratelimit-limit") {
        return Ok(response.map_into_left_body());
    }
    tell(headers, &limits.general, left.into(), 60);
    Ok(response.map_into_left_body())
}

/// The headers of what is left, on answers and refusals alike.
fn tell(headers: &mut HeaderMap, of: &Buckets, left: u64, reset: u64) {
    let told =
        [("ratelimit-limit", of.per_minute.get().into()), ("ratelimit-remaining", left), ("ratelimit-reset", reset)];
    for (name, value) in told {
        headers.insert(HeaderName::from_static(name), value.into());
    }
}

/// An answer, not an error: the layers around this one speak its language and
/// add their headers.
fn too_many<B>(request: ServiceRequest, of: &Buckets, seconds: u64) -> ServiceResponse<EitherBody<B>> {
    let seconds = seconds.max(1);
    let problem = Problem::new(Code::TooManyRequests).with("retry_after", seconds);
    let mut response = request.error_response(ApiError(problem));
    tell(response.headers_mut(), of, 0, seconds);
    response.map_into_right_body()
}
