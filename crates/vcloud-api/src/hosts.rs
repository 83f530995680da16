//! Which host serves what, and how its address is found (contract, Hosts).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The provider that is used where none is configured.
pub const DEFAULT_PROVIDER: &str = "v-kube-service";
/// The production platform.
pub const PRODUCTION_PLATFORM: &str = "https://prod.platform.vcloud.systems";
/// The mainnet node.
pub const MAINNET_NODE: &str = "https://wallet.v.systems/api";

/// Why a text is not the base URL of a host.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BaseUrlError {
    /// Nothing at all.
    #[error("the address is empty")]
    Empty,
    /// Neither `http://` nor `https://` in front.
    #[error("the address must begin with https:// or http://")]
    Scheme,
    /// A user name or password in front of the host.
    #[error("the address must not contain a user name or password")]
    UserInfo,
    /// A host name that cannot be one.
    #[error("{host:?} is not a host name")]
    Host {
        /// What stands in its place.
        host: String,
    },
    /// A port that is not 1 to 65535.
    #[error("{port:?} is not a port")]
    Port {
        /// What stands in its place.
        port: String,
    },
    /// A `?` or `#` behind the path.
    #[error("the address must not contain ? or #")]
    QueryOrFragment,
    /// A path with empty or relative segments or characters that no path has.
    #[error("{path:?} is not a path")]
    Path {
        /// The path.
        path: String,
    },
}

/// Where a host is: scheme, host name, port, and a path in front of all others where it has one. Never ends in `/`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct BaseUrl {
    is_https: bool,
    host: String,
    port: Option<u16>,
    path: String,
}

impl BaseUrl {
    /// Reads an address as a person or a provider writes it. White space around it and a `/` at its end are no matter,
    /// and the host becomes lower case.
    ///
    /// # Errors
    /// Says which part cannot be right.
    pub fn parse(text: &str) -> Result<Self, BaseUrlError> {
        let text = text.trim();
        if text.is_empty() {
            return Err(BaseUrlError::Empty);
        }
        let (is_https, rest) = split_scheme(text).ok_or(BaseUrlError::Scheme)?;
        if rest.contains(['?', '#']) {
            return Err(BaseUrlError::QueryOrFragment);
        }
        let (authority, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        if authority.contains('@') {
            return Err(BaseUrlError::UserInfo);
        }
        let port_colon = match authority.find(']') {
            Some(bracket) => authority[bracket..].find(':').map(|at| bracket + at),
            None => authority.find(':'),
        };
        let (host, port) = match port_colon {
            Some(at) => (&authority[..at], Some(&authority[at + 1..])),
            None => (authority, None),
        };
        let host = host.to_ascii_lowercase();
        if !is_host(&host) {
            return Err(BaseUrlError::Host { host });
        }
        let port = port
            .map(|port| parse_port(port).ok_or_else(|| BaseUrlError::Port { port: port.to_owned() }))
            .transpose()?;
        let path = path.trim_end_matches('/');
        if !is_path(path) {
            return Err(BaseUrlError::Path { path: path.to_owned() });
        }
        let default_port = if is_https { 443 } else { 80 };
        Ok(Self {
            is_https,
            host,
            port: port.filter(|port| *port != default_port),
            path: path.to_owned(),
        })
    }

    /// `https` or `http`.
    pub fn scheme(&self) -> &'static str {
        if self.is_https { "https" } else { "http" }
    }

    /// Whether what is sent there is encrypted on its way.
    pub fn is_https(&self) -> bool {
        self.is_https
    }

    /// The host name, without port.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, where it is not the usual one.
    pub fn port(&self) -> Option<u16> {
        self.port
    }

    /// The path in front of all others: empty, or begins with `/`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// `scheme://host[:port]`, as browsers name an origin.
    pub fn origin(&self) -> String {
        match self.port {
            Some(port) => format!("{}://{}:{port}", self.scheme(), self.host),
            None => format!("{}://{}", self.scheme(), self.host),
        }
    }

    /// The address of the same host for a WebSocket, with a path and query that begins with `/`.
    pub fn websocket(&self, path_and_query: &str) -> String {
        format!("ws{}{}{path_and_query}", &self.origin()["http".len()..], self.path)
    }

    /// The host one label below, where this provider serves that.
    fn below(&self, label: &str) -> Result<Self, HostError> {
        let is_address =
            self.host.starts_with('[') || self.host.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        if is_address {
            return Err(HostError::ProviderIsAddress {
                host: self.host.clone(),
            });
        }
        let host = format!("{label}.{}", self.host);
        if is_host(&host) {
            Ok(Self { host, ..self.clone() })
        } else {
            Err(HostError::Region {
                region: label.to_owned(),
            })
        }
    }
}

fn split_scheme(text: &str) -> Option<(bool, &str)> {
    let (scheme, rest) = text.split_once("://")?;
    if scheme.eq_ignore_ascii_case("https") {
        Some((true, rest))
    } else if scheme.eq_ignore_ascii_case("http") {
        Some((false, rest))
    } else {
        None
    }
}

fn is_host(host: &str) -> bool {
    if let Some(inside) = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        return inside.parse::<std::net::Ipv6Addr>().is_ok();
    }
    // A name whose last label is a number is an IPv4 address to every browser.
    let last_is_number = host
        .rsplit('.')
        .next()
        .is_some_and(|label| !label.is_empty() && label.bytes().all(|byte| byte.is_ascii_digit()));
    if last_is_number {
        return host.parse::<std::net::Ipv4Addr>().is_ok();
    }
    host.len() <= 253 && host.split('.').all(is_label)
}

fn is_label(label: &str) -> bool {
    !label.is_empty()
        && label.len() <= 63
        && !label.starts_with('-')
        && !label.ends_with('-')
        && label
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
}

fn parse_port(port: &str) -> Option<u16> {
    let is_number = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| port.parse().ok()).flatten().filter(|port| *port > 0)
}

fn is_path(path: &str) -> bool {
    path.is_empty()
        || path[1..].split('/').all(|segment| {
            !segment.is_empty()
                && segment != "."
                && segment != ".."
                && segment
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@%".contains(&byte))
        })
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.origin(), self.path)
    }
}

impl FromStr for BaseUrl {
    type Err = BaseUrlError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::parse(text)
    }
}

impl Serialize for BaseUrl {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for BaseUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// Why a provider's host has no host for a region.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HostError {
    /// The region's name cannot be part of a host name.
    #[error("the region {region:?} cannot be part of a host name")]
    Region {
        /// The region.
        region: String,
    },
    /// The provider is named by a number, below which there are no names.
    #[error("the provider's host {host:?} is an address, not a name: it has no region hosts")]
    ProviderIsAddress {
        /// The provider's host.
        host: String,
    },
}

/// The hosts of one provider.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Hosts {
    provider: BaseUrl,
}

impl Hosts {
    /// From the provider's `apiHost`.
    pub fn new(provider: BaseUrl) -> Self {
        Self { provider }
    }

    /// The provider's own host: one user service by id.
    pub fn provider(&self) -> &BaseUrl {
        &self.provider
    }

    /// The host of a region: everything of a running service. `North America` → `north-america.…`.
    ///
    /// # Errors
    /// Where the name cannot be part of a host name, or the provider is not named by name.
    pub fn region(&self, region: &str) -> Result<BaseUrl, HostError> {
        let label = region.trim().to_lowercase().replace(' ', "-");
        // A point would reach a host that the provider does not mean.
        if label.contains('.') || label == NOTICE {
            return Err(HostError::Region {
                region: region.to_owned(),
            });
        }
        self.provider.below(&label).map_err(|error| match error {
            HostError::Region { .. } => HostError::Region {
                region: region.to_owned(),
            },
            other => other,
        })
    }

    /// The host of notices and account e-mail.
    ///
    /// # Errors
    /// Where the provider is not named by name.
    pub fn notice(&self) -> Result<BaseUrl, HostError> {
        self.provider.below(NOTICE)
    }
}

const NOTICE: &str = "notice";

#[cfg(test)]
mod tests {
    use super::*;

    fn region(provider: &str, region: &str) -> Result<String, HostError> {
        Hosts::new(provider.parse().unwrap())
            .region(region)
            .map(|url| url.to_string())
    }

    #[test]
    fn region_and_notice_hosts_follow_from_the_provider() {
        assert_eq!(
            region("https://vkube.example", "North America").unwrap(),
            "https://north-america.vkube.example"
        );
        assert_eq!(
            region("http://localhost:8080/", "Europe").unwrap(),
            "http://europe.localhost:8080"
        );
        assert_eq!(
            region("https://vkube.example:8443/kube", "asia").unwrap(),
            "https://asia.vkube.example:8443/kube"
        );
        let hosts = Hosts::new("http://localhost:8080".parse().unwrap());
        assert_eq!(hosts.notice().unwrap().to_string(), "http://notice.localhost:8080");
    }

    #[test]
    fn a_region_never_leads_to_another_host() {
        for name in [
            "",
            "evil.example",
            "evil.example/",
            "a/b",
            "a@b",
            "a:1",
            "亚洲",
            "-",
            "a_b.c",
            "notice",
        ] {
            assert!(
                matches!(region("https://vkube.example", name), Err(HostError::Region { .. })),
                "{name}"
            );
        }
        for provider in ["http://127.0.0.1:8080", "http://[::1]:8080"] {
            assert!(
                matches!(region(provider, "Europe"), Err(HostError::ProviderIsAddress { .. })),
                "{provider}"
            );
        }
    }

    #[test]
    fn addresses_are_brought_into_one_form() {
        for (written, read) in [
            (" https://Prod.Example/ ", "https://prod.example"),
            ("HTTP://a.example:80", "http://a.example"),
            ("https://a.example:443/x/", "https://a.example/x"),
            ("http://a.example:443", "http://a.example:443"),
            ("https://wallet.v.systems/api", "https://wallet.v.systems/api"),
            ("http://[::1]:9922", "http://[::1]:9922"),
            ("http://127.0.0.1", "http://127.0.0.1"),
        ] {
            assert_eq!(BaseUrl::parse(written).unwrap().to_string(), read);
        }
    }

    #[test]
    fn nonsense_is_refused_with_its_reason() {
        use BaseUrlError as E;
        assert_eq!(BaseUrl::parse("  "), Err(E::Empty));
        for text in [
            "example.com",
            "ftp://example.com",
            "javascript:alert(1)",
            "//example.com",
        ] {
            assert_eq!(BaseUrl::parse(text), Err(E::Scheme), "{text}");
        }
        assert_eq!(BaseUrl::parse("https://me:pw@example.com"), Err(E::UserInfo));
        for text in [
            "https://",
            "https:///x",
            "https://exa mple.com",
            "https://-a.com",
            "https://a..b",
            "https://1.2.3",
            "https://[::g]",
            "https://例.com",
        ] {
            assert!(matches!(BaseUrl::parse(text), Err(E::Host { .. })), "{text}");
        }
        for text in [
            "https://a.com:0",
            "https://a.com:65536",
            "https://a.com:",
            "https://a.com:+1",
            "https://a.com:80:80",
        ] {
            assert!(matches!(BaseUrl::parse(text), Err(E::Port { .. })), "{text}");
        }
        for text in ["https://a.com/?x", "https://a.com#x"] {
            assert_eq!(BaseUrl::parse(text), Err(E::QueryOrFragment), "{text}");
        }
        for text in ["https://a.com/a//b", "https://a.com/../b", "https://a.com/a b"] {
            assert!(matches!(BaseUrl::parse(text), Err(E::Path { .. })), "{text}");
        }
    }

    #[test]
    fn a_websocket_is_at_the_same_host() {
        let url: BaseUrl = "https://europe.vkube.example/kube".parse().unwrap();
        assert_eq!(
            url.websocket("/api/v1/x?y=1"),
            "wss://europe.vkube.example/kube/api/v1/x?y=1"
        );
        let url: BaseUrl = "http://localhost:8080".parse().unwrap();
        assert_eq!(url.websocket("/x"), "ws://localhost:8080/x");
    }
}
