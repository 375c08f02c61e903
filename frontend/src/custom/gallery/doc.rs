//! What a component says of itself: the first paragraph of its module's
//! documentation, cut out while compiling, so that page and code never differ.

/// The documentation of a file below `src`.
macro_rules! doc_of {
    ($file:literal) => {{
        const TEXT: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/src/", $file));
        const SIZE: usize = $crate::custom::gallery::doc::size(TEXT);
        static HEAD: [u8; SIZE] = $crate::custom::gallery::doc::head(TEXT);
        $crate::custom::gallery::doc::paragraph(&HEAD)
    }};
}

pub(super) use doc_of;

/// Bytes of the lines that document a module.
pub const fn size(text: &str) -> usize {
    let mut rest = text.as_bytes();
    let mut size = 0;
    while let [b'/', b'/', b'!', ..] = rest {
        while let [byte, tail @ ..] = rest {
            rest = tail;
            size += 1;
            if *byte == b'\n' {
                break;
            }
        }
    }
    size
}

/// These lines alone; the rest of the file stays out of the application.
pub const fn head<const N: usize>(text: &str) -> [u8; N] {
    let mut out = [0; N];
    let mut rest = text.as_bytes();
    let mut slots: &mut [u8] = &mut out;
    while let ([byte, tail @ ..], [slot, later @ ..]) = (rest, slots) {
        *slot = *byte;
        rest = tail;
        slots = later;
    }
    out
}

/// The first paragraph as one line, without marks of code.
pub fn paragraph(head: &[u8]) -> String {
    let text = String::from_utf8_lossy(head).into_owned();
    let lines = text.lines().map(|line| line.trim_start_matches("//!").trim());
    let first: Vec<&str> = lines.take_while(|line| !line.is_empty()).collect();
    first.join(" ").replace(['`', '[', ']'], "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_module_says_what_it_is() {
        const TEXT: &str = "//! One [`Thing`],\n//! said twice.\n//!\n//! More.\nuse x;\n";
        const SIZE: usize = size(TEXT);
        let head: [u8; SIZE] = head(TEXT);
        assert_eq!(paragraph(&head), "One Thing, said twice.");
        assert_eq!(doc_of!("ui/skeleton.rs"), "Grey bars in the shape of what is coming.");
    }
}
