//! The journal of payments, in IndexedDB: one text for each payment, under a key of its own.
//!
//! Adding fails where the key is taken, and writing where somebody else wrote in between; both are one transaction of the
//! database, which serialises them over all tabs. What is written is on the disk before anybody is told that it is.

use idb::event::{DatabaseEvent, VersionChangeEvent};
use idb::{Database, Factory, ObjectStore, ObjectStoreParams, Transaction, TransactionMode, TransactionResult};
use js_sys::{Array, Function, Object, Reflect};
use leptos::prelude::on_cleanup;
use send_wrapper::SendWrapper;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

pub use crate::hold::{Hold, hold};

const DATABASE: &str = "vcloud.payments";
const VERSION: u32 = 1;
const STORE: &str = "journal";

/// Why the journal can't be kept: the browser's words.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Unavailable(pub String);

impl From<idb::Error> for Unavailable {
    fn from(error: idb::Error) -> Self {
        Unavailable(error.to_string())
    }
}

impl From<JsValue> for Unavailable {
    fn from(error: JsValue) -> Self {
        let words = error
            .dyn_ref::<js_sys::Error>()
            .map(|error| String::from(error.message()));
        Unavailable(words.unwrap_or_else(|| format!("{error:?}")))
    }
}

/// The open journal.
#[derive(Clone)]
pub struct Journal(SendWrapper<JsValue>);

impl Journal {
    /// Opens it, and makes it first where there is none.
    ///
    /// # Errors
    /// Where the browser keeps nothing here: a private window, a frame of another site.
    pub async fn open() -> Result<Journal, Unavailable> {
        let mut request = Factory::new()?.open(DATABASE, Some(VERSION))?;
        request.on_upgrade_needed(|event: VersionChangeEvent| {
            if let Ok(database) = event.database() {
                // Where this fails, the first transaction says so.
                let _ = database.create_object_store(STORE, ObjectStoreParams::new());
            }
        });
        let mut database = request.await?;
        // A later version of the console in another tab may change the database: this one lets go of it.
        database.on_version_change(|event: web_sys::Event| {
            if let Some(Ok(database)) = event.target().map(Database::try_from) {
                database.close();
            }
        });
        database.forget_callbacks();
        let journal = Journal(SendWrapper::new(database.into()));
        journal.all().await?;
        Ok(journal)
    }

    fn begin(&self, mode: TransactionMode) -> Result<(Transaction, ObjectStore), Unavailable> {
        // Called by name: the option is not in the stable part of the bindings. Where a browser does not know it, it is ignored.
        let options = Object::new();
        Reflect::set(&options, &"durability".into(), &"strict".into())?;
        let transaction: Function = Reflect::get(&self.0, &"transaction".into())?.dyn_into()?;
        let arguments = Array::of3(&STORE.into(), &JsValue::from(mode), &options);
        let made = transaction.apply(&self.0, &arguments)?;
        let transaction = Transaction::try_from(made)?;
        let store = transaction.object_store(STORE)?;
        Ok((transaction, store))
    }

    async fn end(transaction: Transaction) -> Result<(), Unavailable> {
        match transaction.await? {
            TransactionResult::Committed => Ok(()),
            TransactionResult::Aborted => Err(Unavailable("AbortError".to_owned())),
        }
    }

    /// Everything in it: key and text.
    ///
    /// # Errors
    /// When it can't be read.
    pub async fn all(&self) -> Result<Vec<(String, String)>, Unavailable> {
        let (transaction, store) = self.begin(TransactionMode::ReadOnly)?;
        let keys = store.get_all_keys(None, None)?.await?;
        let texts = store.get_all(None, None)?.await?;
        Self::end(transaction).await?;
        let text = |value: JsValue| value.as_string().unwrap_or_default();
        Ok(keys.into_iter().map(text).zip(texts.into_iter().map(text)).collect())
    }

    /// The text under a key.
    ///
    /// # Errors
    /// When it can't be read.
    pub async fn get(&self, key: &str) -> Result<Option<String>, Unavailable> {
        let (transaction, store) = self.begin(TransactionMode::ReadOnly)?;
        let text = store.get(JsValue::from_str(key))?.await?;
        Self::end(transaction).await?;
        Ok(text.and_then(|text| text.as_string()))
    }

    /// Writes a text under a key that is free; `false` where it is taken, and then nothing changes.
    ///
    /// # Errors
    /// When it can't be written.
    pub async fn add(&self, key: &str, text: &str) -> Result<bool, Unavailable> {
        self.write(key, text, |stored| stored.is_none()).await
    }

    /// Writes a text in place of another one; `false` where that is not what is there, and then nothing changes.
    ///
    /// # Errors
    /// When it can't be written.
    pub async fn replace(&self, key: &str, before: impl Fn(&str) -> bool, text: &str) -> Result<bool, Unavailable> {
        self.write(key, text, |stored| stored.is_some_and(&before)).await
    }

    /// Removes what is under a key, if it is what it is thought to be; `false` where it is not, and then nothing changes.
    ///
    /// # Errors
    /// When it can't be removed.
    pub async fn remove(&self, key: &str, may: impl Fn(&str) -> bool) -> Result<bool, Unavailable> {
        let (transaction, store) = self.begin(TransactionMode::ReadWrite)?;
        let stored = store.get(JsValue::from_str(key))?.await?;
        let may = stored
            .and_then(|stored| stored.as_string())
            .is_some_and(|text| may(&text));
        if may {
            store.delete(JsValue::from_str(key))?.await?;
        }
        Self::end(transaction).await?;
        if may {
            announce();
        }
        Ok(may)
    }

    async fn write(&self, key: &str, text: &str, may: impl Fn(Option<&str>) -> bool) -> Result<bool, Unavailable> {
        let (transaction, store) = self.begin(TransactionMode::ReadWrite)?;
        let stored = store.get(JsValue::from_str(key))?.await?;
        let stored = stored.and_then(|stored| stored.as_string());
        let may = may(stored.as_deref());
        if may {
            store.put(&text.into(), Some(&key.into()))?.await?;
        }
        Self::end(transaction).await?;
        if may {
            announce();
        }
        Ok(may)
    }
}

/// Tells every tab, this one too, that something was written.
fn announce() {
    if let Ok(channel) = web_sys::BroadcastChannel::new(DATABASE) {
        let _ = channel.post_message(&JsValue::UNDEFINED);
        channel.close();
    }
}

/// Calls back whenever any tab has written something, as long as the current owner lives.
pub fn on_change(callback: impl Fn() + 'static) {
    let Ok(channel) = web_sys::BroadcastChannel::new(DATABASE) else {
        return;
    };
    let listener = Closure::<dyn Fn()>::new(callback);
    channel.set_onmessage(Some(listener.as_ref().unchecked_ref()));
    let kept = SendWrapper::new((channel, listener));
    on_cleanup(move || {
        let (channel, _listener) = kept.take();
        channel.close();
    });
}

#[cfg(all(test, target_arch = "wasm32"))]
mod browser_tests {
    use payments::{Amount, Entry, Event, Intent, Payer, Phase, Plan, Record, Transfer};
    use vcloud_api::types::{Currency, Order, OrderStatus};
    use vsys::{Account, Attachment, Network, SeedPhrase, os_random};
    use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

    use super::*;

    wasm_bindgen_test_configure!(run_in_browser);

    const MADE: i64 = 1_700_000_000;

    /// A signed transfer with an id that no other run of these tests has.
    fn entry() -> Entry {
        let phrase = SeedPhrase::new("a phrase of tests").expect("a phrase");
        let account = |index| Account::derive(&phrase, index, Network::Testnet);
        let random: [u8; 16] = os_random().expect("randomness");
        let id = random.iter().map(|byte| format!("{byte:02x}")).collect();
        let note = Attachment::new("谢谢").expect("short");
        let transfer = Transfer::new(id, *account(0).address(), *account(1).address(), 5, note);
        transfer.sign_with(&account(0), 1_700_000_000_000_000_000, &[5; 64])
    }

    #[wasm_bindgen_test]
    async fn an_entry_that_was_written_is_read_back_and_its_place_is_taken() {
        let (journal, entry) = (Journal::open().await.expect("a journal"), entry());
        let key = entry.key().to_string();
        assert_eq!(journal.get(&key).await, Ok(None));
        assert_eq!(journal.add(&key, &entry.to_json()).await, Ok(true));
        assert_eq!(journal.add(&key, "another").await, Ok(false));
        // Another page has the database open as well.
        let other = Journal::open().await.expect("a journal");
        let text = other.get(&key).await.expect("readable").expect("there");
        assert_eq!(Entry::parse(&text), Ok(entry.clone()));
        assert!(!text.contains("phrase"));
        let all = other.all().await.expect("readable");
        assert!(all.contains(&(key.clone(), entry.to_json())));
        assert_eq!(other.remove(&key, |text| text == "another").await, Ok(false));
        assert_eq!(other.remove(&key, |text| text == entry.to_json()).await, Ok(true));
        assert_eq!(journal.get(&key).await, Ok(None));
    }

    #[wasm_bindgen_test]
    async fn of_two_writers_one_writes_and_the_other_is_told() {
        let entry = entry();
        let key = entry.key().to_string();
        let (first, second) = (
            Journal::open().await.expect("a journal"),
            Journal::open().await.expect("a journal"),
        );
        let (text, other) = (entry.to_json(), "another".to_owned());
        let (one, two) = futures_util::future::join(first.add(&key, &text), second.add(&key, &other)).await;
        let (one, two) = (one.expect("written"), two.expect("written"));
        assert!(one != two, "exactly one of them");
        first.replace(&key, |_| true, &text).await.expect("written");

        // Both read the same revision; only one of them may write the next.
        let (next, _) = entry.step(Event::Added, MADE);
        let is_read = |text: &str| Entry::parse(text).is_ok_and(|stored| stored.revision == entry.revision);
        let next = next.to_json();
        let (one, two) = futures_util::future::join(
            first.replace(&key, is_read, &next),
            second.replace(&key, is_read, &next),
        )
        .await;
        assert!(one.expect("written") != two.expect("written"), "exactly one of them");
        let stored = first.get(&key).await.expect("readable").expect("there");
        let stored = Entry::parse(&stored).expect("an entry");
        assert_eq!((stored.progress.phase, stored.revision), (Phase::Sending, 1));
        first.remove(&key, |_| true).await.expect("removed");
    }

    #[wasm_bindgen_test]
    async fn what_an_extension_is_asked_for_and_what_is_signed_here_have_one_place_in_an_order() {
        let journal = Journal::open().await.expect("a journal");
        let phrase = SeedPhrase::new("a phrase of tests").expect("a phrase");
        let account = |index| Account::derive(&phrase, index, Network::Testnet);
        let payer = account(0);
        let order = Order {
            id: entry().transfer_id().expect("a transfer").to_owned(),
            address: payer.address().to_string(),
            recipient: account(1).address().to_string(),
            amount: "0.5".parse().expect("a number"),
            status: OrderStatus::Pending,
            ..Order::default()
        };
        let currency = Currency {
            symbol_name: "VSYS".to_owned(),
            contract_id: "vsys".to_owned(),
            unit: 100_000_000,
            exchange_rate: "500".parse().expect("a number"),
        };
        let without_key = Payer {
            address: *payer.address(),
            public_key: *payer.public_key(),
            network: Network::Testnet,
        };
        let plan = Plan::by(&order, &currency, &without_key, Amount::Due).expect("a plan");
        let signed = plan.clone().sign_with(&payer, 0, 1_700_000_000_000_000_000, &[5; 64]);
        let intent = Intent::new(plan, Network::Testnet, 0, MADE);
        let key = intent.key().to_string();
        assert_eq!(key, signed.key().to_string());
        assert_eq!(journal.add(&key, &intent.to_json()).await, Ok(true));
        assert_eq!(journal.add(&key, &signed.to_json()).await, Ok(false));
        let text = journal.get(&key).await.expect("readable").expect("there");
        assert_eq!(Record::parse(&text), Ok(Record::Asked(intent)));
        journal.remove(&key, |_| true).await.expect("removed");
    }

    #[wasm_bindgen_test]
    async fn an_entry_of_the_first_version_is_read_and_written_on_as_of_today() {
        let journal = Journal::open().await.expect("a journal");
        // As the console wrote it when there were only payments of orders.
        let today = entry();
        let order = today.transfer_id().expect("a transfer").to_owned();
        let mut first: serde_json::Value = serde_json::from_str(&today.to_json()).expect("JSON");
        let fields = first.as_object_mut().expect("an object");
        fields.remove("purpose");
        fields.insert("version".to_owned(), 1.into());
        fields.insert("orderId".to_owned(), order.clone().into());
        fields.insert("attempt".to_owned(), 0.into());
        fields.insert("due".to_owned(), "0.5".into());
        let key = format!("testnet/{order}/0");
        assert_eq!(journal.add(&key, &first.to_string()).await, Ok(true));
        let stored = journal.get(&key).await.expect("readable").expect("there");
        let read = Entry::parse(&stored).expect("an entry");
        assert_eq!(
            (read.key().to_string(), read.order_id()),
            (key.clone(), Some(order.as_str()))
        );
        let (next, _) = read.step(Event::Added, MADE);
        let is_read = |text: &str| Entry::parse(text).is_ok_and(|stored| stored.revision == read.revision);
        assert_eq!(journal.replace(&key, is_read, &next.to_json()).await, Ok(true));
        let stored = journal.get(&key).await.expect("readable").expect("there");
        assert_eq!(Entry::parse(&stored), Ok(next));
        journal.remove(&key, |_| true).await.expect("removed");
    }
}
