//! What a piece of text from a spreadsheet can mean.
//!
//! Parsers for the ways people in Brazil write dates, numbers, identifiers and
//! yes or no. They never panic and never guess: an order or a mark is given.

pub mod boolean;
pub mod date;
pub mod ident;
pub mod number;

/// Whether the text is a number, a date, an identifier or the like in some
/// reading, rather than words.
pub fn is_typed(text: &str) -> bool {
    number::marks(text).is_some()
        || date::orders(text).any()
        || ident::is_cpf(text)
        || ident::is_cnpj(text)
        || ident::is_email(text)
        || ident::is_formatted_cep(text)
        || ident::is_phone(text)
        || ident::is_clock_time(text)
}
