//! The document of permissions, derived from declarations, mounted operations
//! and seeded roles.

use std::fmt::Write;

use conexao_domain::{
    identity::role::{SEEDED_ROLES, Scope, SeededRole, covers},
    kernel::resource::{Resource, VERBS},
    locale::{self, Locale},
    registry::{ADMINISTRATION, RESOURCES},
};

use crate::{Operation, operations};

const INTRODUCTION: &str = "# Permissions\n\n\
Written by `conexao permissions`, and compared with the code by `cargo xtask test --only openapi`; do not edit.\n\n\
A permission is `<resource>.<verb>`. A role grants permissions by name or by pattern: `*` is everything, \
`customer.*` every verb of a resource, `*.read` one verb of every business record, but of no administration. \
A user may have several roles; a permission held in several scopes has the widest. \
With the scope *own* it reaches records that the user owns or created; those roles are marked \"(own)\" below.\n\n\
`read` never shows personal data in full: that takes `reveal`, and every reveal is an entry of the audit. \
`audit.read` shows what happened to all records of the company, personal data masked. \
Nobody hands on more than they hold, by roles, tokens or webhooks.\n";

/// The whole document, in Markdown.
pub fn document() -> String {
    let mut operations = operations();
    operations.sort_by(|a, b| (&a.path, a.method).cmp(&(&b.path, b.method)));
    let mut out = INTRODUCTION.to_owned();
    roles(&mut out);
    for resource in RESOURCES {
        let _ = write!(out, "\n## {}\n\n", plural(resource));
        head(&mut out);
        for verb in VERBS {
            row(&mut out, &operations, &format!("{}.{verb}", resource.name), &verb_text(verb));
        }
        for step in resource.flow.map(|flow| flow.steps).unwrap_or_default() {
            let label = |what: &str, name: &str| locale::flow(Locale::En, what, resource.name, name);
            let from: Vec<String> = step.from.iter().map(|state| label("state", state)).collect();
            let text = format!("{}: {} → {}", label("step", step.name), from.join(", "), label("state", step.to));
            row(&mut out, &operations, &format!("{}.{}", resource.name, step.name), &text);
        }
    }
    out.push_str("\n## Administration\n\n");
    head(&mut out);
    for permission in ADMINISTRATION {
        row(&mut out, &operations, permission, &locale::text(Locale::En, &format!("permission.{permission}")));
    }
    out
}

fn plural(resource: &Resource) -> String {
    locale::text(Locale::En, &format!("resource.{}.plural", resource.name))
}

fn verb_text(verb: &str) -> String {
    locale::text(Locale::En, &format!("verb.{verb}"))
}

fn roles(out: &mut String) {
    out.push_str("\n## Seeded roles\n\n| Role | Key | Scope | Grants |\n|---|---|---|---|\n");
    for role in SEEDED_ROLES {
        let scope = if role.scope == Scope::All { "all" } else { "own" };
        let grants: Vec<String> = role.grants.iter().map(|grant| format!("`{grant}`")).collect();
        let _ = writeln!(out, "| {} | `{}` | {scope} | {} |", name(role), role.key, grants.join(", "));
    }
}

fn name(role: &SeededRole) -> String {
    locale::text(Locale::En, &format!("role.{}", role.key))
}

fn head(out: &mut String) {
    out.push_str("| Permission | Allows | Seeded roles | Operations |\n|---|---|---|---|\n");
}

fn row(out: &mut String, operations: &[Operation], permission: &str, text: &str) {
    let holds = |role: &&SeededRole| role.grants.iter().any(|grant| covers(grant, permission));
    let holders = SEEDED_ROLES.iter().filter(holds);
    let holders =
        holders.map(|role| if role.scope == Scope::Own { format!("{} (own)", role.key) } else { role.key.to_owned() });
    let needing = operations.iter().filter(|operation| operation.permission.as_deref() == Some(permission));
    let needing = needing.map(|operation| format!("`{} {}`", operation.method.to_uppercase(), operation.path));
    let (holders, needing) = (holders.collect::<Vec<_>>().join(", "), needing.collect::<Vec<_>>().join("<br>"));
    let _ = writeln!(out, "| `{permission}` | {text} | {holders} | {needing} |");
}

#[cfg(test)]
mod tests {
    use conexao_domain::registry;

    #[test]
    fn every_permission_has_its_row() {
        let document = super::document();
        for permission in registry::permissions() {
            assert_eq!(document.matches(&format!("\n| `{permission}` |")).count(), 1, "{permission}");
        }
    }
}
