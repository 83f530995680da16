//! The encrypted container in which a browser keeps secrets between visits.
//!
//! One line of ASCII, `vsys-vault:1:argon2id:MEMORY:PASSES:LANES:SALT:NONCE:CIPHERTEXT:CHECKSUM`, numbers in decimal,
//! bytes in Base64 (URL alphabet, no padding):
//!
//! * Argon2id makes a 32-byte key of the password and the 16-byte salt, with `MEMORY` in KiB;
//! * XChaCha20-Poly1305 encrypts under it with the 24-byte nonce; everything before `CIPHERTEXT`, byte for byte, is its
//!   associated data;
//! * `CHECKSUM` is the first 8 bytes of SHA-256 of everything before it. It protects nothing: it tells damage from a
//!   wrong password, and spares the key derivation when there is nothing left to decrypt.
//!
//! The cost is stored, so it can grow without making older vaults unreadable ([`is_outdated`] tells which ones are to be sealed
//! anew), and bounded when read, so that a hostile vault cannot take all memory or minutes of time.
//!
//! Every wrong password costs the whole key derivation and ends in the same error: nothing tells how near it was.

use argon2::{Algorithm, Argon2, Params};
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use thiserror::Error;
use zeroize::Zeroizing;

use crate::{
    hash::sha256,
    randomness::{RandomnessUnavailable, os_random},
    secret::SecretBytes,
};

const NAME: &str = "vsys-vault";
const VERSION: u32 = 1;
const KEY_DERIVATION: &str = "argon2id";
const SALT_LENGTH: usize = 16;
const NONCE_LENGTH: usize = 24;
const CHECKSUM_LENGTH: usize = 8;

/// How many random bytes [`seal`] needs: the salt and the nonce.
pub const RANDOM_LENGTH: usize = SALT_LENGTH + NONCE_LENGTH;

/// The longest vault that is opened, in bytes.
pub const MAXIMUM_LENGTH: usize = 16 * 1024 * 1024;

/// Why a vault could not be opened.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum VaultError {
    /// The password is not the vault's.
    #[error("this is not the password of the vault")]
    WrongPassword,
    /// It is cut off or changed, or it is no vault.
    #[error("the vault is damaged")]
    Damaged,
    /// A newer version of this program wrote it.
    #[error("the vault was written by a newer version (format {0}) of this program")]
    NewerVersion(u32),
    /// Its key derivation asks for more memory or time than any vault of ours.
    #[error("the vault asks for an unreasonable amount of memory or time")]
    Excessive,
    /// There is not enough memory to derive the key.
    #[error("there is not enough memory to open the vault")]
    OutOfMemory,
}

/// Why nothing could be sealed.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum VaultSealError {
    /// There is not enough memory to derive the key, or the content is far too large.
    #[error("there is not enough memory to make a vault")]
    OutOfMemory,
    /// See [`RandomnessUnavailable`].
    #[error(transparent)]
    Randomness(#[from] RandomnessUnavailable),
}

/// What deriving the key costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cost {
    memory_kib: u32,
    passes: u32,
    lanes: u32,
}

impl Cost {
    /// What new vaults have: more than the 19 MiB and 2 passes that OWASP asks for at the least, and still under a
    /// second in a browser on a phone.
    const OF_NEW_VAULTS: Self = Self {
        memory_kib: 32 * 1024,
        passes: 3,
        lanes: 1,
    };

    /// What a vault may ask for at the most.
    const LIMIT: Self = Self {
        memory_kib: 256 * 1024,
        passes: 16,
        lanes: 4,
    };

    fn is_within(self, limit: Self) -> bool {
        self.memory_kib <= limit.memory_kib && self.passes <= limit.passes && self.lanes <= limit.lanes
    }
}

/// Encrypts bytes with a password. `random` must be fresh.
///
/// # Errors
/// [`VaultSealError::OutOfMemory`].
pub fn seal(password: &str, plaintext: &[u8], random: &[u8; RANDOM_LENGTH]) -> Result<String, VaultSealError> {
    seal_at_cost(Cost::OF_NEW_VAULTS, password, plaintext, random)
}

/// Encrypts bytes with a password and randomness from the operating system or the browser.
///
/// # Errors
/// See [`VaultSealError`].
pub fn seal_with_os_randomness(password: &str, plaintext: &[u8]) -> Result<String, VaultSealError> {
    seal(password, plaintext, &os_random()?)
}

fn seal_at_cost(
    cost: Cost,
    password: &str,
    plaintext: &[u8],
    random: &[u8; RANDOM_LENGTH],
) -> Result<String, VaultSealError> {
    let (salt, nonce) = random.split_at(SALT_LENGTH);
    let header = format!(
        "{NAME}:{VERSION}:{KEY_DERIVATION}:{}:{}:{}:{}:{}:",
        cost.memory_kib,
        cost.passes,
        cost.lanes,
        URL_SAFE_NO_PAD.encode(salt),
        URL_SAFE_NO_PAD.encode(nonce),
    );
    let key = derive_key(cost, password, salt).map_err(|_| VaultSealError::OutOfMemory)?;
    let nonce = XNonce::try_from(nonce).expect("the rest of the randomness is the nonce");
    let ciphertext = XChaCha20Poly1305::new(&(*key).into())
        .encrypt(
            &nonce,
            Payload {
                msg: plaintext,
                aad: header.as_bytes(),
            },
        )
        .map_err(|_| VaultSealError::OutOfMemory)?;
    let body = format!("{header}{}:", URL_SAFE_NO_PAD.encode(ciphertext));
    let checksum = checksum(&body);
    Ok(body + &checksum)
}

/// Decrypts a vault.
///
/// # Errors
/// See [`VaultError`].
pub fn open(password: &str, vault: &str) -> Result<SecretBytes, VaultError> {
    let parsed = Vault::parse(vault)?;
    let key = derive_key(parsed.cost, password, &parsed.salt)?;
    XChaCha20Poly1305::new(&(*key).into())
        .decrypt(
            &parsed.nonce.into(),
            Payload {
                msg: &parsed.ciphertext,
                aad: parsed.header.as_bytes(),
            },
        )
        .map(SecretBytes::new)
        .map_err(|_| VaultError::WrongPassword)
}

/// Whether a vault was sealed at a lower cost than [`seal`] seals at today, so that it is worth sealing anew once its password is known. One
/// that can't be read is not.
pub fn is_outdated(vault: &str) -> bool {
    Vault::parse(vault).is_ok_and(|parsed| !Cost::OF_NEW_VAULTS.is_within(parsed.cost))
}

/// The parts of a vault whose checksum is right.
struct Vault<'a> {
    cost: Cost,
    salt: [u8; SALT_LENGTH],
    nonce: [u8; NONCE_LENGTH],
    /// What is authenticated but not encrypted.
    header: &'a str,
    ciphertext: Vec<u8>,
}

impl<'a> Vault<'a> {
    fn parse(text: &'a str) -> Result<Self, VaultError> {
        if text.len() > MAXIMUM_LENGTH {
            return Err(VaultError::Damaged);
        }
        // A later version may have any form after its number, so that comes first.
        let after_name = text
            .strip_prefix(NAME)
            .and_then(|rest| rest.strip_prefix(':'))
            .ok_or(VaultError::Damaged)?;
        let (version, _) = after_name.split_once(':').ok_or(VaultError::Damaged)?;
        let version = number(version)?;
        if version > VERSION {
            return Err(VaultError::NewerVersion(version));
        }

        let (body, found) = text.rsplit_once(':').ok_or(VaultError::Damaged)?;
        if checksum(&text[..=body.len()]) != found {
            return Err(VaultError::Damaged);
        }
        let (header, ciphertext) = body.rsplit_once(':').ok_or(VaultError::Damaged)?;
        let fields: Vec<_> = header.split(':').collect();
        let [NAME, "1", KEY_DERIVATION, memory_kib, passes, lanes, salt, nonce] = fields[..] else {
            return Err(VaultError::Damaged);
        };
        let cost = Cost {
            memory_kib: number(memory_kib)?,
            passes: number(passes)?,
            lanes: number(lanes)?,
        };
        if !cost.is_within(Cost::LIMIT) {
            return Err(VaultError::Excessive);
        }
        Ok(Self {
            cost,
            salt: bytes(salt)?,
            nonce: bytes(nonce)?,
            header: &text[..=header.len()],
            ciphertext: URL_SAFE_NO_PAD.decode(ciphertext).map_err(|_| VaultError::Damaged)?,
        })
    }
}

/// A number in decimal, written in the one way that [`seal`] writes it.
fn number(text: &str) -> Result<u32, VaultError> {
    let number = text.parse::<u32>().map_err(|_| VaultError::Damaged)?;
    if number.to_string() == text {
        Ok(number)
    } else {
        Err(VaultError::Damaged)
    }
}

fn bytes<const N: usize>(text: &str) -> Result<[u8; N], VaultError> {
    let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| VaultError::Damaged)?;
    bytes.try_into().map_err(|_| VaultError::Damaged)
}

fn checksum(body: &str) -> String {
    URL_SAFE_NO_PAD.encode(&sha256(body.as_bytes())[..CHECKSUM_LENGTH])
}

fn derive_key(cost: Cost, password: &str, salt: &[u8]) -> Result<Zeroizing<[u8; 32]>, VaultError> {
    let parameters =
        Params::new(cost.memory_kib, cost.passes, cost.lanes, Some(32)).map_err(|_| VaultError::Damaged)?;
    let mut key = Zeroizing::new([0; 32]);
    Argon2::new(Algorithm::Argon2id, argon2::Version::V0x13, parameters)
        .hash_password_into(password.as_bytes(), salt, key.as_mut_slice())
        .map_err(|_| VaultError::OutOfMemory)?;
    Ok(key)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The least that Argon2 allows, for tests of everything but the cost.
    const CHEAP: Cost = Cost {
        memory_kib: 8,
        passes: 1,
        lanes: 1,
    };

    fn cheap_vault(password: &str, plaintext: &[u8]) -> String {
        seal_at_cost(CHEAP, password, plaintext, &[7; RANDOM_LENGTH]).expect("8 KiB of memory")
    }

    /// The same vault with a changed part and a checksum that fits it.
    fn forge(vault: &str, change: impl FnOnce(&mut Vec<&str>)) -> String {
        let mut parts: Vec<_> = vault.split(':').collect();
        parts.pop();
        change(&mut parts);
        let body = parts.join(":") + ":";
        let checksum = checksum(&body);
        body + &checksum
    }

    #[test]
    fn new_vaults_cost_what_they_should_and_open() {
        let cost = Cost::OF_NEW_VAULTS;
        assert!(cost.memory_kib >= 19 * 1024 && cost.passes >= 2 && cost.is_within(Cost::LIMIT));
        let vault = seal_with_os_randomness("密码 123", b"content").expect("32 MiB of memory");
        assert!(vault.starts_with("vsys-vault:1:argon2id:32768:3:1:"), "{vault}");
        assert_eq!(open("密码 123", &vault), Ok(SecretBytes::new(b"content".to_vec())));
    }

    #[test]
    fn a_vault_of_the_first_version_still_opens() {
        // Made with libsodium.
        let vault = "vsys-vault:1:argon2id:8:1:1:BwcHBwcHBwcHBwcHBwcHBw:BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH:m0rH-jbrkcs0RPVN4SG5xwUF2Xy-gwQ:SGiGCatUO7Q";
        assert_eq!(open("password", vault), Ok(SecretBytes::new(b"content".to_vec())));
        assert_eq!(cheap_vault("password", b"content"), vault);
    }

    #[test]
    fn a_vault_that_was_cheaper_is_outdated_and_one_of_today_is_not() {
        assert!(is_outdated(&cheap_vault("password", b"content")));
        let of_today = seal("password", b"content", &[7; RANDOM_LENGTH]).expect("32 MiB of memory");
        assert!(!is_outdated(&of_today));
        let dearer = Cost {
            passes: Cost::OF_NEW_VAULTS.passes + 1,
            ..Cost::OF_NEW_VAULTS
        };
        let dearer = seal_at_cost(dearer, "password", b"content", &[7; RANDOM_LENGTH]).expect("32 MiB of memory");
        assert!(!is_outdated(&dearer));
        assert!(!is_outdated(&of_today[..of_today.len() - 1]));
    }

    #[test]
    fn a_newer_version_is_named_whatever_follows() {
        for (text, version) in [("vsys-vault:2:", 2), ("vsys-vault:3:something else", 3)] {
            assert_eq!(open("password", text), Err(VaultError::NewerVersion(version)));
        }
    }

    #[test]
    fn a_hostile_cost_is_refused_before_any_work() {
        let vault = cheap_vault("password", b"content");
        for (part, value) in [(3, "4194303"), (3, "4294967295"), (4, "4294967295"), (5, "16777215")] {
            let hostile = forge(&vault, |parts| parts[part] = value);
            assert_eq!(open("password", &hostile), Err(VaultError::Excessive), "{hostile}");
        }
        for (part, value) in [
            (3, "0"),
            (3, "7"),
            (4, "0"),
            (5, "0"),
            (3, "08"),
            (3, "+8"),
            (3, "4294967296"),
            (6, "AAAA"),
        ] {
            let hostile = forge(&vault, |parts| parts[part] = value);
            assert_eq!(open("password", &hostile), Err(VaultError::Damaged), "{hostile}");
        }
    }

    #[test]
    fn the_header_is_authenticated() {
        let vault = cheap_vault("password", b"content");
        let changed = forge(&vault, |parts| parts[4] = "2");
        assert_eq!(open("password", &changed), Err(VaultError::WrongPassword));
        // Same key, same nonce, same ciphertext: only the associated data differ.
        let parsed = Vault::parse(&vault).expect("a vault");
        let key = derive_key(parsed.cost, "password", &parsed.salt).expect("8 KiB of memory");
        let cipher = XChaCha20Poly1305::new(&(*key).into());
        let payload = Payload {
            msg: &parsed.ciphertext,
            aad: b"vsys-vault:1:another header:",
        };
        assert!(cipher.decrypt(&parsed.nonce.into(), payload).is_err());
    }

    #[test]
    fn the_plaintext_does_not_show() {
        assert!(!cheap_vault("password", b"content").contains(&URL_SAFE_NO_PAD.encode("content")));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        #[test]
        fn vaults_open_with_their_password_only(
            password: String, other: String, plaintext: Vec<u8>, random in prop::array::uniform32(any::<u8>()),
        ) {
            let random = std::array::from_fn(|index| random[index % 32]);
            let vault = seal_at_cost(CHEAP, &password, &plaintext, &random).expect("8 KiB of memory");
            prop_assert_eq!(open(&password, &vault), Ok(SecretBytes::new(plaintext)));
            if other != password {
                prop_assert_eq!(open(&other, &vault), Err(VaultError::WrongPassword));
            }
        }

        #[test]
        fn any_damage_is_told_from_a_wrong_password(position: prop::sample::Index, bit in 0..7_u8, cut: prop::sample::Index) {
            let vault = cheap_vault("password", b"content");
            let mut damaged = vault.clone().into_bytes();
            damaged[position.index(vault.len())] ^= 1 << bit;
            let damaged = String::from_utf8(damaged).expect("ASCII stays ASCII");
            let error = open("password", &damaged).expect_err("damaged");
            prop_assert!(matches!(error, VaultError::Damaged | VaultError::NewerVersion(_)), "{damaged}: {error}");
            prop_assert_eq!(open("password", &vault[..cut.index(vault.len())]), Err(VaultError::Damaged));
        }

        #[test]
        fn any_text_is_an_error_and_nothing_worse(text in "(vsys-vault:)?(1:)?(argon2id:)?[0-9:A-Za-z_-]{0,80}") {
            prop_assert!(open("password", &text).is_err());
        }
    }
}
