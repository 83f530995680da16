//! What time and restarts do.

use std::time::{Duration, Instant};

use vcloud_api::calls::{GetPodStatus, GetServiceDetails, ListNotices, ListUserServices, SetLabel};
use vcloud_api::types::{PageRequest, UserServiceStatus};

use crate::bench::{As, Bench, containers, one_container, until};

#[tokio::test]
async fn nothing_is_lost_over_a_restart() {
    let bench = Bench::start().await;
    let bought = bench
        .deployed(&containers("Europe", 1), 24, &one_container("nginx:1.27", 80))
        .await;
    let backend = bench.labelled("shop-backend").await;
    bench
        .call(
            &backend.host,
            As::Secret(&backend.secret),
            &SetLabel {
                label: "renamed".into(),
            },
        )
        .await
        .expect("a label");
    let before = bench.services(&[]).await;
    let status = bench
        .call(&backend.host, As::Secret(&backend.secret), &GetPodStatus)
        .await
        .expect("a status");
    let (_, balance) = bench
        .get("", &format!("/node/addresses/balance/{}", bench.owner.address()))
        .await;
    let (address, secret) = (bench.owner.address().to_string(), bought.secret);

    let bench = bench.restarted(|_| {}).await;
    assert_eq!(bench.owner.address().to_string(), address, "the same demo account");
    assert_eq!(bench.services(&[]).await, before);
    let again = bench.open(bought.answer.service.id.as_str()).await;
    assert_eq!(again.secret, secret);
    let renamed = bench.labelled("renamed").await;
    let after = bench
        .call(&renamed.host, As::Secret(&renamed.secret), &GetPodStatus)
        .await
        .expect("a status");
    assert_eq!(after.spec, status.spec);
    let started = |status: &vcloud_api::types::PodStatus| {
        status
            .state
            .container_statuses
            .iter()
            .map(|container| container.state.clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        started(&after),
        started(&status),
        "the same containers, started when they were"
    );
    assert_eq!(
        bench
            .get("", &format!("/node/addresses/balance/{}", bench.owner.address()))
            .await
            .1,
        balance
    );
    assert!(bench.data().join("platform.sqlite").is_file());
}

#[tokio::test]
async fn a_service_ends_when_its_hours_are_used_up() {
    // An hour lasts two seconds.
    let bench = Bench::with(|options| options.clock_rate = 1800.0).await;
    let service = bench
        .deployed(&containers("Europe", 1), 1, &one_container("nginx:1.27", 80))
        .await;
    let ended = until(|| async {
        let service = bench.open(service.id()).await.answer.service;
        (service.status == UserServiceStatus::Done).then_some(service)
    })
    .await;
    assert_eq!(ended.service_done_ts, ended.end_at);
    assert_eq!(
        bench.ask(&service, "GET", "/api/v1/k8s/pod/status", None).await.0,
        400,
        "its pod is gone"
    );
    bench
        .call(&service.host, As::Secret(&service.secret), &GetServiceDetails)
        .await
        .expect("it is still known");
    let notices = ListNotices {
        page: PageRequest::new(1, 10),
        service_id: service.id().to_owned(),
    };
    let notices = bench
        .call(&bench.host("notice"), As::Address(&bench.owner), &notices)
        .await
        .expect("notices")
        .list;
    assert_eq!(notices[0].notice_type.as_str(), "ServiceExpired");
}

#[tokio::test]
async fn the_owner_is_told_before_a_service_ends() {
    let bench = Bench::start().await;
    let relay = bench.labelled("game-relay").await;
    until(|| async {
        let notices = ListNotices {
            page: PageRequest::new(1, 10),
            service_id: relay.id().to_owned(),
        };
        let notices = bench
            .call(&bench.host("notice"), As::Address(&bench.owner), &notices)
            .await
            .expect("notices")
            .list;
        notices
            .iter()
            .any(|notice| notice.notice_type.as_str() == "ServiceExpiringSoon")
            .then_some(())
    })
    .await;
}

#[tokio::test]
async fn ten_thousand_services_start_in_seconds_and_list_at_once() {
    let began = Instant::now();
    let bench = Bench::with(|options| options.services = 10_000).await;
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    let address = bench.owner.address().to_string();
    for (current, statuses) in [
        (1, vec![UserServiceStatus::Running, UserServiceStatus::Stop]),
        (600, vec![UserServiceStatus::Running]),
        (1, vec![UserServiceStatus::Abort]),
        (1000, Vec::new()),
    ] {
        let call = ListUserServices {
            page: PageRequest::new(current, 10),
            statuses,
        };
        let page = bench
            .call(&bench.host(""), As::Address(&bench.owner), &call)
            .await
            .expect("a page");
        assert!(page.pagination.total > 400);
        assert!(!page.list.is_empty() && page.list.iter().all(|service| service.address == address));
        let began = Instant::now();
        for _ in 0..20 {
            bench
                .call(&bench.host(""), As::Address(&bench.owner), &call)
                .await
                .expect("a page");
        }
        let each = began.elapsed() / 20;
        // 5 ms on an idle machine; tests share theirs.
        assert!(each < Duration::from_millis(50), "{each:?} for page {current}");
    }
    let began = Instant::now();
    let bench = bench.restarted(|_| {}).await;
    assert!(
        began.elapsed() < Duration::from_secs(10),
        "{:?} to start again",
        began.elapsed()
    );
    assert_eq!(
        bench.services(&[UserServiceStatus::Running]).await.len(),
        1000,
        "a page has at most a thousand"
    );
}

#[tokio::test]
async fn more_services_can_be_asked_for_later() {
    let bench = Bench::start().await;
    let before = bench.services(&[]).await.len();
    let bench = bench.restarted(|options| options.services = 40).await;
    assert_eq!(bench.services(&[]).await.len(), 40);
    let bench = bench.restarted(|options| options.services = 10).await;
    assert_eq!(bench.services(&[]).await.len(), 40, "fewer takes none away");
    assert!(before < 40);
}

#[tokio::test]
async fn a_database_of_a_later_version_is_left_alone() {
    let bench = Bench::start().await;
    let path = bench.data().join("platform.sqlite");
    let directory = tempfile::tempdir().expect("a directory");
    bench.server.stop().await.expect("a clean stop");
    std::fs::copy(&path, directory.path().join("platform.sqlite")).expect("a copy");
    let connection = rusqlite::Connection::open(directory.path().join("platform.sqlite")).expect("a database");
    connection.pragma_update(None, "user_version", 1000).expect("a version");
    drop(connection);
    let started = local_platform::Server::start(local_platform::Options::for_tests(directory.path())).await;
    assert!(started.is_err_and(|error| format!("{error:#}").contains("1000")));
}

#[cfg(unix)]
#[tokio::test]
async fn the_program_says_when_it_is_ready_and_ends_when_asked() {
    use std::io::BufRead as _;
    use std::process::{Command, Stdio};

    let directory = tempfile::tempdir().expect("a directory");
    let mut program = Command::new(env!("CARGO_BIN_EXE_local-platform"))
        .args(["--port", "0", "--node-prefix", "/chain", "--data"])
        .arg(directory.path())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program");
    let mut line = String::new();
    std::io::BufReader::new(program.stdout.take().expect("its output"))
        .read_line(&mut line)
        .expect("a line");
    let url = line
        .trim_end()
        .strip_prefix("listening on ")
        .expect("the line")
        .to_owned();
    let demo = crate::bench::get(&crate::bench::http_client(), &format!("{url}/dev/demo-account")).await;
    assert!(demo["address"].is_string());
    let asked = Command::new("kill")
        .args(["-TERM", &program.id().to_string()])
        .status()
        .expect("kill");
    assert!(asked.success());
    assert!(program.wait().expect("an end").success());
}
