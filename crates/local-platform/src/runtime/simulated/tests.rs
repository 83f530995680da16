//! What somebody who watches pods and logs would notice.

use std::time::Duration;

use futures_util::StreamExt;
use serde_json::{Value, json};

use super::{
    super::{ContainerSpec, EnvironmentVariable, ManualClock},
    *,
};

/// 2026-11-23T12:00:00Z.
const NOON: UnixMillis = 1_795_435_200_000;

struct World {
    clock: Arc<ManualClock>,
    runtime: SimulatedRuntime,
}

impl World {
    fn new() -> Self {
        let clock = Arc::new(ManualClock::new(NOON));
        let runtime = SimulatedRuntime::new(clock.clone());
        Self { clock, runtime }
    }

    fn pass(&self, seconds: f64) {
        self.clock.advance(Duration::from_secs_f64(seconds));
    }

    async fn deploy(&self, containers: Vec<ContainerSpec>) -> PodRecord {
        self.runtime.deploy(pod(containers), self.clock.now()).await.unwrap()
    }

    /// The first container's status, as the wire shows it.
    async fn container(&self) -> Value {
        let status = self.runtime.status("service").await.unwrap().unwrap();
        serde_json::to_value(&status.container_statuses[0]).unwrap()
    }

    async fn waiting_reason(&self) -> String {
        self.container().await["state"]["waiting"]["reason"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    }

    async fn lines(&self, query: LogQuery) -> Vec<String> {
        collect(self.runtime.logs("service", "main", query).await.unwrap()).await
    }
}

fn pod(containers: Vec<ContainerSpec>) -> PodSpec {
    PodSpec {
        service_id: "service".into(),
        namespace: "owner".into(),
        host_ip: "203.0.113.7".into(),
        containers,
        logins: Vec::new(),
    }
}

fn container(name: &str, image: &str) -> ContainerSpec {
    ContainerSpec {
        name: name.into(),
        image: image.into(),
        memory_bytes: 1 << 30,
        ..ContainerSpec::default()
    }
}

fn with_env(mut spec: ContainerSpec, variables: &[(&str, &str)]) -> ContainerSpec {
    spec.env = variables
        .iter()
        .map(|(name, value)| EnvironmentVariable {
            name: (*name).into(),
            value: (*value).into(),
        })
        .collect();
    spec
}

async fn collect(stream: LogStream) -> Vec<String> {
    let batches: Vec<_> = stream.collect().await;
    let text = |line: &[u8]| String::from_utf8(line.to_vec()).unwrap();
    batches
        .into_iter()
        .flat_map(|batch| batch.unwrap().lines().map(text).collect::<Vec<_>>())
        .collect()
}

fn numbers(lines: &[String]) -> Vec<u64> {
    lines
        .iter()
        .map(|line| line.split(' ').nth(1).unwrap().parse().unwrap())
        .collect()
}

const FOLLOW: LogQuery = LogQuery {
    follow: true,
    tail_lines: None,
    start: None,
    end: None,
};

#[tokio::test]
async fn a_pod_is_created_pulled_and_run() {
    let world = World::new();
    world.deploy(vec![container("main", "nginx")]).await;
    let status = world.runtime.status("service").await.unwrap().unwrap();
    assert_eq!(
        serde_json::to_value(&status).unwrap(),
        json!({
            "hostIP": "203.0.113.7",
            "phase": "Pending",
            "containerStatuses": [{
                "name": "main",
                "image": "docker.io/library/nginx:latest",
                "state": {"waiting": {"reason": "ContainerCreating"}},
                "lastState": {},
                "ready": false,
                "restartCount": 0,
            }],
        })
    );
    assert!(matches!(
        world.runtime.logs("service", "main", FOLLOW).await.err(),
        Some(RuntimeError::NotStarted { .. })
    ));
    world.pass(4.0);
    let status = world.runtime.status("service").await.unwrap().unwrap();
    assert_eq!(status.phase, super::super::Phase::Running);
    let shown = world.container().await;
    let started = shown["state"]["running"]["startedAt"].as_str().unwrap();
    assert!(started.starts_with("2026-11-23T12:00:0"), "{started}");
    assert_eq!(shown["ready"], json!(true));
}

#[tokio::test]
async fn large_images_take_longer_unless_the_machine_has_them() {
    let world = World::new();
    world.deploy(vec![container("main", "node")]).await;
    world.pass(4.0);
    assert_eq!(world.waiting_reason().await, "ContainerCreating");
    world.pass(6.0);
    assert!(world.container().await["state"]["running"].is_object());
    world.runtime.restart("service", world.clock.now()).await.unwrap();
    assert_eq!(world.waiting_reason().await, "ContainerCreating");
    world.pass(1.0);
    assert!(world.container().await["state"]["running"].is_object());
}

#[tokio::test]
async fn bad_images_wait_with_a_reason() {
    for (image, first, later, word) in [
        (
            "example/does-not-exist",
            "ErrImagePull",
            "ImagePullBackOff",
            "not found",
        ),
        (
            "registry.invalid/thing:1",
            "ErrImagePull",
            "ImagePullBackOff",
            "not found",
        ),
        (
            "alice/shop:1.2",
            "ErrImagePull",
            "ImagePullBackOff",
            "authorization failed",
        ),
        ("UPPER", "InvalidImageName", "InvalidImageName", "couldn't parse"),
        (
            "vcloud/unpullable",
            "ErrImagePull",
            "ImagePullBackOff",
            "pull rate limit",
        ),
        (
            "vcloud/uncreatable",
            "CreateContainerConfigError",
            "CreateContainerConfigError",
            "runAsNonRoot",
        ),
    ] {
        let world = World::new();
        world.deploy(vec![container("main", image)]).await;
        world.pass(2.5);
        assert_eq!(world.waiting_reason().await, first, "{image}");
        world.pass(4.0);
        assert_eq!(world.waiting_reason().await, later, "{image}");
        let message = world.container().await["state"]["waiting"]["message"]
            .as_str()
            .unwrap()
            .to_owned();
        assert!(message.contains(word), "{message}");
        assert_eq!(
            world.runtime.status("service").await.unwrap().unwrap().phase,
            super::super::Phase::Pending
        );
    }
}

#[tokio::test]
async fn a_private_image_runs_with_a_login() {
    for (password, runs) in [("token", true), ("wrong", false)] {
        let world = World::new();
        let mut spec = pod(vec![container("main", "alice/nginx:1.23")]);
        let login = RegistryLogin {
            username: "alice".into(),
            password: password.into(),
        };
        assert_eq!(
            world
                .runtime
                .check_image("alice/nginx:1.23", Some(&login))
                .await
                .unwrap()
                == ImageCheck::Exists,
            runs
        );
        spec.logins = vec![login];
        world.runtime.deploy(spec, NOON).await.unwrap();
        world.pass(10.0);
        assert_eq!(world.container().await["state"]["running"].is_object(), runs);
    }
}

#[tokio::test]
async fn a_crash_loop_backs_off_longer_and_longer() {
    let world = World::new();
    world.deploy(vec![container("main", "vcloud/crash")]).await;
    let mut seen = Vec::new();
    let mut restarts = 0;
    for _ in 0..900 {
        world.pass(1.0);
        let shown = world.container().await;
        let state = shown["state"].as_object().unwrap().keys().next().unwrap().clone();
        let now_restarts = shown["restartCount"].as_u64().unwrap();
        assert!(now_restarts >= restarts);
        restarts = now_restarts;
        if let Some(message) = shown["state"]["waiting"]["message"].as_str() {
            let wait = message.split(' ').nth(1).unwrap().to_owned();
            if !seen.contains(&wait) {
                seen.push(wait);
            }
            assert_eq!(shown["lastState"]["terminated"]["exitCode"], json!(1));
            assert_eq!(shown["lastState"]["terminated"]["reason"], json!("Error"));
        }
        assert!(["waiting", "running", "terminated"].contains(&state.as_str()));
    }
    assert_eq!(seen, ["10s", "20s", "40s", "1m20s", "2m40s", "5m0s"]);
    world.pass(86_400.0);
    let after_a_day = world.container().await["restartCount"].as_u64().unwrap();
    assert!((280..300).contains(&after_a_day), "{after_a_day}");
}

#[tokio::test]
async fn the_log_of_a_crash_ends_with_its_stack_trace_and_can_be_read_again() {
    let world = World::new();
    world.deploy(vec![container("main", "vcloud/crash")]).await;
    world.pass(3.0);
    let following = world.runtime.logs("service", "main", FOLLOW).await.unwrap();
    world.pass(5.0);
    let lines = collect(following).await;
    assert!(
        lines
            .iter()
            .any(|line| line.starts_with("Exception in thread \"main\" java.lang.IllegalStateException"))
    );
    assert_eq!(lines.last().unwrap(), "\t... 4 common frames omitted");
    world.pass(10.0);
    let again = world.runtime.logs("service", "main", FOLLOW).await.unwrap();
    world.pass(10.0);
    assert_eq!(collect(again).await.len(), lines.len());
}

#[tokio::test]
async fn memory_hogs_are_killed_and_shells_complete() {
    for (image, after, code, reason) in [
        ("vcloud/oom", 27.5, 137, "OOMKilled"),
        ("busybox", 1.6, 0, "Completed"),
        ("postgres", 4.5, 1, "Error"),
    ] {
        let world = World::new();
        world.deploy(vec![container("main", image)]).await;
        world.pass(after);
        let shown = world.container().await;
        let ended = if shown["state"]["terminated"].is_object() {
            &shown["state"]["terminated"]
        } else {
            &shown["lastState"]["terminated"]
        };
        assert_eq!(
            (ended["exitCode"].as_i64(), ended["reason"].as_str()),
            (Some(code), Some(reason)),
            "{image}: {shown}"
        );
        assert!(ended["startedAt"].is_string() && ended["finishedAt"].is_string());
    }
}

#[tokio::test]
async fn memory_lasts_as_long_as_it_is_told_to() {
    let world = World::new();
    let hog = with_env(container("main", "vcloud/oom"), &[("OOM_AFTER", "1")]);
    world.deploy(vec![hog]).await;
    world.pass(8.0);
    let shown = world.container().await;
    assert_eq!(world.waiting_reason().await, "CrashLoopBackOff", "{shown}");
    assert_eq!(shown["lastState"]["terminated"]["reason"], "OOMKilled");
    assert_eq!(world.lines(LogQuery::default()).await.len(), 20);
}

#[tokio::test]
async fn following_a_counter_gives_each_line_once_in_order() {
    let world = World::new();
    world
        .deploy(vec![with_env(
            container("main", "vcloud/counter"),
            &[("RATE", "700"), ("BURST", "50")],
        )])
        .await;
    world.pass(3.0);
    let following = world.runtime.logs("service", "main", FOLLOW).await.unwrap();
    let reading = tokio::spawn(collect(following));
    for step in 0..200 {
        world.pass(f64::from(step % 7) * 0.013);
        tokio::task::yield_now().await;
    }
    world.runtime.stop("service", world.clock.now()).await.unwrap();
    world.pass(5.0);
    let lines = reading.await.unwrap();
    assert!(lines.len() > 5_000);
    assert_eq!(numbers(&lines), (1..=lines.len() as u64).collect::<Vec<_>>());
    assert!(lines[0].starts_with("line 000001 "));
}

#[tokio::test]
async fn a_restarted_process_shows_the_same_pods_and_logs() {
    for image in [
        "nginx:1.27",
        "redis:7",
        "vcloud/json-logger",
        "vcloud/crash",
        "python:3.12",
        "node",
        "openjdk:21",
        "example/thing",
        "vcloud/flood",
    ] {
        let world = World::new();
        let record = world
            .deploy(vec![with_env(container("main", image), &[("KEEP_LINES", "500")])])
            .await;
        world.pass(3_700.0);
        let lines = world.lines(LogQuery::default()).await;
        assert!(!lines.is_empty(), "{image}");
        let restored = SimulatedRuntime::new(world.clock.clone());
        restored.restore(vec![record]).await.unwrap();
        let status = restored.status("service").await.unwrap();
        assert_eq!(status, world.runtime.status("service").await.unwrap());
        assert_eq!(
            collect(restored.logs("service", "main", LogQuery::default()).await.unwrap()).await,
            lines,
            "{image}"
        );
    }
}

#[tokio::test]
async fn logs_are_bounded_and_can_be_cut() {
    let world = World::new();
    world
        .deploy(vec![with_env(
            container("main", "vcloud/counter"),
            &[("RATE", "1000"), ("KEEP_LINES", "300")],
        )])
        .await;
    world.pass(61.0);
    let kept = numbers(&world.lines(LogQuery::default()).await);
    assert_eq!(kept.len(), 300);
    let tail = numbers(
        &world
            .lines(LogQuery {
                tail_lines: Some(7),
                ..LogQuery::default()
            })
            .await,
    );
    assert_eq!(tail, kept[293..]);
    assert!(
        world
            .lines(LogQuery {
                tail_lines: Some(0),
                ..LogQuery::default()
            })
            .await
            .is_empty()
    );
    let now = world.clock.now();
    let range = LogQuery {
        start: Some(now - 200),
        end: Some(now - 100),
        ..LogQuery::default()
    };
    let middle = numbers(&world.lines(range).await);
    assert_eq!(middle, kept[kept.len() - middle.len() - 101..kept.len() - 101]);
    assert_eq!(middle.len(), 100);
    assert_eq!(
        numbers(
            &world
                .lines(LogQuery {
                    tail_lines: Some(3),
                    ..range
                })
                .await
        ),
        middle[97..]
    );
    assert!(
        world
            .lines(LogQuery {
                end: Some(NOON),
                ..LogQuery::default()
            })
            .await
            .is_empty()
    );
}

#[tokio::test]
async fn following_ends_at_the_end_of_the_range() {
    let world = World::new();
    world
        .deploy(vec![with_env(container("main", "vcloud/counter"), &[("RATE", "100")])])
        .await;
    world.pass(2.0);
    let end = world.clock.now() + 1_000;
    let following = world
        .runtime
        .logs(
            "service",
            "main",
            LogQuery {
                follow: true,
                tail_lines: Some(0),
                end: Some(end),
                ..FOLLOW
            },
        )
        .await
        .unwrap();
    world.pass(60.0);
    assert_eq!(collect(following).await.len(), 100);
}

#[tokio::test]
async fn a_stop_is_graceful_and_a_start_begins_anew() {
    let world = World::new();
    world.deploy(vec![container("main", "nginx")]).await;
    world.pass(60.0);
    let following = world.runtime.logs("service", "main", FOLLOW).await.unwrap();
    let record = world.runtime.stop("service", world.clock.now()).await.unwrap();
    assert!(world.runtime.status("service").await.unwrap().is_some(), "still ending");
    world.pass(2.0);
    let lines = collect(following).await;
    assert!(lines.iter().any(|line| line.ends_with("gracefully shutting down")));
    assert!(lines.last().unwrap().ends_with("1#1: exit"));
    assert_eq!(world.runtime.status("service").await.unwrap(), None);
    assert_eq!(
        world.runtime.metrics("service").await,
        Err(RuntimeError::Stopped("service".into()))
    );
    assert!(matches!(
        world.runtime.logs("service", "main", FOLLOW).await.err(),
        Some(RuntimeError::Stopped(_))
    ));
    assert!(matches!(
        world.runtime.restart("service", world.clock.now()).await,
        Err(RuntimeError::Stopped(_))
    ));
    let restored = SimulatedRuntime::new(world.clock.clone());
    restored.restore(vec![record]).await.unwrap();
    assert_eq!(restored.status("service").await.unwrap(), None);
    world.runtime.start("service", world.clock.now()).await.unwrap();
    world.pass(2.0);
    assert!(world.container().await["state"]["running"].is_object());
    let fresh = world.lines(LogQuery::default()).await;
    assert!(fresh[0].starts_with("/docker-entrypoint.sh:"));
}

#[tokio::test]
async fn pods_can_have_a_past_and_be_removed() {
    let world = World::new();
    world
        .runtime
        .deploy(pod(vec![container("main", "nginx")]), NOON - 3 * 86_400_000)
        .await
        .unwrap();
    let lines = world
        .lines(LogQuery {
            tail_lines: Some(1),
            ..LogQuery::default()
        })
        .await;
    assert!(lines[0].contains("23/Nov/2026:11:"), "{lines:?}");
    let following = world.runtime.logs("service", "main", FOLLOW).await.unwrap();
    world.runtime.remove("service").await.unwrap();
    world.runtime.remove("service").await.unwrap();
    world.pass(2.0);
    assert!(collect(following).await.last().unwrap().ends_with("1#1: exit"));
    assert_eq!(
        world.runtime.status("service").await,
        Err(RuntimeError::NoSuchPod("service".into()))
    );
}

#[tokio::test]
async fn pods_that_can_not_be_made_are_refused() {
    let world = World::new();
    for containers in [vec![], vec![container("main", "nginx"), container("main", "redis")]] {
        assert!(matches!(
            world.runtime.deploy(pod(containers), NOON).await,
            Err(RuntimeError::Invalid(_))
        ));
    }
    world.deploy(vec![container("main", "nginx")]).await;
    assert!(matches!(
        world.runtime.logs("service", "other", FOLLOW).await.err(),
        Some(RuntimeError::NoSuchContainer(_))
    ));
    let damaged = PodRecord {
        service_id: "service".into(),
        state: "{".into(),
    };
    assert!(matches!(
        world.runtime.restore(vec![damaged]).await,
        Err(RuntimeError::BadRecord { .. })
    ));
}

#[tokio::test]
async fn a_damaged_nginx_configuration_crash_loops_and_says_where() {
    let world = World::new();
    let mut spec = container("main", "nginx");
    spec.config_mount_path = Some("/etc/nginx/nginx.conf".into());
    spec.config = Some("events {}\nhttp {\n".into());
    world.deploy(vec![spec]).await;
    world.pass(8.0);
    assert_eq!(world.waiting_reason().await, "CrashLoopBackOff");
    assert!(
        world
            .lines(LogQuery::default())
            .await
            .iter()
            .any(|line| line.contains("[emerg]") && line.ends_with("/etc/nginx/nginx.conf:2"))
    );
}

#[tokio::test]
async fn metrics_move_smoothly_within_the_limits() {
    let world = World::new();
    let mut database = with_env(container("main", "postgres"), &[("POSTGRES_PASSWORD", "secret")]);
    database.mount_path = Some("/var/lib/postgresql/data".into());
    world
        .deploy(vec![
            database,
            container("front", "nginx"),
            container("bad", "does-not-exist"),
        ])
        .await;
    world.pass(300.0);
    let mut previous = world.runtime.metrics("service").await.unwrap();
    let mut moved = false;
    for _ in 0..600 {
        world.pass(1.0);
        let metrics = world.runtime.metrics("service").await.unwrap();
        for (now, before) in metrics.containers.iter().zip(&previous.containers) {
            assert!((now.cpu - before.cpu).abs() < 0.02, "{} {}", now.cpu, before.cpu);
            assert!(now.memory_bytes <= now.memory_limit_bytes);
            assert!(now.memory_bytes.abs_diff(before.memory_bytes) < 4 << 20);
            moved |= now.memory_bytes != before.memory_bytes;
        }
        assert!(metrics.storage_bytes.is_some_and(|bytes| bytes < 24 << 30));
        assert!(metrics.network_upload > 0.0);
        previous = metrics;
    }
    assert!(moved);
    assert_eq!(previous.containers[2].memory_bytes, 0);
}

#[tokio::test]
async fn logs_look_like_their_images() {
    let variables = [("POSTGRES_PASSWORD", "x"), ("MYSQL_ROOT_PASSWORD", "x")];
    for (image, expected) in [
        ("nginx:1.27.3", "nginx/1.27.3"),
        ("redis", "Ready to accept connections tcp"),
        ("postgres", "database system is ready to accept connections"),
        ("mysql", "ready for connections"),
        ("vcloud/json-logger", "\"level\":\"info\""),
        ("python", "应用已启动"),
        ("node", "\x1b[32mINFO"),
        ("openjdk", "\tat systems.vcloud.demo"),
        ("example/thing", "starting thing"),
    ] {
        let world = World::new();
        world.deploy(vec![with_env(container("main", image), &variables)]).await;
        world.pass(600.0);
        let lines = world.lines(LogQuery::default()).await;
        assert!(lines.iter().any(|line| line.contains(expected)), "{image}: {lines:#?}");
        assert!(lines.iter().all(|line| !line.contains('\n')));
        if image.contains("json") {
            assert!(lines.iter().all(|line| serde_json::from_str::<Value>(line).is_ok()));
        }
    }
}
