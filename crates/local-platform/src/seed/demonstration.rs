//! The demo account: a wallet with a balance, and services in every state that a service can be in.

use std::collections::HashMap;

use anyhow::Context as _;
use rust_decimal::Decimal;
use serde_json::{Value, json};
use vcloud_api::types::Deployment;

use super::market::{
    CONTAINER_SERVICE, EUR_TOKEN, LEGACY_CONTAINER_SERVICE, LEGACY_PROVIDER, LOG_HOST, NODE_WATCHER, REGIONS, USD_TOKEN,
};
use super::{DEFAULT_PROVIDER, DEMO_ADDRESS, DEMO_SEED};
use crate::accounts::{self, Account};
use crate::clock::Clock;
use crate::platform::SharedPlatform;
use crate::refusal::{Outcome, Refusal};
use crate::runtime::{PodRecord, Runtime};
use crate::store::ledger::{self, NATIVE};
use crate::store::notices::{self, NoticeType};
use crate::store::pods::{self, Domain};
use crate::store::services::{self, Status, UserService};
use crate::store::{market, remember, remembered};
use crate::{deployments, pricing, random};

const HOUR: i64 = 3600;

/// Makes what is missing of it.
pub async fn make(platform: &SharedPlatform) -> anyhow::Result<()> {
    let address = platform
        .store
        .run(|transaction| remembered(transaction, DEMO_ADDRESS))
        .await;
    let address = address.map_err(as_error)?;
    let clock = platform.clock;
    let address = match address {
        Some(address) => address,
        None => {
            let address = platform.store.run(account).await.map_err(as_error)?;
            add(platform, prepare(&address, demonstration(&clock), &clock)).await?;
            address
        }
    };
    let owner = address.clone();
    let there = platform
        .store
        .run(move |transaction| services::count(transaction, &owner))
        .await
        .map_err(as_error)?;
    let missing = platform
        .options
        .services
        .saturating_sub(usize::try_from(there).unwrap_or(0));
    if missing > 0 {
        add(platform, prepare(&address, crowd(missing, &clock), &clock)).await?;
    }
    Ok(())
}

fn as_error(refusal: Refusal) -> anyhow::Error {
    anyhow::anyhow!("{}", refusal.message())
}

/// Makes the account itself and gives back its address.
fn account(connection: &rusqlite::Transaction<'_>) -> Outcome<String> {
    let seed = accounts::new_seed();
    let account = Account::of_seed(&seed, 0)?;
    let address = account.address();
    remember(connection, DEMO_SEED, &seed)?;
    remember(connection, DEMO_ADDRESS, &address)?;
    services::remember_account(connection, &address, &account.public_key())?;
    ledger::change(connection, &address, NATIVE, 250_000 * 100_000_000)?;
    for (contract, units) in [(USD_TOKEN, 1_500 * 1_000_000), (EUR_TOKEN, 800 * 100_000_000)] {
        let token = accounts::token_id(contract).ok_or_else(|| Refusal::internal(&"a currency without a contract"))?;
        ledger::change(connection, &address, &token, units)?;
    }
    Ok(address)
}

/// A service to be made.
struct Plan {
    service_type: &'static str,
    provider: &'static str,
    region: &'static str,
    options: Options,
    status: Status,
    /// Hours bought.
    duration: i64,
    /// Seconds since it was deployed, or since it was paid for one that never was.
    age: i64,
    label: &'static str,
    description: &'static str,
    deployment: Option<Value>,
    domains: &'static [(&'static str, u16, bool)],
}

#[derive(Clone, Copy)]
enum Options {
    Containers {
        units: u32,
        chosen_ports: bool,
        volume: bool,
    },
    LogHost,
    NodeWatcher,
}

impl Options {
    fn with_region(self, region: &str) -> Value {
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
fn demonstration(clock: &Clock) -> Vec<Plan> {
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
fn crowd(count: usize, clock: &Clock) -> Vec<Plan> {
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

/// A service with everything that belongs to it, ready to be stored.
struct Prepared {
    service: UserService,
    deployment: Option<Deployment>,
    domains: &'static [(&'static str, u16, bool)],
}

fn prepare(address: &str, plans: Vec<Plan>, clock: &Clock) -> Vec<Prepared> {
    let now = clock.now();
    let prepared = plans.into_iter().enumerate().map(|(index, plan)| {
        let began = now - plan.age;
        // Bought a while before it was deployed; never two at one time, so that their order is certain.
        let created = began - 400 - (index as i64 % 97);
        let deployed = plan.status != Status::Pending;
        let running_ts = if deployed { began } else { 0 };
        let end_at = if deployed {
            running_ts + clock.seconds_of_service(plan.duration as f64)
        } else {
            0
        };
        let abort_ts = if plan.status == Status::Abort {
            began + plan.age / 3
        } else {
            0
        };
        let done_ts = if plan.status == Status::Done {
            end_at.min(now)
        } else {
            0
        };
        let service = UserService {
            id: random::identifier(created),
            provider: plan.provider.to_owned(),
            address: address.to_owned(),
            service_id: plan.service_type.to_owned(),
            service: String::new(),
            service_options: plan.options.with_region(plan.region),
            region: plan.region.to_owned(),
            duration: plan.duration,
            price_paid: Decimal::ZERO,
            status: plan.status,
            created_at: created,
            updated_at: abort_ts.max(done_ts).max(began),
            activate_ts: created + 30,
            running_ts,
            done_ts,
            abort_ts,
            end_at: if plan.status == Status::Done { done_ts } else { end_at },
            label: plan.label.to_owned(),
            description: plan.description.to_owned(),
            email: String::new(),
            deployment: None,
        };
        let deployment = plan
            .deployment
            .map(|text| serde_json::from_value(text).unwrap_or_default());
        Prepared {
            service,
            deployment,
            domains: plan.domains,
        }
    });
    prepared.collect()
}

/// Deploys what runs, then stores everything in one go.
async fn add(platform: &SharedPlatform, mut prepared: Vec<Prepared>) -> anyhow::Result<()> {
    // Ports are counted for each region.
    let mut next_ports: HashMap<String, u32> = HashMap::new();
    let mut records: Vec<Option<(PodRecord, String)>> = Vec::with_capacity(prepared.len());
    for entry in &mut prepared {
        let Some(deployment) = entry.deployment.as_mut() else {
            records.push(None);
            continue;
        };
        deployment
            .pvt_login
            .resize(deployment.containers.len(), Default::default());
        if !deployments::chooses_ports(&entry.service) {
            let next_port = next_ports.entry(entry.service.region.clone()).or_insert(30_000);
            for port in deployment
                .containers
                .iter_mut()
                .flat_map(|container| &mut container.ports)
            {
                port.host_port = Some(*next_port);
                *next_port += 1;
            }
        }
        entry.service.deployment = Some(deployments::to_keep(deployment));
        records.push(Some(
            deploy(platform.runtime.as_ref(), &entry.service, deployment).await?,
        ));
    }
    let stored = platform.store.run(move |transaction| {
        for (entry, record) in prepared.into_iter().zip(records) {
            store(transaction, entry, record)?;
        }
        Ok(())
    });
    stored.await.map_err(as_error)
}

async fn deploy(
    runtime: &dyn Runtime,
    service: &UserService,
    deployment: &Deployment,
) -> anyhow::Result<(PodRecord, String)> {
    let host_ip = deployments::host_ip(service);
    let at = u64::try_from(service.running_ts).unwrap_or_default() * 1000;
    let spec = deployments::pod_spec(service, deployment, &host_ip).map_err(as_error)?;
    let mut record = runtime
        .deploy(spec, at)
        .await
        .with_context(|| format!("cannot deploy {}", service.label))?;
    if service.status == Status::Stop {
        // Paused a few hours ago.
        record = runtime.stop(&service.id, at + 3 * 3_600_000).await?;
    }
    Ok((record, host_ip))
}

fn store(connection: &rusqlite::Connection, mut entry: Prepared, record: Option<(PodRecord, String)>) -> Outcome<()> {
    let service = &mut entry.service;
    let sold = market::service_type(connection, &service.service_id)?;
    service.price_paid =
        pricing::amount(&sold.duration_to_price, &service.service_options, service.duration).unwrap_or_default();
    service.service = sold.name;
    services::add(connection, service, &random::secret())?;
    if let Some((record, host_ip)) = record {
        pods::keep(connection, &record, &host_ip)?;
    }
    if let Some(deployment) = &entry.deployment {
        let ports = deployments::host_ports(deployment);
        pods::hold_ports(connection, &service.provider, &service.region, &service.id, &ports)?;
    }
    for &(domain, container_port, is_https) in entry.domains {
        let base_domain = domain.split_once('.').map_or(domain, |(_, base)| base).to_owned();
        pods::bind(
            connection,
            &service.id,
            &Domain {
                domain: domain.to_owned(),
                base_domain,
                container_port,
                is_https,
            },
        )?;
    }
    notices::record(connection, service, NoticeType::Activated, service.activate_ts)?;
    if service.running_ts > 0 {
        notices::record(connection, service, NoticeType::Deployed, service.running_ts)?;
    }
    match service.status {
        Status::Stop => notices::record(connection, service, NoticeType::Stopped, service.running_ts + 3 * HOUR)?,
        Status::Done => notices::record(connection, service, NoticeType::Expired, service.done_ts)?,
        Status::Abort => notices::record(connection, service, NoticeType::Refunded, service.abort_ts)?,
        Status::Pending | Status::Running => {}
    }
    Ok(())
}
