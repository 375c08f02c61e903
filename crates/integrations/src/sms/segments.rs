//! How many messages a text is paid as. One letter outside the GSM alphabet
//! turns the whole text into UCS-2 and more than halves what fits.

/// Characters Twilio takes in one text.
pub const MOST_CHARACTERS: usize = 1600;

/// The GSM 7-bit alphabet: small ç and most accents of Portuguese are not in it.
const BASIC: &str = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà";
/// These take two places.
const EXTENDED: &str = "^{}\\[~]|€\u{c}";

/// What a text is written in on its way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Alphabet {
    /// 160 places, or 153 in each part.
    Gsm7,
    /// 70 places, or 67 in each part.
    Ucs2,
}

/// How a text is cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Segments {
    /// The alphabet it needs.
    pub alphabet: Alphabet,
    /// Places taken.
    pub units: usize,
    /// Messages it is paid as; none for an empty text.
    pub count: usize,
}

fn gsm_width(c: char) -> Option<usize> {
    if BASIC.contains(c) {
        Some(1)
    } else if EXTENDED.contains(c) {
        Some(2)
    } else {
        None
    }
}

/// Counts a text.
pub fn segments(text: &str) -> Segments {
    let gsm: Option<Vec<usize>> = text.chars().map(gsm_width).collect();
    let (alphabet, widths, whole, part) = match gsm {
        Some(widths) => (Alphabet::Gsm7, widths, 160, 153),
        None => (Alphabet::Ucs2, text.chars().map(char::len_utf16).collect(), 70, 67),
    };
    let units = widths.iter().sum();
    let count = if units <= whole { usize::from(units > 0) } else { parts(&widths, part) };
    Segments { alphabet, units, count }
}

/// Neither an escape nor a surrogate pair is cut in half.
fn parts(widths: &[usize], room: usize) -> usize {
    let (count, _) =
        widths.iter().fold(
            (1, 0),
            |(count, used), width| {
                if used + width > room { (count + 1, *width) } else { (count, used + width) }
            },
        );
    count
}

/// The text in the GSM alphabet where that loses accents only; what has no
/// likeness there stays.
pub fn transliterate(text: &str) -> String {
    text.chars().fold(String::with_capacity(text.len()), |mut plain, c| {
        match likeness(c).filter(|_| gsm_width(c).is_none()) {
            Some(like) => plain.push_str(like),
            None => plain.push(c),
        }
        plain
    })
}

fn likeness(c: char) -> Option<&'static str> {
    Some(match c {
        'á' | 'â' | 'ã' | 'ª' => "a",
        'Á' | 'À' | 'Â' | 'Ã' => "A",
        'ê' | 'ë' => "e",
        'Ê' | 'È' | 'Ë' => "E",
        'í' | 'î' | 'ï' => "i",
        'Í' | 'Ì' | 'Î' | 'Ï' => "I",
        'ó' | 'ô' | 'õ' | 'º' | '°' => "o",
        'Ó' | 'Ò' | 'Ô' | 'Õ' => "O",
        'ú' | 'û' => "u",
        'Ú' | 'Ù' | 'Û' => "U",
        'ç' => "c",
        '‘' | '’' | '´' | '`' => "'",
        '“' | '”' | '«' | '»' => "\"",
        '–' | '—' | '‑' | '−' | '•' | '·' => "-",
        '…' => "...",
        '\u{a0}' | '\u{202f}' | '\t' => " ",
        '\u{200b}' | '\u{feff}' => "",
        '×' => "x",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn count(text: &str) -> (Alphabet, usize, usize) {
        let found = segments(text);
        (found.alphabet, found.units, found.count)
    }

    #[test]
    fn borders_of_both_alphabets() {
        assert_eq!(count(""), (Alphabet::Gsm7, 0, 0));
        assert_eq!(count(&"a".repeat(160)), (Alphabet::Gsm7, 160, 1));
        assert_eq!(count(&"a".repeat(161)), (Alphabet::Gsm7, 161, 2));
        assert_eq!(count(&"a".repeat(306)), (Alphabet::Gsm7, 306, 2));
        assert_eq!(count(&"a".repeat(307)), (Alphabet::Gsm7, 307, 3));
        assert_eq!(count(&"ã".repeat(70)), (Alphabet::Ucs2, 70, 1));
        assert_eq!(count(&"ã".repeat(71)), (Alphabet::Ucs2, 71, 2));
        assert_eq!(count(&"ã".repeat(135)), (Alphabet::Ucs2, 135, 3));
    }

    #[test]
    fn the_accents_of_portuguese() {
        for fits in ["é", "à", "ü", "Ç", "É"] {
            assert_eq!(segments(fits).alphabet, Alphabet::Gsm7, "{fits}");
        }
        for does_not in ["á", "í", "ó", "ú", "ã", "õ", "â", "ê", "ô", "ç"] {
            assert_eq!(segments(does_not).alphabet, Alphabet::Ucs2, "{does_not}");
            assert_eq!(segments(&transliterate(does_not)).alphabet, Alphabet::Gsm7, "{does_not}");
        }
        assert_eq!(transliterate("Atenção: é já — “não” às 10h…"), "Atencao: é ja - \"nao\" às 10h...");
    }

    #[test]
    fn pairs_are_not_cut() {
        assert_eq!(count("€"), (Alphabet::Gsm7, 2, 1));
        // 152 places, then an escape that no longer fits the first part.
        assert_eq!(count(&format!("{}€{}", "a".repeat(152), "a".repeat(152))), (Alphabet::Gsm7, 306, 3));
        assert_eq!(count(&"😀".repeat(35)), (Alphabet::Ucs2, 70, 1));
        assert_eq!(count(&"😀".repeat(67)), (Alphabet::Ucs2, 134, 3));
    }

    proptest! {
        #[test]
        fn no_part_is_overfull(text in "\\PC{0,400}") {
            let found = segments(&text);
            let (whole, part) = if found.alphabet == Alphabet::Gsm7 { (160, 153) } else { (70, 67) };
            let room = if found.count <= 1 { whole } else { found.count * part };
            prop_assert!(found.units <= room);
            prop_assert!(segments(&transliterate(&text)).count <= found.count);
        }
    }
}
