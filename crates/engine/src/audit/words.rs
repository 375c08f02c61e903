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
        "retention" => locale::text(locale, "audit.retention"),
        "tenant" => locale::text(locale, "audit.tenant"),
        "integration" => locale::text(locale, "audit.integration"),
        "company" => locale::text(locale, "audit.company"),
        "channel" => locale::text(locale, "audit.channel"),
        "message_template" => locale::text(locale, "audit.message_template"),
        "dashboard" => locale::text(locale, "audit.dashboard"),
        "preference" => locale::text(locale, "audit.preference"),
        "saved_view" => locale::text(locale, "audit.saved_view"),
        "notification" => locale::text(locale, "audit.notification"),
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
        "undo" => locale::text(locale, "audit.undo"),
        "cancel" => locale::text(locale, "audit.cancel"),
        "retry" => locale::text(locale, "audit.retry"),
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
        "logout" => locale::text(locale, "audit.logout"),
        "session_reused" => locale::text(locale, "audit.session_reused"),
        "login_failed" => locale::text(locale, "audit.login_failed"),
        "set_password" => locale::text(locale, "audit.set_password"),
        "two_factor_enabled" => locale::text(locale, "audit.two_factor_enabled"),
        "two_factor_disabled" => locale::text(locale, "audit.two_factor_disabled"),
        "two_factor_reset" => locale::text(locale, "audit.two_factor_reset"),
        "recovery_codes_renewed" => locale::text(locale, "audit.recovery_codes_renewed"),
        "recovery_code_used" => locale::text(locale, "audit.recovery_code_used"),
        "session_revoked" => locale::text(locale, "audit.session_revoked"),
        "sessions_revoked" => locale::text(locale, "audit.sessions_revoked"),
        "passkey_added" => locale::text(locale, "audit.passkey_added"),
        "passkey_removed" => locale::text(locale, "audit.passkey_removed"),
        "passkey_renamed" => locale::text(locale, "audit.passkey_renamed"),
        "passkey_blocked" => locale::text(locale, "audit.passkey_blocked"),
        "email_asked" => locale::text(locale, "audit.email_asked"),
        "change_password" => locale::text(locale, "audit.change_password"),
        "set_credentials" => locale::text(locale, "audit.set_credentials"),
        "remove_credentials" => locale::text(locale, "audit.remove_credentials"),
        "try_credentials" => locale::text(locale, "audit.try_credentials"),
        "clock" => locale::text(locale, "audit.clock"),
        "reset" => locale::text(locale, "audit.reset"),
        "sandbox" => locale::text(locale, "audit.sandbox"),
        "plan" => locale::text(locale, "audit.plan"),
        "suspend" => locale::text(locale, "audit.suspend"),
        "reinstate" => locale::text(locale, "audit.reinstate"),
        "queue" => locale::text(locale, "audit.queue"),
        "pause" => locale::text(locale, "audit.pause"),
        "resume" => locale::text(locale, "audit.resume"),
        "send" => locale::text(locale, "audit.send"),
        "notice_defaults" => locale::text(locale, "audit.notice_defaults"),
        "phone_asked" => locale::text(locale, "audit.phone_asked"),
        "channel_added" => locale::text(locale, "audit.channel_added"),
        "channel_removed" => locale::text(locale, "audit.channel_removed"),
        "correct" => locale::text(locale, "audit.correct"),
        "anonymise" => locale::text(locale, "audit.anonymise"),
        "redact" => locale::text(locale, "audit.redact"),
        "dispose" => locale::text(locale, "audit.dispose"),
        "search" => locale::text(locale, "audit.search"),
        "deliver" => locale::text(locale, "audit.deliver"),
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
        "reason" => locale::text(locale, "audit.field.reason"),
        "request" => locale::text(locale, "audit.field.request"),
        "plan" => locale::text(locale, "audit.field.plan"),
        "years" => locale::text(locale, "audit.field.years"),
        "created" => locale::text(locale, "audit.field.created"),
        "updated" => locale::text(locale, "audit.field.updated"),
        "widgets" => locale::text(locale, "audit.field.widgets"),
        "shortcuts" => locale::text(locale, "audit.field.shortcuts"),
        "shortcuts_off" => locale::text(locale, "audit.field.shortcuts_off"),
        "undoes" => locale::text(locale, "audit.field.undoes"),
        "merged_from" | "merged_into" => locale::text(locale, "audit.field.other"),
        _ => locale::find(locale, &format!("field.{name}")).unwrap_or(name).to_owned(),
    }
}
