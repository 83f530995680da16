//! Payments of the native coin.

use serde::{Deserialize, Serialize};

use super::{Attachment, FEE_SCALE, PAYMENT_FEE, TransactionError, TransactionId, check_fee, push_with_length};
use crate::{
    identifier::Address,
    keys::{PrivateKey, PublicKey, Signature},
    randomness::{RandomnessUnavailable, os_random},
};

const PAYMENT_TYPE: u8 = 2;

/// A payment of VSYS that nobody has signed yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Payment {
    /// Who is paid.
    pub recipient: Address,
    /// How much, in units.
    pub amount: u64,
    /// What the chain takes for it, in units.
    pub fee: u64,
    /// Always [`FEE_SCALE`].
    pub fee_scale: u16,
    /// When it was made, in nanoseconds since 1970.
    pub timestamp: u64,
    /// What it is for.
    pub attachment: Attachment,
}

impl Payment {
    /// A payment with the usual fee. `amount` in units, `timestamp` in nanoseconds since 1970.
    pub fn new(recipient: Address, amount: u64, attachment: Attachment, timestamp: u64) -> Self {
        Self {
            recipient,
            amount,
            fee: PAYMENT_FEE,
            fee_scale: FEE_SCALE,
            timestamp,
            attachment,
        }
    }

    /// What is signed.
    pub fn bytes_to_sign(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(64 + self.attachment.as_bytes().len());
        bytes.push(PAYMENT_TYPE);
        bytes.extend_from_slice(&self.timestamp.to_be_bytes());
        bytes.extend_from_slice(&self.amount.to_be_bytes());
        bytes.extend_from_slice(&self.fee.to_be_bytes());
        bytes.extend_from_slice(&self.fee_scale.to_be_bytes());
        bytes.extend_from_slice(self.recipient.as_bytes());
        push_with_length(&mut bytes, self.attachment.as_bytes());
        bytes
    }

    /// The id, which signing does not change.
    pub fn id(&self) -> TransactionId {
        TransactionId::of(&self.bytes_to_sign())
    }

    /// Signs with 64 bytes of fresh randomness.
    pub fn sign(self, sender: &PrivateKey, random: &[u8; 64]) -> SignedPayment {
        let signature = sender.sign(&self.bytes_to_sign(), random);
        SignedPayment {
            sender: sender.public_key(),
            payment: self,
            signature,
        }
    }

    /// Signs with randomness from the operating system or the browser.
    ///
    /// # Errors
    /// [`RandomnessUnavailable`] when it has none.
    pub fn sign_with_os_randomness(self, sender: &PrivateKey) -> Result<SignedPayment, RandomnessUnavailable> {
        Ok(self.sign(sender, &os_random()?))
    }
}

/// A signed payment. Its JSON is the body of `POST /vsys/broadcast/payment`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "Broadcast", into = "Broadcast")]
pub struct SignedPayment {
    /// Who pays.
    pub sender: PublicKey,
    /// What is paid.
    pub payment: Payment,
    /// The sender's signature of [`Payment::bytes_to_sign`].
    pub signature: Signature,
}

impl SignedPayment {
    /// The id.
    pub fn id(&self) -> TransactionId {
        self.payment.id()
    }

    /// Checks what a node checks before it looks at balances.
    ///
    /// # Errors
    /// See [`TransactionError`].
    pub fn check(&self) -> Result<(), TransactionError> {
        if self.payment.amount == 0 {
            return Err(TransactionError::ZeroAmount);
        }
        check_fee(self.payment.fee, self.payment.fee_scale, PAYMENT_FEE)?;
        Ok(self.sender.verify(&self.payment.bytes_to_sign(), &self.signature)?)
    }
}

/// The flat JSON of the wire.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Broadcast {
    sender_public_key: PublicKey,
    recipient: Address,
    amount: u64,
    fee: u64,
    fee_scale: u16,
    timestamp: u64,
    #[serde(default)]
    attachment: Attachment,
    signature: Signature,
}

impl From<Broadcast> for SignedPayment {
    fn from(body: Broadcast) -> Self {
        Self {
            sender: body.sender_public_key,
            payment: Payment {
                recipient: body.recipient,
                amount: body.amount,
                fee: body.fee,
                fee_scale: body.fee_scale,
                timestamp: body.timestamp,
                attachment: body.attachment,
            },
            signature: body.signature,
        }
    }
}

impl From<SignedPayment> for Broadcast {
    fn from(signed: SignedPayment) -> Self {
        Self {
            sender_public_key: signed.sender,
            recipient: signed.payment.recipient,
            amount: signed.payment.amount,
            fee: signed.payment.fee,
            fee_scale: signed.payment.fee_scale,
            timestamp: signed.payment.timestamp,
            attachment: signed.payment.attachment,
            signature: signed.signature,
        }
    }
}
