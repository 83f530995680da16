//! Accounts of the V Systems chain as the platform meets them: texts from requests, keys that it holds itself.

use std::str::FromStr as _;

use vsys::{Address, ContractId, Network, PublicKey, SeedPhrase, Signature, TransactionId};

use crate::refusal::{Outcome, Refusal};

/// The network of all accounts here: the one that clients use unless told otherwise.
pub const NETWORK: Network = Network::Mainnet;

/// True for an address of this network.
#[must_use]
pub fn is_address(text: &str) -> bool {
    Address::from_str(text).is_ok_and(|address| address.network() == NETWORK)
}

/// The address of a Base58 public key, none when it is no key.
#[must_use]
pub fn address_of(public_key: &str) -> Option<String> {
    let key = PublicKey::from_str(public_key).ok()?;
    Some(Address::of(&key, NETWORK).to_string())
}

/// True when the signature is that of the Base58 public key over the message.
#[must_use]
pub fn verifies(public_key: &str, message: &[u8], signature: &[u8]) -> bool {
    let (Ok(key), Ok(bytes)) = (PublicKey::from_str(public_key), <[u8; 64]>::try_from(signature)) else {
        return false;
    };
    key.verify(message, &Signature::from_bytes(bytes)).is_ok()
}

/// A text sealed to the Base58 public key, in Base58.
///
/// # Errors
/// 500 for a key that cannot be sealed to, which the platform does not keep.
pub fn seal(public_key: &str, text: &str) -> Outcome<String> {
    let key = PublicKey::from_str(public_key).map_err(|error| Refusal::internal(&error))?;
    vsys::sealed_box::seal_base58(&key, text.as_bytes(), &crate::random::bytes())
        .map_err(|error| Refusal::internal(&error))
}

/// The identifier of the transaction whose signed bytes these are.
#[must_use]
pub fn transaction_id(bytes_to_sign: &[u8]) -> String {
    TransactionId::of(bytes_to_sign).to_string()
}

/// The token of a contract, none when the text is no contract.
#[must_use]
pub fn token_id(contract_id: &str) -> Option<String> {
    Some(ContractId::from_str(contract_id).ok()?.token(0).to_string())
}

/// An account whose keys the platform holds.
pub struct Account(vsys::Account);

impl Account {
    /// The account of this index below a seed phrase.
    ///
    /// # Errors
    /// 500 when there is no phrase, which the platform does not keep.
    pub fn of_seed(phrase: &str, index: u32) -> Outcome<Self> {
        let phrase = SeedPhrase::new(phrase).map_err(|error| Refusal::internal(&error))?;
        Ok(Self(vsys::Account::derive(&phrase, index, NETWORK)))
    }

    /// Its address.
    #[must_use]
    pub fn address(&self) -> String {
        self.0.address().to_string()
    }

    /// Its public key, in Base58.
    #[must_use]
    pub fn public_key(&self) -> String {
        self.0.public_key().to_string()
    }

    /// Signs a message.
    #[must_use]
    pub fn sign(&self, message: &[u8]) -> [u8; 64] {
        *self.0.sign(message, &crate::random::bytes()).as_bytes()
    }
}

/// A new seed phrase.
#[must_use]
pub fn new_seed() -> String {
    let random: [u8; 20] = crate::random::bytes();
    let mut numbers = [0_u32; 5];
    for (number, bytes) in numbers.iter_mut().zip(random.chunks_exact(4)) {
        *number = bytes.iter().fold(0, |number, byte| number << 8 | u32::from(*byte));
    }
    SeedPhrase::generate(&numbers).expose().to_owned()
}
