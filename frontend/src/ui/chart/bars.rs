//! Upright bars: beside each other for each series, or on top of each other.

use super::{
    data::{Data, Ink},
    path::{self, Round},
    plot::Plot,
    px::Px,
    scale::Scale,
    scene::{Look, Mark, Scene},
};

/// A bar is never wider.
const WIDEST: Px = Px::whole(36);
/// Between bars of one label.
const GAP: Px = Px::whole(2);

/// Bars of each series beside each other.
pub fn beside(data: &Data, size: (Px, Px)) -> Scene {
    let scale = Scale::of(data.series.iter().flat_map(|series| series.values.iter().copied()), data.unit.one());
    let plot = Plot::new(data, scale, size);
    let highest = |at: usize| data.series.iter().map(|series| series.at(at)).max().unwrap_or_default();
    let mut scene = plot.ground(data, highest);
    let count = i64::try_from(data.series.len()).unwrap_or(1).max(1);
    let all = all(plot);
    let one = (all.share(1, count).min(WIDEST) - GAP).max(Px::whole(1));
    let used = Px::tenths((one + GAP).as_tenths().saturating_mul(count)) - GAP;
    for label in 0..data.labels.len() {
        let start = plot.middle(label) - used.half();
        for (at, series) in data.series.iter().enumerate() {
            let steps = i64::try_from(at).unwrap_or_default();
            let x = start + Px::tenths((one + GAP).as_tenths().saturating_mul(steps));
            let ink = if data.series.len() == 1 { data.ink_at(label, false) } else { series.ink };
            scene.marks.extend(upright(plot, x, one, (0, series.at(label)), ink, true));
        }
    }
    scene
}

/// Series on top of each other; what is below zero is left out.
pub fn stacked(data: &Data, size: (Px, Px)) -> Scene {
    let sum = |at: usize| data.series.iter().fold(0_i64, |sum, series| sum.saturating_add(series.at(at).max(0)));
    let plot = Plot::new(data, Scale::of((0..data.labels.len()).map(sum), data.unit.one()), size);
    let mut scene = plot.ground(data, sum);
    let width = all(plot).min(WIDEST).max(Px::whole(1));
    for label in 0..data.labels.len() {
        let x = plot.middle(label) - width.half();
        let top = data.series.iter().rposition(|series| series.at(label) > 0);
        let mut from = 0_i64;
        for (at, series) in data.series.iter().enumerate() {
            let to = from.saturating_add(series.at(label).max(0));
            scene.marks.extend(upright(plot, x, width, (from, to), series.ink, top == Some(at)));
            from = to;
        }
    }
    scene
}

/// What bars may take of a band.
fn all(plot: Plot) -> Px {
    plot.band().share(7, 10)
}

fn upright(plot: Plot, x: Px, width: Px, (from, to): (i64, i64), ink: Ink, end: bool) -> Option<Mark> {
    let (one, other) = (plot.y(from), plot.y(to));
    let (top, base) = (one.min(other), one.max(other));
    // Little is not nothing.
    let height = (base - top).max(Px::whole(1));
    let round = match (end, to < from) {
        (true, false) => Round::Top,
        (true, true) => Round::Bottom,
        (false, _) => Round::None,
    };
    let path = path::bar((x, base - height), (width, height), round);
    (from != to).then_some(Mark::new(path, ink, Look::Fill))
}

#[cfg(test)]
mod tests {
    use super::{
        super::data::{Label, Series, Unit},
        *,
    };

    fn data(series: &[&[i64]]) -> Data {
        let labels = ["a", "b", "c"].map(Label::new).to_vec();
        let series = series.iter().enumerate().map(|(at, values)| Series::new("s", Ink::Nth(at), values.to_vec()));
        Data { by: String::new(), labels, series: series.collect(), unit: Unit::Count }
    }

    const SIZE: (Px, Px) = (Px::whole(300), Px::whole(160));

    #[test]
    fn nothing_has_no_bar_and_little_has_one() {
        assert_eq!(beside(&data(&[&[0, 1, 1_000_000]]), SIZE).marks.len(), 2);
        assert_eq!(stacked(&data(&[&[0, 2, 3], &[1, 0, 3]]), SIZE).marks.len(), 4);
    }

    #[test]
    fn a_stack_is_as_high_as_its_sum() {
        let scene = stacked(&data(&[&[10, 0, 0], &[30, 0, 0]]), SIZE);
        let tip = scene.hits.first().map(|hit| hit.tip.1);
        let highest = scene.lines.iter().map(|line| line.2).min();
        assert_eq!(tip, highest);
    }

    #[test]
    fn bars_below_zero_hang() {
        let scene = beside(&data(&[&[-5, 5, 0]]), SIZE);
        assert_eq!(scene.marks.len(), 2);
        assert!(scene.lines.iter().any(|line| line.3), "the base is among the lines");
    }
}
