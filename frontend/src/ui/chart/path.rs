//! Paths of SVG from places on the page.

use std::fmt::Write;

use super::px::Px;

/// A line through the points.
pub fn line(points: &[(Px, Px)]) -> String {
    let mut d = String::new();
    for (at, (x, y)) in points.iter().enumerate() {
        let verb = if at == 0 { 'M' } else { 'L' };
        // Writing to a string cannot fail.
        let _ = write!(d, "{verb}{x} {y}");
    }
    d
}

/// What lies between the points and a base.
pub fn area(points: &[(Px, Px)], base: Px) -> String {
    match (points.first(), points.last()) {
        (Some((first, _)), Some((last, _))) => format!("{}L{last} {base}L{first} {base}Z", line(points)),
        _ => String::new(),
    }
}

/// A closed shape through the points.
pub fn shape(points: &[(Px, Px)]) -> String {
    if points.is_empty() { String::new() } else { format!("{}Z", line(points)) }
}

/// Which end of a bar is round.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Round {
    Top,
    Bottom,
    All,
    None,
}

/// A bar from its top left corner. Corners are round by at most 3 px.
pub fn bar((x, y): (Px, Px), (width, height): (Px, Px), round: Round) -> String {
    let r = Px::whole(3).min(width.half()).min(height.half());
    let (top, bottom) = match round {
        Round::Top => (r, Px::ZERO),
        Round::Bottom => (Px::ZERO, r),
        Round::All => (r, r),
        Round::None => (Px::ZERO, Px::ZERO),
    };
    let (right, low) = (x + width, y + height);
    format!(
        "M{x} {}Q{x} {y} {} {y}L{} {y}Q{right} {y} {right} {}L{right} {}Q{right} {low} {} {low}L{} {low}Q{x} {low} {x} {}Z",
        y + top,
        x + top,
        right - top,
        y + top,
        low - bottom,
        right - bottom,
        x + bottom,
        low - bottom,
    )
}

/// A small disc.
pub fn dot((x, y): (Px, Px), radius: Px) -> String {
    let across = radius + radius;
    format!("M{} {y}a{radius} {radius} 0 1 0 {across} 0a{radius} {radius} 0 1 0 -{across} 0Z", x - radius)
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn at(x: i64, y: i64) -> (Px, Px) {
        (Px::whole(x), Px::whole(y))
    }

    #[test]
    fn lines_and_what_is_below_them() {
        let points = [at(0, 5), at(10, 2)];
        assert_eq!(line(&points), "M0 5L10 2");
        assert_eq!(area(&points, Px::whole(8)), "M0 5L10 2L10 8L0 8Z");
        assert_eq!((area(&[], Px::ZERO), shape(&[])), (String::new(), String::new()));
    }

    #[test]
    fn a_flat_bar_has_no_round_corners() {
        let flat = bar(at(0, 10), (Px::whole(20), Px::ZERO), Round::Top);
        assert!(flat.starts_with("M0 10Q0 10 0 10L20 10"), "{flat}");
    }
}
