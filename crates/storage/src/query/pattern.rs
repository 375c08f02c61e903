//! "Contains", as people mean it: without regard to case and accents, the same
//! on both databases. SQLite knows upper and lower case of ASCII only, so every
//! letter is spelled out as the class of its forms.

use conexao_domain::kernel::value::fold;
use sea_orm::{
    DbBackend,
    sea_query::{
        Expr, ExprTrait, Func, SimpleExpr,
        extension::{postgres::PgBinOper, sqlite::SqliteBinOper},
    },
};

/// Accented forms of a folded letter.
const ACCENTS: &[(char, &str)] = &[
    ('a', "àáâãäå"),
    ('c', "ç"),
    ('e', "èéêë"),
    ('i', "ìíîï"),
    ('n', "ñ"),
    ('o', "òóôõö"),
    ('u', "ùúûü"),
    ('y', "ýÿ"),
];

/// White space that people and spreadsheets write instead of a space.
const GAPS: [&str; 4] = ["\t", "\n", "\r", "\u{a0}"];

/// Whether the text in `column` contains `text`.
pub(super) fn contains(backend: DbBackend, column: &'static str, text: &str) -> SimpleExpr {
    let folded = fold(text);
    let letters = folded.chars();
    if backend == DbBackend::Sqlite {
        let pattern: String = letters.map(glob).collect();
        let text = if folded.contains(' ') { single_spaces(column) } else { Expr::col(column) };
        return text.binary(SqliteBinOper::Glob, Expr::val(format!("*{pattern}*")));
    }
    let pattern: String = letters.map(regex).collect();
    Expr::col(column).binary(PgBinOper::Regex, Expr::val(pattern))
}

/// The text with every gap as one space, as [`fold`] leaves it: what GLOB has no
/// word for is asked of the text instead. A gap is marked, marks that meet the
/// next gap go, and so do the marks that are left.
fn single_spaces(column: &'static str) -> SimpleExpr {
    const MARK: &str = "\u{1}";
    let replace = |text: SimpleExpr, from: &str, to: &str| -> SimpleExpr {
        Func::cust("replace").arg(text).arg(from).arg(to).into()
    };
    let spaces = GAPS.iter().fold(Expr::col(column), |text, gap| replace(text, gap, " "));
    let marked = replace(spaces, " ", &format!(" {MARK}"));
    replace(replace(marked, &format!("{MARK} "), ""), MARK, "")
}

/// Every form of a letter; one character when it has no other.
fn forms(letter: char) -> String {
    let accents = ACCENTS.iter().find(|(plain, _)| *plain == letter).map_or("", |(_, accents)| accents);
    let mut forms = String::new();
    for form in std::iter::once(letter).chain(accents.chars()) {
        forms.push(form);
        let mut upper = form.to_uppercase();
        // Some capitals are two letters (ß); those are no other form of one.
        if let Some(capital) = upper.next().filter(|c| *c != form && upper.len() == 0) {
            forms.push(capital);
        }
    }
    forms
}

fn glob(letter: char) -> String {
    let forms = forms(letter);
    // In brackets a wildcard is a character like any other.
    if forms.chars().count() > 1 || matches!(letter, '*' | '?' | '[') { format!("[{forms}]") } else { forms }
}

fn regex(letter: char) -> String {
    let forms = forms(letter);
    match forms.chars().count() {
        1 if letter == ' ' => "[\\s\\u00a0]+".to_owned(),
        1 if letter.is_ascii_punctuation() => format!("\\{forms}"),
        1 => forms,
        _ => format!("[{forms}]"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spelled(text: &str, letter: fn(char) -> String) -> String {
        text.chars().map(letter).collect()
    }

    #[test]
    fn letters_become_classes_and_wildcards_become_characters() {
        assert_eq!(spelled("b1", glob), "[bB]1");
        assert_eq!(spelled("c*?[]^", glob), "[cCçÇ][*][?][[]]^");
        assert_eq!(spelled("c.*\\_ ß", regex), "[cCçÇ]\\.\\*\\\\\\_[\\s\\u00a0]+ß");
    }
}
