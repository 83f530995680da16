//! What the server is started with.

use std::path::PathBuf;

use clap::{Args, ValueEnum};
use page_policy::Source;
use serde::Serialize;

/// How the console is told to read logs: the `logTransport` of its configuration.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LogTransport {
    /// The event stream, read with `fetch`.
    #[default]
    Fetch,
    /// The same path, upgraded to a WebSocket.
    Websocket,
}

/// Options of the server, which are the arguments of the program.
#[derive(Clone, Debug, Args)]
pub struct Options {
    /// Port to listen on; 0 picks a free one.
    #[arg(long, default_value_t = 8080)]
    pub port: u16,
    /// Directory of the database; made when missing. The same directory gives the same accounts, services and ledger.
    #[arg(long, value_name = "DIR", default_value = ".data/local-platform")]
    pub data: PathBuf,
    /// Directory of the console's files, served at `/`.
    #[arg(long = "static", value_name = "DIR")]
    pub static_dir: Option<PathBuf>,
    /// Give the demo account so many services in total (never fewer than those of the demonstration).
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub services: usize,
    /// Milliseconds that every answer of the API is held back.
    #[arg(long, value_name = "MS", default_value_t = 0)]
    pub latency: u64,
    /// How many service hours pass in one real hour.
    #[arg(long, value_name = "X", default_value_t = 1.0, value_parser = positive_rate)]
    pub clock_rate: f64,
    /// Path under which the V Systems node answers.
    #[arg(long, value_name = "PATH", default_value = "/node", value_parser = path_prefix)]
    pub node_prefix: String,
    /// The console's way to read logs.
    #[arg(long, value_enum, default_value_t)]
    pub log_transport: LogTransport,
    /// Origin that may embed the console in an iframe; repeat for several.
    #[arg(long = "embed-origin", value_name = "ORIGIN")]
    pub embed_origins: Vec<Source>,
}

impl Options {
    /// Options of a server on a free port with its database in `data`, as tests want it.
    #[must_use]
    pub fn for_tests(data: impl Into<PathBuf>) -> Self {
        Self {
            port: 0,
            data: data.into(),
            static_dir: None,
            services: 0,
            latency: 0,
            clock_rate: 1.0,
            node_prefix: "/node".to_owned(),
            log_transport: LogTransport::Fetch,
            embed_origins: Vec::new(),
        }
    }
}

fn positive_rate(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(rate) if rate.is_finite() && rate > 0.0 => Ok(rate),
        _ => Err("a number above 0 is needed".to_owned()),
    }
}

fn path_prefix(text: &str) -> Result<String, String> {
    let trimmed = text.trim_end_matches('/');
    let clean = trimmed.len() > 1
        && trimmed.starts_with('/')
        && trimmed
            .chars()
            .all(|character| character.is_ascii_alphanumeric() || "/-_.".contains(character));
    if clean {
        Ok(trimmed.to_owned())
    } else {
        Err("a path such as /node is needed".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::{path_prefix, positive_rate};

    #[test]
    fn a_node_prefix_is_a_path_below_the_root() {
        assert_eq!(path_prefix("/node/"), Ok("/node".to_owned()));
        assert_eq!(path_prefix("/chain/api"), Ok("/chain/api".to_owned()));
        assert!(path_prefix("/").is_err());
        assert!(path_prefix("node").is_err());
        assert!(path_prefix("/{any}").is_err());
    }

    #[test]
    fn time_only_goes_forward() {
        assert_eq!(positive_rate("60"), Ok(60.0));
        assert!(positive_rate("0").is_err());
        assert!(positive_rate("-1").is_err());
        assert!(positive_rate("NaN").is_err());
    }
}
