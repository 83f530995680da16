//! NaCl sealed boxes: anyone can seal to a public key, only the owner of the private key can open.
//!
//! `ephemeral public key ‖ tag ‖ ciphertext`, encrypted with XSalsa20-Poly1305 under the X25519 exchange of the
//! ephemeral key and the recipient's, the nonce being the BLAKE2b hash of both public keys.

use blake2::{Blake2b, Digest, digest::consts::U24};
use poly1305::{Poly1305, universal_hash::KeyInit};
use salsa20::{
    XSalsa20,
    cipher::{
        KeyIvInit, StreamCipher,
        array::Array,
        consts::{U10, U32},
    },
    hsalsa,
};
use subtle::ConstantTimeEq;
use thiserror::Error;
use zeroize::{Zeroize, Zeroizing};

use crate::{
    base58,
    keys::{PrivateKey, PublicKey},
    randomness::{RandomnessUnavailable, os_random},
    secret::SecretBytes,
};

const KEY_LENGTH: usize = 32;
const TAG_LENGTH: usize = 16;

/// By how many bytes a box is longer than what is in it.
pub const OVERHEAD: usize = KEY_LENGTH + TAG_LENGTH;

/// The largest box that [`open_base58`] decodes, in bytes. Sealed fields have a few hundred; decoding Base58 takes
/// quadratic time.
pub const MAXIMUM_BASE58_BOX: usize = 16 * 1024;

/// Why nothing could be sealed.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum SealError {
    /// The recipient's public key is one of the few that give a secret that everybody knows.
    #[error("the public key cannot be sealed to")]
    UnusableKey,
    /// See [`RandomnessUnavailable`].
    #[error(transparent)]
    Randomness(#[from] RandomnessUnavailable),
}

/// Why a box could not be opened.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum OpenError {
    /// The text is not Base58.
    #[error("the sealed text is not Base58")]
    NotBase58,
    /// Too short to be a box, or over [`MAXIMUM_BASE58_BOX`].
    #[error("the sealed text has an impossible length")]
    Length,
    /// Sealed to another key, or damaged: the two cannot be told apart.
    #[error("it is sealed to another account, or it is damaged")]
    Refused,
}

/// Seals to a public key. `random` becomes the ephemeral private key: it must be fresh and is used only here.
///
/// # Errors
/// [`SealError::UnusableKey`] for a degenerate public key.
pub fn seal(recipient: &PublicKey, plaintext: &[u8], random: &[u8; 32]) -> Result<Vec<u8>, SealError> {
    let ephemeral = PrivateKey::from_bytes(*random);
    let ephemeral_public = ephemeral.public_key();
    let (mut cipher, authenticator) =
        start(&ephemeral, recipient, &ephemeral_public, recipient).ok_or(SealError::UnusableKey)?;

    let mut sealed = Vec::with_capacity(OVERHEAD + plaintext.len());
    sealed.extend_from_slice(ephemeral_public.as_bytes());
    sealed.extend_from_slice(&[0; TAG_LENGTH]);
    sealed.extend_from_slice(plaintext);
    cipher.apply_keystream(&mut sealed[OVERHEAD..]);
    let tag = authenticator.compute_unpadded(&sealed[OVERHEAD..]);
    sealed[KEY_LENGTH..OVERHEAD].copy_from_slice(&tag);
    Ok(sealed)
}

/// Seals with an ephemeral key from the operating system's or the browser's randomness.
///
/// # Errors
/// See [`SealError`].
pub fn seal_with_os_randomness(recipient: &PublicKey, plaintext: &[u8]) -> Result<Vec<u8>, SealError> {
    seal(recipient, plaintext, &Zeroizing::new(os_random()?))
}

/// Seals and writes the box in Base58, as the platform's sealed fields are.
///
/// # Errors
/// See [`SealError`].
pub fn seal_base58(recipient: &PublicKey, plaintext: &[u8], random: &[u8; 32]) -> Result<String, SealError> {
    Ok(base58::encode(&seal(recipient, plaintext, random)?))
}

/// Opens a box with the recipient's private key.
///
/// # Errors
/// [`OpenError::Length`] or [`OpenError::Refused`].
pub fn open(recipient: &PrivateKey, sealed: &[u8]) -> Result<SecretBytes, OpenError> {
    let (ephemeral_public, rest) = sealed.split_first_chunk::<KEY_LENGTH>().ok_or(OpenError::Length)?;
    let (tag, ciphertext) = rest.split_first_chunk::<TAG_LENGTH>().ok_or(OpenError::Length)?;
    let ephemeral_public = PublicKey::from_bytes(*ephemeral_public);
    let (mut cipher, authenticator) =
        start(recipient, &ephemeral_public, &ephemeral_public, &recipient.public_key()).ok_or(OpenError::Refused)?;
    let expected = authenticator.compute_unpadded(ciphertext);
    if !bool::from(expected.as_slice().ct_eq(tag.as_slice())) {
        return Err(OpenError::Refused);
    }
    let mut plaintext = ciphertext.to_vec();
    cipher.apply_keystream(&mut plaintext);
    Ok(SecretBytes::new(plaintext))
}

/// Opens the Base58 of a box.
///
/// # Errors
/// See [`OpenError`].
pub fn open_base58(recipient: &PrivateKey, sealed: &str) -> Result<SecretBytes, OpenError> {
    let sealed = base58::decode_at_most(sealed, MAXIMUM_BASE58_BOX).map_err(|error| match error {
        base58::Base58Error::Character => OpenError::NotBase58,
        base58::Base58Error::Length => OpenError::Length,
    })?;
    open(recipient, &sealed)
}

/// The cipher after the first 32 bytes of its stream, and the authenticator whose key those bytes are. `None` when the
/// exchange degenerates to a secret that everybody knows.
fn start(
    own: &PrivateKey,
    other: &PublicKey,
    ephemeral: &PublicKey,
    recipient: &PublicKey,
) -> Option<(XSalsa20, Poly1305)> {
    let point = own.shared_point(other);
    if *point == [0; 32] {
        return None;
    }
    let mut shared: Array<u8, U32> = Array(*point);
    let mut key = hsalsa::<U10>(&shared, &Array::default());
    shared.zeroize();
    let nonce = Blake2b::<U24>::new()
        .chain_update(ephemeral.as_bytes())
        .chain_update(recipient.as_bytes())
        .finalize();
    let mut cipher = XSalsa20::new(&key, &nonce);
    key.zeroize();
    let mut authenticator_key = poly1305::Key::default();
    cipher.apply_keystream(&mut authenticator_key);
    let authenticator = Poly1305::new(&authenticator_key);
    authenticator_key.zeroize();
    Some((cipher, authenticator))
}
