//! A funnel: how many are left at each step, and of how many before.

use super::{
    data::Data,
    path::{self, Round},
    px::Px,
    scene::{Anchor, Hit, Look, Mark, Scene, Word, fit, width_of},
};
use crate::format;

const HIGHEST: Px = Px::whole(48);
const SHARE: Px = Px::whole(38);
const GAP: Px = Px::whole(12);

/// A step for each label of the first series, in their order.
pub fn layout(data: &Data, (width, height): (Px, Px)) -> Scene {
    let mut scene = Scene { stride: 1, ..Scene::default() };
    let Some(series) = data.series.first() else { return scene };
    let count = i64::try_from(data.labels.len()).unwrap_or(1).max(1);
    let row = height.share(1, count).min(HIGHEST);
    let thick = row.share(6, 10);
    let names = data.labels.iter().map(|label| width_of(&label.long)).max().unwrap_or_default();
    let names = names.min(width.share(2, 5));
    let figures = series.values.iter().map(|value| width_of(&data.unit.full(*value))).max().unwrap_or_default();
    let room = (width - names - GAP - GAP - figures - SHARE).floor();
    let most = series.values.iter().copied().max().unwrap_or_default().max(1);
    let centre = names + GAP + room.half();
    let mut above: Option<(Px, Px)> = None;
    for (at, label) in data.labels.iter().enumerate() {
        let top = Px::tenths(row.as_tenths().saturating_mul(i64::try_from(at).unwrap_or_default()));
        let value = series.at(at).max(0);
        let half = room.share(value, most).max(Px::whole(2)).half();
        let (from, to) = (top, top + thick);
        if let Some((before, low)) = above {
            let corners =
                [(centre - before, low), (centre + before, low), (centre + half, from), (centre - half, from)];
            scene.marks.push(Mark::new(path::shape(&corners), data.ink_at(at, false), Look::Soft));
        }
        let bar = path::bar((centre - half, from), (half + half, thick), Round::All);
        scene.marks.push(Mark::new(bar, data.ink_at(at, false), Look::Fill));
        let text = from + thick.half() + Px::whole(4);
        scene.words.push(Word::new((Px::ZERO, text), fit(&label.long, names), Anchor::Start).strong());
        scene.words.push(Word::new((width - SHARE, text), data.unit.full(value), Anchor::End).strong());
        if let Some(before) = at.checked_sub(1).map(|before| series.at(before)) {
            scene.words.push(Word::new((width, text), format::percent(value, before), Anchor::End));
        }
        scene.hits.push(Hit { label: at, series: None, area: (Px::ZERO, top, width, row), tip: (centre, from) });
        above = Some((half, to));
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
    fn each_step_tells_its_share_of_the_one_before() {
        let rows = [("Lead", 200), ("Proposta", 50), ("Ganha", 0)].map(|(name, n)| (Label::new(name), n));
        let scene = layout(&Data::single("n", Unit::Count, rows.to_vec()), (Px::whole(400), Px::whole(160)));
        let shares: Vec<_> = scene.words.iter().filter(|w| w.text.ends_with('%')).map(|w| w.text.as_str()).collect();
        assert_eq!(shares, ["25%", "0%"]);
        // Three bars and what joins them.
        assert_eq!(scene.marks.len(), 5);
    }
}
