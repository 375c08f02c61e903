//! Entries of the audit in words.

use conexao_domain::{
    kernel::resource::Resource,
    locale::{self, Locale},
    registry,
};

/// The kind of record, or of whatever else leaves entries.
pub(super) fn resource(locale: Locale, name: &str) -> String {
    match name {
        "job" => locale::text(locale, "audit.job"),
        "import" => locale::text(locale, "audit.import_file"),
        "audit" => locale::text(locale, "audit.trail"),
        _ if registry::by_name(name).is_some() => locale::text(locale, &format!("resource.{name}")),
        _ => name.to_owned(),
    }
}

/// What was done.
pub(super) fn action(locale: Locale, resource: &str, name: &str) -> String {
    let step = registry::by_name(resource).and_then(|r| r.flow).and_then(|flow| flow.step(name));
    if step.is_some() {
        return locale::flow(locale, "step", resource, name);
    }
    match name {
        "create" => locale::text(locale, "audit.create"),
        "update" => locale::text(locale, "audit.update"),
        "delete" => locale::text(locale, "audit.delete"),
        "restore" => locale::text(locale, "audit.restore"),
        "reveal" => locale::text(locale, "audit.reveal"),
        "export" => locale::text(locale, "audit.export"),
        "import" => locale::text(locale, "audit.import"),
        "import_revert" => locale::text(locale, "audit.import_revert"),
        "merge" | "merged" => locale::text(locale, "audit.merge"),
        "comment" => locale::text(locale, "audit.comment"),
        "delete_comment" => locale::text(locale, "audit.delete_comment"),
        "attach" => locale::text(locale, "audit.attach"),
        "detach" => locale::text(locale, "audit.detach"),
        "login" => locale::text(locale, "audit.login"),
        "login_failed" => locale::text(locale, "audit.login_failed"),
        "set_password" => locale::text(locale, "audit.set_password"),
        "two_factor_enabled" => locale::text(locale, "audit.two_factor_enabled"),
        "two_factor_disabled" => locale::text(locale, "audit.two_factor_disabled"),
        "two_factor_reset" => locale::text(locale, "audit.two_factor_reset"),
        "recovery_codes_renewed" => locale::text(locale, "audit.recovery_codes_renewed"),
        "recovery_code_used" => locale::text(locale, "audit.recovery_code_used"),
        "session_revoked" => locale::text(locale, "audit.session_revoked"),
        "sessions_revoked" => locale::text(locale, "audit.sessions_revoked"),
        "queue" => locale::text(locale, "audit.queue"),
        "correct" => locale::text(locale, "audit.correct"),
        _ => name.to_owned(),
    }
}

/// The label of what changed: a field, or what else entries say.
pub(super) fn field(locale: Locale, resource: Option<&Resource>, name: &str) -> String {
    if let Some(resource) = resource.filter(|resource| resource.field(name).is_some()) {
        return locale::field(locale, resource.name, name);
    }
    match name {
        "format" => locale::text(locale, "audit.field.format"),
        "rows" => locale::text(locale, "audit.field.rows"),
        "columns" => locale::text(locale, "audit.field.columns"),
        "filters" => locale::text(locale, "audit.field.filters"),
        "revealed" => locale::text(locale, "audit.field.revealed"),
        "fields" => locale::text(locale, "audit.field.fields"),
        "created" => locale::text(locale, "audit.field.created"),
        "updated" => locale::text(locale, "audit.field.updated"),
        "merged_from" | "merged_into" => locale::text(locale, "audit.field.other"),
        _ => locale::find(locale, &format!("field.{name}")).unwrap_or(name).to_owned(),
    }
}
