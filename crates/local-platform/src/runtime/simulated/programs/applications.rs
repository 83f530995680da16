//! What people build: Node.js and Python servers, a Java service with stack traces, a JSON logger, and anything else.

use super::{
    super::{
        super::{
            ContainerSpec,
            calendar::{Moment, Rfc3339Seconds},
        },
        dice::{Dice, mix},
        images::ImageName,
    },
    Program, Schedule, Shutdown, UnixMicros, put,
    schedule::Steady,
};

/// `19:44:10.123`.
fn put_time_of_day(time: UnixMicros, out: &mut Vec<u8>) {
    let Moment {
        hour,
        minute,
        second,
        millisecond,
        ..
    } = Moment::of(time / 1000);
    put!(out, "{hour:02}:{minute:02}:{second:02}.{millisecond:03}");
}

/// `2026-11-23 19:44:10`, and `separator` before the milliseconds.
fn put_date_time(time: UnixMicros, separator: char, out: &mut Vec<u8>) {
    let Moment {
        year,
        month,
        day,
        hour,
        minute,
        second,
        millisecond,
    } = Moment::of(time / 1000);
    put!(
        out,
        "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}{separator}{millisecond:03}"
    );
}

/// One line every `average` microseconds or so, after a start of some lines.
fn regular(startup: usize, startup_duration: u64, average: u64, seed: u64) -> Schedule {
    let steady = Steady::Cycle {
        start: startup_duration + average,
        period: average,
        offsets: vec![0],
        jitter: average,
        seed,
    };
    Schedule {
        startup: Schedule::even_startup(startup, startup_duration),
        steady,
    }
}

/// The port that the container listens on, by what the user exposed.
fn port_of(spec: &ContainerSpec, default: u16) -> u16 {
    spec.ports.first().map_or(default, |port| port.container_port)
}

/// A Node.js server whose logger writes colours.
pub(super) struct Node {
    schedule: Schedule,
    seed: u64,
    port: u16,
}

impl Node {
    pub(super) fn new(spec: &ContainerSpec, seed: u64) -> Self {
        Self {
            schedule: regular(6, 1_800_000, 1_300_000, seed),
            seed,
            port: port_of(spec, 3000),
        }
    }
}

impl Program for Node {
    fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    fn write_line(&self, index: u64, time: UnixMicros, out: &mut Vec<u8>) {
        match index {
            0 => return put!(out, ""),
            1 => return put!(out, "> shop-api@2.14.0 start"),
            2 => return put!(out, "> node --enable-source-maps dist/server.js"),
            3 => return put!(out, ""),
            _ => {}
        }
        let mut dice = Dice::new(self.seed, index);
        put!(out, "\x1b[90m[");
        put_time_of_day(time, out);
        put!(out, "]\x1b[39m ");
        match index {
            4 => {
                return put!(
                    out,
                    "\x1b[32mINFO\x1b[39m (1): \x1b[36mconnected to redis://cache:6379\x1b[39m"
                );
            }
            5 => {
                return put!(
                    out,
                    "\x1b[32mINFO\x1b[39m (1): \x1b[36mServer listening at http://0.0.0.0:{}\x1b[39m",
                    self.port
                );
            }
            _ => {}
        }
        let duration = dice.between(2, 140);
        match dice.below(20) {
            0 => put!(
                out,
                "\x1b[33mWARN\x1b[39m (1): \x1b[36mslow query took {} ms\x1b[39m \x1b[2mselect * from \"orders\"\x1b[22m",
                dice.between(400, 3000)
            ),
            1 => put!(
                out,
                "\x1b[31mERROR\x1b[39m (1): \x1b[36mrequest failed: 支付网关超时 (ETIMEDOUT)\x1b[39m \x1b[35morder={}\x1b[39m",
                dice.between(10_000, 99_999)
            ),
            2 => put!(
                out,
                "\x1b[34mDEBUG\x1b[39m (1): \x1b[36mcache \x1b[1mmiss\x1b[22m product:{}\x1b[39m",
                dice.below(9000)
            ),
            _ => {
                let requests = [
                    ("GET", "/api/v1/products"),
                    ("GET", "/api/v1/cart"),
                    ("POST", "/api/v1/orders"),
                    ("GET", "/api/v1/orders/20931"),
                ];
                let (method, path) = requests[dice.below(requests.len() as u64) as usize];
                let (status, colour) = match dice.below(40) {
                    0 => (500, 31),
                    1..=3 => (404, 33),
                    4..=9 => (304, 36),
                    _ => (200, 32),
                };
                put!(
                    out,
                    "\x1b[32mINFO\x1b[39m (1): \x1b[36m{method} {path}\x1b[39m \x1b[{colour}m{status}\x1b[39m \x1b[90m{duration} ms\x1b[39m"
                );
            }
        }
    }

    fn shutdown(&self) -> Shutdown {
        Shutdown {
            duration: 500,
            lines: 2,
        }
    }

    fn write_shutdown_line(&self, index: u64, time: UnixMicros, out: &mut Vec<u8>) {
        put!(out, "\x1b[90m[");
        put_time_of_day(time, out);
        let text = if index == 0 {
            "SIGTERM received, closing"
        } else {
            "closed, bye"
        };
        put!(out, "]\x1b[39m \x1b[32mINFO\x1b[39m (1): \x1b[36m{text}\x1b[39m");
    }
}

/// A Python web application that speaks Chinese, with a traceback now and then.
pub(super) struct Python {
    schedule: Schedule,
    seed: u64,
    port: u16,
}

impl Python {
    /// Lines of one repetition: 24 requests and jobs, then an error with its traceback.
    const CYCLE: u64 = 24 + Self::TRACEBACK.len() as u64;
    const TRACEBACK: [&str; 9] = [
        "ERROR shop.worker: 处理订单时出错",
        "Traceback (most recent call last):",
        "  File \"/app/shop/worker.py\", line 88, in run",
        "    invoice = self.create_invoice(order)",
        "              ^^^^^^^^^^^^^^^^^^^^^^^^^^",
        "  File \"/app/shop/invoice.py\", line 41, in create_invoice",
        "    total = sum(Decimal(item[\"price\"]) for item in order[\"items\"])",
        "            ~~~~~^^^^^^^^^",
        "KeyError: 'items'",
    ];
    const STARTUP: u64 = 4;

    pub(super) fn new(spec: &ContainerSpec, seed: u64) -> Self {
        let offsets = (0..Self::CYCLE).map(|place| place.min(24) * 1_600_000).collect();
        let steady = Steady::Cycle {
            start: 3_000_000,
            period: 42_000_000,
            offsets,
            jitter: 1_500_000,
            seed,
        };
        let startup = Schedule::even_startup(Self::STARTUP as usize, 1_200_000);
        Self {
            schedule: Schedule { startup, steady },
            seed,
            port: port_of(spec, 8000),
        }
    }
}

impl Program for Python {
    fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    fn write_line(&self, index: u64, time: UnixMicros, out: &mut Vec<u8>) {
        let steady = index.checked_sub(Self::STARTUP);
        let traceback = steady.and_then(|index| (index % Self::CYCLE).checked_sub(24));
        if let Some(line @ 1..) = traceback {
            out.extend_from_slice(Self::TRACEBACK[line as usize].as_bytes());
            return;
        }
        let mut dice = Dice::new(self.seed, index);
        put_date_time(time, ',', out);
        put!(out, " ");
        match (index, traceback) {
            (0, _) => put!(out, "INFO gunicorn.error: Starting gunicorn 23.0.0"),
            (1, _) => put!(
                out,
                "INFO gunicorn.error: Listening at: http://0.0.0.0:{} (1)",
                self.port
            ),
            (2, _) => put!(out, "INFO gunicorn.error: Using worker: sync"),
            (3, _) => put!(out, "INFO shop: 应用已启动,共加载 128 个商品分类"),
            (_, Some(_)) => out.extend_from_slice(Self::TRACEBACK[0].as_bytes()),
            _ => match dice.below(6) {
                0 => put!(
                    out,
                    "INFO shop.orders: 订单 {} 已支付,金额 {}.{:02} 元",
                    dice.between(100_000, 999_999),
                    dice.between(9, 2000),
                    dice.below(100)
                ),
                1 => put!(
                    out,
                    "WARNING shop.stock: 库存不足:商品 {},剩余 {} 件",
                    dice.below(9000),
                    dice.below(5)
                ),
                2 => put!(
                    out,
                    "INFO shop.mail: 已向 user{}@example.com 发送确认邮件",
                    dice.below(500)
                ),
                3 => put!(
                    out,
                    "DEBUG shop.cache: hit ratio {}.{} %",
                    dice.between(80, 99),
                    dice.below(10)
                ),
                _ => put!(
                    out,
                    "INFO access: \"GET /products/{} HTTP/1.1\" 200 {}",
                    dice.below(9000),
                    dice.between(900, 22_000)
                ),
            },
        }
    }

    fn shutdown(&self) -> Shutdown {
        Shutdown {
            duration: 800,
            lines: 2,
        }
    }

    fn write_shutdown_line(&self, index: u64, time: UnixMicros, out: &mut Vec<u8>) {
        put_date_time(time, ',', out);
        out.extend_from_slice(if index == 0 {
            b" INFO gunicorn.error: Handling signal: term".as_slice()
        } else {
            b" INFO gunicorn.error: Shutting down: Master"
        });
    }
}

/// A Java service: long lines, coloured levels, a stack trace in each repetition.
pub(super) struct Java {
    schedule: Schedule,
    seed: u64,
}

impl Java {
    const BANNER: [&str; 8] = [
        "",
        "  .   ____          _            __ _ _",
        " /\\\\ / ___'_ __ _ _(_)_ __  __ _ \\ \\ \\ \\",
        "( ( )\\___ | '_ | '_| | '_ \\/ _` | \\ \\ \\ \\",
        " \\\\/  ___)| |_)| | | | | || (_| |  ) ) ) )",
        "  '  |____| .__|_| |_|_| |_\\__, | / / / /",
        " =========|_|==============|___/=/_/_/_/",
        " :: Spring Boot ::                (v3.5.7)",
    ];
    const STARTED: [(&str, &str); 4] = [
        (
            "s.v.demo.DemoApplication",
            "Starting DemoApplication v2.4.1 using Java 21.0.9 with PID 1",
        ),
        (
            "o.s.b.w.embedded.tomcat.TomcatWebServer",
            "Tomcat initialized with port 8080 (http)",
        ),
        ("com.zaxxer.hikari.HikariDataSource", "HikariPool-1 - Start completed."),
        (
            "s.v.demo.DemoApplication",
            "Started DemoApplication in 6.412 seconds (process running for 6.9)",
        ),
    ];
    const STARTUP: u64 = (Self::BANNER.len() + Self::STARTED.len()) as u64;
    const ORDINARY: u64 = 30;
    const CYCLE: u64 = Self::ORDINARY + STACK_TRACE.len() as u64;

    pub(super) fn new(seed: u64) -> Self {
        let offsets = (0..Self::CYCLE)
            .map(|place| place.min(Self::ORDINARY) * 1_100_000)
            .collect();
        let steady = Steady::Cycle {
            start: 9_000_000,
            period: 36_000_000,
            offsets,
            jitter: 1_000_000,
            seed,
        };
        Self {
            schedule: Schedule {
                startup: Schedule::even_startup(Self::STARTUP as usize, 6_500_000),
                steady,
            },
            seed,
        }
    }

    fn prefix(time: UnixMicros, level: &str, colour: u8, thread: &str, class: &str, out: &mut Vec<u8>) {
        put!(out, "{}", Rfc3339Seconds(time / 1000).to_string().trim_end_matches('Z'));
        put!(
            out,
            ".{:03}Z \x1b[{colour}m{level:>5}\x1b[0;39m \x1b[35m1\x1b[0;39m --- [{thread:>15}] \x1b[36m{class:<40}\x1b[0;39m : ",
            time / 1000 % 1000
        );
    }
}

/// As the Java runtime prints an exception that nobody caught.
pub(super) const STACK_TRACE: [&str; 11] = [
    "java.lang.IllegalStateException: Could not obtain connection from pool",
    "\tat systems.vcloud.demo.order.OrderRepository.load(OrderRepository.java:117) ~[app.jar:2.4.1]",
    "\tat systems.vcloud.demo.order.OrderService.lambda$find$3(OrderService.java:58) ~[app.jar:2.4.1]",
    "\tat java.base/java.util.Optional.orElseGet(Optional.java:364) ~[na:na]",
    "\tat systems.vcloud.demo.order.OrderController.find(OrderController.java:39) ~[app.jar:2.4.1]",
    "\tat java.base/jdk.internal.reflect.DirectMethodHandleAccessor.invoke(DirectMethodHandleAccessor.java:103) ~[na:na]",
    "\tat java.base/java.lang.Thread.run(Thread.java:1583) ~[na:na]",
    "Caused by: java.sql.SQLTransientConnectionException: HikariPool-1 - Connection is not available, request timed out after 30000ms.",
    "\tat com.zaxxer.hikari.pool.HikariPool.createTimeoutException(HikariPool.java:686) ~[HikariCP-6.3.0.jar:na]",
    "\tat com.zaxxer.hikari.pool.HikariPool.getConnection(HikariPool.java:179) ~[HikariCP-6.3.0.jar:na]",
    "\t... 4 common frames omitted",
];

impl Program for Java {
    fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    fn write_line(&self, index: u64, time: UnixMicros, out: &mut Vec<u8>) {
        if let Some(line) = Self::BANNER.get(index as usize) {
            out.extend_from_slice(line.as_bytes());
            return;
        }
        let Some(steady) = index.checked_sub(Self::STARTUP) else {
            let (class, text) = Self::STARTED[(index - Self::BANNER.len() as u64) as usize];
            Self::prefix(time, "INFO", 32, "main", class, out);
            return put!(out, "{text}");
        };
        let mut dice = Dice::new(self.seed, index);
        let thread = format!("nio-8080-exec-{}", dice.between(1, 10));
        match (steady % Self::CYCLE).checked_sub(Self::ORDINARY) {
            Some(0) => {
                Self::prefix(time, "ERROR", 31, &thread, "s.v.demo.order.OrderController", out);
                put!(out, "订单查询失败 {}", STACK_TRACE[0]);
            }
            Some(line) => out.extend_from_slice(STACK_TRACE[line as usize].as_bytes()),
            None if dice.below(12) == 0 => {
                Self::prefix(time, "WARN", 33, &thread, "c.z.hikari.pool.PoolBase", out);
                put!(
                    out,
                    "HikariPool-1 - Failed to validate connection (No operations allowed after connection closed.)"
                );
            }
            None => {
                Self::prefix(time, "INFO", 32, &thread, "s.v.demo.order.OrderService", out);
                put!(
                    out,
                    "order {} loaded in {} ms",
                    dice.between(10_000, 99_999),
                    dice.between(1, 80)
                );
            }
        }
    }

    fn shutdown(&self) -> Shutdown {
        Shutdown {
            duration: 1200,
            lines: 2,
        }
    }

    fn write_shutdown_line(&self, index: u64, time: UnixMicros, out: &mut Vec<u8>) {
        let class = if index == 0 {
            "o.s.b.w.e.tomcat.GracefulShutdown"
        } else {
            "com.zaxxer.hikari.HikariDataSource"
        };
        Self::prefix(time, "INFO", 32, "ionShutdownHook", class, out);
        out.extend_from_slice(if index == 0 {
            b"Graceful shutdown complete".as_slice()
        } else {
            b"HikariPool-1 - Shutdown completed."
        });
    }
}

/// One JSON object a line.
pub(super) struct JsonLogger {
    schedule: Schedule,
    seed: u64,
}

impl JsonLogger {
    pub(super) fn new(seed: u64) -> Self {
        Self {
            schedule: regular(1, 200_000, 900_000, seed),
            seed,
        }
    }
}

impl Program for JsonLogger {
    fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    fn write_line(&self, index: u64, time: UnixMicros, out: &mut Vec<u8>) {
        let mut dice = Dice::new(self.seed, index);
        let (level, message) = if index == 0 {
            ("info", "service started")
        } else {
            let messages = [
                ("info", "request completed"),
                ("info", "request completed"),
                ("info", "订单已创建"),
                ("debug", "cache refreshed"),
                ("warn", "retrying after \\\"connection reset\\\""),
                ("error", "支付失败:余额不足"),
            ];
            messages[dice.below(messages.len() as u64) as usize]
        };
        put!(out, "{{\"time\":\"");
        put!(out, "{}", Rfc3339Seconds(time / 1000).to_string().trim_end_matches('Z'));
        put!(
            out,
            ".{:03}Z\",\"level\":\"{level}\",\"message\":\"{message}\",\"trace\":\"{:016x}\",\"user\":{},\"duration_ms\":{}.{}}}",
            time / 1000 % 1000,
            dice.number(),
            dice.between(1000, 9999),
            dice.below(900),
            dice.below(10)
        );
    }
}

/// Any other image: a program with coloured levels that says what it was started with.
pub(super) struct Generic {
    schedule: Schedule,
    seed: u64,
    introduction: Vec<String>,
}

impl Generic {
    pub(super) fn new(spec: &ContainerSpec, image: &ImageName, seed: u64) -> Self {
        let mut introduction = vec![format!("starting {} ({})", image.short(), image.full())];
        let started_with: Vec<&str> = spec.command.iter().chain(&spec.args).map(String::as_str).collect();
        if !started_with.is_empty() {
            introduction.push(format!(
                "command: {}",
                started_with.join(" ").replace(['\n', '\r'], " ")
            ));
        }
        if let Some(path) = &spec.config_mount_path {
            let size = spec.config.as_deref().map_or(0, str::len);
            introduction.push(format!("read configuration {path} ({size} bytes)"));
        }
        introduction.extend(
            spec.ports
                .iter()
                .map(|port| format!("listening on 0.0.0.0:{}", port.container_port)),
        );
        introduction.push("ready".to_owned());
        Self {
            schedule: regular(introduction.len(), 900_000, 4_000_000 + mix(seed, 3) % 3_000_000, seed),
            seed,
            introduction,
        }
    }
}

impl Program for Generic {
    fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    fn write_line(&self, index: u64, time: UnixMicros, out: &mut Vec<u8>) {
        let mut dice = Dice::new(self.seed, index);
        put!(out, "\x1b[2m");
        put_date_time(time, '.', out);
        put!(out, "\x1b[0m ");
        if let Some(line) = self.introduction.get(index as usize) {
            return put!(out, "\x1b[32m INFO\x1b[0m {line}");
        }
        match dice.below(10) {
            0 => put!(
                out,
                "\x1b[33m WARN\x1b[0m queue is {} items behind",
                dice.between(10, 900)
            ),
            1 => put!(
                out,
                "\x1b[1;31mERROR\x1b[0m upstream answered \x1b[4m503 Service Unavailable\x1b[0m, 将在 {} 秒后重试",
                dice.between(1, 30)
            ),
            2..=4 => put!(out, "\x1b[34mDEBUG\x1b[0m tick \x1b[38;5;208m{}\x1b[0m", index),
            _ => put!(
                out,
                "\x1b[32m INFO\x1b[0m processed {} items in {} ms",
                dice.between(1, 400),
                dice.between(3, 900)
            ),
        }
    }

    fn shutdown(&self) -> Shutdown {
        Shutdown {
            duration: 250,
            lines: 1,
        }
    }

    fn write_shutdown_line(&self, _index: u64, time: UnixMicros, out: &mut Vec<u8>) {
        put!(out, "\x1b[2m");
        put_date_time(time, '.', out);
        put!(out, "\x1b[0m \x1b[32m INFO\x1b[0m terminated by signal 15");
    }
}
