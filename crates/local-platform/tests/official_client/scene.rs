//! What the scenarios share: the platform, the installed client, and the account that they act for.

use std::cell::OnceCell;
use std::sync::Arc;

use official_client::{Client, Installation};
use rust_decimal::Decimal;
use serde_json::Value;

use crate::{
    market::PROVIDER,
    platform::{LocalPlatform, eventually},
};

/// The account that the platform advertises for demonstrations.
pub struct DemoAccount {
    /// Its seed phrase.
    pub seed: String,
    /// Its first address.
    pub address: String,
}

/// A platform and a client for it.
pub struct Scene {
    /// The platform under test.
    pub platform: LocalPlatform,
    /// The client that judges it.
    pub installation: Arc<Installation>,
    /// Whose services are used.
    pub demo: DemoAccount,
}

impl Scene {
    /// Somebody who acts for the demonstration account.
    pub fn owner(&self) -> Owner<'_> {
        let client = Client::without_wallet(&self.installation);
        let restored = client.json(&["wallet", "restore", "--seed", &self.demo.seed, "--count", "2"]);
        let private_key = restored["accounts"][0]["priv"].as_str().expect("a private key");
        Owner {
            scene: self,
            private_key: private_key.to_owned(),
            client,
            market: OnceCell::new(),
            currencies: OnceCell::new(),
        }
    }

    /// The code in the newest mail to `address`.
    pub fn mailed_code(&self, address: &str) -> String {
        eventually("a mail with a code", || {
            let outbox = self.platform.developer_page("/dev/outbox");
            let mails = outbox["list"].as_array().expect("a list of mails");
            let newest = mails
                .iter()
                .filter(|mail| mail["to"] == address)
                .max_by_key(|mail| mail["id"].as_u64())?;
            let words = newest["body"]
                .as_str()?
                .split(|character: char| !character.is_ascii_digit());
            words.filter(|word| word.len() >= 4).map(str::to_owned).next()
        })
    }
}

/// An owner of services, with the keys to open what is sealed.
pub struct Owner<'a> {
    /// The scene that this is part of.
    pub scene: &'a Scene,
    /// The owner's terminal.
    pub client: Client,
    private_key: String,
    market: OnceCell<Value>,
    currencies: OnceCell<Value>,
}

impl Owner<'_> {
    /// A sealed field of one of the owner's services, opened by the client's own code.
    pub fn sealed_field(&self, service: &str, field: &str) -> String {
        let answer = self.service(service);
        let sealed = answer[field]
            .as_str()
            .unwrap_or_else(|| panic!("{field} is missing: {answer}"));
        if sealed.is_empty() {
            String::new()
        } else {
            self.scene.installation.unseal(&self.private_key, sealed)
        }
    }

    /// A service as its provider shows it.
    pub fn service(&self, id: &str) -> Value {
        self.client.json(&["service", "get", id, "--provider", PROVIDER])
    }

    /// The container service of the market.
    pub fn service_type(&self) -> &Value {
        let list = [
            "market",
            "list-services",
            "--provider",
            PROVIDER,
            "--category",
            "Container-Service",
        ];
        &self.market.get_or_init(|| self.client.json(&list))["list"][0]
    }

    /// Order a service: `(order id, amount in USD)`.
    pub fn order(&self, hours: u32, options: &Value) -> (String, Decimal) {
        let service_type = self.service_type();
        let order = self.client.json(&[
            "order",
            "create",
            "--service-id",
            service_type["id"].as_str().expect("a service has an id"),
            "--duration",
            &hours.to_string(),
            "--options",
            &options.to_string(),
        ]);
        (
            order["id"]
                .as_str()
                .unwrap_or_else(|| panic!("no id: {order}"))
                .to_owned(),
            decimal(&order["amount"]),
        )
    }

    /// Pay so many USD on an order in the currency of this index.
    pub fn pay(&self, order: &str, usd: Decimal, currency_index: usize) {
        let currencies = self
            .currencies
            .get_or_init(|| self.client.json(&["order", "currencies"]));
        let currency = &currencies["list"][currency_index];
        let unit = decimal(&currency["unit"]);
        let amount = (usd * decimal(&currency["exchangeRate"]) * unit).ceil() / unit;
        let paid = self.client.json(&[
            "order",
            "pay",
            order,
            "--amount",
            &amount.normalize().to_string(),
            "--currency-index",
            &currency_index.to_string(),
        ]);
        assert_eq!(paid["status"], "paid");
        assert_eq!(paid["order_id"], order);
        assert_eq!(paid["currency"], currency["symbolName"]);
    }

    /// An order that has become `OrderFiled`.
    pub fn filed(&self, order: &str) -> Value {
        eventually("the order to be filed", || {
            let answer = self.client.json(&["order", "get", order]);
            (answer["status"] == "OrderFiled").then_some(answer)
        })
    }

    /// Buy a service and return its id.
    pub fn buy(&self, hours: u32, options: &Value) -> String {
        let (order, amount) = self.order(hours, options);
        self.pay(&order, amount, 0);
        let filed = self.filed(&order);
        filed["userServices"][0]["id"]
            .as_str()
            .expect("a filed order names its service")
            .to_owned()
    }

    /// Wait until every container of a service runs, and return the status.
    pub fn running(&self, service: &str) -> Value {
        eventually("all containers to run", || {
            let status = self.client.json(&["service", "status", service]);
            let containers = status["podStatus"]["containerStatuses"].as_array()?;
            containers
                .iter()
                .all(|container| container["state"]["running"].is_object())
                .then(|| status.clone())
        })
    }

    /// Whether a list of services contains this one.
    pub fn listed(&self, status: &str, service: &str) -> bool {
        let answer = self.client.json(&[
            "service",
            "list",
            "--status",
            status,
            "--page",
            "1",
            "--page-size",
            "100",
        ]);
        let list = answer["list"].as_array().expect("a list of services");
        list.iter().all(|listed| listed["status"] == status) && list.iter().any(|listed| listed["id"] == service)
    }
}

/// A JSON number without the noise of binary fractions.
pub fn decimal(number: &Value) -> Decimal {
    assert!(number.is_number(), "not a number: {number}");
    let text = number.to_string();
    text.parse()
        .or_else(|_| Decimal::from_scientific(&text))
        .unwrap_or_else(|error| panic!("{text}: {error}"))
}
