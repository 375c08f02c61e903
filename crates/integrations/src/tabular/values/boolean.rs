//! Yes and no.

/// Reads yes or no in Portuguese or English (`sim`, `N`, `verdadeiro`, …);
/// `None` when the text is neither.
pub fn parse(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "sim" | "s" | "verdadeiro" | "v" | "true" | "t" | "yes" | "y" | "1" => Some(true),
        "não" | "nao" | "n" | "falso" | "f" | "false" | "no" | "0" => Some(false),
        _ => None,
    }
}

/// Whether the text says yes or no in words; digits say so only to
/// [`parse`], since a column of 0 and 1 may as well be counts.
pub fn is_worded(text: &str) -> bool {
    !text.trim().starts_with(['0', '1']) && parse(text).is_some()
}
