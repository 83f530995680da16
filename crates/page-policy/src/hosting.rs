//! The policy in the words of servers: files that an operator puts into place.
//!
//! Each is made from the headers of one [`Policy`], with the rest of what the console asks of a host: its page for every address
//! that is no file, compressed copies where they lie beside a file, and files with their content's digest in the name kept for ever.

use serde_json::json;

use crate::Policy;

/// What a server's file begins with.
const ORIGIN: &str = "Made by `cargo xtask dist`, together with the page: docs/HOSTING.md";

/// A file for one kind of host.
pub struct HostingFile {
    /// Its name.
    pub name: &'static str,
    /// Its content.
    pub content: String,
}

/// The files for every kind of host that there is one for. `base` is the path below which the page is served, with a slash at both
/// ends.
pub fn files(policy: &Policy, base: &str) -> Vec<HostingFile> {
    let file = |name, content| HostingFile { name, content };
    vec![
        file("nginx.conf", nginx(policy, base)),
        file("Caddyfile", caddy(policy, base)),
        file("_headers", headers_file(policy, base)),
        file("cloudfront-response-headers-policy.json", cloudfront(policy)),
    ]
}

/// The one file of the console that portals load from pages of their own, and how.
const FOR_PORTALS: &str = "embed.js";

/// The header that would keep it from them.
const SHARED_WITH: &str = "cross-origin-resource-policy";

/// For the folder that nginx reads into its `http` block, such as `/etc/nginx/conf.d/`.
fn nginx(policy: &Policy, base: &str) -> String {
    let mut headers: String = policy
        .headers()
        .iter()
        .map(|(name, value)| match *name {
            SHARED_WITH if policy.has_portals() => format!("    add_header {name} $console_shared_with always;\n"),
            _ => format!("    add_header {name} \"{value}\" always;\n"),
        })
        .collect();
    let mut maps = String::new();
    if policy.has_portals() {
        // An empty header is not sent.
        headers.push_str("    add_header access-control-allow-origin $console_readable_by;\n");
        for (variable, others, portals) in [
            ("console_shared_with", "same-origin", "cross-origin"),
            ("console_readable_by", "", "*"),
        ] {
            maps.push_str(&format!(
                "\n# Portals load this file from their own pages.\nmap $uri ${variable} {{\n    default \"{others}\";\n    \"{base}{FOR_PORTALS}\" \"{portals}\";\n}}\n"
            ));
        }
    }
    format!(
        r#"# {ORIGIN}

map $uri $console_cache {{
    default "no-cache";
    "~-[0-9a-f]{{12}}\.[a-z]+$" "public, max-age=31536000, immutable";
}}
{maps}
server {{
    listen 443 ssl;
    server_name console.example;
    ssl_certificate /etc/ssl/console.example.pem;
    ssl_certificate_key /etc/ssl/console.example.key;

    # What `dist/` holds lies in this folder, below {base}
    root /srv/console;
    gzip_static on;

    # A location with a header of its own would send none of these.
{headers}    # Not with errors: a file that is missing during an update must not be missing for a year.
    add_header cache-control $console_cache;

    location {base} {{
        try_files $uri {base}index.html;
    }}
    # A file that is missing is missing: the page does not stand in for it.
    location ~ \.[a-z]+$ {{
        try_files $uri =404;
    }}
}}
"#
    )
}

fn caddy(policy: &Policy, base: &str) -> String {
    let headers: String = policy
        .headers()
        .iter()
        .map(|(name, value)| match *name {
            SHARED_WITH if policy.has_portals() => String::new(),
            _ => format!("\t\t{name} \"{value}\"\n"),
        })
        .collect();
    let portals = if policy.has_portals() {
        format!(
            "\t# Portals load this file from their own pages.
	@portals path {base}{FOR_PORTALS}
	header @portals {{
		{SHARED_WITH} \"cross-origin\"
		access-control-allow-origin \"*\"
	}}
	# Of every other file, and a directive of its own: what may be missing together is added together.
	header ?{SHARED_WITH} \"same-origin\"
"
        )
    } else {
        String::new()
    };
    format!(
        "# {ORIGIN}

console.example {{
	# What `dist/` holds lies in this folder, below {base}
	root * /srv/console

	header {{
{headers}		?cache-control \"no-cache\"
	}}
	# Not with errors: a file that is missing during an update must not be missing for a year.
	@named {{
		path_regexp -[0-9a-f]{{12}}\\.[a-z]+$
		file
	}}
	header @named cache-control \"public, max-age=31536000, immutable\"
{portals}
	# The page stands for every address of the console, not for a file that is missing.
	@address {{
		path {base}*
		not path_regexp \\.[a-z]+$
	}}
	rewrite @address {base}index.html
	file_server {{
		precompressed br gzip
	}}
}}
"
    )
}

/// For hosts that take headers from a file `_headers` in the folder of the page, as Cloudflare Pages and Netlify do.
fn headers_file(policy: &Policy, base: &str) -> String {
    let headers = policy.headers();
    let lines: String = headers
        .iter()
        .map(|(name, value)| format!("  {name}: {value}\n"))
        .collect();
    // Such hosts send what several rules say together: as `same-origin, cross-origin` is none of the words, browsers heed neither.
    let portals = if policy.has_portals() {
        format!(
            "# Portals load this file from their own pages.\n{base}{FOR_PORTALS}\n  {SHARED_WITH}: cross-origin\n  access-control-allow-origin: *\n"
        )
    } else {
        String::new()
    };
    format!("# {ORIGIN}\n{base}*\n{lines}{portals}")
}

/// For `aws cloudfront create-response-headers-policy --response-headers-policy-config file://…`: a bucket sends no headers of its
/// own choice, the distribution in front of it does.
fn cloudfront(policy: &Policy) -> String {
    let headers = policy.headers();
    let value = |wanted: &str| headers.iter().find(|(name, _)| *name == wanted).map(|(_, value)| value);
    // What this service has a place of its own for may not stand among the others.
    let own = [
        "content-security-policy",
        "referrer-policy",
        "x-content-type-options",
        "strict-transport-security",
    ];
    let others: Vec<_> = headers
        .iter()
        .filter(|(name, _)| !own.contains(name))
        .map(|(name, value)| json!({ "Header": name, "Value": value, "Override": true }))
        .collect();
    let policy = json!({
        "Name": "v-cloud-console",
        "Comment": ORIGIN,
        "SecurityHeadersConfig": {
            "ContentSecurityPolicy": { "Override": true, "ContentSecurityPolicy": value("content-security-policy") },
            "ContentTypeOptions": { "Override": true },
            "ReferrerPolicy": { "Override": true, "ReferrerPolicy": value("referrer-policy") },
            "StrictTransportSecurity": {
                "Override": true,
                "IncludeSubdomains": false,
                "Preload": false,
                "AccessControlMaxAgeSec": crate::TLS_ONLY,
            },
        },
        "CustomHeadersConfig": { "Quantity": others.len(), "Items": others },
    });
    format!("{policy:#}\n")
}

#[cfg(test)]
mod tests {
    use serde_json::Value;

    use super::*;

    fn policy() -> Policy {
        Policy::new(Vec::new(), vec!["https://portal.example".parse().expect("a source")])
    }

    fn content(name: &str) -> String {
        let found = files(&policy(), "/console/").into_iter().find(|file| file.name == name);
        found.expect("a file of that name").content
    }

    fn without_portals(name: &str) -> String {
        let found = files(&Policy::default(), "/console/")
            .into_iter()
            .find(|file| file.name == name);
        found.expect("a file of that name").content
    }

    #[test]
    fn every_server_sends_every_header() {
        for (name, spelled) in [
            ("nginx.conf", "    add_header NAME \"VALUE\" always;\n"),
            ("Caddyfile", "\t\tNAME \"VALUE\"\n"),
            ("_headers", "  NAME: VALUE\n"),
        ] {
            let content = content(name);
            for (header, value) in policy().headers() {
                if header == SHARED_WITH && name != "_headers" {
                    continue;
                }
                let line = spelled.replace("NAME", header).replace("VALUE", &value);
                assert!(content.contains(&line), "{line} in {content}");
            }
            assert!(content.contains("/console/"), "{content}");
        }
    }

    #[test]
    fn only_where_there_are_portals_one_file_is_given_to_them() {
        for name in ["nginx.conf", "Caddyfile", "_headers"] {
            let (with, alone) = (content(name), without_portals(name));
            assert!(
                with.contains("/console/embed.js") && with.contains("cross-origin"),
                "{with}"
            );
            assert!(
                !alone.contains("embed.js") && !alone.contains("access-control"),
                "{alone}"
            );
            let own = alone.lines().find(|line| line.contains(SHARED_WITH)).expect("a line");
            assert!(own.contains("same-origin"), "{own}");
        }
    }

    #[test]
    fn what_one_service_knows_by_name_is_not_repeated_among_the_others() {
        let policy_of_service: Value =
            serde_json::from_str(&content("cloudfront-response-headers-policy.json")).expect("JSON");
        let named = &policy_of_service["SecurityHeadersConfig"];
        let others = &policy_of_service["CustomHeadersConfig"];
        let items = others["Items"].as_array().expect("a list");
        assert_eq!(others["Quantity"], items.len());
        for (header, value) in policy().headers() {
            let own = match header {
                "content-security-policy" => &named["ContentSecurityPolicy"]["ContentSecurityPolicy"],
                "referrer-policy" => &named["ReferrerPolicy"]["ReferrerPolicy"],
                "x-content-type-options" => {
                    assert_eq!(
                        (value.as_str(), &named["ContentTypeOptions"]["Override"]),
                        ("nosniff", &json!(true))
                    );
                    continue;
                }
                "strict-transport-security" => {
                    let age = &named["StrictTransportSecurity"]["AccessControlMaxAgeSec"];
                    assert_eq!(value, format!("max-age={age}"));
                    continue;
                }
                other => {
                    let item = items.iter().find(|item| item["Header"] == other);
                    &item.expect("an item of that name")["Value"]
                }
            };
            assert_eq!(own, &json!(value), "{header}");
        }
    }

    #[test]
    fn no_header_ends_the_string_that_it_is_written_in() {
        for (header, value) in policy().headers() {
            assert!(!value.contains(['"', '\\', '\n', '{', '$']), "{header}: {value}");
        }
    }
}
