//! A certificate of its own for every relay.

use std::sync::Arc;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::{
    ServerConfig,
    crypto::aws_lc_rs,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};

/// What accepts TLS as `localhost`, and the certificate in PEM.
pub(super) fn acceptor() -> std::io::Result<(TlsAcceptor, String)> {
    let own = rcgen::generate_simple_self_signed(["localhost".to_owned()]).map_err(std::io::Error::other)?;
    let key = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(own.signing_key.serialize_der()));
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(vec![own.cert.der().clone()], key))
        .map_err(std::io::Error::other)?;
    Ok((TlsAcceptor::from(Arc::new(config)), own.cert.pem()))
}
