//! What a browser gives us to reach it.

use base64::{
    Engine as _,
    alphabet::URL_SAFE,
    engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
};
use p256::PublicKey;
use url::Url;

/// Browsers leave the padding out, some libraries do not.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Why a subscription is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SubscriptionError {
    /// The endpoint is no address.
    #[error("the endpoint is not usable")]
    Endpoint,
    /// `p256dh` is no point of P-256.
    #[error("the key p256dh is not usable")]
    Key,
    /// `auth` is not 16 bytes.
    #[error("the secret auth is not usable")]
    Auth,
}

/// A browser that wants to be told.
#[derive(Clone)]
pub struct Subscription {
    pub(super) endpoint: Url,
    pub(super) key: PublicKey,
    pub(super) auth: [u8; 16],
}

/// Whoever knows the endpoint can disturb: only its host is shown.
impl std::fmt::Debug for Subscription {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Subscription").field("host", &self.endpoint.host_str()).finish_non_exhaustive()
    }
}

impl Subscription {
    /// Takes what the browser's `PushSubscription.toJSON()` says. Whether the
    /// endpoint may be connected to is looked at when something is sent.
    pub fn parse(endpoint: &str, p256dh: &str, auth: &str) -> Result<Self, SubscriptionError> {
        let endpoint = Url::parse(endpoint).map_err(|_| SubscriptionError::Endpoint)?;
        if !matches!(endpoint.scheme(), "https" | "http") || !endpoint.username().is_empty() {
            return Err(SubscriptionError::Endpoint);
        }
        let point = BASE64.decode(p256dh).map_err(|_| SubscriptionError::Key)?;
        if point.len() != 65 {
            return Err(SubscriptionError::Key);
        }
        let key = PublicKey::from_sec1_bytes(&point).map_err(|_| SubscriptionError::Key)?;
        let auth = BASE64.decode(auth).ok().and_then(|a| a.try_into().ok()).ok_or(SubscriptionError::Auth)?;
        Ok(Self { endpoint, key, auth })
    }
}
