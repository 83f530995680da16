//! Who may see and do what.

use base64::Engine as _;
use serde_json::{Value, json};
use vcloud_api::calls::{GetOrder, GetServiceDetails, ListUserServices};
use vcloud_api::error::ErrorKind;
use vcloud_api::types::{PageRequest, UserServiceStatus};
use vsys::{Account, Network, SeedPhrase, Signature};

use crate::bench::{As, Bench, USER_AGENT, containers, unix_now};

fn encoded(signature: &Signature) -> String {
    base64::engine::general_purpose::STANDARD.encode(signature.as_bytes())
}

fn stranger() -> Account {
    Account::derive(
        &SeedPhrase::new("somebody else entirely").expect("a phrase"),
        0,
        Network::Mainnet,
    )
}

#[tokio::test]
async fn the_demo_account_has_services_in_every_status() {
    let bench = Bench::start().await;
    let all = bench.services(&[]).await;
    assert!(all.len() >= 12);
    for status in [
        UserServiceStatus::Pending,
        UserServiceStatus::Running,
        UserServiceStatus::Stop,
        UserServiceStatus::Done,
        UserServiceStatus::Abort,
    ] {
        let of_status = bench.services(std::slice::from_ref(&status)).await;
        assert!(!of_status.is_empty(), "{status:?}");
        assert!(of_status.iter().all(|service| service.status == status));
    }
    assert!(
        all.windows(2).all(|pair| pair[0].created_at >= pair[1].created_at),
        "newest first"
    );
}

#[tokio::test]
async fn a_list_comes_in_pages_that_hold_every_service_once() {
    let bench = Bench::with(|options| options.services = 60).await;
    let mut seen = std::collections::BTreeSet::new();
    for current in 1.. {
        let call = ListUserServices {
            page: PageRequest::new(current, 7),
            statuses: Vec::new(),
        };
        let page = bench
            .call(&bench.host(""), As::Address(&bench.owner), &call)
            .await
            .expect("a page");
        assert_eq!(page.pagination.total, 60);
        assert_eq!(page.pagination.current, current);
        if page.list.is_empty() {
            break;
        }
        seen.extend(page.list.into_iter().map(|service| service.id));
    }
    assert_eq!(seen.len(), 60);
}

#[tokio::test]
async fn a_list_needs_an_address_of_the_network() {
    let bench = Bench::start().await;
    let (status, answer) = bench.get("", "/api/v1/userService").await;
    assert_eq!((status, &answer["error"]["code"]), (401, &json!(401)));
    let foreign = Account::derive(&SeedPhrase::new("a phrase").expect("a phrase"), 0, Network::Testnet);
    let call = ListUserServices {
        page: PageRequest::new(1, 10),
        statuses: Vec::new(),
    };
    let refused = bench
        .call(&bench.host(""), As::Address(&foreign), &call)
        .await
        .expect_err("a refusal");
    assert_eq!(refused.code, 400);
    let empty = bench
        .call(&bench.host(""), As::Address(&stranger()), &call)
        .await
        .expect("a list");
    assert_eq!((empty.list.len(), empty.pagination.total), (0, 0));
}

#[tokio::test]
async fn secrets_labels_and_descriptions_are_sealed_to_their_owner() {
    let bench = Bench::start().await;
    let frontend = bench.labelled("web-frontend").await;
    let sealed = &frontend.answer.sealed;
    let description = sealed
        .description
        .open(bench.owner.private_key())
        .expect("a description");
    assert_eq!(description.as_deref(), Some("官网前端与静态资源，生产环境。"));
    assert!(sealed.magic.open_secret(stranger().private_key()).is_err());
    let again = bench.open(frontend.id()).await;
    assert_eq!(
        again.answer.sealed, frontend.answer.sealed,
        "what is asked again is the same"
    );

    let details = bench
        .call(&frontend.host, As::Secret(&frontend.secret), &GetServiceDetails)
        .await
        .expect("details");
    assert_eq!(details.service.id, frontend.id());
    assert_eq!(details.own.customized_label, "web-frontend");
}

#[tokio::test]
async fn a_secret_opens_its_service_on_its_own_host_only() {
    let bench = Bench::start().await;
    let frontend = bench.labelled("web-frontend").await;
    for other in ["tokyo", "europe.legacy"] {
        let refused = bench
            .call(&bench.host(other), As::Secret(&frontend.secret), &GetServiceDetails)
            .await
            .expect_err("a refusal");
        assert_eq!(refused.kind, ErrorKind::Unauthorised, "{other}");
    }
    let (status, _) = bench.get("europe", "/api/v1/k8s/userService").await;
    assert_eq!(status, 401);
    let (status, answer) = bench.get("moon", "/api/v1/k8s/userService").await;
    assert_eq!((status, &answer["error"]["code"]), (404, &json!(404)));
    let (status, _) = bench.get("europe", "/api/v1/userService").await;
    assert_eq!(status, 404, "the list is the platform's");
}

#[tokio::test]
async fn access_tokens_can_be_expired_inactive_or_deleted() {
    let bench = Bench::start().await;
    let frontend = bench.labelled("web-frontend").await;
    for (state, kind) in [
        ("expired", ErrorKind::TokenExpired),
        ("inactive", ErrorKind::TokenInactive),
        ("deleted", ErrorKind::TokenDeleted),
    ] {
        let (status, token) = bench
            .post(
                "",
                "/dev/tokens",
                &json!({ "userServiceID": frontend.id(), "state": state }),
            )
            .await;
        assert_eq!(status, 200, "{token}");
        let refused = bench
            .call(&frontend.host, As::Secret(&frontend.secret), &GetServiceDetails)
            .await
            .expect_err("a refusal");
        assert_eq!(refused.kind, kind);
        assert_eq!(refused.user_service_id.as_deref(), Some(frontend.id()));
        assert_eq!(refused.token_id.as_deref(), token["tokenID"].as_str());
    }
    bench
        .post("", "/dev/tokens", &json!({ "userServiceID": frontend.id() }))
        .await;
    bench
        .call(&frontend.host, As::Secret(&frontend.secret), &GetServiceDetails)
        .await
        .expect("an active token opens again");

    let (_, further) = bench
        .post(
            "",
            "/dev/tokens",
            &json!({ "userServiceID": frontend.id(), "create": true }),
        )
        .await;
    let token = vsys::AccessToken::parse(further["accessToken"].as_str().expect("a token")).expect("an access token");
    assert_eq!(token.host(), frontend.host.to_string());
    assert_ne!(further["secret"], frontend.secret.expose());
}

/// A signed request, made by hand so that each part of it can be wrong.
struct Signed<'a> {
    account: &'a Account,
    time: u64,
    path: &'a str,
    query: &'a str,
    user_agent: &'a str,
}

impl Signed<'_> {
    async fn send(
        &self,
        bench: &Bench,
        change: impl FnOnce(reqwest::RequestBuilder) -> reqwest::RequestBuilder,
    ) -> (u16, Value) {
        let address = self.account.address().to_string();
        let path_and_query = if self.query.is_empty() {
            self.path.to_owned()
        } else {
            format!("{}?{}", self.path, self.query)
        };
        let canonical = vcloud_api::signing::canonical_request("GET", &path_and_query, self.user_agent, &address, b"");
        let digest = vcloud_api::signing::digest_to_sign(&vcloud_api::signing::canonical_hash(&canonical), self.time);
        let signature = self.account.sign(&digest, &local_platform::random::bytes());
        let request = bench
            .http
            .get(bench.url("", &path_and_query))
            .header("address", address)
            .header("x-sdk-time", self.time.to_string())
            .header("public-key", self.account.public_key().to_string())
            .header("signature", encoded(&signature));
        let response = change(request).send().await.expect("an answer");
        (response.status().as_u16(), response.json().await.expect("JSON"))
    }
}

#[tokio::test]
async fn a_signature_must_fit_the_whole_request_and_be_fresh() {
    let bench = Bench::start().await;
    let receipt = bench.order(&containers("Europe", 1), 24).await.expect("an order");
    let path = format!("/api/v1/order/id/{}", receipt.id);
    let good = || Signed {
        account: &bench.owner,
        time: unix_now(),
        path: &path,
        query: "",
        user_agent: USER_AGENT,
    };
    assert_eq!(good().send(&bench, |request| request).await.0, 200);
    let queried = Signed {
        query: "b=2&a=1",
        ..good()
    };
    assert_eq!(
        queried.send(&bench, |request| request).await.0,
        200,
        "a query is signed too"
    );

    for (what, time) in [("too old", unix_now() - 400), ("from the future", unix_now() + 400)] {
        let (status, answer) = Signed { time, ..good() }.send(&bench, |request| request).await;
        assert_eq!((status, &answer["error"]["code"]), (401, &json!(401)), "{what}");
    }
    let (status, _) = Signed {
        user_agent: "another browser",
        ..good()
    }
    .send(&bench, |request| request)
    .await;
    assert_eq!(status, 401, "another user agent was signed");
    let (status, _) = good().send(&bench, |request| request.query(&[("more", "1")])).await;
    assert_eq!(status, 401, "the query is not the one that was signed");

    let foreign = stranger();
    let (status, _) = Signed {
        account: &foreign,
        ..good()
    }
    .send(&bench, |request| request)
    .await;
    assert_eq!(status, 404, "somebody else's order is not there");
    let unsigned = bench.get("", &path).await;
    assert_eq!(unsigned.0, 401);
}

#[tokio::test]
async fn a_public_key_must_belong_to_the_address() {
    let bench = Bench::start().await;
    let receipt = bench.order(&containers("Europe", 1), 24).await.expect("an order");
    let foreign = stranger();
    let (address, key) = (bench.owner.address().to_string(), foreign.public_key().to_string());
    let path = format!("/api/v1/order/id/{}", receipt.id);
    let canonical = vcloud_api::signing::canonical_request("GET", &path, USER_AGENT, &address, b"");
    let time = unix_now();
    let digest = vcloud_api::signing::digest_to_sign(&vcloud_api::signing::canonical_hash(&canonical), time);
    let signature = foreign.sign(&digest, &local_platform::random::bytes());
    let request = bench
        .http
        .get(bench.url("", &path))
        .header("address", address)
        .header("x-sdk-time", time.to_string());
    let request = request
        .header("public-key", key)
        .header("signature", encoded(&signature));
    assert_eq!(request.send().await.expect("an answer").status(), 401);
}

#[tokio::test]
async fn an_order_is_its_owners_alone() {
    let bench = Bench::start().await;
    let receipt = bench.order(&containers("Europe", 1), 24).await.expect("an order");
    let refused = bench
        .call(&bench.host(""), As::Owner(&stranger()), &GetOrder { id: receipt.id })
        .await
        .expect_err("a refusal");
    assert_eq!(refused.kind, ErrorKind::NotFound);
}

#[tokio::test]
async fn a_preflight_allows_what_the_contract_says() {
    let bench = Bench::start().await;
    for (host, path) in [
        ("", "/api/v1/userService"),
        ("europe", "/api/v1/k8s/pod/images"),
        ("notice", "/api/v1/k8s/notice"),
        ("", "/node/transactions/info/x"),
    ] {
        let request = bench.http.request(reqwest::Method::OPTIONS, bench.url(host, path));
        let request = request
            .header("origin", "http://console.example")
            .header("access-control-request-method", "PATCH");
        let request = request.header(
            "access-control-request-headers",
            "secret,signature,x-sdk-time,public-key,address,content-type",
        );
        let response = request.send().await.expect("an answer");
        assert!(response.status().is_success(), "{path}");
        let header = |name: &str| {
            response
                .headers()
                .get(name)
                .map(|value| value.to_str().expect("text").to_owned())
                .unwrap_or_default()
        };
        assert_eq!(header("access-control-allow-origin"), "*", "{path}");
        for allowed in ["GET", "POST", "PUT", "PATCH", "DELETE"] {
            assert!(
                header("access-control-allow-methods").contains(allowed),
                "{path}: {allowed}"
            );
        }
        for allowed in [
            "address",
            "content-type",
            "password",
            "public-key",
            "secret",
            "signature",
            "username",
            "x-sdk-time",
        ] {
            assert!(
                header("access-control-allow-headers").contains(allowed),
                "{path}: {allowed}"
            );
        }
    }
    let refused = bench
        .http
        .get(bench.url("europe", "/api/v1/k8s/userService"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(
        refused.headers()["access-control-allow-origin"],
        "*",
        "a refusal can be read as well"
    );
}
