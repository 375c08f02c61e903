//! Texts of e-mails: templates in two languages, and tenants' own in their place.

mod brand;
mod render;
mod source;

pub use brand::{Brand, BrandError};
pub use render::{Rendered, TemplateError, Templates};
pub use source::{Language, Own, Template};
