//! The programs in the simulated images: what they print and when, how they end.
//!
//! Line `k` of a run is a function of the run's seed, its start and `k` alone, so nothing of a log is ever stored.

mod applications;
mod databases;
mod nginx;
mod own;
mod schedule;

pub(super) use schedule::Schedule;

use super::{super::ContainerSpec, images::ImageName};

/// Microseconds since the Unix epoch.
pub(super) type UnixMicros = u64;

/// How a program ends by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Exit {
    /// Milliseconds after the start.
    pub(super) after: u64,
    pub(super) code: i32,
    /// Kubernetes' word: `Completed`, `Error`, `OOMKilled`.
    pub(super) reason: &'static str,
}

/// What a program does when it is asked to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Shutdown {
    /// Milliseconds from the signal to the exit.
    pub(super) duration: u64,
    /// Lines printed at the signal.
    pub(super) lines: u64,
}

/// What a program consumes when it is neither starting nor resting.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Appetite {
    /// Fraction of a core.
    pub(super) cpu: f64,
    /// Megabytes.
    pub(super) memory: f64,
    /// Kilobits a second, sent and received together.
    pub(super) network: f64,
}

/// One run of a program.
pub(super) trait Program: Send + Sync {
    /// When it prints.
    fn schedule(&self) -> &Schedule;

    /// Appends line `index`, which is printed at `time`, without a line feed.
    fn write_line(&self, index: u64, time: UnixMicros, out: &mut Vec<u8>);

    /// What it does when it is asked to end.
    fn shutdown(&self) -> Shutdown {
        Shutdown {
            duration: 150,
            lines: 0,
        }
    }

    /// Appends line `index` of its farewell.
    fn write_shutdown_line(&self, _index: u64, _time: UnixMicros, _out: &mut Vec<u8>) {}
}

/// What a container's image makes of it, apart from the lines: known without making a [`Program`], since statuses are asked
/// for more often than logs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Character {
    kind: Kind,
    /// `None` for a program that runs until it is told to end.
    pub(super) exit: Option<Exit>,
    pub(super) appetite: Appetite,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Nginx,
    /// An nginx that refuses its configuration file.
    NginxBadConfiguration,
    Redis,
    Postgres,
    /// A database that refuses to start without a password.
    NoDatabasePassword,
    Mysql,
    Node,
    Python,
    Java,
    JsonLogger,
    Counter,
    Flood,
    Crash,
    OutOfMemory,
    /// Prints nothing and ends, like a shell without input.
    Completes,
    HelloWorld,
    Generic,
}

impl Character {
    /// What runs in a container, by its image and what the user configured.
    pub(super) fn of(spec: &ContainerSpec, image: &ImageName) -> Self {
        let kind = kind_of(spec, image);
        let exit = match kind {
            Kind::NginxBadConfiguration | Kind::NoDatabasePassword => Some(Exit {
                after: 420,
                code: 1,
                reason: "Error",
            }),
            Kind::Crash => Some(Exit {
                after: milliseconds_from_env(spec, "CRASH_AFTER", 4.0),
                code: 1,
                reason: "Error",
            }),
            Kind::OutOfMemory => Some(Exit {
                after: milliseconds_from_env(spec, "OOM_AFTER", 25.0),
                code: 137,
                reason: "OOMKilled",
            }),
            Kind::Completes | Kind::HelloWorld => Some(Exit {
                after: 120,
                code: 0,
                reason: "Completed",
            }),
            _ => None,
        };
        let (cpu, memory, network) = match kind {
            Kind::Nginx => (0.012, 9.0, 620.0),
            Kind::Redis => (0.006, 12.0, 90.0),
            Kind::Postgres => (0.035, 64.0, 210.0),
            Kind::Mysql => (0.042, 380.0, 160.0),
            Kind::Node => (0.055, 96.0, 340.0),
            Kind::Python => (0.048, 82.0, 180.0),
            Kind::Java => (0.16, 410.0, 420.0),
            Kind::JsonLogger => (0.021, 34.0, 75.0),
            Kind::Flood => (0.71, 22.0, 1.0),
            Kind::Crash => (0.22, 120.0, 0.5),
            Kind::OutOfMemory => (0.34, 1.0e6, 0.5),
            _ => (0.009, 18.0, 12.0),
        };
        Self {
            kind,
            exit,
            appetite: Appetite { cpu, memory, network },
        }
    }

    /// The program of one run. `seed` is the run's own.
    pub(super) fn program(&self, spec: &ContainerSpec, image: &ImageName, seed: u64) -> Box<dyn Program> {
        match self.kind {
            Kind::Nginx => Box::new(nginx::Nginx::new(image, spec, seed)),
            Kind::NginxBadConfiguration => Box::new(nginx::BadConfiguration::new(spec)),
            Kind::Redis => Box::new(databases::Redis::new(image, seed)),
            Kind::Postgres => Box::new(databases::Postgres::new(image, seed)),
            Kind::Mysql => Box::new(databases::Mysql::new(seed)),
            Kind::NoDatabasePassword => Box::new(databases::NoPassword::new(image.short())),
            Kind::Node => Box::new(applications::Node::new(spec, seed)),
            Kind::Python => Box::new(applications::Python::new(spec, seed)),
            Kind::Java => Box::new(applications::Java::new(seed)),
            Kind::JsonLogger => Box::new(applications::JsonLogger::new(seed)),
            Kind::Counter => Box::new(own::Counter::new(spec, seed)),
            Kind::Flood => Box::new(own::Flood::new(spec, seed)),
            Kind::Crash => Box::new(own::Crash::new(self.exit.map_or(0, |exit| exit.after))),
            Kind::OutOfMemory => Box::new(own::OutOfMemory::new(spec, self.exit.map_or(0, |exit| exit.after))),
            Kind::Completes => Box::new(own::Silent::new()),
            Kind::HelloWorld => Box::new(own::HelloWorld::new()),
            Kind::Generic => Box::new(applications::Generic::new(spec, image, seed)),
        }
    }

    /// Whether memory only ever grows, until the limit.
    pub(super) fn leaks_memory(&self) -> bool {
        self.kind == Kind::OutOfMemory
    }
}

/// So many seconds as a variable says, or as is usual, in milliseconds.
fn milliseconds_from_env(spec: &ContainerSpec, name: &str, usual: f64) -> u64 {
    let seconds = number_from_env(spec, name).unwrap_or(usual);
    (seconds * 1000.0).clamp(100.0, 1e12) as u64
}

fn kind_of(spec: &ContainerSpec, image: &ImageName) -> Kind {
    let name = image.short();
    let has_any = |names: &[&str]| {
        names
            .iter()
            .any(|wanted| spec.env.iter().any(|variable| variable.name == *wanted))
    };
    let contains = |words: &[&str]| words.iter().any(|word| name.contains(word));
    let own_program = spec.command.is_empty();
    if image.path.starts_with("vcloud/") {
        match name {
            "json-logger" => return Kind::JsonLogger,
            "counter" => return Kind::Counter,
            "flood" => return Kind::Flood,
            "crash" => return Kind::Crash,
            "oom" => return Kind::OutOfMemory,
            _ => {}
        }
    }
    match name {
        "hello-world" => Kind::HelloWorld,
        "busybox" | "alpine" | "ubuntu" | "debian" if own_program && spec.args.is_empty() => Kind::Completes,
        _ if !own_program => Kind::Generic,
        _ if name.contains("nginx") => {
            let is_main = spec
                .config_mount_path
                .as_deref()
                .is_some_and(|path| path.starts_with("/etc/nginx/"));
            if is_main && spec.config.as_deref().is_some_and(nginx::is_unbalanced) {
                Kind::NginxBadConfiguration
            } else {
                Kind::Nginx
            }
        }
        _ if contains(&["redis", "valkey"]) => Kind::Redis,
        _ if contains(&["postgres"]) => {
            if has_any(&[
                "POSTGRES_PASSWORD",
                "POSTGRES_PASSWORD_FILE",
                "POSTGRES_HOST_AUTH_METHOD",
            ]) {
                Kind::Postgres
            } else {
                Kind::NoDatabasePassword
            }
        }
        _ if contains(&["mysql", "mariadb"]) => {
            let passwords = [
                "MYSQL_ROOT_PASSWORD",
                "MYSQL_ALLOW_EMPTY_PASSWORD",
                "MYSQL_RANDOM_ROOT_PASSWORD",
                "MARIADB_ROOT_PASSWORD",
            ];
            if has_any(&passwords) {
                Kind::Mysql
            } else {
                Kind::NoDatabasePassword
            }
        }
        _ if contains(&["node"]) => Kind::Node,
        _ if contains(&["python", "django", "flask"]) => Kind::Python,
        _ if contains(&["java", "jdk", "temurin", "tomcat", "spring", "kafka", "elasticsearch"]) => Kind::Java,
        _ => Kind::Generic,
    }
}

/// A positive number from an environment variable.
fn number_from_env(spec: &ContainerSpec, name: &str) -> Option<f64> {
    let value = &spec.env.iter().find(|variable| variable.name == name)?.value;
    value
        .trim()
        .parse::<f64>()
        .ok()
        .filter(|number| number.is_finite() && *number > 0.0)
}

/// How many lines of this container's log are kept, where its image is one of the test images and it says so: `KEEP_LINES`.
pub(super) fn kept_lines(spec: &ContainerSpec, image: &ImageName) -> Option<u64> {
    image
        .path
        .starts_with("vcloud/")
        .then(|| number_from_env(spec, "KEEP_LINES").map(|number| number as u64))
        .flatten()
}

/// Appends a formatted text. Writing to memory does not fail.
macro_rules! put {
    ($out:expr, $($format:tt)*) => {{
        use std::io::Write as _;
        let _infallible = write!($out, $($format)*);
    }};
}
use put;
