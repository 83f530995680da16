//! The hosts of the contract, told apart by the `Host` header of a request:
//!
//! | host | is |
//! |---|---|
//! | `localhost` | the platform, the node, the console's files, and the first provider's own host |
//! | `LABEL.localhost` | the host of a further provider |
//! | `REGION.localhost`, `REGION.LABEL.localhost` | a region of a provider |
//! | `notice.localhost`, `notice.LABEL.localhost` | a provider's notices |

pub mod dev;
pub mod dns;
pub mod market;
pub mod node;
pub mod notice;
pub mod orders;
pub mod provider;
pub mod region;
pub mod user_services;

use std::convert::Infallible;

use axum::extract::{FromRequestParts, OriginalUri, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, Uri, header};
use axum::middleware::Next;
use axum::response::Response;

use crate::refusal::{Outcome, Refusal};

/// Which host a request is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Host {
    /// The platform, which is the first provider's host too.
    Platform {
        /// Name of the first provider.
        provider: String,
    },
    /// A further provider.
    Provider {
        /// Name of the provider.
        provider: String,
    },
    /// A region of a provider.
    Region {
        /// Name of the provider.
        provider: String,
        /// Name of the region.
        region: String,
    },
    /// Notices of a provider.
    Notice {
        /// Name of the provider.
        provider: String,
    },
}

impl Host {
    /// Name of the provider whose host it is.
    #[must_use]
    pub fn provider(&self) -> &str {
        match self {
            Self::Platform { provider }
            | Self::Provider { provider }
            | Self::Region { provider, .. }
            | Self::Notice { provider } => provider,
        }
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Host {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Outcome<Self> {
        parts
            .extensions
            .get::<Self>()
            .cloned()
            .ok_or_else(|| Refusal::missing("no such host"))
    }
}

/// A provider and where its hosts are.
#[derive(Clone, Debug)]
pub struct ProviderHosts {
    /// Name.
    pub name: String,
    /// Label below `localhost`, empty for the first provider.
    pub label: String,
    /// Names of its regions.
    pub regions: Vec<String>,
}

/// All hosts of the platform.
#[derive(Clone, Debug)]
pub struct Hosts {
    providers: Vec<ProviderHosts>,
}

impl Hosts {
    /// Hosts of these providers.
    #[must_use]
    pub fn new(providers: Vec<ProviderHosts>) -> Self {
        Self { providers }
    }

    /// Regions of a provider.
    #[must_use]
    pub fn regions(&self, provider: &str) -> &[String] {
        self.providers
            .iter()
            .find(|known| known.name == provider)
            .map_or(&[], |known| known.regions.as_slice())
    }

    /// The host of this name (without its port), if there is one.
    #[must_use]
    pub fn of_name(&self, name: &str) -> Option<Host> {
        let name = name.to_ascii_lowercase();
        let labels = match name.as_str() {
            "localhost" | "127.0.0.1" | "[::1]" => "",
            other => other.strip_suffix(".localhost")?,
        };
        let (provider, rest) = self.provider_of(labels)?;
        let named = provider.name.clone();
        Some(match rest {
            "" if provider.label.is_empty() => Host::Platform { provider: named },
            "" => Host::Provider { provider: named },
            "notice" => Host::Notice { provider: named },
            slug => {
                let region = provider.regions.iter().find(|region| slug_of(region) == slug)?;
                Host::Region {
                    provider: named,
                    region: region.clone(),
                }
            }
        })
    }

    fn provider_of<'a>(&self, labels: &'a str) -> Option<(&ProviderHosts, &'a str)> {
        let (rest, last) = labels.rsplit_once('.').unwrap_or(("", labels));
        let labelled = self
            .providers
            .iter()
            .find(|provider| !last.is_empty() && provider.label == last);
        match labelled {
            Some(provider) => Some((provider, rest)),
            None => self
                .providers
                .iter()
                .find(|provider| provider.label.is_empty())
                .map(|provider| (provider, labels)),
        }
    }
}

/// A region as it appears in a host name (contract, Hosts).
#[must_use]
pub fn slug_of(region: &str) -> String {
    region.to_lowercase().replace(' ', "-")
}

/// Name of the host that a request is for, without its port.
#[must_use]
pub fn name_of_request(uri: &Uri, headers: &HeaderMap) -> String {
    let named = uri
        .host()
        .map(str::to_owned)
        .or_else(|| headers.get(header::HOST)?.to_str().ok().map(str::to_owned));
    let named = named.unwrap_or_default();
    match named.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name.to_owned(),
        _ => named,
    }
}

/// Lets only requests for the platform's own host pass.
///
/// # Errors
/// 404 for another host.
pub async fn only_platform(host: Host, uri: OriginalUri, request: Request, next: Next) -> Outcome<Response> {
    only(matches!(host, Host::Platform { .. }), &uri, request, next).await
}

/// Lets only requests for a provider's own host pass.
///
/// # Errors
/// 404 for another host.
pub async fn only_provider(host: Host, uri: OriginalUri, request: Request, next: Next) -> Outcome<Response> {
    only(
        matches!(host, Host::Platform { .. } | Host::Provider { .. }),
        &uri,
        request,
        next,
    )
    .await
}

/// Lets only requests for a region host pass.
///
/// # Errors
/// 404 for another host.
pub async fn only_region(host: Host, uri: OriginalUri, request: Request, next: Next) -> Outcome<Response> {
    only(matches!(host, Host::Region { .. }), &uri, request, next).await
}

/// Lets only requests for a notice host pass.
///
/// # Errors
/// 404 for another host.
pub async fn only_notice(host: Host, uri: OriginalUri, request: Request, next: Next) -> Outcome<Response> {
    only(matches!(host, Host::Notice { .. }), &uri, request, next).await
}

async fn only(matches: bool, uri: &Uri, request: Request, next: Next) -> Outcome<Response> {
    if !matches {
        return Err(not_here(uri));
    }
    Ok(next.run(request).await)
}

/// 404 for a path that the host does not have.
#[must_use]
pub fn not_here(uri: &Uri) -> Refusal {
    Refusal::missing(format!("this host has no {}", uri.path()))
}

/// A header's text, empty when it is missing.
#[derive(Clone, Debug)]
pub struct Headers(pub HeaderMap);

impl Headers {
    /// The value of a header, empty when it is missing or no text.
    #[must_use]
    pub fn text(&self, name: &str) -> &str {
        self.0
            .get(name)
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Headers {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self(parts.headers.clone()))
    }
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    fn hosts() -> Hosts {
        let provider = |name: &str, label: &str, regions: &[&str]| ProviderHosts {
            name: name.to_owned(),
            label: label.to_owned(),
            regions: regions.iter().map(|&region| region.to_owned()).collect(),
        };
        Hosts::new(vec![
            provider("first", "", &["Europe", "North America"]),
            provider("second", "second", &["Europe"]),
        ])
    }

    #[test]
    fn hosts_are_told_apart_by_their_labels() {
        let hosts = hosts();
        let provider = || "first".to_owned();
        assert_eq!(
            hosts.of_name("localhost"),
            Some(Host::Platform { provider: provider() })
        );
        assert_eq!(
            hosts.of_name("127.0.0.1"),
            Some(Host::Platform { provider: provider() })
        );
        assert_eq!(
            hosts.of_name("notice.localhost"),
            Some(Host::Notice { provider: provider() })
        );
        assert_eq!(
            hosts.of_name("North-America.localhost"),
            Some(Host::Region {
                provider: provider(),
                region: "North America".to_owned()
            })
        );
        assert_eq!(
            hosts.of_name("second.localhost"),
            Some(Host::Provider {
                provider: "second".to_owned()
            })
        );
        assert_eq!(
            hosts.of_name("notice.second.localhost"),
            Some(Host::Notice {
                provider: "second".to_owned()
            })
        );
        assert_eq!(
            hosts.of_name("europe.second.localhost"),
            Some(Host::Region {
                provider: "second".to_owned(),
                region: "Europe".to_owned()
            })
        );
        for unknown in [
            "moon.localhost",
            "north-america.second.localhost",
            "a.europe.localhost",
            "example.com",
            "",
        ] {
            assert_eq!(hosts.of_name(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn the_port_is_no_part_of_a_host_name() {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static("europe.localhost:8080"));
        assert_eq!(
            name_of_request(&Uri::from_static("/api/v1/x"), &headers),
            "europe.localhost"
        );
        headers.insert(header::HOST, HeaderValue::from_static("[::1]:8080"));
        assert_eq!(name_of_request(&Uri::from_static("/"), &headers), "[::1]");
    }
}
