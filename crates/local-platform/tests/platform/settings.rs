//! Configuration, environment, images, label and description.

use std::collections::BTreeMap;

use serde_json::json;
use vcloud_api::calls::{
    ChangeImages, GetConfigFiles, GetDeployment, GetServiceDetails, SetDescription, SetLabel, UpdateConfig,
};
use vcloud_api::error::ErrorKind;
use vcloud_api::types::{ConfigUpdate, ImageChange, Login};
use vsys::{Account, Network, SeedPhrase};

use crate::bench::{As, Bench};

#[tokio::test]
async fn configuration_and_environment_can_be_changed() {
    let bench = Bench::start().await;
    let frontend = bench.labelled("web-frontend").await;
    let who = As::Secret(&frontend.secret);
    let files = bench.call(&frontend.host, who, &GetConfigFiles).await.expect("files");
    assert!(files.0["web"].contains("server_name"));
    let update = ConfigUpdate {
        config: BTreeMap::from([("web".to_owned(), "worker_processes 1;\n".to_owned())]),
        environment: BTreeMap::from([(
            "web".to_owned(),
            BTreeMap::from([("STAGE".to_owned(), "test".to_owned())]),
        )]),
    };
    bench
        .call(&frontend.host, who, &UpdateConfig(update))
        .await
        .expect("an update");
    let files = bench.call(&frontend.host, who, &GetConfigFiles).await.expect("files");
    assert_eq!(files.0["web"], "worker_processes 1;\n");
    let kept = bench
        .call(&frontend.host, who, &GetDeployment)
        .await
        .expect("the deployment");
    assert_eq!(
        (
            kept.containers[0].envs[0].name.as_str(),
            kept.containers[0].envs[0].value.expose()
        ),
        ("STAGE", "test")
    );

    let backend = bench.labelled("shop-backend").await;
    let none = bench
        .call(&backend.host, As::Secret(&backend.secret), &GetConfigFiles)
        .await
        .expect_err("a refusal");
    assert_eq!(none.kind, ErrorKind::NotFound);
    for (what, body) in [
        ("nothing", json!({})),
        ("an unknown container", json!({ "config": { "nobody": "x" } })),
        ("a file where none is mounted", json!({ "config": { "api": "x" } })),
        (
            "a variable that begins with a digit",
            json!({ "environment": { "api": { "1A": "x" } } }),
        ),
        (
            "a variable without a value",
            json!({ "environment": { "api": { "A": "" } } }),
        ),
    ] {
        let (status, answer) = bench.ask(&backend, "PUT", "/api/v1/k8s/pod/update", Some(&body)).await;
        assert!(status == 400 || status == 404, "{what}: {answer}");
    }
}

#[tokio::test]
async fn an_environment_is_replaced_as_a_whole_and_only_that_of_the_container_named() {
    let bench = Bench::start().await;
    let backend = bench.labelled("shop-backend").await;
    let who = As::Secret(&backend.secret);
    let names = async |container: &str| {
        let kept = bench
            .call(&backend.host, who, &GetDeployment)
            .await
            .expect("the deployment");
        let found = kept.containers.into_iter().find(|known| known.name == container);
        let envs = found.expect("the container").envs;
        envs.into_iter().map(|variable| variable.name).collect::<Vec<String>>()
    };
    assert_eq!(names("api").await, ["LOG_LEVEL", "REDIS_HOST"]);
    let update = json!({ "environment": { "api": { "REDIS_HOST": "cache", "ADDED": "1" } } });
    assert_eq!(
        bench
            .ask(&backend, "PUT", "/api/v1/k8s/pod/update", Some(&update))
            .await
            .0,
        200
    );
    assert_eq!(names("api").await, ["REDIS_HOST", "ADDED"]);
    let update = json!({ "environment": { "cache": { "A": "1" } } });
    assert_eq!(
        bench
            .ask(&backend, "PUT", "/api/v1/k8s/pod/update", Some(&update))
            .await
            .0,
        200
    );
    assert_eq!(names("api").await, ["REDIS_HOST", "ADDED"]);
    let update = json!({ "environment": { "api": {} } });
    assert_eq!(
        bench
            .ask(&backend, "PUT", "/api/v1/k8s/pod/update", Some(&update))
            .await
            .0,
        200
    );
    assert_eq!(names("api").await, Vec::<String>::new());
}

#[tokio::test]
async fn a_stopped_services_configuration_can_be_changed_and_it_stays_stopped() {
    let bench = Bench::start().await;
    let staging = bench.labelled("staging").await;
    let update = json!({ "config": { "app": "stage: live\n" } });
    assert_eq!(
        bench
            .ask(&staging, "PUT", "/api/v1/k8s/pod/update", Some(&update))
            .await
            .0,
        200
    );
    let (_, files) = bench.ask(&staging, "GET", "/api/v1/k8s/pod/configmap", None).await;
    assert_eq!(files, json!({ "app": "stage: live\n" }));
    assert_eq!(
        bench.open(staging.id()).await.answer.service.status.as_str(),
        "ServiceStop"
    );
    assert_eq!(
        bench
            .ask(
                &staging,
                "POST",
                "/api/v1/k8s/deployment/metadata/label",
                Some(&json!({ "customizedLabel": "x" }))
            )
            .await
            .0,
        400
    );
    assert_eq!(bench.ask(&staging, "POST", "/api/v1/k8s/pod/start", None).await.0, 200);
}

#[tokio::test]
async fn an_image_is_changed_by_its_owner() {
    let bench = Bench::start().await;
    let backend = bench.labelled("shop-backend").await;
    let change = |image: &str| {
        ChangeImages(vec![ImageChange {
            image: image.to_owned(),
            login: Login::default(),
        }])
    };
    let owner = As::Both(&bench.owner, &backend.secret);
    bench
        .call(&backend.host, owner, &change("redis:7.4"))
        .await
        .expect("a change");
    let kept = bench
        .call(&backend.host, As::Secret(&backend.secret), &GetDeployment)
        .await
        .expect("the deployment");
    assert_eq!(
        kept.containers
            .iter()
            .map(|container| container.image_name.as_str())
            .collect::<Vec<_>>(),
        ["nginx:1.27-alpine", "vcloud/json-logger:2.4", "redis:7.4"]
    );

    assert_eq!(
        bench
            .call(&backend.host, owner, &change("postgres:16"))
            .await
            .expect_err("no container has it")
            .code,
        400
    );
    assert_eq!(
        bench
            .call(&backend.host, owner, &change("redis:does-not-exist"))
            .await
            .expect_err("it does not exist")
            .code,
        400
    );
    let stranger = Account::derive(
        &SeedPhrase::new("somebody else entirely").expect("a phrase"),
        0,
        Network::Mainnet,
    );
    let refused = bench
        .call(&backend.host, As::Both(&stranger, &backend.secret), &change("redis:6"))
        .await
        .expect_err("a refusal");
    assert_eq!(refused.code, 403);
    let (status, _) = bench
        .ask(
            &backend,
            "PATCH",
            "/api/v1/k8s/pod/images",
            Some(&json!([{ "image": "redis:6" }])),
        )
        .await;
    assert_eq!(status, 401, "the secret alone is not enough");
}

#[tokio::test]
async fn labels_and_descriptions_follow_their_rules() {
    let bench = Bench::start().await;
    let metrics = bench.labelled("metrics").await;
    let who = As::Secret(&metrics.secret);
    bench
        .call(&metrics.host, who, &SetLabel { label: "prod-1".into() })
        .await
        .expect("a label");
    bench
        .call(
            &metrics.host,
            who,
            &SetDescription {
                description: "生产环境，指标。".into(),
            },
        )
        .await
        .expect("a description");
    let details = bench
        .call(&metrics.host, who, &GetServiceDetails)
        .await
        .expect("details");
    assert_eq!(
        (details.own.customized_label.as_str(), details.own.description.as_str()),
        ("prod-1", "生产环境，指标。")
    );
    let sealed = bench.open(metrics.id()).await;
    assert_eq!(sealed.label, "prod-1", "what is sealed follows");

    for (path, body) in [
        ("label", json!({ "customizedLabel": "" })),
        ("label", json!({ "customizedLabel": "a b" })),
        ("label", json!({ "customizedLabel": "x".repeat(64) })),
        ("annotation", json!({ "description": "ab" })),
        ("annotation", json!({ "description": "<b>bold</b>" })),
        ("annotation", json!({ "text": "abc" })),
    ] {
        let (status, answer) = bench
            .ask(
                &metrics,
                "POST",
                &format!("/api/v1/k8s/deployment/metadata/{path}"),
                Some(&body),
            )
            .await;
        assert_eq!(status, 400, "{body}: {answer}");
    }
}
