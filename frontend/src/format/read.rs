//! From what somebody types to the canonical value, and back into the field.

use chrono::NaiveDate;
use conexao_domain::{
    kernel::{
        field::Kind,
        value::{Cep, CpfCnpj, DateOrder, Money, Phone, Quantity, Rate, parse_date},
    },
    locale::Locale,
};
use serde_json::Value as Json;

use crate::i18n;

/// The canonical value of a typed text. What cannot be read stays as typed, so
/// that nothing is lost and the refusal appears under the field.
pub fn read(kind: Kind, text: &str) -> Json {
    read_in(i18n::locale(), kind, text)
}

fn read_in(locale: Locale, kind: Kind, typed: &str) -> Json {
    let text = typed.trim();
    if text.is_empty() {
        return Json::Null;
    }
    let kept = || Json::from(text);
    match kind {
        Kind::Money => Money::parse_br(&figures(locale, text)).map_or_else(|_| kept(), |m| m.cents().into()),
        Kind::Quantity => {
            Quantity::parse_br(&figures(locale, text)).map_or_else(|_| kept(), |q| q.thousandths().into())
        }
        Kind::Rate => Rate::parse_br(&figures(locale, text)).map_or_else(|_| kept(), |r| r.basis_points().into()),
        Kind::Integer { .. } => {
            let plain: String = text.chars().filter(|c| !matches!(c, '.' | ' ')).collect();
            plain.parse::<i64>().map_or_else(|_| kept(), Json::from)
        }
        Kind::Date => parse_date(text, DateOrder::DayMonthYear).map_or_else(|_| kept(), |d| d.to_string().into()),
        // Lines and trailing spaces of a long text are the writer's own.
        Kind::LongText { .. } => typed.into(),
        _ => kind.canonical(&text.into()).unwrap_or_else(|_| kept()),
    }
}

/// English figures with Brazilian marks.
fn figures(locale: Locale, text: &str) -> String {
    if locale == Locale::PtBr {
        return text.to_owned();
    }
    let swap = |c| match c {
        '.' => ',',
        ',' => '.',
        other => other,
    };
    text.chars().map(swap).collect()
}

/// The text a field starts with for a value. What could not be read is shown as typed.
pub fn written(kind: Kind, value: &Json) -> String {
    written_in(i18n::locale(), kind, value)
}

fn written_in(locale: Locale, kind: Kind, value: &Json) -> String {
    let number = value.as_i64();
    let text = value.as_str().unwrap_or_default();
    let plain = |text: String| figures(locale, &text);
    match kind {
        Kind::Money => {
            number.map_or_else(|| text.to_owned(), |n| plain(Money::from_cents(n).to_string().replace("R$\u{a0}", "")))
        }
        Kind::Quantity => number.map_or_else(|| text.to_owned(), |n| plain(Quantity::from_thousandths(n).to_string())),
        Kind::Rate => {
            number.map_or_else(|| text.to_owned(), |n| plain(Rate::from_basis_points(n).to_string().replace('%', "")))
        }
        Kind::Integer { .. } => number.map_or_else(|| text.to_owned(), |n| n.to_string()),
        Kind::Date => text.parse::<NaiveDate>().map_or_else(|_| text.to_owned(), |d| d.format("%d/%m/%Y").to_string()),
        Kind::CpfCnpj => CpfCnpj::parse(text).map_or_else(|_| text.to_owned(), |v| v.to_string()),
        Kind::Phone => Phone::parse(text).map_or_else(|_| text.to_owned(), |v| v.to_string()),
        Kind::Cep => Cep::parse(text).map_or_else(|_| text.to_owned(), |v| v.to_string()),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn reads_what_people_type() {
        let pt = |kind, text| read_in(Locale::PtBr, kind, text);
        assert_eq!(pt(Kind::Money, "1.234,5"), json!(123_450));
        assert_eq!(pt(Kind::Money, "R$ 10"), json!(1000));
        assert_eq!(read_in(Locale::En, Kind::Money, "1,234.50"), json!(123_450));
        assert_eq!(pt(Kind::Quantity, "1,5"), json!(1500));
        assert_eq!(pt(Kind::Date, "19/11/2026"), json!("2026-11-19"));
        assert_eq!(pt(Kind::CpfCnpj, "529.982.247-25"), json!("52998224725"));
        assert_eq!(pt(Kind::Phone, "11 90000 0000"), json!("+5511900000000"));
        assert_eq!(pt(Kind::Integer { min: 0, max: 9999 }, "1.284"), json!(1284));
        assert_eq!(pt(Kind::Text { max: 9 }, "  a "), json!("a"));
        assert_eq!(pt(Kind::Text { max: 9 }, " "), Json::Null);
    }

    #[test]
    fn keeps_what_it_cannot_read() {
        assert_eq!(read(Kind::Money, "dez"), json!("dez"));
        assert_eq!(read(Kind::Date, "31/02/2026"), json!("31/02/2026"));
        assert_eq!(read(Kind::CpfCnpj, "123"), json!("123"));
    }

    #[test]
    fn what_is_written_reads_back() {
        let cases = [
            (Kind::Money, json!(123_456)),
            (Kind::Money, json!(-5)),
            (Kind::Quantity, json!(1500)),
            (Kind::Rate, json!(1250)),
            (Kind::Date, json!("2026-11-19")),
            (Kind::CpfCnpj, json!("52998224725")),
            (Kind::Phone, json!("+5511900000000")),
            (Kind::Cep, json!("01310100")),
            (Kind::Money, json!("dez")),
        ];
        for (kind, value) in cases {
            for locale in [Locale::PtBr, Locale::En] {
                assert_eq!(read_in(locale, kind, &written_in(locale, kind, &value)), value, "{kind:?}");
            }
        }
    }
}
