//! A heat map: a field for each series and label, stronger where there is more.

use super::{
    data::Data,
    path::{self, Round},
    px::Px,
    scene::{Anchor, Hit, Look, Mark, Scene, Word, fit, width_of},
};

const FOOT: Px = Px::whole(20);
const HIGHEST: Px = Px::whole(34);
const GAP: Px = Px::whole(2);

/// Series are rows, labels are columns.
pub fn layout(data: &Data, (width, height): (Px, Px)) -> Scene {
    let mut scene = Scene { stride: data.labels.len().max(1), ..Scene::default() };
    let names = data.series.iter().map(|series| width_of(&series.name)).max().unwrap_or_default();
    let left = names.min(width.share(2, 5)) + Px::whole(8);
    let columns = i64::try_from(data.labels.len()).unwrap_or(1).max(1);
    let rows = i64::try_from(data.series.len()).unwrap_or(1).max(1);
    let (wide, room) = ((width - left).floor(), (height - FOOT).floor());
    let high = room.share(1, rows).min(HIGHEST);
    let most = data.series.iter().flat_map(|series| series.values.iter().copied()).max().unwrap_or_default();
    for (row, series) in data.series.iter().enumerate() {
        let top = Px::tenths(high.as_tenths().saturating_mul(i64::try_from(row).unwrap_or_default()));
        let text = (Px::ZERO, top + high.half() + Px::whole(4));
        scene.words.push(Word::new(text, fit(&series.name, left - Px::whole(8)), Anchor::Start));
        for column in 0..data.labels.len() {
            let (x, end) = (left + edge(wide, column, columns), left + edge(wide, column + 1, columns));
            let size = ((end - x - GAP).max(Px::whole(1)), (high - GAP).max(Px::whole(1)));
            let path = path::bar((x, top), size, Round::All);
            let look = Look::Level(level(series.at(column), most));
            scene.marks.push(Mark::new(path, series.ink, look));
            let tip = (x + size.0.half(), top);
            scene.hits.push(Hit { label: column, series: Some(row), area: (x, top, size.0, size.1), tip });
        }
    }
    let foot = Px::tenths(high.as_tenths().saturating_mul(rows)) + Px::whole(14);
    scene.words.extend(below(data, wide, left, foot, columns));
    scene
}

fn edge(wide: Px, at: usize, columns: i64) -> Px {
    wide.share(i64::try_from(at).unwrap_or_default(), columns)
}

/// As many labels as fit below.
fn below(data: &Data, wide: Px, left: Px, y: Px, columns: i64) -> Vec<Word> {
    let widest = data.labels.iter().map(|label| width_of(&label.short)).max().unwrap_or_default() + Px::whole(8);
    // The first may begin further right than it would in the middle.
    let widest = widest + widest.half();
    let band = wide.share(1, columns).as_tenths().max(1);
    let every = usize::try_from((widest.as_tenths() - 1) / band + 1).unwrap_or(1).max(1);
    let kept = data.labels.iter().enumerate().step_by(every);
    kept.map(|(at, label)| {
        let middle = left + edge(wide, at, columns) + wide.share(1, columns).half();
        // The first begins where its field does, or it would stand under the names.
        let start = at == 0 && width_of(&label.short).half() > wide.share(1, columns).half();
        let (x, anchor) = if start { (left, Anchor::Start) } else { (middle, Anchor::Middle) };
        Word::new((x, y), label.short.clone(), anchor)
    })
    .collect()
}

/// Zero is 0; the rest is 1 to 5, the most being 5.
fn level(value: i64, most: i64) -> u8 {
    if value <= 0 || most <= 0 {
        return 0;
    }
    let fifths = (i128::from(value) * 5 + i128::from(most) - 1) / i128::from(most);
    u8::try_from(fifths).unwrap_or(5).clamp(1, 5)
}

#[cfg(test)]
mod tests {
    use super::{
        super::data::{Ink, Label, Series, Unit},
        *,
    };

    #[test]
    fn strength_follows_the_value() {
        assert_eq!([0, 1, 20, 21, 99, 100].map(|value| level(value, 100)), [0, 1, 1, 2, 5, 5]);
        assert_eq!((level(1, i64::MAX), level(5, 0), level(-3, 9)), (1, 0, 0));
    }

    #[test]
    fn a_week_by_the_hour() {
        let labels = (0..24).map(|hour| Label::new(format!("{hour:02}h"))).collect();
        let series = (0..7).map(|day| Series::new(day.to_string(), Ink::Nth(0), vec![day; 24])).collect();
        let scene =
            layout(&Data { by: String::new(), labels, series, unit: Unit::Count }, (Px::whole(480), Px::whole(200)));
        assert_eq!((scene.marks.len(), scene.hits.len(), scene.stride), (168, 168, 24));
        let right = scene.hits.iter().map(|hit| hit.area.0 + hit.area.2).max();
        assert!(right <= Some(Px::whole(480)));
    }
}
