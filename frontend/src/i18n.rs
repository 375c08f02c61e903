//! Words of the screens, in Portuguese and English. The names of things come
//! from the domain, which the server reads too.
//!
//! A change of language draws everything anew, so texts are plain strings.

use std::{collections::HashMap, sync::OnceLock};

use conexao_domain::{
    kernel::{
        field::Field,
        resource::{Area, Resource},
    },
    locale::{self, Locale},
};

use crate::state::app;

pub mod english;
pub mod parts;
#[cfg(test)]
mod tests;

type Table = HashMap<String, String>;

fn table(locale: Locale) -> &'static Table {
    static TABLES: [OnceLock<Table>; 2] = [OnceLock::new(), OnceLock::new()];
    let [pt, en] = &TABLES;
    let (cell, source) = match locale {
        Locale::PtBr => (pt, include_str!("../locales/pt-BR.json")),
        Locale::En => (en, english::source()),
    };
    cell.get_or_init(|| serde_json::from_str(source).unwrap_or_default())
}

/// The language in use.
pub fn locale() -> Locale {
    app().prefs.locale_now()
}

/// The text of a key; the key itself when nobody wrote it (a test forbids that).
pub fn text(key: &str) -> String {
    let here = table(locale()).get(key).cloned();
    here.or_else(|| parts::text(key)).unwrap_or_else(|| key.to_owned())
}

/// The text of a key with `{name}` replaced.
pub fn fill(key: &str, values: &[(&str, String)]) -> String {
    let mut out = text(key);
    for (name, value) in values {
        out = out.replace(&format!("{{{name}}}"), value);
    }
    out
}

/// The singular or plural text (`key.one`, `key.other`) with `{n}` replaced.
pub fn count(key: &str, n: i64) -> String {
    let form = if n == 1 { "one" } else { "other" };
    fill(&format!("{key}.{form}"), &[("n", crate::format::integer(n))])
}

/// The text of a key known only when it runs: `prefix` is in the code, `name` is data.
pub fn named(prefix: &str, name: &str) -> String {
    text(&format!("{prefix}{name}"))
}

/// `t!("key")` or `t!("key", name = value)`: a text of the screens.
#[macro_export]
macro_rules! t {
    ($key:literal) => { $crate::i18n::text($key) };
    ($key:literal, $($name:ident = $value:expr),+ $(,)?) => {
        $crate::i18n::fill($key, &[$((stringify!($name), $value.to_string())),+])
    };
}

/// `tn!("key", n)`: a text that counts.
#[macro_export]
macro_rules! tn {
    ($key:literal, $n:expr) => {
        $crate::i18n::count($key, $n)
    };
}

/// `td!("prefix.", name)`: a text whose last part is data.
#[macro_export]
macro_rules! td {
    ($prefix:literal, $name:expr) => {
        $crate::i18n::named($prefix, $name)
    };
}

/// One record of the kind, e.g. "Cliente".
pub fn resource(resource: &Resource) -> String {
    locale::text(locale(), &format!("resource.{}", resource.name))
}

/// Many of the kind, e.g. "Clientes".
pub fn resources(resource: &Resource) -> String {
    locale::text(locale(), &format!("resource.{}.plural", resource.name))
}

/// The button that makes one, e.g. "Novo cliente".
pub fn new_resource(resource: &Resource) -> String {
    locale::text(locale(), &format!("resource.{}.new", resource.name))
}

pub fn area(area: Area) -> String {
    locale::text(locale(), &format!("area.{}", area.name()))
}

pub fn section(name: &str) -> String {
    locale::text(locale(), &format!("section.{name}"))
}

/// Label of a field; `owner` is the resource's name.
pub fn field(owner: &str, field: &Field) -> String {
    locale::field(locale(), owner, field.name)
}

pub fn state(resource: &str, name: &str) -> String {
    locale::flow(locale(), "state", resource, name)
}

pub fn step(resource: &str, name: &str) -> String {
    locale::flow(locale(), "step", resource, name)
}

pub fn choice(owner: &str, field: &str, value: &str) -> String {
    locale::choice(locale(), owner, field, value)
}

/// Why a step cannot be taken now.
pub fn reason(code: &str) -> String {
    locale::text(locale(), &format!("reason.{code}"))
}

/// Why a value was refused.
pub fn invalid(code: &str) -> String {
    locale::text(locale(), &format!("invalid.{code}"))
}

/// Name of a notification category.
pub fn category(name: &str) -> String {
    locale::text(locale(), &format!("category.{name}"))
}

/// Name of a verb that every resource has, e.g. "Editar".
pub fn verb(name: &str) -> String {
    locale::text(locale(), &format!("verb.{name}"))
}

/// Name of a seeded role, e.g. "Conferente".
pub fn role(key: &str) -> String {
    locale::text(locale(), &format!("role.{key}"))
}

/// Name of a permission that belongs to no resource.
pub fn permission(name: &str) -> String {
    locale::text(locale(), &format!("permission.{name}"))
}
