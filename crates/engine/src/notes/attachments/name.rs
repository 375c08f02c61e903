//! Names of files, kept as text to show and never used as a path.

/// Longest name kept, in characters.
const MAX: usize = 150;
/// Longest extension that survives when a name is cut, in characters.
const MAX_EXTENSION: usize = 10;

/// Extensions a double click would run, or open as a page with scripts,
/// whatever harmless text the content looks like.
const RUNS: &[&str] = &[
    "apk",
    "app",
    "appref-ms",
    "bat",
    "cmd",
    "com",
    "command",
    "cpl",
    "desktop",
    "dll",
    "exe",
    "gadget",
    "hta",
    "htm",
    "html",
    "inf",
    "ins",
    "iso",
    "jar",
    "js",
    "jse",
    "lnk",
    "mht",
    "mhtml",
    "msc",
    "msh",
    "msi",
    "msp",
    "pif",
    "ps1",
    "psm1",
    "reg",
    "scf",
    "scr",
    "sct",
    "sh",
    "shtml",
    "svg",
    "url",
    "vb",
    "vbe",
    "vbs",
    "workflow",
    "ws",
    "wsc",
    "wsf",
    "wsh",
    "xht",
    "xhtml",
];

/// The name ends in an extension that is not accepted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NameRefused(pub String);

/// A file name as it may be shown and offered for saving: the last part of
/// whatever path came, without control characters and without the marks that
/// turn text around (`gpj.exe` shown as `exe.jpg`).
pub fn clean(name: &str) -> Result<String, NameRefused> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept: String = last.chars().map(|c| if c == '\t' { ' ' } else { c }).filter(|c| !hidden(*c)).collect();
    // Windows drops trailing dots and blanks, and with them would change the extension.
    let kept = kept.trim().trim_end_matches(['.', ' ']).trim_start_matches('.').trim_start();
    if kept.is_empty() {
        return Ok("arquivo".to_owned());
    }
    let extension = kept.rsplit_once('.').map(|(_, extension)| extension.to_lowercase());
    match extension.filter(|e| RUNS.contains(&e.as_str())) {
        Some(extension) => Err(NameRefused(extension)),
        None => Ok(cut(kept)),
    }
}

fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{ad}' | '\u{61c}')
}

fn cut(name: &str) -> String {
    if name.chars().count() <= MAX {
        return name.to_owned();
    }
    let extension = name.rsplit_once('.').map(|(_, e)| e).filter(|e| e.chars().count() <= MAX_EXTENSION);
    let tail = extension.map(|e| format!(".{e}")).unwrap_or_default();
    let head: String = name.chars().take(MAX - tail.chars().count()).collect();
    format!("{}{tail}", head.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(name: &str) -> String {
        clean(name).unwrap_or_else(|refused| format!("refused: {}", refused.0))
    }

    #[test]
    fn a_name_is_never_a_path() {
        for (given, expected) in [
            ("nota fiscal.pdf", "nota fiscal.pdf"),
            ("../../etc/passwd", "passwd"),
            ("..\\..\\windows\\win.ini", "win.ini"),
            ("C:\\fotos\\ção.JPG", "ção.JPG"),
            ("/", "arquivo"),
            ("..", "arquivo"),
            (" . ", "arquivo"),
            (".htaccess", "htaccess"),
            ("a\r\nSet-Cookie: x=1.txt", "aSet-Cookie: x=1.txt"),
            ("a\u{0}b.pdf", "ab.pdf"),
            ("foto\u{202e}gpj.png", "fotogpj.png"),
            ("x.pdf. . ", "x.pdf"),
            ("", "arquivo"),
        ] {
            assert_eq!(kept(given), expected, "{given:?}");
        }
    }

    #[test]
    fn what_runs_is_refused_however_it_hides() {
        for name in ["fatura.exe", "fatura.pdf.BAT", "x.exe.", "x.exe ", "x.e\u{200b}xe", "página.html", "logo.svg"] {
            assert!(clean(name).is_err(), "{name:?}");
        }
        assert_eq!(kept("exe"), "exe");
        assert_eq!(kept("programa.exe.txt"), "programa.exe.txt");
    }

    #[test]
    fn long_names_keep_their_extension() {
        let long = kept(&format!("{}.pdf", "á".repeat(400)));
        assert_eq!((long.chars().count(), long.ends_with("á.pdf")), (MAX, true));
        assert_eq!(kept(&"b".repeat(400)).chars().count(), MAX);
        let odd = kept(&format!("a.{}", "c".repeat(400)));
        assert_eq!(odd.chars().count(), MAX);
    }
}
