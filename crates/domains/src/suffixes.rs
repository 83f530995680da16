//! The public suffix list, and how a name is looked up in it.

use std::collections::HashSet;

use vcloud_api::validate::SuffixLookup;

/// Characters of a name at the most (RFC 1035, 2.3.4).
const LONGEST_NAME: usize = 253;

/// Fewer rules than this are a broken file, not the list.
const FEWEST_RULES: usize = 1_000;

/// The public suffix list, both of its parts: names below `github.io` belong to different people just as those below `co.uk` do, and
/// browsers and certificate authorities count them so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PublicSuffixes {
    /// `co.uk`
    plain: HashSet<Box<str>>,
    /// `ck` for `*.ck`
    wildcards: HashSet<Box<str>>,
    /// `www.ck` for `!www.ck`
    exceptions: HashSet<Box<str>>,
}

/// What was read is not the public suffix list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("this is not the public suffix list: it has {rules} rules")]
pub struct NotTheList {
    /// How many rules there are in it.
    pub rules: usize,
}

impl PublicSuffixes {
    /// Reads the list in its compact form: a name (`.` for the root), then the labels directly below it that are rules. Lines that
    /// begin with `//` are notes.
    ///
    /// # Errors
    /// When there are too few rules for it to be the list.
    pub fn parse(text: &str) -> Result<Self, NotTheList> {
        let suffixes = Self::of_rules(text);
        let rules = suffixes.len();
        if rules < FEWEST_RULES {
            return Err(NotTheList { rules });
        }
        Ok(suffixes)
    }

    fn of_rules(text: &str) -> Self {
        let mut suffixes = Self::default();
        for line in text.lines().filter(|line| !line.starts_with("//")) {
            let mut words = line.split_ascii_whitespace();
            let Some(name) = words.next() else { continue };
            let below = |label: &str| -> Box<str> {
                if name == "." {
                    label.into()
                } else {
                    format!("{label}.{name}").into()
                }
            };
            for label in words {
                if label == "*" {
                    suffixes.wildcards.insert(name.into());
                } else if let Some(label) = label.strip_prefix('!') {
                    suffixes.exceptions.insert(below(label));
                } else {
                    suffixes.plain.insert(below(label));
                }
            }
        }
        suffixes
    }

    /// How many rules there are.
    pub fn len(&self) -> usize {
        self.plain.len() + self.wildcards.len() + self.exceptions.len()
    }

    /// Whether there is no rule at all.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl SuffixLookup for PublicSuffixes {
    fn suffix_labels(&self, domain: &str) -> usize {
        // The name itself and every name above it, the longest first.
        let names: Vec<&str> =
            std::iter::successors(Some(domain), |name| name.split_once('.').map(|(_, above)| above)).collect();
        let labels = names.len();
        // No rule is longer than a name can be, and whoever sends a longer one would have it looked up a thousand times.
        let first = names
            .iter()
            .position(|name| name.len() <= LONGEST_NAME)
            .unwrap_or(labels);
        if let Some(at) = (first..labels).find(|at| self.exceptions.contains(names[*at])) {
            return labels - at - 1;
        }
        let rule = |at: &usize| {
            let above = names.get(at + 1);
            self.plain.contains(names[*at]) || above.is_some_and(|above| self.wildcards.contains(*above))
        };
        // Where no rule says anything, the last label is the suffix.
        (first..labels).find(rule).map_or(1, |at| labels - at)
    }
}

#[cfg(test)]
mod tests {
    use vcloud_api::validate::base_domain;

    use super::*;

    /// The file that the console is shipped with.
    const SHIPPED: &str = include_str!("../../../public/public-suffixes.txt");

    fn shipped() -> PublicSuffixes {
        PublicSuffixes::parse(SHIPPED).expect("the list")
    }

    #[test]
    fn each_kind_of_rule_on_both_of_its_sides() {
        let list = "// a note\n. com io jp uk\nuk co\nck * !www\nkobe.jp * !city\nio github\n";
        let suffixes = PublicSuffixes::of_rules(list);
        for (domain, base) in [
            ("example.com", "example.com"),
            ("a.b.example.com", "example.com"),
            ("com", "com"),
            // Two registrations, not one.
            ("a.co.uk", "a.co.uk"),
            ("www.b.co.uk", "b.co.uk"),
            ("co.uk", "co.uk"),
            ("example.uk", "example.uk"),
            // A wildcard takes one label more, its exception one less.
            ("x.shop.ck", "x.shop.ck"),
            ("shop.ck", "shop.ck"),
            ("www.ck", "www.ck"),
            ("a.www.ck", "www.ck"),
            ("c.kobe.jp", "c.kobe.jp"),
            ("a.b.c.kobe.jp", "b.c.kobe.jp"),
            ("a.city.kobe.jp", "city.kobe.jp"),
            // Names of a private registry belong to different people.
            ("a.github.io", "a.github.io"),
            ("www.a.github.io", "a.github.io"),
            ("github.io", "github.io"),
            ("githubb.io", "githubb.io"),
            // Nobody knows this one.
            ("a.b.example.unknown", "example.unknown"),
            ("unknown", "unknown"),
        ] {
            assert_eq!(base_domain(domain, &suffixes), base, "{domain}");
        }
    }

    #[test]
    fn the_shipped_list_is_whole_and_in_ascii() {
        let suffixes = shipped();
        assert!(suffixes.len() > 8_000, "{} rules", suffixes.len());
        assert!(SHIPPED.is_ascii() && SHIPPED.contains("Mozilla Public License"));
        for (domain, base) in [
            ("shop.example.co.uk", "example.co.uk"),
            ("a.example.com.cn", "example.com.cn"),
            ("a.example.xn--55qx5d.cn", "example.xn--55qx5d.cn"),
            ("a.example.xn--fiqs8s", "example.xn--fiqs8s"),
            ("www.ck", "www.ck"),
            ("a.b.ck", "a.b.ck"),
            ("me.github.io", "me.github.io"),
            ("SHOP.Example.CO.UK", "example.co.uk"),
        ] {
            assert_eq!(base_domain(domain, &suffixes), base, "{domain}");
        }
    }

    #[test]
    fn another_file_is_not_taken_for_the_list() {
        assert_eq!(PublicSuffixes::parse("<!doctype html>\n"), Err(NotTheList { rules: 1 }));
        assert_eq!(PublicSuffixes::parse(""), Err(NotTheList { rules: 0 }));
    }

    proptest::proptest! {
        #[test]
        fn a_base_domain_is_an_end_of_its_domain(domain in "[a-z]{1,4}(\\.[a-z]{1,3}){0,4}") {
            let suffixes = shipped();
            let base = base_domain(&domain, &suffixes);
            let end = format!(".{base}");
            proptest::prop_assert!(domain == base || domain.ends_with(&end));
            proptest::prop_assert_eq!(base_domain(&base, &suffixes), base);
        }
    }
}
