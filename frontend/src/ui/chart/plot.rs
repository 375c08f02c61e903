//! The ground of charts that have axes: lines with their values on the left,
//! labels below, and a band for each label.

use super::{
    data::Data,
    px::Px,
    scale::Scale,
    scene::{Anchor, Hit, Scene, Word, fit, width_of},
};

/// Room for the labels below.
const FOOT: Px = Px::whole(22);
/// Room for half a figure above the topmost line.
const HEAD: Px = Px::whole(8);
/// Least distance between two labels.
const APART: Px = Px::whole(10);

/// Where values lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Plot {
    pub left: Px,
    pub top: Px,
    pub width: Px,
    pub height: Px,
    pub scale: Scale,
    count: i64,
}

impl Plot {
    /// The ground for a chart of this size.
    pub fn new(data: &Data, scale: Scale, (width, height): (Px, Px)) -> Self {
        let widest = scale.ticks().iter().map(|tick| width_of(&data.unit.short(*tick))).max();
        let left = widest.unwrap_or_default() + Px::whole(8);
        let count = i64::try_from(data.labels.len()).unwrap_or(1).max(1);
        let (width, height) = ((width - left).floor(), (height - HEAD - FOOT).floor());
        Self { left, top: HEAD, width, height, scale, count }
    }

    /// Left edge of a label's band, or the right edge of the one before.
    pub fn edge(self, at: usize) -> Px {
        self.left + self.width.share(i64::try_from(at).unwrap_or_default(), self.count)
    }

    /// How wide a band is.
    pub fn band(self) -> Px {
        self.width.share(1, self.count)
    }

    /// The middle of a label's band.
    pub fn middle(self, at: usize) -> Px {
        self.edge(at) + self.band().half()
    }

    /// The height of a value.
    pub fn y(self, value: i64) -> Px {
        self.top + self.height - self.scale.along(value, self.height)
    }

    /// Lines, figures, labels and bands. `highest` is what the tooltip of a label points at.
    pub fn ground(self, data: &Data, highest: impl Fn(usize) -> i64) -> Scene {
        let mut scene = Scene { stride: 1, ..Scene::default() };
        let right = self.left + self.width;
        for tick in self.scale.ticks() {
            let y = self.y(tick);
            scene.lines.push((self.left, right, y, tick == 0));
            let at = (self.left - Px::whole(8), y + Px::whole(4));
            scene.words.push(Word::new(at, data.unit.short(tick), Anchor::End));
        }
        scene.words.extend(self.labels(data));
        scene.hits = (0..data.labels.len()).map(|at| self.hit(at, highest(at))).collect();
        scene
    }

    fn hit(self, label: usize, highest: i64) -> Hit {
        let area = (self.edge(label), self.top, self.band(), self.height);
        Hit { label, series: None, area, tip: (self.middle(label), self.y(highest)) }
    }

    /// As many labels as there is room for, the last among them.
    fn labels(self, data: &Data) -> Vec<Word> {
        let widest = data.labels.iter().map(|label| width_of(&label.short)).max().unwrap_or_default();
        let few = data.labels.len() <= 8;
        let room = (self.band() - Px::whole(4)).floor();
        let every = if few { 1 } else { every(widest + APART, self.band()) };
        let y = self.top + self.height + Px::whole(16);
        let last = data.labels.len().saturating_sub(1);
        let kept = data.labels.iter().enumerate().filter(|(at, _)| (last - at).is_multiple_of(every));
        kept.map(|(at, label)| {
            let text = if few { fit(&label.short, room) } else { label.short.clone() };
            Word::new((self.middle(at), y), text, Anchor::Middle)
        })
        .collect()
    }
}

/// Every how many bands there is room for a label.
fn every(label: Px, band: Px) -> usize {
    let (label, band) = (label.as_tenths(), band.as_tenths().max(1));
    usize::try_from((label - 1) / band + 1).unwrap_or(1).max(1)
}

#[cfg(test)]
mod tests {
    use super::{
        super::data::{Label, Unit},
        *,
    };

    fn days(count: i64) -> Data {
        let rows = (1..=count).map(|day| (Label::new(format!("{day:02}/11")), day));
        Data::single("n", Unit::Count, rows.collect())
    }

    fn ground(data: &Data, width: i64) -> Scene {
        let scale = Scale::of(data.series.iter().flat_map(|s| s.values.iter().copied()), 1);
        let plot = Plot::new(data, scale, (Px::whole(width), Px::whole(180)));
        plot.ground(data, |at| data.total_at(at))
    }

    #[test]
    fn four_lines_above_the_base() {
        let scene = ground(&days(12), 600);
        assert_eq!(scene.lines.len(), 5);
        assert_eq!(scene.lines.iter().filter(|line| line.3).count(), 1);
    }

    #[test]
    fn labels_never_touch_and_the_last_is_there() {
        for width in [200, 320, 600] {
            let scene = ground(&days(30), width);
            let mut labels: Vec<_> = scene.words.iter().filter(|word| word.anchor == Anchor::Middle).collect();
            labels.sort_by_key(|word| word.at.0);
            assert_eq!(labels.last().map(|word| word.text.as_str()), Some("30/11"));
            for pair in labels.windows(2) {
                if let [one, next] = pair {
                    assert!(next.at.0 - one.at.0 >= width_of("30/11"), "{width}: {} {}", one.text, next.text);
                }
            }
        }
    }

    #[test]
    fn bands_fill_the_ground() {
        let scene = ground(&days(7), 333);
        assert_eq!(scene.hits.len(), 7);
        let end = scene.hits.last().map(|hit| hit.area.0 + hit.area.2);
        let right = scene.lines.first().map(|line| line.1);
        let gap = end.zip(right).map(|(end, right)| (right - end).as_tenths().abs());
        assert!(gap.is_some_and(|gap| gap <= 10), "{gap:?}");
    }
}
