//! Domains that lead to a service.

use crate::types::Domain;

/// What is wrong with a domain.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DomainError {
    /// Fewer than 3 or more than 255 characters.
    #[error("it has {length} characters, not 3 to 255")]
    Length {
        /// How many it has.
        length: usize,
    },
    /// There is no dot in it.
    #[error("it has no dot")]
    NoDot,
    /// One of its labels is empty, longer than 63 characters, begins with a hyphen or has a character that it must not have.
    #[error("{label:?} cannot be a part of it")]
    Label {
        /// The label.
        label: String,
    },
}

/// A domain: `^(?=^.{3,255}$)[a-zA-Z0-9][-a-zA-Z0-9]{0,62}(\.[a-zA-Z0-9][-a-zA-Z0-9]{0,62})+$`.
///
/// # Errors
/// Says what is wrong with it.
pub fn domain(text: &str) -> Result<(), DomainError> {
    let length = text.chars().count();
    if !(3..=255).contains(&length) {
        return Err(DomainError::Length { length });
    }
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    if let Some(label) = text.split('.').find(|label| !is_label(label)) {
        return Err(DomainError::Label {
            label: label.to_owned(),
        });
    }
    if text.contains('.') {
        Ok(())
    } else {
        Err(DomainError::NoDot)
    }
}

/// Knows under which names domains are registered.
pub trait SuffixLookup {
    /// How many labels at the end of a domain (lower case) belong to the registry: 1 for `example.com`, 2 for `example.co.uk`.
    fn suffix_labels(&self, domain: &str) -> usize;
}

/// The suffixes of two labels that are met most, so that the console need not carry the whole public list (hundreds
/// of kilobytes). Every other domain counts as registered under its last label; where that is wrong, the provider's answer decides.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CommonSuffixes;

/// Country → labels under which domains are registered there.
const COMMON_SUFFIXES: &[(&str, &[&str])] = &[
    ("ae", &["ac", "co", "gov", "net", "org"]),
    ("ar", &["com", "edu", "gob", "net", "org"]),
    ("at", &["ac", "co", "gv", "or"]),
    ("au", &["asn", "com", "edu", "gov", "id", "net", "org"]),
    ("bd", &["com", "edu", "gov", "net", "org"]),
    ("br", &["art", "blog", "com", "dev", "eco", "edu", "gov", "net", "org"]),
    (
        "cn",
        &[
            "ac", "ah", "bj", "com", "cq", "edu", "fj", "gd", "gov", "gs", "gx", "gz", "ha", "hb", "he", "hi", "hk",
            "hl", "hn", "jl", "js", "jx", "ln", "mil", "mo", "net", "nm", "nx", "org", "qh", "sc", "sd", "sh", "sn",
            "sx", "tj", "tw", "xj", "xz", "yn", "zj",
        ],
    ),
    ("co", &["com", "edu", "gov", "net", "nom", "org"]),
    ("cy", &["ac", "com", "gov", "net", "org"]),
    ("eg", &["com", "edu", "gov", "net", "org"]),
    ("gr", &["com", "edu", "gov", "net", "org"]),
    ("hk", &["com", "edu", "gov", "idv", "net", "org"]),
    ("hu", &["co", "info", "org"]),
    ("id", &["ac", "biz", "co", "go", "my", "net", "or", "sch", "web"]),
    ("il", &["ac", "co", "gov", "net", "org"]),
    (
        "in",
        &[
            "ac", "co", "edu", "firm", "gen", "gov", "ind", "net", "nic", "org", "res",
        ],
    ),
    ("jp", &["ac", "ad", "co", "ed", "go", "gr", "lg", "ne", "or"]),
    ("ke", &["ac", "co", "go", "ne", "or"]),
    ("kr", &["ac", "co", "go", "ne", "or", "pe", "re"]),
    ("mo", &["com", "edu", "gov", "net", "org"]),
    ("mx", &["com", "edu", "gob", "net", "org"]),
    ("my", &["com", "edu", "gov", "name", "net", "org"]),
    ("ng", &["com", "edu", "gov", "name", "net", "org"]),
    (
        "nz",
        &[
            "ac", "co", "geek", "gen", "govt", "iwi", "kiwi", "maori", "net", "org", "school",
        ],
    ),
    ("pe", &["com", "edu", "gob", "net", "nom", "org"]),
    ("ph", &["com", "edu", "gov", "net", "org"]),
    ("pk", &["com", "edu", "gov", "net", "org"]),
    ("pl", &["com", "edu", "gov", "info", "net", "org", "waw"]),
    ("pt", &["com", "edu", "gov", "org"]),
    ("ro", &["com", "info", "org"]),
    ("rs", &["ac", "co", "edu", "gov", "in", "org"]),
    ("ru", &["com", "msk", "net", "org", "pp", "spb"]),
    ("sa", &["com", "edu", "gov", "med", "net", "org", "pub", "sch"]),
    ("sg", &["com", "edu", "gov", "net", "org", "per"]),
    ("th", &["ac", "co", "go", "in", "mi", "net", "or"]),
    (
        "tr",
        &[
            "av", "bel", "biz", "com", "edu", "gen", "gov", "info", "name", "net", "org", "web",
        ],
    ),
    ("tw", &["com", "edu", "gov", "idv", "net", "org"]),
    ("ua", &["com", "edu", "gov", "in", "kiev", "kyiv", "net", "org"]),
    (
        "uk",
        &["ac", "co", "gov", "ltd", "me", "net", "nhs", "org", "plc", "sch"],
    ),
    ("ve", &["co", "com", "gob", "net", "org", "web"]),
    ("vn", &["ac", "com", "edu", "gov", "info", "name", "net", "org"]),
    ("za", &["ac", "co", "edu", "gov", "net", "org", "web"]),
];

impl SuffixLookup for CommonSuffixes {
    fn suffix_labels(&self, domain: &str) -> usize {
        let mut labels = domain.rsplit('.');
        let (Some(country), Some(second)) = (labels.next(), labels.next()) else {
            return 1;
        };
        let is_common = COMMON_SUFFIXES
            .binary_search_by_key(&country, |(country, _)| country)
            .is_ok_and(|at| COMMON_SUFFIXES[at].1.contains(&second));
        if is_common { 2 } else { 1 }
    }
}

/// The registrable domain that a domain lies under, lower case: `shop.example.co.uk` → `example.co.uk`. A domain that is a suffix
/// itself is its own.
pub fn base_domain(domain: &str, suffixes: &impl SuffixLookup) -> String {
    let domain = domain.to_ascii_lowercase();
    let labels = suffixes.suffix_labels(&domain).saturating_add(1);
    let start = domain.rmatch_indices('.').nth(labels - 1).map_or(0, |(at, _)| at + 1);
    domain[start..].to_owned()
}

/// Whether a domain would be the first of a service under its base domain: only then may be said whether it is served
/// encrypted ([`crate::types::BindDomain::is_letsencrypt`]).
pub fn is_first_under_base_domain(domain: &str, bound: &[Domain], suffixes: &impl SuffixLookup) -> bool {
    let base = base_domain(domain, suffixes);
    bound.iter().all(|other| base_domain(&other.domain, suffixes) != base)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn domains() {
        let longest = format!("{}.com", "a".repeat(63));
        for good in [
            "a.b",
            "example.com",
            "A-1.Example.COM",
            "xn--fiqs8s.cn",
            "1.2.3.4",
            "a-.b",
            &longest,
        ] {
            assert_eq!(domain(good), Ok(()), "{good}");
        }
        assert_eq!(domain(""), Err(DomainError::Length { length: 0 }));
        assert_eq!(domain("ab"), Err(DomainError::Length { length: 2 }));
        let label = format!("{}.", "a".repeat(63));
        assert_eq!(
            domain(&format!("{}a", label.repeat(4))),
            Err(DomainError::Length { length: 257 })
        );
        assert_eq!(domain(&label.repeat(4)), Err(DomainError::Length { length: 256 }));
        assert_eq!(domain(&label.repeat(4)[..255]), Ok(()));
        assert_eq!(domain("localhost"), Err(DomainError::NoDot));
        for (bad, label) in [
            ("-a.com", "-a"),
            ("a..com", ""),
            (".com", ""),
            ("a.com.", ""),
            ("a_b.com", "a_b"),
            ("例.com", "例"),
            ("http://a.com", "http://a"),
            ("a b.com", "a b"),
        ] {
            assert_eq!(domain(bad), Err(DomainError::Label { label: label.into() }), "{bad}");
        }
        assert!(domain(&format!("{}.com", "a".repeat(64))).is_err());
    }

    #[test]
    fn the_base_domain_is_the_one_that_is_registered() {
        for (domain, base) in [
            ("example.com", "example.com"),
            ("a.b.Example.com", "example.com"),
            ("shop.example.co.uk", "example.co.uk"),
            ("example.co.uk", "example.co.uk"),
            ("co.uk", "co.uk"),
            ("www.example.com.cn", "example.com.cn"),
            ("com", "com"),
            ("x.co.jp.example.org", "example.org"),
            ("co.com", "co.com"),
            ("a.co.com", "co.com"),
        ] {
            assert_eq!(base_domain(domain, &CommonSuffixes), base, "{domain}");
        }
        struct Platform;
        impl SuffixLookup for Platform {
            fn suffix_labels(&self, domain: &str) -> usize {
                if domain.ends_with(".pages.example") { 2 } else { 1 }
            }
        }
        assert_eq!(base_domain("x.me.pages.example", &Platform), "me.pages.example");
    }

    #[test]
    fn the_suffixes_can_be_searched() {
        assert!(COMMON_SUFFIXES.is_sorted_by_key(|(country, _)| *country));
    }

    #[test]
    fn only_the_first_domain_under_a_base_says_whether_it_is_encrypted() {
        let bound = [Domain {
            domain: "www.example.co.uk".into(),
            ..Domain::default()
        }];
        assert!(!is_first_under_base_domain(
            "shop.EXAMPLE.co.uk",
            &bound,
            &CommonSuffixes
        ));
        assert!(is_first_under_base_domain("other.co.uk", &bound, &CommonSuffixes));
        assert!(is_first_under_base_domain("notexample.co.uk", &bound, &CommonSuffixes));
        assert!(is_first_under_base_domain("example.com", &[], &CommonSuffixes));
    }
}
