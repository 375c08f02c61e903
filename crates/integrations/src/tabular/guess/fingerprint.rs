//! A short name for the layout of a file.

use sha2::{Digest, Sha256};

use super::words::normalise;
use crate::tabular::options::Format;

/// The same for two files of the same kind (text or workbook) whose headers
/// are the same but for case, accents and punctuation; 32 hexadecimal digits.
pub(crate) fn of<'a>(format: Format, headers: impl Iterator<Item = &'a str>) -> String {
    let mut hash = Sha256::new();
    hash.update(if format.is_workbook() { b"w" } else { b"t" });
    for header in headers {
        // A separator that normalised text cannot contain keeps columns apart.
        hash.update([0x1f]);
        hash.update(normalise(header).as_bytes());
    }
    let mut text = hex::encode(hash.finalize());
    text.truncate(32);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ignores_case_and_accents_but_not_order() {
        let of = |format, headers: &[&str]| of(format, headers.iter().copied());
        let first = of(Format::Text, &["Razão Social", "CNPJ"]);
        assert_eq!(first, of(Format::Text, &["RAZAO_SOCIAL", "cnpj "]));
        assert_ne!(first, of(Format::Text, &["CNPJ", "Razão Social"]));
        assert_ne!(first, of(Format::Xlsx, &["Razão Social", "CNPJ"]));
        assert_ne!(of(Format::Text, &["ab", ""]), of(Format::Text, &["a", "b"]));
        assert_eq!(first.len(), 32);
    }
}
