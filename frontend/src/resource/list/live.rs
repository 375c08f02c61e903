//! Changes others make while the list is open. Rows on the screen are
//! refreshed in place; new ones wait behind "3 novas".

use leptos::{prelude::*, task::spawn_local};

use super::model::List;
use crate::{
    api::{jobs::Job, live::RecordEvent, records},
    state::app,
};

/// Follows what the server says for as long as the list stands.
pub fn follow(list: List) {
    Effect::new(move |before: Option<()>| {
        let event = app().live.record.get();
        if let (Some(()), Some(event)) = (before, event.filter(|e| e.resource == list.resource.name)) {
            take(list, event);
        }
    });
    Effect::new(move |before: Option<()>| {
        let job = app().live.job.get();
        let mine =
            |job: &Job| job.is_over() && job.kind != "export" && job.resource.as_deref() == Some(list.resource.name);
        if let (Some(()), Some(_)) = (before, job.filter(mine)) {
            list.reload();
        }
    });
}

fn take(list: List, event: RecordEvent) {
    let Some(row) = list.row(&event.id) else {
        let mine = event.actor_id.as_deref() == Some(app().session.user_id().as_str());
        if event.action == "create" && !mine {
            list.arrived.update(|n| *n += 1);
        }
        return;
    };
    if event.action == "delete" {
        list.take_off(&[event.id].into());
    } else if row.version() < event.version {
        spawn_local(async move {
            if let Ok(record) = records::get(list.resource, &event.id).await {
                list.put(&record);
            }
        });
    }
}
