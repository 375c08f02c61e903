//! How wide a control is, in sixths of the form; on a phone in halves.

use conexao_domain::kernel::field::{Field, Kind};

const FULL: &str = "col-span-2 md:col-span-6";
const TWO_THIRDS: &str = "col-span-2 md:col-span-4";
const HALF: &str = "col-span-2 md:col-span-3";
const THIRD: &str = "md:col-span-2";
const SIXTH: &str = "md:col-span-1";

/// Parts of an address stand side by side the way they are written on a letter.
fn of_address(name: &str) -> Option<&'static str> {
    const PARTS: &[(&str, &str)] = &[
        ("cep", THIRD),
        ("street", HALF),
        ("number", SIXTH),
        ("complement", THIRD),
        ("district", HALF),
        ("municipality", HALF),
        ("city", TWO_THIRDS),
        ("uf", THIRD),
    ];
    let part = name.rsplit('_').next().unwrap_or(name);
    PARTS.iter().find(|(known, _)| *known == part).map(|(_, span)| *span)
}

/// Whether the fields are (or hold) an address.
pub fn is_address(fields: &[&Field]) -> bool {
    fields.iter().any(|field| field.kind == Kind::Cep)
}

/// The width of a control of the record itself.
pub fn of_field(field: &Field, address: bool) -> &'static str {
    match field.kind {
        Kind::LongText { .. } | Kind::Tags => FULL,
        Kind::Text { max } if max > 200 => FULL,
        // Labels of the record's own address say whose it is, and need room.
        _ if address => match of_address(field.name) {
            Some(HALF) if field.name.ends_with("street") => TWO_THIRDS,
            Some(SIXTH | HALF) => THIRD,
            other => other.unwrap_or(FULL),
        },
        _ => HALF,
    }
}

/// The width of a control of a line.
pub fn of_line(field: &Field, address: bool) -> &'static str {
    match field.kind {
        Kind::LongText { .. } => FULL,
        _ if address => of_address(field.name).unwrap_or(TWO_THIRDS),
        Kind::Text { max: ..=30 } | Kind::Quantity => SIXTH,
        Kind::Text { max: 100..=200 } => HALF,
        _ => THIRD,
    }
}
