//! Which part may use which other: `crates/` know no browser, only `src/net` reaches the network, only `src/state/storage`
//! the browser's storage. So the same code runs in native tests, and what leaves the browser or stays in it is seen in one place.

use super::{Finding, Source, without_comments, word_positions};

const BROWSER_CRATES: &[&str] = &[
    "web_sys",
    "js_sys",
    "leptos",
    "leptos_router",
    "gloo",
    "gloo_net",
    "gloo_timers",
    "gloo_storage",
];
const NETWORK_TYPES: &[&str] = &["Request", "RequestInit", "WebSocket", "EventSource", "XmlHttpRequest"];
const NETWORK_WORDS: &[&str] = &[
    "gloo_net",
    "fetch_with_str",
    "fetch_with_request",
    "fetch_with_str_and_init",
    "send_beacon",
    "EventSource",
];
const STORAGE_TYPES: &[&str] = &["Storage", "IdbFactory", "IdbDatabase", "CacheStorage"];
const STORAGE_WORDS: &[&str] = &["local_storage", "session_storage", "indexed_db"];

/// Checks one file.
pub fn check(source: &Source, findings: &mut Vec<Finding>) {
    if source.is_rust_in("crates/") {
        let code = without_comments(&source.text);
        for word in BROWSER_CRATES {
            for at in word_positions(&code, word) {
                findings.push(source.finding(at, format!("`{word}`: crates/ run without a browser")));
            }
        }
    }
    if source.path.starts_with("crates/") && source.path.ends_with("/Cargo.toml") {
        for word in BROWSER_CRATES.iter().map(|word| word.replace('_', "-")) {
            for at in word_positions(&source.text, &word).filter(|at| source.text[..*at].ends_with('\n')) {
                findings.push(source.finding(at, format!("`{word}`: crates/ run without a browser")));
            }
        }
    }
    if !source.is_rust_in("src/") {
        return;
    }
    let code = without_comments(&source.text);
    if !source.path.starts_with("src/net/") && source.path != "src/net.rs" {
        let problem = |word: &str| format!("`{word}`: only src/net reaches the network");
        only_elsewhere(source, &code, NETWORK_WORDS, NETWORK_TYPES, problem, findings);
    }
    if !source.path.starts_with("src/state/storage") {
        let problem = |word: &str| format!("`{word}`: only src/state/storage keeps anything in the browser");
        only_elsewhere(source, &code, STORAGE_WORDS, STORAGE_TYPES, problem, findings);
    }
}

fn only_elsewhere(
    source: &Source,
    code: &str,
    words: &[&str],
    types: &[&str],
    problem: impl Fn(&str) -> String,
    findings: &mut Vec<Finding>,
) {
    for word in words {
        findings.extend(word_positions(code, word).map(|at| source.finding(at, problem(word))));
    }
    for (at, name) in names_of_web_sys(code) {
        if types.contains(&name) {
            findings.push(source.finding(at, problem(&format!("web_sys::{name}"))));
        }
    }
}

/// The names taken from `web_sys`, one by one (`web_sys::Request`) or as a group (`web_sys::{Request, Url}`).
fn names_of_web_sys(code: &str) -> Vec<(usize, &str)> {
    let mut names = Vec::new();
    for (at, prefix) in code.match_indices("web_sys::") {
        let start = at + prefix.len();
        let rest = &code[start..];
        let group = rest
            .strip_prefix('{')
            .and_then(|group| group.split('}').next())
            .unwrap_or_else(|| {
                let end = rest
                    .find(|c: char| !c.is_alphanumeric() && c != '_')
                    .unwrap_or(rest.len());
                &rest[..end]
            });
        names.extend(
            group
                .split(',')
                .map(|name| (at, name.split_whitespace().next().unwrap_or_default())),
        );
    }
    names
}

#[cfg(test)]
mod tests {
    use super::super::tests::problems;
    use super::*;

    #[test]
    fn crates_know_no_browser() {
        assert_eq!(
            problems(
                check,
                "crates/vsys/src/lib.rs",
                "// leptos is fine here\nuse web_sys::Url;"
            ),
            ["crates/vsys/src/lib.rs:2: `web_sys`: crates/ run without a browser"]
        );
        assert_eq!(
            problems(
                check,
                "crates/vsys/Cargo.toml",
                "[dependencies]\njs-sys.workspace = true\n"
            )
            .len(),
            1
        );
        assert!(problems(check, "crates/vsys/src/lib.rs", "let fleptos = 1;").is_empty());
    }

    #[test]
    fn only_net_reaches_the_network() {
        for code in [
            "use gloo_net::http;",
            "use web_sys::{Url, Request};",
            "web_sys::WebSocket::new(a)",
            "window().fetch_with_str(a)",
        ] {
            assert_eq!(problems(check, "src/pages/a.rs", code).len(), 1, "{code}");
            assert!(problems(check, "src/net/fetch.rs", code).is_empty(), "{code}");
        }
        assert!(problems(check, "src/pages/a.rs", "use http::Request; use web_sys::Url;").is_empty());
    }

    #[test]
    fn only_storage_keeps_anything() {
        assert_eq!(
            problems(check, "src/state/theme.rs", "window().local_storage()").len(),
            1
        );
        assert!(problems(check, "src/state/storage.rs", "window().local_storage()").is_empty());
    }
}
