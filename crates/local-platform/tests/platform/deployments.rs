//! Deploying, updating, restarting, pausing: the life of a pod.

use serde_json::{Value, json};
use vcloud_api::calls::{
    CheckImage, CheckPorts, Deploy, GetDeployment, GetMonitor, GetPodStatus, RestartPod, StartPod, StopPod,
};
use vcloud_api::error::ErrorKind;
use vcloud_api::types::{ContainerStateKind, Login, PortCheckRequest, PortCheckStatus, UserServiceStatus};

use crate::bench::{As, Bench, Opened, containers, one_container, options, until};

async fn running(bench: &Bench, service: &Opened) {
    until(|| async {
        let status = bench
            .call(&service.host, As::Secret(&service.secret), &GetPodStatus)
            .await
            .expect("a status");
        let states = &status.state.container_statuses;
        let all = !states.is_empty()
            && states
                .iter()
                .all(|container| container.state.kind() == ContainerStateKind::Running);
        all.then_some(())
    })
    .await;
}

#[tokio::test]
async fn a_service_runs_from_its_deployment_on() {
    let bench = Bench::start().await;
    let service = bench.buy(&containers("Europe", 2), 24).await;
    let (status, _) = bench.ask(&service, "GET", "/api/v1/k8s/pod/status", None).await;
    assert_eq!(status, 400, "it has no pod yet");
    let (status, _) = bench.ask(&service, "GET", "/api/v1/k8s/deployment/info", None).await;
    assert_eq!(status, 404);

    let deployment = serde_json::from_value(one_container("nginx:1.27", 80)).expect("a deployment");
    bench
        .call(&service.host, As::Secret(&service.secret), &Deploy(deployment))
        .await
        .expect("a deployment");
    let now = bench.open(service.id()).await.answer.service;
    assert_eq!(now.status, UserServiceStatus::Running);
    assert_eq!(now.end_at - now.service_running_ts, 24 * 3600);
    running(&bench, &service).await;

    let status = bench
        .call(&service.host, As::Secret(&service.secret), &GetPodStatus)
        .await
        .expect("a status");
    assert_eq!(status.state.container_statuses[0].image, "docker.io/library/nginx:1.27");
    let spec = &status.spec.containers[0];
    assert!(spec.ports[0].host_port >= 30_000, "the platform chose a port");
    let kept = bench
        .call(&service.host, As::Secret(&service.secret), &GetDeployment)
        .await
        .expect("the deployment");
    assert_eq!(
        (
            kept.containers[0].image_name.as_str(),
            kept.containers[0].ports[0].host_port
        ),
        ("nginx:1.27", None)
    );

    let again = bench
        .ask(
            &service,
            "POST",
            "/api/v1/k8s/deployment",
            Some(&one_container("nginx:1.27", 80)),
        )
        .await;
    assert_eq!(again.0, 400, "it is deployed already");
}

#[tokio::test]
async fn an_update_replaces_what_runs_and_keeps_the_ports() {
    let bench = Bench::start().await;
    let service = bench
        .deployed(&containers("Europe", 2), 24, &one_container("nginx:1.27", 80))
        .await;
    let port = || async {
        let status = bench
            .call(&service.host, As::Secret(&service.secret), &GetPodStatus)
            .await
            .expect("a status");
        status.spec.containers[0].ports[0].host_port
    };
    let before = port().await;
    let (status, answer) = bench
        .ask(
            &service,
            "POST",
            "/api/v1/k8s/deployment/update",
            Some(&one_container("redis:7", 80)),
        )
        .await;
    assert_eq!((status, &answer), (200, &json!({ "status": "OK" })));
    running(&bench, &service).await;
    let kept = bench
        .call(&service.host, As::Secret(&service.secret), &GetDeployment)
        .await
        .expect("the deployment");
    assert_eq!(kept.containers[0].image_name, "redis:7");
    assert_eq!(port().await, before);
}

#[tokio::test]
async fn a_paused_service_shows_nothing_until_it_is_started_again() {
    let bench = Bench::start().await;
    let service = bench
        .deployed(&containers("Europe", 1), 24, &one_container("nginx:1.27", 80))
        .await;
    running(&bench, &service).await;
    let who = As::Secret(&service.secret);
    assert_eq!(
        bench.ask(&service, "POST", "/api/v1/k8s/pod/start", None).await.0,
        400,
        "it runs"
    );
    bench.call(&service.host, who, &StopPod).await.expect("a stop");
    let stopped = bench.open(service.id()).await.answer.service;
    assert_eq!(stopped.status, UserServiceStatus::Stop);
    until(|| async {
        bench
            .call(&service.host, who, &GetPodStatus)
            .await
            .expect("a status")
            .is_absent()
            .then_some(())
    })
    .await;
    for (method, path) in [
        ("POST", "/api/v1/k8s/pod/restart"),
        ("POST", "/api/v1/k8s/pod/stop"),
        ("GET", "/api/v1/monitor?allContainers=True"),
        ("GET", "/api/v1/k8s/pod/logs?container=main"),
    ] {
        assert_eq!(bench.ask(&service, method, path, None).await.0, 400, "{path}");
    }
    let update = bench
        .ask(
            &service,
            "POST",
            "/api/v1/k8s/deployment/update",
            Some(&one_container("redis:7", 80)),
        )
        .await;
    assert_eq!(update.0, 400);
    bench.call(&service.host, who, &StartPod).await.expect("a start");
    running(&bench, &service).await;
    let started = bench.open(service.id()).await.answer.service;
    assert_eq!(
        (started.status, started.end_at),
        (UserServiceStatus::Running, stopped.end_at),
        "its time went on"
    );
    bench.call(&service.host, who, &RestartPod).await.expect("a restart");
    running(&bench, &service).await;
}

#[tokio::test]
async fn deployments_that_break_a_rule_are_refused() {
    let bench = Bench::start().await;
    let plain = bench.buy(&containers("Europe", 1), 24).await;
    let disk = bench
        .buy(&options("Europe", 2, "User Specified Service Port", "Yes"), 24)
        .await;
    let with = |field: &str, value: Value| {
        let mut deployment = one_container("nginx:1.27", 80);
        deployment["containers"][0][field] = value;
        deployment
    };
    let ports = |ports: Value| ("ports", ports);
    for (what, service, (field, value)) in [
        ("a name in capitals", &plain, ("name", json!("Main"))),
        ("no image", &plain, ("imageName", json!(""))),
        ("an image by digest", &plain, ("imageName", json!("nginx@sha256:0123"))),
        (
            "an image that does not exist",
            &plain,
            ("imageName", json!("nginx:does-not-exist")),
        ),
        (
            "a private image without a login",
            &plain,
            ("imageName", json!("alice/nginx:1")),
        ),
        ("more units than bought", &plain, ("resourceUnit", json!(2))),
        ("no units", &plain, ("resourceUnit", json!(0))),
        (
            "more ports than units",
            &plain,
            ports(json!([{ "containerPort": 1 }, { "containerPort": 2 }])),
        ),
        (
            "a port above 65535",
            &plain,
            ports(json!([{ "containerPort": 70_000 }])),
        ),
        (
            "a port that may not be chosen",
            &plain,
            ports(json!([{ "containerPort": 1, "hostPort": 8080 }])),
        ),
        (
            "an unknown protocol",
            &plain,
            ports(json!([{ "containerPort": 1, "protocol": "ICMP" }])),
        ),
        (
            "a variable that begins with a digit",
            &plain,
            ("envs", json!([{ "name": "1A", "value": "x" }])),
        ),
        (
            "a variable without a value",
            &plain,
            ("envs", json!([{ "name": "A", "value": "" }])),
        ),
        (
            "a configuration path without a file",
            &plain,
            ("configMountPath", json!("/etc/app.yaml")),
        ),
        ("a disk that nobody mounts", &disk, ("mountPath", json!(""))),
    ] {
        let (status, answer) = bench
            .ask(service, "POST", "/api/v1/k8s/deployment", Some(&with(field, value)))
            .await;
        assert_eq!(
            (status, &answer["error"]["code"]),
            (400, &json!(400)),
            "{what}: {answer}"
        );
    }
    assert_eq!(
        bench
            .ask(&plain, "POST", "/api/v1/k8s/deployment", Some(&json!({})))
            .await
            .0,
        400,
        "no container"
    );
    let after = bench.open(plain.id()).await.answer.service;
    assert_eq!(after.status, UserServiceStatus::Pending, "it is as usable as before");
    let (status, answer) = bench
        .ask(
            &disk,
            "POST",
            "/api/v1/k8s/deployment",
            Some(&with("mountPath", json!("/my-data"))),
        )
        .await;
    assert_eq!(status, 200, "{answer}");
}

#[tokio::test]
async fn a_private_image_is_deployed_with_its_login_and_the_password_never_comes_back() {
    let bench = Bench::start().await;
    let mut deployment = one_container("alice/nginx:1.23", 80);
    deployment["pvtLogin"] = json!([{ "username": "alice", "password": "a-token" }]);
    let service = bench.deployed(&containers("Europe", 1), 24, &deployment).await;
    let (status, kept) = bench.ask(&service, "GET", "/api/v1/k8s/deployment/info", None).await;
    assert_eq!(
        (status, &kept["pvtLogin"][0]),
        (200, &json!({ "username": "alice", "password": "" }))
    );
    running(&bench, &service).await;
}

#[tokio::test]
async fn images_are_checked_with_the_registry() {
    let bench = Bench::start().await;
    let europe = bench.host("europe");
    let check = async |repository: &str, tag: &str, username: &str, password: &str| {
        let login = Login {
            username: username.to_owned(),
            password: password.into(),
        };
        bench
            .call(
                &europe,
                As::Nobody,
                &CheckImage {
                    repository: repository.into(),
                    tag: tag.into(),
                    login,
                },
            )
            .await
    };
    check("nginx", "1.27", "", "").await.expect("it is there");
    assert_eq!(
        check("nginx", "does-not-exist", "", "")
            .await
            .expect_err("missing")
            .kind,
        ErrorKind::NotFound
    );
    assert_eq!(
        check("alice/shop", "1", "", "").await.expect_err("private").kind,
        ErrorKind::NotFound
    );
    check("alice/shop", "1", "alice", "a-token")
        .await
        .expect("the token opens it");
    let (status, answer) = bench.get("europe", "/api/v1/k8s/images?image=nginx").await;
    assert_eq!(
        (status, answer["error"]["message"].as_str()),
        (400, Some("image format not allow.Format: image:tag"))
    );
    let (status, answer) = bench.get("europe", "/api/v1/k8s/images?image=nginx&tag=missing").await;
    assert_eq!(
        (status, answer["error"]["message"].as_str()),
        (404, Some("image does not exist."))
    );
}

#[tokio::test]
async fn a_port_of_the_host_belongs_to_one_service() {
    let bench = Bench::start().await;
    let choosing = options("Europe", 1, "User Specified Service Port", "No");
    let with_port = |port: u16| {
        let mut deployment = one_container("nginx:1.27", 80);
        deployment["containers"][0]["ports"][0]["hostPort"] = json!(port);
        deployment
    };
    let first = bench.deployed(&choosing, 24, &with_port(18_080)).await;
    let second = bench.buy(&choosing, 24).await;
    let check = async |id: &str, ports: &[u32]| {
        let wanted = PortCheckRequest {
            region: "Europe".into(),
            ports: ports.to_vec(),
            user_service_id: id.to_owned(),
        };
        bench
            .call(&bench.host("europe"), As::Nobody, &CheckPorts(wanted))
            .await
            .expect("an answer")
    };
    let answer = check(second.id(), &[18_080, 18_081]).await;
    assert_eq!(
        (answer.status, answer.occupied),
        (PortCheckStatus::PortsOccupied, vec![18_080])
    );
    assert_eq!(check(second.id(), &[18_081]).await.status, PortCheckStatus::NotOccupied);
    assert_eq!(
        check(first.id(), &[18_080]).await.status,
        PortCheckStatus::NotOccupied,
        "one's own is free"
    );
    assert_eq!(
        bench
            .ask(&second, "POST", "/api/v1/k8s/deployment", Some(&with_port(18_080)))
            .await
            .0,
        400
    );
    assert_eq!(
        bench
            .ask(&second, "POST", "/api/v1/k8s/deployment", Some(&with_port(18_081)))
            .await
            .0,
        200
    );
    let (status, answer) = bench
        .post(
            "europe",
            "/api/v1/k8s/checkports",
            &json!({ "region": "Europe", "ports": [] }),
        )
        .await;
    assert_eq!(
        (status, answer["error"]["message"].as_str()),
        (400, Some("item field empty"))
    );
}

#[tokio::test]
async fn what_a_service_uses_is_measured() {
    let bench = Bench::start().await;
    let backend = bench.labelled("shop-backend").await;
    let all = bench
        .call(
            &backend.host,
            As::Secret(&backend.secret),
            &GetMonitor { container: None },
        )
        .await
        .expect("measurements");
    assert_eq!(all.cpu.len(), 3);
    assert!(all.memory["api"].value > 0.0);
    assert!(all.storage.is_some());
    let one = bench
        .call(
            &backend.host,
            As::Secret(&backend.secret),
            &GetMonitor {
                container: Some("cache".into()),
            },
        )
        .await
        .expect("measurements");
    assert_eq!(one.cpu.keys().collect::<Vec<_>>(), ["cache"]);
    let unknown = GetMonitor {
        container: Some("nobody".into()),
    };
    assert_eq!(
        bench
            .call(&backend.host, As::Secret(&backend.secret), &unknown)
            .await
            .expect_err("a refusal")
            .kind,
        ErrorKind::NotFound
    );
}

#[tokio::test]
async fn the_demonstration_has_a_crash_loop_and_three_containers() {
    let bench = Bench::start().await;
    let importer = bench.labelled("importer").await;
    let status = bench
        .call(&importer.host, As::Secret(&importer.secret), &GetPodStatus)
        .await
        .expect("a status");
    assert!(status.state.container_statuses[0].restart_count > 5);
    let backend = bench.labelled("shop-backend").await;
    let status = bench
        .call(&backend.host, As::Secret(&backend.secret), &GetPodStatus)
        .await
        .expect("a status");
    assert_eq!(status.state.container_statuses.len(), 3);
}
