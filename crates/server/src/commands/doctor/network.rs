//! How the world reaches this installation.

use std::fs;

use chrono::{DateTime, TimeDelta, Utc};
use x509_parser::{parse_x509_certificate, prelude::X509Certificate};

use super::{Finding, is_private};
use crate::{
    config::{Config, TlsConfig},
    tls,
};

/// A certificate should be renewed before as little time as this is left.
const RENEW: TimeDelta = TimeDelta::days(21);

/// Widest networks in which a list of one's own proxies makes sense.
const WIDEST: (u8, u8) = (8, 32);

pub(super) fn findings(config: &Config) -> Vec<Finding> {
    let mut findings = vec![transport(config), address(config)];
    findings.extend(config.tls.iter().flat_map(|files| certificate(config, files)));
    findings.extend(proxies(config));
    findings.extend(config.cors_origins.iter().filter(|origin| origin.starts_with("http://")).map(|origin| {
        (
            origin.contains("://localhost") || origin.contains("://127."),
            format!("Pages of {origin} may call the API, and come without TLS."),
        )
    }));
    findings
}

fn is_local(config: &Config) -> bool {
    ["127.", "localhost", "[::1]"].iter().any(|start| config.listen.starts_with(start))
}

/// Whether passwords and tokens are readable on the way.
fn transport(config: &Config) -> Finding {
    let (listen, proxied) = (&config.listen, !config.trusted_proxies.is_empty());
    match (config.tls.is_some(), is_local(config), proxied) {
        (true, ..) => (true, format!("Listens on {listen} with TLS.")),
        (_, true, true) => (true, "Listens on this machine only, behind a proxy.".into()),
        (_, true, false) => (true, "Listens on this machine only.".into()),
        (_, _, true) => (true, format!("Listens on {listen} for a proxy: keep others from reaching it.")),
        (..) => (
            false,
            format!(
                "Listens on {listen} without TLS, and passwords pass here: set tls, or trusted_proxies and a TLS proxy in front."
            ),
        ),
    }
}

/// Whether what people open, what cookies are told and what is served agree.
fn address(config: &Config) -> Finding {
    let https = config.address().starts_with("https://");
    match (https, config.tls.is_some(), config.trusted_proxies.is_empty()) {
        (true, false, true) => (
            false,
            "public_url has TLS, but no proxy is trusted to say so: cookies would not be protected, and every \
             caller would look like the proxy. Set trusted_proxies."
                .into(),
        ),
        (false, true, _) => (false, "TLS is on, but public_url begins with http://.".into()),
        (false, ..) if !is_local(config) => {
            (false, "public_url has no TLS: links in messages would be readable on the way.".into())
        }
        _ => (true, format!("People open {}.", config.address())),
    }
}

fn proxies(config: &Config) -> Vec<Finding> {
    let wide = |network: &&ipnet::IpNet| {
        let least = if network.addr().is_ipv4() { WIDEST.0 } else { WIDEST.1 };
        network.prefix_len() < least
    };
    let found = config.trusted_proxies.iter().filter(wide);
    found
        .map(|network| {
            (false, format!("trusted_proxies: {network} is so wide that strangers could name their own address."))
        })
        .collect()
}

fn certificate(config: &Config, files: &TlsConfig) -> Vec<Finding> {
    let mut findings = Vec::new();
    match fs::metadata(&files.key) {
        Ok(meta) if is_private(&meta) => findings.push((true, "The TLS key is readable by its owner alone.".into())),
        Ok(_) => findings.push((false, format!("Others can read the TLS key; run: chmod 600 {}", files.key.display()))),
        Err(error) => findings.push((false, format!("The TLS key {} cannot be read: {error}", files.key.display()))),
    }
    if let Err(error) = tls::Certificate::open(files) {
        findings.push((false, format!("Certificate and key do not serve: {error}")));
    }
    let Ok(chain) = tls::certificates(files) else { return findings };
    let parsed = chain.first().and_then(|own| parse_x509_certificate(own).ok());
    if let Some((_, own)) = &parsed {
        findings.push(expiry(own, Utc::now()));
        findings.extend(named(config, own));
        findings.extend(signed(config, own));
    }
    findings
}

fn expiry(own: &X509Certificate<'_>, now: DateTime<Utc>) -> Finding {
    let ends = DateTime::from_timestamp(own.validity().not_after.timestamp(), 0).unwrap_or(now);
    let day = ends.format("%Y-%m-%d");
    match ends - now {
        left if left <= TimeDelta::zero() => (false, format!("The certificate ended on {day}; renew it.")),
        left if left < RENEW => (false, format!("The certificate ends on {day}; renew it.")),
        _ => (true, format!("The certificate is good until {day}.")),
    }
}

/// Who signed the certificate: browsers believe one that signed itself only
/// where somebody told them to.
fn signed(config: &Config, own: &X509Certificate<'_>) -> Option<Finding> {
    if own.issuer().as_raw() != own.subject().as_raw() {
        return None;
    }
    let local = ["://localhost", "://127.", "://[::1]"].iter().any(|here| config.address().contains(here));
    let text = "The certificate is signed by itself: browsers warn of it, and programs refuse it.";
    Some((local, if local { format!("{text} Fine to try things out on this machine.") } else { text.into() }))
}

/// Whether the certificate is for the name people open.
fn named(config: &Config, own: &X509Certificate<'_>) -> Option<Finding> {
    let url = config.public_url.as_deref()?;
    let host = url.split_once("://")?.1.split(['/', ':']).next()?.to_ascii_lowercase();
    let names = own.subject_alternative_name().ok()??;
    let covers = |name: &str| {
        let name = name.to_ascii_lowercase();
        let wildcard = || host.split_once('.').is_some_and(|(_, rest)| name.strip_prefix("*.") == Some(rest));
        name == host || wildcard()
    };
    let covered = names.value.general_names.iter().any(|name| match name {
        x509_parser::extensions::GeneralName::DNSName(name) => covers(name),
        _ => false,
    });
    (!covered).then(|| (false, format!("The certificate is not for {host}.")))
}
