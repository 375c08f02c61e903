//! Valid documents, a different one for every number.

/// Coprime with every power of ten, so that multiplying only shuffles.
const SHUFFLE: u64 = 387_420_489;

fn check_digit(code: &str, last_weight: u32) -> u32 {
    let weights = (2..=last_weight).cycle();
    let sum: u32 =
        code.bytes().rev().zip(weights).map(|(byte, weight)| u32::from(byte.saturating_sub(48)) * weight).sum();
    match sum % 11 {
        0 | 1 => 0,
        rest => 11 - rest,
    }
}

fn complete(code: &str, last_weight: u32) -> String {
    let first = format!("{code}{}", check_digit(code, last_weight));
    let second = check_digit(&first, last_weight);
    format!("{first}{second}")
}

/// The `n`-th CPF without punctuation, `n` below 10^9.
pub fn cpf(n: u64) -> String {
    complete(&format!("{:09}", n.wrapping_mul(SHUFFLE) % 1_000_000_000), 11)
}

/// The `n`-th CNPJ without punctuation, `n` below 10^8.
pub fn cnpj(n: u64) -> String {
    complete(&format!("{:08}0001", n.wrapping_mul(SHUFFLE) % 100_000_000), 9)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use std::collections::HashSet;

    use conexao_domain::kernel::value::{Cnpj, Cpf};

    use super::*;

    #[test]
    fn documents_are_valid_and_differ() {
        let cpfs: HashSet<String> = (0..10_000).map(cpf).collect();
        assert_eq!(cpfs.len(), 10_000);
        assert!(cpfs.iter().skip(1).filter(|text| Cpf::parse(text).is_err()).count() <= 1);
        assert!((1..10_000).all(|n| Cnpj::parse(&cnpj(n)).unwrap().as_str() == cnpj(n)));
    }
}
