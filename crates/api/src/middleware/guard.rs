//! Bounds of one route: how much may be sent, how long sending may take, and
//! how long the answer may take. Every route gets them where it is added.

use std::{
    cell::Cell,
    future::Future,
    io,
    panic::AssertUnwindSafe,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll},
    time::Duration,
};

use actix_web::{
    Error,
    body::BoxBody,
    dev::{Payload, ServiceRequest, ServiceResponse},
    error::PayloadError,
    http::header::CONTENT_LENGTH,
    middleware::Next,
    web,
};
use bytes::Bytes;
use conexao_domain::kernel::problem::{Code, Problem};
use futures_util::{FutureExt, Stream};
use tokio::time::{Sleep, sleep, timeout};

use crate::ApiError;

/// How long callers are waited for, and how long they wait.
#[derive(Debug, Clone, Copy)]
pub struct Patience {
    /// For the body of a request.
    pub body: Duration,
    /// For an upload.
    pub upload: Duration,
    /// For the beginning of the answer, once the body is there.
    pub answer: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self { body: Duration::from_secs(30), upload: Duration::from_mins(15), answer: Duration::from_mins(1) }
    }
}

/// What one route accepts.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    /// Bytes of a body.
    pub bytes: u64,
    /// Whether it is a file, which takes its time.
    pub upload: bool,
}

/// A body that is counted and has to arrive in time.
struct Guarded {
    inner: Payload,
    left: u64,
    deadline: Pin<Box<Sleep>>,
    /// Told here too: what extractors make of the error differs.
    trouble: Rc<Cell<Option<Code>>>,
}

impl Stream for Guarded {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if self.deadline.as_mut().poll(context).is_ready() {
            self.trouble.set(Some(Code::RequestTimeout));
            return Poll::Ready(Some(Err(PayloadError::Io(io::ErrorKind::TimedOut.into()))));
        }
        let piece = Pin::new(&mut self.inner).poll_next(context);
        if let Poll::Ready(Some(Ok(bytes))) = &piece {
            let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            let Some(left) = self.left.checked_sub(length) else {
                self.trouble.set(Some(Code::TooLarge));
                return Poll::Ready(Some(Err(PayloadError::Overflow)));
            };
            self.left = left;
        }
        piece
    }
}

fn announced(request: &ServiceRequest) -> u64 {
    let length = request.headers().get(CONTENT_LENGTH).and_then(|value| value.to_str().ok());
    length.and_then(|text| text.parse().ok()).unwrap_or_default()
}

pub(crate) async fn guard(
    bounds: Bounds,
    mut request: ServiceRequest,
    next: Next<BoxBody>,
) -> Result<ServiceResponse<BoxBody>, Error> {
    let refuse = |request, code| Ok(ServiceResponse::from_err(ApiError(Problem::new(code)), request));
    // What need not even be sent.
    if announced(&request) > bounds.bytes {
        return refuse(request.into_parts().0, Code::TooLarge);
    }
    let patience = request.app_data::<web::Data<Patience>>().map(|p| *p.get_ref()).unwrap_or_default();
    let body = if bounds.upload { patience.upload } else { patience.body };
    let trouble = Rc::new(Cell::new(None));
    let inner = request.parts_mut().1.take();
    let whole = if matches!(inner, Payload::None) {
        patience.answer
    } else {
        let guarded = Guarded { inner, left: bounds.bytes, deadline: Box::pin(sleep(body)), trouble: trouble.clone() };
        request.set_payload(Payload::Stream { payload: Box::pin(guarded) });
        body + patience.answer
    };
    let kept = request.request().clone();
    // A panic would close the connection without a word, and others on its thread.
    let answered = timeout(whole, AssertUnwindSafe(next.call(request)).catch_unwind()).await;
    match (trouble.get(), answered) {
        (Some(code), _) => refuse(kept, code),
        (None, Ok(Ok(answer))) => answer,
        (None, Ok(Err(_))) => {
            tracing::error!(route = kept.match_pattern(), "a handler panicked");
            refuse(kept, Code::Internal)
        }
        (None, Err(_)) => {
            tracing::warn!(route = kept.match_pattern(), "gave up an answer that took too long");
            refuse(kept, Code::Unavailable)
        }
    }
}
