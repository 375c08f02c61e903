//! Every text that a declaration or a refusal asks for exists in every
//! language, and no text is left that nothing asks for.
#![expect(clippy::unwrap_used, reason = "tests")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use super::*;
use crate::{
    identity::role::{OPERATOR_ROLES, SEEDED_ROLES},
    kernel::{
        calendar::Holiday,
        field::{Field, Kind},
        problem::Code,
        resource::{Area, Resource, SYSTEM_FIELDS, VERBS},
        value,
    },
    privacy::{places::PLACES, retention::Basis},
    registry::{ADMINISTRATION, CATEGORIES, OPERATION, RESOURCES},
    settings::{COMPANY, TenantKind, integration::INTEGRATIONS},
};

type Keys = BTreeSet<String>;

/// The key a look-up ends at: the owner's own, else the shared one.
fn resolved(locale: Locale, what: &str, owner: &str, name: &str) -> String {
    let own = format!("{what}.{owner}.{name}");
    let shared = format!("{what}.{name}");
    if find(locale, &own).is_none() && find(locale, &shared).is_some() { shared } else { own }
}

fn field_keys(locale: Locale, owner: &str, fields: &[Field], keys: &mut Keys) {
    for f in fields {
        keys.insert(resolved(locale, "field", owner, f.name));
        keys.extend(f.section.map(|section| format!("section.{section}")));
        match f.kind {
            Kind::Choice(options) => {
                keys.extend(
                    options.iter().map(|option| resolved(locale, "choice", owner, &format!("{}.{option}", f.name))),
                );
            }
            Kind::Lines(lines) => field_keys(locale, lines.table, lines.fields, keys),
            _ => {}
        }
    }
}

fn resource_keys(locale: Locale, resource: &Resource, keys: &mut Keys) {
    let name = resource.name;
    keys.extend([format!("resource.{name}"), format!("resource.{name}.plural"), format!("resource.{name}.new")]);
    for notice in resource.notices {
        keys.extend([format!("notice.{}", notice.event), format!("category.{}", notice.category)]);
    }
    field_keys(locale, name, resource.fields, keys);
    field_keys(locale, name, SYSTEM_FIELDS, keys);
    let Some(flow) = resource.flow else { return };
    keys.extend(flow.states.iter().map(|state| resolved(locale, "state", name, state.name)));
    keys.extend(flow.steps.iter().map(|step| resolved(locale, "step", name, step.name)));
}

/// Everything that is asked for by name.
fn wanted(locale: Locale) -> Keys {
    let mut keys = codes_in_sources();
    keys.extend(Code::ALL.iter().map(|code| format!("problem.{}", code.name())));
    // Clients say it: there is no server to do so.
    keys.insert("problem.network".to_owned());
    keys.extend(value::CODES.iter().map(|code| format!("invalid.{code}")));
    keys.extend(Area::ALL.iter().map(|area| format!("area.{}", area.name())));
    keys.extend(VERBS.iter().map(|verb| format!("verb.{verb}")));
    keys.extend(ADMINISTRATION.iter().map(|permission| format!("permission.{permission}")));
    keys.extend(Holiday::ALL.iter().map(|holiday| format!("holiday.{}", holiday.key())));
    keys.extend(OPERATION.iter().map(|permission| format!("permission.{permission}")));
    keys.extend(TenantKind::ALL.iter().map(|kind| format!("tenant.kind.{}", kind.name())));
    keys.insert(format!("resource.{}", COMPANY.name));
    field_keys(locale, COMPANY.name, COMPANY.fields, &mut keys);
    for integration in INTEGRATIONS {
        let name = integration.name;
        keys.extend([format!("integration.{name}"), format!("integration.{name}.about")]);
        field_keys(locale, integration.owner, integration.fields, &mut keys);
    }
    keys.extend(CATEGORIES.iter().map(|category| format!("category.{category}")));
    for role in SEEDED_ROLES.iter().chain(OPERATOR_ROLES) {
        keys.extend([format!("role.{}", role.key), format!("role_text.{}", role.key)]);
    }
    keys.extend(Basis::ALL.iter().map(|basis| format!("basis.{}", basis.name())));
    keys.extend(PLACES.iter().map(|place| format!("place.{}", place.table)));
    for resource in RESOURCES {
        resource_keys(locale, resource, &mut keys);
    }
    keys
}

/// Codes written in the sources of every crate of the server: those of a
/// [`FieldProblem`](crate::kernel::problem::FieldProblem) or `Invalid`
/// anywhere, keys asked for as they are, and the texts this crate's own
/// functions refuse with.
fn codes_in_sources() -> Keys {
    let domain = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut keys = Keys::new();
    for folder in entries(domain.parent().unwrap()) {
        for source in sources(&folder.join("src")) {
            let text = fs::read_to_string(&source).unwrap();
            let text = text.split("mod tests {").next().unwrap_or_default();
            let markers = ["FieldProblem::new(", "Problem::field(", "Invalid("];
            keys.extend(codes(text, &markers).map(|code| format!("invalid.{code}")));
            keys.extend(codes(text, &["locale::text("]));
            keys.extend(codes(text, &["Code::File).detail("]).map(|code| format!("file.{code}")));
            keys.extend(codes(text, &["Code::StepRefused).detail("]).map(|code| format!("reason.{code}")));
            keys.extend(codes(text, &["Code::NotUndoable).detail("]).map(|code| format!("reason.{code}")));
            // A permission that is missing says its name; anything else has a text.
            let forbidden = codes(text, &["Code::Forbidden).detail("]).filter(|code| !code.contains('.'));
            keys.extend(forbidden.map(|code| format!("reason.{code}")));
            if source.ends_with("tabular/error.rs") {
                keys.extend(file_codes(text));
            }
            if folder == domain {
                keys.extend(items(text).iter().flat_map(|item| refusals(item)));
            }
        }
    }
    keys
}

/// What the readers of files refuse with: whole files, and single rows.
fn file_codes(text: &str) -> impl Iterator<Item = String> {
    let quoted = text.split('"').skip(1).step_by(2);
    quoted.filter_map(|code| match code.split_once('.')? {
        ("file", _) => Some(code.to_owned()),
        ("row", _) => Some(format!("invalid.{code}")),
        _ => None,
    })
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).into_iter().flatten().map(|entry| entry.unwrap().path()).collect()
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for path in entries(folder).into_iter().filter(|path| path.file_stem().is_none_or(|stem| stem != "tests")) {
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found
}

/// The functions, statics and constants of a source, each with its signature.
fn items(text: &str) -> Vec<String> {
    let mut items = vec![String::new()];
    for line in text.lines() {
        let start = line
            .trim_start()
            .trim_start_matches("pub ")
            .trim_start_matches("pub(crate) ")
            .trim_start_matches("pub(super) ");
        if ["fn ", "const ", "static "].iter().any(|word| start.starts_with(word)) {
            items.push(String::new());
        }
        let item = items.last_mut().unwrap();
        item.push_str(line);
        item.push('\n');
    }
    items
}

/// What an item refuses with. Guards (functions that answer nothing but a
/// refusal, and closures within a declared flow) give reasons; readers of
/// values say why the value is invalid.
fn refusals(item: &str) -> impl Iterator<Item = String> {
    let signature = item.split('{').next().unwrap_or_default();
    let guards = signature.contains("-> Result<(), &'static str>") || !signature.contains("fn ");
    let what = if guards { "reason" } else { "invalid" };
    codes(item, &["Err(", "ok_or(", "ok_or_else(", "map_err("]).map(move |code| format!("{what}.{code}"))
}

/// The codes written as the last argument of calls that begin with a marker.
fn codes(text: &str, markers: &[&str]) -> impl Iterator<Item = String> {
    let mut codes = Vec::new();
    for marker in markers {
        text.split(marker).skip(1).for_each(|call| codes.extend(literals(last_argument(call))));
    }
    codes.into_iter()
}

fn last_argument(call: &str) -> &str {
    let (mut depth, mut quoted, mut start) = (0, false, 0);
    for (i, c) in call.char_indices() {
        match c {
            '"' => quoted = !quoted,
            _ if quoted => {}
            '(' | '[' | '{' => depth += 1,
            ')' if depth == 0 => return call.get(start..i).unwrap_or_default(),
            ')' | ']' | '}' => depth -= 1,
            ',' if depth == 0 && !call.get(i + 1..).unwrap_or_default().trim_start().starts_with(')') => start = i + 1,
            _ => {}
        }
    }
    ""
}

/// Texts that an argument evaluates to, also at the end of a branch or closure,
/// but not those it compares with or passes on.
fn literals(argument: &str) -> Vec<String> {
    let pieces: Vec<&str> = argument.split('"').collect();
    let pairs = pieces.chunks_exact(2).filter_map(|pair| Some((pair.first()?.trim_end(), *pair.last()?)));
    let results = pairs.filter(|(before, _)| before.is_empty() || before.ends_with(['{', '>', '|']));
    results.map(|(_, code)| code.to_owned()).collect()
}

fn existing(locale: Locale) -> Keys {
    locale.table().keys().cloned().collect()
}

#[test]
fn no_text_is_missing() {
    for locale in Locale::ALL.iter().copied() {
        let missing: Vec<String> = wanted(locale).difference(&existing(locale)).cloned().collect();
        assert!(missing.is_empty(), "{}: {missing:#?}", locale.tag());
    }
}

#[test]
fn no_text_is_unused() {
    for locale in Locale::ALL.iter().copied() {
        let unused: Vec<String> = existing(locale).difference(&wanted(locale)).cloned().collect();
        assert!(unused.is_empty(), "{}: {unused:#?}", locale.tag());
    }
}

#[test]
fn both_languages_have_the_same_keys() {
    assert_eq!(existing(Locale::PtBr), existing(Locale::En));
    assert!(!existing(Locale::PtBr).is_empty(), "locale files must parse");
}

#[test]
fn texts_follow_the_house_voice() {
    for locale in Locale::ALL.iter().copied() {
        for (key, text) in locale.table() {
            assert!(!text.is_empty() && text.trim() == text && !text.contains('!'), "{}: {key}: {text}", locale.tag());
            assert_eq!(key.starts_with("notice."), text.contains("{title}"), "{}: {key}: {text}", locale.tag());
            let sentence = ["problem.", "invalid.", "reason.", "file."].iter().any(|prefix| key.starts_with(prefix));
            let sentence =
                sentence || key.strip_prefix("mail.").is_some_and(|mail| mail.rsplit('.').next() == Some("body"));
            assert_eq!(sentence, text.ends_with('.'), "{}: {key}: {text}", locale.tag());
        }
    }
}

#[test]
fn codes_are_found_where_they_are_written() {
    let guard = "fn g(r: &Record) -> Result<(), &'static str> { if r.text(\"kind\") == Some(\"x\") { return Err(\"early\"); } r.ok_or(\"late\") }";
    assert_eq!(refusals(guard).collect::<Vec<_>>(), ["reason.early", "reason.late"]);
    let reader =
        "fn r(t: &str) -> Result<Json, &'static str> { t.parse().map_err(|_| \"bad\")?; Err(wrong(\"name\")) }";
    assert_eq!(refusals(reader).collect::<Vec<_>>(), ["invalid.bad"]);
    let check = "FieldProblem::new(format!(\"a.{i}, b\"), if kind == \"k\" { \"one\" } else { \"two\" }); FieldProblem::new(\n\"f\",\n\"three\",\n)";
    assert_eq!(codes(check, &["FieldProblem::new("]).collect::<Vec<_>>(), ["one", "two", "three"]);
}
