//! TLS of our own: at least 1.2, with a certificate that is read again when its
//! files change or on SIGHUP. Open connections go on with what they have.

use std::{
    fs, io,
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, SystemTime},
};

use rustls::{
    ServerConfig,
    crypto::{CryptoProvider, aws_lc_rs},
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    server::{ClientHello, ResolvesServerCert},
    sign::CertifiedKey,
    version::{TLS12, TLS13},
};
use tokio::signal::unix::{SignalKind, signal};

use crate::config::TlsConfig;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// How often the files are looked at.
const LOOK: Duration = Duration::from_secs(5);

/// The certificate in use, which may be exchanged at any moment.
#[derive(Debug)]
pub struct Certificate {
    files: TlsConfig,
    provider: Arc<CryptoProvider>,
    current: RwLock<Arc<CertifiedKey>>,
}

impl ResolvesServerCert for Certificate {
    fn resolve(&self, _: ClientHello<'_>) -> Option<Arc<CertifiedKey>> {
        Some(self.current.read().unwrap_or_else(PoisonError::into_inner).clone())
    }
}

impl Certificate {
    /// Reads both files; refuses a key that is not the certificate's.
    pub fn open(files: &TlsConfig) -> Result<Arc<Self>, Failure> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let current = RwLock::new(Arc::new(read(files, &provider)?));
        Ok(Arc::new(Self { files: files.clone(), provider, current }))
    }

    /// What the listener needs.
    pub fn server(self: &Arc<Self>) -> Result<ServerConfig, Failure> {
        let config = ServerConfig::builder_with_provider(self.provider.clone());
        let config = config.with_protocol_versions(&[&TLS13, &TLS12])?;
        Ok(config.with_no_client_auth().with_cert_resolver(self.clone()))
    }

    /// Takes what is in the files now; what cannot be read changes nothing.
    fn reload(&self) {
        match read(&self.files, &self.provider) {
            Ok(key) => {
                *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(key);
                tracing::info!("the certificate was read anew");
            }
            Err(error) => tracing::error!(%error, "the new certificate is not used"),
        }
    }

    /// Watches the files, and listens for SIGHUP, until the process ends.
    pub fn watch(self: Arc<Self>) -> io::Result<()> {
        let mut asked = signal(SignalKind::hangup())?;
        let mut known = self.changed();
        tokio::spawn(async move {
            loop {
                let hangup = tokio::time::timeout(LOOK, asked.recv()).await.is_ok();
                let now = self.changed();
                if hangup || now != known {
                    known = now;
                    self.reload();
                }
            }
        });
        Ok(())
    }

    /// When the files were last written.
    fn changed(&self) -> [Option<SystemTime>; 2] {
        [&self.files.certificate, &self.files.key].map(|path| fs::metadata(path).and_then(|meta| meta.modified()).ok())
    }
}

fn read(files: &TlsConfig, provider: &CryptoProvider) -> Result<CertifiedKey, Failure> {
    let chain = certificates(files)?;
    let key = PrivateKeyDer::from_pem_file(&files.key).map_err(|e| format!("{}: {e}", files.key.display()))?;
    Ok(CertifiedKey::from_der(chain, key, provider)?)
}

/// The chain in the certificate's file.
pub fn certificates(files: &TlsConfig) -> Result<Vec<CertificateDer<'static>>, Failure> {
    let unreadable = |e: &dyn std::fmt::Display| format!("{}: {e}", files.certificate.display());
    let chain = CertificateDer::pem_file_iter(&files.certificate).map_err(|e| unreadable(&e))?;
    let chain: Vec<_> = chain.collect::<Result<_, _>>().map_err(|e| unreadable(&e))?;
    if chain.is_empty() { Err(unreadable(&"there is no certificate in it").into()) } else { Ok(chain) }
}
