//! What the search of everything shows and remembers while it is open.

use std::sync::Arc;

use conexao_domain::kernel::value::fold;
use leptos::prelude::*;

/// What a line does.
#[derive(Clone)]
pub enum Goal {
    /// Opens an address.
    Path(String),
    /// Runs something.
    Run(Arc<dyn Fn() + Send + Sync>),
}

/// A line.
#[derive(Clone)]
pub struct Hit {
    pub group: String,
    pub title: String,
    pub subtitle: Option<String>,
    /// Icon of a place or a thing; people show initials.
    pub art: Option<String>,
    /// The keys that do the same, as the keymap writes them.
    pub keys: Option<String>,
    /// Why it cannot be done now.
    pub reason: Option<String>,
    /// The command it is, to be remembered by.
    pub command: &'static str,
    pub goal: Goal,
}

impl Hit {
    /// A line that opens something.
    pub fn open(group: String, title: String, path: String, art: &str) -> Self {
        let goal = Goal::Path(path);
        let art = Some(art.to_owned());
        Self { group, title, subtitle: None, art, keys: None, reason: None, command: "", goal }
    }

    /// A line that runs something.
    pub fn run(group: String, title: String, art: &str, act: impl Fn() + Send + Sync + 'static) -> Self {
        Self { goal: Goal::Run(Arc::new(act)), ..Self::open(group, title, String::new(), art) }
    }
}

/// What is searched, said by the first character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    All,
    /// `>`: commands alone.
    Commands,
    /// `#`: records by their number.
    Number,
}

/// What was typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Wanted {
    pub mode: Mode,
    /// Without the first character that says the mode.
    pub text: String,
    /// Folded words, all of which a line must hold.
    pub words: Vec<String>,
}

impl Wanted {
    pub fn read(typed: &str) -> Self {
        let typed = typed.trim_start();
        let (mode, text) = match (typed.strip_prefix('>'), typed.strip_prefix('#')) {
            (Some(rest), _) => (Mode::Commands, rest),
            (_, Some(rest)) => (Mode::Number, rest),
            _ => (Mode::All, typed),
        };
        let words = fold(text).split_whitespace().map(str::to_owned).collect();
        Self { mode, text: text.trim().to_owned(), words }
    }

    /// Whether a line holds what was typed.
    pub fn fits(&self, title: &str, subtitle: Option<&str>) -> bool {
        let text = fold(&format!("{title} {}", subtitle.unwrap_or_default()));
        self.words.iter().all(|word| text.contains(word.as_str()))
    }

    /// Lines that begin with what was typed come first.
    pub fn leads(&self, title: &str) -> bool {
        self.words.first().is_some_and(|word| fold(title).starts_with(word.as_str()))
    }
}

/// Which lines are wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Only {
    Everything,
    /// Records of a resource.
    Kind(&'static str),
    Places,
    Acts,
}

#[derive(Clone, Copy)]
pub struct State {
    pub text: RwSignal<String>,
    pub only: RwSignal<Only>,
    /// Records the server found.
    pub found: RwSignal<Vec<Hit>>,
    /// Records are being looked for.
    pub busy: RwSignal<bool>,
    /// Everything shown, in order.
    pub hits: RwSignal<Vec<Hit>>,
    pub at: RwSignal<usize>,
    pub turn: StoredValue<u32>,
}

/// The parts of a text; `true` marks those that were typed.
pub fn marked(text: &str, words: &[String]) -> Vec<(bool, String)> {
    let characters: Vec<char> = text.chars().collect();
    let mut out: Vec<(bool, String)> = Vec::new();
    let mut at = 0;
    while let Some(rest) = characters.get(at..).filter(|rest| !rest.is_empty()) {
        let length = words.iter().filter_map(|word| length_of(rest, word)).max().unwrap_or_default();
        let taken = length.max(1);
        let piece: String = rest.iter().take(taken).collect();
        match out.last_mut() {
            Some((false, last)) if length == 0 => last.push_str(&piece),
            _ => out.push((length > 0, piece)),
        }
        at = at.saturating_add(taken);
    }
    out
}

/// How many characters a folded word takes at the beginning; none when it is not there.
fn length_of(rest: &[char], word: &str) -> Option<usize> {
    // Folding drops a gap at the beginning, which is no part of the word.
    if rest.first().is_some_and(|first| first.is_whitespace()) {
        return None;
    }
    let longest = rest.len().min(word.chars().count().saturating_add(2));
    let read = |n: &usize| fold(&rest.iter().take(*n).collect::<String>()) == word;
    (1..=longest).find(read)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_character_says_what_is_searched() {
        assert_eq!(Wanted::read("> tema").mode, Mode::Commands);
        assert_eq!(Wanted::read("#GR-0041").text, "GR-0041");
        let wanted = Wanted::read("Aurélia  Camargo");
        assert_eq!((wanted.mode, wanted.words), (Mode::All, vec!["aurelia".to_owned(), "camargo".to_owned()]));
    }

    #[test]
    fn marks_what_was_typed_without_accents() {
        let words = ["aurelia".to_owned()];
        assert_eq!(
            marked("Dona Aurélia C", &words),
            [(false, "Dona ".to_owned()), (true, "Aurélia".to_owned()), (false, " C".to_owned())]
        );
        assert_eq!(marked("Nada", &words), [(false, "Nada".to_owned())]);
    }
}
