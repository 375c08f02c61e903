//! What every request passes through.

mod forwarded;
mod guard;
mod limit;
mod log;
mod measure;
mod origin;
mod secure;
mod span;
mod speak;

pub use forwarded::{Forwarding, Proxies, forwarded};
pub use guard::Patience;
pub(crate) use guard::{Bounds, guard};
pub use limit::{Limits, limit};
pub(crate) use log::known;
pub use log::log;
pub use measure::{measure, metrics};
pub(crate) use origin::same_site;
pub use origin::{cross_origin, is_origin};
pub use secure::secure;
pub use span::RootSpan;
pub use speak::speak;

use actix_web::{
    App, Error,
    body::MessageBody,
    dev::{ServiceFactory, ServiceRequest, ServiceResponse},
    middleware::from_fn,
};
use tracing_actix_web::TracingLogger;

/// All of it around an application, the outermost last.
pub fn around<T, B>(
    app: App<T>,
) -> App<
    impl ServiceFactory<
        ServiceRequest,
        Config = (),
        Response = ServiceResponse<impl MessageBody>,
        Error = Error,
        InitError = (),
    >,
>
where
    T: ServiceFactory<ServiceRequest, Config = (), Response = ServiceResponse<B>, Error = Error, InitError = ()>
        + 'static,
    B: MessageBody + 'static,
{
    app.wrap(from_fn(limit))
        .wrap(from_fn(speak))
        .wrap(from_fn(secure))
        .wrap(from_fn(measure))
        .wrap(TracingLogger::<RootSpan>::new())
        .wrap(from_fn(log))
        .wrap(from_fn(forwarded))
}
