//! An account: a key pair and its address.

use zeroize::{Zeroize, Zeroizing};

use crate::{
    hash::{chain_hash, sha256},
    identifier::{Address, Network},
    keys::{PrivateKey, PublicKey, Signature},
    randomness::RandomnessUnavailable,
    seed_phrase::SeedPhrase,
};

/// One account of a seed phrase on one network. Its private key is wiped when dropped and does not print.
#[derive(Clone, Debug)]
pub struct Account {
    index: u32,
    address: Address,
    public_key: PublicKey,
    private_key: PrivateKey,
}

impl Account {
    /// Derives the account with an index (the "nonce" of the wallets), counted from 0.
    pub fn derive(phrase: &SeedPhrase, index: u32, network: Network) -> Self {
        let mut seeded = Zeroizing::new(Vec::with_capacity(10 + phrase.expose().len()));
        seeded.extend_from_slice(index.to_string().as_bytes());
        seeded.extend_from_slice(phrase.expose().as_bytes());
        let account_seed = Zeroizing::new(chain_hash(&seeded));
        let mut key_bytes = sha256(account_seed.as_slice());
        let private_key = PrivateKey::from_bytes(key_bytes);
        key_bytes.zeroize();
        let public_key = private_key.public_key();
        Self {
            index,
            address: Address::of(&public_key, network),
            public_key,
            private_key,
        }
    }

    /// Which account of its seed phrase it is, counted from 0.
    pub const fn index(&self) -> u32 {
        self.index
    }

    /// The network of the address.
    pub const fn network(&self) -> Network {
        self.address.network()
    }

    /// The address.
    pub const fn address(&self) -> &Address {
        &self.address
    }

    /// The public key.
    pub const fn public_key(&self) -> &PublicKey {
        &self.public_key
    }

    /// The private key, which opens sealed boxes.
    pub const fn private_key(&self) -> &PrivateKey {
        &self.private_key
    }

    /// Signs with 64 bytes of fresh randomness, see [`PrivateKey::sign`].
    pub fn sign(&self, message: &[u8], random: &[u8; 64]) -> Signature {
        self.private_key.sign(message, random)
    }

    /// Signs with randomness from the operating system or the browser.
    ///
    /// # Errors
    /// [`RandomnessUnavailable`] when it has none.
    pub fn sign_with_os_randomness(&self, message: &[u8]) -> Result<Signature, RandomnessUnavailable> {
        self.private_key.sign_with_os_randomness(message)
    }
}
