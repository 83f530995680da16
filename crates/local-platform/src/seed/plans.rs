//! What the demonstration's services are.

use serde_json::{Value, json};

use super::DEFAULT_PROVIDER;
use super::market::{CONTAINER_SERVICE, LEGACY_CONTAINER_SERVICE, LEGACY_PROVIDER, LOG_HOST, NODE_WATCHER, REGIONS};
use crate::clock::Clock;
use crate::store::services::Status;

/// Seconds of an hour.
pub const HOUR: i64 = 3600;

/// A service to be made.
pub struct Plan {
    /// Identifier of the service type.
    pub service_type: &'static str,
    /// Name of the provider.
    pub provider: &'static str,
    /// Region.
    pub region: &'static str,
    /// The other options.
    pub options: Options,
    /// Where it is in its life.
    pub status: Status,
    /// Hours bought.
    pub duration: i64,
    /// Seconds since it was deployed, or since it was paid for one that never was.
    pub age: i64,
    /// Label.
    pub label: &'static str,
    /// Description.
    pub description: &'static str,
    /// What runs in it, as its owner would send it.
    pub deployment: Option<Value>,
    /// Domains with their container ports, and whether they have certificates.
    pub domains: &'static [(&'static str, u16, bool)],
}

/// What was chosen when it was bought.
#[derive(Clone, Copy)]
pub enum Options {
    /// Containers.
    Containers {
        units: u32,
        chosen_ports: bool,
        volume: bool,
    },
    /// Kept logs.
    LogHost,
    /// A subscription.
    NodeWatcher,
}

impl Options {
    /// The chosen options as an order has them.
    pub fn with_region(self, region: &str) -> Value {
        match self {
            Self::Containers {
                units,
                chosen_ports,
                volume,
            } => json!({
                "region": region,
                "resourceUnit": format!("{units}-Unit-Resource"),
                "portSpecification": if chosen_ports { "User Specified Service Port" } else { "System Random Map Port" },
                "persistStorage": if volume { "Yes" } else { "No" },
            }),
            Self::LogHost => json!({ "region": region, "resourceUnit": "1-Unit-Resource" }),
            Self::NodeWatcher => json!({ "region": region }),
        }
    }
}

const fn containers(units: u32) -> Options {
    Options::Containers {
        units,
        chosen_ports: false,
        volume: false,
    }
}

/// A container as an owner describes it, with what `more` adds.
fn container(name: &str, image: &str, units: u32, ports: &[u16], more: &Value) -> Value {
    let ports: Vec<Value> = ports
        .iter()
        .map(|port| json!({ "containerPort": port, "protocol": "TCP" }))
        .collect();
    let mut container = json!({ "name": name, "imageName": image, "resourceUnit": units, "ports": ports });
    for (key, value) in more.as_object().into_iter().flatten() {
        container[key] = value.clone();
    }
    container
}

fn one(container: Value) -> Option<Value> {
    Some(json!({ "containers": [container] }))
}

const NGINX_CONFIG: &str = "worker_processes auto;\n\nevents {\n    worker_connections 1024;\n}\n\nhttp {\n    server {\n        \
     listen 80;\n        server_name shop.example.com www.example.com;\n        root /usr/share/nginx/html;\n\n        \
     location / {\n            try_files $uri $uri/ /index.html;\n        }\n    }\n}\n";
const STAGING_CONFIG: &str =
    "stage: test\nauthenticationEnable: true\nredis:\n  host: \"localhost\"\n  port: \"6379\"\n";

/// The services that every demo account has.
pub fn demonstration(clock: &Clock) -> Vec<Plan> {
    let base = || Plan {
        service_type: CONTAINER_SERVICE,
        provider: DEFAULT_PROVIDER,
        region: "Europe",
        options: containers(1),
        status: Status::Running,
        duration: 720,
        age: 30 * HOUR,
        label: "",
        description: "",
        deployment: None,
        domains: &[],
    };
    // Lasts another two service hours, however quickly those pass.
    let nearly_over = clock.seconds_of_service(168.0) - clock.seconds_of_service(2.0);
    vec![
        Plan {
            options: containers(2),
            duration: 8760,
            age: 52 * 24 * HOUR,
            label: "web-frontend",
            description: "官网前端与静态资源，生产环境。",
            deployment: one(container(
                "web",
                "nginx:1.27",
                2,
                &[80, 443],
                &json!({ "configMountPath": "/etc/nginx/nginx.conf", "config": NGINX_CONFIG }),
            )),
            domains: &[
                ("shop.example.com", 80, true),
                ("www.example.com", 80, true),
                ("status.example.net", 443, false),
            ],
            ..base()
        },
        Plan {
            region: "North America",
            options: Options::Containers {
                units: 4,
                chosen_ports: false,
                volume: true,
            },
            duration: 2160,
            age: 12 * 24 * HOUR,
            label: "shop-backend",
            description: "Gateway, API and cache of the shop",
            deployment: Some(json!({ "containers": [
                container("gateway", "nginx:1.27-alpine", 1, &[8080], &json!({})),
                container("api", "vcloud/json-logger:2.4", 2, &[3000], &json!({
                    "envs": [{ "name": "LOG_LEVEL", "value": "debug" }, { "name": "REDIS_HOST", "value": "localhost" }],
                    "command": ["node"], "args": ["server.js", "--port", "3000"],
                })),
                container("cache", "redis:7", 1, &[6379], &json!({ "mountPath": "/data" })),
            ] })),
            ..base()
        },
        Plan {
            region: "Tokyo",
            options: Options::Containers {
                units: 2,
                chosen_ports: false,
                volume: true,
            },
            duration: 4320,
            age: 70 * 24 * HOUR,
            label: "orders-db",
            description: "订单数据库，每日备份。",
            deployment: one(container(
                "postgres",
                "postgres:16",
                2,
                &[5432],
                &json!({
                    "envs": [{ "name": "POSTGRES_DB", "value": "orders" }, { "name": "POSTGRES_USER", "value": "shop" }],
                    "mountPath": "/var/lib/postgresql/data",
                }),
            )),
            ..base()
        },
        Plan {
            region: "Singapore",
            duration: 720,
            age: 3 * HOUR + 700,
            label: "importer",
            description: "Nightly import. Crashes since the last release",
            deployment: one(container(
                "importer",
                "vcloud/crash:1.9.2",
                1,
                &[],
                &json!({ "envs": [{ "name": "CRASH_AFTER", "value": "5" }] }),
            )),
            ..base()
        },
        Plan {
            region: "Hong Kong",
            options: Options::Containers {
                units: 2,
                chosen_ports: true,
                volume: false,
            },
            duration: 168,
            age: nearly_over,
            label: "game-relay",
            description: "临时活动服务器 即将到期",
            deployment: one(container(
                "relay",
                "vcloud/counter:1",
                2,
                &[],
                &json!({
                    "ports": [
                        { "containerPort": 7777, "hostPort": 27_777, "protocol": "UDP" },
                        { "containerPort": 7778, "hostPort": 27_778, "protocol": "TCP" },
                    ],
                    "envs": [{ "name": "RATE", "value": "5" }],
                }),
            )),
            ..base()
        },
        Plan {
            region: "Helsinki",
            duration: 336,
            age: 40 * HOUR,
            label: "metrics",
            deployment: one(container("collector", "vcloud/json-logger:2.4", 1, &[9090], &json!({}))),
            ..base()
        },
        Plan {
            service_type: LEGACY_CONTAINER_SERVICE,
            provider: LEGACY_PROVIDER,
            region: "Asia",
            duration: 720,
            age: 9 * 24 * HOUR,
            label: "old-blog",
            deployment: one(container("blog", "httpd:2.4", 1, &[80], &json!({}))),
            domains: &[("blog.example.org", 80, false)],
            ..base()
        },
        Plan {
            options: containers(2),
            status: Status::Stop,
            duration: 1440,
            age: 20 * 24 * HOUR,
            label: "staging",
            description: "测试环境，暂停中",
            deployment: one(container(
                "app",
                "ghcr.io/example/staging:latest",
                2,
                &[8000],
                &json!({ "configMountPath": "/config/config.yaml", "config": STAGING_CONFIG }),
            )),
            domains: &[("staging.example.com", 8000, false)],
            ..base()
        },
        Plan {
            status: Status::Pending,
            options: containers(4),
            age: 2 * HOUR,
            ..base()
        },
        Plan {
            status: Status::Pending,
            region: "North America",
            options: Options::Containers {
                units: 2,
                chosen_ports: true,
                volume: true,
            },
            duration: 48,
            age: 26 * HOUR,
            ..base()
        },
        Plan {
            service_type: LOG_HOST,
            status: Status::Pending,
            options: Options::LogHost,
            age: 5 * 24 * HOUR,
            duration: 168,
            ..base()
        },
        Plan {
            service_type: NODE_WATCHER,
            status: Status::Pending,
            options: Options::NodeWatcher,
            age: 8 * 24 * HOUR,
            ..base()
        },
        Plan {
            status: Status::Done,
            duration: 24,
            age: 90 * 24 * HOUR,
            label: "load-test",
            ..base()
        },
        Plan {
            status: Status::Done,
            region: "Tokyo",
            duration: 168,
            age: 60 * 24 * HOUR,
            description: "双十一活动页面",
            ..base()
        },
        Plan {
            status: Status::Done,
            region: "Singapore",
            duration: 720,
            age: 45 * 24 * HOUR,
            ..base()
        },
        Plan {
            status: Status::Abort,
            duration: 720,
            age: 15 * 24 * HOUR,
            label: "mistake",
            ..base()
        },
        Plan {
            status: Status::Abort,
            region: "Hong Kong",
            duration: 96,
            age: 33 * 24 * HOUR,
            ..base()
        },
    ]
}

/// So many further services, for lists that are long.
pub fn crowd(count: usize, clock: &Clock) -> Vec<Plan> {
    const LABELS: [&str; 8] = ["worker", "api", "cron", "mirror", "bot", "proxy", "cache", "build"];
    const DESCRIPTIONS: [&str; 4] = ["", "批处理任务", "Nightly jobs", ""];
    const IMAGES: [&str; 6] = [
        "nginx:1.27",
        "redis:7",
        "postgres:16",
        "vcloud/json-logger:2.4",
        "vcloud/counter:1",
        "httpd:2.4",
    ];
    (0..count)
        .map(|index| {
            let duration = [168, 720, 2160, 8760][index % 4];
            let whole = clock.seconds_of_service(duration as f64);
            // Spread over its time, so that ends are spread as well, but none so near that a test would see it.
            let used = whole / 20 + whole * 3 / 4 * (index as i64 * 37 % 100) / 100;
            let status = match index % 20 {
                0..=11 => Status::Running,
                12 => Status::Stop,
                13..=15 => Status::Pending,
                16..=18 => Status::Done,
                _ => Status::Abort,
            };
            let deployed = matches!(status, Status::Running | Status::Stop);
            Plan {
                service_type: CONTAINER_SERVICE,
                provider: DEFAULT_PROVIDER,
                region: REGIONS[index % REGIONS.len()],
                options: containers(1),
                status,
                duration,
                age: if status == Status::Done { whole + used } else { used },
                label: if deployed { LABELS[index % LABELS.len()] } else { "" },
                description: if deployed {
                    DESCRIPTIONS[index % DESCRIPTIONS.len()]
                } else {
                    ""
                },
                deployment: if deployed {
                    one(container("main", IMAGES[index % IMAGES.len()], 1, &[8080], &json!({})))
                } else {
                    None
                },
                domains: &[],
            }
        })
        .collect()
}
