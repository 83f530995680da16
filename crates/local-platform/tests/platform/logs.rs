//! Logs, as an event stream and over a WebSocket.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use vcloud_api::log_stream::EventStreamDecoder;

use crate::bench::{Bench, Opened, containers, one_container, unix_now, until};

/// A service that prints numbered lines without an end.
async fn counter(bench: &Bench) -> Opened {
    let mut deployment = one_container("vcloud/counter:1", 80);
    deployment["containers"][0]["envs"] =
        json!([{ "name": "RATE", "value": "20" }, { "name": "BURST", "value": "30" }]);
    let service = bench.deployed(&containers("Europe", 1), 24, &deployment).await;
    // Its image is pulled first.
    until(|| async { (lines(bench, &service, "container=main&unfollow=true").await.0 == 200).then_some(()) }).await;
    service
}

async fn request(bench: &Bench, service: &Opened, query: &str) -> reqwest::Response {
    let request = bench.http.get(format!("{}/api/v1/k8s/pod/logs?{query}", service.host));
    request
        .header("secret", service.secret.expose())
        .send()
        .await
        .expect("an answer")
}

/// A log that ends by itself.
async fn lines(bench: &Bench, service: &Opened, query: &str) -> (u16, Vec<String>) {
    let response = request(bench, service, query).await;
    let status = response.status().as_u16();
    let body = response.bytes().await.expect("a body");
    let mut decoder = EventStreamDecoder::default();
    (
        status,
        decoder
            .push(&body)
            .map(|line| String::from_utf8_lossy(line.text).into_owned())
            .collect(),
    )
}

/// The first so many lines of a log that goes on.
async fn first_lines(mut response: reqwest::Response, count: usize) -> Vec<String> {
    let mut decoder = EventStreamDecoder::default();
    let mut lines = Vec::new();
    while lines.len() < count {
        match response.chunk().await {
            Ok(Some(chunk)) => lines.extend(
                decoder
                    .push(&chunk)
                    .map(|line| String::from_utf8_lossy(line.text).into_owned()),
            ),
            Ok(None) | Err(_) => break,
        }
    }
    lines
}

fn numbers(lines: &[String]) -> Vec<u64> {
    lines
        .iter()
        .map(|line| line.split(' ').nth(1).expect("a number").parse().expect("a number"))
        .collect()
}

#[tokio::test]
async fn a_log_is_what_is_kept_and_then_what_follows() {
    let bench = Bench::start().await;
    let service = counter(&bench).await;
    let (_, kept) = lines(&bench, &service, "container=main&unfollow=true").await;
    assert!(kept.len() >= 30);
    let response = request(&bench, &service, "container=main").await;
    assert_eq!(response.headers()["content-type"], "text/event-stream; charset=utf-8");
    let followed = first_lines(response, kept.len() + 25).await;
    let expected: Vec<u64> = (1..=followed.len() as u64).collect();
    assert_eq!(numbers(&followed), expected, "from the start, none lost, none doubled");
    assert_eq!(followed[..kept.len()], kept);
}

#[tokio::test]
async fn the_last_lines_and_a_range_can_be_asked_for() {
    let bench = Bench::start().await;
    let service = counter(&bench).await;
    let (_, tail) = lines(&bench, &service, "container=main&unfollow=true&tailLines=5").await;
    assert_eq!(tail.len(), 5);
    let numbers = numbers(&tail);
    assert!(numbers.windows(2).all(|pair| pair[1] == pair[0] + 1));
    let (_, none) = lines(
        &bench,
        &service,
        &format!("container=main&unfollow=true&startTimestamp={}", unix_now() + 100),
    )
    .await;
    assert!(none.is_empty());
    let (_, all) = lines(
        &bench,
        &service,
        &format!(
            "container=main&unfollow=true&startTimestamp=0&endTimestamp={}",
            unix_now() + 100
        ),
    )
    .await;
    assert!(all.len() >= 30);
}

#[tokio::test]
async fn what_has_no_log_says_so() {
    let bench = Bench::start().await;
    let frontend = bench.labelled("web-frontend").await;
    let refused = async |query: &str| {
        bench
            .ask(&frontend, "GET", &format!("/api/v1/k8s/pod/logs?{query}"), None)
            .await
            .0
    };
    assert_eq!(refused("container=nobody").await, 404);
    assert_eq!(refused("").await, 400);
    assert_eq!(refused("container=web&tailLines=many").await, 400);
    let staging = bench.labelled("staging").await;
    assert_eq!(
        bench
            .ask(&staging, "GET", "/api/v1/k8s/pod/logs?container=app", None)
            .await
            .0,
        400
    );
}

#[tokio::test]
async fn a_silent_log_shows_that_it_is_alive() {
    let bench = Bench::start().await;
    let mut deployment = one_container("vcloud/counter:1", 80);
    deployment["containers"][0]["envs"] =
        json!([{ "name": "RATE", "value": "0.0001" }, { "name": "BURST", "value": "1" }]);
    let service = bench.deployed(&containers("Europe", 1), 24, &deployment).await;
    until(|| async { (lines(&bench, &service, "container=main&unfollow=true").await.0 == 200).then_some(()) }).await;
    let mut response = request(&bench, &service, "container=main").await;
    // The official client gives up after three seconds without a byte.
    for _ in 0..4 {
        let chunk = tokio::time::timeout(Duration::from_millis(2500), response.chunk()).await;
        assert!(chunk.expect("a sign of life").expect("a chunk").is_some());
    }
}

#[tokio::test]
async fn a_cut_stream_ends_in_the_middle_and_can_be_read_again() {
    let bench = Bench::start().await;
    let service = counter(&bench).await;
    bench
        .add_fault(json!({ "path": "/api/v1/k8s/pod/logs", "cutAfterBytes": 500, "times": 1 }))
        .await;
    let first = first_lines(request(&bench, &service, "container=main").await, 1000).await;
    assert!((5..30).contains(&first.len()), "{} lines", first.len());
    let again = first_lines(request(&bench, &service, "container=main").await, first.len()).await;
    assert_eq!(again[..first.len()], first);
}

#[tokio::test]
async fn a_log_ends_when_the_server_stops() {
    let bench = Bench::start().await;
    let service = counter(&bench).await;
    let mut response = request(&bench, &service, "container=main").await;
    let stopping = tokio::spawn(bench.server.stop());
    while let Ok(Some(_)) = response.chunk().await {}
    stopping.await.expect("no panic").expect("a clean stop");
}

type Socket = tokio_tungstenite::WebSocketStream<TcpStream>;

async fn socket(bench: &Bench, host: &str, query: &str) -> Socket {
    let stream = TcpStream::connect(("127.0.0.1", bench.server.port()))
        .await
        .expect("a connection");
    let url = format!(
        "ws://{host}.localhost:{}/api/v1/k8s/pod/logs{query}",
        bench.server.port()
    );
    let request = url.into_client_request().expect("a request");
    tokio_tungstenite::client_async(request, stream)
        .await
        .expect("an upgrade")
        .0
}

async fn closed(socket: &mut Socket) -> Option<CloseFrame> {
    loop {
        match socket.next().await? {
            Ok(Message::Close(frame)) => return frame,
            Ok(_) => {}
            Err(_) => return None,
        }
    }
}

async fn say(socket: &mut Socket, message: &Value) {
    socket
        .send(Message::text(message.to_string()))
        .await
        .expect("a message");
}

#[tokio::test]
async fn a_websocket_gives_the_same_log() {
    let bench = Bench::start().await;
    let service = counter(&bench).await;
    let mut socket = socket(&bench, "europe", "?container=main&unfollow=false").await;
    say(
        &mut socket,
        &json!({ "secret": service.secret.expose(), "container": "main" }),
    )
    .await;
    let mut received: Vec<String> = Vec::new();
    while received.len() < 40 {
        match socket.next().await.expect("a frame").expect("a frame") {
            Message::Text(text) => received.extend(text.lines().map(str::to_owned)),
            Message::Ping(_) => {}
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(numbers(&received), (1..=received.len() as u64).collect::<Vec<_>>());

    let mut snapshot = self::socket(&bench, "europe", "").await;
    say(
        &mut snapshot,
        &json!({ "secret": service.secret.expose(), "container": "main", "unfollow": true, "tailLines": 3 }),
    )
    .await;
    let text = snapshot
        .next()
        .await
        .expect("a frame")
        .expect("a frame")
        .into_text()
        .expect("a text");
    assert_eq!(text.lines().count(), 3);
    assert_eq!(u16::from(closed(&mut snapshot).await.expect("a reason").code), 1000);
}

#[tokio::test]
async fn a_websocket_is_refused_by_its_close_code() {
    let bench = Bench::start().await;
    let frontend = bench.labelled("web-frontend").await;
    let refused = async |message: Value| {
        let mut socket = socket(&bench, "europe", "").await;
        say(&mut socket, &message).await;
        u16::from(closed(&mut socket).await.expect("a reason").code)
    };
    assert_eq!(refused(json!({ "secret": "wrong", "container": "web" })).await, 4401);
    assert_eq!(
        refused(json!({ "secret": frontend.secret.expose(), "container": "nobody" })).await,
        4404
    );
    assert_eq!(refused(json!({ "container": "web" })).await, 4400);
    bench
        .post(
            "",
            "/dev/tokens",
            &json!({ "userServiceID": frontend.id(), "state": "expired" }),
        )
        .await;
    assert_eq!(
        refused(json!({ "secret": frontend.secret.expose(), "container": "web" })).await,
        4411
    );
}

#[tokio::test]
async fn a_websocket_can_be_cut() {
    let bench = Bench::start().await;
    let service = counter(&bench).await;
    bench
        .add_fault(json!({ "path": "/api/v1/k8s/pod/logs", "cutAfterBytes": 2000, "times": 1 }))
        .await;
    let mut socket = socket(&bench, "europe", "").await;
    say(
        &mut socket,
        &json!({ "secret": service.secret.expose(), "container": "main" }),
    )
    .await;
    assert!(closed(&mut socket).await.is_none(), "broken off without a word");
}
