//! Values made with the official client: what it derives, seals, signs and writes must be what this crate does.
//!
//! `VSYS_VECTORS` may name another file of the same shape. Signatures are randomised, so theirs must verify, and ours
//! must verify and differ from theirs.

use std::{collections::HashSet, path::PathBuf};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use vsys::{
    AccessToken, Account, Address, Attachment, ContractId, InvalidSignature, Network, Payment, PrivateKey, PublicKey,
    SecretText, SeedPhrase, Signature, SignedPayment, SignedTokenSend, TokenSend, WalletFile, WalletFileError,
    sealed_box,
};

/// All vectors of a kind; a kind that is missing or empty fails the test instead of passing it.
fn vectors<T: DeserializeOwned>(kind: &str) -> Vec<T> {
    let path = std::env::var_os("VSYS_VECTORS").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/vectors/wallet.json")),
        PathBuf::from,
    );
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let mut file: Value = serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let found = file
        .get_mut(kind)
        .unwrap_or_else(|| panic!("{} has no {kind}", path.display()))
        .take();
    let vectors: Vec<T> = serde_json::from_value(found).unwrap_or_else(|error| panic!("{kind}: {error}"));
    assert!(!vectors.is_empty(), "{} has no {kind}", path.display());
    println!("{} {kind}", vectors.len());
    vectors
}

fn parse<T: std::str::FromStr>(text: &str) -> T
where
    T::Err: std::fmt::Display,
{
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

fn private_key(text: &str) -> PrivateKey {
    PrivateKey::from_base58(text).unwrap_or_else(|error| panic!("{error}"))
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Theirs verifies; ours verifies, differs, and neither passes for another message or key.
fn check_signatures(key: &PrivateKey, message: &[u8], theirs: &Signature) {
    let public_key = key.public_key();
    let ours = key.sign_with_os_randomness(message).expect("randomness");
    assert_ne!(&ours, theirs, "signatures are randomised");
    let other_key = PrivateKey::from_bytes([42; 32]).public_key();
    for signature in [&ours, theirs] {
        assert_eq!(public_key.verify(message, signature), Ok(()));
        assert_eq!(
            public_key.verify(&[message, b"."].concat(), signature),
            Err(InvalidSignature)
        );
        assert_eq!(other_key.verify(message, signature), Err(InvalidSignature));
    }
}

#[test]
fn accounts() {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Vector {
        seed: String,
        network: String,
        nonce: u32,
        account_seed: String,
        private_key: String,
        public_key: PublicKey,
        address: Address,
    }
    let vectors: Vec<Vector> = vectors("accounts");
    for vector in &vectors {
        let network: Network = parse(&vector.network);
        let phrase = SeedPhrase::new(vector.seed.as_str()).expect("not empty");
        let account = Account::derive(&phrase, vector.nonce, network);
        assert_eq!(account.address(), &vector.address, "{} {}", vector.seed, vector.nonce);
        assert_eq!(account.public_key(), &vector.public_key);
        assert_eq!(
            bs58::encode(account.private_key().expose()).into_string(),
            vector.private_key
        );
        assert_eq!((account.index(), account.network()), (vector.nonce, network));
        assert_eq!(vector.address.network(), network);
        assert_eq!(Address::of(&vector.public_key, network), vector.address);

        let account_seed = bs58::decode(&vector.account_seed).into_vec().expect("Base58");
        let from_account_seed = PrivateKey::from_bytes(Sha256::digest(account_seed).into());
        assert_eq!(from_account_seed.expose(), account.private_key().expose());
    }
    let addresses: HashSet<_> = vectors.iter().map(|vector| vector.address).collect();
    assert!(addresses.len() > 1, "the vectors are of different accounts");
}

#[test]
fn sealed_boxes() {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Vector {
        private_key: String,
        ciphertext: String,
        plaintext: String,
    }
    for vector in vectors::<Vector>("sealedBoxes") {
        let key = private_key(&vector.private_key);
        let opened = sealed_box::open_base58(&key, &vector.ciphertext).expect("theirs opens");
        assert_eq!(opened.expose(), vector.plaintext.as_bytes());

        let ours = sealed_box::seal_with_os_randomness(&key.public_key(), opened.expose()).expect("a good key");
        assert_eq!(ours.len(), vector.plaintext.len() + sealed_box::OVERHEAD);
        assert_eq!(sealed_box::open(&key, &ours), Ok(opened));
    }
}

#[test]
fn requests() {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Vector {
        address: Address,
        timestamp: u64,
        canonical_request: String,
        canonical_hash_hex: String,
        digest_to_sign_hex: String,
        public_key: PublicKey,
        private_key: String,
        a_valid_signature_base64: String,
    }
    for vector in vectors::<Vector>("requests") {
        let key = private_key(&vector.private_key);
        assert_eq!(key.public_key(), vector.public_key);
        assert_eq!(
            Address::of(&vector.public_key, vector.address.network()),
            vector.address
        );

        let canonical_hash = hex(&Sha256::digest(&vector.canonical_request));
        assert_eq!(canonical_hash, vector.canonical_hash_hex);
        let digest = Sha256::digest(format!("HMAC-SHA256{}{canonical_hash}", vector.timestamp));
        assert_eq!(hex(&digest), vector.digest_to_sign_hex);
        let theirs = STANDARD.decode(&vector.a_valid_signature_base64).expect("Base64");
        check_signatures(
            &key,
            &digest,
            &Signature::from_bytes(theirs.try_into().expect("64 bytes")),
        );
    }
}

#[test]
fn payments() {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Vector {
        private_key: String,
        public_key: PublicKey,
        recipient: Address,
        amount: u64,
        fee: u64,
        fee_scale: u16,
        timestamp_ns: u64,
        attachment: String,
        attachment_base58: Attachment,
        bytes_to_sign_hex: String,
        a_valid_signature_base58: Signature,
    }
    for vector in vectors::<Vector>("payments") {
        let key = private_key(&vector.private_key);
        assert_eq!(vector.attachment_base58.as_text(), Some(vector.attachment.as_str()));
        let attachment = Attachment::new(vector.attachment.as_str()).expect("within the limit");
        let payment = Payment::new(vector.recipient, vector.amount, attachment, vector.timestamp_ns);
        assert_eq!((payment.fee, payment.fee_scale), (vector.fee, vector.fee_scale));
        assert_eq!(hex(&payment.bytes_to_sign()), vector.bytes_to_sign_hex);
        check_signatures(&key, &payment.bytes_to_sign(), &vector.a_valid_signature_base58);

        // What the official client broadcasts.
        let body = json!({
            "senderPublicKey": vector.public_key.to_string(),
            "recipient": vector.recipient.to_string(),
            "amount": vector.amount,
            "fee": vector.fee,
            "feeScale": vector.fee_scale,
            "timestamp": vector.timestamp_ns,
            "attachment": vector.attachment_base58.to_string(),
            "signature": vector.a_valid_signature_base58.to_string(),
        });
        let received: SignedPayment = serde_json::from_value(body.clone()).expect("a payment");
        assert_eq!(received.check(), Ok(()));
        assert_eq!((received.sender, &received.payment), (vector.public_key, &payment));
        assert_eq!(serde_json::to_value(&received).expect("JSON"), body);

        let ours = payment.sign_with_os_randomness(&key).expect("randomness");
        assert_eq!(ours.check(), Ok(()));
        assert_eq!(ours.id(), received.id(), "the id does not depend on the signature");
    }
}

#[test]
fn token_payments() {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Vector {
        private_key: String,
        public_key: PublicKey,
        contract_id: ContractId,
        function_index: u16,
        recipient: Address,
        amount: u64,
        function_data_base58: String,
        attachment: String,
        fee: u64,
        fee_scale: u16,
        timestamp_ns: u64,
        bytes_to_sign_hex: String,
        a_valid_signature_base58: Signature,
    }
    for vector in vectors::<Vector>("tokenPayments") {
        let key = private_key(&vector.private_key);
        let attachment = Attachment::new(vector.attachment.as_str()).expect("within the limit");
        let attachment_base58 = attachment.to_string();
        let send = TokenSend::new(
            vector.contract_id,
            vector.recipient,
            vector.amount,
            attachment,
            vector.timestamp_ns,
        );
        assert_eq!((send.fee, send.fee_scale), (vector.fee, vector.fee_scale));
        assert_eq!(
            bs58::encode(send.function_data()).into_string(),
            vector.function_data_base58
        );
        assert_eq!(hex(&send.bytes_to_sign()), vector.bytes_to_sign_hex);
        check_signatures(&key, &send.bytes_to_sign(), &vector.a_valid_signature_base58);

        // What the official client broadcasts.
        let body = json!({
            "senderPublicKey": vector.public_key.to_string(),
            "contractId": vector.contract_id.to_string(),
            "functionIndex": vector.function_index,
            "functionData": vector.function_data_base58,
            "attachment": attachment_base58,
            "fee": vector.fee,
            "feeScale": vector.fee_scale,
            "timestamp": vector.timestamp_ns,
            "signature": vector.a_valid_signature_base58.to_string(),
        });
        let received: SignedTokenSend = serde_json::from_value(body.clone()).expect("a token send");
        assert_eq!(received.check(), Ok(()));
        assert_eq!((received.sender, &received.token_send), (vector.public_key, &send));
        assert_eq!(serde_json::to_value(&received).expect("JSON"), body);

        let ours = send.sign_with_os_randomness(&key).expect("randomness");
        assert_eq!(ours.check(), Ok(()));
        assert_eq!(ours.id(), received.id(), "the id does not depend on the signature");
    }
}

#[test]
fn wallet_files() {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Vector {
        password: String,
        file_contents: String,
        plaintext: String,
    }
    #[derive(Deserialize)]
    struct Content {
        seed: String,
        nonce: u32,
        agent: String,
    }
    for vector in vectors::<Vector>("walletFiles") {
        let content: Content = serde_json::from_str(&vector.plaintext).expect("JSON");
        assert_eq!(WalletFile::is_encrypted(&vector.file_contents), Ok(true));
        assert_eq!(
            WalletFile::read(&vector.file_contents, None),
            Err(WalletFileError::NeedsPassword)
        );
        let wallet = WalletFile::read(&vector.file_contents, Some(&vector.password)).expect("theirs opens");
        assert_eq!(wallet.phrase.expose(), content.seed);
        assert_eq!((wallet.accounts, &wallet.agent), (content.nonce, &content.agent));

        assert_eq!(WalletFile::is_encrypted(&vector.plaintext), Ok(false));
        assert_eq!(WalletFile::read(&vector.plaintext, None).as_ref(), Ok(&wallet));
        assert_eq!(
            WalletFile::read(wallet.write_plain().expose(), None).as_ref(),
            Ok(&wallet)
        );
        let ours = wallet
            .write_encrypted_with_os_randomness(&vector.password)
            .expect("randomness");
        assert_eq!(WalletFile::read(&ours, Some(&vector.password)), Ok(wallet));
        let wrong = format!("{}.", vector.password);
        assert_eq!(
            WalletFile::read(&ours, Some(&wrong)),
            Err(WalletFileError::WrongPassword)
        );
    }
}

#[test]
fn token_ids() {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Vector {
        contract_id: ContractId,
        token_index: u32,
        token_id: String,
    }
    for vector in vectors::<Vector>("tokenIds") {
        let token = vector.contract_id.token(vector.token_index);
        assert_eq!(token.to_string(), vector.token_id);
        assert_eq!(parse::<vsys::TokenId>(&vector.token_id), token);
    }
}

#[test]
fn access_tokens() {
    #[derive(Deserialize)]
    struct Vector {
        host: String,
        secret: String,
        token: String,
    }
    for vector in vectors::<Vector>("accessTokens") {
        let token = AccessToken::parse(&vector.token).expect("a token");
        assert_eq!(
            (token.host(), token.secret().expose()),
            (vector.host.as_str(), vector.secret.as_str())
        );
        let ours = AccessToken::new(vector.host, SecretText::new(vector.secret)).expect("good parts");
        assert_eq!(ours.encode().expose(), vector.token);
    }
}
