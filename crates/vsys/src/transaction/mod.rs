//! Transactions: what is signed, their ids, and the JSON that a node is sent.
//!
//! The id depends on the signed bytes alone, so it is known before sending, and a node refuses an id that it already
//! has: broadcasting the same transaction again never pays twice (contract, Accounts and signatures).

mod attachment;
mod payment;
mod token_send;

use std::{fmt, str::FromStr};

use thiserror::Error;

pub use attachment::{Attachment, AttachmentError};
pub use payment::{Payment, SignedPayment};
pub use token_send::{SignedTokenSend, TokenSend};

use crate::{
    base58::{self, Base58Error, serde_as_text},
    hash::blake2b_256,
    keys::{InvalidSignature, KeyError},
};

/// Units in one VSYS.
pub const UNITS_PER_VSYS: u64 = 100_000_000;

/// Fee of a payment, in units: 0.1 VSYS.
pub const PAYMENT_FEE: u64 = 10_000_000;

/// Fee of calling a contract, which a token send does, in units: 0.3 VSYS.
pub const CONTRACT_FEE: u64 = 30_000_000;

/// The only fee scale in use.
pub const FEE_SCALE: u16 = 100;

/// Why a node refuses a transaction that it could read.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum TransactionError {
    /// The signature is not the sender's.
    #[error("the signature is not the sender's")]
    Signature,
    /// The fee is too small.
    #[error("the fee is {found} units, the least is {least}")]
    Fee {
        /// The fee of the transaction, in units.
        found: u64,
        /// The least possible fee, in units.
        least: u64,
    },
    /// The fee scale is not [`FEE_SCALE`].
    #[error("the fee scale is {0} instead of {FEE_SCALE}")]
    FeeScale(u16),
    /// Nothing is sent.
    #[error("the amount is zero")]
    ZeroAmount,
}

impl From<InvalidSignature> for TransactionError {
    fn from(_: InvalidSignature) -> Self {
        Self::Signature
    }
}

/// The id of a transaction: BLAKE2b-256 of the signed bytes, written in Base58.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TransactionId([u8; 32]);

impl TransactionId {
    /// The id of a transaction with these bytes to sign.
    pub fn of(bytes_to_sign: &[u8]) -> Self {
        Self(blake2b_256(bytes_to_sign))
    }

    /// The bytes of the id.
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl FromStr for TransactionId {
    type Err = KeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(
            base58::decode_array(text).map_err(|error: Base58Error| KeyError::from(error))?,
        ))
    }
}

impl fmt::Display for TransactionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&base58::encode(&self.0))
    }
}

impl fmt::Debug for TransactionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TransactionId({self})")
    }
}

serde_as_text!(TransactionId);

/// What a node checks of the fee of any transaction.
fn check_fee(fee: u64, fee_scale: u16, least: u64) -> Result<(), TransactionError> {
    if fee_scale != FEE_SCALE {
        return Err(TransactionError::FeeScale(fee_scale));
    }
    if fee < least {
        return Err(TransactionError::Fee { found: fee, least });
    }
    Ok(())
}

/// Appends a length of 16 bits and the bytes, as transactions write everything of variable length.
fn push_with_length(bytes: &mut Vec<u8>, part: &[u8]) {
    let length = u16::try_from(part.len()).expect("no part of a transaction reaches 64 KiB");
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(part);
}
