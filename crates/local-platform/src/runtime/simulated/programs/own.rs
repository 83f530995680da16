//! The platform's own images, for trying things out and for tests, and programs that end at once.
//!
//! | image | prints | environment |
//! |---|---|---|
//! | `vcloud/counter` | `line 000001 …`, numbered without gaps | `RATE` lines a second (2), `BURST` lines at once at the start (0), `TOTAL` lines in all |
//! | `vcloud/flood` | long lines as quickly as wanted | the same; `RATE` is 5,000 |
//! | `vcloud/crash` | a start, then a stack trace, exit code 1 | `CRASH_AFTER` seconds (4) |
//! | `vcloud/oom` | growing buffers, then is killed for its memory | `OOM_AFTER` seconds (25) |
//! | `vcloud/unpullable` | nothing: its registry knows it, but no machine can pull it | |
//! | `vcloud/uncreatable` | nothing: it is pulled, but no container can be made of it | |
//!
//! All of them understand `KEEP_LINES`: how many lines of their log are kept.

use super::{
    super::{
        super::{ContainerSpec, calendar::Rfc3339Seconds},
        dice::mix,
    },
    Program, Schedule, Shutdown, UnixMicros,
    applications::STACK_TRACE,
    number_from_env, put,
    schedule::Steady,
};

/// The schedule that `RATE`, `BURST` and `TOTAL` describe.
fn by_environment(spec: &ContainerSpec, default_rate: f64) -> Schedule {
    let whole = |name: &str| number_from_env(spec, name).map(|number| number as u64);
    let per_second = number_from_env(spec, "RATE").unwrap_or(default_rate).min(1e6);
    // Below `u64::MAX`, so that arithmetic on line numbers has room.
    let total = whole("TOTAL").unwrap_or(u64::MAX / 4);
    let steady = Steady::Rate {
        start: 0,
        per_second,
        burst: whole("BURST").unwrap_or(0),
        total,
    };
    Schedule {
        startup: Vec::new(),
        steady,
    }
}

/// Appends a number with leading zeros, at least `width` digits: the formatting machinery would be most of a flood's cost.
fn put_padded(number: u64, width: usize, out: &mut Vec<u8>) {
    let mut digits = [b'0'; 20];
    let mut start = digits.len();
    let mut rest = number;
    while rest > 0 {
        start -= 1;
        digits[start] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    let start = start.min(digits.len() - width);
    out.extend_from_slice(&digits[start..]);
}

/// Numbered lines: tests find lost and doubled ones.
pub(super) struct Counter {
    schedule: Schedule,
    seed: u64,
}

impl Counter {
    pub(super) fn new(spec: &ContainerSpec, seed: u64) -> Self {
        Self {
            schedule: by_environment(spec, 2.0),
            seed,
        }
    }
}

impl Program for Counter {
    fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    fn write_line(&self, index: u64, time: UnixMicros, out: &mut Vec<u8>) {
        const WORDS: [&str; 8] = ["alpha", "bravo", "charlie", "delta", "回声", "foxtrot", "golf", "hotel"];
        out.extend_from_slice(b"line ");
        put_padded(index + 1, 6, out);
        let word = WORDS[(mix(self.seed, index) % 8) as usize];
        put!(out, " {} {word}", Rfc3339Seconds(time / 1000));
    }

    fn shutdown(&self) -> Shutdown {
        Shutdown {
            duration: 100,
            lines: 0,
        }
    }
}

/// More lines than anybody can read.
pub(super) struct Flood {
    schedule: Schedule,
    seed: u64,
}

impl Flood {
    pub(super) fn new(spec: &ContainerSpec, seed: u64) -> Self {
        Self {
            schedule: by_environment(spec, 5_000.0),
            seed,
        }
    }
}

impl Program for Flood {
    fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    fn write_line(&self, index: u64, _time: UnixMicros, out: &mut Vec<u8>) {
        const LEVELS: [&[u8]; 4] = [
            b"\x1b[32m INFO\x1b[0m ",
            b"\x1b[32m INFO\x1b[0m ",
            b"\x1b[34mDEBUG\x1b[0m ",
            b"\x1b[33m WARN\x1b[0m ",
        ];
        const TEXTS: [&[u8]; 4] = [
            b" batch written to segment, offsets committed, nothing left to do for this partition",
            b" compaction of level 2 finished, 14 files became 3, read amplification is fine again",
            b" heartbeat from peer, term unchanged, log matches up to the last index that was acknowledged",
            b" request served from cache without asking the origin, still fresh for some minutes",
        ];
        let chance = mix(self.seed, index);
        put_padded(index + 1, 9, out);
        out.push(b' ');
        out.extend_from_slice(LEVELS[(chance & 3) as usize]);
        out.extend_from_slice(b"id=");
        put_padded(chance >> 44, 7, out);
        out.extend_from_slice(TEXTS[(chance >> 8 & 3) as usize]);
    }
}

/// A service that does not get far.
pub(super) struct Crash {
    schedule: Schedule,
}

impl Crash {
    const STARTUP: [&str; 4] = [
        "Picked up JAVA_TOOL_OPTIONS: -XX:MaxRAMPercentage=75",
        "INFO  main - starting order service 2.4.1",
        "INFO  main - connecting to jdbc:postgresql://db:5432/shop",
        "Exception in thread \"main\"",
    ];

    /// A run that ends `after` milliseconds from its start.
    pub(super) fn new(after: u64) -> Self {
        let end = after.saturating_mul(1000);
        let mut startup = vec![0, end / 10, end / 5];
        // The exception's head and its stack trace come together, just before the end.
        startup.extend((0..STACK_TRACE.len()).map(|_| end - end / 20));
        Self {
            schedule: Schedule {
                startup,
                steady: Steady::Silent,
            },
        }
    }
}

impl Program for Crash {
    fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    fn write_line(&self, index: u64, time: UnixMicros, out: &mut Vec<u8>) {
        match index {
            0 => put!(out, "{}", Self::STARTUP[0]),
            1 | 2 => put!(out, "{} {}", Rfc3339Seconds(time / 1000), Self::STARTUP[index as usize]),
            3 => put!(out, "{} {}", Self::STARTUP[3], STACK_TRACE[0]),
            _ => out.extend_from_slice(STACK_TRACE[(index - 3) as usize].as_bytes()),
        }
    }
}

/// Takes more memory than it may.
pub(super) struct OutOfMemory {
    schedule: Schedule,
    limit: u64,
}

impl OutOfMemory {
    /// A run that ends `after` milliseconds from its start.
    pub(super) fn new(spec: &ContainerSpec, after: u64) -> Self {
        // The last line comes a little before the end.
        let schedule = Schedule {
            startup: Schedule::even_startup(20, after.saturating_mul(960)),
            steady: Steady::Silent,
        };
        Self {
            schedule,
            limit: spec.memory_bytes >> 20,
        }
    }
}

impl Program for OutOfMemory {
    fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    fn write_line(&self, index: u64, time: UnixMicros, out: &mut Vec<u8>) {
        put!(
            out,
            "{} buffers hold {} MiB",
            Rfc3339Seconds(time / 1000),
            self.limit * (index + 1) / 20
        );
    }
}

/// Ends without a word.
pub(super) struct Silent {
    schedule: Schedule,
}

impl Silent {
    pub(super) fn new() -> Self {
        Self {
            schedule: Schedule {
                startup: Vec::new(),
                steady: Steady::Silent,
            },
        }
    }
}

impl Program for Silent {
    fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    fn write_line(&self, _index: u64, _time: UnixMicros, _out: &mut Vec<u8>) {}
}

/// Greets and ends.
pub(super) struct HelloWorld {
    schedule: Schedule,
}

impl HelloWorld {
    const LINES: [&str; 4] = [
        "",
        "Hello from Docker!",
        "This message shows that your installation appears to be working correctly.",
        "",
    ];

    pub(super) fn new() -> Self {
        Self {
            schedule: Schedule {
                startup: Schedule::even_startup(Self::LINES.len(), 0),
                steady: Steady::Silent,
            },
        }
    }
}

impl Program for HelloWorld {
    fn schedule(&self) -> &Schedule {
        &self.schedule
    }

    fn write_line(&self, index: u64, _time: UnixMicros, out: &mut Vec<u8>) {
        out.extend_from_slice(Self::LINES[index as usize].as_bytes());
    }
}
