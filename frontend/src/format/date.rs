//! Days and moments. Instants are shown in the company's time zone.

use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Timelike, Utc, Weekday};
use conexao_domain::locale::Locale;

use crate::{i18n, state::app, t, td, tn};

/// The present moment, as the company's clock shows it.
pub fn now() -> DateTime<Utc> {
    app().session.clock_now().map_or_else(Utc::now, |clock| clock.show(Utc::now()))
}

/// Today in the company's time zone.
pub fn today() -> NaiveDate {
    local(now()).date()
}

/// A moment on the clocks of the company.
#[cfg(target_arch = "wasm32")]
pub fn local(at: DateTime<Utc>) -> NaiveDateTime {
    use js_sys::{Date, Object, Reflect};
    use wasm_bindgen::JsValue;

    let zone = crate::state::app().session.time_zone();
    let date = Date::new_0();
    // Milliseconds of any plausible instant are exact in a double.
    date.set_time(at.timestamp_millis().to_string().parse().unwrap_or_default());
    let options = Object::new();
    if !zone.is_empty() {
        let _ = Reflect::set(&options, &JsValue::from_str("timeZone"), &JsValue::from_str(&zone));
    }
    // Swedish writes dates the way computers do: `2026-11-19 15:47:00`.
    let text = String::from(date.to_locale_string("sv-SE", &options));
    NaiveDateTime::parse_from_str(&text, "%Y-%m-%d %H:%M:%S").unwrap_or_else(|_| at.naive_utc())
}

/// A moment on the clocks of São Paulo, for native tests.
#[cfg(not(target_arch = "wasm32"))]
pub fn local(at: DateTime<Utc>) -> NaiveDateTime {
    at.naive_utc() - chrono::TimeDelta::hours(3)
}

/// `19/11/2026`; in English `19 Nov 2026`.
pub fn date(day: NaiveDate) -> String {
    date_in(i18n::locale(), day)
}

fn date_in(locale: Locale, day: NaiveDate) -> String {
    match locale {
        Locale::PtBr => day.format("%d/%m/%Y").to_string(),
        Locale::En => day.format("%-d %b %Y").to_string(),
    }
}

/// `19/11` whatever the year: on axes, which say theirs elsewhere.
pub fn day_of_month(day: NaiveDate) -> String {
    date_short_in(i18n::locale(), day, day)
}

/// `19/11`, with the year when it is not this one.
pub fn date_short(day: NaiveDate) -> String {
    date_short_in(i18n::locale(), day, today())
}

fn date_short_in(locale: Locale, day: NaiveDate, today: NaiveDate) -> String {
    match locale {
        _ if day.year() != today.year() => date_in(locale, day),
        Locale::PtBr => day.format("%d/%m").to_string(),
        Locale::En => day.format("%-d %b").to_string(),
    }
}

/// `15:47` in the company's time zone.
pub fn clock(at: DateTime<Utc>) -> String {
    let at = local(at);
    format!("{:02}:{:02}", at.hour(), at.minute())
}

/// `19/11/2026, 15:47`.
pub fn instant(at: DateTime<Utc>) -> String {
    format!("{}, {}", date(local(at).date()), clock(at))
}

/// The same of a moment as the server writes it; empty when it is none.
pub fn moment(text: &str) -> String {
    text.parse().map(instant).unwrap_or_default()
}

/// How long ago: `agora`, `há 4 min`, `15:47`, `ontem, 15:47`, `19/11, 15:47`.
pub fn ago(at: DateTime<Utc>) -> String {
    ago_from(at, now())
}

fn ago_from(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    let minutes = (now - at).num_minutes();
    let days = (local(now).date() - local(at).date()).num_days();
    match (minutes, days) {
        (..1, _) => t!("date.now"),
        (1..60, _) => tn!("date.minutes", minutes),
        (_, 0) => clock(at),
        (_, 1) => t!("date.yesterday_at", time = clock(at)),
        _ => format!("{}, {}", date_short_in(i18n::locale(), local(at).date(), local(now).date()), clock(at)),
    }
}

/// The day a group of entries is under: `Hoje`, `Ontem` or the date.
pub fn day_name(day: NaiveDate) -> String {
    match (today() - day).num_days() {
        0 => t!("date.today"),
        1 => t!("date.yesterday"),
        _ => date(day),
    }
}

/// `quinta-feira, 19 de novembro de 2026`, today.
pub fn today_long() -> String {
    date_long(today())
}

/// `quinta-feira, 19 de novembro de 2026`.
pub fn date_long(day: NaiveDate) -> String {
    let weekday = td!("weekday.", weekday_key(day.weekday()));
    let month = td!("month.", &day.month().to_string());
    t!("date.long", weekday = weekday, day = day.day(), month = month, year = day.year())
}

const fn weekday_key(day: Weekday) -> &'static str {
    match day {
        Weekday::Sun => "0",
        Weekday::Mon => "1",
        Weekday::Tue => "2",
        Weekday::Wed => "3",
        Weekday::Thu => "4",
        Weekday::Fri => "5",
        Weekday::Sat => "6",
    }
}

/// How near a deadline is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    Plain,
    /// Today or tomorrow.
    Soon,
    Late,
}

/// A deadline as lists show it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    pub due: Due,
    /// `13/11 · há 6 dias`.
    pub text: String,
}

/// A deadline; of a closed record only the day counts.
pub fn deadline(day: NaiveDate, closed: bool) -> Deadline {
    deadline_at(day, today(), closed)
}

fn deadline_at(day: NaiveDate, today: NaiveDate, closed: bool) -> Deadline {
    let short = date_short_in(i18n::locale(), day, today);
    let left = (day - today).num_days();
    let (due, words) = match left {
        _ if closed => return Deadline { due: Due::Plain, text: short },
        2.. => return Deadline { due: Due::Plain, text: short },
        1 => (Due::Soon, t!("due.tomorrow")),
        0 => (Due::Soon, t!("due.today")),
        -1 => (Due::Late, t!("due.yesterday")),
        _ => (Due::Late, tn!("due.days_ago", left.saturating_neg())),
    };
    Deadline { due, text: format!("{short} · {words}") }
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn days_in_both_languages() {
        assert_eq!(date_in(Locale::PtBr, day("2026-11-09")), "09/11/2026");
        assert_eq!(date_in(Locale::En, day("2026-11-09")), "9 Nov 2026");
        let today = day("2026-11-19");
        assert_eq!(date_short_in(Locale::PtBr, day("2026-11-09"), today), "09/11");
        assert_eq!(date_short_in(Locale::PtBr, day("2025-11-09"), today), "09/11/2025");
    }

    #[test]
    fn deadlines_say_how_near_they_are() {
        let today = day("2026-11-19");
        let of = |text: &str, closed| {
            let d = deadline_at(day(text), today, closed);
            (d.due, d.text)
        };
        assert_eq!(of("2026-11-13", false), (Due::Late, "13/11 · há 6 dias".into()));
        assert_eq!(of("2026-11-18", false), (Due::Late, "18/11 · ontem".into()));
        assert_eq!(of("2026-11-19", false), (Due::Soon, "19/11 · hoje".into()));
        assert_eq!(of("2026-11-20", false), (Due::Soon, "20/11 · amanhã".into()));
        assert_eq!(of("2026-11-21", false), (Due::Plain, "21/11".into()));
        assert_eq!(of("2026-11-13", true), (Due::Plain, "13/11".into()));
    }

    #[test]
    fn moments_are_relative_while_near() {
        let now = at("2026-11-19T15:00:00Z");
        assert_eq!(ago_from(at("2026-11-19T14:59:40Z"), now), "agora");
        assert_eq!(ago_from(at("2026-11-19T14:56:00Z"), now), "há 4 min");
        assert_eq!(ago_from(at("2026-11-19T11:30:00Z"), now), "08:30");
        assert_eq!(ago_from(at("2026-11-18T20:05:00Z"), now), "ontem, 17:05");
        // 01:00 UTC is still the evening before in São Paulo.
        assert_eq!(ago_from(at("2026-11-17T01:00:00Z"), now), "16/11, 22:00");
        assert_eq!(instant(at("2026-11-17T01:00:00Z")), "16/11/2026, 22:00");
    }
}
