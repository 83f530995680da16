//! Names and texts that an owner gives.

/// The most characters of a container name or a label.
pub const MAXIMUM_NAME_LENGTH: usize = 63;

/// How many characters a description may have.
pub const DESCRIPTION_LENGTH: std::ops::RangeInclusive<usize> = 3..=253;

/// What is wrong with a container name or a label.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameError {
    /// Nothing at all.
    #[error("it is empty")]
    Empty,
    /// More characters than [`MAXIMUM_NAME_LENGTH`].
    #[error("it has {length} characters, more than {MAXIMUM_NAME_LENGTH}")]
    TooLong {
        /// How many it has.
        length: usize,
    },
    /// A character that it must not have.
    #[error("it must not contain {character:?}")]
    Character {
        /// The character.
        character: char,
    },
    /// It begins or ends with a character that it may only have inside.
    #[error("it must not begin or end with {character:?}")]
    Edge {
        /// The character.
        character: char,
    },
}

/// The name of a container: `^[a-z0-9]([-a-z0-9]*[a-z0-9])?$`, at most 63 characters.
///
/// # Errors
/// Says what is wrong with it.
pub fn container_name(text: &str) -> Result<(), NameError> {
    name(text, |c| c.is_ascii_lowercase() || c.is_ascii_digit(), |c| c == '-')
}

/// The label of a service: `^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$`, at most 63 characters, not empty.
///
/// # Errors
/// Says what is wrong with it.
pub fn label(text: &str) -> Result<(), NameError> {
    name(text, |c| c.is_ascii_alphanumeric(), |c| matches!(c, '-' | '_' | '.'))
}

fn name(text: &str, is_anywhere: impl Fn(char) -> bool, is_inside: impl Fn(char) -> bool) -> Result<(), NameError> {
    let (Some(first), Some(last)) = (text.chars().next(), text.chars().next_back()) else {
        return Err(NameError::Empty);
    };
    if let Some(character) = text.chars().find(|c| !is_anywhere(*c) && !is_inside(*c)) {
        return Err(NameError::Character { character });
    }
    if let Some(character) = [first, last].into_iter().find(|c| !is_anywhere(*c)) {
        return Err(NameError::Edge { character });
    }
    let length = text.chars().count();
    if length > MAXIMUM_NAME_LENGTH {
        Err(NameError::TooLong { length })
    } else {
        Ok(())
    }
}

/// What is wrong with the name of an environment variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EnvNameError {
    /// Nothing at all.
    #[error("it is empty")]
    Empty,
    /// It begins with a digit.
    #[error("it must not begin with the digit {digit}")]
    Digit {
        /// The digit.
        digit: char,
    },
    /// A character that it must not have.
    #[error("it must not contain {character:?}")]
    Character {
        /// The character.
        character: char,
    },
}

/// The name of an environment variable: `^[-._a-zA-Z][-._a-zA-Z0-9]*$`.
///
/// # Errors
/// Says what is wrong with it.
pub fn env_name(text: &str) -> Result<(), EnvNameError> {
    let first = text.chars().next().ok_or(EnvNameError::Empty)?;
    if let Some(character) = text
        .chars()
        .find(|c| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '.' | '_'))
    {
        return Err(EnvNameError::Character { character });
    }
    if first.is_ascii_digit() {
        Err(EnvNameError::Digit { digit: first })
    } else {
        Ok(())
    }
}

/// What is wrong with a description.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DescriptionError {
    /// Fewer characters than it needs.
    #[error("it has {length} characters, fewer than 3")]
    TooShort {
        /// How many it has.
        length: usize,
    },
    /// More characters than it may have.
    #[error("it has {length} characters, more than 253")]
    TooLong {
        /// How many it has.
        length: usize,
    },
    /// A character that it must not have.
    #[error("it must not contain {character:?}")]
    Character {
        /// The character.
        character: char,
    },
}

/// The description of a service: `^[a-zA-Z0-9_.,\-/一-鿿，。 ]{3,253}$`.
///
/// # Errors
/// Says what is wrong with it.
pub fn description(text: &str) -> Result<(), DescriptionError> {
    let is_allowed = |c: char| {
        c.is_ascii_alphanumeric()
            || matches!(
                c,
                '_' | '.' | ',' | '-' | '/' | '，' | '。' | ' ' | '\u{4e00}'..='\u{9fff}'
            )
    };
    if let Some(character) = text.chars().find(|c| !is_allowed(*c)) {
        return Err(DescriptionError::Character { character });
    }
    let length = text.chars().count();
    if length < *DESCRIPTION_LENGTH.start() {
        Err(DescriptionError::TooShort { length })
    } else if length > *DESCRIPTION_LENGTH.end() {
        Err(DescriptionError::TooLong { length })
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn container_names() {
        for good in ["a", "0", "a-b", "a--b", "web-1", &"a".repeat(63)] {
            assert_eq!(container_name(good), Ok(()), "{good}");
        }
        assert_eq!(container_name(""), Err(NameError::Empty));
        assert_eq!(container_name(&"a".repeat(64)), Err(NameError::TooLong { length: 64 }));
        for (bad, character) in [
            ("Web", 'W'),
            ("a_b", '_'),
            ("a.b", '.'),
            ("a b", ' '),
            ("é", 'é'),
            ("a\n", '\n'),
        ] {
            assert_eq!(container_name(bad), Err(NameError::Character { character }), "{bad}");
        }
        for bad in ["-", "-a", "a-"] {
            assert_eq!(container_name(bad), Err(NameError::Edge { character: '-' }), "{bad}");
        }
    }

    #[test]
    fn labels() {
        for good in ["a", "A.b_c-d", "9", &"Z".repeat(63)] {
            assert_eq!(label(good), Ok(()), "{good}");
        }
        assert_eq!(label(""), Err(NameError::Empty));
        assert_eq!(label(&"a".repeat(64)), Err(NameError::TooLong { length: 64 }));
        assert_eq!(label("标签"), Err(NameError::Character { character: '标' }));
        assert_eq!(label("a/b"), Err(NameError::Character { character: '/' }));
        for (bad, character) in [("-a", '-'), ("a.", '.'), ("_", '_')] {
            assert_eq!(label(bad), Err(NameError::Edge { character }), "{bad}");
        }
    }

    #[test]
    fn env_names() {
        for good in ["PATH", "-x", ".x", "_", "a9", "A.B-C_D"] {
            assert_eq!(env_name(good), Ok(()), "{good}");
        }
        assert_eq!(env_name(""), Err(EnvNameError::Empty));
        assert_eq!(env_name("9a"), Err(EnvNameError::Digit { digit: '9' }));
        for (bad, character) in [("A B", ' '), ("A=B", '='), ("é", 'é'), ("a/b", '/')] {
            assert_eq!(env_name(bad), Err(EnvNameError::Character { character }), "{bad}");
        }
    }

    #[test]
    fn descriptions() {
        for good in [
            "abc",
            "我的服务，生产。",
            "a b-c_d.e,f/g 9",
            "   ",
            "一鿿。",
            &"字".repeat(253),
        ] {
            assert_eq!(description(good), Ok(()), "{good}");
        }
        assert_eq!(description(""), Err(DescriptionError::TooShort { length: 0 }));
        assert_eq!(description("中文"), Err(DescriptionError::TooShort { length: 2 }));
        assert_eq!(
            description(&"a".repeat(254)),
            Err(DescriptionError::TooLong { length: 254 })
        );
        for (bad, character) in [
            ("a!bc", '!'),
            ("what?", '?'),
            ("a\tbc", '\t'),
            ("ꀀ三四", 'ꀀ'),
            ("䷿三四", '䷿'),
            ("a:bc", ':'),
        ] {
            assert_eq!(
                description(bad),
                Err(DescriptionError::Character { character }),
                "{bad}"
            );
        }
    }
}
