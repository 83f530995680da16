//! The official client's wallet file, `wallet.dat`, plain or encrypted.
//!
//! Encrypted it is Base64 of `IV ‖ AES-256-CBC`, zero padded, under a key that PBKDF2 makes of the password. There is
//! no authentication: a file that was changed on purpose can decrypt to another phrase, which is why an imported phrase
//! deserves a look at [`SeedPhrase::doubts`](crate::SeedPhrase::doubts) and at its addresses.

use aes::Aes256;
use base64::{Engine, engine::general_purpose::STANDARD};
use cbc::cipher::{BlockModeDecrypt, BlockModeEncrypt, KeyIvInit, block_padding::NoPadding};
use pbkdf2::pbkdf2_hmac;
use serde::{Deserialize, Serialize};
use sha2::Sha512;
use thiserror::Error;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::{
    randomness::{RandomnessUnavailable, os_random},
    secret::SecretText,
    seed_phrase::SeedPhrase,
};

const KEY_SALT: &[u8] = b"0ba950e1-828b-4bae-9e06-faf078eb33ec";
const KEY_ROUNDS: u32 = 9_999;
const BLOCK_LENGTH: usize = 16;

/// The longest file that is read, in bytes. The official client writes about 300.
pub const MAXIMUM_LENGTH: usize = 64 * 1024;

/// What the `agent` of our own files says, after the pattern of the official client's.
pub const AGENT: &str = concat!(
    "V Systems Wallet Specification:1.0/V Cloud Console:",
    env!("CARGO_PKG_VERSION")
);

/// Why a wallet file could not be read.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum WalletFileError {
    /// It is encrypted and no password was given.
    #[error("the wallet file is encrypted: it needs its password")]
    NeedsPassword,
    /// The password does not decrypt it. A file damaged right at its beginning looks the same.
    #[error("this is not the password of the wallet file")]
    WrongPassword,
    /// It is cut off or changed, or it is no wallet file.
    #[error("the wallet file is damaged, or it is not a wallet file")]
    Damaged,
    /// It is a wallet file, but its phrase is empty.
    #[error("the wallet file holds no seed phrase")]
    NoSeedPhrase,
}

/// What a wallet file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WalletFile {
    /// The phrase of all accounts, exactly as it stands in the file.
    pub phrase: SeedPhrase,
    /// How many accounts the wallet shows: those with the indexes 0 to this, exclusive (`nonce` in the file).
    pub accounts: u32,
    /// The program that wrote it; empty where the file does not say.
    pub agent: String,
}

/// The JSON within.
#[derive(Serialize, Deserialize, Zeroize, ZeroizeOnDrop)]
struct Content {
    seed: String,
    nonce: u32,
    #[serde(default)]
    agent: String,
}

impl WalletFile {
    /// A wallet with this program as its agent.
    pub fn new(phrase: SeedPhrase, accounts: u32) -> Self {
        Self {
            phrase,
            accounts,
            agent: AGENT.to_owned(),
        }
    }

    /// Whether a file's text needs a password.
    ///
    /// # Errors
    /// [`WalletFileError::Damaged`] when it is neither a plain nor an encrypted wallet file.
    pub fn is_encrypted(text: &str) -> Result<bool, WalletFileError> {
        match Form::of(text)? {
            Form::Plain(_) => Ok(false),
            Form::Encrypted(_) => Ok(true),
        }
    }

    /// Reads a file's text. A password given for a plain file is not needed and not looked at.
    ///
    /// # Errors
    /// See [`WalletFileError`].
    pub fn read(text: &str, password: Option<&str>) -> Result<Self, WalletFileError> {
        match Form::of(text)? {
            Form::Plain(json) => Self::from_json(json),
            Form::Encrypted(bytes) => {
                let password = password.ok_or(WalletFileError::NeedsPassword)?;
                let plaintext = decrypt(&bytes, password)?;
                // With a wrong password the first block is noise, which never looks like the start of a wallet.
                if !looks_like_json(&plaintext[..BLOCK_LENGTH]) {
                    return Err(WalletFileError::WrongPassword);
                }
                let json = std::str::from_utf8(&plaintext).map_err(|_| WalletFileError::Damaged)?;
                Self::from_json(json.trim_end_matches('\0'))
            }
        }
    }

    /// The plain file. It is a secret.
    pub fn write_plain(&self) -> SecretText {
        let content = Content {
            seed: self.phrase.expose().to_owned(),
            nonce: self.accounts,
            agent: self.agent.clone(),
        };
        let json = Zeroizing::new(serde_json::to_string(&content).expect("strings and a number always serialise"));
        SecretText::new(escape_non_ascii(&json))
    }

    /// The encrypted file, with 16 fresh random bytes.
    pub fn write_encrypted(&self, password: &str, random: &[u8; 16]) -> String {
        let json = self.write_plain();
        let mut padded = Zeroizing::new(vec![0; json.expose().len().next_multiple_of(BLOCK_LENGTH)]);
        padded[..json.expose().len()].copy_from_slice(json.expose().as_bytes());
        let length = padded.len();
        cbc::Encryptor::<Aes256>::new(&(*derive_key(password)).into(), &(*random).into())
            .encrypt_padded::<NoPadding>(&mut padded, length)
            .expect("the content is a multiple of the block length");
        STANDARD.encode([random.as_slice(), &padded].concat())
    }

    /// The encrypted file, with randomness from the operating system or the browser.
    ///
    /// # Errors
    /// [`RandomnessUnavailable`] when it has none.
    pub fn write_encrypted_with_os_randomness(&self, password: &str) -> Result<String, RandomnessUnavailable> {
        Ok(self.write_encrypted(password, &os_random()?))
    }

    fn from_json(json: &str) -> Result<Self, WalletFileError> {
        let mut content: Content = serde_json::from_str(json).map_err(|_| WalletFileError::Damaged)?;
        let phrase = SeedPhrase::new(std::mem::take(&mut content.seed)).map_err(|_| WalletFileError::NoSeedPhrase)?;
        Ok(Self {
            phrase,
            accounts: content.nonce,
            agent: std::mem::take(&mut content.agent),
        })
    }
}

/// The same JSON in ASCII: the official client reads plain files in the encoding of the system it runs on.
fn escape_non_ascii(json: &str) -> String {
    // Six characters for two bytes or more, so that no half-written copy is left behind by a reallocation.
    let mut escaped = String::with_capacity(json.len() * 3);
    for character in json.chars() {
        if character.is_ascii() {
            escaped.push(character);
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                escaped.push_str(&format!("\\u{unit:04x}"));
            }
        }
    }
    escaped
}

/// What a file's text is.
enum Form<'a> {
    Plain(&'a str),
    /// The IV and whole blocks behind it.
    Encrypted(Vec<u8>),
}

impl<'a> Form<'a> {
    fn of(text: &'a str) -> Result<Self, WalletFileError> {
        if text.len() > MAXIMUM_LENGTH {
            return Err(WalletFileError::Damaged);
        }
        // Editors add a byte order mark and a line end.
        let text = text.trim_start_matches('\u{feff}').trim();
        if text.starts_with('{') {
            return Ok(Self::Plain(text));
        }
        let bytes = STANDARD.decode(text).map_err(|_| WalletFileError::Damaged)?;
        if bytes.len() < 2 * BLOCK_LENGTH || !bytes.len().is_multiple_of(BLOCK_LENGTH) {
            return Err(WalletFileError::Damaged);
        }
        Ok(Self::Encrypted(bytes))
    }
}

fn decrypt(bytes: &[u8], password: &str) -> Result<Zeroizing<Vec<u8>>, WalletFileError> {
    let (iv, ciphertext) = bytes
        .split_first_chunk::<BLOCK_LENGTH>()
        .ok_or(WalletFileError::Damaged)?;
    let mut plaintext = Zeroizing::new(ciphertext.to_vec());
    cbc::Decryptor::<Aes256>::new(&(*derive_key(password)).into(), &(*iv).into())
        .decrypt_padded::<NoPadding>(&mut plaintext)
        .map_err(|_| WalletFileError::Damaged)?;
    Ok(plaintext)
}

/// The format derives 256 bytes and uses the first 32. Those are all within PBKDF2's first block, so the others need
/// not be computed.
fn derive_key(password: &str) -> Zeroizing<[u8; 32]> {
    let mut key = Zeroizing::new([0; 32]);
    pbkdf2_hmac::<Sha512>(password.as_bytes(), KEY_SALT, KEY_ROUNDS, key.as_mut_slice());
    key
}

fn looks_like_json(block: &[u8]) -> bool {
    block.first() == Some(&b'{')
        && block
            .iter()
            .all(|byte| !byte.is_ascii_control() || byte.is_ascii_whitespace())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wallet(text: &str) -> WalletFile {
        WalletFile::new(SeedPhrase::new(text).expect("not empty"), 3)
    }

    #[test]
    fn files_are_ascii_whatever_the_phrase() {
        let written = wallet("unicode 种子 \u{1f511} \0\"").write_plain();
        assert!(written.expose().is_ascii());
        assert_eq!(
            written.expose().split(',').next(),
            Some(r#"{"seed":"unicode \u79cd\u5b50 \ud83d\udd11 \u0000\"""#)
        );
        assert_eq!(
            WalletFile::read(written.expose(), None),
            Ok(wallet("unicode 种子 \u{1f511} \0\""))
        );
    }

    #[test]
    fn an_encrypted_file_asks_for_its_password() {
        let text = wallet("test wallet seed").write_encrypted("密码", &[9; 16]);
        assert_eq!(WalletFile::is_encrypted(&text), Ok(true));
        assert_eq!(WalletFile::read(&text, None), Err(WalletFileError::NeedsPassword));
        assert_eq!(
            WalletFile::read(&text, Some("密碼")),
            Err(WalletFileError::WrongPassword)
        );
        assert_eq!(WalletFile::read(&text, Some("")), Err(WalletFileError::WrongPassword));
        assert_eq!(
            WalletFile::read(&format!("\u{feff}{text}\r\n"), Some("密码")),
            Ok(wallet("test wallet seed"))
        );
    }

    #[test]
    fn damage_behind_the_beginning_is_told_from_a_wrong_password() {
        let text = wallet("test wallet seed").write_encrypted("password", &[9; 16]);
        let mut bytes = STANDARD.decode(&text).expect("just encoded");
        bytes[2 * BLOCK_LENGTH] ^= 1;
        assert_eq!(
            WalletFile::read(&STANDARD.encode(&bytes), Some("password")),
            Err(WalletFileError::Damaged)
        );
        // Cut at a block: the text ends too early.
        bytes.truncate(3 * BLOCK_LENGTH);
        assert_eq!(
            WalletFile::read(&STANDARD.encode(&bytes), Some("password")),
            Err(WalletFileError::Damaged)
        );
    }

    #[test]
    fn what_is_no_wallet_file_is_told_without_asking_for_a_password() {
        let too_long = "A".repeat(MAXIMUM_LENGTH + 4);
        let no_blocks = STANDARD.encode([0; 40]);
        for text in ["", "   ", "wallet", "[]", "\u{0}", "AAAA", &no_blocks, &too_long] {
            assert_eq!(
                WalletFile::is_encrypted(text),
                Err(WalletFileError::Damaged),
                "{text:.20}"
            );
            assert_eq!(
                WalletFile::read(text, None),
                Err(WalletFileError::Damaged),
                "{text:.20}"
            );
        }
    }

    #[test]
    fn plain_files_are_checked_too() {
        for text in [
            "{",
            "{}",
            r#"{"seed":1,"nonce":1}"#,
            r#"{"seed":"a"}"#,
            r#"{"seed":"a","nonce":-1}"#,
        ] {
            assert_eq!(WalletFile::read(text, None), Err(WalletFileError::Damaged), "{text}");
        }
        assert_eq!(
            WalletFile::read(r#"{"seed":"","nonce":1}"#, None),
            Err(WalletFileError::NoSeedPhrase)
        );
        let read = WalletFile::read(r#" {"nonce": 2, "seed": " a ", "later": []} "#, Some("unused")).expect("plain");
        assert_eq!(
            (read.phrase.expose(), read.accounts, read.agent.as_str()),
            (" a ", 2, "")
        );
    }
}
