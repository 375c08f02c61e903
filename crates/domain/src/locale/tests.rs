//! Every word that a declaration needs exists in every language.

use super::*;
use crate::{
    kernel::{field::{Field, Kind}, problem::Code, resource::{Area, SYSTEM_FIELDS, VERBS}, value},
    registry::{ADMINISTRATION, RESOURCES},
};

fn field_keys(locale: Locale, owner: &str, fields: &[Field], missing: &mut Vec<String>) {
    for f in fields {
        let label = field(locale, owner, f.name);
        if label.starts_with("field.") {
            missing.push(format!("{}: field.{owner}.{}", locale.tag(), f.name));
        }
        if let Kind::Choice(options) = f.kind {
            for option in options.iter().filter(|o| choice(locale, owner, f.name, o).starts_with("choice.")) {
                missing.push(format!("{}: choice.{owner}.{}.{option}", locale.tag(), f.name));
            }
        }
        if let Some(section) = f.section.filter(|s| find(locale, &format!("section.{s}")).is_none()) {
            missing.push(format!("{}: section.{section}", locale.tag()));
        }
        if let Kind::Lines(lines) = f.kind {
            field_keys(locale, lines.table, lines.fields, missing);
        }
    }
}

#[test]
fn no_key_is_missing() {
    let mut missing = Vec::new();
    for locale in Locale::ALL.iter().copied() {
        let mut need = |key: String| {
            if find(locale, &key).is_none() {
                missing.push(format!("{}: {key}", locale.tag()));
            }
        };
        Code::ALL.iter().for_each(|code| need(format!("problem.{}", code.name())));
        value::CODES.iter().for_each(|code| need(format!("invalid.{code}")));
        Area::ALL.iter().for_each(|area| need(format!("area.{}", area.name())));
        VERBS.iter().for_each(|verb| need(format!("verb.{verb}")));
        ADMINISTRATION.iter().for_each(|permission| need(format!("permission.{permission}")));
        for resource in RESOURCES {
            need(format!("resource.{}", resource.name));
            need(format!("resource.{}.plural", resource.name));
            need(format!("resource.{}.new", resource.name));
            resource.notices.iter().for_each(|n| need(format!("notice.{}", n.event)));
            resource.notices.iter().for_each(|n| need(format!("category.{}", n.category)));
        }
        for resource in RESOURCES {
            field_keys(locale, resource.name, resource.fields, &mut missing);
            field_keys(locale, resource.name, SYSTEM_FIELDS, &mut missing);
            let Some(machine) = resource.flow else { continue };
            let states = machine.states.iter().map(|s| ("state", s.name));
            for (what, name) in states.chain(machine.steps.iter().map(|s| ("step", s.name))) {
                if flow(locale, what, resource.name, name).starts_with(what) {
                    missing.push(format!("{}: {what}.{}.{name}", locale.tag(), resource.name));
                }
            }
        }
    }
    assert!(missing.is_empty(), "missing texts: {missing:#?}");
}

#[test]
fn both_languages_have_the_same_keys() {
    let keys = |locale: Locale| {
        let mut keys: Vec<&String> = locale.table().keys().collect();
        keys.sort();
        keys
    };
    assert_eq!(keys(Locale::PtBr), keys(Locale::En));
    assert!(!keys(Locale::PtBr).is_empty(), "locale files must parse");
}
