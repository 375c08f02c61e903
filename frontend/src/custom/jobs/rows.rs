//! The rows of a job that failed, with the reason of each.

use leptos::prelude::*;

use crate::{
    api::jobs::{self, JobRow, JobRows},
    format, i18n,
    screen::record_path,
    t,
    ui::{load::Load, more::more, skeleton},
};

pub fn rows(job: String, resource: Option<String>) -> AnyView {
    let load = Load::<JobRows>::new();
    let id = job.clone();
    load.run(async move { jobs::rows(&id, true, None).await });
    let shown = move || match load.answer.get() {
        None if load.slow.get() => skeleton::lines(3),
        None => ().into_any(),
        Some(Err(failure)) => view! { <p class="hint mt-2" role="alert">{failure.message()}</p> }.into_any(),
        Some(Ok(page)) => {
            let rows = page.items.into_iter().map(|row| one(row, resource.as_deref())).collect_view();
            let job = job.clone();
            let more = page.next.map(|after| {
                let fetch = move || {
                    let (job, after) = (job.clone(), after.clone());
                    async move { jobs::rows(&job, true, Some(&after)).await }
                };
                more(load, fetch, |page, older| {
                    page.items.extend(older.items);
                    page.next = older.next;
                })
            });
            view! {
                <div class="tbl-wrap mt-3 max-h-96 overflow-y-auto rounded-lg border border-line" tabindex="0" role="region" aria-label=t!("center.see_rows")>
                    <table class="tbl tbl-compact">
                        <thead>
                            <tr>
                                <th scope="col" class="w-20">{t!("import.line")}</th>
                                <th scope="col">{t!("import.reason")}</th>
                                <th scope="col"><span class="sr-only">{t!("center.record")}</span></th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                    {more}
                </div>
            }
            .into_any()
        }
    };
    shown.into_any()
}

fn one(row: JobRow, resource: Option<&str>) -> AnyView {
    let reasons = row.errors.iter().map(|error| {
        let field = error.field.clone().map(|field| format!("{field}: "));
        let why = if error.message.is_empty() { i18n::invalid(&error.code) } else { error.message.clone() };
        view! { <span class="block">{field} {why}</span> }
    });
    let path = resource.zip(row.record_id.as_deref()).and_then(|(resource, id)| record_path(resource, id));
    let open = path.map(|path| view! { <a class="lnk" href=path>{t!("center.record")}</a> });
    view! {
        <tr>
            <td class="num">{format::integer(row.line)}</td>
            <td class="whitespace-normal!">{reasons.collect_view()}</td>
            <td class="r">{open}</td>
        </tr>
    }
    .into_any()
}
