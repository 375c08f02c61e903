//! Demo data that tells a small story: Eletro Aurora, its team, its customers
//! and their warranties at every stage.

mod people;
mod records;
mod story;

use conexao_domain::kernel::problem::Problem;
use conexao_domain::settings::TenantKind;
use conexao_engine::{Engine, identity, tenants};

/// Password of every demo login.
const PASSWORD: &str = "conexao-demo-2026";

/// (name, e-mail, role keys, what to show with it)
const TEAM: &[(&str, &str, &[&str], &str)] = &[
    ("Helena Vale", "helena@aurora.demo", &["admin"], "administração, tudo permitido"),
    ("Inácio Ramos", "inacio@aurora.demo", &["admin_cs"], "pós-venda completo"),
    ("Guiomar Luz", "guiomar@aurora.demo", &["conferente"], "confere o que foi gerado"),
    ("Flora Batista", "flora@aurora.demo", &["vendedor"], "vendas, abre garantias"),
    ("Lúcio Prado", "lucio@aurora.demo", &["financeiro"], "financeiro"),
];

/// Who looks after the demo installation: (name, e-mail, what to show with it).
const OPERATOR: (&str, &str, &str) = ("Otília Prates", "otilia@operador.demo", "opera a instalação, vê as empresas");

/// The demo logins, one per line: e-mail, password, description.
pub fn logins() -> String {
    let lines = TEAM.iter().map(|(name, email, _, what)| format!("{email}  {PASSWORD}  {name}: {what}"));
    let (name, email, what) = OPERATOR;
    lines.chain([format!("{email}  {PASSWORD}  {name}: {what}")]).collect::<Vec<_>>().join("\n")
}

/// Adds the demo company unless the installation already has one.
pub async fn ensure(engine: &Engine) -> Result<(), Problem> {
    if !tenants::all(engine).await?.is_empty() {
        return Ok(());
    }
    let tenant = tenants::create(engine, "aurora", "Eletro Aurora", TenantKind::Demo).await?;
    let system = engine.system(tenant, "Conexão").await?;
    let mut team = Vec::new();
    for (name, email, roles, _) in TEAM {
        team.push(identity::create_user(engine, &system, name, email, roles, PASSWORD).await?);
    }
    records::create(engine, tenant, &team).await?;
    let (name, email, _) = OPERATOR;
    tenants::add_operator(engine, name, email, PASSWORD).await.map(drop)
}
