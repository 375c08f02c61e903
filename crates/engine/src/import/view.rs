//! Imports as clients see them.

use conexao_domain::{
    kernel::canonical::write_instant,
    locale::{self, Locale},
};
use conexao_integrations::tabular::{
    ColumnShape, DateOrder, DecimalMark, Delimiter, Encoding, Format, HeaderChoice, Overrides, Quote, Warning,
};
use conexao_storage::entity::import_row;
use serde_json::{Map, Value as Json, json};

use super::{
    model::{CellProblem, Import},
    store,
    target::Target,
};

/// One import with everything a mapping needs.
pub(super) fn import(import: &Import, locale: Locale) -> Json {
    let row = &import.row;
    json!({
        "id": row.id,
        "resource": row.resource,
        "file_name": row.file_name,
        "size": row.file_size,
        "state": row.state,
        "shape": shape(import),
        "options": options(&import.options),
        "mapping": mapping(import),
        "targets": Target::all(import.resource).iter().map(|t| target(import, t, locale)).collect::<Vec<_>>(),
        "mode": row.mode,
        "key": row.key_field,
        "summary": import.summary,
        "job_id": row.job_id,
        "has_file": row.cleared_at.is_none(),
        "created_by": row.created_by,
        "created_at": write_instant(row.created_at),
        "updated_at": write_instant(row.updated_at),
    })
}

fn target(import: &Import, target: &Target, locale: Locale) -> Json {
    json!({
        "field": target.name(),
        "label": target.label(import.resource, locale),
        "kind": target.kind().name(),
        "required": target.is_required(),
        "personal": target.is_personal(),
        "key": matches!(target, Target::Field(field) if field.key),
        "writable": target.is_written(),
    })
}

fn mapping(import: &Import) -> Vec<Json> {
    let one = |mapped: &super::model::ColumnMapping| json!({ "column": mapped.column, "field": mapped.field, "confidence": mapped.confidence.map(share) });
    import.mapping.iter().map(one).collect()
}

/// Percent as a share of one, without arithmetic that rounds.
fn share(percent: u8) -> Json {
    let text = if percent >= 100 { "1".to_owned() } else { format!("0.{percent:02}") };
    serde_json::from_str(&text).unwrap_or_default()
}

fn shape(import: &Import) -> Json {
    let (shape, options) = (&import.shape, &import.shape.options);
    let text = !options.format.is_workbook();
    json!({
        "format": format(options.format),
        "encoding": text.then(|| encoding(options.encoding)),
        "delimiter": text.then(|| delimiter(options.delimiter)),
        "quote": text.then(|| quote(options.quote)),
        "line_ending": text.then_some(shape.line_ending),
        "sheets": shape.sheets.iter().map(|sheet| sheet.name.as_str()).collect::<Vec<_>>(),
        "sheet": options.sheet,
        "header_row": options.header_row,
        "data_row": options.data_row,
        "decimal_mark": mark(options.decimal_mark),
        "date_order": order(options.date_order),
        "row_count": store::row_count(shape),
        "fingerprint": import.row.layout,
        "warnings": shape.warnings.iter().map(warning).collect::<Vec<_>>(),
        "columns": shape.columns.iter().map(column).collect::<Vec<_>>(),
    })
}

fn column(column: &ColumnShape) -> Json {
    let kind = json!(column.kind);
    json!({
        "index": column.index,
        "title": column.header,
        "samples": column.samples,
        "kind": kind.get("kind"),
        "decimal_mark": mark(column.reading.decimal_mark),
        "date_order": order(column.reading.date_order),
    })
}

fn warning(warning: &Warning) -> Json {
    json!(warning)
}

const fn format(format: Format) -> &'static str {
    match format {
        Format::Text => "csv",
        Format::Xlsx => "xlsx",
        Format::Xlsm => "xlsm",
        Format::Xls => "xls",
        Format::Xlsb => "xlsb",
        Format::Ods => "ods",
    }
}

const fn encoding(encoding: Encoding) -> &'static str {
    match encoding {
        Encoding::Utf8 => "utf-8",
        Encoding::Utf8Bom => "utf-8-bom",
        Encoding::Utf16Le => "utf-16-le",
        Encoding::Utf16Be => "utf-16-be",
        Encoding::Windows1252 => "windows-1252",
    }
}

const ENCODINGS: &[Encoding] =
    &[Encoding::Utf8, Encoding::Utf8Bom, Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Windows1252];

const fn delimiter(delimiter: Delimiter) -> &'static str {
    match delimiter {
        Delimiter::Semicolon => "semicolon",
        Delimiter::Comma => "comma",
        Delimiter::Tab => "tab",
        Delimiter::Pipe => "pipe",
    }
}

const fn quote(quote: Quote) -> &'static str {
    match quote {
        Quote::Double => "double",
        Quote::Single => "single",
        Quote::None => "none",
    }
}

const QUOTES: &[Quote] = &[Quote::Double, Quote::Single, Quote::None];

const fn mark(mark: DecimalMark) -> &'static str {
    match mark {
        DecimalMark::Comma => "comma",
        DecimalMark::Dot => "dot",
    }
}

const MARKS: &[DecimalMark] = &[DecimalMark::Comma, DecimalMark::Dot];

const fn order(order: DateOrder) -> &'static str {
    match order {
        DateOrder::Dmy => "dmy",
        DateOrder::Mdy => "mdy",
        DateOrder::Ymd => "ymd",
    }
}

const ORDERS: &[DateOrder] = &[DateOrder::Dmy, DateOrder::Mdy, DateOrder::Ymd];

/// What the person fixed; what is guessed is left out.
fn options(options: &Overrides) -> Json {
    let mut map = Map::new();
    let mut put = |name: &str, value: Option<Json>| {
        if let Some(value) = value {
            map.insert(name.to_owned(), value);
        }
    };
    put("encoding", options.encoding.map(|v| encoding(v).into()));
    put("delimiter", options.delimiter.map(|v| delimiter(v).into()));
    put("quote", options.quote.map(|v| quote(v).into()));
    put("sheet", options.sheet.as_ref().map(|v| v.as_str().into()));
    let header = options.header.map(|header| match header {
        HeaderChoice::None => 0,
        HeaderChoice::Row(row) => row,
    });
    put("header_row", header.map(Json::from));
    put("decimal_mark", options.decimal_mark.map(|v| mark(v).into()));
    put("date_order", options.date_order.map(|v| order(v).into()));
    Json::Object(map)
}

/// Reads [`options`] back; `Err` names what is not understood. A null or absent
/// value leaves it to detection.
pub(super) fn read_options(given: &Map<String, Json>) -> Result<Overrides, String> {
    fn one<T: Copy>(all: &[T], name: fn(T) -> &'static str, value: &Json) -> Option<T> {
        all.iter().copied().find(|v| value.as_str() == Some(name(*v)))
    }
    let mut options = Overrides::default();
    for (name, value) in given.iter().filter(|(_, value)| !value.is_null()) {
        let wrong = || name.clone();
        match name.as_str() {
            "encoding" => options.encoding = Some(one(ENCODINGS, encoding, value).ok_or_else(wrong)?),
            "delimiter" => options.delimiter = Some(one(&Delimiter::ALL, delimiter, value).ok_or_else(wrong)?),
            "quote" => options.quote = Some(one(QUOTES, quote, value).ok_or_else(wrong)?),
            "sheet" => options.sheet = Some(value.as_str().ok_or_else(wrong)?.to_owned()),
            "header_row" => {
                let row = value.as_u64().ok_or_else(wrong)?;
                options.header = Some(if row == 0 { HeaderChoice::None } else { HeaderChoice::Row(row) });
            }
            "decimal_mark" => options.decimal_mark = Some(one(MARKS, mark, value).ok_or_else(wrong)?),
            "date_order" => options.date_order = Some(one(ORDERS, order, value).ok_or_else(wrong)?),
            _ => return Err(wrong()),
        }
    }
    Ok(options)
}

/// Problems of cells with their wording.
pub(super) fn problems(problems: &[CellProblem], locale: Locale) -> Vec<Json> {
    let one = |problem: &CellProblem| json!({ "column": problem.column, "field": problem.field, "value": problem.value, "code": problem.code, "message": message(problem, locale) });
    problems.iter().map(one).collect()
}

/// The wording of one problem.
pub(super) fn message(problem: &CellProblem, locale: Locale) -> String {
    let keys = [format!("invalid.{}", problem.code), format!("problem.{}", problem.code)];
    let text = keys.iter().find_map(|key| locale::find(locale, key)).unwrap_or(&problem.code);
    problem.line.map_or_else(|| text.to_owned(), |line| text.replace("{line}", &line.to_string()))
}

/// A kept row.
pub(super) fn row(row: &import_row::Model, locale: Locale) -> Json {
    let cells: Vec<String> = serde_json::from_str(&row.cells).unwrap_or_default();
    let errors: Vec<CellProblem> = serde_json::from_str(&row.errors).unwrap_or_default();
    let cells: Map<String, Json> =
        cells.into_iter().enumerate().map(|(i, text)| (i.to_string(), text.into())).collect();
    json!({ "line": row.line, "state": row.state, "edited": row.edited, "cells": cells, "errors": problems(&errors, locale) })
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn options_read_back() {
        let given = json!({ "encoding": "windows-1252", "delimiter": "pipe", "quote": "none", "sheet": "Plan1", "header_row": 0, "decimal_mark": "dot", "date_order": "mdy" });
        let read = read_options(given.as_object().unwrap()).unwrap();
        assert_eq!(read.header, Some(HeaderChoice::None));
        assert_eq!(options(&read), given);
        assert_eq!(read_options(json!({ "encoding": null }).as_object().unwrap()), Ok(Overrides::default()));
        for (name, value) in [("encoding", json!("ebcdic")), ("header_row", json!(-1)), ("colour", json!("red"))] {
            assert_eq!(read_options(&Map::from_iter([(name.to_owned(), value)])), Err(name.to_owned()));
        }
    }

    #[test]
    fn shares_are_exact() {
        for (percent, expected) in [(100, "1"), (95, "0.95"), (5, "0.05")] {
            assert_eq!(share(percent).to_string(), expected);
        }
    }

    #[test]
    fn a_message_names_the_other_line() {
        let problem = CellProblem {
            column: Some(0),
            field: None,
            value: None,
            code: "repeated_in_file".to_owned(),
            line: Some(12),
        };
        assert!(message(&problem, Locale::PtBr).contains("12"));
    }
}
