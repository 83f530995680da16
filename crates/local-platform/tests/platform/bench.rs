//! A platform of its own for a test, and peers that speak to it.

use std::future::Future;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use local_platform::{Options, Server};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use serde_json::{Value, json};
use tempfile::TempDir;
use vcloud_api::call::{Auth, Call, Signing};
use vcloud_api::calls::{AddOrder, GetOrder, GetSealedService, ListUserServices, SendPayment};
use vcloud_api::error::{ApiError, RawAnswer};
use vcloud_api::hosts::BaseUrl;
use vcloud_api::secret::ServiceSecret;
use vcloud_api::types::{
    NewOrder, NewOrderItem, Order, OrderReceipt, OrderStatus, PageRequest, SealedUserService, ServiceOptions,
    UserService, UserServiceStatus,
};
use vsys::{Account, Attachment, Network, Payment, SeedPhrase};

pub const USER_AGENT: &str = "Mozilla/5.0 (tests of the local platform)";
/// The container service of the first provider.
pub const CONTAINER_SERVICE: &str = "Container Service";

/// Every name is this machine: `*.localhost` is unknown to the C library of many.
struct ThisMachine;

impl Resolve for ThisMachine {
    fn resolve(&self, _: Name) -> Resolving {
        let addresses: Addrs = Box::new(std::iter::once(SocketAddr::from(([127, 0, 0, 1], 0))));
        Box::pin(std::future::ready(Ok(addresses)))
    }
}

/// A client to which every name is this machine.
pub fn http_client() -> reqwest::Client {
    reqwest::Client::builder()
        .dns_resolver(Arc::new(ThisMachine))
        .user_agent(USER_AGENT)
        .no_proxy()
        .build()
        .expect("a client")
}

/// Who a call is made as.
#[derive(Clone, Copy)]
pub enum As<'a> {
    Nobody,
    Address(&'a Account),
    Owner(&'a Account),
    Secret(&'a ServiceSecret),
    Both(&'a Account, &'a ServiceSecret),
}

/// A running platform with its data in a directory that goes away with it.
pub struct Bench {
    pub server: Server,
    pub http: reqwest::Client,
    pub owner: Account,
    directory: Arc<TempDir>,
}

impl Bench {
    pub async fn start() -> Self {
        Self::with(|_| {}).await
    }

    pub async fn with(change: impl FnOnce(&mut Options)) -> Self {
        Self::at(Arc::new(tempfile::tempdir().expect("a directory")), change).await
    }

    async fn at(directory: Arc<TempDir>, change: impl FnOnce(&mut Options)) -> Self {
        let mut options = Options::for_tests(directory.path());
        change(&mut options);
        let server = Server::start(options).await.expect("a server");
        let http = http_client();
        let demo: Value = get(&http, &format!("{}/dev/demo-account", server.url())).await;
        let phrase = SeedPhrase::new(demo["seed"].as_str().expect("a seed")).expect("a phrase");
        let owner = Account::derive(&phrase, 0, Network::Mainnet);
        assert_eq!(demo["address"], owner.address().to_string());
        Self {
            server,
            http,
            owner,
            directory,
        }
    }

    /// Stops the server and starts another one on the same data.
    pub async fn restarted(self, change: impl FnOnce(&mut Options)) -> Self {
        self.server.stop().await.expect("a clean stop");
        Self::at(self.directory, change).await
    }

    pub fn data(&self) -> PathBuf {
        self.directory.path().to_owned()
    }

    /// The host whose labels are in front of `localhost`; the platform's own for none.
    pub fn host(&self, labels: &str) -> BaseUrl {
        let dot = if labels.is_empty() { "" } else { "." };
        BaseUrl::parse(&format!("http://{labels}{dot}localhost:{}", self.server.port())).expect("a host")
    }

    pub fn node(&self) -> BaseUrl {
        BaseUrl::parse(&format!("{}/node", self.server.url())).expect("a host")
    }

    pub fn url(&self, labels: &str, path: &str) -> String {
        format!("{}{path}", self.host(labels))
    }

    /// Makes a call and decodes its answer.
    pub async fn call<C: Call>(&self, host: &BaseUrl, who: As<'_>, call: &C) -> Result<C::Answer, ApiError> {
        let random: [u8; 64] = local_platform::random::bytes();
        let signing = |signer| Signing {
            signer,
            user_agent: USER_AGENT,
            time: unix_now(),
            random: &random,
        };
        let address;
        let auth = match who {
            As::Nobody => Auth::None,
            As::Address(account) => {
                address = account.address().to_string();
                Auth::Address(&address)
            }
            As::Owner(account) => Auth::Signed(signing(account)),
            As::Secret(secret) => Auth::Secret(secret),
            As::Both(account, secret) => Auth::SignedAndSecret(signing(account), secret),
        };
        let request = call.request(host, &auth).expect("a request");
        let (status, body) = self.send(request).await;
        call.decode(RawAnswer { status, body: &body })
    }

    pub async fn send(&self, request: http::Request<Vec<u8>>) -> (u16, Vec<u8>) {
        let request = reqwest::Request::try_from(request).expect("a request");
        let response = self.http.execute(request).await.expect("an answer");
        (
            response.status().as_u16(),
            response.bytes().await.expect("a body").to_vec(),
        )
    }

    pub async fn get(&self, labels: &str, path: &str) -> (u16, Value) {
        let response = self.http.get(self.url(labels, path)).send().await.expect("an answer");
        (response.status().as_u16(), response.json().await.expect("JSON"))
    }

    pub async fn post(&self, labels: &str, path: &str, body: &Value) -> (u16, Value) {
        let response = self
            .http
            .post(self.url(labels, path))
            .json(body)
            .send()
            .await
            .expect("an answer");
        (response.status().as_u16(), response.json().await.expect("JSON"))
    }

    pub async fn add_fault(&self, fault: Value) {
        let (status, answer) = self.post("", "/dev/faults", &fault).await;
        assert_eq!(status, 200, "{answer}");
    }

    /// All services of the demo account in these statuses.
    pub async fn services(&self, statuses: &[UserServiceStatus]) -> Vec<UserService> {
        let call = ListUserServices {
            page: PageRequest::new(1, 1000),
            statuses: statuses.to_vec(),
        };
        self.call(&self.host(""), As::Address(&self.owner), &call)
            .await
            .expect("a list")
            .list
    }

    /// What opens a service of the demo account.
    pub async fn open(&self, id: &str) -> Opened {
        self.open_at(&self.host(""), id).await.expect("a service")
    }

    async fn open_at(&self, provider: &BaseUrl, id: &str) -> Result<Opened, ApiError> {
        let answer = self
            .call(provider, As::Nobody, &GetSealedService { id: id.to_owned() })
            .await?;
        let secret = answer
            .sealed
            .magic
            .open_secret(self.owner.private_key())
            .expect("a secret");
        let label = answer
            .sealed
            .customized_label
            .open(self.owner.private_key())
            .expect("a label")
            .unwrap_or_default();
        let host = vcloud_api::hosts::Hosts::new(provider.clone()).region(answer.service.service_options.region());
        Ok(Opened {
            label,
            secret,
            host: host.expect("a host"),
            answer,
        })
    }

    /// The service of the demonstration with this label.
    pub async fn labelled(&self, label: &str) -> Opened {
        for service in self
            .services(&[UserServiceStatus::Running, UserServiceStatus::Stop])
            .await
        {
            let provider = if service.provider == "v-kube-legacy" {
                self.host("legacy")
            } else {
                self.host("")
            };
            let opened = self.open_at(&provider, &service.id).await.expect("a service");
            if opened.label == label {
                return opened;
            }
        }
        panic!("the demonstration has no service labelled {label}");
    }

    pub async fn service_type(&self, name: &str) -> String {
        let (_, types) = self.get("", "/api/v1/service/type?provider=v-kube-service").await;
        let found = types["list"]
            .as_array()
            .expect("a list")
            .iter()
            .find(|service| service["name"] == name);
        found.expect("a service type")["id"].as_str().expect("an id").to_owned()
    }

    /// Orders a container service.
    pub async fn order(&self, options: &ServiceOptions, hours: u64) -> Result<OrderReceipt, ApiError> {
        let item = NewOrderItem {
            service_id: self.service_type(CONTAINER_SERVICE).await,
            duration: hours,
            service_options: options.clone(),
            expired_date: None,
        };
        let order = AddOrder(NewOrder {
            user_services: vec![item],
        });
        self.call(&self.host(""), As::Owner(&self.owner), &order).await
    }

    pub async fn get_order(&self, id: &str) -> Order {
        self.call(&self.host(""), As::Owner(&self.owner), &GetOrder { id: id.to_owned() })
            .await
            .expect("an order")
    }

    /// Pays units of the native coin for an order.
    pub async fn pay(&self, receipt: &OrderReceipt, units: u64) {
        let attachment = Attachment::new(format!("{};{}", receipt.id, self.owner.public_key())).expect("an attachment");
        let payment = Payment::new(
            receipt.recipient.parse().expect("an address"),
            units,
            attachment,
            now_nanoseconds(),
        );
        let signed = payment
            .sign_with_os_randomness(self.owner.private_key())
            .expect("a signature");
        self.call(&self.node(), As::Nobody, &SendPayment(signed))
            .await
            .expect("a payment");
    }

    /// Pays an order in full and waits until it is on file.
    pub async fn settle(&self, receipt: &OrderReceipt) -> Order {
        let units = receipt.amount * rust_decimal::Decimal::new(12_505, 1) * rust_decimal::Decimal::from(100_000_000);
        self.pay(receipt, units.ceil().try_into().expect("units")).await;
        until(|| async {
            let order = self.get_order(&receipt.id).await;
            (order.status == OrderStatus::Filed).then_some(order)
        })
        .await
    }

    /// Buys a usable service with one unit in Europe, or as `options` say.
    pub async fn buy(&self, options: &ServiceOptions, hours: u64) -> Opened {
        let receipt = self.order(options, hours).await.expect("an order");
        let order = self.settle(&receipt).await;
        self.open(&order.user_services[0].id).await
    }

    /// Buys a service and deploys containers.
    pub async fn deployed(&self, options: &ServiceOptions, hours: u64, deployment: &Value) -> Opened {
        let service = self.buy(options, hours).await;
        let (status, answer) = self
            .ask(&service, "POST", "/api/v1/k8s/deployment", Some(deployment))
            .await;
        assert_eq!(status, 200, "{answer}");
        service
    }

    /// Makes a request with a service's secret, as it stands: for what no well-behaved client would send.
    pub async fn ask(&self, service: &Opened, method: &str, path: &str, body: Option<&Value>) -> (u16, Value) {
        let method = method.parse::<reqwest::Method>().expect("a method");
        let request = self
            .http
            .request(method, format!("{}{path}", service.host))
            .header("secret", service.secret.expose());
        let request = if let Some(body) = body {
            request.json(body)
        } else {
            request
        };
        let response = request.send().await.expect("an answer");
        (response.status().as_u16(), response.json().await.expect("JSON"))
    }
}

/// A service and what opens it.
pub struct Opened {
    pub answer: SealedUserService,
    pub label: String,
    pub secret: ServiceSecret,
    pub host: BaseUrl,
}

impl Opened {
    pub fn id(&self) -> &str {
        &self.answer.service.id
    }
}

/// Options of a container service.
pub fn containers(region: &str, units: u32) -> ServiceOptions {
    options(region, units, "System Random Map Port", "No")
}

pub fn options(region: &str, units: u32, ports: &str, storage: &str) -> ServiceOptions {
    let pairs = [
        ("region", region.to_owned()),
        ("resourceUnit", format!("{units}-Unit-Resource")),
        ("portSpecification", ports.to_owned()),
        ("persistStorage", storage.to_owned()),
    ];
    pairs.into_iter().collect()
}

/// A deployment of one container.
pub fn one_container(image: &str, port: u16) -> Value {
    json!({
        "containers": [{
            "name": "main", "imageName": image, "resourceUnit": 1,
            "ports": [{ "containerPort": port, "protocol": "TCP" }],
            "envs": [], "mountPath": "", "command": [], "args": [], "configMountPath": "", "config": "",
        }],
        "pvtLogin": [{ "username": "", "password": "" }],
    })
}

pub async fn get(http: &reqwest::Client, url: &str) -> Value {
    http.get(url)
        .send()
        .await
        .expect("an answer")
        .json()
        .await
        .expect("JSON")
}

pub fn unix_now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("a time after 1970")
        .as_secs()
}

pub fn now_nanoseconds() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("a time after 1970")
        .as_nanos()
        .try_into()
        .expect("a time before 2554")
}

/// Asks until there is an answer.
pub async fn until<T, F: Future<Output = Option<T>>>(mut ask: impl FnMut() -> F) -> T {
    let deadline = Instant::now() + Duration::from_secs(20);
    loop {
        if let Some(answer) = ask().await {
            return answer;
        }
        assert!(Instant::now() < deadline, "nothing came of it within 20 seconds");
        tokio::time::sleep(Duration::from_millis(40)).await;
    }
}
