//! Shares of a whole as a ring; the total stands in the middle.

use std::f64::consts::TAU;

use super::{
    data::Data,
    px::Px,
    scene::{Anchor, Hit, Look, Mark, Scene, Word},
};

/// How thick the ring is, of its radius in tenths.
const THICK: i64 = 4;

/// A slice for each label of the first series; what is not above zero has none.
pub fn layout(data: &Data, (width, height): (Px, Px)) -> Scene {
    let mut scene = Scene { stride: 1, ..Scene::default() };
    let Some(series) = data.series.first() else { return scene };
    let size = width.min(height);
    let (centre, radius) = ((width.half(), height.half()), size.half() - Px::whole(1));
    let inner = radius - radius.share(THICK, 10);
    let total = series.values.iter().fold(0_i64, |sum, value| sum.saturating_add((*value).max(0)));
    let mut from = 0_i64;
    for at in 0..data.labels.len() {
        let value = series.at(at).max(0);
        let to = from.saturating_add(value);
        let turn = (share(from, total), share(to, total));
        if value > 0 {
            let path = ring(centre, (inner, radius), turn);
            let hit = Some(scene.hits.len());
            scene.marks.push(Mark { hit, ..Mark::new(path, data.ink_at(at, true), Look::Fill) });
            let middle = point(centre, inner + (radius - inner).half(), (turn.0).midpoint(turn.1));
            let half = Px::whole(12);
            let area = (middle.0 - half, middle.1 - half, half + half, half + half);
            scene.hits.push(Hit { label: at, series: None, area, tip: middle });
        }
        from = to;
    }
    let total = data.unit.short(data.total());
    scene.words.push(Word::new((centre.0, centre.1 + Px::whole(5)), total, Anchor::Middle).strong());
    scene
}

/// A part of a whole turn, 0 to 1.
#[expect(clippy::float_arithmetic, reason = "an angle to draw, from thousandths of a turn")]
fn share(part: i64, whole: i64) -> f64 {
    // Exact to a ten-thousandth of a turn, less than a tenth of a pixel.
    let parts = if whole == 0 { 0 } else { i128::from(part) * 10_000 / i128::from(whole) };
    f64::from(i32::try_from(parts).unwrap_or_default()) / 10_000.0
}

/// A place on a circle; turns begin at the top and go with the clock.
#[expect(clippy::float_arithmetic, reason = "where to draw, not what is said")]
fn point((x, y): (Px, Px), radius: Px, turn: f64) -> (Px, Px) {
    let long = f64::from(i32::try_from(radius.as_tenths()).unwrap_or_default());
    let (sin, cos) = (turn * TAU).sin_cos();
    (x + rounded(long * sin), y - rounded(long * cos))
}

/// The nearest tenth of a pixel.
fn rounded(tenths: f64) -> Px {
    // There is no checked conversion from floats; a page is not wide enough for this to miss.
    let text = format!("{tenths:.0}");
    Px::tenths(text.parse().unwrap_or_default())
}

/// A slice of a ring; a whole one in two halves, since an arc that ends where it begins is none.
fn ring(centre: (Px, Px), radii: (Px, Px), (from, to): (f64, f64)) -> String {
    if is_whole(from, to) {
        return format!("{}{}", slice(centre, radii, (0.0, 0.5)), slice(centre, radii, (0.5, 1.0)));
    }
    slice(centre, radii, (from, to))
}

#[expect(clippy::float_arithmetic, reason = "angles")]
fn is_whole(from: f64, to: f64) -> bool {
    to - from > 0.999
}

#[expect(clippy::float_arithmetic, reason = "angles")]
fn slice(centre: (Px, Px), (inner, outer): (Px, Px), (from, to): (f64, f64)) -> String {
    let large = i32::from(to - from > 0.5);
    let ((ax, ay), (bx, by)) = (point(centre, outer, from), point(centre, outer, to));
    let ((cx, cy), (dx, dy)) = (point(centre, inner, to), point(centre, inner, from));
    format!("M{ax} {ay}A{outer} {outer} 0 {large} 1 {bx} {by}L{cx} {cy}A{inner} {inner} 0 {large} 0 {dx} {dy}Z")
}

#[cfg(test)]
mod tests {
    use super::{
        super::data::{Label, Unit},
        *,
    };

    fn of(values: &[i64]) -> Scene {
        let rows = values.iter().map(|value| (Label::new("x"), *value)).collect();
        layout(&Data::single("n", Unit::Count, rows), (Px::whole(200), Px::whole(160)))
    }

    #[test]
    fn quarters_end_at_the_sides() {
        let top = point((Px::ZERO, Px::ZERO), Px::whole(10), 0.0);
        let right = point((Px::ZERO, Px::ZERO), Px::whole(10), 0.25);
        assert_eq!((top, right), ((Px::ZERO, Px::whole(-10)), (Px::whole(10), Px::ZERO)));
    }

    #[test]
    fn a_whole_ring_is_closed() {
        let scene = of(&[7]);
        assert_eq!(scene.marks.len(), 1);
        assert_eq!(scene.marks.first().map(|mark| mark.path.matches('Z').count()), Some(2));
    }

    #[test]
    fn what_is_not_there_has_no_slice() {
        assert_eq!(of(&[3, 0, 1]).marks.len(), 2);
        assert_eq!(of(&[]).marks.len(), 0);
        assert_eq!(of(&[i64::MAX, i64::MAX]).hits.len(), 2);
    }
}
