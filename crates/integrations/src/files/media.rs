//! What a file is, by its first bytes.

/// How many bytes [`sniff`] wants to see.
pub const SNIFFED_BYTES: usize = 16 << 10;

/// The media type of content that begins with `head`.
///
/// Text is told from binary whatever its encoding; markup that a browser would
/// run is never taken for plain text. `application/octet-stream` when nothing
/// is recognised.
pub fn sniff(head: &[u8]) -> &'static str {
    // Markup first: to other eyes a page with a script may look like anything.
    if let Some(markup) = markup(head) {
        return markup;
    }
    match infer::get(head).map(|kind| kind.mime_type()) {
        Some("text/xml") => "application/xml",
        Some(found) => found,
        None if is_text(head) => "text/plain",
        None => "application/octet-stream",
    }
}

/// XML, SVG and HTML, behind blanks, a byte-order mark and comments.
fn markup(head: &[u8]) -> Option<&'static str> {
    let start = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head);
    let mut start = start.trim_ascii_start();
    while let Some(comment) = start.strip_prefix(b"<!--") {
        let end = find(comment, b"-->").unwrap_or(comment.len());
        start = comment.get(end + 3..).unwrap_or_default().trim_ascii_start();
    }
    if !start.starts_with(b"<") {
        return None;
    }
    let window = start.get(..start.len().min(4096)).unwrap_or(start);
    let lower = window.to_ascii_lowercase();
    let has = |tag: &[u8]| find(&lower, tag).is_some();
    if has(b"<svg") {
        Some("image/svg+xml")
    } else if has(b"<html") || has(b"<!doctype html") || has(b"<script") || has(b"<body") {
        Some("text/html")
    } else if lower.starts_with(b"<?xml") {
        Some("application/xml")
    } else if lower.get(1).is_some_and(|b| b.is_ascii_alphabetic() || *b == b'!') {
        // Some element: a browser that sniffs might show it as a page.
        Some("text/html")
    } else {
        None
    }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

/// Text in UTF-8, UTF-16 with a mark, or an eight-bit encoding.
fn is_text(head: &[u8]) -> bool {
    if head.starts_with(b"\xFF\xFE") || head.starts_with(b"\xFE\xFF") {
        return true;
    }
    let is_control = |byte: &u8| *byte < 32 && !matches!(*byte, b'\t' | b'\n' | b'\r' | 12 | 26);
    !head.is_empty() && !head.iter().any(is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_decides() {
        for (head, expected) in [
            (b"\x89PNG\r\n\x1a\n".as_slice(), "image/png"),
            (b"\xFF\xD8\xFF\xE0", "image/jpeg"),
            (b"%PDF-1.7", "application/pdf"),
            (b"nome;cpf\r\nJos\xE9;1", "text/plain"),
            ("ação".as_bytes(), "text/plain"),
            (b"\xFF\xFEa\0", "text/plain"),
            (b"<?xml version=\"1.0\"?><nfeProc/>", "application/xml"),
            (b"\xEF\xBB\xBF <!-- x --><SVG onload=alert(1)>", "image/svg+xml"),
            (b"<?xml version=\"1.0\"?><html/>", "text/html"),
            (b"  <ScRiPt>alert(1)</script>", "text/html"),
            (b"<div onclick=x>", "text/html"),
            (b"< 5 anos", "text/plain"),
            (b"a\0b", "application/octet-stream"),
            (b"", "application/octet-stream"),
        ] {
            assert_eq!(sniff(head), expected, "{head:?}");
        }
        assert_ne!(sniff(b"MZ\x90\0\x03\0\0\0"), "text/plain");
        assert_ne!(sniff(b"#!/bin/sh\nrm -rf /"), "text/plain");
    }
}
