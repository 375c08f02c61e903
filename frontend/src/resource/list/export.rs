//! The list as a file.

use leptos::{prelude::*, task::spawn_local};

use super::{model::List, query::Condition};
use crate::{
    api::{Params, files, files::Export},
    state::app,
    t,
    ui::{
        icon::icon,
        popover::{Item, Trigger, menu},
        toast,
    },
};

/// The button with the formats.
pub fn button(list: List) -> AnyView {
    let inside = view! { {icon("file-spreadsheet", "i")} {t!("list.export")} };
    let trigger = Trigger { class: "btn btn-sm btn-line", label: None, inside: inside.into_any() };
    let formats = move || {
        let query = move || list.query.get_untracked().ordered();
        vec![
            Item::new("file-spreadsheet", t!("export.xlsx"), move || export(list, "xlsx", query())),
            Item::new("file-text", t!("export.csv"), move || export(list, "csv", query())),
            Item::new("brackets", t!("export.jsonl"), move || export(list, "jsonl", query())),
        ]
    };
    menu(trigger, "right-0 top-9 w-60", formats)
}

/// The selected records as a spreadsheet.
pub fn selection(list: List) {
    let query = list.query.get_untracked();
    let ids = list.selected.get_untracked();
    let params = if list.every.get_untracked() {
        query.ordered()
    } else {
        let Some(id) = list.resource.field("id") else { return };
        let ids = ids.into_iter().collect::<Vec<_>>().join(",");
        query.cleared().with_field(id, vec![Condition::new(id, conexao_domain::kernel::query::Op::In, ids)]).ordered()
    };
    export(list, "xlsx", params);
}

/// Everything the list shows now.
pub fn all(list: List, format: &'static str) {
    export(list, format, list.query.get_untracked().ordered());
}

fn export(list: List, format: &'static str, params: Params) {
    let resource = list.resource;
    let columns: Vec<&'static str> = list.columns.read_untracked().iter().map(|c| c.field.name).collect();
    toast::say(t!("export.started"));
    spawn_local(async move {
        match files::export(resource, format, &columns, &params).await {
            Ok(Export::File(file)) => {
                file.save();
                toast::say(t!("export.done", name = file.name));
            }
            Ok(Export::Job(job)) => {
                app().live.follow(*job);
                toast::say(t!("export.job"));
            }
            Err(failure) => toast::fail(&failure),
        }
    });
}
