//! The national holidays of a year, which nobody has to enter.

use chrono::Datelike;
use conexao_domain::{kernel::calendar::holidays, locale};
use leptos::prelude::*;

use crate::{format, i18n, t, ui::icon::icon};

pub fn panel() -> AnyView {
    let year = RwSignal::new(format::today().year());
    let rows = move || {
        let found = holidays(year.get());
        let row = |(day, holiday): (chrono::NaiveDate, conexao_domain::kernel::calendar::Holiday)| {
            let name = locale::text(i18n::locale(), &format!("holiday.{}", holiday.key()));
            let optional =
                holiday.is_optional().then(|| view! { <span class="tag ml-2">{t!("company.optional")}</span> });
            view! {
                <tr>
                    <td class="num">{format::date(day)}</td>
                    <td>{name} {optional}</td>
                </tr>
            }
        };
        found.into_iter().map(row).collect_view()
    };
    let step = move |by: i32, art: &'static str, label: String| {
        view! {
            <button type="button" class="icon-btn icon-btn-sm" aria-label=label on:click=move |_| year.update(|year| *year += by)>
                {icon(art, "i i-sm")}
            </button>
        }
    };
    view! {
        <section class="panel">
            <header class="panel-head">
                <h2 class="panel-title">{t!("company.holidays")}</h2>
                <span class="ml-auto flex items-center gap-1">
                    {step(-1, "chevron-left", t!("company.year_before"))}
                    <span class="num text-sm" aria-live="polite">{move || year.get()}</span>
                    {step(1, "chevron-right", t!("company.year_after"))}
                </span>
            </header>
            <div class="tbl-wrap">
                <table class="tbl tbl-compact">
                    <thead>
                        <tr><th scope="col">{t!("company.day")}</th><th scope="col">{t!("company.holiday")}</th></tr>
                    </thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </section>
    }
    .into_any()
}
