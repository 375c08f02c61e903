//! Parsed values: once one of these exists, its text was checked and is in its canonical form.
//!
//! Every text type has the same face: `parse(&str) -> Result<Self, Invalid>` (never panics, cost linear
//! in a bounded input), `as_str()` for storage, `Display` for people in Brazil, `masked()` where the
//! value is personal data, and serde as the canonical string. Amounts are integers; nothing here floats.

mod ascii;
mod cep;
mod clock;
mod cnpj;
mod cpf;
mod cpf_cnpj;
mod date;
mod decimal;
mod email;
mod id;
mod invalid;
mod mod11;
mod money;
#[cfg(feature = "municipalities")]
pub mod municipalities;
mod municipality;
mod network;
mod patch;
mod phone;
mod quantity;
mod rate;
mod text;
mod text_value;
mod uf;

pub use cep::Cep;
pub use clock::{Clock, FixedClock, MovableClock};
pub use cnpj::Cnpj;
pub use cpf::Cpf;
pub use cpf_cnpj::{CpfCnpj, PersonKind};
pub use date::{DateOrder, parse_date};
pub use decimal::{DecimalMark, parse_decimal};
pub use email::Email;
pub use id::Id;
pub use invalid::{CODES, Invalid};
pub use money::Money;
pub use municipality::Municipality;
pub use network::Network;
pub use patch::Patch;
pub use phone::Phone;
pub use quantity::Quantity;
pub use rate::Rate;
pub use text::{alnum, digits, fold};
pub use uf::Uf;
