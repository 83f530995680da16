//! XEdDSA over Curve25519: Ed25519 signatures with an X25519 key.
//!
//! The names follow Signal's specification: `k` the Montgomery private key, `a` the Edwards private scalar, `Z` the
//! randomness, `R` and `s` the halves of the signature.

use curve25519_dalek::{EdwardsPoint, MontgomeryPoint, Scalar, edwards::CompressedEdwardsY};
use sha2::{Digest, Sha512};
use zeroize::{Zeroize, Zeroizing};

/// What the specification's `hash_1` starts with, 2^256 - 2 in little endian: no encoding of a point begins like this,
/// so the nonce never shares an input with the challenge.
const HASH_1_PREFIX: [u8; 32] = {
    let mut prefix = [0xff; 32];
    prefix[0] = 0xfe;
    prefix
};

/// The bit of the last byte that holds the sign of a compressed Edwards point.
const SIGN_BIT: u8 = 0x80;

/// Signs `message` with the clamped X25519 private key `k` and 64 bytes of randomness `z`.
pub(crate) fn sign(k: &[u8; 32], message: &[u8], z: &[u8; 64]) -> [u8; 64] {
    let mut a = Scalar::from_bytes_mod_order(*k);
    let mut public_key = EdwardsPoint::mul_base(&a).compress();
    // The verifier only knows the Montgomery form, which has no sign, so the key is negated where that is needed to
    // make the sign 0. Selecting by arithmetic keeps the running time independent of the key.
    let is_negative = public_key.0[31] >> 7;
    let factor = Scalar::ONE - Scalar::from(2 * is_negative);
    a *= factor;
    public_key.0[31] &= !SIGN_BIT;

    let nonce_hash = Sha512::new().chain_update(HASH_1_PREFIX).chain_update(a.as_bytes()).chain_update(message);
    let mut r = wide_scalar(nonce_hash.chain_update(z));
    let commitment = EdwardsPoint::mul_base(&r).compress();
    let h = challenge(&commitment, &public_key, message);
    let s = r + h * a;
    a.zeroize();
    r.zeroize();

    let mut signature = [0; 64];
    signature[..32].copy_from_slice(commitment.as_bytes());
    signature[32..].copy_from_slice(s.as_bytes());
    signature
}

/// Whether `signature` belongs to the X25519 public key and the message.
///
/// The top bit of the last byte, which today's form leaves 0, is the Edwards sign of the key: older wallets set it.
pub(crate) fn verify(public_key: &[u8; 32], message: &[u8], signature: &[u8; 64]) -> bool {
    let (commitment, s) = signature.split_at(32);
    let Ok(commitment) = CompressedEdwardsY::from_slice(commitment) else { return false };
    let Ok(mut s) = <[u8; 32]>::try_from(s) else { return false };
    let sign = s[31] >> 7;
    s[31] &= !SIGN_BIT;
    // A second `s` that differs by the group order would be another signature of the same message.
    let Some(s) = Option::<Scalar>::from(Scalar::from_canonical_bytes(s)) else { return false };
    let Some(key_point) = MontgomeryPoint(*public_key).to_edwards(sign) else { return false };
    // Keys of small order accept anything; a key that reads back differently was not written canonically.
    if key_point.is_small_order() || key_point.to_montgomery().to_bytes() != *public_key {
        return false;
    }
    let h = challenge(&commitment, &key_point.compress(), message);
    let expected = EdwardsPoint::vartime_double_scalar_mul_basepoint(&h, &-key_point, &s);
    expected.compress() == commitment
}

fn challenge(commitment: &CompressedEdwardsY, public_key: &CompressedEdwardsY, message: &[u8]) -> Scalar {
    let hash = Sha512::new().chain_update(commitment.as_bytes()).chain_update(public_key.as_bytes());
    wide_scalar(hash.chain_update(message))
}

/// The hash as a number modulo the group order.
fn wide_scalar(hash: Sha512) -> Scalar {
    let digest: Zeroizing<[u8; 64]> = Zeroizing::new(hash.finalize().into());
    Scalar::from_bytes_mod_order_wide(&digest)
}
