//! E-mail addresses.

/// What is wrong with an e-mail address.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmailError {
    /// Nothing at all.
    #[error("it is empty")]
    Empty,
    /// There is not exactly one `@`.
    #[error("it must have exactly one @")]
    At,
    /// The part before the `@` is empty, has two separators side by side or one at its edge, or a character that it must
    /// not have.
    #[error("the part before the @ is not valid")]
    Local,
    /// The same of the part behind the `@`.
    #[error("the part behind the @ is not valid")]
    Domain,
    /// The part behind the `@` has no dot.
    #[error("the part behind the @ must have a dot")]
    Dot,
}

/// An e-mail address: `^\w+([-+.]\w+)*@\w+([-.]\w+)*\.\w+([-.]\w+)*$`, where `\w` is a letter or digit of any script, or `_`.
///
/// # Errors
/// Says which part is wrong.
pub fn email(text: &str) -> Result<(), EmailError> {
    if text.is_empty() {
        return Err(EmailError::Empty);
    }
    let (local, domain) = text.split_once('@').ok_or(EmailError::At)?;
    if domain.contains('@') {
        return Err(EmailError::At);
    }
    if !is_words(local, &['-', '+', '.']) {
        return Err(EmailError::Local);
    }
    if !is_words(domain, &['-', '.']) {
        return Err(EmailError::Domain);
    }
    if domain.contains('.') {
        Ok(())
    } else {
        Err(EmailError::Dot)
    }
}

/// Words with exactly one separator between two.
fn is_words(text: &str, separators: &[char]) -> bool {
    text.split(separators)
        .all(|word| !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || c == '_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses() {
        for good in [
            "a@b.c",
            "first.last+tag@mail-1.example.co.uk",
            "a_b-c@x.yz",
            "用户@例子.中国",
        ] {
            assert_eq!(email(good), Ok(()), "{good}");
        }
        assert_eq!(email(""), Err(EmailError::Empty));
        for bad in ["a", "a@b@c.d", "a.b.c"] {
            assert_eq!(email(bad), Err(EmailError::At), "{bad}");
        }
        for bad in ["@b.c", ".a@b.c", "a.@b.c", "a..b@c.d", "a b@c.d", "a'b@c.d", " a@b.c"] {
            assert_eq!(email(bad), Err(EmailError::Local), "{bad}");
        }
        for bad in ["a@", "a@.b", "a@b.", "a@b..c", "a@b+c.d", "a@b c.d", "a@b.c\n"] {
            assert_eq!(email(bad), Err(EmailError::Domain), "{bad}");
        }
        assert_eq!(email("a@localhost"), Err(EmailError::Dot));
    }
}
