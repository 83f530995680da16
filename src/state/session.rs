//! Who is signed in, and the keys while somebody is.
//!
//! Keys exist in memory only, inside types that wipe themselves; locking drops the last of them. What is stored is the
//! vault: the seed phrase or the access token, encrypted under a password by [`vsys::vault`], and beside it in clear only
//! how many accounts there are and which one was used last.

use std::sync::Arc;

use leptos::prelude::*;
use payments::Payer;
use serde::{Deserialize, Serialize};
use vsys::extension::ExtensionAccount;
use vsys::{AccessToken, Account, Address, Network, SeedPhrase, vault};
use zeroize::{Zeroize, Zeroizing};

use super::clock::now_ms;
use super::{storage, tabs, tries};
use crate::memory;
use crate::net::Signer;

/// As many accounts of one seed phrase can be shown.
pub const MOST_ACCOUNTS: u32 = 100;

/// Who is signed in.
#[derive(Clone)]
pub enum Session {
    /// Nobody.
    SignedOut,
    /// Somebody whose vault is locked.
    Locked,
    /// Somebody, with their keys.
    Open(Identity),
}

/// What somebody signed in with.
#[derive(Clone)]
pub enum Identity {
    /// A seed phrase: every account and service that derives from it.
    Wallet(Arc<Wallet>),
    /// An access token: one service.
    Token(Arc<TokenIdentity>),
    /// The account of a browser extension, which keeps the key: nothing of it is stored here.
    Extension(ExtensionAccount),
}

/// A seed phrase, and the account in use.
pub struct Wallet {
    seed: SeedPhrase,
    accounts: u32,
    index: u32,
    account: Arc<Account>,
    addresses: Vec<String>,
}

/// An access token, and the service that it is for.
pub struct TokenIdentity {
    /// Host and secret.
    pub token: AccessToken,
    /// The service's id, as its host said when the token was tried.
    pub service_id: String,
}

/// Why nobody is signed in any more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Locked or signed out by hand.
    ByHand,
    /// Nobody touched a key or the pointer for too long.
    Idle,
    /// It was locked in another tab.
    OtherTab,
    /// Another account was selected in the browser extension.
    OtherAccount,
    /// Another network was selected in the browser extension.
    OtherNetwork,
}

/// What is in the vault.
#[derive(Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "camelCase")]
enum Stored {
    Wallet {
        seed: String,
    },
    #[serde(rename_all = "camelCase")]
    Token {
        token: String,
        service_id: String,
    },
}

impl Stored {
    /// Sealed under a password; `None` where memory or randomness is lacking.
    fn seal(&self, password: &str) -> Option<String> {
        let plain = serde_json::to_vec(self).map(Zeroizing::new).ok()?;
        vault::seal_with_os_randomness(password, &plain).ok()
    }
}

impl Drop for Stored {
    fn drop(&mut self) {
        match self {
            Stored::Wallet { seed } => seed.zeroize(),
            Stored::Token { token, .. } => token.zeroize(),
        }
    }
}

/// Why the vault did not open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UnlockError {
    /// Another password.
    WrongPassword,
    /// There were too many of them: see [`tries`].
    TooSoon,
    /// There is no vault, or it can't be read.
    Damaged,
}

/// Whoever is there may have the seed phrase: they know the vault's password, or there is none to know. Only
/// [`SessionState::prove`] makes one.
pub struct Proof(());

/// Why there is no [`Proof`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotProven {
    /// Another password.
    WrongPassword,
    /// There were too many of them: see [`tries`].
    TooSoon,
    /// The vault can't be read.
    Damaged,
    /// The vault has another wallet in it: another tab stored it.
    Foreign,
    /// There is a vault and no password was given, or the reverse: another tab stored or forgot it.
    Changed,
}

/// The session, shared by the whole console.
#[derive(Clone, Copy)]
pub struct SessionState {
    network: Network,
    session: RwSignal<Session, LocalStorage>,
    opened_ms: StoredValue<f64>,
    ended: RwSignal<Option<Ended>>,
    has_vault: RwSignal<bool>,
}

const VAULT: &str = "sealed";
const ACCOUNTS: &str = "accounts";
const INDEX: &str = "account";
/// The preference that says that somebody signed in by the browser extension last.
const BY_EXTENSION: &str = "by-extension";

impl SessionState {
    /// Locked where there is a vault, else signed out.
    pub fn new(network: Network) -> SessionState {
        let has_vault = storage::vault().get(VAULT).is_some();
        let session = if has_vault { Session::Locked } else { Session::SignedOut };
        SessionState {
            network,
            session: RwSignal::new_local(session),
            opened_ms: StoredValue::new(0.0),
            ended: RwSignal::new(None),
            has_vault: RwSignal::new(has_vault),
        }
    }

    /// Who is signed in (tracked).
    pub fn get(self) -> Session {
        self.session.get()
    }

    /// Whether somebody is signed in, with keys in memory.
    pub fn is_open(self) -> bool {
        self.session
            .with_untracked(|session| matches!(session, Session::Open(_)))
    }

    /// When somebody signed in, in milliseconds since the Unix epoch.
    pub fn opened_ms(self) -> f64 {
        self.opened_ms.get_value()
    }

    fn open(self, identity: Identity) {
        if !self.is_open() {
            self.opened_ms.set_value(now_ms());
        }
        self.ended.set(None);
        self.session.set(Session::Open(identity));
    }

    /// Why the session before ended (tracked).
    pub fn ended(self) -> Option<Ended> {
        self.ended.get()
    }

    /// Whether there is a vault to unlock later (tracked).
    pub fn has_vault(self) -> bool {
        self.has_vault.get()
    }

    /// The same, for once.
    pub fn has_vault_untracked(self) -> bool {
        self.has_vault.get_untracked()
    }

    fn with_wallet<T>(self, read: impl FnOnce(&Arc<Wallet>) -> T) -> Option<T> {
        self.session.with(|session| match session {
            Session::Open(Identity::Wallet(wallet)) => Some(read(wallet)),
            _ => None,
        })
    }

    /// Whether a seed phrase is signed in (tracked).
    pub fn is_wallet(self) -> bool {
        self.with_wallet(|_| ()).is_some()
    }

    /// The account of the browser extension, where that is signed in (tracked).
    pub fn extension(self) -> Option<ExtensionAccount> {
        self.session.with(|session| match session {
            Session::Open(Identity::Extension(account)) => Some(*account),
            _ => None,
        })
    }

    /// Whether somebody is signed in who can sign: by a seed phrase or the browser extension (tracked).
    pub fn can_sign(self) -> bool {
        self.is_wallet() || self.extension().is_some()
    }

    /// Who signs for the account in use (tracked); none with an access token.
    pub fn signer(self) -> Option<Signer> {
        let by_key = self.account().map(Signer::Key);
        by_key.or_else(|| self.extension().map(Signer::Extension))
    }

    /// Who signs for the account with this address, if it is among those shown (tracked).
    pub fn signer_of(self, address: &Address) -> Option<Signer> {
        let by_key = self.account_of(address).map(|account| Signer::Key(Arc::new(account)));
        by_key.or_else(|| {
            let account = self.extension().filter(|account| account.address == *address);
            account.map(Signer::Extension)
        })
    }

    /// The account in use as a payer (tracked); none with an access token.
    pub fn payer(self) -> Option<Payer> {
        let network = self.network;
        let by_key = self.account().map(|account| Payer {
            address: *account.address(),
            public_key: *account.public_key(),
            network,
        });
        by_key.or_else(|| {
            self.extension().map(|account| Payer {
                address: account.address,
                public_key: account.public_key,
                network,
            })
        })
    }

    /// Whether the browser extension was the last way that somebody signed in by.
    pub fn was_by_extension(self) -> bool {
        storage::preferences().get(BY_EXTENSION).is_some()
    }

    /// The account in use with its key (tracked); none where an extension has the key.
    pub fn account(self) -> Option<Arc<Account>> {
        self.with_wallet(|wallet| Arc::clone(&wallet.account))
    }

    /// The account with this address, if it is among those shown (tracked).
    pub fn account_of(self, address: &Address) -> Option<Account> {
        self.with_wallet(|wallet| {
            let text = address.to_string();
            let index = wallet.addresses.iter().position(|shown| *shown == text)?;
            Some(Account::derive(&wallet.seed, u32::try_from(index).ok()?, self.network))
        })
        .flatten()
    }

    /// Which of the accounts is in use, from 0 (tracked).
    pub fn account_index(self) -> Option<u32> {
        self.with_wallet(|wallet| wallet.index)
    }

    /// The address of the account in use (tracked).
    pub fn address(self) -> Option<String> {
        self.with_wallet(|wallet| wallet.addresses[wallet.index as usize].clone())
            .or_else(|| self.extension().map(|account| account.address.to_string()))
    }

    /// The addresses of all accounts shown (tracked).
    pub fn addresses(self) -> Vec<String> {
        self.with_wallet(|wallet| wallet.addresses.clone())
            .unwrap_or_else(|| self.address().into_iter().collect())
    }

    /// The access token signed in with (tracked).
    pub fn token(self) -> Option<Arc<TokenIdentity>> {
        self.session.with(|session| match session {
            Session::Open(Identity::Token(token)) => Some(Arc::clone(token)),
            _ => None,
        })
    }

    /// The one service that an access token is for (tracked); `None` with a seed phrase.
    pub fn token_service(self) -> Option<String> {
        self.token().map(|token| token.service_id.clone())
    }

    /// Changes exactly when what is known of the platform belongs to somebody else (tracked).
    pub fn identity_key(self) -> Option<String> {
        self.address().or_else(|| self.token_service())
    }

    /// Signs in with a seed phrase and shows the first `accounts` accounts of it.
    pub fn open_wallet(self, seed: SeedPhrase, accounts: u32, index: u32) {
        let accounts = accounts.clamp(1, MOST_ACCOUNTS);
        let index = index.min(accounts - 1);
        let addresses = (0..accounts)
            .map(|index| Account::derive(&seed, index, self.network).address().to_string())
            .collect();
        let account = Arc::new(Account::derive(&seed, index, self.network));
        let wallet = Wallet {
            seed,
            accounts,
            index,
            account,
            addresses,
        };
        storage::preferences().remove(BY_EXTENSION);
        self.open(Identity::Wallet(Arc::new(wallet)));
    }

    /// Signs in with an access token for a service.
    pub fn open_token(self, token: AccessToken, service_id: String) {
        storage::preferences().remove(BY_EXTENSION);
        self.open(Identity::Token(Arc::new(TokenIdentity { token, service_id })));
    }

    /// Signs in with the account of the browser extension.
    pub fn open_extension(self, account: ExtensionAccount) {
        storage::preferences().set(BY_EXTENSION, "1");
        self.open(Identity::Extension(account));
    }

    /// Uses another of the accounts.
    pub fn select_account(self, index: u32) {
        self.change_wallet(|wallet| (wallet.accounts, index));
    }

    /// Shows one more account, and uses it.
    pub fn add_account(self) {
        self.change_wallet(|wallet| {
            let accounts = (wallet.accounts + 1).min(MOST_ACCOUNTS);
            (accounts, accounts - 1)
        });
    }

    /// Shows so many accounts, and goes on with the one in use.
    pub fn set_accounts(self, accounts: u32) {
        self.change_wallet(|wallet| {
            let accounts = accounts.clamp(1, MOST_ACCOUNTS);
            (accounts, wallet.index.min(accounts - 1))
        });
    }

    /// The public keys of all accounts shown, in Base58.
    pub fn public_keys(self) -> Vec<String> {
        let keys = |wallet: &Arc<Wallet>| {
            (0..wallet.accounts)
                .map(|index| {
                    let account = Account::derive(&wallet.seed, index, self.network);
                    account.public_key().to_string()
                })
                .collect()
        };
        untrack(|| self.with_wallet(keys)).unwrap_or_default()
    }

    /// Proves that whoever is there may have the seed phrase signed in: by the vault's password, or by nothing where nothing is
    /// kept.
    ///
    /// # Errors
    /// When the password is another one, or the vault is not what it was.
    pub fn prove(self, password: Option<&str>) -> Result<Proof, NotProven> {
        let sealed = storage::vault().get(VAULT);
        if self.has_vault.get_untracked() != sealed.is_some() {
            self.has_vault.set(sealed.is_some());
        }
        let (sealed, password) = match (sealed, password) {
            (None, None) => return Ok(Proof(())),
            (Some(sealed), Some(password)) => (sealed, password),
            _ => return Err(NotProven::Changed),
        };
        let stored = open_vault(password, &sealed).map_err(|error| match error {
            UnlockError::WrongPassword => NotProven::WrongPassword,
            UnlockError::TooSoon => NotProven::TooSoon,
            UnlockError::Damaged => NotProven::Damaged,
        })?;
        let is_own = |kept: &str| untrack(|| self.with_wallet(|wallet| wallet.seed.expose() == kept));
        match &stored {
            Stored::Wallet { seed } if is_own(seed) == Some(true) => Ok(Proof(())),
            _ => Err(NotProven::Foreign),
        }
    }

    /// The seed phrase and how many accounts are shown, for a back-up or to be written down.
    pub fn seed(self, _proof: Proof) -> Option<(SeedPhrase, u32)> {
        untrack(|| self.with_wallet(|wallet| (wallet.seed.clone(), wallet.accounts)))
    }

    /// Keeps what is signed in under a new password. What was kept is replaced once the new vault is sealed; `false` when the
    /// browser does not store it: then the one before stays.
    pub fn keep(self, _proof: Proof, password: &str) -> bool {
        self.store(password)
    }

    fn change_wallet(self, change: impl FnOnce(&Wallet) -> (u32, u32)) {
        let Some(wallet) = untrack(|| self.with_wallet(Arc::clone)) else {
            return;
        };
        let (accounts, index) = change(&wallet);
        self.open_wallet(wallet.seed.clone(), accounts, index);
        if self.has_vault.get_untracked() {
            storage::vault().set(ACCOUNTS, &accounts.to_string());
            storage::vault().set(INDEX, &index.to_string());
        }
    }

    /// Keeps what is signed in for the next visit, encrypted; `false` when the browser does not store it.
    pub fn store(self, password: &str) -> bool {
        let stored = match self.session.get_untracked() {
            Session::Open(Identity::Wallet(wallet)) => {
                storage::vault().set(ACCOUNTS, &wallet.accounts.to_string());
                storage::vault().set(INDEX, &wallet.index.to_string());
                Stored::Wallet {
                    seed: wallet.seed.expose().to_owned(),
                }
            }
            Session::Open(Identity::Token(token)) => Stored::Token {
                token: token.token.encode().expose().to_owned(),
                service_id: token.service_id.clone(),
            },
            Session::Open(Identity::Extension(_)) | Session::SignedOut | Session::Locked => return false,
        };
        let Some(sealed) = stored.seal(password) else {
            return false;
        };
        tries::over();
        let kept = storage::vault().set(VAULT, &sealed);
        // Where this one is not stored, one from before still is.
        self.has_vault.set(kept || storage::vault().get(VAULT).is_some());
        kept
    }

    /// Opens the vault, and seals it anew where today's would cost more to guess.
    ///
    /// # Errors
    /// When the password is another one or comes too soon after others, or the vault is damaged.
    pub fn unlock(self, password: &str) -> Result<(), UnlockError> {
        let sealed = storage::vault().get(VAULT).ok_or(UnlockError::Damaged)?;
        let stored = open_vault(password, &sealed)?;
        if vault::is_outdated(&sealed)
            && let Some(sealed) = stored.seal(password)
        {
            // Where it is not stored, the one before still opens.
            storage::vault().set(VAULT, &sealed);
        }
        match &stored {
            Stored::Wallet { seed } => {
                let number = |name: &str| storage::vault().get(name).and_then(|text| text.parse().ok());
                let seed = SeedPhrase::new(seed.as_str()).map_err(|_| UnlockError::Damaged)?;
                self.open_wallet(seed, number(ACCOUNTS).unwrap_or(1), number(INDEX).unwrap_or(0));
            }
            Stored::Token { token, service_id } => {
                let token = AccessToken::parse(token).map_err(|_| UnlockError::Damaged)?;
                self.open_token(token, service_id.clone());
            }
        }
        Ok(())
    }

    /// Drops every key, in all tabs. The vault stays; without one, nobody is signed in any more.
    pub fn lock(self) {
        self.end(Ended::ByHand);
        tabs::tell_locked();
    }

    /// The same, because nobody was there for too long.
    pub fn lock_idle(self) {
        self.end(Ended::Idle);
        tabs::tell_locked();
    }

    /// Drops every key here, because another tab did.
    pub fn lock_like_another(self) {
        self.end(Ended::OtherTab);
    }

    /// Drops what is known here, because the browser extension has something else selected, which it tells every tab.
    pub fn end_by_extension(self, why: Ended) {
        self.end(why);
    }

    fn end(self, why: Ended) {
        self.ended.set(Some(why));
        // Another tab may have stored or forgotten the vault since.
        self.has_vault.set(storage::vault().get(VAULT).is_some());
        self.session.set(if self.has_vault.get_untracked() {
            Session::Locked
        } else {
            Session::SignedOut
        });
        memory::wipe_soon();
    }

    /// Deletes the vault from this browser and signs out.
    pub fn forget(self) {
        for name in [VAULT, ACCOUNTS, INDEX] {
            storage::vault().remove(name);
        }
        tries::over();
        self.has_vault.set(false);
        self.lock();
    }
}

/// What is in a vault. How often its password was wrong is counted here, whatever it is asked for.
fn open_vault(password: &str, sealed: &str) -> Result<Stored, UnlockError> {
    if tries::remaining_seconds() > 0 {
        return Err(UnlockError::TooSoon);
    }
    let plain = vault::open(password, sealed).map_err(|error| match error {
        vault::VaultError::WrongPassword => {
            tries::wrong();
            UnlockError::WrongPassword
        }
        _ => UnlockError::Damaged,
    })?;
    tries::over();
    serde_json::from_slice(plain.expose()).map_err(|_| UnlockError::Damaged)
}

#[cfg(all(test, target_arch = "wasm32"))]
mod browser_tests {
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    use super::*;

    wasm_bindgen_test_configure!(run_in_browser);

    #[wasm_bindgen_test]
    fn a_vault_brings_back_the_same_accounts_and_nothing_is_stored_in_clear() {
        Owner::new().with(|| {
            let session = SessionState::new(Network::Testnet);
            session.forget();
            let phrase = "not a phrase that anybody has money on";
            session.open_wallet(SeedPhrase::new(phrase).expect("a phrase"), 3, 1);
            let (address, addresses) = (session.address(), session.addresses());
            assert!(session.store("correct horse"));
            let stored = storage::vault().get(VAULT).expect("a vault");
            assert!(!stored.contains("phrase"));

            session.lock();
            assert!(matches!(session.get(), Session::Locked));
            assert_eq!(session.address(), None);
            assert_eq!(session.unlock("wrong horse"), Err(UnlockError::WrongPassword));
            assert!(!session.is_open());
            assert_eq!(session.unlock("correct horse"), Ok(()));
            assert_eq!((session.address(), session.addresses()), (address, addresses));

            session.add_account();
            assert_eq!((session.account_index(), session.addresses().len()), (Some(3), 4));
            session.lock_idle();
            assert_eq!(session.ended(), Some(Ended::Idle));
            assert_eq!(session.unlock("correct horse"), Ok(()));
            assert_eq!((session.account_index(), session.addresses().len()), (Some(3), 4));

            session.forget();
            assert!(matches!(session.get(), Session::SignedOut));
            assert_eq!(session.unlock("correct horse"), Err(UnlockError::Damaged));
        });
    }

    #[wasm_bindgen_test]
    fn a_cheap_vault_opens_and_is_sealed_anew_once_its_password_is_known() {
        Owner::new().with(|| {
            let session = SessionState::new(Network::Testnet);
            session.forget();
            // The cost is 8 KiB and one pass; the content is {"kind":"wallet","seed":"the wallet of another year"}.
            let cheap = "vsys-vault:1:argon2id:8:1:1:BwcHBwcHBwcHBwcHBwcHBw:BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcH:yRicdzB12UtA7HfUEerJxXXwwPG4QdkY9JRbjrjBFDi1gRPdnaXvnxurEl44DlhN3_XWgodLPzFFdKFcuPpm8f4lHYty:1sFQrdTXZK4";
            storage::vault().set(VAULT, cheap);
            assert_eq!(session.unlock("wrong horse"), Err(UnlockError::WrongPassword));
            assert_eq!(storage::vault().get(VAULT).as_deref(), Some(cheap));
            assert_eq!(session.unlock("correct horse"), Ok(()));
            let sealed = storage::vault().get(VAULT).expect("a vault");
            assert!(!vault::is_outdated(&sealed), "{sealed}");
            let address = session.address();
            session.lock();
            assert_eq!(session.unlock("correct horse"), Ok(()));
            assert_eq!(
                (session.address(), storage::vault().get(VAULT)),
                (address, Some(sealed))
            );
            session.forget();
        });
    }

    #[wasm_bindgen_test]
    fn after_wrong_passwords_even_the_right_one_has_to_wait() {
        Owner::new().with(|| {
            let session = SessionState::new(Network::Testnet);
            session.forget();
            let phrase = SeedPhrase::new("the wallet of an owner in a hurry").expect("a phrase");
            session.open_wallet(phrase, 1, 0);
            assert!(session.store("correct horse"));
            // The right one in between begins the count anew.
            for password in ["", "correct horsE"] {
                assert_eq!(session.unlock(password), Err(UnlockError::WrongPassword), "{password}");
            }
            assert!(session.prove(Some("correct horse")).is_ok());
            for password in ["", "wrong", "correct horse "] {
                assert_eq!(session.unlock(password), Err(UnlockError::WrongPassword), "{password}");
            }
            assert_eq!(session.unlock("correct horse"), Err(UnlockError::TooSoon));
            assert_eq!(session.prove(Some("correct horse")).err(), Some(NotProven::TooSoon));
            // Another start of the page changes nothing.
            assert_eq!(
                SessionState::new(Network::Testnet).unlock("correct horse"),
                Err(UnlockError::TooSoon)
            );
            assert!((1..=5).contains(&tries::remaining_seconds()));
            session.forget();
            assert_eq!(tries::remaining_seconds(), 0);
        });
    }

    #[wasm_bindgen_test]
    fn the_seed_phrase_and_a_new_password_need_the_one_that_is_kept() {
        Owner::new().with(|| {
            let session = SessionState::new(Network::Testnet);
            session.forget();
            let phrase = |text: &str| SeedPhrase::new(text).expect("a phrase");
            session.open_wallet(phrase("the wallet of the first tab"), 2, 1);

            // Nothing is kept, so there is nothing to know.
            assert_eq!(session.prove(Some("anything")).err(), Some(NotProven::Changed));
            let proof = session.prove(None).ok().expect("a proof");
            let (seed, accounts) = session.seed(proof).expect("a wallet");
            assert_eq!((seed.expose(), accounts), ("the wallet of the first tab", 2));
            let proof = session.prove(None).ok().expect("a proof");
            assert!(session.keep(proof, "first password"));
            assert!(session.has_vault());

            assert_eq!(session.prove(None).err(), Some(NotProven::Changed));
            assert_eq!(session.prove(Some("second")).err(), Some(NotProven::WrongPassword));
            let proof = session.prove(Some("first password")).ok().expect("a proof");
            assert!(session.keep(proof, "second password"));
            session.set_accounts(5);
            assert_eq!((session.addresses().len(), session.account_index()), (5, Some(1)));
            assert_eq!(session.public_keys().len(), 5);
            session.lock();
            assert_eq!(session.unlock("first password"), Err(UnlockError::WrongPassword));
            assert_eq!(session.unlock("second password"), Ok(()));
            assert_eq!((session.addresses().len(), session.account_index()), (5, Some(1)));
            session.set_accounts(1);
            assert_eq!((session.addresses().len(), session.account_index()), (1, Some(0)));

            // Another tab keeps another wallet: its password proves nothing about this one.
            let other = SessionState::new(Network::Testnet);
            other.open_wallet(phrase("the wallet of the other tab"), 1, 0);
            assert!(other.store("third password"));
            assert_eq!(session.prove(Some("third password")).err(), Some(NotProven::Foreign));
            other.forget();
            assert_eq!(session.prove(Some("third password")).err(), Some(NotProven::Changed));
            assert!(!session.has_vault());
        });
    }
}
