//! Addresses without TLS: what is sent there, everybody on the way can read.

use std::net::IpAddr;

use conexao_domain::{
    integration::webhook::WEBHOOK,
    kernel::{problem::Problem, record::Record, resource::Resource},
};
use conexao_integrations::http::{Egress, Url};

use crate::Engine;

/// How names end that lead into one's own network, and no further.
const OWN: [&str; 5] = [".localhost", ".local", ".internal", ".lan", ".home.arpa"];

/// Refuses a new address of a subscription that goes without TLS, unless it
/// stands in one's own network and the operator lets webhooks go there.
pub(crate) fn sealed(
    engine: &Engine,
    resource: &Resource,
    before: Option<&Record>,
    after: &Record,
) -> Result<(), Problem> {
    let same = before.is_some_and(|before| before.get("url") == after.get("url"));
    if resource.name != WEBHOOK.name || same || may(engine.egress, after.text("url").unwrap_or_default()) {
        return Ok(());
    }
    Err(Problem::field("url", "url.plain"))
}

fn may(egress: Egress, text: &str) -> bool {
    let Ok(url) = Url::parse(text) else { return true };
    url.scheme() != "http" || (egress == Egress::AllowPrivate && url.host_str().is_some_and(is_own))
}

/// Whether a host is in one's own network by its name alone: nobody is asked.
fn is_own(host: &str) -> bool {
    let bare = host.trim_start_matches('[').trim_end_matches(']');
    match bare.parse::<IpAddr>() {
        Ok(address) => !Egress::PublicOnly.permits(address) && Egress::AllowPrivate.permits(address),
        Err(_) => !host.contains('.') || OWN.iter().any(|end| host.ends_with(end)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_leaves_the_own_network_goes_under_tls() {
        for own in
            ["http://127.0.0.1:9000/x", "http://10.1.2.3/", "http://[::1]:8/", "http://erp:8080/", "http://erp.lan"]
        {
            assert!(may(Egress::AllowPrivate, own), "{own}");
            assert!(!may(Egress::PublicOnly, own), "{own}");
        }
        for outside in
            ["http://loja.example/gancho", "http://93.184.216.34/", "http://169.254.169.254/", "HTTP://loja.example"]
        {
            assert!(!may(Egress::AllowPrivate, outside) && !may(Egress::PublicOnly, outside), "{outside}");
        }
        assert!(may(Egress::PublicOnly, "https://loja.example/gancho"));
    }
}
