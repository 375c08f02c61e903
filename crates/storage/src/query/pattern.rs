//! "Contains", as people mean it: without regard to case and accents, the same
//! on both databases. SQLite knows upper and lower case of ASCII only, so every
//! letter is spelled out as the class of its forms.

use conexao_domain::kernel::value::fold;
use sea_orm::{
    DbBackend,
    sea_query::{
        Expr, ExprTrait, SimpleExpr,
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

/// Whether the text in `column` contains `text`.
pub(super) fn contains(backend: DbBackend, column: &'static str, text: &str) -> SimpleExpr {
    let folded = fold(text);
    let letters = folded.chars();
    if backend == DbBackend::Sqlite {
        let pattern: String = letters.map(glob).collect();
        return Expr::col(column).binary(SqliteBinOper::Glob, Expr::val(format!("*{pattern}*")));
    }
    let pattern: String = letters.map(regex).collect();
    Expr::col(column).binary(PgBinOper::Regex, Expr::val(pattern))
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
        assert_eq!(spelled("c.*\\_ ß", regex), "[cCçÇ]\\.\\*\\\\\\_ ß");
    }
}
