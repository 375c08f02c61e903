//! Lines of a record from the cells of a row, and into an existing record.

use conexao_domain::kernel::{
    field::{Field, Kind, Lines},
    merge::same,
    record::Record,
    resource::Resource,
    value::{Invalid, Municipality, Phone, Uf, municipalities},
};
use serde_json::{Map, Value as Json};

use super::{
    model::CellProblem,
    rows::{MappedRow, Pending, Slot, Source, cell},
    siafi,
    target::{Keyed, Target},
};

/// Reads the lines of one field into the row's input.
pub(crate) fn read(owner: &'static Field, slots: &[Slot], cells: &[String], row: &mut MappedRow) {
    let Kind::Lines(lines) = owner.kind else { return };
    let mut built: Vec<Map<String, Json>> = Vec::new();
    for slot in slots {
        if let Target::Value { keyed, word, .. } = &slot.target {
            values(slot, *keyed, word, cells, row, &mut built);
        }
    }
    fields(owner, lines, slots, cells, row, &mut built);
    for line in &mut built {
        complete_place(owner, lines, line, row);
    }
    if !built.is_empty() {
        let built: Vec<Json> = built.into_iter().map(Json::Object).collect();
        row.input.insert(owner.name.to_owned(), built.into());
    }
}

/// One line for each value of a key: a cell may hold several.
fn values(
    slot: &Slot,
    keyed: Keyed,
    word: &str,
    cells: &[String],
    row: &mut MappedRow,
    built: &mut Vec<Map<String, Json>>,
) {
    let mut area = String::new();
    for source in &slot.sources {
        let text = cell(cells, source.column);
        // A column of area codes belongs to the numbers in the next one.
        if slot.target.kind() == Kind::Phone && is_area(text) {
            text.trim_start_matches('0').clone_into(&mut area);
            continue;
        }
        for part in parts(slot, source, text) {
            let with_area = format!("{area}{part}");
            let first = if area.is_empty() { source.reader.read(part) } else { source.reader.read(&with_area) };
            match first.or_else(|error| if area.is_empty() { Err(error) } else { source.reader.read(part) }) {
                Ok(Json::Null) => {}
                Ok(value) => {
                    let line = Map::from_iter([
                        (keyed.key.name.to_owned(), Json::from(word)),
                        (keyed.value.name.to_owned(), value),
                    ]);
                    if !built.contains(&line) {
                        built.push(line);
                    }
                }
                Err(invalid) => {
                    row.problems.push(CellProblem::new(Some(source.column), Some(&slot.name), Some(part), invalid));
                }
            }
        }
        area.clear();
    }
}

fn is_area(text: &str) -> bool {
    let digits = text.trim_start_matches('0');
    digits.len() == 2 && text.len() <= 3 && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// The values of a cell: lines of it, or else what separators part when the
/// whole is no value.
fn parts<'a>(slot: &Slot, source: &Source, text: &'a str) -> Vec<&'a str> {
    let several = |separators: &[char]| -> Vec<&'a str> {
        text.split(|c| separators.contains(&c)).map(str::trim).filter(|part| !part.is_empty()).collect()
    };
    match slot.target.kind() {
        Kind::Email => several(&['\n', ';', ',', '|', ' ']),
        Kind::Phone if source.reader.read(text).is_err() || text.contains(['\n', '/']) => {
            let parts = several(&['\n', ';', ',', '|', '/']);
            // `3333-4444/5555` is a number with an extension, not two.
            let whole = parts.iter().all(|part| Phone::parse(part).is_ok());
            if whole { parts } else { several(&['\n']) }
        }
        _ => several(&['\n']),
    }
}

/// Lines whose fields have a column each. A cell of several lines of text holds
/// one value for each line of the record, as exports write it; ordinary cells
/// make one line.
fn fields(
    owner: &'static Field,
    lines: &'static Lines,
    slots: &[Slot],
    cells: &[String],
    row: &mut MappedRow,
    built: &mut Vec<Map<String, Json>>,
) {
    let own: Vec<(&Slot, &'static Field)> = slots
        .iter()
        .filter_map(|slot| match slot.target {
            Target::Line { field, .. } => Some((slot, field)),
            _ => None,
        })
        .collect();
    if own.is_empty() {
        return;
    }
    let count = line_count(&own, lines, cells);
    for at in 0..count {
        let (mut line, mut pending) = (Map::new(), Vec::new());
        for (slot, field) in &own {
            let mut value = Json::Null;
            for source in &slot.sources {
                // Of several lines the first may be blank, so nothing is trimmed before.
                let whole = cells.get(source.column).map_or("", String::as_str);
                let text = if count > 1 { whole.split('\n').nth(at).unwrap_or_default() } else { whole }.trim();
                match source.reader.read(text) {
                    Ok(Json::Null) => {}
                    Ok(read) if value.is_null() => value = read,
                    // What stands in two columns is one text: `RUA` and its name.
                    Ok(read) => value = joined(value, &read),
                    Err(invalid) => {
                        row.problems.push(CellProblem::new(Some(source.column), Some(&slot.name), Some(text), invalid));
                    }
                }
            }
            let reference = matches!(field.kind, Kind::Reference(_) | Kind::User);
            if let Some(text) = value.as_str().filter(|_| reference) {
                let column = slot.sources.first().map_or(0, |source| source.column);
                let place = Some((owner.name, built.len()));
                pending.push(Pending { field, place, text: text.to_owned(), column, name: slot.name.clone() });
            } else if !value.is_null() {
                line.insert(field.name.to_owned(), value);
            }
        }
        if !pending.is_empty() || says_something(lines, &line) {
            row.pending.extend(pending);
            built.push(line);
        }
    }
}

/// How many lines the cells hold: more than one only when all that say
/// something have the same number of lines.
fn line_count(own: &[(&Slot, &'static Field)], lines: &Lines, cells: &[String]) -> usize {
    let sources = own.iter().flat_map(|(slot, _)| &slot.sources);
    let raw = sources.filter_map(|source| cells.get(source.column)).filter(|text| !text.is_empty());
    let mut counts = raw.map(|text| text.split('\n').count());
    let first = counts.next().unwrap_or(1);
    let agreed = counts.all(|count| count == first) && (own.len() > 1 || lines.fields.len() == 1);
    if agreed { first.clamp(1, lines.max + 1) } else { 1 }
}

fn joined(value: Json, next: &Json) -> Json {
    match (value.as_str(), next.as_str()) {
        (Some(a), Some(b)) => format!("{a} {b}").into(),
        _ => value,
    }
}

/// A line of which only the kind is known is none.
fn says_something(lines: &Lines, line: &Map<String, Json>) -> bool {
    let said = |field: &Field| line.contains_key(field.name) && !matches!(field.kind, Kind::Choice(_) | Kind::Boolean);
    lines.fields.iter().any(said)
        || (!line.is_empty() && lines.fields.iter().all(|f| matches!(f.kind, Kind::Choice(_))))
}

/// City, state and IBGE code say each other; the city is spelled as IBGE does.
fn complete_place(owner: &Field, lines: &Lines, line: &mut Map<String, Json>, row: &mut MappedRow) {
    let of_kind = |kind: Kind| lines.fields.iter().find(|f| f.kind == kind).map(|f| f.name);
    let city = lines.fields.iter().find(|f| f.name == "city").map(|f| f.name);
    let (Some(code), Some(uf), Some(city)) = (of_kind(Kind::Municipality), of_kind(Kind::Uf), city) else { return };
    let text = |line: &Map<String, Json>, name: &str| line.get(name).and_then(Json::as_str).map(str::to_owned);
    if let Some(known) = text(line, code).and_then(|code| municipalities::by_code(Municipality::parse(&code).ok()?)) {
        line.entry(city).or_insert_with(|| known.name.into());
        line.entry(uf).or_insert_with(|| known.uf().as_str().into());
        return;
    }
    let Some(name) = text(line, city) else { return };
    let state = text(line, uf).and_then(|uf| Uf::parse(&uf).ok());
    let by_siafi = siafi::city(&name).filter(|known| state.is_none_or(|state| known.uf() == state));
    let known = by_siafi.or_else(|| municipalities::by_name(&name, state?));
    if let Some(known) = known {
        line.entry(uf).or_insert_with(|| known.uf().as_str().into());
        line.insert(code.to_owned(), known.code.as_str().into());
        line.insert(city.to_owned(), known.name.into());
    } else if state.is_some() {
        let target = format!("{}.{city}", owner.name);
        row.warnings.push(CellProblem::new(None, Some(&target), Some(&name), Invalid("city_unknown")));
    }
}

/// The lines of an existing record with those of a row worked in: a line that is
/// already there is completed, another is added, nothing is taken away. Of lines
/// that are no list of keys and values a file knows one, so it changes the line
/// with the same natural value, else the first.
pub(crate) fn merge(resource: &Resource, field: &Field, current: &Record, rows: &Json) -> Json {
    let Kind::Lines(lines) = field.kind else { return rows.clone() };
    let mut merged = current.lines(field.name);
    let keyed = Keyed::of(lines);
    let declared = resource.merge.and_then(|m| m.same.iter().find(|(name, _)| *name == field.name));
    let news: Vec<&Map<String, Json>> = rows.as_array().into_iter().flatten().filter_map(Json::as_object).collect();
    for new in &news {
        let line = Record((*new).clone());
        let columns: Vec<&str> = match (keyed, declared) {
            (Some(keyed), _) => vec![keyed.key.name, keyed.value.name],
            (None, Some((_, columns))) => columns.iter().copied().filter(|c| new.contains_key(*c)).collect(),
            (None, None) => new.keys().map(String::as_str).collect(),
        };
        let known = merged.iter().position(|mine| same(&columns, mine, &line));
        let first = || (keyed.is_none() && news.len() == 1 && !merged.is_empty()).then_some(0);
        match known.or_else(first).and_then(|at| merged.get_mut(at)) {
            Some(mine) => new.iter().for_each(|(name, value)| mine.set(name, value.clone())),
            None => merged.push(line),
        }
    }
    merged.into_iter().map(|line| Json::Object(line.0)).collect::<Vec<_>>().into()
}
