//! Orders to be paid, and what the ledger says was paid for them.

use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use vcloud_api::calls::{AddOrder, GetOrder};
use vcloud_api::types::{NewOrder, NewOrderItem, Order};
use vcloud_api::{Auth, BaseUrl, Call, RawAnswer, Signing};
use vsys::{Account, Network, SeedPhrase, os_random};

use crate::console::Console;
use crate::platform::Platform;
use crate::wait::until;

/// The local platform's type of container services.
const CONTAINERS: &str = "0d6f4a52-6f0b-4c1e-9d57-3b8a1c2e7f90";

/// What signs as a browser does: any text, as long as it is the one that is sent.
const USER_AGENT: &str = "browser-tests";

/// Something that was paid, as the ledger has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paid {
    /// Id of the transaction.
    pub id: String,
    /// Smallest units.
    pub units: u64,
    /// The token's contract; empty for the native coin.
    pub contract: String,
}

impl Platform {
    /// The demo account with its keys.
    ///
    /// # Errors
    /// When the platform does not answer with it.
    pub async fn demo_keys(&self) -> Result<Account> {
        let (seed, _) = self.demo_account().await?;
        Ok(Account::derive(&SeedPhrase::new(seed)?, 0, Network::Mainnet))
    }

    /// Orders so many hours of a small container service for the demo account, and answers the order's id.
    ///
    /// # Errors
    /// When the platform refuses.
    pub async fn order(&self, hours: u64) -> Result<String> {
        let options = [
            ("region", "Europe"),
            ("resourceUnit", "1-Unit-Resource"),
            ("portSpecification", "System Random Map Port"),
            ("persistStorage", "No"),
        ];
        let item = NewOrderItem {
            service_id: CONTAINERS.to_owned(),
            duration: hours,
            service_options: options.into_iter().collect(),
            expired_date: None,
        };
        let order = NewOrder {
            user_services: vec![item],
        };
        Ok(self.signed(&AddOrder(order)).await?.id)
    }

    /// An order of the demo account.
    ///
    /// # Errors
    /// When the platform refuses.
    pub async fn get_order(&self, id: &str) -> Result<Order> {
        self.signed(&GetOrder { id: id.to_owned() }).await
    }

    /// What the ledger has been paid for an order, whoever sent it.
    ///
    /// # Errors
    /// When the platform does not answer.
    pub async fn paid_for(&self, order: &str) -> Result<Vec<Paid>> {
        let all = self.get("/dev/transactions").await?;
        let all = all["list"].as_array().context("no list of transactions")?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let of_order = all.iter().filter(|one| text(&one["attachment"]).starts_with(order));
        Ok(of_order
            .map(|one| Paid {
                id: text(&one["id"]),
                units: one["units"].as_u64().unwrap_or_default(),
                contract: text(&one["contractId"]),
            })
            .collect())
    }

    /// Takes everything but so many units of the native coin from the demo account.
    ///
    /// # Errors
    /// When the node refuses.
    pub async fn leave_demo(&self, units: u64) -> Result<()> {
        let account = self.demo_keys().await?;
        let balance = self
            .get(&format!("/node/addresses/balance/{}", account.address()))
            .await?;
        let balance = balance["balance"].as_u64().context("no balance")?;
        let fee = vsys::transaction::PAYMENT_FEE;
        let away = Account::derive(&SeedPhrase::new("somewhere else")?, 0, Network::Mainnet);
        let nanoseconds = SystemTime::now().duration_since(UNIX_EPOCH)?.as_nanos();
        let payment = vsys::Payment::new(
            *away.address(),
            balance - units - fee,
            vsys::Attachment::default(),
            u64::try_from(nanoseconds)?,
        );
        let signed = payment.sign_with_os_randomness(account.private_key())?;
        self.post("/node/vsys/broadcast/payment", &serde_json::to_value(&signed)?)
            .await?;
        Ok(())
    }

    async fn signed<C: Call>(&self, call: &C) -> Result<C::Answer> {
        let account = self.demo_keys().await?;
        let random = os_random()?;
        let signing = Signing {
            signer: &account,
            user_agent: USER_AGENT,
            time: SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs(),
            random: &random,
        };
        let host = BaseUrl::parse(self.address())?;
        let request = call.request(&host, &Auth::Signed(signing))?;
        let mut request = reqwest::Request::try_from(request)?;
        let agent = reqwest::header::HeaderValue::from_static(USER_AGENT);
        request.headers_mut().insert(reqwest::header::USER_AGENT, agent);
        let answer = self.http().execute(request).await?;
        let status = answer.status().as_u16();
        let body = answer.bytes().await?;
        Ok(call.decode(RawAnswer { status, body: &body })?)
    }
}

impl Console {
    /// Waits until the platform has an order on file.
    ///
    /// # Errors
    /// When it does not come to that.
    pub async fn filed(&self, order: &str) -> Result<Order> {
        until(&format!("the order {order} to be filed"), async || {
            let found = self.platform().get_order(order).await?;
            Ok((found.status == vcloud_api::types::OrderStatus::Filed).then_some(found))
        })
        .await
    }

    /// Cuts the page off the network, or connects it again.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn offline(&self, offline: bool) -> Result<()> {
        self.send("Network.enable", json!({})).await?;
        let conditions = json!({ "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
        self.send("Network.emulateNetworkConditions", conditions).await?;
        Ok(())
    }

    /// Has a script run before anything else in every page from now on.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn before_every_page(&self, script: &str) -> Result<()> {
        self.send("Page.addScriptToEvaluateOnNewDocument", json!({ "source": script }))
            .await?;
        Ok(())
    }

    /// Goes away from the page, whatever it is doing: the browser ends it, or keeps it frozen for going back.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn leave_page(&self) -> Result<()> {
        self.driver().goto("about:blank").await?;
        Ok(())
    }

    /// Closes the page's tab, whatever it is doing, and goes on in a new one: what was in memory is gone.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn kill_page(&self) -> Result<()> {
        let next = self.driver().new_tab().await?;
        self.driver().close_window().await?;
        self.driver().switch_to_window(next).await?;
        Ok(())
    }
}
