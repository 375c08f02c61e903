//! Who passkeys are made for: the name of the address at which people open
//! Conexão. Browsers know no passkeys for addresses without a name; this
//! machine's own is called `localhost`.

use conexao_domain::kernel::problem::{Code, Problem};
use webauthn_rs::prelude::{Url, Webauthn, WebauthnBuilder};

use crate::Engine;

/// What authenticators call us.
const NAME: &str = "Conexão";

/// The address with a name, where it has one.
fn named(address: &str) -> Option<Url> {
    let mut url = Url::parse(address).ok()?;
    let loopback = url.host_str().is_some_and(|host| host == "127.0.0.1" || host == "[::1]");
    if loopback {
        url.set_host(Some("localhost")).ok()?;
    }
    // Elsewhere than on this machine browsers want TLS.
    let secure = url.scheme() == "https" || url.domain() == Some("localhost");
    Some(url).filter(|url| secure && url.domain().is_some())
}

/// Whether people may have passkeys here.
pub(super) fn is_available(engine: &Engine) -> bool {
    named(&engine.mail.page("/")).is_some()
}

/// The one that asks and checks.
pub(super) fn party(engine: &Engine) -> Result<Webauthn, Problem> {
    let unavailable = || Problem::new(Code::StepRefused).detail("passkey_address");
    let origin = named(&engine.mail.page("/")).ok_or_else(unavailable)?;
    let domain = origin.domain().unwrap_or_default().to_owned();
    let builder = WebauthnBuilder::new(&domain, &origin).map_err(|_| unavailable())?;
    builder.rp_name(NAME).build().map_err(|_| unavailable())
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn only_addresses_with_a_name_have_passkeys() {
        let domain = |address| named(address).and_then(|url| url.domain().map(str::to_owned));
        assert_eq!(domain("https://crm.example.com.br/").as_deref(), Some("crm.example.com.br"));
        assert_eq!(domain("http://127.0.0.1:8080").as_deref(), Some("localhost"));
        assert_eq!(domain("http://localhost:8080").as_deref(), Some("localhost"));
        for without in ["https://192.0.2.7", "http://crm.example.com.br", "nothing", "https://[2001:db8::1]/"] {
            assert_eq!(domain(without), None, "{without}");
        }
    }
}
