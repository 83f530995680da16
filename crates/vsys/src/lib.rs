//! V Systems accounts, signatures, sealed boxes, wallet files, vaults and transactions.
//!
//! Everything here is a pure function of its arguments: no network, no storage, no clock. Randomness is an argument
//! too; the functions that end in `_with_os_randomness` fetch it from the operating system or the browser.
//!
//! Primitives come from established crates. Two constructions on top of them are written here because no maintained
//! crate of the same generation has them: XEdDSA ([`PublicKey::verify`], [`PrivateKey::sign`]) and NaCl sealed boxes
//! ([`sealed_box`]).
//!
//! Secrets ([`SeedPhrase`], [`PrivateKey`], [`SecretText`], [`SecretBytes`]) are wiped when dropped and never print.
//!
//! ```
//! use vsys::{Account, Network, SeedPhrase};
//!
//! let phrase = SeedPhrase::new("test wallet seed")?;
//! let account = Account::derive(&phrase, 0, Network::Testnet);
//! let signature = account.sign(b"a message", &[7; 64]);
//! assert!(account.public_key().verify(b"a message", &signature).is_ok());
//! # Ok::<(), vsys::EmptySeedPhrase>(())
//! ```

mod base58;
mod hash;

pub mod access_token;
mod account;
pub mod extension;
mod identifier;
mod keys;
mod randomness;
pub mod sealed_box;
mod secret;
pub mod seed_phrase;
pub mod transaction;
pub mod vault;
pub mod wallet_file;
mod xeddsa;

pub use access_token::{AccessToken, AccessTokenError};
pub use account::Account;
pub use identifier::{Address, ContractId, IdentifierError, Network, TokenId, UnknownNetwork};
pub use keys::{InvalidSignature, KeyError, PrivateKey, PublicKey, Signature};
pub use randomness::{RandomnessUnavailable, os_random};
pub use secret::{SecretBytes, SecretText};
pub use seed_phrase::{EmptySeedPhrase, SeedPhrase};
pub use transaction::{
    Attachment, Payment, SignedPayment, SignedTokenSend, TokenSend, TransactionError, TransactionId,
};
pub use wallet_file::{WalletFile, WalletFileError};
