//! Where a domain points, asked through DNS over HTTPS in JSON (`application/dns-json`), as browsers can.

use std::net::IpAddr;

use serde::Deserialize;
use vcloud_api::visible;

/// The media type that makes a resolver answer in JSON.
pub const MEDIA_TYPE: &str = "application/dns-json";

/// So many names in a row are followed where a resolver does not follow aliases itself.
pub const MOST_ALIASES: usize = 8;

/// How many seconds pass between the first look and the second.
const FIRST_WAIT: u32 = 5;
/// Never longer than this between two looks, in seconds.
const LONGEST_WAIT: u32 = 300;

/// The numbers of record types and answers (RFC 1035, RFC 3596).
const TYPE_A: u16 = 1;
const TYPE_CNAME: u16 = 5;
const TYPE_AAAA: u16 = 28;
const NO_ERROR: u16 = 0;
const NO_SUCH_NAME: u16 = 3;

/// Which addresses are asked for: those of the host's kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecordType {
    /// IPv4.
    A,
    /// IPv6.
    Aaaa,
}

impl RecordType {
    /// The type of a host's address; IPv4 where it is no address at all.
    pub fn of_host(host: &str) -> Self {
        match host.parse() {
            Ok(IpAddr::V6(_)) => Self::Aaaa,
            _ => Self::A,
        }
    }

    /// Its name in a zone file.
    pub const fn name(self) -> &'static str {
        match self {
            Self::A => "A",
            Self::Aaaa => "AAAA",
        }
    }

    const fn number(self) -> u16 {
        match self {
            Self::A => TYPE_A,
            Self::Aaaa => TYPE_AAAA,
        }
    }
}

/// The line of a zone file that leads a domain to a host, ready to be pasted.
pub fn record_line(domain: &str, host: &str) -> String {
    format!("{domain}. 300 IN {} {host}", RecordType::of_host(host).name())
}

/// The address that answers a question.
pub fn question(resolver: &str, domain: &str, record: RecordType) -> String {
    let joint = if resolver.contains('?') { '&' } else { '?' };
    // Names are checked before: letters, digits, hyphens and dots need no escaping.
    format!("{resolver}{joint}name={domain}&type={}", record.name())
}

/// What a resolver knows of a name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resolution {
    /// The addresses, in the order of the answer.
    pub addresses: Vec<String>,
    /// The names that it is an alias of, one after the other.
    pub aliases: Vec<String>,
}

/// Why there is no resolution.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ResolveError {
    /// The answer is none of DNS over HTTPS.
    #[error("the resolver's answer could not be understood")]
    Malformed,
    /// The resolver failed: 2 is a failure of the domain's own name servers, 5 a refusal.
    #[error("the resolver answered with status {status}")]
    Status {
        /// The status.
        status: u16,
    },
}

#[derive(Deserialize)]
struct Answer {
    #[serde(rename = "Status")]
    status: u16,
    #[serde(rename = "Answer", default)]
    records: Option<Vec<Record>>,
}

#[derive(Deserialize)]
struct Record {
    #[serde(rename = "type")]
    kind: u16,
    data: String,
}

/// Reads a resolver's answer. No such name is a resolution without addresses.
///
/// # Errors
/// When the resolver failed or something else answered.
pub fn read(body: &[u8], record: RecordType) -> Result<Resolution, ResolveError> {
    let answer: Answer = serde_json::from_slice(body).map_err(|_| ResolveError::Malformed)?;
    match answer.status {
        NO_ERROR | NO_SUCH_NAME => {}
        status => return Err(ResolveError::Status { status }),
    }
    let mut resolution = Resolution::default();
    for found in answer.records.unwrap_or_default() {
        let data = visible::identifier(found.data.trim());
        if found.kind == record.number() {
            resolution.addresses.push(data);
        } else if found.kind == TYPE_CNAME {
            resolution.aliases.push(data.trim_end_matches('.').to_ascii_lowercase());
        }
    }
    Ok(resolution)
}

impl Resolution {
    /// The name to ask for next, where the resolver left an alias for us to follow.
    pub fn unfollowed(&self) -> Option<&str> {
        let is_open = self.addresses.is_empty() && self.aliases.len() < MOST_ALIASES;
        self.aliases.last().map(String::as_str).filter(|_| is_open)
    }

    /// Takes what an alias led to. Answers `false` where it leads in a circle, or nowhere further.
    pub fn follow(&mut self, further: Resolution) -> bool {
        self.addresses = further.addresses;
        let before = self.aliases.len();
        for alias in further.aliases {
            if self.aliases.contains(&alias) {
                return false;
            }
            self.aliases.push(alias);
        }
        self.aliases.len() > before
    }
}

/// Whether a domain points at the service's host.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Pointing {
    /// At the host, and nowhere else.
    Here,
    /// At the host, but at others as well: only some visitors arrive.
    Partly {
        /// The other addresses.
        others: Vec<String>,
    },
    /// At other addresses.
    Elsewhere {
        /// Which.
        addresses: Vec<String>,
    },
    /// Nowhere: there is no record.
    Nowhere,
}

impl Pointing {
    /// What a resolution means for the host.
    pub fn of(resolution: &Resolution, host: &str) -> Self {
        let same = |address: &String| match (address.parse::<IpAddr>(), host.parse::<IpAddr>()) {
            (Ok(address), Ok(host)) => address == host,
            _ => address == host,
        };
        let (here, others): (Vec<String>, Vec<String>) = resolution.addresses.iter().cloned().partition(same);
        match (here.is_empty(), others.is_empty()) {
            (false, true) => Self::Here,
            (false, false) => Self::Partly { others },
            (true, false) => Self::Elsewhere { addresses: others },
            (true, true) => Self::Nowhere,
        }
    }

    /// Whether there is nothing left to wait for.
    pub fn is_settled(&self) -> bool {
        *self == Self::Here
    }
}

/// How many seconds to wait after so many looks before the next: twice as long every time, within reason.
pub fn wait_after(looks: u32) -> u32 {
    FIRST_WAIT
        .saturating_mul(1_u32.checked_shl(looks.saturating_sub(1)).unwrap_or(u32::MAX))
        .min(LONGEST_WAIT)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn resolution(addresses: &[&str], aliases: &[&str]) -> Resolution {
        let owned = |texts: &[&str]| texts.iter().map(|&text| text.to_owned()).collect();
        Resolution {
            addresses: owned(addresses),
            aliases: owned(aliases),
        }
    }

    #[test]
    fn questions_and_records_are_those_of_the_hosts_kind() {
        assert_eq!(
            question(
                "https://dns.example/dns-query",
                "a.example.com",
                RecordType::of_host("1.2.3.4")
            ),
            "https://dns.example/dns-query?name=a.example.com&type=A"
        );
        assert_eq!(
            question(
                "https://dns.example/?key=1",
                "a.example.com",
                RecordType::of_host("2001:db8::1")
            ),
            "https://dns.example/?key=1&name=a.example.com&type=AAAA"
        );
        assert_eq!(record_line("example.com", "1.2.3.4"), "example.com. 300 IN A 1.2.3.4");
        assert_eq!(
            record_line("example.com", "2001:db8::1"),
            "example.com. 300 IN AAAA 2001:db8::1"
        );
    }

    #[test]
    fn an_answer_is_addresses_and_the_aliases_on_the_way() {
        let body = br#"{"Status":0,"TC":false,"Question":[{"name":"www.example.com","type":1}],"Answer":[
            {"name":"www.example.com","type":5,"TTL":60,"data":"Shop.Example.NET."},
            {"name":"shop.example.net","type":1,"TTL":60,"data":"1.2.3.4"}]}"#;
        assert_eq!(
            read(body, RecordType::A),
            Ok(resolution(&["1.2.3.4"], &["shop.example.net"]))
        );
        let only_v6 = br#"{"Status":0,"Answer":[{"name":"a","type":28,"data":"2001:db8::1"}]}"#;
        assert_eq!(read(only_v6, RecordType::A), Ok(Resolution::default()));
        assert_eq!(read(only_v6, RecordType::Aaaa), Ok(resolution(&["2001:db8::1"], &[])));
    }

    #[test]
    fn no_such_name_is_no_failure_but_a_failure_is() {
        assert_eq!(read(br#"{"Status":3}"#, RecordType::A), Ok(Resolution::default()));
        assert_eq!(
            read(br#"{"Status":0,"Answer":null}"#, RecordType::A),
            Ok(Resolution::default())
        );
        assert_eq!(
            read(br#"{"Status":2}"#, RecordType::A),
            Err(ResolveError::Status { status: 2 })
        );
        assert_eq!(read(b"<html>", RecordType::A), Err(ResolveError::Malformed));
    }

    #[test]
    fn an_alias_that_was_not_followed_is_and_a_circle_is_not() {
        let mut found = resolution(&[], &["a.example"]);
        assert_eq!(found.unfollowed(), Some("a.example"));
        assert!(found.follow(resolution(&[], &["b.example"])));
        assert_eq!(found.unfollowed(), Some("b.example"));
        assert!(!found.follow(resolution(&[], &["a.example"])), "a circle");
        assert!(!found.follow(resolution(&["1.2.3.4"], &[])));
        assert_eq!(found.unfollowed(), None);
    }

    #[test]
    fn a_domain_points_here_elsewhere_both_or_nowhere() {
        let pointing = |addresses: &[&str]| Pointing::of(&resolution(addresses, &[]), "1.2.3.4");
        assert_eq!(pointing(&["1.2.3.4"]), Pointing::Here);
        assert_eq!(pointing(&["1.2.3.4", "1.2.3.4"]), Pointing::Here);
        assert_eq!(
            pointing(&["1.2.3.4", "5.6.7.8"]),
            Pointing::Partly {
                others: vec!["5.6.7.8".to_owned()]
            }
        );
        assert_eq!(
            pointing(&["5.6.7.8"]),
            Pointing::Elsewhere {
                addresses: vec!["5.6.7.8".to_owned()]
            }
        );
        assert_eq!(pointing(&[]), Pointing::Nowhere);
        assert!(pointing(&["1.2.3.4"]).is_settled() && !pointing(&[]).is_settled());
        let long = resolution(&["2001:0db8:0:0::1"], &[]);
        assert_eq!(
            Pointing::of(&long, "2001:db8::1"),
            Pointing::Here,
            "two spellings of one address"
        );
    }

    #[test]
    fn looks_become_rarer() {
        assert_eq!([0, 1, 2, 3].map(wait_after), [5, 5, 10, 20]);
        assert_eq!([7, 40, u32::MAX].map(wait_after), [300, 300, 300]);
    }
}
