//! Values that name another container as a host: in a service that name leads nowhere, containers reach each other as `localhost`.

use std::collections::HashSet;

use super::Reason;
use super::draft::Draft;
use super::fields::join;
use super::notes::Notes;

/// Parts of names of variables whose value is a host and nothing else.
const HOST_WORDS: &[&str] = &[
    "HOST", "ADDR", "SERVER", "URL", "URI", "ENDPOINT", "BROKER", "UPSTREAM", "NODE", "DSN",
];

/// How many names are looked for: each is looked for in every value.
const MOST_NAMES: usize = 64;

/// Notes the variables whose value names another container as a host.
pub(super) fn find(drafts: &[Draft], notes: &mut Notes) {
    let names: Vec<(usize, &str)> = drafts
        .iter()
        .enumerate()
        .flat_map(|(index, draft)| draft.host_names.iter().map(move |name| (index, name.as_str())))
        .filter(|(_, name)| !name.is_empty())
        .take(MOST_NAMES)
        .collect();
    for (index, draft) in drafts.iter().enumerate() {
        for variable in &draft.container.envs {
            let value = variable.value.expose();
            let mut noted = HashSet::new();
            for (_, name) in names.iter().filter(|(other, _)| *other != index) {
                if names_host(&variable.name, value, name) && noted.insert(*name) {
                    let reason = Reason::HostName {
                        name: (*name).to_owned(),
                    };
                    notes.add(join(&draft.env_path, &variable.name), "", reason);
                }
            }
        }
    }
}

fn names_host(variable: &str, value: &str, name: &str) -> bool {
    if value == name {
        let variable = variable.to_ascii_uppercase();
        return HOST_WORDS.iter().any(|word| variable.contains(word));
    }
    value.match_indices(name).any(|(at, _)| {
        let (before, after) = (&value[..at], &value[at + name.len()..]);
        let is_address = before.ends_with("//") || before.ends_with('@');
        let is_listed = before.is_empty() || before.ends_with([',', ' ', '=']);
        let has_port = after
            .strip_prefix(':')
            .is_some_and(|port| port.starts_with(|c: char| c.is_ascii_digit()));
        let ends = after.is_empty() || after.starts_with([':', '/', ',', '?', '"']);
        (is_address && ends) || (is_listed && has_port)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_told_from_other_values() {
        for (variable, value) in [
            ("DB_HOST", "db"),
            ("DATABASE_URL", "postgres://u:p@db:5432/x"),
            ("API", "http://db/path"),
            ("CACHE", "db:6379"),
            ("BROKERS", "a:1,db:2"),
        ] {
            assert!(names_host(variable, value, "db"), "{variable}={value}");
        }
        for (variable, value) in [
            ("DB_NAME", "db"),
            ("URL", "postgres://u:p@localhost/db"),
            ("X", "mydb:5432"),
            ("X", "http://dbx/"),
            ("X", "db: text"),
        ] {
            assert!(!names_host(variable, value, "db"), "{variable}={value}");
        }
    }
}
