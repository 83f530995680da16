//! Redis, PostgreSQL and MySQL.

use super::{
    super::{super::calendar::Moment, dice::Dice, images::ImageName},
    Program, Schedule, Shutdown, UnixMicros, put,
    schedule::Steady,
};

/// A version from an image's tag: `7.4` of `7.4-alpine`; `default` where the tag names none.
fn version_of(image: &ImageName, default: &str) -> String {
    let tag = image.tag.split('-').next().unwrap_or_default();
    if tag.starts_with(|first: char| first.is_ascii_digit()) {
        tag.to_owned()
    } else {
        default.to_owned()
    }
}

/// `2026-11-23 19:44:10.123 UTC`.
fn put_database_time(time: UnixMicros, out: &mut Vec<u8>) {
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
        "{year:04}-{month:02}-{day:02} {hour:02}:{minute:02}:{second:02}.{millisecond:03} UTC"
    );
}

const REDIS_BANNER: [&str; 19] = [
    "                _._                                                  ",
    "           _.-``__ ''-._                                             ",
    "      _.-``    `.  `_.  ''-._           Redis Open Source            ",
    "  .-`` .-```.  ```\\/    _.,_ ''-._      VERSION (00000000/0) 64 bit",
    " (    '      ,       .-`  | `,    )     Running in standalone mode",
    " |`-._`-...-` __...-.``-._|'` _.-'|     Port: 6379",
    " |    `-._   `._    /     _.-'    |     PID: 1",
    "  `-._    `-._  `-./  _.-'    _.-'                                   ",
    " |`-._`-._    `-.__.-'    _.-'_.-'|                                  ",
    " |    `-._`-._        _.-'_.-'    |           https://redis.io       ",
    "  `-._    `-._`-.__.-'_.-'    _.-'                                   ",
    " |`-._`-._    `-.__.-'    _.-'_.-'|                                  ",
    " |    `-._`-._        _.-'_.-'    |                                  ",
    "  `-._    `-._`-.__.-'_.-'    _.-'                                   ",
    "      `-._    `-.__.-'    _.-'                                       ",
    "          `-._        _.-'                                           ",
    "              `-.__.-'                                               ",
    "",
    "",
];

/// Redis: banner, then snapshots every five minutes.
pub(super) struct Redis {
    schedule: Schedule,
    seed: u64,
    version: String,
}

impl Redis {
    const FIRST: u64 = 4;
    const READY: u64 = 3;

    pub(super) fn new(image: &ImageName, seed: u64) -> Self {
        let lines = Self::FIRST as usize + REDIS_BANNER.len() + Self::READY as usize;
        let period = 300_000_000;
        let offsets = vec![0, 4_000, 120_000, 128_000, 220_000];
        let steady = Steady::Cycle {
            start: 61_000_000,
            period,
            offsets,
            jitter: 3_000,
            seed,
        };
        Self {
            schedule: Schedule {
                startup: Schedule::even_startup(lines, 40_000),
                steady,
            },
            seed,
            version: version_of(image, "8.2.2"),
        }
    }

    fn prefix(role: &str, time: UnixMicros, out: &mut Vec<u8>) {
        let Moment {
            year,
            day,
            hour,
            minute,
            second,
            millisecond,
            ..
        } = Moment::of(time / 1000);
        let month = Moment::of(time / 1000).month_name();
        put!(
            out,
            "{role} {day:02} {month} {year:04} {hour:02}:{minute:02}:{second:02}.{millisecond:03} "
        );
    }
}

impl Program for Redis {
    fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    fn write_line(&self, index: u64, time: UnixMicros, out: &mut Vec<u8>) {
        let version = &self.version;
        let banner_end = Self::FIRST + REDIS_BANNER.len() as u64;
        if (Self::FIRST..banner_end).contains(&index) {
            let line = REDIS_BANNER[(index - Self::FIRST) as usize];
            put!(out, "{}", line.replace("VERSION", version));
            return;
        }
        let steady = index.checked_sub(banner_end + Self::READY);
        let snapshot = steady.map_or(0, |index| index / 5);
        let child = 20 + snapshot;
        let place = steady.map(|index| index % 5);
        match place {
            _ if index < Self::FIRST => Self::prefix("1:C", time, out),
            Some(2) => Self::prefix(&format!("{child}:C"), time, out),
            _ => Self::prefix("1:M", time, out),
        }
        match (index, place) {
            (0, _) => put!(
                out,
                "# WARNING Memory overcommit must be enabled! Without it, a background save or replication may fail under low memory condition."
            ),
            (1, _) => put!(out, "* oO0OoO0OoO0Oo Redis is starting oO0OoO0OoO0Oo"),
            (2, _) => put!(
                out,
                "* Redis version={version}, bits=64, commit=00000000, modified=0, pid=1, just started"
            ),
            (3, _) => put!(
                out,
                "# Warning: no config file specified, using the default config. In order to specify a config file use redis-server /path/to/redis.conf"
            ),
            (_, Some(0)) => put!(
                out,
                "* {} changes in 300 seconds. Saving...",
                Dice::new(self.seed, snapshot).between(10, 4000)
            ),
            (_, Some(1)) => put!(out, "* Background saving started by pid {child}"),
            (_, Some(2)) => put!(out, "* DB saved on disk"),
            (_, Some(3)) => put!(
                out,
                "* Fork CoW for RDB: current {0} MB, peak {0} MB, average 0 MB",
                Dice::new(self.seed, snapshot).below(3)
            ),
            (_, Some(_)) => put!(out, "* Background saving terminated with success"),
            (other, None) => match other - banner_end {
                0 => put!(out, "* Server initialized"),
                1 => put!(out, "* Loading RDB produced by version {version}"),
                _ => put!(out, "* Ready to accept connections tcp"),
            },
        }
    }

    fn shutdown(&self) -> Shutdown {
        Shutdown {
            duration: 300,
            lines: 5,
        }
    }

    fn write_shutdown_line(&self, index: u64, time: UnixMicros, out: &mut Vec<u8>) {
        if index == 0 {
            Self::prefix("1:signal-handler", time, out);
            put!(out, "Received SIGTERM scheduling shutdown...");
            return;
        }
        Self::prefix("1:M", time, out);
        out.extend_from_slice(match index {
            1 => b"* User requested shutdown...",
            2 => b"* Saving the final RDB snapshot before exiting.",
            3 => b"* DB saved on disk",
            _ => b"# Redis is now ready to exit, bye bye...".as_slice(),
        });
    }
}

/// PostgreSQL: start, checkpoints, now and then a statement that fails.
pub(super) struct Postgres {
    schedule: Schedule,
    seed: u64,
    version: String,
}

impl Postgres {
    const STARTUP: [&str; 8] = [
        "",
        "PostgreSQL Database directory appears to contain a database; Skipping initialization",
        "",
        "1] LOG:  starting PostgreSQL VERSION on x86_64-pc-linux-gnu, compiled by gcc (Debian 14.2.0-19) 14.2.0, 64-bit",
        "1] LOG:  listening on IPv4 address \"0.0.0.0\", port 5432",
        "1] LOG:  listening on IPv6 address \"::\", port 5432",
        "1] LOG:  listening on Unix socket \"/var/run/postgresql/.s.PGSQL.5432\"",
        "1] LOG:  database system is ready to accept connections",
    ];

    const FAILURES: [(&str, &str); 4] = [
        (
            "duplicate key value violates unique constraint \"users_email_key\"",
            "INSERT INTO users (email, name) VALUES ($1, $2)",
        ),
        (
            "column \"adress\" does not exist at character 22",
            "SELECT id, total, adress FROM orders WHERE id = 20931",
        ),
        (
            "deadlock detected",
            "UPDATE stock SET amount = amount - 1 WHERE product = 4711",
        ),
        (
            "invalid input syntax for type integer: \"三\" at character 41",
            "SELECT * FROM products WHERE category = '三'",
        ),
    ];

    pub(super) fn new(image: &ImageName, seed: u64) -> Self {
        let offsets = vec![
            0,
            27_000_000,
            90_000_000,
            90_000_000,
            150_000_000,
            151_000_000,
            200_000_000,
            227_000_000,
        ];
        let steady = Steady::Cycle {
            start: 30_000_000,
            period: 300_000_000,
            offsets,
            jitter: 900_000,
            seed,
        };
        Self {
            schedule: Schedule {
                startup: Schedule::even_startup(Self::STARTUP.len(), 180_000),
                steady,
            },
            seed,
            version: version_of(image, "18.0"),
        }
    }
}

impl Program for Postgres {
    fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    fn write_line(&self, index: u64, time: UnixMicros, out: &mut Vec<u8>) {
        if let Some(line) = Self::STARTUP.get(index as usize) {
            if line.starts_with("1]") {
                put_database_time(time, out);
                put!(out, " [{}", line.replace("VERSION", &self.version));
            } else {
                put!(out, "{line}");
            }
            return;
        }
        let steady = index - Self::STARTUP.len() as u64;
        let cycle = steady / 8;
        let mut dice = Dice::new(self.seed, cycle);
        let failure = Self::FAILURES[dice.below(Self::FAILURES.len() as u64) as usize];
        let buffers = dice.between(12, 900);
        put_database_time(time, out);
        match steady % 8 {
            0 | 6 => put!(out, " [27] LOG:  checkpoint starting: time"),
            1 | 7 => put!(
                out,
                " [27] LOG:  checkpoint complete: wrote {buffers} buffers ({}.{}%), wrote 1 SLRU buffers; 0 WAL file(s) added, 0 removed, 0 recycled; \
                 write={}.{:03} s, sync=0.{:03} s, total={}.{:03} s; sync files={}, longest=0.004 s, average=0.002 s; distance={} kB, estimate={} kB",
                buffers / 164,
                buffers % 10,
                buffers / 10,
                dice.below(1000),
                dice.below(90),
                buffers / 10 + 1,
                dice.below(1000),
                dice.between(3, 40),
                buffers * 7,
                buffers * 9,
            ),
            2 => put!(out, " [{}] ERROR:  {}", dice.between(60, 900), failure.0),
            3 => put!(out, " [{}] STATEMENT:  {}", dice.between(60, 900), failure.1),
            4 => put!(
                out,
                " [{}] LOG:  duration: {}.{:03} ms  execute <unnamed>: SELECT count(*) FROM events WHERE created_at > now() - interval '1 day'",
                dice.between(60, 900),
                dice.between(500, 2400),
                dice.below(1000)
            ),
            _ => put!(
                out,
                " [{}] LOG:  automatic vacuum of table \"shop.public.sessions\": index scans: 1",
                dice.between(900, 1800)
            ),
        }
    }

    fn shutdown(&self) -> Shutdown {
        Shutdown {
            duration: 600,
            lines: 4,
        }
    }

    fn write_shutdown_line(&self, index: u64, time: UnixMicros, out: &mut Vec<u8>) {
        put_database_time(time, out);
        out.extend_from_slice(match index {
            0 => b" [1] LOG:  received fast shutdown request",
            1 => b" [1] LOG:  aborting any active transactions",
            2 => b" [27] LOG:  shutting down",
            _ => b" [1] LOG:  database system is shut down".as_slice(),
        });
    }
}

/// MySQL or MariaDB.
pub(super) struct Mysql {
    schedule: Schedule,
    seed: u64,
}

impl Mysql {
    const STARTUP: [&str; 9] = [
        "[Note] [Entrypoint]: Entrypoint script for MySQL Server 9.4.0-1.el9 started.",
        "[Note] [Entrypoint]: Switching to dedicated user 'mysql'",
        "0 [System] [MY-015015] [Server] MySQL Server - start.",
        "0 [System] [MY-010116] [Server] /usr/sbin/mysqld (mysqld 9.4.0) starting as process 1",
        "1 [System] [MY-013576] [InnoDB] InnoDB initialization has started.",
        "1 [System] [MY-013577] [InnoDB] InnoDB initialization has ended.",
        "0 [Warning] [MY-010068] [Server] CA certificate ca.pem is self signed.",
        "0 [System] [MY-011323] [Server] X Plugin ready for connections. Bind-address: '::' port: 33060, socket: /var/run/mysqld/mysqlx.sock",
        "0 [System] [MY-010931] [Server] /usr/sbin/mysqld: ready for connections. Version: '9.4.0'  socket: '/var/run/mysqld/mysqld.sock'  port: 3306  MySQL Community Server - GPL.",
    ];

    pub(super) fn new(seed: u64) -> Self {
        let steady = Steady::Cycle {
            start: 45_000_000,
            period: 90_000_000,
            offsets: vec![0],
            jitter: 60_000_000,
            seed,
        };
        Self {
            schedule: Schedule {
                startup: Schedule::even_startup(Self::STARTUP.len(), 2_400_000),
                steady,
            },
            seed,
        }
    }

    fn prefix(time: UnixMicros, out: &mut Vec<u8>) {
        let Moment {
            year,
            month,
            day,
            hour,
            minute,
            second,
            ..
        } = Moment::of(time / 1000);
        put!(
            out,
            "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{:06}Z ",
            time % 1_000_000
        );
    }
}

impl Program for Mysql {
    fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    fn write_line(&self, index: u64, time: UnixMicros, out: &mut Vec<u8>) {
        Self::prefix(time, out);
        if let Some(line) = Self::STARTUP.get(index as usize) {
            put!(out, "{line}");
            return;
        }
        let mut dice = Dice::new(self.seed, index);
        let connection = index * 7 + dice.below(6);
        put!(
            out,
            "{connection} [Note] [MY-010914] [Server] Aborted connection {connection} to db: 'shop' user: 'app' host: '10.42.{}.{}' (Got an error reading communication packets).",
            dice.below(8),
            dice.between(2, 250)
        );
    }

    fn shutdown(&self) -> Shutdown {
        Shutdown {
            duration: 1600,
            lines: 2,
        }
    }

    fn write_shutdown_line(&self, index: u64, time: UnixMicros, out: &mut Vec<u8>) {
        Self::prefix(time, out);
        out.extend_from_slice(if index == 0 {
            b"0 [System] [MY-013172] [Server] Received SHUTDOWN from user <via user signal>. Shutting down mysqld (Version: 9.4.0).".as_slice()
        } else {
            b"0 [System] [MY-010910] [Server] /usr/sbin/mysqld: Shutdown complete (mysqld 9.4.0)  MySQL Community Server - GPL."
        });
    }
}

/// A database image that was not given the password that it insists on.
pub(super) struct NoPassword {
    schedule: Schedule,
    lines: &'static [&'static str],
}

impl NoPassword {
    const POSTGRES: [&str; 8] = [
        "Error: Database is uninitialized and superuser password is not specified.",
        "       You must specify POSTGRES_PASSWORD to a non-empty value for the",
        "       superuser. For example, \"-e POSTGRES_PASSWORD=password\" on \"docker run\".",
        "",
        "       You may also use \"POSTGRES_HOST_AUTH_METHOD=trust\" to allow all",
        "       connections without a password. This is *not* recommended.",
        "",
        "       See PostgreSQL documentation about \"trust\".",
    ];
    const MYSQL: [&str; 5] = [
        "[ERROR] [Entrypoint]: Database is uninitialized and password option is not specified",
        "    You need to specify one of the following as an environment variable:",
        "    - MYSQL_ROOT_PASSWORD",
        "    - MYSQL_ALLOW_EMPTY_PASSWORD",
        "    - MYSQL_RANDOM_ROOT_PASSWORD",
    ];

    pub(super) fn new(image: &str) -> Self {
        let lines: &'static [&'static str] = if image.contains("postgres") {
            &Self::POSTGRES
        } else {
            &Self::MYSQL
        };
        Self {
            schedule: Schedule {
                startup: Schedule::even_startup(lines.len(), 0),
                steady: Steady::Silent,
            },
            lines,
        }
    }
}

impl Program for NoPassword {
    fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    fn write_line(&self, index: u64, _time: UnixMicros, out: &mut Vec<u8>) {
        out.extend_from_slice(self.lines[index as usize].as_bytes());
    }
}
