//! Every call of the contract: what is sent for it.

use vcloud_api::call::{Auth, AuthKind, Call, Signing};
use vcloud_api::calls::*;
use vcloud_api::types::*;
use vcloud_api::{BaseUrl, ServiceSecret};
use vsys::{Account, Attachment, Network, Payment, SeedPhrase, TokenSend};

const AGENT: &str = "Test/1.0";
const TIME: u64 = 1_700_000_000;

fn account() -> Account {
    Account::derive(&SeedPhrase::new("test wallet seed").unwrap(), 0, Network::Testnet)
}

/// What is sent for a call: method, path and query, way to authorise, body.
fn sent<C: Call>(call: &C) -> (String, String, AuthKind, String) {
    let host: BaseUrl = "https://host.example".parse().unwrap();
    let account = account();
    let address = account.address().to_string();
    let secret = ServiceSecret::new("swordfish").unwrap();
    let signing = Signing {
        signer: &account,
        user_agent: AGENT,
        time: TIME,
        random: &[1; 64],
    };
    let auth = match C::AUTH {
        AuthKind::None => Auth::None,
        AuthKind::Address => Auth::Address(&address),
        AuthKind::Signed => Auth::Signed(signing),
        AuthKind::Secret => Auth::Secret(&secret),
        AuthKind::SignedAndSecret => Auth::SignedAndSecret(signing, &secret),
    };
    let request = call.request(&host, &auth).unwrap();
    let headers = request.headers();
    let is_signed = matches!(C::AUTH, AuthKind::Signed | AuthKind::SignedAndSecret);
    let has_secret = matches!(C::AUTH, AuthKind::Secret | AuthKind::SignedAndSecret);
    for header in ["x-sdk-time", "public-key", "signature"] {
        assert_eq!(headers.contains_key(header), is_signed, "{header}");
    }
    assert_eq!(
        headers.contains_key("address"),
        is_signed || C::AUTH == AuthKind::Address
    );
    assert_eq!(
        headers.get("secret").map(|value| value.to_str().unwrap()),
        has_secret.then_some("swordfish")
    );
    assert!(
        !headers.contains_key("user-agent"),
        "a browser must not be asked to set it"
    );
    let body = String::from_utf8(request.body().clone()).unwrap();
    assert_eq!(headers.contains_key("content-type"), !body.is_empty());
    let path = request.uri().path_and_query().unwrap().to_string();
    (request.method().to_string(), path, C::AUTH, body)
}

fn expect<C: Call>(call: &C, method: &str, path: &str, auth: AuthKind, body: &str) {
    assert_eq!(sent(call), (method.to_owned(), path.to_owned(), auth, body.to_owned()));
}

#[test]
fn the_market_is_asked_as_the_contract_says() {
    use AuthKind::None as N;
    let page = PageRequest::new(2, 20);
    expect(
        &ListServiceTypes {
            page,
            provider: "v-kube-service".into(),
            category: "C & D".into(),
        },
        "GET",
        "/api/v1/service/type?provider=v-kube-service&category=C%20%26%20D&current=2&pageSize=20",
        N,
        "",
    );
    expect(
        &GetServiceType { id: "61f0".into() },
        "GET",
        "/api/v1/service/type/61f0",
        N,
        "",
    );
    expect(
        &ListCategories {
            page,
            provider: String::new(),
        },
        "GET",
        "/api/v1/service/category?current=2&pageSize=20",
        N,
        "",
    );
    expect(
        &GetCategory { id: "c1".into() },
        "GET",
        "/api/v1/service/category/c1",
        N,
        "",
    );
    expect(
        &ListProviders { page },
        "GET",
        "/api/v1/service/provider?current=2&pageSize=20",
        N,
        "",
    );
    expect(
        &GetProvider {
            name: "v-kube-service".into(),
        },
        "GET",
        "/api/v1/service/provider/v-kube-service",
        N,
        "",
    );
    expect(&ListCurrencies, "GET", "/api/v1/currency", N, "");
    expect(&GetClientVersion, "GET", "/api/v1/cli/version/latest", N, "");
}

#[test]
fn user_services_are_asked_for_at_three_hosts() {
    expect(
        &ListUserServices {
            page: PageRequest::default(),
            statuses: vec![UserServiceStatus::Running, UserServiceStatus::Stop],
        },
        "GET",
        "/api/v1/userService?current=1&pageSize=10&statuses=ServiceRunning&statuses=ServiceStop",
        AuthKind::Address,
        "",
    );
    expect(
        &GetSealedService { id: "s1".into() },
        "GET",
        "/api/v1/userService/s1",
        AuthKind::None,
        "",
    );
    expect(
        &GetServiceDetails,
        "GET",
        "/api/v1/k8s/userService",
        AuthKind::Secret,
        "",
    );
}

#[test]
fn orders_are_signed_but_for_the_list() {
    let item = NewOrderItem {
        service_id: "t1".into(),
        duration: 24,
        service_options: [("region", "Europe")].into_iter().collect(),
        expired_date: Some("2026-12-01".into()),
    };
    expect(
        &AddOrder(NewOrder {
            user_services: vec![item],
        }),
        "POST",
        "/api/v1/order/add",
        AuthKind::Signed,
        r#"{"userServices":[{"serviceID":"t1","duration":24,"serviceOptions":{"region":"Europe"},"expiredDate":"2026-12-01"}]}"#,
    );
    let item = RenewItem {
        user_service_id: "s1".into(),
        duration: 7,
        amount: vcloud_api::money::parse("0.105").unwrap(),
    };
    expect(
        &RenewServices(RenewOrder {
            user_services: vec![item],
        }),
        "POST",
        "/api/v1/order/renew",
        AuthKind::Signed,
        r#"{"userServices":[{"userServiceID":"s1","duration":7,"amount":0.105}]}"#,
    );
    expect(
        &RefundServices(RefundRequest {
            user_service_ids: vec!["s1".into(), "s2".into()],
        }),
        "POST",
        "/api/v1/order/refund",
        AuthKind::Signed,
        r#"{"userServiceIDs":["s1","s2"]}"#,
    );
    let list = |status| ListOrders {
        address: "AU1".into(),
        page: PageRequest::default(),
        status,
    };
    expect(
        &list(OrderStatus::Pending),
        "GET",
        "/api/v1/order?address=AU1&current=1&pageSize=10&statuses=OrderPending",
        AuthKind::None,
        "",
    );
    expect(
        &list(OrderStatus::Filed),
        "GET",
        "/api/v1/order?address=AU1&current=1&pageSize=10&statuses=OrderFiled&serviceActivated=true",
        AuthKind::None,
        "",
    );
    expect(
        &GetOrder { id: "o1".into() },
        "GET",
        "/api/v1/order/id/o1",
        AuthKind::Signed,
        "",
    );
}

#[test]
fn calls_without_content_are_not_made() {
    let host: BaseUrl = "https://host.example".parse().unwrap();
    assert!(AddOrder(NewOrder::default()).draft().is_err());
    assert!(RenewServices(RenewOrder::default()).draft().is_err());
    assert!(RefundServices(RefundRequest::default()).draft().is_err());
    assert!(UpdateConfig(ConfigUpdate::default()).draft().is_err());
    assert!(ChangeImages(vec![]).draft().is_err());
    assert!(CheckPorts(PortCheckRequest::default()).draft().is_err());
    assert!(UnbindSomeDomains { domains: vec![] }.draft().is_err());
    assert!(RestartPod.request(&host, &Auth::None).is_err());
}

#[test]
fn a_deployment_is_checked_made_and_read() {
    let check = CheckImage {
        repository: "ghcr.io/org/app".into(),
        tag: "v1".into(),
        login: Login::public(),
    };
    expect(
        &check,
        "GET",
        "/api/v1/k8s/images?image=ghcr.io%2Forg%2Fapp&tag=v1",
        AuthKind::None,
        "",
    );
    let host: BaseUrl = "https://host.example".parse().unwrap();
    let request = check.request(&host, &Auth::None).unwrap();
    assert_eq!(
        (&request.headers()["username"], request.headers()["password"].len()),
        (&"".parse().unwrap(), 0)
    );
    let private = CheckImage {
        login: Login {
            username: "ü".into(),
            password: "p:w".into(),
        },
        ..check
    };
    let request = private.request(&host, &Auth::None).unwrap();
    assert_eq!(request.headers()["username"], "w7w=");
    assert_eq!(request.headers()["password"], "cDp3");
    expect(
        &CheckPorts(PortCheckRequest {
            region: "North America".into(),
            ports: vec![80, 443],
            user_service_id: "s1".into(),
        }),
        "POST",
        "/api/v1/k8s/checkports",
        AuthKind::None,
        r#"{"region":"North America","ports":[80,443],"userServiceID":"s1"}"#,
    );
    expect(&ListRegions, "GET", "/api/v1/k8s/regions", AuthKind::None, "");
    let container = Container {
        name: "web".into(),
        image_name: "nginx:1".into(),
        resource_unit: 1,
        ports: vec![Port {
            container_port: 80,
            host_port: Some(30_080),
            protocol: Protocol::Tcp,
        }],
        envs: vec![EnvVar {
            name: "A".into(),
            value: "b".into(),
        }],
        command: CommandLine::parse("sh -c 'a b'").unwrap(),
        ..Container::default()
    };
    let deployment = Deployment {
        containers: vec![container],
        pvt_login: vec![Login::public()],
    };
    let body = concat!(
        r#"{"containers":[{"name":"web","imageName":"nginx:1","resourceUnit":1,"#,
        r#""ports":[{"containerPort":80,"hostPort":30080,"protocol":"TCP"}],"envs":[{"name":"A","value":"b"}],"#,
        r#""mountPath":"","command":["sh","-c","a b"],"args":[],"configMountPath":"","config":""}],"#,
        r#""pvtLogin":[{"username":"","password":""}]}"#
    );
    expect(
        &Deploy(deployment.clone()),
        "POST",
        "/api/v1/k8s/deployment",
        AuthKind::Secret,
        body,
    );
    expect(
        &UpdateDeployment(deployment),
        "POST",
        "/api/v1/k8s/deployment/update",
        AuthKind::Secret,
        body,
    );
    expect(
        &GetDeployment,
        "GET",
        "/api/v1/k8s/deployment/info",
        AuthKind::Secret,
        "",
    );
}

#[test]
fn a_running_service_is_looked_after() {
    use AuthKind::Secret as S;
    expect(&GetPodStatus, "GET", "/api/v1/k8s/pod/status", S, "");
    expect(&RestartPod, "POST", "/api/v1/k8s/pod/restart", S, "{}");
    expect(&StopPod, "POST", "/api/v1/k8s/pod/stop", S, "{}");
    expect(&StartPod, "POST", "/api/v1/k8s/pod/start", S, "{}");
    expect(&GetConfigFiles, "GET", "/api/v1/k8s/pod/configmap", S, "");
    let update = ConfigUpdate {
        config: [("web".to_owned(), "listen 80;".to_owned())].into(),
        environment: [("web".to_owned(), [("A".to_owned(), "b".to_owned())].into())].into(),
    };
    expect(
        &UpdateConfig(update),
        "PUT",
        "/api/v1/k8s/pod/update",
        S,
        r#"{"config":{"web":"listen 80;"},"environment":{"web":{"A":"b"}}}"#,
    );
    expect(
        &ChangeImages(vec![ImageChange {
            image: "nginx:2".into(),
            login: Login::public(),
        }]),
        "PATCH",
        "/api/v1/k8s/pod/images",
        AuthKind::SignedAndSecret,
        r#"[{"image":"nginx:2","login":{"username":"","password":""}}]"#,
    );
    expect(
        &GetMonitor::default(),
        "GET",
        "/api/v1/monitor?allTypes=True&allContainers=True",
        S,
        "",
    );
    expect(
        &GetMonitor {
            container: Some("web".into()),
        },
        "GET",
        "/api/v1/monitor?allTypes=True&containers=web",
        S,
        "",
    );
    let logs = StreamLogs {
        container: "web".into(),
        follow: false,
        range: LogRange {
            tail_lines: Some(5),
            start: Some(1),
            end: Some(2),
        },
    };
    expect(
        &logs,
        "GET",
        "/api/v1/k8s/pod/logs?container=web&unfollow=true&tailLines=5&startTimestamp=1&endTimestamp=2",
        S,
        "",
    );
}

#[test]
fn domains_labels_and_contacts_are_changed() {
    use AuthKind::{Secret, Signed, SignedAndSecret};
    let bind = BindDomain {
        domain: "a.example.com".into(),
        container_port: 80,
        ..BindDomain::default()
    };
    expect(
        &BindOneDomain(BindDomain {
            is_letsencrypt: Some(true),
            ..bind
        }),
        "POST",
        "/api/v1/k8s/pod/ingress",
        SignedAndSecret,
        r#"{"domain":"a.example.com","containerPort":80,"isEncryByself":false,"isLetsencrypt":true}"#,
    );
    expect(
        &UnbindSomeDomains {
            domains: vec!["a.example.com".into()],
        },
        "PATCH",
        "/api/v1/k8s/pod/ingress",
        SignedAndSecret,
        r#"{"action":"Del","domains":["a.example.com"]}"#,
    );
    expect(
        &UnbindAllDomains,
        "DELETE",
        "/api/v1/k8s/pod/ingress",
        SignedAndSecret,
        "{}",
    );
    expect(
        &SetLabel { label: "web".into() },
        "POST",
        "/api/v1/k8s/deployment/metadata/label",
        Secret,
        r#"{"customizedLabel":"web"}"#,
    );
    expect(
        &SetDescription {
            description: "我的服务".into(),
        },
        "POST",
        "/api/v1/k8s/deployment/metadata/annotation",
        Secret,
        r#"{"description":"我的服务"}"#,
    );
    expect(
        &ListNotices {
            page: PageRequest::default(),
            service_id: "s1".into(),
        },
        "GET",
        "/api/v1/k8s/notice?current=1&pageSize=10&serviceID=s1",
        AuthKind::Address,
        "",
    );
    expect(
        &GetAccountContact,
        "GET",
        "/api/v1/contact/addressContact/get",
        Signed,
        "",
    );
    let (email, code) = ("a@b.cc".to_owned(), "012345".to_owned());
    let (ask, prove) = (
        r#"{"type":"email","contact":"a@b.cc"}"#,
        r#"{"type":"email","contact":"a@b.cc","code":"012345"}"#,
    );
    let send = SendAccountEmailCode { email: email.clone() };
    expect(
        &send,
        "POST",
        "/api/v1/contact/addressContact/bind/sendCode",
        Signed,
        ask,
    );
    let bind = BindAccountEmail {
        email: email.clone(),
        code: code.clone(),
    };
    expect(
        &bind,
        "POST",
        "/api/v1/contact/addressContact/bind/verifyCode",
        Signed,
        prove,
    );
    expect(
        &UnbindAccountEmail,
        "POST",
        "/api/v1/contact/addressContact/delete/email",
        Signed,
        "{}",
    );
    let send = SendServiceEmailCode { email: email.clone() };
    expect(
        &send,
        "POST",
        "/api/v1/contact/userServiceContact/bind/sendCode",
        Secret,
        ask,
    );
    let bind = BindServiceEmail { email, code };
    expect(
        &bind,
        "POST",
        "/api/v1/contact/userServiceContact/bind/verifyCode",
        Secret,
        prove,
    );
    expect(
        &UnbindServiceEmail,
        "POST",
        "/api/v1/contact/userServiceContact/delete/email",
        Secret,
        "{}",
    );
}

#[test]
fn a_node_is_asked_below_its_own_path() {
    use AuthKind::None as N;
    expect(
        &GetBalance { address: "AU1".into() },
        "GET",
        "/addresses/balance/AU1",
        N,
        "",
    );
    expect(
        &GetBalanceDetails { address: "AU1".into() },
        "GET",
        "/addresses/balance/details/AU1",
        N,
        "",
    );
    let token = GetTokenBalance {
        address: "AU1".into(),
        token_id: "TW1".into(),
    };
    expect(&token, "GET", "/contract/balance/AU1/TW1", N, "");
    expect(
        &GetTransaction { id: "t1".into() },
        "GET",
        "/transactions/info/t1",
        N,
        "",
    );
    let list = ListTransactions {
        address: "AU1".into(),
        limit: 50,
    };
    expect(&list, "GET", "/transactions/address/AU1/limit/50", N, "");
    let decoded = |body: &str| {
        let body = body.as_bytes();
        list.decode(vcloud_api::RawAnswer { status: 200, body })
    };
    let ids: Vec<String> = decoded(r#"[[{"id":"b","type":2},{"id":"a","type":9}]]"#)
        .unwrap()
        .into_iter()
        .map(|transaction| transaction.id)
        .collect();
    assert_eq!(ids, ["b", "a"]);
    assert!(decoded("[[]]").unwrap().is_empty());
    assert!(decoded(r#"[[{"type":2}]]"#).is_err());
    expect(&ListUnconfirmed, "GET", "/transactions/unconfirmed", N, "");
    let waiting = |body: &str| {
        let body = body.as_bytes();
        ListUnconfirmed.decode(vcloud_api::RawAnswer { status: 200, body })
    };
    assert_eq!(waiting(r#"[{"id":"a","type":2}]"#).unwrap().len(), 1);
    assert!(waiting("[]").unwrap().is_empty());
    assert!(waiting(r#"[{"type":2}]"#).is_err());
    let node: BaseUrl = "https://wallet.v.systems/api".parse().unwrap();
    let request = GetBalance { address: "AU1".into() }
        .request(&node, &Auth::None)
        .unwrap();
    assert_eq!(
        request.uri().to_string(),
        "https://wallet.v.systems/api/addresses/balance/AU1"
    );
}

#[test]
fn a_node_takes_exactly_the_fields_of_the_contract() {
    let account = account();
    let payment = Payment::new(
        *account.address(),
        1,
        Attachment::new("o1;key").unwrap(),
        TIME * 1_000_000_000,
    );
    let signed = payment.sign(account.private_key(), &[2; 64]);
    let (method, path, _, body) = sent(&SendPayment(signed));
    assert_eq!((method.as_str(), path.as_str()), ("POST", "/vsys/broadcast/payment"));
    let fields = |body: &str| {
        let body: serde_json::Map<String, serde_json::Value> = serde_json::from_str(body).unwrap();
        let mut names: Vec<_> = body.into_iter().map(|(name, _)| name).collect();
        names.sort();
        names
    };
    assert_eq!(
        fields(&body),
        [
            "amount",
            "attachment",
            "fee",
            "feeScale",
            "recipient",
            "senderPublicKey",
            "signature",
            "timestamp"
        ]
    );
    let contract = "CFC18Wdgt8waqraeuhT2RqfaYgZ5R85uuTH".parse().unwrap();
    let send = TokenSend::new(
        contract,
        *account.address(),
        1,
        Attachment::new("o1;key").unwrap(),
        TIME * 1_000_000_000,
    );
    let (_, path, _, body) = sent(&SendToken(send.sign(account.private_key(), &[2; 64])));
    assert_eq!(path, "/contract/broadcast/execute");
    assert_eq!(
        fields(&body),
        [
            "attachment",
            "contractId",
            "fee",
            "feeScale",
            "functionData",
            "functionIndex",
            "senderPublicKey",
            "signature",
            "timestamp"
        ]
    );
}
