//! The note that travels with a transaction.

use std::{fmt, str::FromStr};

use thiserror::Error;

use crate::base58::{self, Base58Error, serde_as_text};

/// What is wrong with an attachment.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum AttachmentError {
    /// Over [`Attachment::MAXIMUM_LENGTH`].
    #[error("an attachment has at most {} bytes", Attachment::MAXIMUM_LENGTH)]
    TooLong,
    /// The text from the wire is not Base58.
    #[error("the attachment is not Base58")]
    NotBase58,
}

/// Up to 140 bytes that say what a transaction is for. Written in Base58 on the wire.
#[derive(Clone, Default, PartialEq, Eq, Hash)]
pub struct Attachment(Vec<u8>);

impl Attachment {
    /// The largest size, in bytes.
    pub const MAXIMUM_LENGTH: usize = 140;

    /// Takes some bytes, or a text as UTF-8.
    ///
    /// # Errors
    /// [`AttachmentError::TooLong`].
    pub fn new(bytes: impl Into<Vec<u8>>) -> Result<Self, AttachmentError> {
        let bytes = bytes.into();
        if bytes.len() > Self::MAXIMUM_LENGTH {
            Err(AttachmentError::TooLong)
        } else {
            Ok(Self(bytes))
        }
    }

    /// The bytes.
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        std::str::from_utf8(&self.0).ok()
    }
}

impl FromStr for Attachment {
    type Err = AttachmentError;

    /// Reads the Base58 of the wire.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        base58::decode_at_most(text, Self::MAXIMUM_LENGTH)
            .map(Self)
            .map_err(|error| match error {
                Base58Error::Character => AttachmentError::NotBase58,
                Base58Error::Length => AttachmentError::TooLong,
            })
    }
}

impl fmt::Display for Attachment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&base58::encode(&self.0))
    }
}

impl fmt::Debug for Attachment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Attachment({:?})", String::from_utf8_lossy(&self.0))
    }
}

serde_as_text!(Attachment);
