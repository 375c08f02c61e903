use super::*;
use crate::tabular::guess::words::normalise;

const BRAZIL: ColumnReading = ColumnReading { decimal_mark: DecimalMark::Comma, date_order: DateOrder::Dmy };

fn kind(header: &str, values: &[&str]) -> ContentKind {
    let cells: Vec<RawCell> = values.iter().map(|v| RawCell::Text((*v).to_owned())).collect();
    guess(&normalise(header), cells.iter(), Fixed::default(), BRAZIL).kind
}

const fn date(order: DateOrder, time: bool) -> ContentKind {
    ContentKind::Date { order, time }
}

#[test]
fn identifiers() {
    assert_eq!(kind("x", &["529.982.247-25", "12345678909"]), ContentKind::Cpf);
    assert_eq!(kind("x", &["11.222.333/0001-81"]), ContentKind::Cnpj);
    assert_eq!(kind("x", &["11.222.333/0001-81", "529.982.247-25"]), ContentKind::CpfCnpj);
    let dirty = ["529.982.247-25", "12345678909", "529.982.247-00"];
    assert_eq!(kind("CPF", &dirty), ContentKind::Cpf);
    assert_eq!(kind("x", &dirty), ContentKind::Text);
}

#[test]
fn contacts() {
    assert_eq!(kind("x", &["a@b.co", "c@d.com", "-"]), ContentKind::Email);
    assert_eq!(kind("x", &["SP", "rj"]), ContentKind::Uf);
    assert_eq!(kind("x", &["01310-100"]), ContentKind::Cep);
    assert_eq!(kind("CEP", &["75680001", "1310100"]), ContentKind::Cep);
    assert_eq!(kind("x", &["(11) 98765-4321", "11987654321"]), ContentKind::Phone);
    assert_eq!(kind("Telefone", &["1132324545", "11987654321"]), ContentKind::Phone);
}

#[test]
fn dates_in_the_order_that_fits() {
    assert_eq!(kind("x", &["01/02/2026", "13/02/2026"]), date(DateOrder::Dmy, false));
    assert_eq!(kind("x", &["01/02/2026", "02/13/2026"]), date(DateOrder::Mdy, false));
    assert_eq!(kind("x", &["01/02/2026", "02/03/2026"]), date(DateOrder::Dmy, false));
    assert_eq!(kind("x", &["2026-01-02 10:00", "2026-03-01 11:30"]), date(DateOrder::Ymd, true));
    assert_eq!(kind("x", &["20201022", "20220402"]), date(DateOrder::Ymd, false));
    assert_eq!(kind("x", &["20201022", "93123000"]), ContentKind::Integer);
}

#[test]
fn numbers_with_the_mark_that_fits() {
    let decimal = |mark| ContentKind::Decimal { mark };
    assert_eq!(kind("x", &["R$ 1.234,56", "12"]), decimal(DecimalMark::Comma));
    assert_eq!(kind("x", &["1,234.56", "12"]), decimal(DecimalMark::Dot));
    assert_eq!(kind("x", &["-23.550520", "-22.9068"]), decimal(DecimalMark::Dot));
    assert_eq!(kind("x", &["1.234", "12"]), ContentKind::Integer);
    assert_eq!(kind("x", &["1,234", "12", "5,678", "999"]), ContentKind::Integer);
    assert_eq!(kind("x", &["0.123", "12"]), decimal(DecimalMark::Dot));
    assert_eq!(kind("x", &["1", "20", "-3"]), ContentKind::Integer);
    assert_eq!(kind("x", &["0001", "0002"]), ContentKind::Text);
}

#[test]
fn stored_numbers_take_the_mark_of_the_file() {
    let cells = [RawCell::Number("1.234".into()), RawCell::Number("2".into())];
    let guess = guess("x", cells.iter(), Fixed::default(), BRAZIL);
    let mark = DecimalMark::Comma;
    assert_eq!(guess.kind, ContentKind::Decimal { mark });
    assert_eq!(guess.reading.decimal_mark, mark);
}

#[test]
fn the_rest() {
    assert_eq!(kind("x", &[]), ContentKind::Empty);
    assert_eq!(kind("x", &["Sim", "não", "S"]), ContentKind::Boolean);
    assert_eq!(kind("x", &["Ana", "Bia"]), ContentKind::Text);
}

#[test]
fn mixed_dates_are_reported() {
    let texts = ["13/02/2026", "14/02/2026", "02/13/2026", "02/14/2026"];
    let cells = texts.map(|t| RawCell::Text(t.to_owned()));
    assert!(guess("x", cells.iter(), Fixed::default(), BRAZIL).mixed_dates);
}
