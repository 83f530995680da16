//! Ports as Compose and `docker run` write them.

use vcloud_api::types::{Port, Protocol};

use super::Reason;
use super::draft::Draft;
use super::notes::Notes;

/// More ports than this no service has.
const MOST: u32 = 256;

/// Addresses that mean every address.
const EVERY_ADDRESS: &[&str] = &["", "0.0.0.0", "[::]", "::"];

/// `[[address:]host:]container[/protocol]`, where host and container may be ranges.
pub(super) fn published(text: &str, path: &str, draft: &mut Draft, notes: &mut Notes) {
    let text = text.trim();
    let (ports, protocol) = text.split_once('/').unwrap_or((text, ""));
    let mut parts = ports.rsplitn(3, ':');
    let container = parts.next().unwrap_or_default();
    let host = parts.next().filter(|host| !host.is_empty());
    let address = parts.next().unwrap_or_default();
    let (Some(container), Some(host)) = (range(container), host.map_or(Some(None), |host| range(host).map(Some)))
    else {
        notes.add(path, text, Reason::NotUnderstood);
        return;
    };
    if add(container, host, protocol, path, text, draft, notes) && !EVERY_ADDRESS.contains(&address) {
        notes.add(path, text, Reason::HostAddress);
    }
}

/// A container port or a range of them, with an optional protocol after a `/`, which no host port leads to.
pub(super) fn exposed(text: &str, path: &str, draft: &mut Draft, notes: &mut Notes) {
    let text = text.trim();
    let (ports, protocol) = text.split_once('/').unwrap_or((text, ""));
    match range(ports) {
        Some(container) => {
            add(container, None, protocol, path, text, draft, notes);
        }
        None => notes.add(path, text, Reason::NotUnderstood),
    }
}

/// Adds each port of a range. Says whether they were added.
pub(super) fn add(
    container: (u32, u32),
    host: Option<(u32, u32)>,
    protocol: &str,
    path: &str,
    shown: &str,
    draft: &mut Draft,
    notes: &mut Notes,
) -> bool {
    let count = container.1 - container.0 + 1;
    let host_count = host.map_or(count, |(first, last)| last - first + 1);
    if count > MOST || draft.container.ports.len() >= MOST as usize {
        notes.add(path, shown, Reason::PortRange { count });
        return false;
    }
    if host_count != count {
        if count != 1 {
            notes.add(path, shown, Reason::NotUnderstood);
            return false;
        }
        // Docker takes any that is free; here it is the first.
        notes.add(path, shown, Reason::NotSupported);
    }
    for offset in 0..count {
        draft.port(Port {
            container_port: container.0 + offset,
            host_port: host.map(|(first, _)| first + offset),
            protocol: Protocol::from(protocol),
        });
    }
    true
}

/// `80` or `8000-8010`.
pub(super) fn range(text: &str) -> Option<(u32, u32)> {
    let (first, last) = text.split_once('-').unwrap_or((text, text));
    let (first, last) = (number(first)?, number(last)?);
    (first <= last).then_some((first, last))
}

fn number(text: &str) -> Option<u32> {
    let is_number = (1..=9).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if is_number { text.parse().ok() } else { None }
}
