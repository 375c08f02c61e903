//! Filling the addresses of hashed files into the files that name them.

use anyhow::{Context, Result, bail};

const OPEN: &str = "{{";
const CLOSE: &str = "}}";

/// Where the style sheet's sources see the fonts.
const FONTS: &str = "../assets/fonts/";

/// Replaces every `{{name}}` by what `value` gives; an unknown name is an error.
pub fn fill(template: &str, value: impl Fn(&str) -> Option<String>) -> Result<String> {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, after)) = rest.split_once(OPEN) {
        let (name, tail) = after.split_once(CLOSE).context("`{{` without `}}`")?;
        text.push_str(before);
        match value(name.trim()) {
            Some(found) => text.push_str(&found),
            None => bail!("there is no file called `{name}` in the bundle"),
        }
        rest = tail;
    }
    text.push_str(rest);
    Ok(text)
}

/// Replaces the source addresses of fonts in a style sheet by their delivered ones.
pub fn link_fonts(style: &str, address: impl Fn(&str) -> Option<String>) -> Result<String> {
    let mut parts = style.split(FONTS);
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let end = part.find(['"', '\'', ')']).context("an unfinished url() in the style sheet")?;
        let (name, tail) = part.split_at(end);
        text.push_str(&address(name).with_context(|| format!("there is no font called `{name}`"))?);
        text.push_str(tail);
    }
    if ["url(.", "url(\"."].iter().any(|start| text.contains(start)) {
        bail!("the style sheet names a file that is not below `{FONTS}`; the bundle would not find it");
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn address(name: &str) -> Option<String> {
        (name != "missing").then(|| format!("/assets/{name}"))
    }

    #[test]
    fn fills_every_name() {
        let filled = fill("<a {{ x.js }}>{{y.css}}", address).unwrap();
        assert_eq!(filled, "<a /assets/x.js>/assets/y.css");
    }

    #[test]
    fn an_unknown_or_unfinished_name_is_an_error() {
        assert!(fill("{{missing}}", address).is_err());
        assert!(fill("{{x", address).is_err());
    }

    #[test]
    fn links_fonts_quoted_or_not() {
        let style = "a{src:url(../assets/fonts/i.woff2)}b{src:url(\"../assets/fonts/j.woff2\")}";
        let linked = link_fonts(style, address).unwrap();
        assert_eq!(linked, "a{src:url(/assets/i.woff2)}b{src:url(\"/assets/j.woff2\")}");
        assert!(link_fonts("url(../assets/fonts/missing)", address).is_err());
        assert!(link_fonts("url(./elsewhere.woff2)", address).is_err());
    }
}
