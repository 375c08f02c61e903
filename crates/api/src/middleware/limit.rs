//! Rate limits per caller, told in `RateLimit-*` headers. Log-in has its own,
//! much smaller allowance per address.

use std::{num::NonZeroU32, sync::Arc};

use actix_web::{
    Error,
    body::{EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    http::header::{AUTHORIZATION, HeaderName, HeaderValue},
    middleware::Next,
    web,
};
use conexao_domain::kernel::problem::{Code, Problem};
use governor::{
    DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock, DefaultClock},
    middleware::StateInformationMiddleware,
};
use sha2::{Digest, Sha256};

use crate::{ApiError, caller};

type Limiter = RateLimiter<
    [u8; 8],
    governor::state::keyed::DefaultKeyedStateStore<[u8; 8]>,
    DefaultClock,
    StateInformationMiddleware,
>;

/// Allowances of this node.
#[derive(Clone)]
pub struct Limits {
    /// Requests a minute per token, or per address without one.
    general: Arc<Limiter>,
    /// Log-in attempts a minute per address.
    login: Arc<DefaultKeyedRateLimiter<String>>,
    per_minute: u32,
}

impl std::fmt::Debug for Limits {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} a minute", self.per_minute)
    }
}

impl Limits {
    /// `per_minute` requests and `logins` log-in attempts a minute.
    pub fn new(per_minute: u32, logins: u32) -> Self {
        let quota = |n: u32| Quota::per_minute(NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN));
        let general = RateLimiter::keyed(quota(per_minute)).with_middleware::<StateInformationMiddleware>();
        Self { general: Arc::new(general), login: Arc::new(RateLimiter::keyed(quota(logins))), per_minute }
    }
}

pub async fn limit(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let Some(limits) = request.app_data::<web::Data<Limits>>().cloned() else {
        return Ok(next.call(request).await?.map_into_left_body());
    };
    let address = caller::address(request.request()).unwrap_or_default();
    if request.path() == "/api/v1/auth/login"
        && let Err(wait) = limits.login.check_key(&address)
    {
        return Ok(too_many(request, wait.wait_time_from(DefaultClock::default().now()).as_secs()));
    }
    let caller = request.headers().get(AUTHORIZATION).map_or(address.as_bytes(), HeaderValue::as_bytes);
    let mut key = [0; 8];
    key.iter_mut().zip(Sha256::digest(caller)).for_each(|(to, from)| *to = from);
    let left = match limits.general.check_key(&key) {
        Ok(state) => state.remaining_burst_capacity(),
        Err(wait) => {
            return Ok(too_many(request, wait.wait_time_from(DefaultClock::default().now()).as_secs()));
        }
    };
    let mut response = next.call(request).await?;
    let headers = response.headers_mut();
    // A program was told the allowance of its token, which is the smaller one.
    if headers.contains_key("ratelimit-limit") {
        return Ok(response.map_into_left_body());
    }
    headers.insert(HeaderName::from_static("ratelimit-limit"), limits.per_minute.into());
    headers.insert(HeaderName::from_static("ratelimit-remaining"), left.into());
    headers.insert(HeaderName::from_static("ratelimit-reset"), HeaderValue::from_static("60"));
    Ok(response.map_into_left_body())
}

/// An answer, not an error: the layers around this one speak its language and
/// add their headers.
fn too_many<B>(request: ServiceRequest, seconds: u64) -> ServiceResponse<EitherBody<B>> {
    let problem = Problem::new(Code::TooManyRequests).with("retry_after", seconds.max(1));
    request.error_response(ApiError(problem)).map_into_right_body()
}
