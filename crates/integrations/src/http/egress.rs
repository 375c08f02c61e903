//! Where our servers may connect to when an address comes from a person.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use super::fault::HttpFault;

/// Which addresses may be connected to.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Egress {
    /// Only addresses of the public internet.
    #[default]
    PublicOnly,
    /// Also this machine and private networks: for development, and where the
    /// other side stands in one's own network. Link-local addresses, where
    /// clouds keep their metadata, stay closed.
    AllowPrivate,
}

impl Egress {
    /// Whether this address may be connected to.
    pub fn permits(self, address: IpAddr) -> bool {
        let address = unmapped(address);
        match self {
            Self::PublicOnly => is_public(address),
            Self::AllowPrivate => !is_link_local(address),
        }
    }

    /// The addresses of a host which may be connected to.
    ///
    /// All of a name's addresses must be permitted: a name that leads to the
    /// inside in part is not resolved by chance.
    pub async fn resolve(self, host: &str, port: u16) -> Result<Vec<SocketAddr>, HttpFault> {
        let bare = host.trim_start_matches('[').trim_end_matches(']');
        let found: Vec<SocketAddr> = match bare.parse::<IpAddr>() {
            Ok(address) => vec![SocketAddr::new(address, port)],
            Err(_) => tokio::net::lookup_host((bare, port)).await.map_err(|_| HttpFault::Resolve)?.collect(),
        };
        if found.is_empty() {
            return Err(HttpFault::Resolve);
        }
        if found.iter().all(|address| self.permits(address.ip())) { Ok(found) } else { Err(HttpFault::Forbidden) }
    }
}

/// An IPv4 address written as an IPv6 one is that IPv4 address.
fn unmapped(address: IpAddr) -> IpAddr {
    match address {
        IpAddr::V6(v6) => v6.to_ipv4_mapped().map_or(address, IpAddr::V4),
        IpAddr::V4(_) => address,
    }
}

fn is_link_local(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_link_local(),
        // fe80::/10, and the address of one cloud's metadata.
        IpAddr::V6(v6) => v6.is_unicast_link_local() || v6 == Ipv6Addr::new(0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254),
    }
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_public_v4(v4),
        IpAddr::V6(v6) => is_public_v6(v6),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_broadcast()
        || address.is_documentation()
        || address.is_multicast()
        || a == 0
        || a >= 240;
    // Shared by providers, protocol assignments, 6to4 relays, benchmarks.
    let reserved = (a == 100 && b & 0xc0 == 64)
        || (a == 192 && b == 0 && c == 0)
        || (a, b, c) == (192, 88, 99)
        || (a == 198 && b & 0xfe == 18);
    !special && !reserved
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let [first, second, third, fourth, fifth, sixth, high, low] = address.segments();
    match (first, second) {
        // NAT64 leads to the IPv4 address in it.
        (0x64, 0xff9b) => [third, fourth, fifth, sixth] == [0; 4] && is_public_v4(embedded(high, low)),
        // So does 6to4.
        (0x2002, _) => is_public_v4(embedded(second, third)),
        // Teredo, ORCHID, benchmarks; documentation.
        (0x2001, 0..=0x01ff | 0x0db8) | (0x3fff, 0..=0x0fff) => false,
        _ => first & 0xe000 == 0x2000,
    }
}

fn embedded(high: u16, low: u16) -> Ipv4Addr {
    Ipv4Addr::from_bits((u32::from(high) << 16) | u32::from(low))
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn the_inside_is_not_public() {
        for inside in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "224.0.0.1",
            "192.0.0.8",
            "198.18.0.1",
            "203.0.113.9",
            "240.0.0.1",
            "::",
            "::1",
            "fe80::1",
            "fc00::1",
            "fd00:ec2::254",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "::127.0.0.1",
            "64:ff9b::a00:1",
            "64:ff9b:1::1",
            "2002:a00:1::1",
            "2001:db8::1",
            "2001::1",
            "fec0::1",
        ] {
            assert!(!Egress::PublicOnly.permits(inside.parse().unwrap()), "{inside}");
        }
    }

    #[test]
    fn the_outside_is() {
        for outside in [
            "8.8.8.8",
            "100.63.0.1",
            "172.32.0.1",
            "192.0.1.1",
            "198.20.0.1",
            "2606:4700::1111",
            "64:ff9b::808:808",
            "2002:808:808::1",
        ] {
            assert!(Egress::PublicOnly.permits(outside.parse().unwrap()), "{outside}");
        }
    }

    #[test]
    fn metadata_stays_closed_in_development() {
        let permits = |text: &str| Egress::AllowPrivate.permits(text.parse().unwrap());
        assert!(permits("127.0.0.1") && permits("10.0.0.1") && permits("::1"));
        assert!(!permits("169.254.169.254") && !permits("fe80::1"));
        assert!(!permits("::ffff:169.254.169.254") && !permits("fd00:ec2::254"));
    }

    #[tokio::test]
    async fn names_that_lead_inside_are_refused() {
        assert_eq!(Egress::PublicOnly.resolve("localhost", 80).await, Err(HttpFault::Forbidden));
        assert_eq!(Egress::PublicOnly.resolve("[::1]", 80).await, Err(HttpFault::Forbidden));
        assert!(Egress::AllowPrivate.resolve("localhost", 80).await.is_ok());
        assert_eq!(Egress::AllowPrivate.resolve("169.254.169.254", 80).await, Err(HttpFault::Forbidden));
    }
}
