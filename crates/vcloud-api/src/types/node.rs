//! What a V Systems node answers. Amounts are whole units: 1 VSYS = 10^8. What it takes are signed transactions, see
//! [`vsys::SignedPayment`] and [`vsys::SignedTokenSend`].

use serde::{Deserialize, Serialize};

use crate::wire::{self, open_enum};

/// The balance of an address.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Balance {
    /// The address.
    #[serde(deserialize_with = "wire::identifier")]
    pub address: String,
    /// Units.
    #[serde(deserialize_with = "wire::integer")]
    pub balance: u64,
}

/// The balances of an address in detail, in units.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct BalanceDetails {
    /// The address.
    #[serde(deserialize_with = "wire::identifier")]
    pub address: String,
    /// All that belongs to it.
    #[serde(deserialize_with = "wire::integer")]
    pub regular: u64,
    /// What counts for minting.
    #[serde(deserialize_with = "wire::integer")]
    pub minting_average: u64,
    /// What it can spend: without what is leased out.
    #[serde(deserialize_with = "wire::integer")]
    pub available: u64,
    /// With what is leased to it.
    #[serde(deserialize_with = "wire::integer")]
    pub effective: u64,
    /// Height of the chain when this was so.
    #[serde(deserialize_with = "wire::integer")]
    pub height: u64,
}

/// How much of a token an address has.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TokenBalance {
    /// Units of the token.
    #[serde(deserialize_with = "wire::integer")]
    pub balance: u64,
    /// Units in one token.
    #[serde(deserialize_with = "wire::integer")]
    pub unity: u64,
}

open_enum! {
    /// What became of a transaction.
    TransactionStatus {
        /// It is in the chain and was carried out.
        Success = "Success",
        /// It is in the chain, but was not carried out.
        Failed = "Failed",
    }
}

/// Who signed a transaction.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Proof {
    /// `Curve25519`.
    #[serde(deserialize_with = "wire::identifier")]
    pub proof_type: String,
    /// Public key, Base58.
    #[serde(deserialize_with = "wire::identifier")]
    pub public_key: String,
    /// Address of that key.
    #[serde(deserialize_with = "wire::identifier")]
    pub address: String,
    /// Signature, Base58.
    #[serde(deserialize_with = "wire::identifier")]
    pub signature: String,
}

/// A transaction, as a node shows it: after a broadcast (then without height) or from the chain.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Transaction {
    /// Its id, known before it is sent.
    #[serde(deserialize_with = "wire::identifier")]
    pub id: String,
    /// 2 = payment, 9 = contract call.
    #[serde(rename = "type", deserialize_with = "wire::integer")]
    pub kind: u16,
    /// Units of the native coin.
    #[serde(deserialize_with = "wire::integer")]
    pub fee: u64,
    /// 100.
    #[serde(deserialize_with = "wire::integer")]
    pub fee_scale: u16,
    /// Unix nanoseconds.
    #[serde(deserialize_with = "wire::integer")]
    pub timestamp: u64,
    /// Address of the payee (payments).
    #[serde(deserialize_with = "wire::identifier", skip_serializing_if = "String::is_empty")]
    pub recipient: String,
    /// Units (payments).
    #[serde(deserialize_with = "wire::integer")]
    pub amount: u64,
    /// Attachment, Base58.
    #[serde(deserialize_with = "wire::text", skip_serializing_if = "String::is_empty")]
    pub attachment: String,
    /// Id of the contract (contract calls).
    #[serde(deserialize_with = "wire::identifier", skip_serializing_if = "String::is_empty")]
    pub contract_id: String,
    /// Index of the function (contract calls).
    #[serde(deserialize_with = "wire::optional_integer", skip_serializing_if = "Option::is_none")]
    pub function_index: Option<u16>,
    /// Arguments of the function, Base58 (contract calls).
    #[serde(deserialize_with = "wire::text", skip_serializing_if = "String::is_empty")]
    pub function_data: String,
    /// Who signed it.
    #[serde(deserialize_with = "wire::list")]
    pub proofs: Vec<Proof>,
    /// What became of it; empty as long as it is not in the chain.
    pub status: TransactionStatus,
    /// Height of its block; `None` as long as it is not in the chain.
    #[serde(deserialize_with = "wire::optional_integer", skip_serializing_if = "Option::is_none")]
    pub height: Option<u64>,
}

impl Transaction {
    /// Whether it is in the chain.
    pub fn is_confirmed(&self) -> bool {
        self.height.is_some_and(|height| height > 0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_transaction_is_confirmed_once_it_has_a_height() {
        let sent: Transaction =
            serde_json::from_str("{\"type\":2,\"id\":\"a\",\"amount\":5,\"recipient\":\"AR\"}").unwrap();
        assert!(!sent.is_confirmed());
        let seen: Transaction =
            serde_json::from_str("{\"type\":2,\"id\":\"a\",\"status\":\"Success\",\"height\":12}").unwrap();
        assert!(seen.is_confirmed());
        assert_eq!(seen.status, TransactionStatus::Success);
    }
}
