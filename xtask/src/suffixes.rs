//! `cargo xtask suffixes FILE`: makes `public/public-suffixes.txt`, what the console needs of the public suffix list, from the list
//! as publicsuffix.org or a distribution's package has it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};

use crate::paths;
use crate::progress::say;

/// Fewer rules than this are a broken file, not the list.
const FEWEST_RULES: usize = 8_000;

const NOTES: &str = "\
// Rules of the Public Suffix List (https://publicsuffix.org), made by `cargo xtask suffixes`: one line for each name, `.` for the
// root, then the labels directly below it that are public suffixes; `*` is every label, `!` begins an exception. In ASCII (punycode).
// This Source Code Form is subject to the terms of the Mozilla Public License, v. 2.0. If a copy of the MPL was not distributed
// with this file, You can obtain one at https://mozilla.org/MPL/2.0/.
";

/// Reads the list and writes the file.
pub fn run(list: &Path) -> Result<()> {
    let text = fs::read_to_string(list).with_context(|| format!("cannot read {}", list.display()))?;
    let (rules, compact) = compact(&text);
    ensure!(
        rules >= FEWEST_RULES,
        "{} has only {rules} rules: it is not the public suffix list",
        list.display()
    );
    let file = paths::root().join("public/public-suffixes.txt");
    fs::write(&file, compact).with_context(|| format!("cannot write {}", file.display()))?;
    say(&format!("{rules} rules in {}", paths::shown(&file)));
    Ok(())
}

/// How many rules a list has, and its compact form.
fn compact(list: &str) -> (usize, String) {
    let mut notes = NOTES.to_owned();
    for version in list.lines().filter(|line| line.starts_with("// VERSION:")) {
        notes.push_str(version);
        notes.push('\n');
    }
    let mut below: BTreeMap<Vec<String>, Vec<String>> = BTreeMap::new();
    let mut rules = 0;
    for line in list.lines().map(str::trim) {
        // A rule ends at the first white space.
        let Some(rule) = line.split_whitespace().next().filter(|_| !line.starts_with("//")) else {
            continue;
        };
        rules += 1;
        let (exception, name) = rule.strip_prefix('!').map_or(("", rule), |name| ("!", name));
        let mut labels: Vec<String> = name.split('.').rev().map(ascii).collect();
        let label = labels.pop().unwrap_or_default();
        below.entry(labels).or_default().push(format!("{exception}{label}"));
    }
    let mut text = notes;
    for (mut name, mut labels) in below {
        name.reverse();
        labels.sort_unstable();
        let name = if name.is_empty() {
            ".".to_owned()
        } else {
            name.join(".")
        };
        text.push_str(&format!("{name} {}\n", labels.join(" ")));
    }
    (rules, text)
}

/// A label as it is in a request: letters beyond ASCII as RFC 3492 has them.
fn ascii(label: &str) -> String {
    if label.is_ascii() {
        label.to_owned()
    } else {
        format!("xn--{}", punycode(label))
    }
}

fn punycode(label: &str) -> String {
    const BASE: u32 = 36;
    const FIRST_BIAS: u32 = 72;
    let characters: Vec<u32> = label.chars().map(u32::from).collect();
    let mut out: String = label.chars().filter(char::is_ascii).collect();
    let basic = u32::try_from(out.len()).unwrap_or(u32::MAX);
    if basic > 0 {
        out.push('-');
    }
    let (mut n, mut delta, mut bias, mut handled) = (128, 0, FIRST_BIAS, basic);
    while (handled as usize) < characters.len() {
        let Some(next) = characters.iter().copied().filter(|character| *character >= n).min() else {
            break;
        };
        delta += (next - n) * (handled + 1);
        n = next;
        for &character in &characters {
            if character < n {
                delta += 1;
            }
            if character != n {
                continue;
            }
            let mut rest = delta;
            for k in (BASE..).step_by(BASE as usize) {
                let threshold = k.saturating_sub(bias).clamp(1, 26);
                if rest < threshold {
                    break;
                }
                out.push(digit(threshold + (rest - threshold) % (BASE - threshold)));
                rest = (rest - threshold) / (BASE - threshold);
            }
            out.push(digit(rest));
            bias = adapted(delta, handled + 1, handled == basic);
            delta = 0;
            handled += 1;
        }
        delta += 1;
        n += 1;
    }
    out
}

fn adapted(delta: u32, handled: u32, is_first: bool) -> u32 {
    let mut delta = if is_first { delta / 700 } else { delta / 2 };
    delta += delta / handled;
    let mut k = 0;
    while delta > 455 {
        delta /= 35;
        k += 36;
    }
    k + 36 * delta / (delta + 38)
}

fn digit(value: u32) -> char {
    char::from_digit(value, 36).map_or('?', |_| {
        let value = u8::try_from(value).unwrap_or(0);
        char::from(if value < 26 { b'a' + value } else { b'0' + value - 26 })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn labels_beyond_ascii_are_written_in_punycode() {
        for (label, ascii_label) in [
            ("com", "com"),
            ("中国", "xn--fiqs8s"),
            ("公司", "xn--55qx5d"),
            ("рф", "xn--p1ai"),
            ("bücher", "xn--bcher-kva"),
            ("భారత్", "xn--fpcrj9c3d"),
            ("ایران", "xn--mgba3a4f16a"),
        ] {
            assert_eq!(ascii(label), ascii_label, "{label}");
        }
    }

    #[test]
    fn rules_are_put_below_the_name_that_they_share() {
        let list = "// VERSION: 1\n// note\n\ncom\nuk\nco.uk  // not a rule\n*.ck\n!www.ck\n公司.cn\n";
        let (rules, text) = compact(list);
        let lines: Vec<&str> = text.lines().skip_while(|line| line.starts_with("//")).collect();
        assert_eq!(rules, 6);
        assert_eq!(lines, [". com uk", "ck !www *", "cn xn--55qx5d", "uk co"]);
        assert!(text.contains("// VERSION: 1\n") && text.contains("Mozilla Public License"));
    }
}
