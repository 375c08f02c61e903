//! People mentioned with `@` in comments.

use leptos::prelude::*;

use crate::api::records::Mention;

/// The name being typed at the end of a text, after its `@`.
pub fn typed(text: &str) -> Option<&str> {
    let (before, name) = text.rsplit_once('@')?;
    let starts = before.chars().next_back().is_none_or(char::is_whitespace);
    let open = name.chars().count() <= 40 && !name.contains(['\n', ',', ':', ';']) && name.split(' ').count() <= 3;
    (starts && open).then_some(name)
}

/// The text with the name being typed replaced by a chosen one.
pub fn complete(text: &str, name: &str) -> String {
    let before = text.rsplit_once('@').map_or(text, |(before, _)| before);
    format!("{before}@{name} ")
}

/// The ids of those whose name still stands in the text.
pub fn mentioned(text: &str, chosen: &[Mention]) -> Vec<String> {
    let mut ids: Vec<String> = Vec::new();
    for person in chosen {
        if text.contains(&format!("@{}", person.title)) && !ids.contains(&person.id) {
            ids.push(person.id.clone());
        }
    }
    ids
}

/// A text in parts; `true` marks a mention: `@` and the capitalised words after it.
fn parts(text: &str) -> Vec<(bool, String)> {
    let mut out: Vec<(bool, String)> = Vec::new();
    let mut rest = text;
    while let Some(at) = rest.find('@') {
        let (before, from) = rest.split_at(at);
        let free = before.chars().next_back().is_none_or(|c| !c.is_alphanumeric());
        let length = name_length(from);
        if !free || length == 0 {
            let (kept, after) = from.split_at(1);
            push(&mut out, &format!("{before}{kept}"));
            rest = after;
            continue;
        }
        push(&mut out, before);
        let (name, after) = from.split_at(length);
        out.push((true, name.to_owned()));
        rest = after;
    }
    push(&mut out, rest);
    out
}

fn push(out: &mut Vec<(bool, String)>, text: &str) {
    match out.last_mut() {
        _ if text.is_empty() => {}
        Some((false, last)) => last.push_str(text),
        _ => out.push((false, text.to_owned())),
    }
}

/// Bytes of `@Name Surname` at the beginning; 0 when no name follows.
fn name_length(from: &str) -> usize {
    let mut length = 0;
    let mut at = 1;
    for word in from.get(1..).unwrap_or_default().split_inclusive(' ') {
        let bare = word.trim_end();
        let letters = bare.trim_end_matches(|c: char| !c.is_alphanumeric());
        let joins = matches!(letters, "da" | "de" | "do" | "das" | "dos" | "e");
        if !(letters.chars().next().is_some_and(char::is_uppercase) || (joins && length > 0)) {
            break;
        }
        if !joins {
            length = at + letters.len();
        }
        if letters.len() < bare.len() {
            break;
        }
        at += word.len();
    }
    length
}

/// The text with its mentions marked.
pub fn highlighted(text: &str) -> AnyView {
    let parts = parts(text).into_iter().map(|(marked, text)| {
        if marked { view! { <span class="mention">{text}</span> }.into_any() } else { text.into_any() }
    });
    parts.collect_view().into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn person(name: &str) -> Mention {
        Mention { id: name.to_lowercase(), resource: "user".into(), title: name.into(), subtitle: None, field: None }
    }

    #[test]
    fn knows_what_is_being_typed() {
        assert_eq!(typed("oi @Gui"), Some("Gui"));
        assert_eq!(typed("@"), Some(""));
        assert_eq!(typed("mail a@b"), None);
        assert_eq!(typed("@Ana Luz já foi avisada ontem"), None);
        assert_eq!(typed("sem nada"), None);
    }

    #[test]
    fn completes_and_counts() {
        let text = complete("oi @Gui", "Guiomar Luz");
        assert_eq!(text, "oi @Guiomar Luz ");
        assert_eq!(mentioned(&text, &[person("Guiomar Luz"), person("Ana"), person("Guiomar Luz")]), ["guiomar luz"]);
    }

    #[test]
    fn marks_names() {
        let marked = |text: &str| parts(text).into_iter().filter(|(m, _)| *m).map(|(_, t)| t).collect::<Vec<_>>();
        assert_eq!(marked("@Guiomar Luz a fonte foi"), ["@Guiomar Luz"]);
        assert_eq!(marked("veja, @Ana Maria da Silva!"), ["@Ana Maria da Silva"]);
        assert_eq!(marked("@Ana, @Bia e @Caio"), ["@Ana", "@Bia", "@Caio"]);
        assert!(marked("ana@example.com e @ sozinho").is_empty());
        let whole: String = parts("a @Ana b @c").into_iter().map(|(_, text)| text).collect();
        assert_eq!(whole, "a @Ana b @c");
    }
}
