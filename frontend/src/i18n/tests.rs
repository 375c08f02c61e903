#![expect(clippy::unwrap_used, clippy::panic, reason = "tests")]
//! Every text used in the code exists in both languages, and none is left over.

use std::{collections::BTreeSet, fs, path::Path};

use super::*;

fn sources(folder: &Path, wanted: fn(&Path) -> bool, out: &mut String) {
    let mut entries: Vec<_> = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            sources(&path, wanted, out);
        } else if path.extension().is_some_and(|e| e == "rs")
            && !path.ends_with("i18n.rs")
            && !path.ends_with("tests.rs")
            && wanted(&path)
        {
            out.push_str(&fs::read_to_string(&path).unwrap());
        }
    }
}

/// The string literals that follow a macro's opening, e.g. all of `t!("…`.
fn literals(code: &str, opening: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for (at, _) in code.match_indices(opening) {
        let boundary = code.get(..at).unwrap().chars().next_back().is_none_or(|c| !c.is_alphanumeric() && c != '_');
        let rest = code.get(at + opening.len()..).unwrap().trim_start();
        if let Some(rest) = rest.strip_prefix('"').filter(|_| boundary) {
            found.insert(rest.split('"').next().unwrap().to_owned());
        }
    }
    found
}

/// The texts of a language, those of parts among them.
fn texts(locale: Locale) -> Table {
    let mut all = table(locale).clone();
    if locale == Locale::PtBr {
        all.extend(later());
    }
    all
}

fn later() -> Table {
    serde_json::from_str(include_str!("../../locales/pt-BR.parts.json")).unwrap()
}

fn keys(locale: Locale) -> BTreeSet<String> {
    texts(locale).into_keys().collect()
}

/// What is fetched later whole: the rest may need its texts at once.
fn is_part(path: &Path) -> bool {
    const FIRST: [&str; 7] =
        ["challenge.rs", "login.rs", "login_aside.rs", "login_company.rs", "missing.rs", "mod.rs", "hooks.rs"];
    let inside = |folder: &str| path.starts_with(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")).join(folder));
    let custom = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src/custom"));
    let first = path.parent() == Some(custom) && FIRST.iter().any(|name| path.ends_with(name));
    let whole =
        ["resource/detail", "resource/form", "resource/list/later", "ui/chart", "ui/control", "shell/later", "outbox"]
            .into_iter()
            .any(inside);
    (inside("custom") && !first) || whole
}

#[test]
fn both_languages_have_the_same_keys() {
    assert!(keys(Locale::PtBr).len() > 50, "the locale files must parse");
    let (pt, en) = (keys(Locale::PtBr), keys(Locale::En));
    let differing: Vec<_> = pt.symmetric_difference(&en).collect();
    assert!(differing.is_empty(), "only in one language: {differing:#?}");
}

#[test]
fn placeholders_are_the_same_in_both_languages() {
    let names = |text: &str| -> BTreeSet<String> {
        text.split('{').skip(1).filter_map(|part| part.split_once('}')).map(|(name, _)| name.to_owned()).collect()
    };
    for (key, pt) in &texts(Locale::PtBr) {
        let en = table(Locale::En).get(key).unwrap_or_else(|| panic!("{key} lacks English"));
        assert_eq!(names(pt), names(en), "{key}");
    }
}

fn used(code: &str) -> BTreeSet<String> {
    let mut used = literals(code, "t!(");
    for counted in literals(code, "tn!(") {
        used.insert(format!("{counted}.one"));
        used.insert(format!("{counted}.other"));
    }
    used
}

#[test]
fn what_is_there_from_the_start_has_its_texts() {
    let mut code = String::new();
    sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), |path| !is_part(path), &mut code);
    let (used, prefixes) = (used(&code), literals(&code, "td!("));
    let early = |key: &&String| used.contains(*key) || prefixes.iter().any(|prefix| key.starts_with(prefix.as_str()));
    let (later, here) = (later(), table(Locale::PtBr));
    let late: Vec<_> = later.keys().filter(early).collect();
    assert!(late.is_empty(), "move these to pt-BR.json: {late:#?}");
    let both: Vec<_> = later.keys().filter(|key| here.contains_key(*key)).collect();
    assert!(both.is_empty(), "written twice: {both:#?}");
}

#[test]
fn every_used_key_exists_and_none_is_left_over() {
    let mut code = String::new();
    sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")), |_| true, &mut code);
    let used = used(&code);
    let prefixes = literals(&code, "td!(");
    let known = keys(Locale::PtBr);
    let missing: Vec<_> = used.difference(&known).collect();
    assert!(missing.is_empty(), "texts nobody wrote: {missing:#?}");
    let empty: Vec<_> = prefixes.iter().filter(|p| !known.iter().any(|k| k.starts_with(p.as_str()))).collect();
    assert!(empty.is_empty(), "prefixes without texts: {empty:#?}");
    let idle: Vec<_> =
        known.difference(&used).filter(|key| !prefixes.iter().any(|p| key.starts_with(p.as_str()))).collect();
    assert!(idle.is_empty(), "texts nobody uses: {idle:#?}");
}
