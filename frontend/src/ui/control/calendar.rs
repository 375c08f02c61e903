//! A month to choose a day from, with the keyboard as with the pointer. Weeks
//! start on Sunday; holidays of the whole country are marked and named.

use chrono::{Datelike, Days, Months, NaiveDate};
use conexao_domain::{
    kernel::calendar::{Holiday, holidays},
    locale,
};
use leptos::{ev::KeyboardEvent, prelude::*};

use crate::{
    format, i18n, t, td,
    ui::{focus, icon::icon},
};

/// What the calendar needs to know.
#[derive(Clone)]
pub struct Calendar {
    /// Unique in the page; its days are called after it.
    pub id: String,
    /// The present value.
    pub chosen: Signal<Option<NaiveDate>>,
    /// Takes a day, or none when the value is cleared.
    pub pick: Callback<Option<NaiveDate>>,
    /// Closes without a choice.
    pub close: Callback<()>,
}

/// The calendar, opened at the value or today; the day has the focus.
pub fn calendar(calendar: Calendar) -> AnyView {
    let today = format::today();
    let (pick, close) = (calendar.pick, calendar.close);
    let at = RwSignal::new(calendar.chosen.get_untracked().unwrap_or(today));
    let month = Memo::new(move |_| first_of_month(at.get()));
    let id = calendar.id.clone();
    let follow = move |day: NaiveDate| {
        at.set(day);
        let id = day_id(&id, day);
        match focus::by_id(&id) {
            Some(button) => focus::give(Some(button)),
            // Of another month, which is drawn first.
            None => request_animation_frame(move || focus::give(focus::by_id(&id))),
        }
    };
    follow(at.get_untracked());
    let follow = StoredValue::new(follow);
    let keys = move |event: KeyboardEvent| {
        let (now, key) = (at.get_untracked(), event.key());
        // The day itself may not have the focus yet when keys follow quickly.
        let chosen = matches!(key.as_str(), "Enter" | " ");
        if key == "Escape" || chosen {
            event.stop_propagation();
            event.prevent_default();
            if chosen { pick.run(Some(now)) } else { close.run(()) }
        } else if let Some(day) = moved(now, &key, event.shift_key()) {
            event.prevent_default();
            event.stop_propagation();
            follow.with_value(|follow| follow(day));
        }
    };
    let head = head(at);
    let Calendar { id, chosen, .. } = calendar;
    let label = month_id(&id);
    let days = {
        let (id, label) = (id.clone(), label.clone());
        move || grid(&id, &label, month.get(), Month { at, chosen, today, pick }, keys)
    };
    view! {
        <div class="grid gap-2 p-3">
            <div class="flex items-center gap-1">
                {head}
                <p id=label.clone() class="num order-2 flex-1 text-center text-sm font-semibold" aria-live="polite">
                    {move || month_name(month.get())}
                </p>
            </div>
            {days}
            <div class="flex justify-between border-t border-line pt-2">
                <button type="button" class="btn btn-xs btn-quiet" on:click=move |_| pick.run(Some(today))>{t!("date.today")}</button>
                <button type="button" class="btn btn-xs btn-quiet" on:click=move |_| pick.run(None)>{t!("calendar.clear")}</button>
            </div>
        </div>
    }
    .into_any()
}

/// What each day of a month needs.
#[derive(Clone, Copy)]
struct Month {
    at: RwSignal<NaiveDate>,
    chosen: Signal<Option<NaiveDate>>,
    today: NaiveDate,
    pick: Callback<Option<NaiveDate>>,
}

/// The buttons to other months and years; the month's name stands between them.
fn head(at: RwSignal<NaiveDate>) -> AnyView {
    let step = move |order: &'static str, art: &'static str, label: String, key: &'static str, far: bool| {
        let click = move |_| {
            if let Some(day) = moved(at.get_untracked(), key, far) {
                at.set(day);
            }
        };
        let twice = far.then(|| icon(art, "i i-sm -ml-2.5"));
        let class = format!("icon-btn icon-btn-sm {order}");
        view! {
            <button type="button" class=class aria-label=label.clone() title=label on:click=click>
                <span class="flex">{icon(art, "i i-sm")} {twice}</span>
            </button>
        }
    };
    view! {
        {step("order-0", "chevron-left", t!("calendar.year_before"), "PageUp", true)}
        {step("order-1", "chevron-left", t!("calendar.month_before"), "PageUp", false)}
        {step("order-3", "chevron-right", t!("calendar.month_after"), "PageDown", false)}
        {step("order-4", "chevron-right", t!("calendar.year_after"), "PageDown", true)}
    }
    .into_any()
}

fn grid(
    id: &str,
    label: &str,
    month: NaiveDate,
    days: Month,
    keys: impl Fn(KeyboardEvent) + Clone + Send + Sync + 'static,
) -> AnyView {
    let feasts = feasts(month);
    let heads = (0..7).map(|day: u32| {
        let name = td!("weekday.", &day.to_string());
        let letter: String = name.chars().next().into_iter().collect();
        view! {
            <th scope="col" class="h-7 text-2xs font-medium text-ink-3">
                <span aria-hidden="true">{letter}</span>
                <span class="sr-only">{name}</span>
            </th>
        }
    });
    let weeks = weeks(month).into_iter().map(|week| {
        let cells = week.into_iter().map(|day| {
            let feast = feasts.iter().find(|(on, _)| *on == day).map(|(_, feast)| *feast);
            cell(id, day, month, feast, days)
        });
        view! { <tr>{cells.collect_view()}</tr> }
    });
    view! {
        <table role="grid" aria-labelledby=label.to_owned() class="w-full table-fixed text-center" on:keydown=keys>
            <thead>
                <tr>{heads.collect_view()}</tr>
            </thead>
            <tbody>{weeks.collect_view()}</tbody>
        </table>
    }
    .into_any()
}

fn cell(id: &str, day: NaiveDate, month: NaiveDate, feast: Option<Holiday>, days: Month) -> AnyView {
    let Month { at, chosen, today, pick } = days;
    let is_chosen = Memo::new(move |_| chosen.get() == Some(day));
    let has_focus = Memo::new(move |_| at.get() == day);
    let feast = feast.map(|feast| locale::text(i18n::locale(), &format!("holiday.{}", feast.key())));
    let label = match &feast {
        Some(feast) => format!("{}, {feast}", format::date_long(day)),
        None => format::date_long(day),
    };
    let outside = day.month() != month.month();
    let mark = feast.as_ref().map(|_| view! { <span class="cal-feast" aria-hidden="true"></span> });
    view! {
        <td class="p-0">
            <button
                type="button"
                id=day_id(id, day)
                class="cal-day num"
                class:is-outside=outside
                class:is-today=day == today
                aria-label=label
                title=feast
                aria-current=(day == today).then_some("date")
                aria-pressed=move || is_chosen.get().to_string()
                tabindex=move || if has_focus.get() { "0" } else { "-1" }
                on:click=move |_| pick.run(Some(day))
            >
                {day.day()}
                {mark}
            </button>
        </td>
    }
    .into_any()
}

fn day_id(id: &str, day: NaiveDate) -> String {
    format!("{id}-{day}")
}

fn month_id(id: &str) -> String {
    format!("{id}-month")
}

/// `novembro de 2026`.
fn month_name(month: NaiveDate) -> String {
    t!("calendar.month", month = td!("month.", &month.month().to_string()), year = month.year())
}

fn first_of_month(day: NaiveDate) -> NaiveDate {
    day.with_day(1).unwrap_or(day)
}

/// Six weeks that hold the month, so that the calendar keeps its height.
fn weeks(month: NaiveDate) -> Vec<Vec<NaiveDate>> {
    let before = u64::from(month.weekday().num_days_from_sunday());
    let first = month.checked_sub_days(Days::new(before)).unwrap_or(month);
    let week = |n: u64| first.checked_add_days(Days::new(n * 7)).map(|day| day.iter_days().take(7).collect());
    (0..6).filter_map(week).collect()
}

/// Holidays of the years that the month's weeks touch.
fn feasts(month: NaiveDate) -> Vec<(NaiveDate, Holiday)> {
    (month.year() - 1..=month.year() + 1).flat_map(holidays).collect()
}

/// Where a key leads from a day; none for keys that do not move.
fn moved(day: NaiveDate, key: &str, far: bool) -> Option<NaiveDate> {
    let in_week = u64::from(day.weekday().num_days_from_sunday());
    let months = Months::new(if far { 12 } else { 1 });
    match key {
        "ArrowLeft" => day.pred_opt(),
        "ArrowRight" => day.succ_opt(),
        "ArrowUp" => day.checked_sub_days(Days::new(7)),
        "ArrowDown" => day.checked_add_days(Days::new(7)),
        "Home" => day.checked_sub_days(Days::new(in_week)),
        "End" => day.checked_add_days(Days::new(6 - in_week)),
        "PageUp" => day.checked_sub_months(months),
        "PageDown" => day.checked_add_months(months),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    #[test]
    fn weeks_start_on_sunday() {
        let weeks = weeks(day("2026-11-01"));
        assert_eq!(weeks.len(), 6);
        assert_eq!(weeks.first().and_then(|week| week.first()), Some(&day("2026-11-01")));
        let of_may = super::weeks(day("2026-05-01"));
        assert_eq!(of_may.first().and_then(|week| week.first()), Some(&day("2026-04-26")));
    }

    #[test]
    fn keys_move_by_days_weeks_months_and_years() {
        let from = |key, far| moved(day("2026-03-31"), key, far).unwrap();
        assert_eq!(from("ArrowRight", false), day("2026-04-01"));
        assert_eq!(from("ArrowUp", false), day("2026-03-24"));
        assert_eq!(from("Home", false), day("2026-03-29"));
        assert_eq!(from("End", false), day("2026-04-04"));
        assert_eq!(from("PageUp", false), day("2026-02-28"));
        assert_eq!(from("PageDown", true), day("2027-03-31"));
        assert_eq!(moved(day("2026-03-31"), "x", false), None);
    }
}
