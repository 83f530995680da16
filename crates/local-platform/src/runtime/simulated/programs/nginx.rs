//! nginx: the official image's entry point, then an access log with page loads, crawlers and attempts at what is not there.

use super::{
    super::{
        super::{ContainerSpec, calendar::Moment},
        dice::Dice,
        images::ImageName,
    },
    Program, Schedule, Shutdown, UnixMicros, put,
    schedule::Steady,
};

const ENTRY_POINT: [&str; 9] = [
    "/docker-entrypoint.sh: /docker-entrypoint.d/ is not empty, will attempt to perform configuration",
    "/docker-entrypoint.sh: Looking for shell scripts in /docker-entrypoint.d/",
    "/docker-entrypoint.sh: Launching /docker-entrypoint.d/10-listen-on-ipv6-by-default.sh",
    "10-listen-on-ipv6-by-default.sh: info: Getting the checksum of /etc/nginx/conf.d/default.conf",
    "10-listen-on-ipv6-by-default.sh: info: Enabled listen on IPv6 in /etc/nginx/conf.d/default.conf",
    "/docker-entrypoint.sh: Sourcing /docker-entrypoint.d/15-local-resolvers.envsh",
    "/docker-entrypoint.sh: Launching /docker-entrypoint.d/20-envsubst-on-templates.sh",
    "/docker-entrypoint.sh: Launching /docker-entrypoint.d/30-tune-worker-processes.sh",
    "/docker-entrypoint.sh: Configuration complete; ready for start up",
];

const PATHS: [(&str, &str, u64, u64); 26] = [
    ("GET", "/", 200, 7_412),
    ("GET", "/index.html", 200, 7_412),
    ("GET", "/assets/app-7f3c91d2.js", 200, 183_220),
    ("GET", "/assets/app-7f3c91d2.css", 200, 24_117),
    ("GET", "/assets/logo.svg", 200, 2_904),
    ("GET", "/favicon.ico", 200, 1_150),
    ("GET", "/api/v1/products?page=1&size=20", 200, 11_873),
    ("GET", "/api/v1/products?page=2&size=20", 200, 11_640),
    ("GET", "/api/v1/products/4711", 200, 1_284),
    ("GET", "/api/v1/cart", 200, 412),
    ("POST", "/api/v1/cart/items", 201, 96),
    ("POST", "/api/v1/login", 200, 318),
    ("POST", "/api/v1/login", 401, 61),
    ("PUT", "/api/v1/cart/items/3", 204, 0),
    ("DELETE", "/api/v1/cart/items/1", 204, 0),
    ("GET", "/api/v1/orders/20931", 403, 58),
    ("GET", "/images/hero@2x.webp", 304, 0),
    ("GET", "/images/products/4711.webp", 200, 48_309),
    ("GET", "/search?q=%E6%9C%BA%E6%A2%B0%E9%94%AE%E7%9B%98", 200, 15_022),
    ("GET", "/blog/why-containers?utm_source=newsletter", 200, 18_740),
    ("GET", "/robots.txt", 200, 68),
    ("GET", "/sitemap.xml", 200, 9_127),
    ("HEAD", "/healthz", 200, 0),
    ("GET", "/.env", 404, 153),
    ("GET", "/wp-login.php", 404, 153),
    ("GET", "/api/v1/report", 502, 157),
];

/// Who asks for the health page, and nobody else.
const PROBE: &str = "kube-probe/1.31";

const AGENTS: [&str; 8] = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Safari/605.1.15",
    "Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.6 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (Linux; Android 14; 2312DRA50C) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Mobile Safari/537.36 MicroMessenger/8.0.58",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
    "Mozilla/5.0 (compatible; Baiduspider/2.0; +http://www.baidu.com/search/spider.html)",
    "curl/8.14.1",
];

/// Lines that nginx itself prints at its start, after the entry point's.
const NOTICES: u64 = 9;

/// A running nginx.
pub(super) struct Nginx {
    schedule: Schedule,
    seed: u64,
    version: String,
    host: String,
}

impl Nginx {
    pub(super) fn new(image: &ImageName, spec: &ContainerSpec, seed: u64) -> Self {
        let mut dice = Dice::new(seed, 0);
        // A minute's pattern: page loads, each of a page and what it needs at once, apart from single requests.
        let mut offsets = Vec::new();
        for second in (1..59).step_by(3) {
            let together = if dice.below(4) == 0 { dice.between(3, 7) } else { 1 };
            let at = second * 1_000_000 + dice.below(1_400_000);
            offsets.extend((0..together).map(|_| at));
        }
        let mut startup = Schedule::even_startup(ENTRY_POINT.len(), 90_000);
        startup.extend((0..NOTICES).map(|_| 110_000));
        let steady = Steady::Cycle {
            start: 1_000_000,
            period: 60_000_000,
            offsets,
            jitter: 1_000_000,
            seed,
        };
        let version = if image.tag.starts_with(|first: char| first.is_ascii_digit()) && image.tag.contains('.') {
            image.tag.split('-').next().unwrap_or("1.29.3").to_owned()
        } else {
            "1.29.3".to_owned()
        };
        let domain = spec
            .env
            .iter()
            .find(|variable| variable.name == "NGINX_HOST")
            .map(|variable| variable.value.clone());
        let host = domain.unwrap_or_else(|| "shop.example.com".to_owned());
        Self {
            schedule: Schedule { startup, steady },
            seed,
            version,
            host,
        }
    }

    fn write_access(&self, index: u64, time: UnixMicros, out: &mut Vec<u8>) {
        let mut dice = Dice::new(self.seed, index);
        let (method, path, status, size) = PATHS[dice.below(PATHS.len() as u64) as usize];
        let agent = if path == "/healthz" { PROBE } else { dice.pick(&AGENTS) };
        let moment = Moment::of(time / 1000);
        let address = [
            dice.between(23, 223),
            dice.below(256),
            dice.below(256),
            dice.between(1, 255),
        ];
        if status == 502 {
            error_prefix(time, "error", out);
            put!(
                out,
                "29#29: *{} connect() failed (111: Connection refused) while connecting to upstream, client: {}.{}.{}.{}, server: {host}, \
                 request: \"{method} {path} HTTP/1.1\", upstream: \"http://127.0.0.1:3000{path}\", host: \"{host}\"",
                index * 3 + 1,
                address[0],
                address[1],
                address[2],
                address[3],
                host = self.host,
            );
            return;
        }
        let jitter = if size > 1000 { dice.below(40) } else { 0 };
        let referrer = if dice.below(3) == 0 {
            "-".to_owned()
        } else {
            format!("https://{}/", self.host)
        };
        put!(
            out,
            "{}.{}.{}.{} - - [{:02}/{}/{:04}:{:02}:{:02}:{:02} +0000] \"{method} {path} HTTP/1.1\" {status} {} \"{referrer}\" \"{agent}\" \"-\"",
            address[0],
            address[1],
            address[2],
            address[3],
            moment.day,
            moment.month_name(),
            moment.year,
            moment.hour,
            moment.minute,
            moment.second,
            size + jitter,
        );
    }
}

/// `2026/11/23 19:44:10 [notice] `.
fn error_prefix(time: UnixMicros, level: &str, out: &mut Vec<u8>) {
    let moment = Moment::of(time / 1000);
    put!(
        out,
        "{:04}/{:02}/{:02} {:02}:{:02}:{:02} [{level}] ",
        moment.year,
        moment.month,
        moment.day,
        moment.hour,
        moment.minute,
        moment.second
    );
}

impl Program for Nginx {
    fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    fn write_line(&self, index: u64, time: UnixMicros, out: &mut Vec<u8>) {
        if let Some(line) = ENTRY_POINT.get(index as usize) {
            out.extend_from_slice(line.as_bytes());
            return;
        }
        let notice = index - ENTRY_POINT.len() as u64;
        if notice >= NOTICES {
            self.write_access(index, time, out);
            return;
        }
        error_prefix(time, "notice", out);
        match notice {
            0 => put!(out, "1#1: using the \"epoll\" event method"),
            1 => put!(out, "1#1: nginx/{}", self.version),
            2 => put!(out, "1#1: built by gcc 14.2.0 (Debian 14.2.0-19)"),
            3 => put!(out, "1#1: OS: Linux 6.8.0-87-generic"),
            4 => put!(out, "1#1: getrlimit(RLIMIT_NOFILE): 1048576:1048576"),
            5 => put!(out, "1#1: start worker processes"),
            other => put!(out, "1#1: start worker process {}", other + 23),
        }
    }

    fn shutdown(&self) -> Shutdown {
        Shutdown {
            duration: 400,
            lines: 6,
        }
    }

    fn write_shutdown_line(&self, index: u64, time: UnixMicros, out: &mut Vec<u8>) {
        error_prefix(time, "notice", out);
        out.extend_from_slice(match index {
            0 => b"1#1: signal 3 (SIGQUIT) received, shutting down",
            1 => b"29#29: gracefully shutting down",
            2 => b"29#29: exiting",
            3 => b"29#29: exit",
            4 => b"1#1: worker process 29 exited with code 0",
            _ => b"1#1: exit".as_slice(),
        });
    }
}

/// Whether a configuration's braces do not match, the commonest way to damage one.
pub(super) fn is_unbalanced(configuration: &str) -> bool {
    let mut depth = 0_i64;
    for byte in configuration.bytes() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth < 0 {
            return true;
        }
    }
    depth != 0
}

/// An nginx that refuses its configuration file and exits.
pub(super) struct BadConfiguration {
    schedule: Schedule,
    path: String,
    lines: usize,
}

impl BadConfiguration {
    pub(super) fn new(spec: &ContainerSpec) -> Self {
        let mut startup = Schedule::even_startup(ENTRY_POINT.len(), 90_000);
        startup.extend([300_000, 300_000]);
        Self {
            schedule: Schedule {
                startup,
                steady: Steady::Silent,
            },
            path: spec.config_mount_path.clone().unwrap_or_default(),
            lines: spec.config.as_deref().unwrap_or_default().lines().count().max(1),
        }
    }
}

impl Program for BadConfiguration {
    fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    fn write_line(&self, index: u64, time: UnixMicros, out: &mut Vec<u8>) {
        if let Some(line) = ENTRY_POINT.get(index as usize) {
            out.extend_from_slice(line.as_bytes());
        } else if index == ENTRY_POINT.len() as u64 {
            error_prefix(time, "emerg", out);
            put!(
                out,
                "1#1: unexpected end of file, expecting \"}}\" in {}:{}",
                self.path,
                self.lines
            );
        } else {
            put!(
                out,
                "nginx: [emerg] unexpected end of file, expecting \"}}\" in {}:{}",
                self.path,
                self.lines
            );
        }
    }
}
