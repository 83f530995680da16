//! Progress that is visible on a terminal and in a log file alike.

use std::io::Write as _;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// How often a step that is still running says so.
const TICK: Duration = Duration::from_secs(15);

/// Prints a line of our own, set apart from the output of the tools.
pub fn say(text: &str) {
    // A closed pipe (`cargo xtask … | head`) is no reason to panic in the middle of a build.
    let _ = writeln!(std::io::stdout(), "==> {text}");
    let _ = std::io::stdout().flush();
}

/// Prints a line that belongs to what was said before.
pub fn detail(text: &str) {
    let _ = writeln!(std::io::stdout(), "    {text}");
    let _ = std::io::stdout().flush();
}

/// Says every 15 seconds that a step still runs and for how long, until dropped.
pub struct Ticker {
    stop: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Ticker {
    /// Starts to tick for the step called `label`.
    pub fn start(label: &str) -> Self {
        let (stop, stopped) = mpsc::channel::<()>();
        let label = label.to_owned();
        let started = Instant::now();
        let thread = thread::spawn(move || {
            while stopped.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
                detail(&format!("… {label}: {}", duration(started.elapsed())));
            }
        });
        Self {
            stop: Some(stop),
            thread: Some(thread),
        }
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

/// A duration as people say it: `4.2 s`, `1 min 05 s`.
pub fn duration(elapsed: Duration) -> String {
    let seconds = elapsed.as_secs();
    if seconds < 60 {
        format!("{:.1} s", elapsed.as_secs_f64())
    } else {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_read_like_speech() {
        assert_eq!(duration(Duration::from_millis(4_210)), "4.2 s");
        assert_eq!(duration(Duration::from_secs(65)), "1 min 05 s");
    }
}
