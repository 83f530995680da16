//! What the console's page may load, run, speak to and be framed by, and the headers that say so.
//!
//! There is one [`Policy`]. The page carries as much of it as a `<meta>` element may, and every server sends all of it: the local
//! platform, and those that [`hosting`] writes files for. A browser that is given a policy twice keeps to both, so a server can
//! make what the page says tighter, never wider.

pub mod hosting;
mod source;

pub use source::{NoSource, Source};

/// What the page may do without asking any other host.
const FIXED: &[&str] = &[
    "default-src 'none'",
    // Files of the console alone, and among them WebAssembly; no text becomes code.
    "script-src 'self' 'wasm-unsafe-eval'",
    "style-src 'self'",
    "img-src 'self'",
    "base-uri 'self'",
    "form-action 'none'",
    // No text becomes markup either, but by the one policy that boot.js makes before anything else runs.
    "require-trusted-types-for 'script'",
    "trusted-types default",
];

/// Whom the console speaks to. Which hosts those are is not known before it runs: the operator names some in config.json, and the
/// platform names providers, whose regions are hosts of their own. All of them are reached through TLS, but for a platform on
/// this machine.
const CONNECT: &[&str] = &[
    "https:",
    "wss:",
    "http://localhost:*",
    "http://*.localhost:*",
    "ws://localhost:*",
    "ws://*.localhost:*",
];

/// Powerful features of browsers: the console needs none, so nothing that gets into its page has them.
const NEVER: &[&str] = &[
    "accelerometer",
    "autoplay",
    "camera",
    "display-capture",
    "encrypted-media",
    "fullscreen",
    "geolocation",
    "gyroscope",
    "hid",
    "idle-detection",
    "local-fonts",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "picture-in-picture",
    "publickey-credentials-get",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
];

/// How long, in seconds, a browser that has seen the console through TLS never tries without: a year.
const TLS_ONLY: u32 = 31_536_000;

/// Whom the page may speak to and who may frame it; everything else is the same everywhere.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    connect: Vec<Source>,
    embedders: Vec<Source>,
}

impl Policy {
    /// A policy that lets the page speak to its own host and `connect` – any host through TLS, and this machine, where that is
    /// empty – and be framed by its own origin and `embedders`.
    pub fn new(connect: Vec<Source>, embedders: Vec<Source>) -> Self {
        Self { connect, embedders }
    }

    /// Whether pages of other origins may frame it.
    pub fn has_portals(&self) -> bool {
        !self.embedders.is_empty()
    }

    /// The policy as a page can carry it: browsers heed who may frame it only in a header.
    pub fn of_page(&self) -> String {
        let connect = if self.connect.is_empty() {
            CONNECT.join(" ")
        } else {
            joined(&self.connect)
        };
        format!("{}; connect-src 'self' {connect}", FIXED.join("; "))
    }

    /// All of it, as a server sends it.
    pub fn content_security_policy(&self) -> String {
        let mut ancestors = "'self'".to_owned();
        if !self.embedders.is_empty() {
            ancestors = format!("{ancestors} {}", joined(&self.embedders));
        }
        format!("{}; frame-ancestors {ancestors}", self.of_page())
    }

    /// Every header that each answer has, names in lower case.
    pub fn headers(&self) -> Vec<(&'static str, String)> {
        let never = NEVER.iter().map(|feature| format!("{feature}=()"));
        let features: Vec<String> = never.chain(["clipboard-write=(self)".to_owned()]).collect();
        vec![
            ("content-security-policy", self.content_security_policy()),
            ("permissions-policy", features.join(", ")),
            ("referrer-policy", "no-referrer".to_owned()),
            ("x-content-type-options", "nosniff".to_owned()),
            ("cross-origin-opener-policy", "same-origin".to_owned()),
            ("cross-origin-resource-policy", "same-origin".to_owned()),
            ("strict-transport-security", format!("max-age={TLS_ONLY}")),
        ]
    }
}

fn joined(sources: &[Source]) -> String {
    sources.iter().map(Source::as_str).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(texts: &[&str]) -> Vec<Source> {
        texts.iter().map(|text| text.parse().expect("a source")).collect()
    }

    /// The values of a directive, `None` where there is no such directive.
    fn directive<'a>(policy: &'a str, name: &str) -> Option<Vec<&'a str>> {
        policy.split("; ").find_map(|directive| {
            let (found, values) = directive.split_once(' ')?;
            (found == name).then(|| values.split(' ').collect())
        })
    }

    #[test]
    fn nothing_runs_but_files_of_the_console() {
        for policy in [Policy::default().of_page(), Policy::default().content_security_policy()] {
            assert_eq!(directive(&policy, "default-src"), Some(vec!["'none'"]), "{policy}");
            assert_eq!(
                directive(&policy, "script-src"),
                Some(vec!["'self'", "'wasm-unsafe-eval'"])
            );
            assert_eq!(directive(&policy, "style-src"), Some(vec!["'self'"]));
            assert_eq!(directive(&policy, "require-trusted-types-for"), Some(vec!["'script'"]));
            assert_eq!(directive(&policy, "trusted-types"), Some(vec!["default"]));
            assert!(
                !policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"),
                "{policy}"
            );
        }
    }

    #[test]
    fn an_operator_can_name_every_host() {
        let policy = Policy::new(
            sources(&["https://prod.platform.example", "https://*.provider.example"]),
            sources(&["https://portal.example"]),
        );
        let whole = policy.content_security_policy();
        assert_eq!(
            directive(&whole, "connect-src"),
            Some(vec![
                "'self'",
                "https://prod.platform.example",
                "https://*.provider.example"
            ])
        );
        assert_eq!(
            directive(&whole, "frame-ancestors"),
            Some(vec!["'self'", "https://portal.example"])
        );
        // In a page this would only be an error in the browser's console.
        assert_eq!(directive(&policy.of_page(), "frame-ancestors"), None);
        let open = Policy::default().of_page();
        let connect = directive(&open, "connect-src").expect("a directive");
        assert!(connect.contains(&"https:") && connect.contains(&"http://*.localhost:*"));
        assert!(!connect.contains(&"http:") && !connect.contains(&"*"), "{connect:?}");
    }
}
