//! The record of processing (LGPD, art. 37), derived from declarations: which
//! personal data is where, why something is kept, and what goes by itself.

use std::fmt::Write;

use conexao_domain::{
    kernel::{
        field::{Field, Kind},
        resource::Resource,
    },
    locale::{self, Locale},
    privacy::{
        about_people, is_person,
        places::{Erasure, NOTHING, PLACES},
        references,
        request::DAYS,
        retention::{Basis, IDLE_YEARS, Since, TIMETABLE},
        technical,
    },
    registry::RESOURCES,
};

const INTRODUCTION: &str = "# Privacy\n\n\
Written by `conexao privacy`, and compared with the code by `cargo xtask test --only openapi`; do not edit.\n\n\
What personal data is where follows from the declarations: fields marked `personal` are masked wherever they are \
shown and each look at one is an entry of the audit; fields marked `identifying` are shown. Both are found by the \
privacy desk and emptied when a person is anonymised.\n";

/// The whole document, in Markdown.
pub fn document() -> String {
    let mut out = INTRODUCTION.to_owned();
    records(&mut out);
    places(&mut out);
    timetable(&mut out);
    by_itself(&mut out);
    let _ = write!(
        out,
        "\n## Requests\n\nA request is due {DAYS} days after it came, or sooner when the company says so, on a business day. \
         Whoever opened it cannot carry out its anonymisation; a legal hold stands against it. \
         People without movement for {IDLE_YEARS} years are proposed for anonymisation, never anonymised by themselves.\n\n\
         An anonymisation empties records, the system's tables and the content of audit entries. Entries stay, with who \
         did what and when; the chain covers a salted digest of their content and a later entry names those that were \
         emptied, so `conexao verify` still finds any other change. What the law keeps of a person is taken out of \
         their record and kept apart, encrypted: whoever is imported again is somebody new. Files of imports and exports \
         that held the person are removed whole. Backups are outside of it: restore one, and the anonymisations since \
         have to be carried out again.\n"
    );
    out
}

fn plural(resource: &Resource) -> String {
    locale::text(Locale::En, &format!("resource.{}.plural", resource.name))
}

fn records(out: &mut String) {
    out.push_str(
        "\n## Records\n\n| Records | Masked | Shown | Refers to | Kept after a request |\n|---|---|---|---|---|\n",
    );
    for resource in RESOURCES.iter().copied() {
        let fields: Vec<(String, &Field)> = resource.fields.iter().flat_map(|field| flat(field)).collect();
        let named = |masked: bool| {
            let some = fields
                .iter()
                .filter(|(_, field)| if masked { field.personal } else { field.identifying && !field.personal });
            some.map(|(name, _)| format!("`{name}`")).collect::<Vec<_>>().join(", ")
        };
        let refers: Vec<String> = references(resource).map(|(field, _)| format!("`{}`", field.name)).collect();
        if !resource.fields.iter().any(about_people) && refers.is_empty() {
            continue;
        }
        let kept: Vec<&str> =
            TIMETABLE.iter().filter(|k| k.resource == resource.name).map(|k| k.basis.name()).collect();
        let person = if is_person(resource) { " (people)" } else { "" };
        let _ = writeln!(
            out,
            "| {}{person} | {} | {} | {} | {} |",
            plural(resource),
            named(true),
            named(false),
            refers.join(", "),
            kept.join(", ")
        );
    }
}

/// A field, or those of its lines.
fn flat(field: &'static Field) -> Vec<(String, &'static Field)> {
    match field.kind {
        Kind::Lines(lines) => {
            lines.fields.iter().map(|inner| (format!("{}.{}", field.name, inner.name), inner)).collect()
        }
        _ => vec![(field.name.to_owned(), field)],
    }
}

fn places(out: &mut String) {
    out.push_str("\n## Other places\n\n| Table | Texts | An anonymisation |\n|---|---|---|\n");
    for place in PLACES {
        let texts: Vec<String> = place.texts.iter().map(|text| format!("`{text}`")).collect();
        let what = match place.erasure {
            Erasure::Redact => "takes the person out of the texts",
            Erasure::Remove => "removes the row",
            Erasure::RemoveFile => "removes the person's files, and the person out of other names",
            Erasure::Clear => "removes the file and the rows that failed",
            Erasure::Chained => "empties the content; a chained entry names the emptied ones",
            Erasure::Sealed => "removes what went to the person, and takes the person out of what went to others",
        };
        let _ = writeln!(out, "| `{}` | {} | {what} |", place.table, texts.join(", "));
    }
    out.push_str("\nTables without data of the people a company serves:\n\n");
    for (table, why) in NOTHING {
        let _ = writeln!(out, "- `{table}`: {why}");
    }
}

fn timetable(out: &mut String) {
    out.push_str(
        "\n## Retention by law\n\n| Basis | Law | Years | Company may choose | Keeps |\n|---|---|---|---|---|\n",
    );
    for basis in Basis::ALL {
        let years = basis.years().map_or_else(|| "while it lasts".to_owned(), |years| years.to_string());
        let allowed = basis.allowed().map_or_else(String::new, |range| format!("{} to {}", range.start(), range.end()));
        let keeps = TIMETABLE.iter().filter(|k| k.basis == *basis).map(|k| {
            let fields = if k.fields.is_empty() { "all".to_owned() } else { k.fields.join(", ") };
            let since = match k.since {
                Since::Created => "from its beginning".to_owned(),
                Since::Last { resource, .. } => format!("from the last {resource}"),
            };
            format!("{} ({fields}; {since})", k.resource)
        });
        let keeps = keeps.collect::<Vec<_>>().join("; ");
        let _ = writeln!(out, "| `{}` | {} | {years} | {allowed} | {keeps} |", basis.name(), basis.law());
    }
    out.push_str("\nYears count from the end of the year.\n");
}

fn by_itself(out: &mut String) {
    out.push_str("\n## What goes by itself\n\n| Table | What | Kept |\n|---|---|---|\n");
    for kept in technical::ALL {
        let (days, rest) = (kept.hours / 24, kept.hours % 24);
        let time = if rest == 0 { format!("{days} days") } else { format!("{} hours", kept.hours) };
        let _ = writeln!(out, "| `{}` | {} | {time} after {} |", kept.table, kept.what, kept.from);
    }
}
