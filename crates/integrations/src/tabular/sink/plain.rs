//! Values as plain text.

/// `unscaled / 10^scale` with `mark` before the fraction, exactly.
pub(super) fn decimal(unscaled: i64, scale: u8, mark: char) -> String {
    let sign = if unscaled < 0 { "-" } else { "" };
    let scale = usize::from(scale);
    let digits = format!("{:0>width$}", unscaled.unsigned_abs(), width = scale + 1);
    match digits.split_at_checked(digits.len() - scale) {
        Some((whole, "")) => format!("{sign}{whole}"),
        Some((whole, fraction)) => format!("{sign}{whole}{mark}{fraction}"),
        None => format!("{sign}{digits}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_exact() {
        for (unscaled, scale, expected) in [
            (0, 2, "0,00"),
            (5, 2, "0,05"),
            (-5, 2, "-0,05"),
            (123_456, 2, "1234,56"),
            (7, 0, "7"),
            (i64::MIN, 2, "-92233720368547758,08"),
            (1, 20, "0,00000000000000000001"),
        ] {
            assert_eq!(decimal(unscaled, scale, ','), expected);
        }
    }
}
