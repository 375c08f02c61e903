//! Every event there is, from the declarations: for people who subscribe.

use std::fmt::Write;

use conexao_domain::{
    kernel::resource::Resource,
    locale::{self, Locale},
    registry::{RESOURCES, events_of},
};

/// One event: its name, and when it happens.
pub(super) struct Event {
    pub name: String,
    pub when: String,
}

/// The events of a resource.
pub(super) fn of(resource: &Resource) -> Vec<Event> {
    let steps = resource.flow.map(|flow| flow.steps).unwrap_or_default();
    let when = |name: &str| {
        let action = name.rsplit('.').next().unwrap_or_default();
        match (action, steps.iter().find(|step| step.name == action)) {
            (_, Some(step)) => format!("{} → {}", step.from.join(", "), step.to),
            ("create", _) => "a record was made".to_owned(),
            ("update", _) => "fields changed; `changed` names them".to_owned(),
            ("delete", _) => "a record was removed".to_owned(),
            ("restore", _) => "a removal was undone".to_owned(),
            ("undo", _) => "a change or a step was taken back; `changed` names the fields".to_owned(),
            ("import", _) => "an import made or changed a record".to_owned(),
            (other, _) => other.replace('_', " "),
        }
    };
    events_of(resource).into_iter().map(|name| Event { when: when(&name), name }).collect()
}

/// The catalogue as Markdown, for the repository.
pub fn catalogue() -> String {
    let mut out = String::from(
        "# Events\n\nWritten by `cargo xtask openapi`; do not edit. A webhook subscribes to these by name (`/api/v1/webhook-events`).\n",
    );
    for resource in RESOURCES.iter().filter(|resource| !events_of(resource).is_empty()) {
        let title = locale::text(Locale::En, &format!("resource.{}.plural", resource.name));
        let _ = write!(out, "\n## {title}\n\n| Event | When |\n|---|---|\n");
        for Event { name, when } in of(resource) {
            let _ = writeln!(out, "| `{name}` | {when} |");
        }
    }
    out
}
