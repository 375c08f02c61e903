//! Text in Slack's own markup.

/// Text that is shown as it is: the three characters Slack gives a meaning
/// become entities, so nobody is mentioned by a customer's name.
pub fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// Bold text. Marks in it would end it early and become look-alikes.
pub fn bold(text: &str) -> String {
    format!("*{}*", escape(text).replace('*', "∗").replace('\n', " "))
}

/// A link with a text; an address that is none of the web stays text.
pub fn link(url: &str, text: &str) -> String {
    let good = (url.starts_with("https://") || url.starts_with("http://")) && !url.contains(['<', '>', '|', ' ', '\n']);
    let text = escape(text).replace(['\n', '|'], " ");
    if good { format!("<{}|{text}>", url.replace('&', "&amp;")) } else { text }
}

/// The first characters of a text, with an ellipsis when there are more.
pub(super) fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most.saturating_sub(1)).chain(['…']).collect()
}

/// Like [`cut`] for escaped text: no entity and no link is cut in half.
pub(super) fn cut_markup(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(most.saturating_sub(1)).collect();
    for (open, close) in [('&', ';'), ('<', '>')] {
        if let Some(start) = short.rfind(open)
            && short.get(start..).is_some_and(|rest| !rest.contains(close))
        {
            short.truncate(start);
        }
    }
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_gains_a_meaning() {
        assert_eq!(escape("<!channel> R&D <@U1>"), "&lt;!channel&gt; R&amp;D &lt;@U1&gt;");
        assert_eq!(bold("a*b<c"), "*a∗b&lt;c*");
        assert_eq!(link("https://x.test/?a=1&b=2", "A|B"), "<https://x.test/?a=1&amp;b=2|A B>");
        assert_eq!(link("javascript:alert(1)", "A"), "A");
        assert_eq!(link("https://x.test/|<!here>", "A"), "A");
    }

    #[test]
    fn cuts_whole_characters_and_entities() {
        assert_eq!(cut("ação", 4), "ação");
        assert_eq!(cut("ações", 4), "açõ…");
        assert_eq!(cut_markup("ab&amp;cd", 6), "ab…");
        assert_eq!(cut_markup("ab<https://x.test|y>", 10), "ab…");
    }
}
