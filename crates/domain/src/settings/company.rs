//! The settings of a company, declared like the fields of a record: a module
//! that needs a setting adds its line to [`FIELDS`] (and its label), and the
//! form, the checks, the API and the audit know it.

use chrono::{NaiveDate, Weekday};
use chrono_tz::Tz;

use super::{
    contrast::{Colour, DARK, LIGHT},
    ladder,
    numbering::{self, Choice},
};
use crate::{
    kernel::{
        calendar::{Calendar, Shift, WorkingHours, parse_zone},
        field::{Field, Kind, Lines},
        plan::Facts,
        problem::FieldProblem,
        record::Record,
        resource::{Area, Resource, Undo, no_derivation},
    },
    locale::Locale,
    privacy::request,
};

/// Brazil's time zones and the world's.
const ZONES: &[&str] = &[
    "America/Sao_Paulo",
    "America/Manaus",
    "America/Cuiaba",
    "America/Campo_Grande",
    "America/Porto_Velho",
    "America/Boa_Vista",
    "America/Rio_Branco",
    "America/Noronha",
    "America/Fortaleza",
    "America/Recife",
    "America/Bahia",
    "America/Belem",
    "UTC",
];

/// Monday first, as the calendar has them.
const WEEKDAYS: [(&str, Weekday); 7] = [
    ("mon", Weekday::Mon),
    ("tue", Weekday::Tue),
    ("wed", Weekday::Wed),
    ("thu", Weekday::Thu),
    ("fri", Weekday::Fri),
    ("sat", Weekday::Sat),
    ("sun", Weekday::Sun),
];

const TIME: Kind = Kind::Text { max: 5 };
const COLOUR: Kind = Kind::Text { max: 7 };

static HOURS: Lines = Lines {
    table: "company_hours",
    parent: "",
    fields: &[
        Field::new("weekday", Kind::Choice(&["mon", "tue", "wed", "thu", "fri", "sat", "sun"])).required(),
        Field::new("from", TIME).required(),
        Field::new("until", TIME).required(),
    ],
    min: 1,
    max: 40,
};

static DAYS: Lines = Lines {
    table: "company_day",
    parent: "",
    fields: &[
        Field::new("date", Kind::Date).required(),
        Field::new("title", Kind::Text { max: 80 }).required(),
        // Both times make a half day; none closes the day.
        Field::new("from", TIME),
        Field::new("until", TIME),
    ],
    min: 0,
    max: 400,
};

static NUMBERING: Lines = Lines {
    table: "company_numbering",
    parent: "",
    fields: &[
        Field::new("series", Kind::Choice(numbering::NAMES)).required(),
        Field::new("prefix", Kind::Text { max: 12 }),
        Field::new("width", Kind::Integer { min: 1, max: 12 }).required(),
        Field::new("next", Kind::Integer { min: 1, max: 999_999_999_999 }),
    ],
    min: 0,
    max: 40,
};

/// Domains of addresses with which people may register; all where there are none.
static DOMAINS: Lines = Lines {
    table: "company_domain",
    parent: "",
    fields: &[Field::new("domain", Kind::Text { max: 253 }).required()],
    min: 0,
    max: 20,
};

/// Every setting. The section decides where the form shows it.
const FIELDS: &[Field] = &[
    Field::new("name", Kind::Text { max: 120 }).required().section("company"),
    Field::new("trade_name", Kind::Text { max: 120 }).section("company"),
    Field::new("document", Kind::CpfCnpj).section("company"),
    Field::new("time_zone", Kind::Choice(ZONES)).required().default("America/Sao_Paulo").section("company"),
    Field::new("locale", Kind::Choice(&["pt-BR", "en"])).required().default("pt-BR").section("company"),
    Field::new("accent_light", COLOUR).section("brand"),
    Field::new("accent_dark", COLOUR).section("brand"),
    Field::new("hours", Kind::Lines(&HOURS)).required().section("hours"),
    Field::new("optional_holidays", Kind::Boolean).default("false").section("calendar"),
    Field::new("days", Kind::Lines(&DAYS)).section("calendar"),
    Field::new("numbering", Kind::Lines(&NUMBERING)).section("numbering"),
    // Business days a customer has to send goods back, where nobody says more.
    Field::new("return_days", Kind::Integer { min: 0, max: 180 }).section("terms"),
    // Days to answer people who ask about their data; the law gives no more.
    Field::new("privacy_days", Kind::Integer { min: 1, max: request::DAYS }).section("terms"),
    Field::new("reminders", Kind::Lines(&ladder::REMINDERS)).section("ladders"),
    Field::new("escalation", Kind::Lines(&ladder::ESCALATION)).section("ladders"),
    // Whether people may ask for an account themselves, and what they become.
    Field::new("registration", Kind::Boolean).default("false").section("accounts"),
    Field::new("registration_role", Kind::Reference("role")).section("accounts"),
    Field::new("registration_approval", Kind::Boolean).default("true").section("accounts"),
    Field::new("registration_domains", Kind::Lines(&DOMAINS)).section("accounts"),
];

/// The settings as a record that is one of a kind; `registry::RESOURCES` has it not.
pub static COMPANY: Resource = Resource {
    name: "company",
    path: "settings",
    route: "configuracoes",
    table: "company",
    area: Area::Settings,
    icon: "settings-2",
    title: "name",
    subtitle: None,
    fields: FIELDS,
    flow: None,
    counters: &[],
    default_sort: "name",
    derive: no_derivation,
    check,
    facts: &[],
    notices: &[],
    related: &[],
    duplicates: &[],
    merge: None,
    undo: Undo::Never,
};

/// The id of the one record, in addresses.
pub const ID: &str = "company";

fn check(record: &Record, _: &Facts, problems: &mut Vec<FieldProblem>) {
    if record.text("document").is_some_and(|document| document.len() != 14) {
        problems.push(FieldProblem::new("document", "cnpj"));
    }
    for (field, surfaces) in [("accent_light", LIGHT), ("accent_dark", DARK)] {
        match record.text(field).map(Colour::parse) {
            Some(None) => problems.push(FieldProblem::new(field, "colour")),
            Some(Some(colour)) if !colour.reads_on(surfaces) => problems.push(FieldProblem::new(field, "contrast")),
            _ => {}
        }
    }
    let mut week: [Vec<Shift>; 7] = Default::default();
    for (i, line) in record.lines("hours").iter().enumerate() {
        let day = WEEKDAYS.iter().position(|(name, _)| line.text("weekday") == Some(name));
        match (shift(line), day.and_then(|day| week.get_mut(day))) {
            (Ok(Some(shift)), Some(shifts)) => {
                if shifts.iter().any(|other| shift.start() < other.end() && other.start() < shift.end()) {
                    problems.push(FieldProblem::new(format!("hours.{i}.from"), "overlap"));
                }
                shifts.push(shift);
            }
            _ => problems.push(FieldProblem::new(format!("hours.{i}.until"), "hours.order")),
        }
    }
    check_days(record, problems);
    check_numbering(record, problems);
    check_registration(record, problems);
    ladder::check(record, problems);
}

/// A domain of addresses, e.g. `empresa.com.br`.
fn is_domain(text: &str) -> bool {
    let part = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    text.contains('.') && text.split('.').all(part)
}

fn check_registration(record: &Record, problems: &mut Vec<FieldProblem>) {
    if record.flag("registration") && record.text("registration_role").is_none() {
        problems.push(FieldProblem::new("registration_role", "required"));
    }
    for (i, line) in record.lines("registration_domains").iter().enumerate() {
        if !line.text("domain").is_some_and(is_domain) {
            problems.push(FieldProblem::new(format!("registration_domains.{i}.domain"), "domain"));
        }
    }
}

fn check_days(record: &Record, problems: &mut Vec<FieldProblem>) {
    let lines = record.lines("days");
    for (i, line) in lines.iter().enumerate() {
        if shift(line).is_err() {
            problems.push(FieldProblem::new(format!("days.{i}.until"), "hours.order"));
        }
        if lines.iter().take(i).any(|other| other.text("date") == line.text("date")) {
            problems.push(FieldProblem::new(format!("days.{i}.date"), "twice"));
        }
    }
}

fn check_numbering(record: &Record, problems: &mut Vec<FieldProblem>) {
    let lines = record.lines("numbering");
    for (i, line) in lines.iter().enumerate() {
        let earlier = || lines.iter().take(i);
        if earlier().any(|other| other.text("series") == line.text("series")) {
            problems.push(FieldProblem::new(format!("numbering.{i}.series"), "twice"));
        }
        // Two series with one prefix would give two records one number.
        if earlier().any(|other| other.text("prefix") == line.text("prefix")) {
            problems.push(FieldProblem::new(format!("numbering.{i}.prefix"), "twice"));
        }
    }
}

/// The period of a line; none when it names no times.
fn shift(line: &Record) -> Result<Option<Shift>, ()> {
    match (line.text("from"), line.text("until")) {
        (None, None) => Ok(None),
        (Some(from), Some(until)) => Shift::parse(&format!("{from}-{until}")).map(Some).map_err(|_| ()),
        _ => Err(()),
    }
}

/// The settings in the form they are used in.
#[derive(Debug, Clone, PartialEq)]
pub struct Company {
    pub zone: Tz,
    pub locale: Locale,
    pub calendar: Calendar,
    pub numbering: Vec<Choice>,
    /// All values, for the settings that modules read by name.
    pub values: Record,
}

impl Default for Company {
    fn default() -> Self {
        let values = Record::default();
        let calendar = Calendar::default();
        Self { zone: calendar.zone(), locale: Locale::default(), calendar, numbering: Vec::new(), values }
    }
}

impl Company {
    /// From a record of settings; what it does not say is as declared.
    pub fn of(values: Record) -> Self {
        let zone = values.text("time_zone").and_then(|name| parse_zone(name).ok());
        let zone = zone.unwrap_or(Tz::America__Sao_Paulo);
        let locale = if values.text("locale") == Some("en") { Locale::En } else { Locale::PtBr };
        let numbering = values.lines("numbering").iter().filter_map(Choice::of).collect();
        Self { zone, locale, calendar: calendar(zone, &values), numbering, values }
    }

    /// Days this company takes to answer people who ask about their data.
    pub fn privacy_days(&self) -> i64 {
        self.values.integer("privacy_days").unwrap_or(request::DAYS)
    }

    /// How many days before a deadline somebody is reminded.
    pub fn reminders(&self) -> Vec<i64> {
        ladder::reminders(&self.values)
    }

    /// The steps a notice takes while nobody reads it.
    pub fn escalation(&self) -> Vec<ladder::Step> {
        ladder::escalation(&self.values)
    }

    /// The date by which goods are to be sent back when they are asked for
    /// today; none where the company set no term.
    pub fn return_due(&self, today: NaiveDate) -> Option<NaiveDate> {
        let days = i32::try_from(self.values.integer("return_days")?).ok()?;
        self.calendar.add_business_days(today, days).ok()
    }
}

fn calendar(zone: Tz, values: &Record) -> Calendar {
    let mut week: [Vec<Shift>; 7] = Default::default();
    for line in values.lines("hours") {
        let day = WEEKDAYS.iter().position(|(name, _)| line.text("weekday") == Some(name));
        if let (Ok(Some(shift)), Some(shifts)) = (shift(&line), day.and_then(|day| week.get_mut(day))) {
            shifts.push(shift);
        }
    }
    for shifts in &mut week {
        shifts.sort_unstable();
    }
    let open = week.iter().any(|shifts| !shifts.is_empty());
    let hours = if open { WorkingHours::new(week).unwrap_or_default() } else { WorkingHours::default() };
    let start = Calendar::new(zone, hours).with_optional_holidays(values.flag("optional_holidays"));
    values.lines("days").iter().fold(start, |calendar, line| match (line.date("date"), shift(line)) {
        (Some(date), Ok(None)) => calendar.with_holiday(date),
        (Some(date), Ok(Some(shift))) => calendar.clone().with_working_day(date, vec![shift]).unwrap_or(calendar),
        _ => calendar,
    })
}

/// What a company begins with: the hours of an office.
pub fn first_values(name: &str, zone: &str) -> Record {
    let mut values = Record::default();
    for field in COMPANY.fields {
        let default = field.default.and_then(|text| field.kind.canonical(&text.into()).ok());
        values.set(field.name, default.unwrap_or_else(|| field.kind.empty()));
    }
    let day = |(name, _): &(&str, Weekday)| serde_json::json!({ "weekday": name, "from": "08:00", "until": "18:00" });
    values.set("hours", WEEKDAYS.iter().take(5).map(day).collect::<Vec<_>>());
    values.set("name", name);
    values.set("time_zone", zone);
    values
}

#[cfg(test)]
mod tests;
