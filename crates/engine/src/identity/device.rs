//! What a browser says of itself, as far as people recognise it.

use conexao_domain::locale::{self, Locale};

/// Browser or program, and system; none where nothing is recognised.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Device<'a> {
    pub browser: Option<&'a str>,
    pub system: Option<&'a str>,
}

/// Marks and names; the first that fits counts, for most browsers also say
/// that they are others.
const BROWSERS: &[(&str, &str)] = &[
    ("Edg", "Edge"),
    ("OPR/", "Opera"),
    ("SamsungBrowser/", "Samsung Internet"),
    ("Firefox/", "Firefox"),
    ("FxiOS/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("CriOS/", "Chrome"),
    ("Safari/", "Safari"),
];
const SYSTEMS: &[(&str, &str)] = &[
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
];

fn found(marks: &'static [(&str, &str)], text: &str) -> Option<&'static str> {
    marks.iter().find(|(mark, _)| text.contains(mark)).map(|(_, name)| *name)
}

/// Reads a `User-Agent`; a program that is no browser is its first word.
pub fn read(agent: &str) -> Device<'_> {
    let program = || agent.split([' ', '/']).next().filter(|word| !word.is_empty() && *word != "Mozilla");
    Device { browser: found(BROWSERS, agent).or_else(program), system: found(SYSTEMS, agent) }
}

/// The device in words.
pub fn words(device: &Device<'_>, language: Locale) -> String {
    match (device.browser, device.system) {
        (Some(browser), Some(system)) => {
            locale::text(language, "device.both").replace("{browser}", browser).replace("{system}", system)
        }
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => locale::text(language, "device.unknown"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_are_named_as_people_call_them() {
        let cases = [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36 Edg/131.0.0.0",
                Some("Edge"),
                Some("Windows"),
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.0 Mobile/15E148 Safari/604.1",
                Some("Safari"),
                Some("iPhone"),
            ),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:133.0) Gecko/20100101 Firefox/133.0", Some("Firefox"), Some("Linux")),
            ("curl/8.11.0", Some("curl"), None),
            ("", None, None),
        ];
        for (agent, browser, system) in cases {
            assert_eq!(read(agent), Device { browser, system }, "{agent}");
        }
        assert_eq!(words(&read("curl/8"), Locale::PtBr), "curl");
    }
}
