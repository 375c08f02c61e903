//! The words files use for the choices of a field.

use std::collections::HashMap;

use conexao_domain::{
    kernel::value::fold,
    locale::{self, Locale},
};

/// What files say for a choice besides the choice itself and its labels.
const OTHER: &[(&str, &str)] = &[
    ("person", "pf|f|fisica|p. fisica|pessoa fisica|cpf|individual|natural person"),
    ("company", "pj|j|juridica|p. juridica|pessoa juridica|cnpj|empresa|legal person"),
    ("opt_in", "sim|s|aceita|aceito|autorizado|yes|y"),
    ("opt_out", "nao|n|recusa|recusado|nao autorizado|no"),
    ("main", "principal|residencial|comercial"),
];

/// A field's choices by every text that means one of them.
#[derive(Debug, Clone)]
pub(crate) struct Choices(HashMap<String, &'static str>);

impl Choices {
    /// `owner` is the resource or the table of the lines.
    pub(crate) fn of(owner: &str, field: &str, options: &'static [&'static str]) -> Self {
        let mut texts = HashMap::new();
        // The choices themselves come last and so have the last word.
        for option in options {
            let other = OTHER.iter().find(|(name, _)| name == option).map_or("", |(_, texts)| texts);
            texts.extend(other.split('|').map(|text| (fold(text), *option)));
        }
        for option in options {
            let labels = Locale::ALL.iter().map(|locale| locale::choice(*locale, owner, field, option));
            texts.extend(labels.map(|label| (fold(&label), *option)));
        }
        texts.extend(options.iter().map(|option| (fold(option), *option)));
        texts.remove("");
        Self(texts)
    }

    /// The choice a text means: its value or label, also as `1 - label`.
    pub(crate) fn read(&self, text: &str) -> Option<&'static str> {
        let folded = fold(text);
        let whole = self.0.get(&folded).copied();
        whole.or_else(|| {
            let mut parts =
                folded.splitn(2, [':', '-', '\u{2013}']).filter_map(|part| self.0.get(part.trim()).copied());
            let first = parts.next()?;
            // Two different choices in one cell are none.
            parts.all(|other| other == first).then_some(first)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_codes_and_customary_words_are_read() {
        let kind = Choices::of("customer", "kind", &["person", "company"]);
        for text in
            ["company", "Pessoa Jurídica", "PESSOA JURIDICA", "pj", "2 - Pessoa jurídica", "PJ - CNPJ", "Company"]
        {
            assert_eq!(kind.read(text), Some("company"), "{text}");
        }
        for text in ["", "02", "PF - PJ", "outra"] {
            assert_eq!(kind.read(text), None, "{text}");
        }
        let channel = Choices::of("warranty", "channel", &["own_store", "mercado_livre"]);
        assert_eq!(channel.read("3 - Mercado Livre"), Some("mercado_livre"));
    }
}
