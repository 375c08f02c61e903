//! Filling templates in: HTML is escaped, a missing value is an error, and a
//! tenant's own texts cannot run for long.

use std::collections::BTreeMap;

use minijinja::{
    AutoEscape, Environment, UndefinedBehavior,
    value::{Serde, Value},
};
use serde::Serialize;

use super::brand::Brand;
use super::source::{LAYOUT_HTML, LAYOUT_TEXT, Language, Own, Template, files};

/// Steps a tenant's own text may take; ours take some hundreds.
const FUEL: u64 = 50_000;
/// Characters of a tenant's own text.
const MOST_SOURCE: usize = 100_000;

/// A message that was filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rendered {
    /// The subject, one line.
    pub subject: String,
    /// The text.
    pub text: String,
    /// The HTML.
    pub html: String,
}

/// Why a text could not be filled in: what is wrong and where.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {message}")]
pub struct TemplateError {
    /// Which text, and its line.
    pub place: String,
    /// What is wrong with it.
    pub message: String,
}

fn wrong(place: &str) -> impl Fn(minijinja::Error) -> TemplateError {
    move |error| TemplateError {
        place: format!("{place}:{}", error.line().unwrap_or(1)),
        message: error.detail().map_or_else(|| error.kind().to_string(), ToOwned::to_owned),
    }
}

/// The templates of the product, ready to be filled in.
#[derive(Debug)]
pub struct Templates {
    environment: Environment<'static>,
}

fn environment() -> Result<Environment<'static>, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_auto_escape_callback(|name| {
        let html = std::path::Path::new(name).extension().is_some_and(|end| end == "html");
        if html { AutoEscape::Html } else { AutoEscape::None }
    });
    environment.set_fuel(Some(FUEL));
    // Lists and texts of values have the methods that people know from Python.
    environment.set_unknown_method_callback(|_, value, method, _| match (method, value.as_str()) {
        ("splitlines", Some(text)) => Ok(text.lines().map(Value::from).collect()),
        _ => Err(minijinja::ErrorKind::UnknownMethod.into()),
    });
    environment.add_template("layout.html", LAYOUT_HTML)?;
    environment.add_template("layout.txt", LAYOUT_TEXT)?;
    Ok(environment)
}

fn name(template: Template, language: Language, part: &str) -> String {
    format!("{}/{}.{part}", language.as_str(), template.as_str())
}

impl Templates {
    /// The templates of the product.
    ///
    /// # Errors
    /// When one of them cannot be read, which the tests rule out.
    pub fn new() -> Result<Self, TemplateError> {
        let mut environment = environment().map_err(wrong("layout"))?;
        for template in Template::ALL {
            for language in Language::ALL {
                let (text, html) = files(template, language);
                let (subject, text) = text.split_once("\n\n").unwrap_or((text, ""));
                for (part, source) in [("subject", subject), ("txt", text), ("html", html)] {
                    let name = name(template, language, part);
                    environment.add_template_owned(name.clone(), source).map_err(wrong(&name))?;
                }
            }
        }
        Ok(Self { environment })
    }

    /// Fills in a template of the product.
    pub fn render(
        &self,
        template: Template,
        language: Language,
        brand: &Brand,
        values: impl Serialize,
    ) -> Result<Rendered, TemplateError> {
        let fill = |part: &str, values: &Value| {
            let name = name(template, language, part);
            let template = self.environment.get_template(&name).map_err(wrong(&name))?;
            template.render(values).map_err(wrong(&name))
        };
        compose(language, brand, values, fill)
    }

    /// Fills in a tenant's own texts: to send them, and to check them with
    /// values made up before they are kept.
    pub fn render_own(
        &self,
        own: &Own,
        language: Language,
        brand: &Brand,
        values: impl Serialize,
    ) -> Result<Rendered, TemplateError> {
        let fill = |part: &str, values: &Value| {
            let source = match part {
                "subject" => &own.subject,
                "txt" => &own.text,
                _ => &own.html,
            };
            if source.len() > MOST_SOURCE {
                return Err(TemplateError { place: format!("{part}:1"), message: "too long".to_owned() });
            }
            self.environment.render_named_str(&format!("own.{part}"), source, values).map_err(wrong(part))
        };
        compose(language, brand, values, fill)
    }
}

fn compose(
    language: Language,
    brand: &Brand,
    values: impl Serialize,
    fill: impl Fn(&str, &Value) -> Result<String, TemplateError>,
) -> Result<Rendered, TemplateError> {
    let words = match language {
        Language::PtBr => [("sent_by", "Enviado por"), ("unsubscribe", "Não receber mais mensagens como esta")],
        Language::En => [("sent_by", "Sent by"), ("unsubscribe", "Stop messages like this")],
    };
    // What layouts ask for but most templates do not have.
    let mut all: BTreeMap<String, Value> =
        ["action_url", "unsubscribe_url"].map(|name| (name.to_owned(), Value::from(()))).into();
    let values = Value::from(Serde(values));
    for key in values.try_iter().map_err(wrong("values"))? {
        let value = values.get_item(&key).map_err(wrong("values"))?;
        all.insert(key.to_string(), value);
    }
    all.insert("brand".to_owned(), Value::from(Serde(brand)));
    all.insert("language".to_owned(), language.as_str().into());
    all.insert("words".to_owned(), Value::from_pairs(words));
    let subject = fill("subject", &Value::from(all.clone()))?;
    let subject = subject.split_whitespace().collect::<Vec<_>>().join(" ");
    all.insert("subject".to_owned(), subject.clone().into());
    let all = Value::from(all);
    Ok(Rendered { text: fill("txt", &all)?, html: fill("html", &all)?, subject })
}
