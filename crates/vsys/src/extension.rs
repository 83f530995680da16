//! What the browser extension "V Wallet" answers, read with care.
//!
//! Known from its published source and description (`virtualeconomy/v-browser-ext-wallet` on GitHub, versions 1.0 and 1.1):
//!
//! * Every answer has `result` and `message`; a refusal is `result: false` with one of few sentences. A page that breaks
//!   these rules gets a rejected promise instead.
//! * `info` names the network, `Mainnet` or `Testnet`, and answers even while the extension is locked.
//! * Amounts are decimal numbers of whole coins (`"100.5"`), both of `amount` and in `send`; texts keep them exact.
//! * `signContent` shows its dialog every time. The description spells the signature `signture`, the source `signature`:
//!   both are read. It is Base58, as all signatures of the chain's libraries are; Base64 is taken too, as a signature
//!   counts only when it verifies.
//! * `send` builds, signs and broadcasts by itself, with the usual fees and the moment of the confirmation as the time. What it
//!   answers when the node does not answer (`Failed to send VSYS`) does not say whether the node took the payment.
//! * There is one dialog for all tabs. Another request while it is shown, unless it is `info` or the extension is locked, closes it and answers
//!   `Popup Closed`. The first request notices only when it looks for its dialog, every half second: where a new dialog opens before
//!   that, one confirmation of it signs and sends both.
//! * Answers are told apart by their method alone: one that comes late counts as the answer to a later request of the same method.
//! * Of a token it sends the amount times what the chain says is one token, whatever the site thinks.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;

use crate::{Address, Network, PublicKey, Signature, TransactionId};

/// What there is no extension for.
const ABSENT: &str = "there is no extension";
/// What is said of an answer that is not as described.
const NOT_AS_DESCRIBED: &str = "the answer is not as described";
/// What is said where another network is selected in it.
const OTHER_NETWORK: &str = "another network is selected";
/// What it says where another account is selected in it.
const OTHER_ACCOUNT: &str = "Request public key does not match current selected account!";
/// What is said where it never answered.
const SILENT: &str = "there is no answer";

/// Why the extension did not do what it was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Refusal {
    /// The person said no, to this or to the site.
    Denied,
    /// It is locked.
    Locked,
    /// There is no account in it yet.
    NoAccount,
    /// Another account is selected in it.
    OtherAccount,
    /// Another network is selected in it.
    OtherNetwork,
    /// Another dialog of it was open; it is closed by now.
    Busy,
    /// It does not know such a request: an old version.
    Unsupported,
    /// It is not there, or not any more.
    Absent,
    /// It never answered.
    Silent,
    /// Its answer is unusable: no signature that verifies, no address.
    Unusable,
    /// Something else.
    Other,
}

/// The extension's own sentences, each of which it says only before it has signed anything.
const SENTENCES: [(&str, Refusal); 7] = [
    ("User denied the action", Refusal::Denied),
    ("User denied the website access extension wallet", Refusal::Denied),
    ("account is locked", Refusal::Locked),
    ("account is not created", Refusal::NoAccount),
    (OTHER_ACCOUNT, Refusal::OtherAccount),
    ("Popup Closed", Refusal::Busy),
    ("invalid method!", Refusal::Unsupported),
];

impl Refusal {
    /// What the extension's words mean. Only its very sentences mean something for certain: what is like them may be said by a node or
    /// a browser, after it has signed and sent.
    pub fn of(words: &str) -> Self {
        let said = SENTENCES.iter().find(|(sentence, _)| *sentence == words);
        match words {
            ABSENT => Self::Absent,
            SILENT => Self::Silent,
            OTHER_NETWORK => Self::OtherNetwork,
            _ if words.starts_with(NOT_AS_DESCRIBED) => Self::Unusable,
            _ => said.map_or(Self::Other, |(_, refusal)| *refusal),
        }
    }

    /// Whether it is certain that nothing was signed and nothing sent.
    pub const fn is_certain(self) -> bool {
        matches!(
            self,
            Self::Denied
                | Self::Locked
                | Self::NoAccount
                | Self::OtherAccount
                | Self::OtherNetwork
                | Self::Unsupported
                | Self::Absent
        )
    }
}

/// A request that came to nothing, in the extension's words.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{words}")]
pub struct Failure {
    /// What they mean.
    pub refusal: Refusal,
    /// The words.
    pub words: String,
}

impl Failure {
    /// A failure in the extension's words.
    pub fn said(words: &str) -> Self {
        Self {
            refusal: Refusal::of(words),
            words: words.to_owned(),
        }
    }

    /// There is no extension.
    pub fn absent() -> Self {
        Self::said(ABSENT)
    }

    /// What it said, where that were its own words.
    pub fn detail(&self) -> Option<String> {
        let is_own = !matches!(self.refusal, Refusal::Absent | Refusal::OtherNetwork | Refusal::Silent);
        is_own.then(|| self.words.clone())
    }

    /// Another account is selected than the one that is needed.
    pub fn other_account() -> Self {
        Self::said(OTHER_ACCOUNT)
    }

    /// Another network is selected than the one that is needed.
    pub fn other_network() -> Self {
        Self::said(OTHER_NETWORK)
    }

    /// It never answered.
    pub fn silent() -> Self {
        Self::said(SILENT)
    }

    fn unusable(what: &str) -> Self {
        Self::said(&format!("{NOT_AS_DESCRIBED}: {what}"))
    }
}

/// An answer that is no refusal.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Answer {
    network: Option<Value>,
    address: Option<Value>,
    public_key: Option<Value>,
    transaction_id: Option<Value>,
    signture: Option<Value>,
    signature: Option<Value>,
}

/// Bytes as `signContent` takes them.
pub fn content(bytes: &[u8]) -> String {
    bs58::encode(bytes).into_string()
}

/// The account that the extension has selected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ExtensionAccount {
    /// Its address.
    pub address: Address,
    /// Its public key.
    pub public_key: PublicKey,
}

fn text(value: Option<&Value>) -> &str {
    value.and_then(Value::as_str).unwrap_or_default().trim()
}

impl Answer {
    /// Reads the JSON of an answer.
    ///
    /// # Errors
    /// Where it is a refusal, or nothing that can be read.
    pub fn read(json: &str) -> Result<Self, Failure> {
        let value: Value = serde_json::from_str(json).map_err(|_| Failure::unusable("no object"))?;
        if !value.is_object() {
            return Err(Failure::unusable("no object"));
        }
        if value.get("result") != Some(&Value::Bool(true)) {
            let words = text(value.get("message"));
            return Err(if words.is_empty() {
                Failure::unusable("a refusal without words")
            } else {
                Failure::said(words)
            });
        }
        serde_json::from_value(value).map_err(|_| Failure::unusable("no object"))
    }

    /// The network (`info`).
    ///
    /// # Errors
    /// Where it names none.
    pub fn network(&self) -> Result<Network, Failure> {
        let name = text(self.network.as_ref()).to_ascii_lowercase();
        name.parse().map_err(|_| Failure::unusable("network"))
    }

    /// The account (`publicKey`), whose address is worked out from the key and has to be the one that it names.
    ///
    /// # Errors
    /// Where it names none, or not the key's address on that network.
    pub fn account(&self, network: Network) -> Result<ExtensionAccount, Failure> {
        let public_key: PublicKey = text(self.public_key.as_ref())
            .parse()
            .map_err(|_| Failure::unusable("publicKey"))?;
        let address = Address::of(&public_key, network);
        let named = text(self.address.as_ref());
        if named.is_empty() || named == address.to_string() {
            Ok(ExtensionAccount { address, public_key })
        } else {
            Err(Failure::unusable("address"))
        }
    }

    /// The signature of a message (`signContent`), which has to be the account's.
    ///
    /// # Errors
    /// Where there is none that verifies.
    pub fn signature(&self, signer: &PublicKey, message: &[u8]) -> Result<Signature, Failure> {
        [&self.signture, &self.signature]
            .into_iter()
            .flat_map(|field| {
                let text = text(field.as_ref());
                let base64 = STANDARD.decode(text).ok().and_then(|bytes| bytes.try_into().ok());
                [text.parse().ok(), base64.map(Signature::from_bytes)]
            })
            .flatten()
            .find(|signature| signer.verify(message, signature).is_ok())
            .ok_or_else(|| Failure::unusable("signature"))
    }

    /// The transaction's id (`send`).
    ///
    /// # Errors
    /// Where it names none.
    pub fn transaction_id(&self) -> Result<TransactionId, Failure> {
        text(self.transaction_id.as_ref())
            .parse()
            .map_err(|_| Failure::unusable("transactionId"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Account, SeedPhrase};

    fn account() -> Account {
        let phrase = SeedPhrase::new("a phrase of tests").expect("a phrase");
        Account::derive(&phrase, 0, Network::Testnet)
    }

    #[test]
    fn refusals_are_told_apart_by_their_words() {
        for (words, refusal, is_certain) in [
            ("User denied the action", Refusal::Denied, true),
            ("User denied the website access extension wallet", Refusal::Denied, true),
            ("account is locked", Refusal::Locked, true),
            ("account is not created", Refusal::NoAccount, true),
            (
                "Request public key does not match current selected account!",
                Refusal::OtherAccount,
                true,
            ),
            ("invalid method!", Refusal::Unsupported, true),
            ("Popup Closed", Refusal::Busy, false),
            ("Failed to send VSYS", Refusal::Other, false),
            ("Failed to get Token Info", Refusal::Other, false),
            // What only sounds like its sentences may be said after it has sent.
            ("User denied the action.", Refusal::Other, false),
            ("the request was rejected by the server", Refusal::Other, false),
            ("request blocked", Refusal::Other, false),
            ("the request was cancelled", Refusal::Other, false),
        ] {
            let answer = serde_json::json!({ "result": false, "message": words }).to_string();
            let failure = Answer::read(&answer).expect_err(words);
            assert_eq!((failure.refusal, failure.words.as_str()), (refusal, words));
            assert_eq!(failure.refusal.is_certain(), is_certain, "{words}");
        }
        for (failure, refusal, is_certain) in [
            (Failure::absent(), Refusal::Absent, true),
            (Failure::other_account(), Refusal::OtherAccount, true),
            (Failure::other_network(), Refusal::OtherNetwork, true),
            (Failure::silent(), Refusal::Silent, false),
        ] {
            assert_eq!((failure.refusal, failure.refusal.is_certain()), (refusal, is_certain));
        }
        for json in [
            "",
            "null",
            "[]",
            "undefined",
            r#"{"result":false}"#,
            "{}",
            r#"{"result":"true"}"#,
        ] {
            let failure = Answer::read(json).expect_err(json);
            assert_eq!(failure.refusal, Refusal::Unusable, "{json}");
            assert!(!failure.refusal.is_certain(), "{json}");
        }
    }

    #[test]
    fn an_account_is_taken_only_with_the_address_of_its_key() {
        let account = account();
        let answer = |address: &str| {
            let answer = serde_json::json!({
                "result": true, "message": "OK", "publicKey": account.public_key().to_string(), "address": address,
            });
            Answer::read(&answer.to_string()).expect("an answer")
        };
        let own = account.address().to_string();
        let read = answer(&own).account(Network::Testnet).expect("its own address");
        assert_eq!(
            (read.address, read.public_key),
            (*account.address(), *account.public_key())
        );
        assert!(answer("").account(Network::Testnet).is_ok());
        assert!(
            answer(&own).account(Network::Mainnet).is_err(),
            "another network's address"
        );
        let info = |network: &str| {
            Answer::read(&format!(r#"{{"result":true,"network":"{network}"}}"#))
                .expect("an answer")
                .network()
        };
        assert_eq!(info("Mainnet"), Ok(Network::Mainnet));
        assert_eq!(info("testnet"), Ok(Network::Testnet));
        assert!(info("Devnet").is_err());
    }

    #[test]
    fn a_signature_counts_only_when_it_verifies_however_its_field_is_spelled() {
        let account = account();
        let (message, other) = ([7; 32], [8; 32]);
        let signature = account.sign(&message, &[3; 64]);
        let base58 = signature.to_string();
        let base64 = STANDARD.encode(signature.as_bytes());
        let read = |field: &str, text: &str| {
            let answer = serde_json::json!({ "result": true, "message": "OK", field: text }).to_string();
            Answer::read(&answer).expect("an answer")
        };
        for answer in [
            read("signture", &base58),
            read("signature", &base58),
            read("signature", &base64),
        ] {
            let found = answer.signature(account.public_key(), &message);
            assert_eq!(found.as_ref().map(Signature::as_bytes), Ok(signature.as_bytes()));
            let failure = answer
                .signature(account.public_key(), &other)
                .expect_err("of another message");
            assert_eq!(failure.refusal, Refusal::Unusable);
        }
        for text in ["", "abc", "1111"] {
            assert!(
                read("signature", text)
                    .signature(account.public_key(), &message)
                    .is_err()
            );
        }
    }
}
