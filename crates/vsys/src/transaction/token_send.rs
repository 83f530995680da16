//! Sending tokens, which is calling the send function of the token's contract.

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::{Attachment, CONTRACT_FEE, FEE_SCALE, TransactionError, TransactionId, check_fee, push_with_length};
use crate::{
    base58,
    identifier::{Address, ContractId, IdentifierError},
    keys::{PrivateKey, PublicKey, Signature},
    randomness::{RandomnessUnavailable, os_random},
};

const CONTRACT_CALL_TYPE: u8 = 9;

/// The number of the send function in the token contract.
pub const SEND_FUNCTION_INDEX: u16 = 3;

const ADDRESS_TAG: u8 = 2;
const AMOUNT_TAG: u8 = 3;

/// Entries, tag and recipient, tag and amount.
const FUNCTION_DATA_LENGTH: usize = 2 + 1 + Address::LENGTH + 1 + 8;

/// A transfer of tokens that nobody has signed yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenSend {
    /// The contract of the token.
    pub contract: ContractId,
    /// Who gets the tokens.
    pub recipient: Address,
    /// How many, in the token's smallest units.
    pub amount: u64,
    /// What the chain takes for it, in units of VSYS.
    pub fee: u64,
    /// Always [`FEE_SCALE`].
    pub fee_scale: u16,
    /// When it was made, in nanoseconds since 1970.
    pub timestamp: u64,
    /// What it is for.
    pub attachment: Attachment,
}

impl TokenSend {
    /// A transfer with the usual fee. `amount` in the token's smallest units, `timestamp` in nanoseconds since 1970.
    pub fn new(contract: ContractId, recipient: Address, amount: u64, attachment: Attachment, timestamp: u64) -> Self {
        Self {
            contract,
            recipient,
            amount,
            fee: CONTRACT_FEE,
            fee_scale: FEE_SCALE,
            timestamp,
            attachment,
        }
    }

    /// What the contract's function is called with.
    pub fn function_data(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(FUNCTION_DATA_LENGTH);
        bytes.extend_from_slice(&2_u16.to_be_bytes());
        bytes.push(ADDRESS_TAG);
        bytes.extend_from_slice(self.recipient.as_bytes());
        bytes.push(AMOUNT_TAG);
        bytes.extend_from_slice(&self.amount.to_be_bytes());
        bytes
    }

    /// What is signed.
    pub fn bytes_to_sign(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(128 + self.attachment.as_bytes().len());
        bytes.push(CONTRACT_CALL_TYPE);
        bytes.extend_from_slice(self.contract.as_bytes());
        bytes.extend_from_slice(&SEND_FUNCTION_INDEX.to_be_bytes());
        push_with_length(&mut bytes, &self.function_data());
        push_with_length(&mut bytes, self.attachment.as_bytes());
        bytes.extend_from_slice(&self.fee.to_be_bytes());
        bytes.extend_from_slice(&self.fee_scale.to_be_bytes());
        bytes.extend_from_slice(&self.timestamp.to_be_bytes());
        bytes
    }

    /// The id, which signing does not change.
    pub fn id(&self) -> TransactionId {
        TransactionId::of(&self.bytes_to_sign())
    }

    /// Signs with 64 bytes of fresh randomness.
    pub fn sign(self, sender: &PrivateKey, random: &[u8; 64]) -> SignedTokenSend {
        let signature = sender.sign(&self.bytes_to_sign(), random);
        SignedTokenSend {
            sender: sender.public_key(),
            token_send: self,
            signature,
        }
    }

    /// Signs with randomness from the operating system or the browser.
    ///
    /// # Errors
    /// [`RandomnessUnavailable`] when it has none.
    pub fn sign_with_os_randomness(self, sender: &PrivateKey) -> Result<SignedTokenSend, RandomnessUnavailable> {
        Ok(self.sign(sender, &os_random()?))
    }
}

/// A signed transfer of tokens. Its JSON is the body of `POST /contract/broadcast/execute`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Broadcast", into = "Broadcast")]
pub struct SignedTokenSend {
    /// Who sends.
    pub sender: PublicKey,
    /// What is sent.
    pub token_send: TokenSend,
    /// The sender's signature of [`TokenSend::bytes_to_sign`].
    pub signature: Signature,
}

impl SignedTokenSend {
    /// The id.
    pub fn id(&self) -> TransactionId {
        self.token_send.id()
    }

    /// Checks what a node checks before it looks at balances.
    ///
    /// # Errors
    /// See [`TransactionError`].
    pub fn check(&self) -> Result<(), TransactionError> {
        if self.token_send.amount == 0 {
            return Err(TransactionError::ZeroAmount);
        }
        check_fee(self.token_send.fee, self.token_send.fee_scale, CONTRACT_FEE)?;
        Ok(self.sender.verify(&self.token_send.bytes_to_sign(), &self.signature)?)
    }
}

/// The flat JSON of the wire.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Broadcast {
    sender_public_key: PublicKey,
    contract_id: ContractId,
    function_index: u16,
    /// Base58.
    function_data: String,
    #[serde(default)]
    attachment: Attachment,
    fee: u64,
    fee_scale: u16,
    timestamp: u64,
    signature: Signature,
}

/// Why a contract call is not a transfer of tokens.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
enum NotATokenSend {
    #[error("the contract function {0} does not send tokens")]
    Function(u16),
    #[error("the function data are not a recipient and an amount")]
    Data,
    #[error("the recipient is no address: {0}")]
    Recipient(#[from] IdentifierError),
}

impl TryFrom<Broadcast> for SignedTokenSend {
    type Error = NotATokenSend;

    fn try_from(body: Broadcast) -> Result<Self, Self::Error> {
        if body.function_index != SEND_FUNCTION_INDEX {
            return Err(NotATokenSend::Function(body.function_index));
        }
        let (recipient, amount) = read_function_data(&body.function_data)?;
        Ok(Self {
            sender: body.sender_public_key,
            token_send: TokenSend {
                contract: body.contract_id,
                recipient,
                amount,
                fee: body.fee,
                fee_scale: body.fee_scale,
                timestamp: body.timestamp,
                attachment: body.attachment,
            },
            signature: body.signature,
        })
    }
}

fn read_function_data(text: &str) -> Result<(Address, u64), NotATokenSend> {
    let bytes = base58::decode_array::<FUNCTION_DATA_LENGTH>(text).map_err(|_| NotATokenSend::Data)?;
    let rest = bytes.strip_prefix(&[0, 2, ADDRESS_TAG]).ok_or(NotATokenSend::Data)?;
    let (recipient, rest) = rest.split_first_chunk().ok_or(NotATokenSend::Data)?;
    let amount = rest.strip_prefix(&[AMOUNT_TAG]).ok_or(NotATokenSend::Data)?;
    let amount = amount.try_into().map_err(|_| NotATokenSend::Data)?;
    Ok((Address::from_bytes(*recipient)?, u64::from_be_bytes(amount)))
}

impl From<SignedTokenSend> for Broadcast {
    fn from(signed: SignedTokenSend) -> Self {
        Self {
            sender_public_key: signed.sender,
            contract_id: signed.token_send.contract,
            function_index: SEND_FUNCTION_INDEX,
            function_data: base58::encode(&signed.token_send.function_data()),
            attachment: signed.token_send.attachment,
            fee: signed.token_send.fee,
            fee_scale: signed.token_send.fee_scale,
            timestamp: signed.token_send.timestamp,
            signature: signed.signature,
        }
    }
}
