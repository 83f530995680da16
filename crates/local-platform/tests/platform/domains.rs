//! Domains of a service.

use serde_json::{Value, json};
use vcloud_api::calls::{BindOneDomain, GetPodStatus, UnbindAllDomains, UnbindSomeDomains};
use vcloud_api::error::{ApiError, ErrorKind};
use vcloud_api::types::BindDomain;

use crate::bench::{As, Bench, Opened};

async fn bind(
    bench: &Bench,
    service: &Opened,
    domain: &str,
    port: u32,
    is_letsencrypt: Option<bool>,
) -> Result<(), ApiError> {
    let wanted = BindDomain {
        domain: domain.into(),
        container_port: port,
        is_encry_byself: false,
        is_letsencrypt,
    };
    bench
        .call(
            &service.host,
            As::Both(&bench.owner, &service.secret),
            &BindOneDomain(wanted),
        )
        .await
        .map(|_| ())
}

async fn unbind(bench: &Bench, service: &Opened, domains: &[&str]) -> Result<(), ApiError> {
    let wanted = UnbindSomeDomains {
        domains: domains.iter().map(|&domain| domain.to_owned()).collect(),
    };
    bench
        .call(&service.host, As::Both(&bench.owner, &service.secret), &wanted)
        .await
        .map(|_| ())
}

async fn bound(bench: &Bench, service: &Opened) -> Vec<(String, bool)> {
    let status = bench
        .call(&service.host, As::Secret(&service.secret), &GetPodStatus)
        .await
        .expect("a status");
    status
        .domains
        .into_iter()
        .map(|domain| (domain.domain, domain.is_https))
        .collect()
}

#[tokio::test]
async fn domains_are_bound_and_unbound_one_at_a_time() {
    let bench = Bench::start().await;
    let metrics = bench.labelled("metrics").await;
    assert!(bound(&bench, &metrics).await.is_empty());
    bind(&bench, &metrics, "a.example.co.uk", 9090, Some(true))
        .await
        .expect("the first");
    bind(&bench, &metrics, "b.example.co.uk", 9090, Some(false))
        .await
        .expect("the second");
    bind(&bench, &metrics, "c.other.co.uk", 9090, None)
        .await
        .expect("below another base domain");
    let expected = [
        ("a.example.co.uk", true),
        ("b.example.co.uk", true),
        ("c.other.co.uk", false),
    ];
    assert_eq!(
        bound(&bench, &metrics).await,
        expected.map(|(domain, https)| (domain.to_owned(), https)),
        "the first binding below a base domain decides"
    );

    assert_eq!(
        unbind(&bench, &metrics, &["a.example.co.uk", "nobody.example"])
            .await
            .expect_err("a refusal")
            .kind,
        ErrorKind::NotFound
    );
    assert_eq!(bound(&bench, &metrics).await.len(), 3, "all or nothing");
    unbind(&bench, &metrics, &["a.example.co.uk"])
        .await
        .expect("an unbinding");
    assert_eq!(bound(&bench, &metrics).await.len(), 2);
    bench
        .call(
            &metrics.host,
            As::Both(&bench.owner, &metrics.secret),
            &UnbindAllDomains,
        )
        .await
        .expect("all are unbound");
    assert!(bound(&bench, &metrics).await.is_empty());
}

#[tokio::test]
async fn domains_that_cannot_be_bound_are_refused() {
    let bench = Bench::start().await;
    let metrics = bench.labelled("metrics").await;
    for (what, domain, port) in [
        ("no domain", "localhost", 9090),
        ("spaces", "a b.example.com", 9090),
        ("a port that no container has", "a.example.com", 1),
        ("another service's domain", "shop.example.com", 9090),
    ] {
        let body = json!({ "domain": domain, "containerPort": port, "isEncryByself": false });
        assert!(bind(&bench, &metrics, domain, port, None).await.is_err(), "{what}");
        let (status, answer): (u16, Value) = bench
            .ask(&metrics, "POST", "/api/v1/k8s/pod/ingress", Some(&body))
            .await;
        assert_eq!(status, 401, "the secret alone is not enough: {answer}");
    }
}

#[tokio::test]
async fn a_domain_and_each_of_its_labels_have_a_length() {
    let bench = Bench::start().await;
    let metrics = bench.labelled("metrics").await;
    // 63 letters and a dot four times are 256 characters without the last two letters.
    let long = |last: usize| format!("{0}.{0}.{0}.{1}.de", "a".repeat(63), "b".repeat(last));
    assert_eq!((long(60).len(), long(61).len()), (255, 256));
    let label = |length: usize| format!("{}.example.org", "c".repeat(length));
    for (refused, accepted) in [
        (long(61), long(60)),
        (label(64), label(63)),
        ("-a.example.org".into(), "a-.example.org".to_owned()),
    ] {
        let answer = bind(&bench, &metrics, &refused, 9090, None).await;
        assert!(answer.is_err(), "{refused}");
        bind(&bench, &metrics, &accepted, 9090, None)
            .await
            .expect("the other side");
    }
}

#[tokio::test]
async fn an_older_provider_changes_all_domains_or_none() {
    let bench = Bench::start().await;
    let blog = bench.labelled("old-blog").await;
    assert_eq!(bound(&bench, &blog).await.len(), 1);
    assert_eq!(
        bind(&bench, &blog, "news.example.org", 80, None)
            .await
            .expect_err("a refusal")
            .kind,
        ErrorKind::OneDomainUnsupported
    );
    assert_eq!(
        unbind(&bench, &blog, &["blog.example.org"])
            .await
            .expect_err("a refusal")
            .kind,
        ErrorKind::OneDomainUnsupported
    );
    bench
        .call(&blog.host, As::Both(&bench.owner, &blog.secret), &UnbindAllDomains)
        .await
        .expect("all are unbound");
    bind(&bench, &blog, "news.example.org", 80, None)
        .await
        .expect("the first of all");
    bind(&bench, &blog, "blog.example.org", 80, None)
        .await
        .expect("bindings after all were unbound");
    assert_eq!(bound(&bench, &blog).await.len(), 2);
    assert_eq!(
        unbind(&bench, &blog, &["blog.example.org"])
            .await
            .expect_err("a refusal")
            .kind,
        ErrorKind::OneDomainUnsupported,
        "but none is unbound alone"
    );
}

#[tokio::test]
async fn names_of_a_private_registry_are_registrations_of_their_own() {
    let bench = Bench::start().await;
    let metrics = bench.labelled("metrics").await;
    for (domain, https) in [("a.github.io", true), ("b.github.io", false), ("x.b.github.io", true)] {
        bind(&bench, &metrics, domain, 9090, Some(https))
            .await
            .expect("a binding");
    }
    let https: Vec<bool> = bound(&bench, &metrics)
        .await
        .into_iter()
        .map(|(_, https)| https)
        .collect();
    assert_eq!(https, [true, false, false]);
}
