//! How a token is written: `cnx_<tenant>_<random><checksum>`. The prefix lets
//! people and scanners of leaks recognise it, the checksum tells it from other
//! text without asking anybody, the tenant says where to look.

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
/// Random characters: 238 bits.
const RANDOM: usize = 40;
/// Characters of the checksum.
const CHECK: usize = 6;
/// Characters of the random part that may be shown.
const SHOWN: usize = 6;

/// A new secret of a tenant.
pub(crate) fn mint(prefix: &str, tenant: i32) -> String {
    let start =
        format!("{prefix}_{tenant}_{}", (0..RANDOM).map(|_| digit(rand::random_range(0..62))).collect::<String>());
    let check = checksum(&start);
    start + &check
}

fn digit(value: u32) -> char {
    let index = usize::try_from(value % 62).unwrap_or_default();
    DIGITS.get(index).map_or('0', |byte| char::from(*byte))
}

/// CRC-32 in base 62: against typing mistakes and chance, not against people.
fn checksum(text: &str) -> String {
    let mut value = text.bytes().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(byte), |crc, _| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 })
    });
    value = !value;
    let mut digits = Vec::with_capacity(CHECK);
    for _ in 0..CHECK {
        digits.push(digit(value));
        value /= 62;
    }
    digits.iter().rev().collect()
}

/// The tenant of a well-formed secret with this prefix.
pub(crate) fn tenant(prefix: &str, text: &str) -> Option<i32> {
    let (start, check) = text.split_at_checked(text.len().checked_sub(CHECK)?)?;
    let (tenant, random) = start.strip_prefix(prefix)?.strip_prefix('_')?.split_once('_')?;
    let whole = random.len() == RANDOM && random.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let tenant = tenant.parse().ok().filter(|tenant: &i32| *tenant > 0)?;
    (whole && checksum(start) == check).then_some(tenant)
}

/// What may be shown of a secret: enough to tell it from others.
pub(crate) fn hint(text: &str) -> String {
    let tail = text.rsplit('_').next().unwrap_or_default();
    let head = text.get(..text.len().saturating_sub(tail.len())).unwrap_or_default();
    format!("{head}{}…", tail.get(..SHOWN).unwrap_or_default())
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn tokens_carry_their_tenant_and_a_checksum() {
        let token = mint("cnx", 42);
        assert_eq!(token.len(), "cnx_42_".len() + RANDOM + CHECK);
        assert_eq!(tenant("cnx", &token), Some(42));
        assert_ne!(token, mint("cnx", 42));
        assert!(
            hint(&token).starts_with("cnx_42_") && hint(&token).ends_with('…') && hint(&token).chars().count() == 14
        );
        // CRC-32 of the well-known example, in base 62.
        assert_eq!(checksum("123456789"), format!("{:0>6}", base62(0xCBF4_3926)));
    }

    fn base62(mut value: u32) -> String {
        let mut digits = String::new();
        while value > 0 {
            digits.insert(0, digit(value));
            value /= 62;
        }
        digits
    }

    #[test]
    fn what_was_mistyped_is_no_token() {
        let token = mint("cnx", 1);
        for position in 0..token.len() {
            let mut bent: Vec<u8> = token.bytes().collect();
            let byte = bent.get_mut(position).unwrap();
            *byte = if *byte == b'x' { b'y' } else { b'x' };
            assert_eq!(tenant("cnx", &String::from_utf8(bent).unwrap()), None, "{position}");
        }
        for text in ["", "cnx_", "cnx_1_", "cnx__", "eyJhbGciOi", "ção_1_ção", &mint("whsec", 1)] {
            assert_eq!(tenant("cnx", text), None, "{text}");
        }
    }
}
