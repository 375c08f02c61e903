//! The one-line edits that make a module known.

use std::{fs, path::Path};

use anyhow::{Context, Result, ensure};
use serde_json::{Map, Value as Json};

use super::names::Names;

pub fn create(root: &Path, path: &str, text: &str) -> Result<()> {
    let file = root.join(path);
    ensure!(!file.exists(), "{path} exists already");
    fs::write(&file, text).with_context(|| format!("cannot write {path}"))
}

fn change(root: &Path, path: &str, edit: impl FnOnce(String) -> Option<String>) -> Result<String> {
    let file = root.join(path);
    let text = fs::read_to_string(&file).with_context(|| format!("cannot read {path}"))?;
    let text = edit(text).with_context(|| format!("{path} does not look as expected"))?;
    fs::write(&file, text)?;
    Ok(path.to_owned())
}

/// Adds a line at the end of the list of modules.
pub fn module(root: &Path, path: &str, line: &str) -> Result<String> {
    change(root, path, |text| Some(format!("{}\n{line}\n", text.trim_end())))
}

/// Puts `what` in front of the first `mark` behind `after`.
fn before(text: &str, after: &str, mark: &str, what: &str) -> Option<String> {
    let start = text.find(after)?;
    let at = start + text.get(start..)?.find(mark)?;
    let (head, tail) = text.split_at_checked(at)?;
    Some(format!("{head}{what}{tail}"))
}

pub fn registry(root: &Path, names: &Names) -> Result<String> {
    let (import, entry) = (
        format!("    {}::{}::{},\n", names.area, names.name, names.constant()),
        format!("    &{},\n", names.constant()),
    );
    change(root, "crates/domain/src/registry.rs", |text| {
        let text = before(&text, "use crate::{", "    kernel::", &import)?;
        before(&text, "pub static RESOURCES", "];", &entry)
    })
}

pub fn migrations(root: &Path, names: &Names) -> Result<String> {
    let (module, entry) =
        (format!("mod {};\n", names.migration), format!("    Box::new({}::Migration),\n        ", names.migration));
    change(root, "migrations/src/lib.rs", |text| {
        let text = before(&text, "mod m0001", "\nuse ", &module)?;
        before(&text, "vec![", "]\n", &entry)
    })
}

/// Adds the nouns, states and steps of the template; `words` are the texts for
/// a new record, its two states and its step.
pub fn texts(root: &Path, locale: &str, [one, many]: &[String; 2], name: &str, words: [&str; 4]) -> Result<String> {
    let [new, open, done, finish] = words;
    let add = [
        (format!("resource.{name}"), one.as_str()),
        (format!("resource.{name}.plural"), many.as_str()),
        (format!("resource.{name}.new"), new),
        (format!("state.{name}.open"), open),
        (format!("state.{name}.done"), done),
        (format!("step.{name}.finish"), finish),
    ];
    change(root, &format!("crates/domain/locales/{locale}.json"), |text| {
        let mut table: Map<String, Json> = serde_json::from_str(&text).ok()?;
        table.extend(add.map(|(key, text)| (key, Json::from(text))));
        serde_json::to_string_pretty(&table).ok().map(|text| text + "\n")
    })
}
