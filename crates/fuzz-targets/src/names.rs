//! Names, amounts and other short texts.

use domains::PublicSuffixes;
use vcloud_api::money::{exact_text, parse};
use vcloud_api::types::CommandLine;
use vcloud_api::validate::{
    CommonSuffixes, ImageReference, base_domain, config_path, container_name, description, domain as check_domain,
    email, env_name, is_first_under_base_domain, label, mount_path,
};

use crate::{first_line, text};

/// An image reference that is taken is written in a form that is read the same.
pub fn image_reference(input: &[u8]) {
    let text = text(input);
    if let Ok(image) = ImageReference::parse(&text) {
        assert_eq!(ImageReference::parse(&image.to_string()).as_ref(), Ok(&image));
        assert!(image.is_same_as(&image) && image.is_same_repository_as(&image));
        let _ = (image.repository(), image.user_name());
    }
}

/// Domains, and the public suffixes they lie under: the first line is a domain, the others are a suffix list.
pub fn domain(input: &[u8]) {
    let text = text(input);
    let (name, list) = first_line(&text);
    let _ = check_domain(name);
    // Too few rules for the real list, which is read all the same, and then used as if it were long enough.
    let padded = format!("{list}\n. {}", padding());
    let suffixes = PublicSuffixes::parse(&padded).expect("enough rules");
    let base = base_domain(name, &suffixes);
    assert!(
        name.to_ascii_lowercase().ends_with(&base),
        "{base:?} is no end of {name:?}"
    );
    assert_eq!(base_domain(&base, &suffixes), base);
    assert_eq!(
        base_domain(&base_domain(name, &CommonSuffixes), &CommonSuffixes),
        base_domain(name, &CommonSuffixes)
    );
    assert!(is_first_under_base_domain(name, &[], &suffixes));
}

/// So many rules that a list counts as one.
fn padding() -> &'static str {
    static PADDING: std::sync::OnceLock<String> = std::sync::OnceLock::new();
    PADDING.get_or_init(|| (0..1_100).map(|number| format!("x{number} ")).collect())
}

/// The rules of input fields, and command lines: what is written is read the same.
pub fn input_rules(input: &[u8]) {
    let text = text(input);
    let _ = (container_name(&text), label(&text), description(&text), env_name(&text));
    let _ = (email(&text), mount_path(&text), config_path(&text));
    let _ = CommandLine::Text(text.to_string()).words();
    if let Ok(line) = CommandLine::parse(&text) {
        assert_eq!(
            CommandLine::parse(&line.to_string()).map(|line| line.words()),
            Ok(line.words())
        );
    }
}

/// Amounts: none changes by being written and read, and what a person typed becomes whole units or an error.
pub fn money(input: &[u8]) {
    let text = text(input);
    if let Ok(amount) = parse(&text) {
        assert_eq!(parse(&exact_text(amount)), Ok(amount));
        assert_eq!(parse(&amount.to_string()), Ok(amount));
    }
    for unit in [1, 100_000_000, 1_000_000_000_000_000_000] {
        if let Ok(units) = payments::units(&text, unit) {
            assert_eq!(
                payments::units(&payments::coins(units, unit).to_string(), unit),
                Ok(units)
            );
        }
    }
}
