//! The list of addresses as comma-separated values. It has nothing secret in it.

use metrics::csv::Writer;

/// One account.
pub struct Line {
    /// From 1, as the console and the official client count them.
    pub number: usize,
    /// What the person calls it.
    pub name: String,
    /// The address.
    pub address: String,
    /// The public key, Base58.
    pub public_key: String,
}

/// A text that no spreadsheet takes for a formula.
fn inert(text: &str) -> String {
    // Some skip white space and look at what comes then.
    let first = text.trim_start().chars().next();
    if matches!(first, Some('=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠')) || text.starts_with(['\t', '\r', '\n'])
    {
        format!("'{text}")
    } else {
        text.to_owned()
    }
}

/// The file. The names of the columns are the same in every language: programs read them.
pub fn table(lines: &[Line]) -> String {
    let mut writer = Writer::new();
    writer.row(["index", "name", "address", "public_key"]);
    for line in lines {
        writer.row([
            line.number.to_string(),
            inert(&line.name),
            inert(&line.address),
            inert(&line.public_key),
        ]);
    }
    let text = writer.into_text();
    // Spreadsheets read other letters than ASCII right only behind this mark; programs do better without it.
    if text.is_ascii() {
        text
    } else {
        format!("\u{feff}{text}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> Line {
        Line {
            number: 2,
            name: name.to_owned(),
            address: "AR2".to_owned(),
            public_key: "9xQ".to_owned(),
        }
    }

    #[test]
    fn every_account_has_a_line() {
        let text = table(&[named("Savings, \"old\""), named("")]);
        assert_eq!(
            text,
            "index,name,address,public_key\r\n2,\"Savings, \"\"old\"\"\",AR2,9xQ\r\n2,,AR2,9xQ\r\n"
        );
    }

    #[test]
    fn a_name_is_never_a_formula() {
        for name in ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\r=1", "＝1"] {
            let text = table(&[named(name)]);
            let cell = text.split("\r\n2,").nth(1).expect("a line").trim_start_matches('"');
            assert!(cell.starts_with('\''), "{name:?}: {text:?}");
        }
        assert!(table(&[named("a=b")]).contains("2,a=b,"));
    }

    #[test]
    fn other_letters_than_ascii_are_announced() {
        assert!(table(&[named("储蓄")]).starts_with("\u{feff}index,"));
        assert!(table(&[named("Savings")]).starts_with("index,"));
    }
}
