//! The operator's `config.json`, read at every start: one build serves every platform.

use serde::Deserialize;
use vcloud_api::BaseUrl;
use vcloud_api::hosts::DEFAULT_PROVIDER;
use vsys::Network;

/// How the log stream travels.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogTransport {
    /// An event stream read through `fetch`.
    #[default]
    Fetch,
    /// A WebSocket, for gateways that hold event streams back.
    Websocket,
}

/// What the operator configured.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Config {
    /// The platform's address, such as `https://prod.platform.vcloud.systems`.
    pub platform: BaseUrl,
    /// The address of a V Systems node's API.
    pub node: BaseUrl,
    /// The network that accounts are derived for.
    #[serde(deserialize_with = "network")]
    pub network: Network,
    /// The provider to ask where a service names none.
    #[serde(default = "provider")]
    pub provider: String,
    /// Seconds between two refreshes of a page that nothing happens on.
    #[serde(default = "refresh_seconds")]
    pub refresh_seconds: u32,
    /// Seconds between two refreshes while something changes.
    #[serde(default = "pending_refresh_seconds")]
    pub pending_refresh_seconds: u32,
    /// Minutes without a key or a pointer after which the console locks itself; fractions are allowed, 0 = never.
    #[serde(default = "idle_lock_minutes")]
    pub idle_lock_minutes: f64,
    /// Origins that may show the console in a frame.
    #[serde(default)]
    pub embed_origins: Vec<String>,
    /// How the log stream travels.
    #[serde(default)]
    pub log_transport: LogTransport,
    /// The DNS-over-HTTPS resolver that is asked where domains point; `null` = nobody is asked.
    #[serde(default = "dns_resolver")]
    pub dns_resolver: Option<String>,
    /// Where a demo account is advertised: the address of `{"seed","address"}`.
    #[serde(default)]
    pub demo_account: Option<String>,
}

impl Config {
    /// Reads the file's text.
    ///
    /// # Errors
    /// The first thing that is wrong, with its line and column, for the operator.
    pub fn parse(text: &str) -> Result<Config, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }
}

fn network<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Network, D::Error> {
    match String::deserialize(deserializer)?.as_str() {
        "mainnet" | "M" => Ok(Network::Mainnet),
        "testnet" | "T" => Ok(Network::Testnet),
        other => Err(serde::de::Error::custom(format!(
            "`network` must be \"mainnet\" or \"testnet\", not \"{other}\""
        ))),
    }
}

/// One that answers in JSON and allows every origin to ask.
fn dns_resolver() -> Option<String> {
    Some("https://cloudflare-dns.com/dns-query".to_owned())
}

fn provider() -> String {
    DEFAULT_PROVIDER.to_owned()
}

fn refresh_seconds() -> u32 {
    30
}

fn pending_refresh_seconds() -> u32 {
    3
}

fn idle_lock_minutes() -> f64 {
    15.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_file_is_valid() {
        let config = Config::parse(include_str!("../public/config.json")).expect("valid");
        assert_eq!(config.network, Network::Mainnet);
        assert_eq!(config.log_transport, LogTransport::Fetch);
        assert_eq!(config.dns_resolver, dns_resolver());
    }

    #[test]
    fn what_may_be_left_out_has_defaults() {
        let config =
            Config::parse(r#"{"platform":"http://localhost:1","node":"http://localhost:1/node","network":"testnet"}"#)
                .expect("valid");
        assert_eq!((config.refresh_seconds, config.network), (30, Network::Testnet));
        assert!((config.idle_lock_minutes - 15.0).abs() < f64::EPSILON);
    }

    #[test]
    fn the_resolver_can_be_another_or_none() {
        let resolver = |field: &str| {
            let text = format!(r#"{{"platform":"https://p","node":"https://n","network":"testnet"{field}}}"#);
            Config::parse(&text).expect("valid").dns_resolver
        };
        assert_eq!(resolver(""), dns_resolver());
        assert_eq!(
            resolver(r#","dnsResolver":"https://d/q""#).as_deref(),
            Some("https://d/q")
        );
        assert_eq!(resolver(r#","dnsResolver":null"#), None);
    }

    #[test]
    fn mistakes_are_named() {
        let error = |text: &str| Config::parse(text).expect_err("refused");
        assert!(error(r#"{"platform":"x","node":"https://n","network":"mainnet"}"#).contains("https://"));
        assert!(error(r#"{"platform":"https://x","node":"https://n","network":"moon"}"#).contains("moon"));
        assert!(error(r#"{"platform":"https://x","network":"mainnet"}"#).contains("node"));
    }
}
