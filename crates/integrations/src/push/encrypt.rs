//! The body of a push message: aes128gcm (RFC 8188) with keys agreed on by
//! ECDH (RFC 8291). One record, as push services want it.

use aes_gcm::{Aes128Gcm, KeyInit, aead::Aead};
use hkdf::Hkdf;
use p256::{PublicKey, SecretKey, ecdh::diffie_hellman, elliptic_curve::sec1::ToEncodedPoint};
use sha2::Sha256;

use super::subscription::Subscription;

/// Size of the one record, as every push service takes it.
const RECORD: u32 = 4096;
/// Bytes a message may hold: a record less header, delimiter and tag.
pub const MOST_PLAINTEXT: usize = 3993;
/// Marks the last record.
const LAST: u8 = 2;

/// Key and nonce of a message.
struct Sealing {
    key: [u8; 16],
    nonce: [u8; 12],
}

fn derive(shared: &[u8], auth: &[u8], salt: &[u8], receiver: &[u8], sender: &[u8]) -> Option<Sealing> {
    let info = [b"WebPush: info\0".as_slice(), receiver, sender].concat();
    let mut ikm = [0; 32];
    Hkdf::<Sha256>::new(Some(auth), shared).expand(&info, &mut ikm).ok()?;
    let prk = Hkdf::<Sha256>::new(Some(salt), &ikm);
    let mut sealing = Sealing { key: [0; 16], nonce: [0; 12] };
    prk.expand(b"Content-Encoding: aes128gcm\0", &mut sealing.key).ok()?;
    prk.expand(b"Content-Encoding: nonce\0", &mut sealing.nonce).ok()?;
    Some(sealing)
}

fn point(key: &PublicKey) -> Vec<u8> {
    key.to_encoded_point(false).as_bytes().to_vec()
}

/// Encrypts for a subscription with a key pair and a salt used once.
pub(super) fn encrypt(to: &Subscription, plaintext: &[u8], own: &SecretKey, salt: [u8; 16]) -> Option<Vec<u8>> {
    if plaintext.len() > MOST_PLAINTEXT {
        return None;
    }
    let sender = point(&own.public_key());
    let shared = diffie_hellman(own.to_nonzero_scalar(), to.key.as_affine());
    let sealing = derive(shared.raw_secret_bytes(), &to.auth, &salt, &point(&to.key), &sender)?;
    let cipher = Aes128Gcm::new(&sealing.key.into());
    let padded = [plaintext, &[LAST]].concat();
    let sealed = cipher.encrypt(&sealing.nonce.into(), padded.as_slice()).ok()?;
    let length = u8::try_from(sender.len()).ok()?;
    Some([salt.as_slice(), &RECORD.to_be_bytes(), &[length], &sender, &sealed].concat())
}

/// Decrypts what a subscription received: what a browser does.
#[cfg(any(test, feature = "standin"))]
pub(crate) fn decrypt(own: &SecretKey, auth: &[u8], body: &[u8]) -> Option<Vec<u8>> {
    let (salt, rest) = body.split_at_checked(16)?;
    let (size, rest) = rest.split_at_checked(4)?;
    let ([length], rest) = rest.split_at_checked(1).map(|(l, r)| ([l.first().copied().unwrap_or(0)], r))?;
    let (sender, sealed) = rest.split_at_checked(usize::from(length))?;
    if sealed.len() > usize::try_from(u32::from_be_bytes(size.try_into().ok()?)).ok()? {
        return None;
    }
    let theirs = PublicKey::from_sec1_bytes(sender).ok()?;
    let shared = diffie_hellman(own.to_nonzero_scalar(), theirs.as_affine());
    let sealing = derive(shared.raw_secret_bytes(), auth, salt, &point(&own.public_key()), sender)?;
    let mut plain = Aes128Gcm::new(&sealing.key.into()).decrypt(&sealing.nonce.into(), sealed).ok()?;
    while plain.pop_if(|byte| *byte == 0).is_some() {}
    (plain.pop()? == LAST).then_some(plain)
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;
    use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD as BASE64};
    use proptest::prelude::*;

    fn bytes(text: &str) -> Vec<u8> {
        BASE64.decode(text).unwrap()
    }

    fn subscription() -> Subscription {
        Subscription::parse(
            "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV",
            "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
            "BTBZMqHH6r4Tts7J_aSIgg",
        )
        .unwrap()
    }

    fn receiver() -> SecretKey {
        SecretKey::from_slice(&bytes("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94")).unwrap()
    }

    #[test]
    fn the_example_of_rfc_8291() {
        let own = SecretKey::from_slice(&bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")).unwrap();
        let salt = bytes("DGv6ra1nlYgDCS1FRnbzlw").try_into().unwrap();
        let plaintext = b"When I grow up, I want to be a watermelon";
        let body = encrypt(&subscription(), plaintext, &own, salt).unwrap();
        let expected = "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN";
        assert_eq!(BASE64.encode(&body), expected);
        assert_eq!(decrypt(&receiver(), &bytes("BTBZMqHH6r4Tts7J_aSIgg"), &body).unwrap(), plaintext);
    }

    #[test]
    fn its_keys_are_those_of_the_example_too() {
        let shared = bytes("kyrL1jIIOHEzg3sM2ZWRHDRB62YACZhhSlknJ672kSs");
        let own = SecretKey::from_slice(&bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")).unwrap();
        let to = subscription();
        let salt = bytes("DGv6ra1nlYgDCS1FRnbzlw");
        let sealing = derive(&shared, &to.auth, &salt, &point(&to.key), &point(&own.public_key())).unwrap();
        assert_eq!(BASE64.encode(sealing.key), "oIhVW04MRdy2XN9CiKLxTg");
        assert_eq!(BASE64.encode(sealing.nonce), "4h_95klXJ5E_qnoN");
    }

    #[test]
    fn the_largest_message_fills_the_record() {
        let own = receiver();
        let body = encrypt(&subscription(), &[7; MOST_PLAINTEXT], &own, [1; 16]).unwrap();
        assert_eq!(body.len(), 4096);
        assert!(encrypt(&subscription(), &[7; MOST_PLAINTEXT + 1], &own, [1; 16]).is_none());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn what_was_encrypted_is_read_again(text in prop::collection::vec(any::<u8>(), 0..600), salt: [u8; 16]) {
            let own = SecretKey::from_slice(&bytes("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw")).unwrap();
            let to = subscription();
            let mut body = encrypt(&to, &text, &own, salt).unwrap();
            prop_assert_eq!(decrypt(&receiver(), &to.auth, &body), Some(text));
            if let Some(last) = body.last_mut() { *last ^= 1; }
            prop_assert_eq!(decrypt(&receiver(), &to.auth, &body), None);
        }
    }
}
