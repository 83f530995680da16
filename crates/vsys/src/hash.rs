//! The hash functions that V Systems combines.

use blake2::{Blake2b, Digest, digest::consts::U32};
use sha2::Sha256;
use sha3::Keccak256;

/// BLAKE2b with a digest of 256 bits.
pub(crate) fn blake2b_256(bytes: &[u8]) -> [u8; 32] {
    Blake2b::<U32>::digest(bytes).into()
}

/// The chain's own hash: Keccak-256 of BLAKE2b-256 (contract, Accounts and signatures: `H`).
pub(crate) fn chain_hash(bytes: &[u8]) -> [u8; 32] {
    Keccak256::digest(blake2b_256(bytes)).into()
}

/// SHA-256.
pub(crate) fn sha256(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}
