//! The console's files.

use std::fs;

use serde_json::Value;

use crate::bench::Bench;

fn console() -> tempfile::TempDir {
    let directory = tempfile::tempdir().expect("a directory");
    let write = |name: &str, text: &str| fs::write(directory.path().join(name), text).expect("a file");
    write("index.html", "<!doctype html><title>console</title>");
    write("config.json", "{\"platform\":\"https://operator.example\"}");
    write("console-0123456789abcdef_bg.wasm", "plain wasm");
    write("console-0123456789abcdef_bg.wasm.br", "brotli wasm");
    write("console-0123456789abcdef_bg.wasm.gz", "gzip wasm");
    directory
}

#[tokio::test]
async fn the_page_stands_for_every_address_of_the_console() {
    let directory = console();
    let bench = Bench::with(|options| options.static_dir = Some(directory.path().into())).await;
    for path in ["/", "/services/running?page=2", "/services/63a029afbf1a142380a26c8a"] {
        let response = bench.http.get(bench.url("", path)).send().await.expect("an answer");
        assert_eq!(response.status(), 200, "{path}");
        assert_eq!(response.headers()["cache-control"], "no-cache");
        // As every other host sends them that the console is put on.
        for (name, value) in page_policy::Policy::default().headers() {
            assert_eq!(response.headers()[name], value, "{name}");
        }
        assert!(response.text().await.expect("a page").contains("console"));
    }
    for path in [
        "/missing-0123456789abcdef.js",
        "/api/v1/nothing",
        "/dev/nothing",
        "/node/nothing",
    ] {
        assert_eq!(
            bench
                .http
                .get(bench.url("", path))
                .send()
                .await
                .expect("an answer")
                .status(),
            404,
            "{path}"
        );
    }
    assert_eq!(
        bench
            .http
            .get(bench.url("europe", "/"))
            .send()
            .await
            .expect("an answer")
            .status(),
        404,
        "only on the platform's own host"
    );
}

#[tokio::test]
async fn files_come_compressed_with_their_type_and_for_ever() {
    let directory = console();
    let bench = Bench::with(|options| options.static_dir = Some(directory.path().into())).await;
    let url = bench.url("", "/console-0123456789abcdef_bg.wasm");
    for (accepted, encoding, text) in [
        ("br, gzip", Some("br"), "brotli wasm"),
        ("gzip", Some("gzip"), "gzip wasm"),
        ("identity", None, "plain wasm"),
    ] {
        let response = bench
            .http
            .get(&url)
            .header("accept-encoding", accepted)
            .send()
            .await
            .expect("an answer");
        assert_eq!(response.headers()["content-type"], "application/wasm");
        assert_eq!(
            response
                .headers()
                .get("content-encoding")
                .map(|value| value.to_str().expect("text")),
            encoding
        );
        assert!(
            response.headers()["cache-control"]
                .to_str()
                .expect("text")
                .contains("immutable")
        );
        assert_eq!(response.text().await.expect("a file"), text);
    }
}

#[tokio::test]
async fn the_configuration_is_this_platforms() {
    let directory = console();
    let bench = Bench::with(|options| {
        options.static_dir = Some(directory.path().into());
        options.log_transport = local_platform::LogTransport::Websocket;
        options.embed_origins = vec!["https://portal.example".parse().expect("an origin")];
    })
    .await;
    let response = bench
        .http
        .get(bench.url("", "/config.json"))
        .send()
        .await
        .expect("an answer");
    assert_eq!(response.headers()["cache-control"], "no-cache");
    assert!(
        response.headers()["content-security-policy"]
            .to_str()
            .expect("text")
            .ends_with("frame-ancestors 'self' https://portal.example")
    );
    let config: Value = response.json().await.expect("JSON");
    assert_eq!(config["platform"], bench.server.url());
    assert_eq!(config["node"], format!("{}/node", bench.server.url()));
    assert_eq!(
        (&config["network"], &config["provider"], &config["logTransport"]),
        (&"mainnet".into(), &"v-kube-service".into(), &"websocket".into())
    );
    assert_eq!(
        config["demoAccount"],
        format!("{}/dev/demo-account", bench.server.url())
    );
    assert_eq!(config["embedOrigins"], serde_json::json!(["https://portal.example"]));
}

#[tokio::test]
async fn without_files_there_is_only_the_interface() {
    let bench = Bench::start().await;
    assert_eq!(bench.get("", "/").await.0, 404);
    assert_eq!(bench.get("", "/config.json").await.0, 404);
    let missing = local_platform::Options {
        static_dir: Some("/does/not/exist".into()),
        ..local_platform::Options::for_tests(bench.data())
    };
    assert!(local_platform::Server::start(missing).await.is_err());
}
