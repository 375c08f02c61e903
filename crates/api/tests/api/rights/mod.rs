//! Who may do what beyond their own roles: teams, substitutes, other eyes; and
//! what roles would mean.

mod absences;
mod foresight;
mod four_eyes;
mod self_grant;
mod teams;

use conexao_domain::identity::{absence::ABSENCE, role::ROLE, user::USER};
use serde_json::{Value as Json, json};
use uuid::Uuid;

use crate::support::{App, Client, Made, PASSWORD};

/// Grants as a role has them: `customer.read`, or `customer.read@team`.
fn grants(all: &[&str]) -> Json {
    let line = |text: &&str| match text.split_once('@') {
        Some((permission, scope)) => json!({ "permission": permission, "scope": scope }),
        None => json!({ "permission": text }),
    };
    all.iter().map(line).collect()
}

async fn role(app: &App, scope: &str, all: &[&str]) -> Made {
    let name = Uuid::now_v7().simple().to_string();
    let input = json!({ "name": name, "key": name, "scope": scope, "grants": grants(all) });
    app.login("super_admin").create(&ROLE, input).await
}

/// Somebody with these roles, logged in.
async fn person(app: &App, name: &str, roles: &[&Made]) -> Client {
    let admin = app.login("super_admin");
    let lines: Vec<Json> = roles.iter().map(|role| json!({ "role_id": role.id() })).collect();
    let email = format!("{}@aurora.test", Uuid::now_v7().simple());
    let user = admin.create(&USER, json!({ "name": name, "email": email, "roles": lines })).await;
    admin.post(&format!("{}/actions/set-password", user.path()), json!({ "password": PASSWORD })).await.expect(204);
    enter(app, &email, user.id().parse().unwrap()).await
}

/// Comes in anew.
async fn enter(app: &App, email: &str, id: Uuid) -> Client {
    let login = app.stranger().post("/auth/login", json!({ "email": email, "password": PASSWORD })).await.expect(200);
    Client::new(app.clone(), login["access_token"].as_str().map(str::to_owned), id)
}

/// Names who stands in for the client on these days.
async fn away(client: &Client, substitute: &Client, from: &str, to: &str) -> Made {
    let input = json!({ "substitute_id": substitute.id, "starts_on": from, "ends_on": to });
    let body = client.post("/me/absences", input).await.expect(201);
    Made { resource: &ABSENCE, body }
}
