//! Curve25519 keys and signatures.

use std::{fmt, str::FromStr};

use curve25519_dalek::{MontgomeryPoint, scalar::clamp_integer};
use thiserror::Error;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{
    base58::{self, Base58Error, serde_as_text},
    randomness::{RandomnessUnavailable, os_random},
    xeddsa,
};

/// What is wrong with the text of a key or a signature.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum KeyError {
    /// A character that Base58 does not have.
    #[error("it has a character that cannot occur in Base58")]
    NotBase58,
    /// Too long or too short.
    #[error("it has the wrong length")]
    Length,
}

impl From<Base58Error> for KeyError {
    fn from(error: Base58Error) -> Self {
        match error {
            Base58Error::Character => Self::NotBase58,
            Base58Error::Length => Self::Length,
        }
    }
}

/// The signature does not belong to this key and message.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("the signature does not belong to this key and message")]
pub struct InvalidSignature;

/// The public half of an account's key: 32 bytes, written in Base58.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PublicKey([u8; 32]);

impl PublicKey {
    /// Takes the bytes as they are. A key that is no point of the curve verifies no signature and opens no box.
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes of the key.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// Checks a signature, in today's form (Edwards sign 0) or the older one (sign in the last byte's top bit).
    ///
    /// # Errors
    /// [`InvalidSignature`], without a reason: none of them is of use to anyone but a forger.
    pub fn verify(&self, message: &[u8], signature: &Signature) -> Result<(), InvalidSignature> {
        if xeddsa::verify(&self.0, message, &signature.0) {
            Ok(())
        } else {
            Err(InvalidSignature)
        }
    }
}

impl FromStr for PublicKey {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(base58::decode_array(text)?))
    }
}

impl fmt::Display for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&base58::encode(&self.0))
    }
}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({self})")
    }
}

serde_as_text!(PublicKey);

/// The secret half of an account's key. It is wiped when dropped and does not print.
#[derive(Clone, Zeroize, ZeroizeOnDrop)]
pub struct PrivateKey([u8; 32]);

impl PrivateKey {
    /// Makes a key of 32 bytes, which are clamped as X25519 wants them.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(clamp_integer(bytes))
    }

    /// Reads the Base58 of a key.
    ///
    /// # Errors
    /// [`KeyError`] when it is not the Base58 of 32 bytes.
    pub fn from_base58(text: &str) -> Result<Self, KeyError> {
        let bytes = Zeroizing::new(base58::decode_array(text)?);
        Ok(Self::from_bytes(*bytes))
    }

    /// The bytes of the key, clamped. Copies made of them are the caller's to wipe.
    pub const fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// The public half.
    pub fn public_key(&self) -> PublicKey {
        PublicKey(MontgomeryPoint::mul_base_clamped(self.0).to_bytes())
    }

    /// Signs with XEdDSA. The 64 bytes must be fresh randomness; the Edwards sign is forced to 0 (contract, Accounts
    /// and signatures).
    pub fn sign(&self, message: &[u8], random: &[u8; 64]) -> Signature {
        Signature(xeddsa::sign(&self.0, message, random))
    }

    /// Signs with randomness from the operating system or the browser.
    ///
    /// # Errors
    /// [`RandomnessUnavailable`] when it has none.
    pub fn sign_with_os_randomness(&self, message: &[u8]) -> Result<Signature, RandomnessUnavailable> {
        Ok(self.sign(message, &Zeroizing::new(os_random::<64>()?)))
    }

    /// The point that both sides of an X25519 exchange arrive at; all zeros for a degenerate public key.
    pub(crate) fn shared_point(&self, other: &PublicKey) -> Zeroizing<[u8; 32]> {
        let mut point = MontgomeryPoint(other.0).mul_clamped(self.0);
        let bytes = Zeroizing::new(point.to_bytes());
        point.zeroize();
        bytes
    }
}

impl fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PrivateKey(…)")
    }
}

/// A signature: 64 bytes, written in Base58 in transactions and in Base64 in request headers.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Signature([u8; 64]);

impl Signature {
    /// Takes the bytes as they are.
    pub const fn from_bytes(bytes: [u8; 64]) -> Self {
        Self(bytes)
    }

    /// The bytes of the signature.
    pub const fn as_bytes(&self) -> &[u8; 64] {
        &self.0
    }
}

impl FromStr for Signature {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(base58::decode_array(text)?))
    }
}

impl fmt::Display for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&base58::encode(&self.0))
    }
}

impl fmt::Debug for Signature {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Signature({self})")
    }
}

serde_as_text!(Signature);
