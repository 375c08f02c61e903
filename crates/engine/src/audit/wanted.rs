//! What somebody looks for in the audit, from list parameters.

use chrono::{DateTime, Days, NaiveDate, NaiveTime, TimeZone, Utc};
use conexao_domain::kernel::{
    canonical::write_instant,
    problem::{Code, Problem},
    value::fold,
};
use uuid::Uuid;

use crate::Session;

/// Entries of a page.
const LIMIT: u64 = 50;
/// Most entries of a page.
const MOST: u64 = 200;
/// Longest value of a parameter that is compared as it is.
const LONGEST: usize = 200;

/// Where an entry stands: the newest first, by moment and number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    pub at: DateTime<Utc>,
    pub seq: i64,
}

impl Place {
    /// Reads what an earlier page gave as `next`.
    pub fn read(text: &str) -> Option<Self> {
        let (at, seq) = text.split_once('~')?;
        Some(Self { at: at.parse().ok()?, seq: seq.parse().ok()? })
    }

    pub fn write(self) -> String {
        format!("{}~{}", write_instant(self.at), self.seq)
    }
}

/// Filters of the explorer; all of them have to fit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    pub actor: Option<Uuid>,
    /// Those of whose acts the reader may know, where these are some and not all.
    pub actors: Vec<Uuid>,
    pub action: Option<String>,
    pub resource: Option<String>,
    pub record: Option<Uuid>,
    pub ip: Option<String>,
    pub request: Option<String>,
    /// From this moment on.
    pub from: Option<DateTime<Utc>>,
    /// Before this moment.
    pub before: Option<DateTime<Utc>>,
    /// Folded text that the entry has to show somewhere.
    pub text: Option<String>,
    pub after: Option<Place>,
    pub limit: u64,
}

/// The parameters, for documentation and for refusals.
pub const PARAMETERS: &[(&str, &str)] = &[
    ("actor", "Id of the user who did it"),
    ("action", "`create`, `update`, a flow step, `login`, `reveal`, …"),
    ("resource", "Kind of record"),
    ("record", "Id of the record"),
    ("from", "First day (in the company's time zone) or moment"),
    ("to", "Last day, included, or the moment before which it was"),
    ("ip", "Address the request came from"),
    ("request", "Request id, as problems and logs name it"),
    ("q", "Text that the entry shows: names, values, addresses"),
    ("after", "Cursor of the previous page"),
    ("limit", "1 to 200; 50 unless told"),
];

impl Wanted {
    /// Reads list parameters; an unknown one is refused.
    pub fn read(session: &Session, pairs: &[(String, String)]) -> Result<Self, Problem> {
        let mut wanted = Self { limit: LIMIT, ..Self::default() };
        for (name, value) in pairs {
            wanted.set(session, name, value.trim())?;
        }
        Ok(wanted)
    }

    fn set(&mut self, session: &Session, name: &str, value: &str) -> Result<(), Problem> {
        let malformed = || Problem::new(Code::Malformed).detail(name);
        let id = || Uuid::parse_str(value).map(Some).map_err(|_| malformed());
        let exact = || if value.len() > LONGEST { Err(malformed()) } else { Ok(Some(value.to_owned())) };
        if !PARAMETERS.iter().any(|(known, _)| *known == name) {
            let valid = PARAMETERS.iter().map(|(known, _)| (*known).into()).collect::<Vec<serde_json::Value>>();
            return Err(Problem::new(Code::UnknownParameter).detail(name).with("valid", valid));
        }
        if value.is_empty() {
            return Ok(());
        }
        match name {
            "actor" => self.actor = id()?,
            "record" => self.record = id()?,
            "action" => self.action = exact()?,
            "resource" => self.resource = exact()?,
            "ip" => self.ip = exact()?,
            "request" => self.request = exact()?,
            "from" => self.from = Some(moment(session, value, false).ok_or_else(malformed)?),
            "to" => self.before = Some(moment(session, value, true).ok_or_else(malformed)?),
            "after" => self.after = Some(Place::read(value).ok_or_else(malformed)?),
            "limit" => {
                let limit = value.parse().ok().filter(|n| (1..=MOST).contains(n));
                self.limit = limit.ok_or_else(malformed)?;
            }
            _ => self.text = exact()?.map(|text| fold(&text)),
        }
        Ok(())
    }

    /// How many filters a statement has besides the one whose index it walks.
    pub(super) fn beside_the_first(&self) -> usize {
        let given = [
            self.request.is_some(),
            self.record.is_some(),
            self.actor.is_some(),
            self.ip.is_some(),
            self.action.is_some(),
            self.resource.is_some(),
            !self.actors.is_empty(),
        ];
        given.iter().filter(|given| **given).count().saturating_sub(1)
    }
}

/// A moment, or the beginning of a day; `end` means that of the day after.
fn moment(session: &Session, text: &str, end: bool) -> Option<DateTime<Utc>> {
    if let Ok(at) = DateTime::parse_from_rfc3339(text) {
        return Some(at.to_utc());
    }
    let day: NaiveDate = text.parse().ok()?;
    let day = if end { day.checked_add_days(Days::new(1))? } else { day };
    let start = session.time_zone.from_local_datetime(&day.and_time(NaiveTime::MIN));
    // Where a day begins at one o'clock, its first hour does not exist.
    start.earliest().map_or_else(|| Some(day.and_time(NaiveTime::MIN).and_utc()), |at| Some(at.to_utc()))
}
