//! Every operation that every resource has.

mod bulk;
mod export;
mod notes;
mod presence;
mod read;
mod write;

pub(crate) use export::{answers, send};
pub(crate) use read::Pairs;

use conexao_domain::kernel::{problem::Code, resource::Resource};
use serde_json::json;

use crate::{
    Operation, Routes,
    openapi::schema_name,
    routes::{component, counted, object, page},
};

/// List parameters, for the document.
pub(crate) const LIST_QUERY: &[(&str, &str)] = &[
    ("q", "Text search: every word occurs; accents, case and punctuation are forgiven"),
    (
        "filter[field][op]",
        "Filter on a declared field; op is eq (default), ne, in, gte, lte, gt, lt, contains or empty; values may be @me, @today, @today-7, @week, @month, @year",
    ),
    ("where", "Filter tree as JSON: {\"or\":[{\"field\":\"…\",\"op\":\"eq\",\"value\":…}]}"),
    ("sort", "Comma-separated sortable fields, `-` for descending"),
    ("after", "Cursor of the previous page"),
    ("limit", "Rows per page, 1 to 200; 50 unless told"),
    ("count", "`exact` adds the number of matching records"),
];

/// Mounts and documents the resource.
pub fn routes(routes: &mut Routes<'_>, resource: &'static Resource) {
    let path = format!("/{}", resource.path);
    let one = format!("{path}/{{id}}");
    export::routes(routes, resource, &path);
    read_routes(routes, resource, &path, &one);
    write_routes(routes, resource, &path, &one);
    bulk::routes(routes, resource, &path);
    notes::routes(routes, resource, &one);
    presence::routes(routes, resource, &one);
}

fn operation(resource: &Resource, verb: &str, summary: &str) -> Operation {
    Operation::new(resource.name, summary).permission(format!("{}.{verb}", resource.name))
}

fn read_routes(routes: &mut Routes<'_>, resource: &'static Resource, path: &str, one: &str) {
    let record = || component(&schema_name(resource));
    let hints = || object(&[("items", json!({ "type": "array", "items": component("Hint") }))]);
    let listed = operation(resource, "read", "List").query(LIST_QUERY).answer(200, counted(&record()));
    routes.get(path, listed, move |caller, query| read::list(resource, caller, query));
    let looked_up = operation(resource, "read", "Autocomplete").query(&[("q", "What was typed")]).answer(200, hints());
    routes.get(&format!("{path}/lookup"), looked_up, move |caller, query| read::lookup(resource, caller, query));
    let compared = operation(resource, "read", "Possible duplicates")
        .query(&[("exclude", "Id of the record itself")])
        .answer(200, hints());
    routes.get(&format!("{path}/duplicates"), compared, move |caller, query| read::duplicates(resource, caller, query));
    let grouped = operation(resource, "read", "Counts and sums by a field, or over time")
        .query(&[
            ("by", "Filterable field that makes the groups"),
            ("group", "The same by its older name"),
            ("interval", "`day`, `week` (from Sunday on) or `month`: groups of time by their first day in the company's zone, oldest first, at most 400 and the newest of them; gaps are left out"),
            ("split", "Filterable field that parts each group"),
            ("sum", "Number field to sum"),
        ])
        .query(LIST_QUERY)
        .answer(200, object(&[("groups", json!({ "type": "array", "items": component("Group") }))]));
    routes.get(&format!("{path}/aggregate"), grouped, move |caller, query| read::aggregate(resource, caller, query));
    let read_one = operation(resource, "read", "Read one; personal data is masked").answer(200, record());
    routes.get(one, read_one, move |caller, id| read::get(resource, caller, id));
    reveal_route(routes, resource, one);
    let told = operation(resource, "read", "Timeline")
        .query(&[("after", "`next` of the previous page")])
        .answer(200, page(&component("TimelineEntry")));
    routes.get(&format!("{one}/timeline"), told, move |caller, id, query| read::timeline(resource, caller, id, query));
}

/// For resources with something to hide.
fn reveal_route(routes: &mut Routes<'_>, resource: &'static Resource, one: &str) {
    let lines = resource.lines().any(|(_, lines)| lines.fields.iter().any(|field| field.personal));
    if !lines && !resource.fields.iter().any(|field| field.personal) {
        return;
    }
    let field = json!({ "type": "string", "maxLength": 200, "description": "`document`, or `contacts.<id of the line>.value`" });
    let reason = json!({ "type": ["string", "null"], "maxLength": 300 });
    let value = json!({ "description": "The value in full" });
    let revealed = operation(resource, "reveal", "One masked value in full; each look is recorded")
        .body(object(&[("field", field), ("reason", reason)]))
        .answer(200, object(&[("field", json!({ "type": "string" })), ("value", value)]));
    routes.post(&format!("{one}/reveal"), revealed, move |id, body| read::reveal(resource, id, body));
}

fn write_routes(routes: &mut Routes<'_>, resource: &'static Resource, path: &str, one: &str) {
    let record = || component(&schema_name(resource));
    let input = || component(&format!("{}Input", schema_name(resource)));
    let created =
        operation(resource, "create", "Create").body(input()).refuses(&[Code::Duplicate]).answer(201, record());
    routes.post(path, created, move |body| write::create(resource, body));
    let patched = operation(resource, "update", "Change fields")
        .body(input())
        .if_match()
        .refuses(&[Code::Duplicate])
        .answer(200, record());
    routes.patch(one, patched, move |request, id, body| write::patch(resource, request, id, body));
    let removed =
        operation(resource, "delete", "Remove; `restore` takes it back").if_match().refuses(&[Code::InUse]).empty(204);
    routes.delete(one, removed, move |request, caller, id| write::remove(resource, request, caller, id));
    let restored = operation(resource, "delete", "Undo a removal").refuses(&[Code::Duplicate]).answer(200, record());
    routes.post(&format!("{one}/actions/restore"), restored, move |id, body| write::restore(resource, id, body));
    let undone = "Take back my own last change or step, within a minute; its own permission is needed too";
    let undone =
        operation(resource, "read", undone).if_match().refuses(&[Code::NotUndoable, Code::Duplicate, Code::Validation]);
    routes.post(&format!("{one}/actions/undo"), undone.answer(200, record()), move |request, id, body| {
        write::undo(resource, request, id, body)
    });
    for step in resource.flow.map(|f| f.steps).unwrap_or_default() {
        let summary = format!("{} → {}", step.from.join(", "), step.to);
        let inputs = crate::openapi::inputs(resource, step);
        let taken = operation(resource, step.name, &summary).body(inputs).if_match();
        let taken = taken.four_eyes(step.four_eyes);
        let taken = taken.refuses(&[Code::StepRefused, Code::Duplicate]).answer(200, record());
        routes.post(&format!("{one}/actions/{}", step.name), taken, move |request, id, body| {
            write::step(resource, step.name, request, id, body)
        });
    }
}
