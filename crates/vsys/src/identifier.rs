//! Addresses, contract ids and token ids: a version, a payload and a checksum in Base58.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};
use thiserror::Error;

use crate::{
    base58::{self, Base58Error, serde_as_text},
    hash::chain_hash,
    keys::PublicKey,
};

const CHECKSUM_LENGTH: usize = 4;
const ADDRESS_VERSION: u8 = 5;
const CONTRACT_VERSION: u8 = 6;
const TOKEN_VERSION: u8 = 0x84;

/// A V Systems chain. Serialised as `mainnet` or `testnet`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Network {
    /// The chain where coins have a value.
    #[default]
    Mainnet,
    /// The chain for tests.
    Testnet,
}

impl Network {
    /// The letter that stands for the network in addresses: `M` or `T`.
    pub const fn letter(self) -> char {
        self.byte() as char
    }

    const fn byte(self) -> u8 {
        match self {
            Self::Mainnet => b'M',
            Self::Testnet => b'T',
        }
    }

    const fn from_byte(byte: u8) -> Option<Self> {
        match byte {
            b'M' => Some(Self::Mainnet),
            b'T' => Some(Self::Testnet),
            _ => None,
        }
    }
}

impl fmt::Display for Network {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Mainnet => "mainnet",
            Self::Testnet => "testnet",
        })
    }
}

/// A text that names no network.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("a network is `mainnet` or `testnet`")]
pub struct UnknownNetwork;

impl FromStr for Network {
    type Err = UnknownNetwork;

    /// Reads `mainnet` or `testnet`, or the letter of addresses.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "mainnet" | "M" => Ok(Self::Mainnet),
            "testnet" | "T" => Ok(Self::Testnet),
            _ => Err(UnknownNetwork),
        }
    }
}

/// What is wrong with the text of an address, contract id or token id.
///
/// Checked in this order, so that a mistyped text is told as mistyped, whatever the mistake made of its other parts.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum IdentifierError {
    /// A character that Base58 does not have (`0`, `O`, `I`, `l`, a space, …).
    #[error("it has a character that cannot occur in Base58")]
    NotBase58,
    /// Too long or too short.
    #[error("it has the wrong length: it is cut off or has something added")]
    Length,
    /// The checksum does not fit the rest.
    #[error("its checksum does not fit: a character is wrong or missing")]
    Checksum,
    /// Well formed, but another kind of identifier.
    #[error("it is another kind of identifier (version {found} instead of {expected})")]
    Version {
        /// The version byte of this kind.
        expected: u8,
        /// The version byte that was found.
        found: u8,
    },
    /// Well formed, but of a network that is neither mainnet nor testnet.
    #[error("it belongs to an unknown network")]
    UnknownNetwork,
    /// Well formed, but of the other network.
    #[error("it belongs to {found}, not to {expected}")]
    WrongNetwork {
        /// The network asked for.
        expected: Network,
        /// The network of the identifier.
        found: Network,
    },
}

impl From<Base58Error> for IdentifierError {
    fn from(error: Base58Error) -> Self {
        match error {
            Base58Error::Character => Self::NotBase58,
            Base58Error::Length => Self::Length,
        }
    }
}

fn checksum(payload: &[u8]) -> [u8; CHECKSUM_LENGTH] {
    let [a, b, c, d, ..] = chain_hash(payload);
    [a, b, c, d]
}

/// Fills in the checksum after the payload.
fn with_checksum<const N: usize>(mut bytes: [u8; N]) -> [u8; N] {
    let (payload, sum) = bytes.split_at_mut(N - CHECKSUM_LENGTH);
    sum.copy_from_slice(&checksum(payload));
    bytes
}

fn check<const N: usize>(bytes: &[u8; N], expected: u8) -> Result<(), IdentifierError> {
    let (payload, sum) = bytes.split_at(N - CHECKSUM_LENGTH);
    if checksum(payload) != sum {
        return Err(IdentifierError::Checksum);
    }
    if bytes[0] != expected {
        return Err(IdentifierError::Version {
            expected,
            found: bytes[0],
        });
    }
    Ok(())
}

/// What addresses and contract ids have in common: 26 bytes with a version, a network letter and a checksum.
macro_rules! network_identifier {
    ($(#[$doc:meta])* $name:ident, $version:expr) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; Self::LENGTH]);

        impl $name {
            /// Size in bytes, version and checksum included.
            pub const LENGTH: usize = 26;

            /// Checks the bytes as they stand in transactions.
            ///
            /// # Errors
            /// See [`IdentifierError`].
            pub fn from_bytes(bytes: [u8; Self::LENGTH]) -> Result<Self, IdentifierError> {
                check(&bytes, $version)?;
                Network::from_byte(bytes[1]).ok_or(IdentifierError::UnknownNetwork)?;
                Ok(Self(bytes))
            }

            /// The bytes as they stand in transactions.
            pub const fn as_bytes(&self) -> &[u8; Self::LENGTH] {
                &self.0
            }

            /// The network it belongs to.
            pub const fn network(&self) -> Network {
                match Network::from_byte(self.0[1]) {
                    Some(network) => network,
                    None => unreachable!(),
                }
            }

            /// Passes it on if it belongs to a network.
            ///
            /// # Errors
            /// [`IdentifierError::WrongNetwork`] otherwise.
            pub fn expect_network(self, expected: Network) -> Result<Self, IdentifierError> {
                let found = self.network();
                if found == expected { Ok(self) } else { Err(IdentifierError::WrongNetwork { expected, found }) }
            }
        }

        impl FromStr for $name {
            type Err = IdentifierError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Self::from_bytes(base58::decode_array(text)?)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&base58::encode(&self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "({})"), self)
            }
        }

        serde_as_text!($name);
    };
}

network_identifier!(
    /// The address of an account.
    ///
    /// ```
    /// use vsys::{Address, IdentifierError, Network};
    ///
    /// let address: Address = "ARKpcgwZVjRTu2Lg7PMdmAaTQ1cNTnwEYcg".parse()?;
    /// assert_eq!(address.network(), Network::Mainnet);
    /// assert!(matches!(address.expect_network(Network::Testnet), Err(IdentifierError::WrongNetwork { .. })));
    /// # Ok::<(), IdentifierError>(())
    /// ```
    Address,
    ADDRESS_VERSION
);

network_identifier!(
    /// The id of a registered contract, of a token for example.
    ContractId,
    CONTRACT_VERSION
);

impl Address {
    /// The address of a public key on a network.
    pub fn of(public_key: &PublicKey, network: Network) -> Self {
        let mut bytes = [0; Self::LENGTH];
        bytes[0] = ADDRESS_VERSION;
        bytes[1] = network.byte();
        bytes[2..22].copy_from_slice(&chain_hash(public_key.as_bytes())[..20]);
        Self(with_checksum(bytes))
    }
}

impl ContractId {
    /// The id of a token of this contract; the usual token contract has one, with index 0.
    pub fn token(&self, index: u32) -> TokenId {
        let mut bytes = [0; TokenId::LENGTH];
        bytes[0] = TOKEN_VERSION;
        bytes[1..22].copy_from_slice(&self.0[1..22]);
        bytes[22..26].copy_from_slice(&index.to_be_bytes());
        TokenId(with_checksum(bytes))
    }
}

/// The id of a token, which token balances are asked by.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenId([u8; Self::LENGTH]);

impl TokenId {
    /// Size in bytes, version and checksum included.
    pub const LENGTH: usize = 30;
}

impl FromStr for TokenId {
    type Err = IdentifierError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let bytes = base58::decode_array(text)?;
        check(&bytes, TOKEN_VERSION)?;
        Network::from_byte(bytes[1]).ok_or(IdentifierError::UnknownNetwork)?;
        Ok(Self(bytes))
    }
}

impl fmt::Display for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&base58::encode(&self.0))
    }
}

impl fmt::Debug for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenId({self})")
    }
}

serde_as_text!(TokenId);
