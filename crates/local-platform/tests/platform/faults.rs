//! Faults on request.

use serde_json::{Value, json};

use crate::bench::Bench;

const PATH: &str = "/api/v1/currency";

#[tokio::test]
async fn an_answer_can_be_replaced() {
    let bench = Bench::start().await;
    bench.add_fault(json!({ "path": "/api/v1/cur*", "status": 503, "body": "<h1>Down</h1>", "contentType": "text/html", "times": 1 })).await;
    let response = bench.http.get(bench.url("", PATH)).send().await.expect("an answer");
    assert_eq!(response.status(), 503);
    assert_eq!(response.headers()["content-type"], "text/html");
    assert_eq!(response.headers()["access-control-allow-origin"], "*");
    assert_eq!(response.text().await.expect("a page"), "<h1>Down</h1>");
    assert_eq!(bench.get("", PATH).await.0, 200, "once was asked for");

    bench
        .add_fault(json!({ "path": PATH, "body": "{\"error\":{\"code\":500,\"message\":\"broken\"}}" }))
        .await;
    let (status, answer) = bench.get("", PATH).await;
    assert_eq!(
        (status, &answer["error"]["code"]),
        (200, &json!(500)),
        "an error with status 200"
    );
    bench
        .http
        .delete(bench.url("", "/dev/faults"))
        .send()
        .await
        .expect("an answer");
    assert!(bench.get("", PATH).await.1["error"].is_null());
}

#[tokio::test]
async fn an_answer_can_be_hostile() {
    let bench = Bench::start().await;
    // No text, and more of it than was sent.
    bench
        .add_fault(
            json!({ "path": PATH, "body": "/wA=", "base64": true, "repeat": 3, "headers": { "x-a": "b" }, "times": 1 }),
        )
        .await;
    let response = bench.http.get(bench.url("", PATH)).send().await.expect("an answer");
    assert_eq!(response.headers()["x-a"], "b");
    assert_eq!(
        response.bytes().await.expect("a body").as_ref(),
        [255, 0, 255, 0, 255, 0]
    );

    // Packed a thousandfold.
    bench
        .add_fault(json!({ "path": PATH, "body": "x".repeat(1000), "repeat": 1000, "gzip": true, "times": 1 }))
        .await;
    let response = bench.http.get(bench.url("", PATH)).send().await.expect("an answer");
    assert_eq!(response.headers()["content-encoding"], "gzip");
    let packed = response.bytes().await.expect("a body").len();
    assert!((100..100_000).contains(&packed), "{packed} bytes");

    // The real answer, but for some members.
    bench
        .add_fault(json!({ "path": PATH, "members": { "symbolName": "<b>{}</b>", "unit": null }, "times": 1 }))
        .await;
    let (status, answer) = bench.get("", PATH).await;
    let (_, real) = bench.get("", PATH).await;
    assert_eq!(status, 200);
    let name = real["list"][0]["symbolName"].as_str().expect("a name");
    assert_eq!(answer["list"][0]["symbolName"], format!("<b>{name}</b>"));
    assert_eq!(answer["list"][0]["unit"], Value::Null);
    assert_eq!(answer["list"][0]["exchangeRate"], real["list"][0]["exchangeRate"]);
    for wrong in [
        json!({ "path": PATH, "body": "?", "base64": true }),
        json!({ "path": PATH, "status": 302, "headers": { "a b": "c" } }),
    ] {
        assert_eq!(bench.post("", "/dev/faults", &wrong).await.0, 400, "{wrong}");
    }
}

#[tokio::test]
async fn faults_are_listed_counted_and_removed() {
    let bench = Bench::start().await;
    let (_, fault) = bench
        .post("", "/dev/faults", &json!({ "path": PATH, "status": 500, "skip": 1 }))
        .await;
    assert_eq!(bench.get("", PATH).await.0, 200, "the first may pass");
    assert_eq!(bench.get("", PATH).await.0, 500);
    let (_, list) = bench.get("", "/dev/faults").await;
    assert_eq!(
        (&list["list"][0]["id"], &list["list"][0]["struck"]),
        (&fault["id"], &json!(1))
    );
    let url = bench.url("", &format!("/dev/faults/{}", fault["id"]));
    assert_eq!(bench.http.delete(&url).send().await.expect("an answer").status(), 204);
    assert_eq!(bench.get("", PATH).await.0, 200);
    for wrong in [
        json!({ "path": PATH, "status": 99 }),
        json!({ "path": PATH, "errorRate": 2 }),
        json!({ "status": 500 }),
        json!({ "path": PATH, "latency": 5 }),
    ] {
        assert_eq!(bench.post("", "/dev/faults", &wrong).await.0, 400, "{wrong}");
    }
}

#[tokio::test]
async fn a_fault_can_be_one_hosts_alone() {
    let bench = Bench::start().await;
    bench
        .add_fault(json!({ "path": "/api/v1/k8s/regions", "host": "europe.localhost", "status": 500 }))
        .await;
    assert_eq!(bench.get("europe", "/api/v1/k8s/regions").await.0, 500);
    assert_eq!(bench.get("tokyo", "/api/v1/k8s/regions").await.0, 200);
}

#[tokio::test]
async fn a_connection_can_break_without_an_answer() {
    let bench = Bench::start().await;
    bench
        .add_fault(json!({ "path": PATH, "drop": true, "times": 1, "method": "POST" }))
        .await;
    // A client may send a GET again by itself; a POST it must not.
    let broken = bench.http.post(bench.url("", PATH)).send().await;
    assert!(broken.is_err(), "{broken:?}");
    assert_eq!(bench.get("", PATH).await.0, 200);
}

#[tokio::test]
async fn a_body_can_end_too_early() {
    let bench = Bench::start().await;
    bench
        .add_fault(json!({ "path": PATH, "cutAfterBytes": 10, "times": 1 }))
        .await;
    let mut response = bench
        .http
        .get(bench.url("", PATH))
        .send()
        .await
        .expect("the beginning of an answer");
    let mut received = Vec::new();
    let end = loop {
        match response.chunk().await {
            Ok(Some(chunk)) => received.extend(chunk),
            Ok(None) => break Ok(()),
            Err(error) => break Err(error),
        }
    };
    assert_eq!(received.len(), 10);
    assert!(end.is_err(), "the end must be seen as a break");
}

#[tokio::test]
async fn cors_can_be_missing() {
    let bench = Bench::start().await;
    bench.add_fault(json!({ "path": "/api/v1/k8s/*", "cors": false })).await;
    let url = bench.url("europe", "/api/v1/k8s/regions");
    let preflight = bench
        .http
        .request(reqwest::Method::OPTIONS, &url)
        .header("origin", "http://console.example");
    let preflight = preflight
        .header("access-control-request-method", "GET")
        .send()
        .await
        .expect("an answer");
    let plain = bench.http.get(&url).send().await.expect("an answer");
    for response in [preflight, plain] {
        assert!(response.status().is_success());
        assert!(!response.headers().contains_key("access-control-allow-origin"));
    }
}

#[tokio::test]
async fn answers_can_be_slow_and_fail_at_times() {
    let bench = Bench::with(|options| options.latency = 150).await;
    let began = std::time::Instant::now();
    bench.get("", PATH).await;
    assert!(began.elapsed().as_millis() >= 150);
    bench
        .add_fault(json!({ "path": PATH, "latencyMs": 300, "times": 1 }))
        .await;
    let began = std::time::Instant::now();
    assert_eq!(bench.get("", PATH).await.0, 200, "slow, not broken");
    assert!(began.elapsed().as_millis() >= 300);
    bench
        .http
        .delete(bench.url("", "/dev/faults"))
        .send()
        .await
        .expect("an answer");

    let bench = Bench::start().await;
    bench
        .add_fault(json!({ "path": PATH, "status": 500, "errorRate": 0.5 }))
        .await;
    let mut failed = 0;
    for _ in 0..60 {
        failed += usize::from(bench.get("", PATH).await.0 == 500);
    }
    assert!((10..=50).contains(&failed), "{failed} of 60");
}

#[tokio::test]
async fn the_switchboard_itself_is_never_struck() {
    let bench = Bench::start().await;
    bench.add_fault(json!({ "path": "*", "status": 500 })).await;
    assert_eq!(bench.get("", "/dev/demo-account").await.0, 200);
    assert_eq!(bench.get("", PATH).await.0, 500);
    let (status, answer): (u16, Value) = bench
        .post("", "/dev/faults", &json!([{ "path": "/a" }, { "path": "/b" }]))
        .await;
    assert_eq!((status, answer["list"].as_array().map(Vec::len)), (200, Some(2)));
}
