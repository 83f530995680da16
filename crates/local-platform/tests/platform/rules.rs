//! The input rules of the contract, each with a value on either side of it.

use serde_json::{Value, json};

use vcloud_api::calls::BindOneDomain;
use vcloud_api::types::BindDomain;

use crate::bench::{As, Bench, Opened, one_container, options};
use crate::orders::{refund, renew};

const UPDATE: &str = "/api/v1/k8s/deployment/update";

/// Two containers that take two of four units and two of four ports.
fn two_containers() -> Value {
    let container = |name: &str, image: &str, port: u32, host: u32| {
        let mut container = one_container(image, 80)["containers"][0].clone();
        container["name"] = json!(name);
        container["ports"] = json!([{ "containerPort": port, "hostPort": host, "protocol": "TCP" }]);
        container
    };
    let mut web = container("web", "nginx:1.27", 80, 31_080);
    web["mountPath"] = json!("/data");
    let login = json!({ "username": "", "password": "" });
    json!({
        "containers": [web, container("cache", "redis:7", 6379, 31_081)],
        "pvtLogin": [login, login],
    })
}

/// The two containers with other values at these places.
fn with(changes: &[(&str, Value)]) -> Value {
    let mut deployment = two_containers();
    for (place, value) in changes {
        *deployment.pointer_mut(place).unwrap_or_else(|| panic!("no {place}")) = value.clone();
    }
    deployment
}

/// As many containers with a unit each and without ports.
fn many(count: usize) -> Value {
    let images = [
        "nginx:1.27",
        "redis:7",
        "postgres:16",
        "vcloud/json-logger:2.4",
        "mysql:8",
    ];
    let container = |image: &&str| {
        let mut container = one_container(image, 80)["containers"][0].clone();
        container["name"] = json!(image.split(['/', ':']).next());
        container["ports"] = json!([]);
        container["mountPath"] = json!("/data");
        container
    };
    let containers: Vec<Value> = images[..count].iter().map(container).collect();
    let logins = vec![json!({ "username": "", "password": "" }); count];
    json!({ "containers": containers, "pvtLogin": logins })
}

async fn update(bench: &Bench, service: &Opened, deployment: &Value) -> (u16, Value) {
    bench.ask(service, "POST", UPDATE, Some(deployment)).await
}

#[tokio::test]
async fn of_several_containers_each_rule_has_two_sides() {
    let bench = Bench::start().await;
    let bought = options("Europe", 4, "User Specified Service Port", "Yes");
    let service = bench.deployed(&bought, 24, &two_containers()).await;
    let name = |text: &str| with(&[("/containers/1/name", json!(text))]);
    let image = |text: &str| with(&[("/containers/1/imageName", json!(text))]);
    let port = |number: u32| with(&[("/containers/1/ports/0/containerPort", json!(number))]);
    let host = |number: u32| with(&[("/containers/1/ports/0/hostPort", json!(number))]);
    let protocol = |text: &str| with(&[("/containers/1/ports/0/protocol", json!(text))]);
    let units = |count: u32| with(&[("/containers/1/resourceUnit", json!(count))]);
    let variable = |name: &str| with(&[("/containers/1/envs", json!([{ "name": name, "value": "x" }]))]);
    let mount = |path: &str| with(&[("/containers/0/mountPath", json!(path))]);
    let config = |path: &str, file: &str| {
        with(&[
            ("/containers/1/configMountPath", json!(path)),
            ("/containers/1/config", json!(file)),
        ])
    };
    let login = |name: &str, password: &str| {
        with(&[
            ("/containers/1/imageName", json!("alice/private-thing:2")),
            ("/pvtLogin/1", json!({ "username": name, "password": password })),
        ])
    };
    let ports = |count: u32| {
        let ports: Vec<Value> = (0..count)
            .map(|number| json!({ "containerPort": 7000 + number, "hostPort": 31_100 + number, "protocol": "TCP" }))
            .collect();
        with(&[("/containers/1/ports", json!(ports))])
    };
    for (what, refused, accepted) in [
        ("names are told apart", name("web"), name("web2")),
        ("64 characters", name(&"a".repeat(64)), name(&"a".repeat(63))),
        ("a hyphen at the edge", name("a-"), name("a-b")),
        ("images are told apart", image("nginx:1.27"), image("redis:7.4")),
        ("container ports are told apart", port(80), port(81)),
        ("a container port of 0", port(0), port(1)),
        ("a container port of 65536", port(65_536), port(65_535)),
        ("host ports are told apart", host(31_080), host(31_082)),
        ("a host port of 65536", host(65_536), host(65_535)),
        ("a protocol of no port", protocol("SCTP"), protocol("UDP")),
        ("no units", units(0), units(1)),
        ("five units of four", units(4), units(3)),
        ("five ports of four", ports(4), ports(3)),
        ("five containers of four units", many(5), many(4)),
        ("a variable with a sign", variable("A=B"), variable("A.B-c_1")),
        ("a variable with a digit first", variable("1A"), variable("_1A")),
        ("a relative mount path", mount("data"), mount("/data")),
        ("a mount path up", mount("/a/../b"), mount("/a/b")),
        ("a mount path with nothing between", mount("/a//b"), mount("/my-data")),
        ("a mount path with a space", mount("/a b"), mount("/a.b")),
        (
            "a relative file",
            config("etc/app.yaml", "a: 1"),
            config("/etc/app.yaml", "a: 1"),
        ),
        (
            "a file without content",
            config("/etc/app.yaml", ""),
            config("/etc/nginx/app.conf", "x"),
        ),
        (
            "a login without a password",
            login("alice", ""),
            login("alice", "swordfish"),
        ),
    ] {
        let (status, answer) = update(&bench, &service, &refused).await;
        assert_eq!(status, 400, "{what}: {answer}");
        let (status, answer) = update(&bench, &service, &accepted).await;
        assert_eq!(status, 200, "the other side of \"{what}\": {answer}");
    }
}

#[tokio::test]
async fn texts_have_two_sides_as_well() {
    let bench = Bench::start().await;
    let metrics = bench.labelled("metrics").await;
    let label = |text: &str| ("deployment/metadata/label", json!({ "customizedLabel": text }));
    let description = |text: &str| ("deployment/metadata/annotation", json!({ "description": text }));
    for (refused, accepted) in [
        (label(""), label("a")),
        (label(&"x".repeat(64)), label(&"x".repeat(63))),
        (label("-a"), label("a-b")),
        (label("a."), label("A.b_C")),
        (label("标签"), label("label")),
        (description("ab"), description("abc")),
        (description(&"x".repeat(254)), description(&"x".repeat(253))),
        (description("a;b"), description("生产环境，a-b/c. D_e。")),
    ] {
        for ((path, body), wanted) in [(refused, 400), (accepted, 200)] {
            let path = format!("/api/v1/k8s/{path}");
            let (status, answer) = bench.ask(&metrics, "POST", &path, Some(&body)).await;
            assert_eq!(status, wanted, "{body}: {answer}");
        }
    }
    let code = |address: &str| json!({ "type": "email", "contact": address });
    let path = "/api/v1/contact/userServiceContact/bind/sendCode";
    for (refused, accepted) in [
        ("a@localhost", "a@localhost.org"),
        ("a..b@example.com", "a.b@example.com"),
        ("a+@example.com", "a+b@example.com"),
        ("a@b@example.com", "a-b@mail.example.com"),
    ] {
        for (address, wanted) in [(refused, 400), (accepted, 200)] {
            let (status, answer) = bench.ask(&metrics, "POST", path, Some(&code(address))).await;
            assert_eq!(status, wanted, "{address}: {answer}");
        }
    }
}

#[tokio::test]
async fn of_a_paused_service_only_some_things_can_be_changed() {
    let bench = Bench::start().await;
    let service = bench
        .deployed(
            &options("Europe", 1, "System Random Map Port", "No"),
            24,
            &one_container("nginx:1.27", 80),
        )
        .await;
    let stop = bench.ask(&service, "POST", "/api/v1/k8s/pod/stop", None).await;
    assert_eq!(stop.0, 200, "{}", stop.1);
    let refused = [
        ("k8s/deployment/metadata/label", json!({ "customizedLabel": "paused" })),
        ("k8s/deployment/metadata/annotation", json!({ "description": "paused" })),
        ("k8s/deployment/update", one_container("nginx:1.28", 80)),
        ("k8s/pod/restart", Value::Null),
    ];
    for (path, body) in refused {
        let (status, answer) = bench
            .ask(&service, "POST", &format!("/api/v1/{path}"), Some(&body))
            .await;
        assert_eq!(status, 400, "{path}: {answer}");
    }
    let domain = BindDomain {
        domain: "paused.example.org".into(),
        container_port: 80,
        is_encry_byself: false,
        is_letsencrypt: None,
    };
    let both = As::Both(&bench.owner, &service.secret);
    bench
        .call(&service.host, both, &BindOneDomain(domain))
        .await
        .expect("a domain");
    let code = json!({ "type": "email", "contact": "paused@example.org" });
    let path = "/api/v1/contact/userServiceContact/bind/sendCode";
    let (status, answer) = bench.ask(&service, "POST", path, Some(&code)).await;
    assert_eq!(status, 200, "{answer}");
    let info = bench.ask(&service, "GET", "/api/v1/k8s/deployment/info", None).await;
    assert_eq!(info.0, 200, "{}", info.1);
    renew(&bench, service.id(), 10, "0.025").await.expect("a renewal");
    refund(&bench, &[service.id()]).await.expect("a refund");
}
