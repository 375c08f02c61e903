//! A range of addresses, as allow-lists name them: `192.0.2.10` or `2001:db8::/32`.

use std::{fmt, net::IpAddr};

use super::Invalid;

/// Addresses that share their first bits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Network {
    first: IpAddr,
    bits: u32,
}

/// An address as a number whose first bit is the address's, and its length.
fn number(address: IpAddr) -> (u128, u32) {
    match address {
        IpAddr::V4(v4) => (u128::from(v4.to_bits()) << 96, 32),
        IpAddr::V6(v6) => (v6.to_bits(), 128),
    }
}

fn mask(bits: u32) -> u128 {
    u128::MAX.checked_shl(128 - bits).unwrap_or_default()
}

impl Network {
    /// Reads one address or a range in CIDR notation.
    pub fn parse(text: &str) -> Result<Self, Invalid> {
        let wrong = Invalid::NETWORK_FORMAT;
        let (address, bits) = text.trim().split_once('/').map_or((text.trim(), None), |(a, b)| (a, Some(b)));
        let first: IpAddr = address.parse().map_err(|_| wrong)?;
        let (value, length) = number(first);
        let bits = bits.map_or(Ok(length), str::parse).map_err(|_| wrong)?;
        // Bits after the range's length are a typing mistake: 10.0.0.1/8.
        if bits > length || value & !mask(bits) != 0 {
            return Err(wrong);
        }
        Ok(Self { first, bits })
    }

    /// Whether the address is in the range; IPv4 inside IPv6 counts as IPv4.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        let ((first, length), (other, others)) = (number(self.first), number(address));
        length == others && first & mask(self.bits) == other & mask(self.bits)
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let single = number(self.first).1 == self.bits;
        if single { write!(f, "{}", self.first) } else { write!(f, "{}/{}", self.first, self.bits) }
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn ranges_hold_their_addresses_and_no_others() {
        let holds = |range: &str, address: &str| Network::parse(range).unwrap().contains(address.parse().unwrap());
        assert!(holds("192.0.2.10", "192.0.2.10") && !holds("192.0.2.10", "192.0.2.11"));
        assert!(holds("192.0.2.0/24", "192.0.2.255") && !holds("192.0.2.0/24", "192.0.3.0"));
        assert!(holds("10.0.0.0/8", "::ffff:10.1.2.3"), "IPv4 that comes in IPv6");
        assert!(holds("2001:db8::/32", "2001:db8:ffff::1") && !holds("2001:db8::/32", "2001:db9::1"));
        assert!(holds("0.0.0.0/0", "203.0.113.7") && !holds("0.0.0.0/0", "::1") && holds("::/0", "::1"));
    }

    #[test]
    fn what_is_no_range_is_refused() {
        for text in
            ["", "x", "10.0.0.1/8", "10.0.0.0/33", "::1/129", "10.0.0.0/", "10.0.0.0/-1", "10.0.0", "1.2.3.4/2/3"]
        {
            assert!(Network::parse(text).is_err(), "{text}");
        }
        assert_eq!(Network::parse(" 192.0.2.0/24 ").unwrap().to_string(), "192.0.2.0/24");
        assert_eq!(Network::parse("192.0.2.7/32").unwrap().to_string(), "192.0.2.7");
    }
}
