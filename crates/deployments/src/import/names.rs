//! Names of containers, and images without digests.

use vcloud_api::validate::{MAXIMUM_NAME_LENGTH, container_name};

use super::Reason;
use super::notes::Notes;

/// The name where nothing valid is left of one.
const NAMELESS: &str = "container";

/// The nearest valid name: lower case, with `-` for what cannot stay.
pub(super) fn valid(name: &str) -> String {
    let mut valid = String::new();
    for character in name.chars() {
        match character.to_ascii_lowercase() {
            character @ ('a'..='z' | '0'..='9') => valid.push(character),
            _ if valid.ends_with('-') => {}
            _ => valid.push('-'),
        }
    }
    let mut valid = valid.trim_matches('-').to_owned();
    valid.truncate(MAXIMUM_NAME_LENGTH);
    let valid = valid.trim_end_matches('-');
    if container_name(name).is_ok() {
        name.to_owned()
    } else if valid.is_empty() {
        NAMELESS.to_owned()
    } else {
        valid.to_owned()
    }
}

/// A valid name that no other container has, with a note where it is another one than what the text says.
pub(super) fn unique<'a>(
    name: &str,
    path: impl Into<String>,
    others: impl Iterator<Item = &'a str> + Clone,
    notes: &mut Notes,
) -> String {
    let valid = valid(name);
    let mut unique = valid.clone();
    let mut number = 2;
    while others.clone().any(|other| other == unique) {
        let suffix = format!("-{number}");
        let mut start = valid.clone();
        start.truncate(MAXIMUM_NAME_LENGTH - suffix.len());
        unique = format!("{}{suffix}", start.trim_end_matches('-'));
        number += 1;
    }
    if unique != name {
        notes.add(path, name, Reason::Renamed { to: unique.clone() });
    }
    unique
}

/// The name that an image suggests: the last part of its path.
pub(super) fn of_image(image: &str) -> String {
    let last = image.rsplit('/').next().unwrap_or_default();
    valid(last.split([':', '@']).next().unwrap_or_default())
}

/// The image without its digest, with a note where it has one.
pub(super) fn image(text: &str, path: impl Into<String>, notes: &mut Notes) -> String {
    let text = text.trim();
    match text.split_once('@') {
        Some((image, digest)) => {
            notes.add(path, digest, Reason::Digest);
            image.to_owned()
        }
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_made_valid() {
        for (name, expected) in [
            ("web", "web"),
            ("a--b", "a--b"),
            ("My_App.1", "my-app-1"),
            ("--x--", "x"),
            ("网站", "container"),
            ("", "container"),
            ("数据库 db", "db"),
        ] {
            assert_eq!(valid(name), expected, "{name}");
        }
        let long = valid(&format!("{}_b", "a".repeat(62)));
        assert_eq!(long, "a".repeat(62));
        assert_eq!(of_image("ghcr.io/Org/my_app:1.2@sha256:0"), "my-app");
    }

    #[test]
    fn names_are_unique() {
        let mut notes = Notes::default();
        let long = "a".repeat(63);
        let others = ["web", "web-2", &long];
        let name = |name: &str, notes: &mut Notes| unique(name, "p", others.iter().copied(), notes);
        assert_eq!(name("web", &mut notes), "web-3");
        assert_eq!(name(&long, &mut notes), format!("{}-2", "a".repeat(61)));
        assert_eq!(name("db", &mut notes), "db");
        assert_eq!(notes.into_list().len(), 2);
    }
}
