//! What is kept after somebody asked to be forgotten: because which law says
//! so, and until when.

use chrono::{Datelike, Months, NaiveDate};

/// Why data is kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// Tax documents: CTN art. 173, 174 and 195, sole paragraph.
    Fiscal,
    /// Claims of consumers: CDC art. 27.
    Consumer,
    /// Our own proof of what was asked and answered: LGPD art. 37 and 16, I.
    Accountability,
    /// As long as somebody has access: the team page closes accounts.
    Account,
}

impl Basis {
    pub const ALL: &'static [Self] = &[Self::Fiscal, Self::Consumer, Self::Accountability, Self::Account];

    /// The word in answers; `basis.<name>` in the locales.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fiscal => "fiscal",
            Self::Consumer => "consumer",
            Self::Accountability => "accountability",
            Self::Account => "account",
        }
    }

    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|basis| basis.name() == name)
    }

    /// The law, for documents.
    pub const fn law(self) -> &'static str {
        match self {
            Self::Fiscal => "CTN art. 173, 174, 195 p.u.; LGPD art. 16, I",
            Self::Consumer => "CDC art. 27; LGPD art. 16, I",
            Self::Accountability => "LGPD art. 37 and 16, I",
            Self::Account => "LGPD art. 7, V",
        }
    }

    /// Years that the law asks for; `None` as long as the relation lasts.
    pub const fn years(self) -> Option<u32> {
        match self {
            Self::Fiscal | Self::Consumer | Self::Accountability => Some(5),
            Self::Account => None,
        }
    }

    /// Years the tenant may choose: never fewer than the law asks for, and not
    /// for ever.
    pub fn allowed(self) -> Option<std::ops::RangeInclusive<u32>> {
        self.years().map(|least| least..=20)
    }
}

/// From when the years count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Since {
    /// The record's own beginning.
    Created,
    /// The youngest record of `resource` that refers to it through `field`;
    /// without one nothing is kept.
    Last { resource: &'static str, field: &'static str },
}

/// One line of the timetable.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Keeping {
    pub resource: &'static str,
    /// Fields that are kept; empty for all that tell of people.
    pub fields: &'static [&'static str],
    pub basis: Basis,
    pub since: Since,
}

const fn whole(resource: &'static str, basis: Basis) -> Keeping {
    Keeping { resource, fields: &[], basis, since: Since::Created }
}

/// The timetable. What is not in it is not kept.
pub static TIMETABLE: &[Keeping] = &[
    Keeping {
        resource: "customer",
        fields: &["name", "document", "state_registration"],
        basis: Basis::Fiscal,
        since: Since::Last { resource: "warranty", field: "customer_id" },
    },
    whole("warranty", Basis::Consumer),
    whole("privacy_request", Basis::Accountability),
    whole("consent", Basis::Accountability),
    whole("legal_hold", Basis::Accountability),
    // Nobody writes there again because it is known that nobody may.
    whole("suppression", Basis::Accountability),
    whole("user", Basis::Account),
    whole("invitation", Basis::Account),
];

/// Lines of the timetable for a resource.
pub fn of(resource: &str) -> impl Iterator<Item = &'static Keeping> + use<'_> {
    TIMETABLE.iter().filter(move |keeping| keeping.resource == resource)
}

/// The last day of keeping: years count from the end of the year, as tax
/// authorities count them.
pub fn until(since: NaiveDate, years: u32) -> NaiveDate {
    let end = NaiveDate::from_ymd_opt(since.year(), 12, 31).unwrap_or(since);
    end.checked_add_months(Months::new(years.saturating_mul(12))).unwrap_or(NaiveDate::MAX)
}

/// Years without any movement after which a person's record is proposed for
/// anonymisation.
pub const IDLE_YEARS: u32 = 5;

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use crate::registry;

    #[test]
    fn the_timetable_speaks_of_what_there_is() {
        for keeping in TIMETABLE {
            let resource = registry::by_name(keeping.resource).unwrap();
            for field in keeping.fields {
                assert!(resource.field(field).is_some(), "{}.{field}", resource.name);
            }
            if let Since::Last { resource, field } = keeping.since {
                assert!(registry::by_name(resource).unwrap().field(field).is_some());
            }
        }
    }

    #[test]
    fn years_count_from_the_end_of_the_year() {
        let day = |text: &str| text.parse::<NaiveDate>().unwrap();
        assert_eq!(until(day("2026-03-10"), 5), day("2031-12-31"));
        assert_eq!(until(day("2026-12-31"), 5), day("2031-12-31"));
    }

    #[test]
    fn nobody_keeps_less_than_the_law_asks() {
        for basis in Basis::ALL {
            assert_eq!(basis.allowed().map(|range| *range.start()), basis.years());
            assert_eq!(Basis::by_name(basis.name()), Some(*basis));
        }
    }
}
