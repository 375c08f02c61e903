#![expect(clippy::unwrap_used, reason = "tests")]

use conexao_integrations::tabular::DecimalMark;
use serde_json::json;

use super::*;

fn reader(kind: Kind, content: ContentKind) -> Reader {
    let reading = ColumnReading { decimal_mark: DecimalMark::Comma, date_order: DateOrder::Dmy };
    Reader::new(kind, "customer", "kind", (reading, content), chrono_tz::America::Sao_Paulo)
}

fn read(kind: Kind, text: &str) -> Result<Json, &'static str> {
    reader(kind, ContentKind::Text).read(text).map_err(|invalid| invalid.0)
}

#[test]
fn amounts_are_exact_or_refused() {
    assert_eq!(read(Kind::Money, "R$ 1.234,56"), Ok(json!(123_456)));
    assert_eq!(read(Kind::Money, "(10,00)"), Ok(json!(-1000)));
    assert_eq!(read(Kind::Money, "1,005"), Err("money.decimals"));
    assert_eq!(read(Kind::Money, "1,119.90"), Err("money.format"));
    assert_eq!(read(Kind::Quantity, "1,5"), Ok(json!(1500)));
    assert_eq!(read(Kind::Rate, "2,5 %"), Ok(json!(250)));
    assert_eq!(read(Kind::Integer { min: 0, max: 9 }, "7,0"), Ok(json!(7)));
    assert_eq!(read(Kind::Integer { min: 0, max: 9 }, "7,5"), Err("decimal.scale"));
    assert_eq!(read(Kind::Money, "-"), Ok(Json::Null));
}

#[test]
fn days_and_moments() {
    for (text, day) in [("31/12/2026", "2026-12-31"), ("19820225", "1982-02-25"), ("5 de março de 2021", "2021-03-05")]
    {
        let order = if text.len() == 8 { DateOrder::Ymd } else { DateOrder::Dmy };
        let reading = ColumnReading { decimal_mark: DecimalMark::Comma, date_order: order };
        let reader = Reader::new(Kind::Date, "x", "y", (reading, ContentKind::Text), chrono_tz::UTC);
        assert_eq!(reader.read(text).unwrap(), json!(day), "{text}");
    }
    assert_eq!(read(Kind::Date, "31/11/2026"), Err("date.no_such_day"));
    assert_eq!(read(Kind::Date, "novembro"), Err("date.format"));
    assert_eq!(read(Kind::Instant, "01/02/2026 10:30"), Ok(json!("2026-02-01T13:30:00.000Z")));
    assert_eq!(read(Kind::Instant, "2026-02-01T10:30:00Z"), Ok(json!("2026-02-01T10:30:00.000Z")));
    assert_eq!(read(Kind::Instant, "ontem"), Err("instant.format"));
}

#[test]
fn documents_get_their_zeros_back() {
    let read = |content, text: &str| reader(Kind::CpfCnpj, content).read(text).map_err(|invalid| invalid.0);
    assert_eq!(read(ContentKind::Text, "1838723000127"), Ok(json!("01838723000127")));
    // In a column of companies eleven digits or fewer are one as well.
    assert_eq!(read(ContentKind::Cnpj, "191"), Ok(json!("00000000000191")));
    assert_eq!(read(ContentKind::Cpf, "191"), Ok(json!("00000000191")));
    assert_eq!(read(ContentKind::Cnpj, "529.982.247-25"), Ok(json!("52998224725")));
    assert_eq!(read(ContentKind::Cpf, "11.222.333/0001-81"), Ok(json!("11222333000181")));
    assert_eq!(read(ContentKind::Cpf, "529.982.247-26"), Err("cpf.check_digit"));
}

#[test]
fn contact_data_and_places() {
    assert_eq!(read(Kind::Phone, "(11) 98765-4321"), Ok(json!("+5511987654321")));
    assert_eq!(read(Kind::Phone, "3333-4444"), Err("phone.area_code_missing"));
    assert_eq!(read(Kind::Email, "Ana@Exemplo.com.BR"), Ok(json!("ana@exemplo.com.br")));
    assert_eq!(read(Kind::Cep, "1310100"), Ok(json!("01310100")));
    assert_eq!(read(Kind::Cep, "01310-100"), Ok(json!("01310100")));
    assert_eq!(read(Kind::Uf, "São Paulo"), Ok(json!("SP")));
    // A code of the tax office is no IBGE code.
    assert_eq!(read(Kind::Municipality, "9289"), Err("municipality.length"));
}

#[test]
fn what_says_nothing_is_nothing() {
    for text in ["", "  ", "-", "--", "NULL", "N/A", "#N/D", "não informado", "none"] {
        assert_eq!(read(Kind::Phone, text), Ok(Json::Null), "{text}");
    }
    let name = Kind::Text { max: 80 };
    for text in ["NULL", "-", "#N/D"] {
        assert_eq!(read(name, text), Ok(Json::Null), "{text}");
    }
    // Words that may be names are kept.
    for text in ["Nenhum", "None", "Na", "S/N", "0"] {
        assert_eq!(read(name, text), Ok(json!(text)), "{text}");
    }
    assert_eq!(read(name, "Rua A\r\n nº 3"), Ok(json!("Rua A nº 3")));
    assert_eq!(read(Kind::Tags, "vip; atacado, "), Ok(json!(["vip", "atacado"])));
}

proptest::proptest! {
    #[test]
    fn reading_never_panics(text in ".{0,60}") {
        for kind in [Kind::Text { max: 9 }, Kind::Money, Kind::Date, Kind::Instant, Kind::CpfCnpj, Kind::Phone, Kind::Cep, Kind::Boolean, Kind::Choice(&["person"]), Kind::Tags] {
            let _ = reader(kind, ContentKind::Cnpj).read(&text);
        }
    }
}
