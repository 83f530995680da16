//! Hosts as a Content-Security-Policy names them.

use std::fmt;
use std::str::FromStr;

use thiserror::Error;

/// A source expression of a Content-Security-Policy: a scheme (`https:`) or hosts (`https://*.example.com:8443`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source(String);

/// The text is no [`Source`].
#[derive(Clone, Debug, Error, PartialEq, Eq)]
#[error(
    "`{0}` is neither a scheme such as `https:` nor an origin such as `https://console.example` or `https://*.example:8443`"
)]
pub struct NoSource(String);

impl Source {
    /// As it stands in the policy.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Source {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl FromStr for Source {
    type Err = NoSource;

    /// Takes nothing that could end a directive, a header, an attribute or a string of a server's configuration.
    fn from_str(text: &str) -> Result<Self, NoSource> {
        let refused = || NoSource(text.to_owned());
        let (scheme, rest) = text.split_once(':').ok_or_else(refused)?;
        let is_scheme = matches!(scheme, "https" | "http" | "wss" | "ws");
        let is_hosts = match rest.strip_prefix("//") {
            None => rest.is_empty(),
            Some(hosts) => {
                let name = hosts.strip_prefix("*.").unwrap_or(hosts);
                let (name, port) = name.split_once(':').unwrap_or((name, "*"));
                let is_name = !name.is_empty()
                    && name
                        .bytes()
                        .all(|byte| byte.is_ascii_alphanumeric() || b".-".contains(&byte));
                let is_port = port == "*" || (!port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit()));
                is_name && is_port
            }
        };
        if is_scheme && is_hosts {
            Ok(Self(text.to_owned()))
        } else {
            Err(refused())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemes_and_hosts_are_taken_and_nothing_that_breaks_out() {
        for source in [
            "https:",
            "wss:",
            "https://portal.example",
            "https://*.provider.example:8443",
            "http://localhost:*",
            "http://127.0.0.1:8080",
        ] {
            assert_eq!(
                source.parse::<Source>().map(|source| source.to_string()),
                Ok(source.to_owned())
            );
        }
        for text in [
            "",
            "*",
            "portal.example",
            "javascript:",
            "data:",
            "'unsafe-inline'",
            "https://",
            "https://*.",
            "https://a b",
            "https://a; script-src *",
            "https://a\"",
            "https://a'b",
            "https://a/path",
            "https://a:",
            "https://a:b",
            "https://a\n",
        ] {
            assert_eq!(text.parse::<Source>(), Err(NoSource(text.to_owned())));
        }
    }
}
