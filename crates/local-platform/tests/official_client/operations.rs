//! Everything that is done to a running service without changing what it runs.

use serde_json::{Value, json};

use crate::{
    market::{PROVIDER, net_error},
    orders::container_options,
    platform::eventually,
    scene::{Owner, Scene, decimal},
};

/// Names, domains, mails, pause, restart, renewal, refund of one service.
pub fn operate(scene: &Scene) {
    let owner = scene.owner();
    let client = &owner.client;
    let id = owner.buy(24, &container_options("North America", 2, false, false));
    let deployment = json!({ "containers": [{
        "name": "store",
        "imageName": "redis:7",
        "resourceUnit": 2,
        "ports": [{ "containerPort": 6379, "protocol": "TCP" }, { "containerPort": 8080, "protocol": "UDP" }],
    }]});
    let file = client.file("deployment.json", &deployment.to_string());
    assert_eq!(
        client.json(&["service", "deploy", &id, "--config-file", &file])["status"],
        "deployed"
    );
    owner.running(&id);

    name(&owner, &id);
    bind_domains(&owner, &id);
    bind_service_mail(&owner, &id);
    pause_and_resume(&owner, &id);
    renew(&owner, &id);
    read_notices(&owner, &id);
    refund(&owner, &id);
    refuse_strangers(&owner);
}

/// Label and description, readable only with the owner's key.
fn name(owner: &Owner<'_>, id: &str) {
    let client = &owner.client;
    assert_eq!(owner.sealed_field(id, "customizedLabel"), "");
    client.json(&["service", "set-label", id, "--label", "prod-cache.1"]);
    assert_eq!(owner.sealed_field(id, "customizedLabel"), "prod-cache.1");
    net_error(&client.refused(&["service", "set-label", id, "--label", "no spaces"]));
    net_error(&client.refused(&["service", "set-label", id, "--label", &"x".repeat(64)]));
    assert_eq!(
        owner.sealed_field(id, "customizedLabel"),
        "prod-cache.1",
        "a refused label changes nothing"
    );

    client.json(&[
        "service",
        "set-description",
        id,
        "--description",
        "缓存，北美 region. v2/3",
    ]);
    assert_eq!(owner.sealed_field(id, "description"), "缓存，北美 region. v2/3");
    net_error(&client.refused(&["service", "set-description", id, "--description", "ab"]));
    net_error(&client.refused(&["service", "set-description", id, "--description", "what?!"]));
}

fn bind_domains(owner: &Owner<'_>, id: &str) {
    let client = &owner.client;
    let domains = || client.json(&["service", "domain", "list", id]);
    let bind = |domain: &str, options: &[&str]| {
        let mut command = vec!["service", "domain", "bind", id, "--domain", domain];
        command.extend(options);
        client.json(&command)
    };
    assert_eq!(domains(), json!([]));
    let bound = bind("cache.example.com", &["--container-port", "6379", "--https"]);
    assert!(bound["error"].is_null(), "{bound}");
    assert_eq!(
        domains(),
        json!([{ "domain": "cache.example.com", "containerPort": 6379, "isHttps": true }])
    );
    let second = bind("api.example.com", &["--container-port", "8080"]);
    assert!(second["error"].is_null(), "{second}");
    let third = bind("plain.example.org", &["--container-port", "6379", "--no-https"]);
    assert!(third["error"].is_null(), "{third}");
    let listed = domains();
    let listed = listed.as_array().expect("domains");
    assert_eq!(listed.len(), 3);
    let is_https = |name: &str| {
        let domain = listed.iter().find(|domain| domain["domain"] == name);
        domain.unwrap_or_else(|| panic!("{name} is missing: {listed:#?}"))["isHttps"].clone()
    };
    assert_eq!(
        is_https("api.example.com"),
        true,
        "the first binding below example.com has decided"
    );
    assert_eq!(is_https("plain.example.org"), false);

    // The client passes an error of this call on as it came.
    for (domain, port) in [
        ("not a domain", "6379"),
        ("other.example.com", "4444"),
        ("shop.example.com", "6379"),
    ] {
        let refused = bind(domain, &["--container-port", port]);
        assert!(
            refused["error"]["code"].is_u64() && refused["error"]["message"].is_string(),
            "{domain}: {refused}"
        );
    }
    let deleted = client.json(&[
        "service",
        "domain",
        "delete",
        id,
        "api.example.com",
        "plain.example.org",
    ]);
    assert!(deleted["error"].is_null(), "{deleted}");
    assert_eq!(domains().as_array().map(Vec::len), Some(1));
    let unknown = client.json(&["service", "domain", "delete", id, "unknown.example.com"]);
    assert!(unknown["error"]["message"].is_string(), "{unknown}");
    client.json(&["service", "domain", "unbind", id]);
    assert_eq!(domains(), json!([]));
}

/// A provider of the older kind cannot change one domain at a time, and says so by its own code (contract, Errors).
pub fn change_domains_at_an_older_provider(scene: &Scene) {
    const OLDER: &str = "v-kube-legacy";
    let owner = scene.owner();
    let client = &owner.client;
    let services = client.json(&["service", "list", "--page-size", "100"]);
    let services = services["list"].as_array().expect("services");
    let service = services
        .iter()
        .find(|service| service["provider"] == OLDER)
        .expect("the demonstration has one there");
    let id = service["id"].as_str().expect("an id");
    let domains = || client.json(&["service", "domain", "list", id, "--provider", OLDER]);
    let before = domains();
    let domain = before[0]["domain"]
        .as_str()
        .expect("the demonstration has a domain there");
    let deleted = client.json(&["service", "domain", "delete", id, domain, "--provider", OLDER]);
    assert_eq!(deleted["error"]["code"], 501, "{deleted}");
    assert_eq!(domains(), before);
    client.json(&["service", "domain", "unbind", id, "--provider", OLDER]);
    assert_eq!(domains(), json!([]));
    let bind = [
        "service",
        "domain",
        "bind",
        id,
        "--domain",
        domain,
        "--provider",
        OLDER,
        "--no-https",
    ];
    let bound = client.json(&bind);
    assert!(bound["error"].is_null(), "{bound}");
    assert_eq!(domains(), before);
}

fn bind_service_mail(owner: &Owner<'_>, id: &str) {
    let client = &owner.client;
    let address = "service+alerts@example.com";
    net_error(&client.refused(&["service", "email", "service-request-code", id, "--email", "nobody"]));
    client.json(&["service", "email", "service-request-code", id, "--email", address]);
    let code = owner.scene.mailed_code(address);
    let bind = |code: &str| {
        [
            "service",
            "email",
            "service-bind",
            id,
            "--email",
            address,
            "--code",
            code,
        ]
        .map(str::to_owned)
    };
    let wrong = bind("wrong");
    net_error(&client.refused(&wrong.each_ref().map(String::as_str)));
    let right = bind(&code);
    client.json(&right.each_ref().map(String::as_str));
    client.json(&["service", "email", "service-unbind", id]);
}

/// The account's own address for mails, which no service is needed for.
pub fn bind_account_mail(scene: &Scene) {
    let owner = scene.owner();
    let client = &owner.client;
    let address = "owner@example.com";
    let bound = || client.json(&["service", "email", "get", "--provider", PROVIDER]);
    if bound()["email"].is_string() {
        client.json(&["service", "email", "unbind"]);
    }
    assert!(bound()["email"].as_str().is_none_or(str::is_empty), "{}", bound());
    net_error(&client.refused(&["service", "email", "request-code", "--email", "nobody"]));
    client.json(&["service", "email", "request-code", "--email", address]);
    let code = scene.mailed_code(address);
    net_error(&client.refused(&["service", "email", "bind", "--email", address, "--code", "wrong"]));
    net_error(&client.refused(&[
        "service",
        "email",
        "bind",
        "--email",
        "other@example.com",
        "--code",
        &code,
    ]));
    client.json(&["service", "email", "bind", "--email", address, "--code", &code]);
    let answer = bound();
    assert_eq!(answer["email"], address);
    assert_eq!(answer["address"], scene.demo.address);
    assert!(answer["updateAt"].is_i64(), "{answer}");
    client.json(&["service", "email", "unbind"]);
    assert!(bound()["email"].as_str().is_none_or(str::is_empty), "{}", bound());
}

fn pause_and_resume(owner: &Owner<'_>, id: &str) {
    let client = &owner.client;
    client.json(&["service", "pause", id]);
    assert_eq!(owner.service(id)["status"], "ServiceStop");
    assert!(!owner.listed("ServiceRunning", id));
    eventually("the containers to go", || {
        (client.json(&["service", "status", id]) == json!({})).then_some(())
    });
    assert!(client.refused(&["service", "logs", id]).contains("No containers"));
    net_error(&client.refused(&["service", "restart", id, "--provider", PROVIDER]));
    net_error(&client.refused(&["service", "pause", id]));
    net_error(&client.refused(&["service", "update-image", id, "--image", "redis:7.2"]));
    client.json(&["service", "resume", id]);
    assert_eq!(owner.service(id)["status"], "ServiceRunning");
    let started = |status: &Value| status["podStatus"]["containerStatuses"][0]["state"]["running"]["startedAt"].clone();
    let before = started(&owner.running(id));
    client.json(&["service", "restart", id, "--provider", PROVIDER]);
    eventually("a new start", || (started(&owner.running(id)) != before).then_some(()));
    assert!(
        owner.sealed_field(id, "customizedLabel") == "prod-cache.1",
        "a pause keeps the label"
    );
    let configuration = client.refused(&["service", "configmap", id]);
    net_error(&configuration);
}

fn renew(owner: &Owner<'_>, id: &str) {
    let client = &owner.client;
    let before = owner.service(id);
    let hourly = {
        let (order, amount) = owner.order(1, &before["serviceOptions"]);
        assert!(!order.is_empty());
        amount
    };
    let hours = 10;
    let price = (hourly * rust_decimal::Decimal::from(hours)).normalize().to_string();
    let renew = |service: &str, hours: &str, amount: &str| {
        ["service", "renew", service, "--duration", hours, "--amount", amount].map(str::to_owned)
    };
    let run = |arguments: [String; 7]| client.run(&arguments.each_ref().map(String::as_str));
    net_error(&run(renew(id, "0", &price)).refused());
    net_error(&run(renew(id, "10", "0.000001")).refused());
    net_error(&run(renew("no-such-service", "10", &price)).refused());
    let order = run(renew(id, "10", &price)).json();
    let order_id = order["id"].as_str().unwrap_or_else(|| panic!("no id: {order}"));
    owner.pay(order_id, decimal(&order["amount"]), 0);
    owner.filed(order_id);
    let after = eventually("the renewal", || {
        let after = owner.service(id);
        (after["duration"] != before["duration"]).then_some(after)
    });
    assert_eq!(
        decimal(&after["duration"]),
        decimal(&before["duration"]) + rust_decimal::Decimal::from(hours)
    );
    assert!(after["endAt"].as_i64() > before["endAt"].as_i64(), "{after}");
}

fn read_notices(owner: &Owner<'_>, id: &str) {
    let client = &owner.client;
    let notices = client.json(&[
        "service",
        "notice",
        "--page",
        "1",
        "--page-size",
        "50",
        "--service-id",
        id,
    ]);
    let list = notices["list"].as_array().expect("notices");
    assert!(!list.is_empty(), "a pause and a renewal are worth a notice: {notices}");
    for notice in list {
        assert_eq!(notice["serviceID"], id);
        assert!(
            notice["timestamp"].is_i64() && notice["noticeType"].is_string(),
            "{notice}"
        );
    }
    assert!(notices["pagination"]["total"].as_u64() >= Some(list.len() as u64));
    let table = client.run(&["service", "notice", "--output", "table"]);
    assert_eq!(table.code, Some(0), "{table}");
    assert!(table.stdout.contains("Notifications"), "{table}");
}

fn refund(owner: &Owner<'_>, id: &str) {
    let client = &owner.client;
    net_error(&client.refused(&["service", "refund", "no-such-service"]));
    client.json(&["service", "refund", id]);
    eventually("the refund", || owner.listed("ServiceAbort", id).then_some(()));
    net_error(&client.refused(&["service", "refund", id]));
}

/// A service that does not exist, and another account's service.
fn refuse_strangers(owner: &Owner<'_>) {
    let client = &owner.client;
    net_error(&client.refused(&["service", "get", "no-such-service"]));
    let unresolved = client.run(&["service", "status", "no-such-service"]);
    assert_eq!(unresolved.code, Some(1), "{unresolved}");
    assert!(unresolved.stdout.contains("Net Error: "), "{unresolved}");
    let others = client.json(&["--address-index", "2", "service", "list", "--page-size", "100"]);
    assert_eq!(
        others["pagination"]["total"], 0,
        "the second account has no services: {others}"
    );
}
