//! The resolver, read by the code that the console reads resolvers with.

use domains::dns::{Pointing, RecordType, Resolution, ResolveError, question, read};
use serde_json::{Value, json};

use crate::bench::Bench;

async fn ask(bench: &Bench, domain: &str, record: RecordType) -> Result<Resolution, ResolveError> {
    let url = question(&bench.url("", "/dns-query"), domain, record);
    let request = http::Request::get(url).header("origin", "http://console.example");
    let (status, body) = bench.send(request.body(Vec::new()).expect("a request")).await;
    assert_eq!(status, 200);
    read(&body, record)
}

async fn set(bench: &Bench, entry: &Value) {
    assert_eq!(bench.post("", "/dev/dns", entry).await.0, 200, "{entry}");
}

fn resolution(addresses: &[&str], aliases: &[&str]) -> Resolution {
    let owned = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
    Resolution {
        addresses: owned(addresses),
        aliases: owned(aliases),
    }
}

#[tokio::test]
async fn a_name_is_what_it_was_said_to_be() {
    let bench = Bench::start().await;
    let a = RecordType::A;
    assert_eq!(
        ask(&bench, "new.example.com", a).await,
        Ok(Resolution::default()),
        "no such name"
    );
    set(
        &bench,
        &json!({ "name": "New.example.com", "addresses": ["192.0.2.1", "2001:db8::1"] }),
    )
    .await;
    assert_eq!(
        ask(&bench, "new.example.com", a).await,
        Ok(resolution(&["192.0.2.1"], &[]))
    );
    assert_eq!(
        ask(&bench, "new.example.com", RecordType::Aaaa).await,
        Ok(resolution(&["2001:db8::1"], &[]))
    );
    set(
        &bench,
        &json!({ "name": "www.example.com", "alias": "new.example.com" }),
    )
    .await;
    assert_eq!(
        ask(&bench, "www.example.com", a).await,
        Ok(resolution(&["192.0.2.1"], &["new.example.com"]))
    );
    set(&bench, &json!({ "name": "*.wild.example", "addresses": ["192.0.2.2"] })).await;
    assert_eq!(
        ask(&bench, "any.wild.example", a).await,
        Ok(resolution(&["192.0.2.2"], &[]))
    );
    assert_eq!(ask(&bench, "wild.example", a).await, Ok(Resolution::default()));
    set(&bench, &json!({ "name": "broken.example", "status": 2 })).await;
    assert_eq!(
        ask(&bench, "broken.example", a).await,
        Err(ResolveError::Status { status: 2 })
    );
    set(&bench, &json!({ "name": "circle.example", "alias": "circle.example" })).await;
    assert!(ask(&bench, "circle.example", a).await.is_ok());
}

#[tokio::test]
async fn what_was_said_can_be_forgotten_and_nonsense_is_refused() {
    let bench = Bench::start().await;
    set(&bench, &json!({ "name": "a.example", "addresses": ["192.0.2.1"] })).await;
    let delete = http::Request::delete(bench.url("", "/dev/dns"))
        .body(Vec::new())
        .expect("a request");
    assert_eq!(bench.send(delete).await.0, 204);
    assert_eq!(ask(&bench, "a.example", RecordType::A).await, Ok(Resolution::default()));
    for wrong in [
        json!({ "name": "no domain" }),
        json!({ "name": "a.example", "addresses": ["somewhere"] }),
        json!({ "name": "a.example", "alias": "-" }),
        json!({ "addresses": [] }),
    ] {
        assert_eq!(bench.post("", "/dev/dns", &wrong).await.0, 400, "{wrong}");
    }
    for path in [
        "/dns-query",
        "/dns-query?name=-&type=A",
        "/dns-query?name=a.example&type=MX",
    ] {
        assert_eq!(bench.get("", path).await.0, 400, "{path}");
    }
    assert_eq!(bench.get("europe", "/dns-query?name=a.example&type=A").await.0, 404);
}

#[tokio::test]
async fn the_demonstrations_domains_are_one_of_each_kind() {
    let bench = Bench::start().await;
    let frontend = bench.labelled("web-frontend").await;
    let (_, status) = bench.ask(&frontend, "GET", "/api/v1/k8s/pod/status", None).await;
    let host = status["podStatus"]["hostIP"].as_str().expect("an address").to_owned();
    let pointing = async |domain: &str| {
        let resolution = ask(&bench, domain, RecordType::of_host(&host))
            .await
            .expect("an answer");
        Pointing::of(&resolution, &host)
    };
    assert_eq!(pointing("shop.example.com").await, Pointing::Here);
    assert_eq!(pointing("www.example.com").await, Pointing::Here);
    assert!(matches!(
        pointing("status.example.net").await,
        Pointing::Elsewhere { .. }
    ));
    assert_eq!(pointing("blog.example.org").await, Pointing::Nowhere);
}
