//! What must hold for any text that a parser is given: it answers, it answers with a known code, and
//! what it accepts reads back from the form it stores and from the form it shows.

use std::fmt::{Debug, Display};

use chrono::DateTime;
use conexao_domain::kernel::calendar::{Calendar, Shift, parse_zone};
use conexao_domain::kernel::value::{
    CODES, Cep, Cnpj, Cpf, CpfCnpj, DateOrder, DecimalMark, Email, Id, Invalid, Money, Municipality, Phone, Quantity,
    Rate, Uf, alnum, digits, fold, municipalities, parse_date, parse_decimal,
};

/// The answer's value, after checking that a refusal has a code that locales translate.
fn answered<T>(text: &str, read: impl Fn(&str) -> Result<T, Invalid>) -> Option<T> {
    read(text).map_err(|why| assert!(CODES.contains(&why.code()), "{why} is not listed")).ok()
}

/// Checks a value against each of the forms that it writes.
fn reads_back<T: PartialEq + Debug>(value: &T, forms: &[&str], read: impl Fn(&str) -> Result<T, Invalid>) {
    for form in forms {
        assert_eq!(read(form).as_ref(), Ok(value), "{form}");
    }
}

fn shown(value: &impl Display) -> String {
    value.to_string()
}

pub fn cpf(text: &str) {
    for cpf in [answered(text, Cpf::parse), answered(text, Cpf::parse_padded), answered(text, Cpf::complete)]
        .into_iter()
        .flatten()
    {
        reads_back(&cpf, &[cpf.as_str(), &shown(&cpf)], Cpf::parse);
        assert!(!cpf.masked().contains(cpf.as_str()));
    }
}

pub fn cnpj(text: &str) {
    for cnpj in [answered(text, Cnpj::parse), answered(text, Cnpj::parse_padded), answered(text, Cnpj::complete)]
        .into_iter()
        .flatten()
    {
        reads_back(&cnpj, &[cnpj.as_str(), &shown(&cnpj)], Cnpj::parse);
        assert!(!cnpj.masked().contains(cnpj.as_str()));
    }
}

pub fn cpf_cnpj(text: &str) {
    for either in [answered(text, CpfCnpj::parse), answered(text, CpfCnpj::parse_padded)].into_iter().flatten() {
        reads_back(&either, &[either.as_str(), &shown(&either)], CpfCnpj::parse);
    }
}

pub fn phone(text: &str) {
    let Some(phone) = answered(text, Phone::parse) else {
        return;
    };
    reads_back(&phone, &[phone.as_str(), &shown(&phone)], Phone::parse);
    assert!(phone.digits().bytes().all(|byte| byte.is_ascii_digit()) && phone.digits().len() <= 15);
    assert!(!phone.masked().contains(phone.digits()));
}

pub fn cep(text: &str) {
    for cep in [answered(text, Cep::parse), answered(text, Cep::parse_padded)].into_iter().flatten() {
        reads_back(&cep, &[cep.as_str(), &shown(&cep)], Cep::parse);
    }
}

pub fn email(text: &str) {
    let Some(email) = answered(text, Email::parse) else {
        return;
    };
    reads_back(&email, &[email.as_str(), &shown(&email)], Email::parse);
    assert_eq!(format!("{}@{}", email.local(), email.domain()), email.as_str());
    assert!(email.as_str().len() <= Email::MAX);
}

pub fn uf(text: &str) {
    let Some(uf) = answered(text, Uf::parse) else {
        return;
    };
    reads_back(&uf, &[uf.as_str(), uf.name()], Uf::parse);
}

pub fn municipality(text: &str) {
    assert!(municipalities::search(text, None, 3).len() <= 3);
    if let Some(found) = municipalities::by_name(text, Uf::SP) {
        assert_eq!((found.uf(), municipalities::by_code(found.code)), (Uf::SP, Some(found)));
    }
    let Some(code) = answered(text, Municipality::parse) else {
        return;
    };
    reads_back(&code, &[code.as_str()], Municipality::parse);
}

pub fn money(text: &str) {
    let Some(money) = answered(text, Money::parse_br) else {
        return;
    };
    reads_back(&money, &[&shown(&money), &money.to_plain()], Money::parse_br);
    for parts in [1, 3, 12] {
        assert_eq!(Money::sum(money.split(parts)), Some(money));
    }
}

pub fn rate(text: &str) {
    let Some(rate) = answered(text, Rate::parse_br) else {
        return;
    };
    reads_back(&rate, &[&shown(&rate)], Rate::parse_br);
}

pub fn quantity(text: &str) {
    let Some(quantity) = answered(text, Quantity::parse_br) else {
        return;
    };
    reads_back(&quantity, &[&shown(&quantity)], Quantity::parse_br);
}

pub fn decimal(text: &str) {
    for mark in [DecimalMark::Comma, DecimalMark::Point] {
        for scale in [0, 2, 18, u8::MAX] {
            let Some(value) = answered(text, |text| parse_decimal(text, mark, scale)) else {
                continue;
            };
            if scale == 0 {
                assert_eq!(parse_decimal(&value.to_string(), mark, 0), Ok(value));
            }
        }
    }
}

pub fn date(text: &str) {
    for order in [DateOrder::DayMonthYear, DateOrder::MonthDayYear] {
        let Some(date) = answered(text, |text| parse_date(text, order)) else {
            continue;
        };
        assert_eq!(parse_date(&shown(&date), order), Ok(date));
    }
}

pub fn id(text: &str) {
    let Some(id) = answered(text, Id::parse) else {
        return;
    };
    reads_back(&id, &[&shown(&id)], Id::parse);
    // Any bits may claim to be version 7; asking when must answer all the same.
    let _when = id.created_at();
}

pub fn shift(text: &str) {
    let Some(shift) = answered(text, Shift::parse) else {
        return;
    };
    reads_back(&shift, &[&shown(&shift)], Shift::parse);
    assert!(shift.start() < shift.end() && shift.end() <= 1440);
}

pub fn zone(text: &str) {
    let Some(zone) = answered(text, parse_zone) else {
        return;
    };
    assert_eq!(parse_zone(zone.name()), Ok(zone));
}

/// The first bytes are an instant in seconds, the rest minutes.
pub fn calendar(text: &str) {
    let bytes = text.bytes().map(i64::from);
    let seconds = bytes.clone().take(8).fold(0_i64, |all, byte| all.wrapping_mul(251).wrapping_add(byte));
    let minutes = bytes.skip(8).take(3).fold(0_u32, |all, byte| all * 128 + u32::try_from(byte).unwrap_or(0) % 128);
    let Some(from) = DateTime::from_timestamp(seconds, 0) else {
        return;
    };
    let calendar = Calendar::banking();
    if let Some(to) = answered(text, |_| calendar.add_business_minutes(from, minutes)) {
        assert_eq!(calendar.business_minutes_between(from, to), i64::from(minutes));
    }
    let date = calendar.date_of(from);
    if let Some(next) = answered(text, |_| calendar.next_business_day(date)) {
        assert_eq!(calendar.business_days_between(date, next), 1);
    }
}

pub fn text(text: &str) {
    let folded = fold(text);
    assert_eq!(fold(&folded), folded);
    assert!(digits(text).len() <= alnum(text).len());
}
