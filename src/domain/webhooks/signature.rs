//! Signing messages as Standard Webhooks 1.0 says: `v1,` and the base64 of HMAC-SHA256 over id, time and body.

use crate::error::{Error, Result};
use crate::id::random;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use std::fmt;

/// What messages to one endpoint are signed with: 32 random bytes, shown once as `whsec_…`.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret([u8; 32]);

impl Secret {
    /// A new one.
    pub fn new() -> Self {
        Self(random())
    }

    /// The one with these bytes.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// Its bytes, to be kept.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// As its owner gets it.
    pub fn reveal(&self) -> String {
        format!("whsec_{}", BASE64.encode(self.0))
    }
}

impl Default for Secret {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// The header field `webhook-signature`: one signature for each secret, separated by spaces, so that a receiver
/// who knows either can check it while they change.
pub fn sign(secrets: &[Secret], id: &str, timestamp_s: i64, body: &str) -> Result<String> {
    let signed = format!("{id}.{timestamp_s}.{body}");
    let signatures = secrets.iter().map(|secret| {
        let mac = Hmac::<Sha256>::new_from_slice(&secret.0);
        let mut mac = mac.map_err(|fault| Error::internal(fault.to_string()))?;
        mac.update(signed.as_bytes());
        Ok(format!("v1,{}", BASE64.encode(mac.finalize().into_bytes())))
    });
    Ok(signatures.collect::<Result<Vec<_>>>()?.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The signature was computed with Python's hmac and base64.
    #[test]
    fn a_signature_is_what_others_compute() {
        let secret = Secret::from_bytes(*b"0123456789abcdef0123456789abcdef");
        let signed =
            sign(std::slice::from_ref(&secret), "msg_1", 1_700_000_000, "{\"type\":\"ping\"}")
                .unwrap();
        assert_eq!(signed, "v1,O415lqmtZvbPGyM2ZIzgnjWCm89JhEmRw4SZHPspVOo=");
        assert_eq!(secret.reveal(), "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=");
        let both = sign(&[secret.clone(), secret], "msg_1", 1_700_000_000, "{\"type\":\"ping\"}");
        assert_eq!(both.unwrap(), format!("{signed} {signed}"));
        assert!(!format!("{:?}", Secret::new()).contains("whsec"));
    }
}
