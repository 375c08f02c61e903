//! The document of permissions, derived from declarations, mounted operations
//! and seeded roles.

use std::fmt::Write;

use conexao_domain::{
    identity::role::{OPERATOR_ROLES, SEEDED_ROLES, Scope, SeededRole},
    kernel::{
        flow::Step,
        resource::{Resource, VERBS},
    },
    locale::{self, Locale},
    registry::{ADMINISTRATION, OPERATION, RESOURCES},
};

use crate::{Operation, operations};

const INTRODUCTION: &str = "# Permissions\n\n\
Written by `conexao permissions`, and compared with the code by `cargo xtask test --only openapi`; do not edit.\n\n\
A permission is `<resource>.<verb>`. A role grants permissions by name or by pattern: `*` is everything, \
`customer.*` every verb of a resource, `*.read` one verb of every business record, but of no administration. \
A user may have several roles; a permission held in several scopes has the widest. \
A grant reaches *all* records, those of the *team* (somebody who shares a team with the user owns or created them), \
or the user's *own*; a grant says so itself, else its role does. Where it is not all, the lists below say so in brackets.\n\n\
Whoever stands in for somebody absent holds the absent person's grants for so long, apart from their own: the audit names both, \
team and own mean those of the absent person, it is never handed on, and administration is lent only where an administrator says so.\n\n\
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
            row(&mut out, SEEDED_ROLES, &operations, &format!("{}.{verb}", resource.name), &verb_text(verb));
        }
        for step in resource.flow.map(|flow| flow.steps).unwrap_or_default() {
            let label = |what: &str, name: &str| locale::flow(Locale::En, what, resource.name, name);
            let from: Vec<String> = step.from.iter().map(|state| label("state", state)).collect();
            let text = format!("{}: {} → {}", label("step", step.name), from.join(", "), label("state", step.to));
            let text = format!("{text}{}", four_eyes(step, &|name| act(resource, name)));
            row(&mut out, SEEDED_ROLES, &operations, &format!("{}.{}", resource.name, step.name), &text);
        }
    }
    out.push_str("\n## Administration\n\n");
    head(&mut out);
    for permission in ADMINISTRATION {
        row(
            &mut out,
            SEEDED_ROLES,
            &operations,
            permission,
            &locale::text(Locale::En, &format!("permission.{permission}")),
        );
    }
    out.push_str("\n## Operation\n\nThese exist in the tenant of whoever operates the installation, and there are no business permissions there. \
                  The same patterns cover them there and nowhere else.\n\n");
    head(&mut out);
    for permission in OPERATION {
        row(
            &mut out,
            OPERATOR_ROLES,
            &operations,
            permission,
            &locale::text(Locale::En, &format!("permission.{permission}")),
        );
    }
    out
}

fn plural(resource: &Resource) -> String {
    locale::text(Locale::En, &format!("resource.{}.plural", resource.name))
}

fn verb_text(verb: &str) -> String {
    locale::text(Locale::En, &format!("verb.{verb}"))
}

/// An act on a record by its label.
fn act(resource: &Resource, name: &str) -> String {
    let step = resource.flow.and_then(|flow| flow.step(name));
    step.map_or_else(|| verb_text(name), |step| locale::flow(Locale::En, "step", resource.name, step.name))
}

/// Whom a step refuses for what they did before.
fn four_eyes(step: &Step, label: &dyn Fn(&str) -> String) -> String {
    if step.four_eyes.is_empty() {
        return String::new();
    }
    let acts: Vec<String> = step.four_eyes.iter().map(|name| format!("*{}*", label(name))).collect();
    format!("; four eyes: not by whoever did {} on the record", acts.join(" or "))
}

fn roles(out: &mut String) {
    out.push_str("\n## Seeded roles\n\n| Role | Key | What for | Scope | Grants |\n|---|---|---|---|---|\n");
    for role in SEEDED_ROLES.iter().chain(OPERATOR_ROLES) {
        let grant = |(grant, scope): (&str, Scope)| {
            if scope == role.scope { format!("`{grant}`") } else { format!("`{grant}` ({})", scope.name()) }
        };
        let grants: Vec<String> = role.granted().map(grant).collect();
        let text = locale::text(Locale::En, &format!("role_text.{}", role.key));
        let (key, scope) = (role.key, role.scope.name());
        let _ = writeln!(out, "| {} | `{key}` | {text} | {scope} | {} |", name(role), grants.join(", "));
    }
}

fn name(role: &SeededRole) -> String {
    locale::text(Locale::En, &format!("role.{}", role.key))
}

fn head(out: &mut String) {
    out.push_str("| Permission | Allows | Seeded roles | Operations |\n|---|---|---|---|\n");
}

fn row(out: &mut String, roles: &[SeededRole], operations: &[Operation], permission: &str, text: &str) {
    let holder = |role: &SeededRole| match role.reach(permission)? {
        Scope::All => Some(role.key.to_owned()),
        narrower => Some(format!("{} ({})", role.key, narrower.name())),
    };
    let holders = roles.iter().filter_map(holder);
    let needing = operations.iter().filter(|operation| operation.permission.as_deref() == Some(permission));
    let needing = needing.map(|operation| format!("`{} {}`", operation.method.to_uppercase(), operation.path));
    let (holders, needing) = (holders.collect::<Vec<_>>().join(", "), needing.collect::<Vec<_>>().join("<br>"));
    let _ = writeln!(out, "| `{permission}` | {text} | {holders} | {needing} |");
}

#[cfg(test)]
mod tests {
    use conexao_domain::{identity::role::SEEDED_ROLES, registry};

    #[test]
    fn scopes_and_four_eyes_are_told() {
        let document = super::document();
        assert!(document.contains("operador_cobranca (team)") && document.contains("tecnico (own)"), "{document}");
        for resource in registry::RESOURCES {
            for step in resource.flow.map(|flow| flow.steps).unwrap_or_default() {
                let row = document.lines().find(|l| l.starts_with(&format!("| `{}.{}` |", resource.name, step.name)));
                assert_eq!(row.is_some_and(|row| row.contains("four eyes")), !step.four_eyes.is_empty(), "{row:?}");
            }
        }
        for role in SEEDED_ROLES {
            assert!(document.contains(&format!("| `{}` |", role.key)), "{}", role.key);
        }
    }

    #[test]
    fn every_permission_has_its_row() {
        let document = super::document();
        for permission in registry::permissions() {
            assert_eq!(document.matches(&format!("\n| `{permission}` |")).count(), 1, "{permission}");
        }
    }
}
