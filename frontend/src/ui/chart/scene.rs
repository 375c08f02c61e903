//! What is drawn, before it is drawn: layouts are pure and give one of these.

use super::{data::Ink, px::Px};

/// How a mark is painted; `chart.css` has a class for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Look {
    Fill,
    Line,
    /// The pale ground below a line.
    Area,
    /// Pale, between two bars.
    Soft,
    /// One of six strengths, from nothing to all.
    Level(u8),
}

impl Look {
    pub const fn class(self) -> &'static str {
        match self {
            Self::Fill => "mark",
            Self::Line => "mark-line",
            Self::Area => "mark-area",
            Self::Soft => "mark-soft",
            Self::Level(0) => "mark-level-0",
            Self::Level(1) => "mark-level-1",
            Self::Level(2) => "mark-level-2",
            Self::Level(3) => "mark-level-3",
            Self::Level(4) => "mark-level-4",
            Self::Level(_) => "mark-level-5",
        }
    }
}

/// A thing with a colour.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mark {
    /// The `d` of a path.
    pub path: String,
    pub ink: Ink,
    pub look: Look,
    /// The hit that the whole mark belongs to, where its place is smaller than the mark.
    pub hit: Option<usize>,
}

impl Mark {
    /// A mark whose hit lies over it.
    pub const fn new(path: String, ink: Ink, look: Look) -> Self {
        Self { path, ink, look, hit: None }
    }
}

/// Which end of a text its place is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    Start,
    Middle,
    End,
}

impl Anchor {
    pub const fn name(self) -> &'static str {
        match self {
            Self::Start => "start",
            Self::Middle => "middle",
            Self::End => "end",
        }
    }
}

/// A text of 11 px.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    pub at: (Px, Px),
    pub text: String,
    pub anchor: Anchor,
    pub strong: bool,
}

impl Word {
    pub fn new(at: (Px, Px), text: impl Into<String>, anchor: Anchor) -> Self {
        Self { at, text: text.into(), anchor, strong: false }
    }

    /// The same in the colour of text.
    pub fn strong(mut self) -> Self {
        self.strong = true;
        self
    }
}

/// Where a value is pointed at or focused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hit {
    pub label: usize,
    /// The series, where each value has a place of its own.
    pub series: Option<usize>,
    /// Left, top, width, height.
    pub area: (Px, Px, Px, Px),
    /// What the tooltip points at.
    pub tip: (Px, Px),
}

/// A whole drawing.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scene {
    /// Horizontal lines: left, right, height; the base is darker.
    pub lines: Vec<(Px, Px, Px, bool)>,
    pub marks: Vec<Mark>,
    pub words: Vec<Word>,
    pub hits: Vec<Hit>,
    /// How many places the arrows up and down go.
    pub stride: usize,
}

/// About how wide a text of 11 px is. Too wide is better than too narrow.
pub fn width_of(text: &str) -> Px {
    let letters = i64::try_from(text.chars().count()).unwrap_or(i64::MAX / 100);
    Px::tenths(letters.saturating_mul(62))
}

/// As much of a text as fits.
pub fn fit(text: &str, room: Px) -> String {
    if width_of(text) <= room {
        return text.to_owned();
    }
    let letters = usize::try_from(room.as_tenths() / 62).unwrap_or_default();
    let kept: String = text.chars().take(letters.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_labels_are_cut() {
        assert_eq!(fit("Aguardando logística reversa", Px::whole(80)), "Aguardando…");
        assert_eq!(fit("curto", Px::whole(80)), "curto");
        assert_eq!(fit("nada", Px::ZERO), "…");
    }
}
