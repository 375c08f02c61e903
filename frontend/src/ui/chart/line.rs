//! Lines: how something moves over time. One series has a pale ground, and
//! every line ends in a disc.

use super::{
    data::Data,
    path,
    plot::Plot,
    px::Px,
    scale::Scale,
    scene::{Look, Mark, Scene},
};

/// A line for each series.
pub fn layout(data: &Data, size: (Px, Px)) -> Scene {
    let scale = Scale::of(data.series.iter().flat_map(|series| series.values.iter().copied()), data.unit.one());
    let plot = Plot::new(data, scale, size);
    let highest = |at: usize| data.series.iter().map(|series| series.at(at)).max().unwrap_or_default();
    let mut scene = plot.ground(data, highest);
    for series in &data.series {
        let points: Vec<_> = (0..data.labels.len()).map(|at| (plot.middle(at), plot.y(series.at(at)))).collect();
        let mut put = |path: String, look: Look| scene.marks.push(Mark::new(path, series.ink, look));
        if data.series.len() == 1 {
            put(path::area(&points, plot.y(0)), Look::Area);
        }
        put(path::line(&points), Look::Line);
        if let Some(last) = points.last() {
            put(path::dot(*last, Px::whole(3)), Look::Fill);
        }
    }
    scene
}

/// The line of a card: no axes, 72 by 26 px, with a disc at its end.
pub fn spark(values: &[i64]) -> [(String, Look); 3] {
    let (width, height, edge) = (Px::whole(68), Px::whole(20), Px::whole(3));
    let low = values.iter().copied().min().unwrap_or_default();
    let high = values.iter().copied().max().unwrap_or_default();
    let gaps = i64::try_from(values.len().saturating_sub(1)).unwrap_or_default();
    let place = |(at, value): (usize, &i64)| {
        let x = width.share(i64::try_from(at).unwrap_or_default(), gaps);
        let up = height.share(value.saturating_sub(low), high.saturating_sub(low));
        (x + Px::tenths(10), edge + height - up)
    };
    let points: Vec<_> = values.iter().enumerate().map(place).collect();
    let end = points.last().map(|last| path::dot(*last, Px::whole(2))).unwrap_or_default();
    let base = edge + height + edge;
    [(path::area(&points, base), Look::Area), (path::line(&points), Look::Line), (end, Look::Fill)]
}

#[cfg(test)]
mod tests {
    use super::{
        super::data::{Ink, Label, Series, Unit},
        *,
    };

    fn data(series: Vec<Vec<i64>>) -> Data {
        let labels = (0..4).map(|at| Label::new(at.to_string())).collect();
        let series = series.into_iter().enumerate().map(|(at, values)| Series::new("s", Ink::Nth(at), values));
        Data { by: String::new(), labels, series: series.collect(), unit: Unit::Count }
    }

    #[test]
    fn only_a_line_alone_has_a_ground() {
        let looks = |scene: Scene| scene.marks.iter().map(|mark| mark.look).collect::<Vec<_>>();
        let size = (Px::whole(300), Px::whole(160));
        assert_eq!(looks(layout(&data(vec![vec![1, 2, 3, 4]]), size)), [Look::Area, Look::Line, Look::Fill]);
        let two = looks(layout(&data(vec![vec![1; 4], vec![2; 4]]), size));
        assert_eq!(two, [Look::Line, Look::Fill, Look::Line, Look::Fill]);
    }

    #[test]
    fn a_card_line_stays_in_its_box() {
        let [(_, _), (line, _), _] = spark(&[4, 4, 4]);
        assert_eq!(line, "M1 23L35 23L69 23");
        let [(_, _), (line, _), _] = spark(&[0, 10]);
        assert_eq!(line, "M1 23L69 3");
        assert_eq!(spark(&[])[1].0, "");
    }
}
