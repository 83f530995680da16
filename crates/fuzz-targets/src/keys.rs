//! Keys, addresses, tokens, and what holds them.

use std::sync::LazyLock;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use vcloud_api::BaseUrl;
use vcloud_api::hosts::Hosts;
use vcloud_api::sealed::{Sealed, ServiceAccess};
use vsys::{
    AccessToken, Account, Address, Attachment, ContractId, Network, PrivateKey, PublicKey, SeedPhrase, Signature,
    TransactionId, WalletFile, sealed_box as boxes, vault as vaults,
};

use crate::text;

static ACCOUNT: LazyLock<Account> = LazyLock::new(|| {
    let phrase = SeedPhrase::new("test wallet seed").expect("not empty");
    Account::derive(&phrase, 0, Network::Testnet)
});

/// An access token that is taken is written in a form that is read the same; base URLs likewise. The text is tried as it is and as
/// what is inside a token.
pub fn access_token(input: &[u8]) {
    let text = text(input);
    let inside = bs58::encode(&input[..input.len().min(512)]).into_string();
    for token in [&*text, &inside] {
        if let Ok(access) = ServiceAccess::from_token(token) {
            let written = access.to_token().expect("what came from a token goes into one");
            assert_eq!(ServiceAccess::from_token(written.expose()).as_ref(), Ok(&access));
        }
        if let Ok(token) = AccessToken::parse(token) {
            assert_eq!(AccessToken::parse(token.encode().expose()).as_ref(), Ok(&token));
        }
    }
    if let Ok(url) = BaseUrl::parse(&text) {
        assert_eq!(BaseUrl::parse(&url.to_string()).as_ref(), Ok(&url));
        let hosts = Hosts::new(url);
        let _ = (hosts.region(&text), hosts.notice());
    }
}

/// Identifiers and keys in Base58: what is taken is written as it was read. Bytes make texts that are read.
pub fn identifiers(input: &[u8]) {
    let text = text(input);
    let text = text.as_ref();
    let same = |written: Option<String>| assert!(written.is_none_or(|written| written == text), "{text}");
    same(text.parse::<Address>().ok().map(|address| address.to_string()));
    same(text.parse::<ContractId>().ok().map(|contract| contract.to_string()));
    same(text.parse::<PublicKey>().ok().map(|key| key.to_string()));
    same(text.parse::<Signature>().ok().map(|signature| signature.to_string()));
    same(text.parse::<TransactionId>().ok().map(|id| id.to_string()));
    let _ = PrivateKey::from_base58(text);
    if let Ok(attachment) = text.parse::<Attachment>() {
        let _ = attachment.as_text();
        same(Some(attachment.to_string()));
    }
    if let Some(bytes) = input.first_chunk() {
        let key = PublicKey::from_bytes(*bytes);
        assert_eq!(key.to_string().parse(), Ok(key));
        let address = Address::of(&key, Network::Mainnet);
        assert_eq!(address.to_string().parse(), Ok(address));
        if let Some(signature) = input[bytes.len()..].first_chunk() {
            let _ = key.verify(text.as_bytes(), &Signature::from_bytes(*signature));
        }
    }
}

/// Sealed fields: as they come, and with the input inside a box that is for the reader.
pub fn sealed_box(input: &[u8]) {
    let owner = ACCOUNT.private_key();
    let text = text(input);
    let _ = boxes::open(owner, input);
    let _ = boxes::open_base58(owner, &text);
    if input.len() > 1024 {
        return;
    }
    let sealed = boxes::seal(ACCOUNT.public_key(), input, &[7; 32]).expect("a usable key");
    let opened = boxes::open(owner, &sealed).expect("a box for this key");
    assert_eq!(opened.expose(), input);
    let field: Sealed = serde_json::from_value(bs58::encode(sealed).into_string().into()).expect("a text");
    let _ = (field.open(owner), field.open_secret(owner));
}

/// Wallet files of the official client. What is read from a plain one is written in a form that is read the same.
pub fn wallet_file(input: &[u8]) {
    let text = text(input);
    let _ = WalletFile::is_encrypted(&text);
    if let Ok(wallet) = WalletFile::read(&text, None) {
        let again = WalletFile::read(wallet.write_plain().expose(), None).expect("what was written");
        assert_eq!(again.phrase.expose(), wallet.phrase.expose());
        assert_eq!((again.accounts, &again.agent), (wallet.accounts, &wallet.agent));
    }
    // The key costs ten thousand rounds: few inputs may reach it.
    if text.len() < 256 {
        let _ = WalletFile::read(&text, Some("password"));
    }
}

/// Beyond this many KiB times passes times lanes, a vault's key takes too long to be derived for every input.
const MOST_WORK: u64 = 256;

/// Vaults. The checksum, which only finds accidents, is made right, so that what is behind it is reached.
pub fn vault(input: &[u8]) {
    let text = text(input);
    let _ = vaults::open("password", &format!("{text}refused"));
    let whole = match text.rsplit_once(':') {
        Some((body, _)) => {
            let body = format!("{body}:");
            let hash = Sha256::digest(body.as_bytes());
            let checksum = URL_SAFE_NO_PAD.encode(&hash[..8]);
            body + &checksum
        }
        None => text.into_owned(),
    };
    let costs = || whole.split(':').filter_map(|field| field.parse::<u64>().ok());
    let is_refused = costs().any(|cost| cost > 1 << 20);
    let work = costs().fold(1_u64, u64::saturating_mul);
    if is_refused || work <= MOST_WORK {
        let _ = vaults::open("password", &whole);
    }
}
