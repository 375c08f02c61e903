//! What the values of one column are.

use super::words::mentions;
use crate::tabular::options::{ColumnReading, DateOrder, DecimalMark};
use crate::tabular::row::RawCell;
use crate::tabular::shape::ContentKind;
use crate::tabular::values::{boolean, date, ident, number};

/// What [`guess`] found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Guess {
    pub kind: ContentKind,
    pub reading: ColumnReading,
    /// The values themselves tell the decimal mark.
    pub has_mark: bool,
    /// The values themselves tell day from month.
    pub has_order: bool,
    /// No single order fits nearly all dates.
    pub mixed_dates: bool,
}

/// How many values of a column are what.
#[derive(Debug, Default)]
struct Tally {
    values: usize,
    cpf: usize,
    cnpj: usize,
    email: usize,
    uf: usize,
    cep_formatted: usize,
    cep_bare: usize,
    phone: usize,
    phone_likely: usize,
    boolean: usize,
    dmy: usize,
    mdy: usize,
    ymd: usize,
    dates: usize,
    compact_dates: usize,
    times: usize,
    numbers: usize,
    comma_fractions: usize,
    dot_fractions: usize,
    only_comma: usize,
    only_dot: usize,
    /// Like `1,234`: grouped in English, three decimals in Portuguese.
    comma_groups: usize,
    below_thousand: usize,
    leading_zeros: usize,
}

/// What is not to be guessed.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Fixed {
    pub decimal_mark: Option<DecimalMark>,
    pub date_order: Option<DateOrder>,
}

/// Judges a column by its values and, where these leave it open, its
/// normalised header. `fallback` is the reading of the file as a whole.
pub(crate) fn guess<'a>(
    header: &str,
    cells: impl Iterator<Item = &'a RawCell>,
    fixed: Fixed,
    fallback: ColumnReading,
) -> Guess {
    let mut tally = Tally::default();
    for cell in cells.filter(|cell| !cell.is_blank()) {
        tally.add(cell);
    }
    let reading = ColumnReading {
        decimal_mark: fixed.decimal_mark.or_else(|| tally.mark()).unwrap_or(fallback.decimal_mark),
        date_order: fixed.date_order.or_else(|| tally.order()).unwrap_or(fallback.date_order),
    };
    let kind = tally.kind(header, reading);
    let is_date = matches!(kind, ContentKind::Date { .. });
    Guess {
        kind,
        reading,
        has_mark: tally.mark().is_some(),
        has_order: tally.dmy != tally.mdy,
        mixed_dates: is_date && !nearly_all(tally.of_order(reading.date_order), tally.dates),
    }
}

/// 19 of 20.
const fn nearly_all(part: usize, whole: usize) -> bool {
    whole > 0 && part * 20 >= whole * 19
}

/// 9 of 10.
const fn most(part: usize, whole: usize) -> bool {
    whole > 0 && part * 10 >= whole * 9
}

/// 6 of 10: enough when the header says the same.
const fn many(part: usize, whole: usize) -> bool {
    whole > 0 && part * 10 >= whole * 6
}

impl Tally {
    fn add(&mut self, cell: &RawCell) {
        let text = cell.as_str().trim();
        let lower = text.to_lowercase();
        if matches!(lower.as_str(), "-" | "--" | "n/a" | "na" | "null" | "nulo" | "none" | "#n/d") {
            return;
        }
        self.values += 1;
        let count = |counter: &mut usize, is: bool| *counter += usize::from(is);
        count(&mut self.cpf, ident::is_cpf(text));
        count(&mut self.cnpj, ident::is_cnpj(text));
        count(&mut self.email, ident::is_email(text));
        count(&mut self.uf, ident::is_uf(text));
        count(&mut self.cep_formatted, ident::is_formatted_cep(text));
        count(&mut self.cep_bare, ident::is_bare_cep(text));
        count(&mut self.phone, ident::is_phone(text));
        count(&mut self.phone_likely, ident::is_likely_phone(text));
        count(&mut self.boolean, boolean::is_worded(text));
        self.add_date(cell, text);
        self.add_number(cell, text);
    }

    fn add_date(&mut self, cell: &RawCell, text: &str) {
        // A stored number is never a date: dates of workbooks come as dates.
        if matches!(cell, RawCell::Number(_)) {
            return;
        }
        let orders = date::orders(text);
        let compact = text.bytes().all(|byte| byte.is_ascii_digit());
        self.dates += usize::from(orders.any());
        self.compact_dates += usize::from(orders.any() && compact);
        self.times += usize::from(orders.any() && date::has_time(text));
        self.dmy += usize::from(orders.dmy);
        self.mdy += usize::from(orders.mdy);
        self.ymd += usize::from(orders.ymd);
    }

    fn add_number(&mut self, cell: &RawCell, text: &str) {
        let Some(marks) = number::marks(text) else {
            return;
        };
        self.numbers += 1;
        if matches!(cell, RawCell::Number(_)) {
            // Stored numbers take the mark of their column and do not vote on it.
            let fraction = usize::from(text.contains('.'));
            self.comma_fractions += fraction;
            self.dot_fractions += fraction;
            return;
        }
        let has_fraction = |scale: Option<u8>| usize::from(scale.is_some_and(|digits| digits > 0));
        self.comma_fractions += has_fraction(marks.comma);
        self.dot_fractions += has_fraction(marks.dot);
        self.only_comma += usize::from(marks.dot.is_none());
        self.only_dot += usize::from(marks.comma.is_none());
        self.comma_groups += usize::from(marks.comma == Some(3) && marks.dot == Some(0));
        self.below_thousand += usize::from(marks.plain && text.len() <= 3);
        let zero_led = text.len() > 1 && text.starts_with('0') && marks.plain;
        self.leading_zeros += usize::from(zero_led);
    }

    fn mark(&self) -> Option<DecimalMark> {
        match self.only_comma.cmp(&self.only_dot) {
            std::cmp::Ordering::Greater => Some(DecimalMark::Comma),
            std::cmp::Ordering::Less => Some(DecimalMark::Dot),
            // Every fraction of three digits, and whole numbers up to 999
            // without any: those are thousands, grouped in English.
            std::cmp::Ordering::Equal if self.comma_groups > 1 && self.below_thousand > 1 => {
                (self.only_comma == 0).then_some(DecimalMark::Dot)
            }
            std::cmp::Ordering::Equal => None,
        }
    }

    /// The order that fits most dates; day first where two fit as many.
    fn order(&self) -> Option<DateOrder> {
        let best = self.dmy.max(self.mdy).max(self.ymd);
        let candidates = [DateOrder::Dmy, DateOrder::Mdy, DateOrder::Ymd];
        // ISO dates fit every order: only a file of nothing else is "year first".
        let all_iso = self.ymd == best && self.ymd == self.dates;
        match best {
            0 => None,
            _ if all_iso => Some(DateOrder::Ymd),
            _ => candidates.into_iter().find(|o| self.of_order(*o) == best),
        }
    }

    const fn of_order(&self, order: DateOrder) -> usize {
        match order {
            DateOrder::Dmy => self.dmy,
            DateOrder::Mdy => self.mdy,
            DateOrder::Ymd => self.ymd,
        }
    }

    fn kind(&self, header: &str, reading: ColumnReading) -> ContentKind {
        if self.values == 0 {
            return ContentKind::Empty;
        }
        self.identifier(header)
            .or_else(|| self.contact(header))
            .or_else(|| self.date(header, reading))
            .or_else(|| self.numeric(reading))
            .unwrap_or(ContentKind::Text)
    }

    fn identifier(&self, header: &str) -> Option<ContentKind> {
        let all = self.values;
        let said = mentions(header, &["cpf", "cnpj", "documento", "doc"]);
        let enough = |part| most(part, all) || (said && many(part, all));
        if enough(self.cnpj) {
            Some(ContentKind::Cnpj)
        } else if enough(self.cpf) {
            Some(ContentKind::Cpf)
        } else if self.cpf > 0 && self.cnpj > 0 && enough(self.cpf + self.cnpj) {
            Some(ContentKind::CpfCnpj)
        } else {
            None
        }
    }

    fn contact(&self, header: &str) -> Option<ContentKind> {
        let all = self.values;
        let says = |stems| mentions(header, stems);
        if most(self.email, all) || (says(&["email", "mail"]) && many(self.email, all)) {
            Some(ContentKind::Email)
        } else if most(self.uf, all) {
            Some(ContentKind::Uf)
        } else if most(self.cep_formatted, all)
            || (says(&["cep", "zip"]) && many(self.cep_formatted + self.cep_bare, all))
        {
            Some(ContentKind::Cep)
        } else if most(self.phone, all)
            || (says(&["tel", "fone", "phone", "cel", "whats", "contato", "fax"])
                && many(self.phone + self.phone_likely, all))
        {
            Some(ContentKind::Phone)
        } else {
            None
        }
    }

    fn date(&self, header: &str, reading: ColumnReading) -> Option<ContentKind> {
        let said = mentions(header, &["data", "dt", "date", "nasc", "venc", "dat"]);
        let separated = self.dates - self.compact_dates;
        // Any eight-digit code may happen to be a date: all must be one.
        let by_form = most(separated, self.values) || nearly_all(self.dates, self.values);
        (by_form || (said && many(self.dates, self.values)))
            .then_some(ContentKind::Date { order: reading.date_order, time: self.times * 2 > self.dates })
    }

    fn numeric(&self, reading: ColumnReading) -> Option<ContentKind> {
        let all = self.values;
        let fractions = match reading.decimal_mark {
            DecimalMark::Comma => self.comma_fractions,
            DecimalMark::Dot => self.dot_fractions,
        };
        if most(self.boolean, all) {
            Some(ContentKind::Boolean)
        } else if !most(self.numbers, all) || self.leading_zeros * 10 > all {
            // Codes with leading zeros would lose them as numbers.
            None
        } else if fractions == 0 {
            Some(ContentKind::Integer)
        } else {
            Some(ContentKind::Decimal { mark: reading.decimal_mark })
        }
    }
}

#[cfg(test)]
#[path = "column_tests.rs"]
mod tests;
