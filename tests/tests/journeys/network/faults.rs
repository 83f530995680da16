//! What can go wrong on the way, as a table.

use anyhow::Result;
use browser_tests::Console;
use serde_json::{Value, json};

/// The limit of an answer that nobody waits for in a test: while the page is `hurried`, it is over after a moment.
pub const HURRY: &str = "const wait = window.setTimeout.bind(window);
    window.setTimeout = (what, time, ...more) => wait(what, time === 30000 && window.hurried ? 1500 : time, ...more);";

/// One way to fail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    Refused,
    Timeout,
    HalfWay,
    ServerError,
    GatewayPage,
    ErrorInside,
    Slow,
    Offline,
    Left,
}

impl Fault {
    pub const ALL: [Fault; 9] = [
        Fault::Refused,
        Fault::Timeout,
        Fault::HalfWay,
        Fault::ServerError,
        Fault::GatewayPage,
        Fault::ErrorInside,
        Fault::Slow,
        Fault::Offline,
        Fault::Left,
    ];

    /// What the platform does then; nothing where the fault lies elsewhere.
    fn at_the_platform(self) -> Option<Value> {
        Some(match self {
            Fault::Refused | Fault::Offline => return None,
            // Let go at the end, it is carried out neither.
            Fault::Timeout => json!({ "hold": true, "drop": true }),
            Fault::HalfWay => json!({ "cutAfterBytes": 1 }),
            Fault::ServerError => json!({ "status": 500 }),
            Fault::GatewayPage => {
                json!({ "status": 502, "body": "<h1>Bad Gateway</h1>", "contentType": "text/html" })
            }
            Fault::ErrorInside => {
                json!({ "status": 200, "body": "{\"error\":{\"code\":500,\"message\":\"the ledger is closed\"}}" })
            }
            Fault::Slow => json!({ "latencyMs": 10_000 }),
            Fault::Left => json!({ "latencyMs": 2_000 }),
        })
    }

    /// Lets it happen to what goes there.
    pub async fn begin(self, console: &Console, path: &str, method: &str) -> Result<()> {
        match (self, self.at_the_platform()) {
            (Fault::Offline, _) => console.offline(true).await,
            (_, Some(mut fault)) => {
                console
                    .run(&format!("window.hurried = {}", self == Fault::Timeout))
                    .await?;
                fault["path"] = json!(path);
                fault["method"] = json!(method);
                console.platform().fault(fault).await?;
                Ok(())
            }
            _ => console.platform().stop(),
        }
    }

    /// Lets everything be well again.
    pub async fn end(self, console: &Console) -> Result<()> {
        match self {
            Fault::Refused => console.platform().start_again(),
            Fault::Offline => console.offline(false).await,
            _ => console.platform().no_faults().await,
        }
    }

    /// The keys of what it may be called; nothing where it is no failure.
    pub fn titles(self) -> &'static [&'static str] {
        match self {
            Fault::Refused | Fault::Offline => &["error.network"],
            Fault::Timeout => &["error.timeout"],
            Fault::HalfWay => &["error.interrupted", "error.network"],
            Fault::ServerError | Fault::GatewayPage | Fault::ErrorInside => &["error.server"],
            Fault::Slow | Fault::Left => &[],
        }
    }

    /// Whether the platform does what it is asked for all the same.
    pub fn is_carried_out(self) -> bool {
        matches!(self, Fault::HalfWay | Fault::Slow | Fault::Left)
    }

    /// What the browser itself says of it on its console, whatever the page does.
    pub fn announce(console: &Console) {
        for line in ["net::ERR_", "status of 4", "status of 5"] {
            console.expect_error(line);
        }
    }
}
