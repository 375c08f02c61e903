//! Who is at the other end when proxies stand between. What forwarding headers
//! say is believed from proxies that the configuration names and from nobody
//! else; afterwards the request looks as if it had come without them, so that
//! limits, audit, address lists and cookies cannot ask the wrong place.

use std::net::{IpAddr, SocketAddr};

use actix_web::{
    Error,
    body::MessageBody,
    dev::{RequestHead, ServiceRequest, ServiceResponse},
    http::header::{FORWARDED, HeaderMap, HeaderName, HeaderValue},
    middleware::Next,
    web,
};
use ipnet::IpNet;
use serde::{Deserialize, Serialize};

const FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const PROTO: HeaderName = HeaderName::from_static("x-forwarded-proto");
const HOST: HeaderName = HeaderName::from_static("x-forwarded-host");

/// The header family a proxy writes. Only one is read: a proxy passes the
/// other on as whoever called it wrote it.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Forwarding {
    /// `X-Forwarded-For`, `X-Forwarded-Proto`, `X-Forwarded-Host`.
    #[default]
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

/// The proxies whose word is taken.
#[derive(Debug, Clone, Default)]
pub struct Proxies {
    trusted: Vec<IpNet>,
    header: Forwarding,
}

/// What a trusted proxy said.
#[derive(Debug, Default, PartialEq, Eq)]
struct Told {
    client: Option<IpAddr>,
    proto: Option<String>,
    host: Option<String>,
}

impl Proxies {
    /// Proxies at these addresses, which write headers of one family.
    pub fn new(trusted: Vec<IpNet>, header: Forwarding) -> Self {
        Self { trusted, header }
    }

    fn trusts(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.trusted.iter().any(|network| network.contains(&address))
    }

    /// Puts the client in the place of the proxy, and forwarding headers away.
    fn apply(&self, head: &mut RequestHead) {
        let peer = head.peer_addr.map(|peer| peer.ip()).filter(|peer| self.trusts(*peer));
        let told = peer.map(|peer| self.read(&head.headers, peer)).unwrap_or_default();
        for name in [FORWARDED, FOR, PROTO, HOST] {
            head.headers.remove(name);
        }
        if let Some(client) = told.client {
            head.peer_addr = Some(SocketAddr::new(client, 0));
        }
        for (name, value) in [(PROTO, told.proto), (HOST, told.host)] {
            if let Some(value) = value.and_then(|text| HeaderValue::from_str(&text).ok()) {
                head.headers.insert(name, value);
            }
        }
    }

    fn read(&self, headers: &HeaderMap, peer: IpAddr) -> Told {
        match self.header {
            Forwarding::XForwardedFor => Told {
                client: Some(self.client(&list(headers, &FOR).map(node).collect::<Vec<_>>(), peer)),
                proto: list(headers, &PROTO).last().and_then(scheme),
                host: list(headers, &HOST).last().map(str::to_owned),
            },
            Forwarding::Forwarded => {
                let hops: Vec<&str> = list(headers, &FORWARDED).collect();
                let addresses: Vec<_> = hops.iter().map(|hop| parameter(hop, "for").and_then(node)).collect();
                let last = |name: &str| hops.last().and_then(|hop| parameter(hop, name));
                Told {
                    client: Some(self.client(&addresses, peer)),
                    proto: last("proto").and_then(scheme),
                    host: last("host").map(str::to_owned),
                }
            }
        }
    }

    /// The first address, seen from here, that is none of our proxies. What
    /// stands before it was written by the client itself.
    fn client(&self, hops: &[Option<IpAddr>], peer: IpAddr) -> IpAddr {
        let mut client = peer;
        for hop in hops.iter().rev() {
            let Some(hop) = hop else { break };
            client = *hop;
            if !self.trusts(client) {
                break;
            }
        }
        client
    }
}

/// Elements of a header's comma-separated list, over all its lines.
fn list<'a>(headers: &'a HeaderMap, name: &HeaderName) -> impl Iterator<Item = &'a str> {
    headers.get_all(name).filter_map(|value| value.to_str().ok()).flat_map(|value| value.split(',')).map(str::trim)
}

/// A parameter of one element of `Forwarded`.
fn parameter<'a>(hop: &'a str, name: &str) -> Option<&'a str> {
    let mut pairs = hop.split(';').filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| key.trim().eq_ignore_ascii_case(name)).map(|(_, value)| value.trim().trim_matches('"'))
}

/// An address, with or without port and brackets.
fn node(text: &str) -> Option<IpAddr> {
    let bare = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    let with_port = || text.parse::<SocketAddr>().ok().map(|address| address.ip());
    text.parse().ok().or_else(with_port).or_else(bare).map(|address: IpAddr| address.to_canonical())
}

fn scheme(text: &str) -> Option<String> {
    let known = ["http", "https"].into_iter().find(|known| text.eq_ignore_ascii_case(known));
    known.map(str::to_owned)
}

/// Must be the outermost: everything inside sees the client, not the proxy.
pub async fn forwarded(
    mut request: ServiceRequest,
    next: Next<impl MessageBody>,
) -> Result<ServiceResponse<impl MessageBody>, Error> {
    let proxies = request.app_data::<web::Data<Proxies>>().cloned();
    proxies.unwrap_or_default().apply(request.head_mut());
    next.call(request).await
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use actix_web::test::TestRequest;

    use super::*;

    fn seen(header: Forwarding, peer: &str, headers: &[(&str, &str)]) -> (String, String, String) {
        let proxies = Proxies::new(vec!["10.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()], header);
        let mut request = TestRequest::default().peer_addr(SocketAddr::new(peer.parse().unwrap(), 1234));
        for (name, value) in headers {
            request = request.append_header((*name, *value));
        }
        let mut request = request.to_srv_request();
        proxies.apply(request.head_mut());
        let about = request.connection_info();
        (request.peer_addr().unwrap().ip().to_string(), about.scheme().to_owned(), about.host().to_owned())
    }

    #[test]
    fn strangers_cannot_say_who_they_are() {
        let claims = [
            ("X-Forwarded-For", "198.51.100.1"),
            ("Forwarded", "for=198.51.100.1;proto=https;host=evil.example"),
            ("X-Forwarded-Proto", "https"),
            ("X-Forwarded-Host", "evil.example"),
        ];
        for header in [Forwarding::XForwardedFor, Forwarding::Forwarded] {
            let expected = ("203.0.113.7".to_owned(), "http".to_owned(), "localhost:8080".to_owned());
            assert_eq!(seen(header, "203.0.113.7", &claims), expected);
        }
    }

    #[test]
    fn the_client_is_the_first_address_that_is_no_proxy_of_ours() {
        let of = |chain: &str| seen(Forwarding::XForwardedFor, "10.0.0.1", &[("X-Forwarded-For", chain)]).0;
        assert_eq!(of("203.0.113.7"), "203.0.113.7");
        assert_eq!(of("1.1.1.1, 203.0.113.7, 10.2.3.4"), "203.0.113.7");
        assert_eq!(of("203.0.113.7:4711"), "203.0.113.7");
        assert_eq!(of("[2001:db8::1]:4711"), "2001:db8::1");
        assert_eq!(of("::ffff:203.0.113.7"), "203.0.113.7");
        // What cannot be read ends what is known.
        assert_eq!(of("203.0.113.7, unknown, 10.2.3.4"), "10.2.3.4");
        assert_eq!(of(""), "10.0.0.1");
    }

    #[test]
    fn only_the_family_the_proxy_writes_is_read() {
        let both = [
            ("Forwarded", "for=192.0.2.1, for=\"[2001:db8::9]:80\";proto=https;host=crm.example"),
            ("X-Forwarded-For", "192.0.2.9, 203.0.113.7"),
            ("X-Forwarded-Proto", "http"),
        ];
        let (client, scheme, _) = seen(Forwarding::XForwardedFor, "::1", &both);
        assert_eq!((client.as_str(), scheme.as_str()), ("203.0.113.7", "http"));
        let expected = ("2001:db8::9".to_owned(), "https".to_owned(), "crm.example".to_owned());
        assert_eq!(seen(Forwarding::Forwarded, "::1", &both), expected);
    }
}
