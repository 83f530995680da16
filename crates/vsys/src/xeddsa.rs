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

    let nonce_hash = Sha512::new()
        .chain_update(HASH_1_PREFIX)
        .chain_update(a.as_bytes())
        .chain_update(message);
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
    let Ok(commitment) = CompressedEdwardsY::from_slice(commitment) else {
        return false;
    };
    let Ok(mut s) = <[u8; 32]>::try_from(s) else {
        return false;
    };
    let sign = s[31] >> 7;
    s[31] &= !SIGN_BIT;
    // A second `s` that differs by the group order would be another signature of the same message.
    let Some(s) = Option::<Scalar>::from(Scalar::from_canonical_bytes(s)) else {
        return false;
    };
    let Some(key_point) = MontgomeryPoint(*public_key).to_edwards(sign) else {
        return false;
    };
    // Keys of small order accept anything; a key that reads back differently was not written canonically.
    if key_point.is_small_order() || key_point.to_montgomery().to_bytes() != *public_key {
        return false;
    }
    let h = challenge(&commitment, &key_point.compress(), message);
    let expected = EdwardsPoint::vartime_double_scalar_mul_basepoint(&h, &-key_point, &s);
    expected.compress() == commitment
}

fn challenge(commitment: &CompressedEdwardsY, public_key: &CompressedEdwardsY, message: &[u8]) -> Scalar {
    let hash = Sha512::new()
        .chain_update(commitment.as_bytes())
        .chain_update(public_key.as_bytes());
    wide_scalar(hash.chain_update(message))
}

/// The hash as a number modulo the group order.
fn wide_scalar(hash: Sha512) -> Scalar {
    let digest: Zeroizing<[u8; 64]> = Zeroizing::new(hash.finalize().into());
    Scalar::from_bytes_mod_order_wide(&digest)
}

#[cfg(test)]
mod tests {
    use curve25519_dalek::scalar::clamp_integer;
    use proptest::prelude::*;

    use super::*;

    fn public_key(k: &[u8; 32]) -> [u8; 32] {
        MontgomeryPoint::mul_base_clamped(*k).to_bytes()
    }

    /// The older form: the key keeps the Edwards sign that it happens to have, and the signature carries it.
    fn sign_in_the_older_form(k: &[u8; 32], message: &[u8], r: u64) -> ([u8; 64], u8) {
        let a = Scalar::from_bytes_mod_order(*k);
        let r = Scalar::from(r);
        let public_key = EdwardsPoint::mul_base(&a).compress();
        let commitment = EdwardsPoint::mul_base(&r).compress();
        let s = r + challenge(&commitment, &public_key, message) * a;
        let mut signature = [0; 64];
        signature[..32].copy_from_slice(commitment.as_bytes());
        signature[32..].copy_from_slice(s.as_bytes());
        let sign = public_key.0[31] & SIGN_BIT;
        signature[63] |= sign;
        (signature, sign)
    }

    #[test]
    fn the_older_form_verifies_with_either_sign() {
        let mut signs = [0, 0];
        for byte in 0..16 {
            let k = clamp_integer([byte; 32]);
            let (signature, sign) = sign_in_the_older_form(&k, b"message", 12345);
            assert!(verify(&public_key(&k), b"message", &signature));
            let mut other_sign = signature;
            other_sign[63] ^= SIGN_BIT;
            assert!(!verify(&public_key(&k), b"message", &other_sign));
            signs[usize::from(sign >> 7)] += 1;
        }
        assert!(signs.iter().all(|count| *count > 0), "both signs occur: {signs:?}");
    }

    #[test]
    fn a_second_form_of_the_same_signature_is_refused() {
        let k = clamp_integer([3; 32]);
        let mut signature = sign(&k, b"message", &[1; 64]);
        // s + group order is the same number to the curve; the order is one more than the largest scalar.
        let largest = -Scalar::ONE;
        let mut carry = 1;
        for (byte, addend) in signature[32..].iter_mut().zip(largest.as_bytes()) {
            let sum = u16::from(*byte) + u16::from(*addend) + carry;
            *byte = sum as u8;
            carry = sum >> 8;
        }
        assert!(!verify(&public_key(&k), b"message", &signature));
    }

    #[test]
    fn degenerate_keys_verify_nothing() {
        // u = 0 and u = 1 have small order; the last two are u = 0 written with p added and with the top bit set.
        let mut one = [0; 32];
        one[0] = 1;
        let mut prime = [0xff; 32];
        prime[0] = 0xed;
        prime[31] = 0x7f;
        let mut top_bit = [0; 32];
        top_bit[31] = 0x80;
        for key in [[0; 32], one, prime, top_bit] {
            for signature in [[0; 64], sign(&clamp_integer([3; 32]), b"message", &[1; 64])] {
                assert!(!verify(&key, b"message", &signature));
            }
        }
        // A good key written with the unused top bit is another text for the same key.
        let k = clamp_integer([3; 32]);
        let mut key = public_key(&k);
        key[31] |= 0x80;
        assert!(!verify(&key, b"message", &sign(&k, b"message", &[1; 64])));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn signatures_verify_and_leave_the_sign_bit_clear(
            k: [u8; 32], message: Vec<u8>, z in prop::array::uniform32(any::<u8>()), other_message: Vec<u8>,
        ) {
            let k = clamp_integer(k);
            let random: [u8; 64] = std::array::from_fn(|index| z[index / 2]);
            let signature = sign(&k, &message, &random);
            prop_assert_eq!(signature[63] & SIGN_BIT, 0);
            prop_assert!(verify(&public_key(&k), &message, &signature));
            prop_assert_eq!(verify(&public_key(&k), &other_message, &signature), other_message == message);
        }

        #[test]
        fn any_changed_bit_of_a_signature_is_noticed(k: [u8; 32], bit in 0..512_usize) {
            let k = clamp_integer(k);
            let mut signature = sign(&k, b"message", &[5; 64]);
            signature[bit / 8] ^= 1 << (bit % 8);
            prop_assert!(!verify(&public_key(&k), b"message", &signature));
        }
    }
}
