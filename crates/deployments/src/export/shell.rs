//! Words for a POSIX shell.

/// The command line with which the official client deploys a JSON file: as the first deployment of a service, or in place of the
/// one that runs.
pub fn client_command(service_id: &str, file_name: &str, update: bool) -> String {
    let verb = if update { "update" } else { "deploy" };
    format!(
        "vcloud service {verb} {} --config-file {}",
        word(service_id),
        word(file_name)
    )
}

/// A word as a shell reads it, quoted where it must be.
pub(super) fn word(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./:=@%+,".contains(c);
    if !text.is_empty() && text.chars().all(is_plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_quoted_only_where_they_must() {
        assert_eq!(word("nginx:1.27"), "nginx:1.27");
        assert_eq!(word(""), "''");
        assert_eq!(word("it's $5"), "'it'\\''s $5'");
        assert_eq!(
            client_command("svc-1", "my deployment.json", false),
            "vcloud service deploy svc-1 --config-file 'my deployment.json'"
        );
        assert_eq!(
            client_command("svc-1", "d.json", true),
            "vcloud service update svc-1 --config-file d.json"
        );
    }
}
