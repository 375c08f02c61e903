//! What wants a look today: days by which something has to be done that are
//! past or near, of every kind of record that has such days. The strip is there
//! from the start, so nothing below it moves when the counts come.

use conexao_domain::kernel::{field::Field, flow::Tone, resource::Resource};
use leptos::prelude::*;

use super::{
    fetch, live,
    scope::{self, Scope},
};
use crate::{
    api::records,
    format, i18n,
    shell::menu,
    t,
    ui::{icon::glyph, load::Load},
};

/// The strip; nothing for those who may read nothing with such days.
pub fn strip() -> AnyView {
    let watched: Vec<Watched> = menu::visible()
        .filter(|resource| !resource.area.is_administration())
        .flat_map(|resource| scope::due_fields(resource).into_iter().map(move |field| Watched::new(resource, field)))
        .collect();
    if watched.is_empty() {
        return ().into_any();
    }
    let entries = move || {
        let all: Vec<AnyView> = watched.iter().flat_map(Watched::entries).collect();
        let ready = watched.iter().all(|one| one.late.ready().is_some() && one.soon.ready().is_some());
        match (all.is_empty(), ready) {
            (true, true) => view! { <li class="attention-item"><span class="flex text-ok">{glyph("success")}</span> {t!("dash.calm")}</li> }.into_any(),
            (true, false) => ().into_any(),
            (false, _) => all.collect_view().into_any(),
        }
    };
    view! {
        <section class="panel attention" aria-label=t!("dash.attention")>
            <h2 class="panel-title">{t!("dash.attention")}</h2>
            <ul class="attention-list">{entries}</ul>
        </section>
    }
    .into_any()
}

/// One day of one kind of record.
#[derive(Clone, Copy)]
struct Watched {
    resource: &'static Resource,
    field: &'static Field,
    late: Load<i64>,
    soon: Load<i64>,
}

impl Watched {
    fn new(resource: &'static Resource, field: &'static Field) -> Self {
        let one = Self { resource, field, late: Load::new(), soon: Load::new() };
        live::follow(resource, move || {
            for (load, scope) in one.both() {
                let params = scope.query(resource);
                load.run(async move { records::count(resource, &params).await });
            }
        });
        one
    }

    const fn both(&self) -> [(Load<i64>, Scope); 2] {
        [(self.late, Scope::Late(self.field)), (self.soon, Scope::Soon(self.field))]
    }

    /// An entry for each count that is not nothing; tracked.
    fn entries(&self) -> Vec<AnyView> {
        let entry = |(load, scope): (Load<i64>, Scope)| {
            let count = load.ready().filter(|count| *count > 0)?;
            let (tone, colour) =
                if scope.is_bad() { (Tone::Danger, "text-danger flex") } else { (Tone::Waiting, "text-waiting flex") };
            let href = fetch::rows(self.resource, &scope.query(self.resource));
            let what = scope::lower(&i18n::resources(self.resource));
            Some(
                view! {
                    <li>
                        <a class="attention-item hover:bg-hover" href=href>
                            <span class=colour>{glyph(tone.name())}</span> <span class="min-w-0"><b class="num">{format::integer(count)}</b> " " {what} " " {scope.words(self.resource)}</span>
                        </a>
                    </li>
                }
                .into_any(),
            )
        };
        self.both().into_iter().filter_map(entry).collect()
    }
}
