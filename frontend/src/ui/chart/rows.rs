//! Lying bars, for labels that are words: name, bar, value and share.

use super::{
    data::Data,
    path::{self, Round},
    px::Px,
    scene::{Anchor, Hit, Look, Mark, Scene, Word, fit, width_of},
};
use crate::format;

/// A row is never higher.
const HIGHEST: Px = Px::whole(40);
const THICKNESS: Px = Px::whole(14);
const SHARE: Px = Px::whole(38);
const GAP: Px = Px::whole(10);

/// A row for each label of the first series.
pub fn layout(data: &Data, (width, height): (Px, Px)) -> Scene {
    let mut scene = Scene { stride: 1, ..Scene::default() };
    let Some(series) = data.series.first() else { return scene };
    let count = i64::try_from(data.labels.len()).unwrap_or(1).max(1);
    let row = height.share(1, count).min(HIGHEST);
    let names = data.labels.iter().map(|label| width_of(&label.long)).max().unwrap_or_default();
    let names = names.min(width.share(2, 5));
    let figures = series.values.iter().map(|value| width_of(&data.unit.full(*value))).max().unwrap_or_default();
    let room = (width - names - GAP - GAP - figures - SHARE).floor();
    let most = series.values.iter().copied().max().unwrap_or_default().max(1);
    let total = data.total();
    for (at, label) in data.labels.iter().enumerate() {
        let top = Px::tenths(row.as_tenths().saturating_mul(i64::try_from(at).unwrap_or_default()));
        let middle = top + row.half();
        let text = middle + Px::whole(4);
        let value = series.at(at);
        let long = room.share(value.max(0), most).max(if value > 0 { Px::whole(2) } else { Px::ZERO });
        let thick = THICKNESS.min((row - Px::whole(4)).max(Px::whole(2)));
        let start = (names + GAP, middle - thick.half());
        let path = path::bar(start, (long, thick), Round::All);
        scene.marks.push(Mark::new(path, data.ink_at(at, false), Look::Fill));
        scene.words.push(Word::new((Px::ZERO, text), fit(&label.long, names), Anchor::Start).strong());
        scene.words.push(Word::new((width - SHARE, text), data.unit.full(value), Anchor::End).strong());
        scene.words.push(Word::new((width, text), format::percent(value, total), Anchor::End));
        let tip = (names + GAP + long.half(), start.1);
        scene.hits.push(Hit { label: at, series: None, area: (Px::ZERO, top, width, row), tip });
    }
    scene
}

#[cfg(test)]
mod tests {
    use super::{
        super::data::{Label, Unit},
        *,
    };

    #[test]
    fn rows_say_value_and_share() {
        let rows = vec![(Label::new("Aguardando logística reversa"), 30), (Label::new("Gerado"), 10)];
        let scene = layout(&Data::single("n", Unit::Count, rows), (Px::whole(200), Px::whole(100)));
        let words: Vec<_> = scene.words.iter().map(|word| word.text.as_str()).collect();
        assert_eq!(words, ["Aguardando…", "30", "75%", "Gerado", "10", "25%"]);
        assert_eq!(scene.hits.len(), 2);
    }

    #[test]
    fn many_rows_fit_the_height() {
        let rows = (0..30).map(|at| (Label::new(at.to_string()), at)).collect();
        let scene = layout(&Data::single("n", Unit::Count, rows), (Px::whole(300), Px::whole(180)));
        let end = scene.hits.last().map(|hit| hit.area.1 + hit.area.3);
        assert!(end <= Some(Px::whole(180)));
    }
}
