//! What providers say later. Everybody may call; only what is verified counts.

use actix_web::{HttpRequest, HttpResponse, web};
use conexao_engine::{
    Engine,
    messages::{
        callbacks::{self, Call, NOTHING_TO_DO},
        reports,
    },
};
use serde::Deserialize;
use serde_json::json;
use uuid::Uuid;

use crate::{ApiError, Operation, Routes};

type Answer = Result<HttpResponse, ApiError>;

pub(super) fn routes(routes: &mut Routes<'_>) {
    use conexao_domain::kernel::problem::Code;
    let operation = |summary: &str| Operation::new("message", summary).public().refuses(&[Code::Forbidden]);
    let signed = |summary: &str| operation(summary).media("text/xml");
    let text = "News of an SMS, signed by the provider (`X-Twilio-Signature`)";
    routes.post("/callbacks/sms/{tenant}/{id}", signed(text), sms_status);
    let text = "An SMS of a person, signed by the provider: STOP and START are acted upon";
    routes.post("/callbacks/sms/{tenant}", signed(text), sms_inbound);
    let report = operation("A message that came back (RFC 3464, RFC 5965), as it was received");
    let report = report.query(&[("recipient", "The address it came to")]);
    let about = crate::routes::object(&[("about", json!({ "type": "integer" }))]);
    routes.post("/callbacks/mail/{token}", report.answer(200, about), mail);
}

fn signature(request: &HttpRequest) -> &str {
    request.headers().get("X-Twilio-Signature").and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// Path and query as they were called: the signature is about them.
fn called(request: &HttpRequest) -> String {
    request.uri().path_and_query().map(ToString::to_string).unwrap_or_default()
}

fn nothing_to_do() -> HttpResponse {
    HttpResponse::Ok().content_type("text/xml").body(NOTHING_TO_DO)
}

async fn sms_status(
    engine: web::Data<Engine>,
    request: HttpRequest,
    about: web::Path<(i32, Uuid)>,
    body: web::Bytes,
) -> Answer {
    let path = called(&request);
    let call = Call { path: &path, body: &body, signature: signature(&request) };
    callbacks::sms_status(&engine, about.0, about.1, call).await?;
    Ok(nothing_to_do())
}

async fn sms_inbound(
    engine: web::Data<Engine>,
    request: HttpRequest,
    tenant: web::Path<i32>,
    body: web::Bytes,
) -> Answer {
    let path = called(&request);
    let call = Call { path: &path, body: &body, signature: signature(&request) };
    callbacks::sms_inbound(&engine, *tenant, call).await?;
    Ok(nothing_to_do())
}

#[derive(Debug, Deserialize)]
struct To {
    recipient: Option<String>,
}

async fn mail(engine: web::Data<Engine>, token: web::Path<String>, to: web::Query<To>, body: web::Bytes) -> Answer {
    let about = reports::take_in(&engine, &token, &body, to.recipient.as_deref()).await?;
    Ok(HttpResponse::Ok().json(json!({ "about": about })))
}
