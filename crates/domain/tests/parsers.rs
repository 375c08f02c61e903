//! Parsing never panics: the checks of the fuzz targets, with random text on stable Rust.
//!
//! Each parser sees arbitrary text of any script and text made of the characters that it looks for,
//! which gets further into it.

#[path = "../fuzz/checks.rs"]
mod checks;

use proptest::prelude::*;

/// Any text, text with a taste for numbers and addresses, and very long text.
fn texts() -> impl Strategy<Value = String> {
    prop_oneof![
        any::<String>(),
        "[-+0-9.,/:() ]{0,24}",
        "[-0-9A-Za-zÀ-ÿ.@%R$T\u{a0}\u{2212}\u{feff}٣１•]{0,24}",
        "[0-9]{0,48}",
        "[0-9]{1,2}/[0-9]{1,2}/[0-9]{2,4}( [0-9:.]{0,12})?",
        "(\\+|00|0)?(55)?[1-9]{2}9?[0-9]{8}",
        ("[0-9é ]{1,4}", 20_usize..2000).prop_map(|(part, times)| part.repeat(times)),
    ]
}

macro_rules! never_panics {
    ($($parser:ident)+) => {
        const PARSERS: &[&str] = &[$(stringify!($parser)),+];

        proptest! {
            $(#[test] fn $parser(text in texts()) { checks::$parser(&text); })+
        }
    };
}

never_panics! {
    calendar cep cnpj cpf cpf_cnpj date decimal email id money municipality phone quantity rate shift text uf zone
}

/// A parser that gains a fuzz target gains its place in this test too.
#[test]
fn every_fuzz_target_is_checked_here() {
    let targets =
        include_str!("../fuzz/Cargo.toml").lines().filter_map(|line| line.strip_prefix("path = \"fuzz_targets/"));
    let targets = targets.map(|rest| rest.trim_end_matches(".rs\""));
    assert_eq!(targets.collect::<Vec<_>>(), PARSERS);
}
