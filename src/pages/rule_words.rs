//! What is wrong with a name, an image, a variable or a path, in the person's words: the rules themselves have no language.

use vcloud_api::validate::{EnvNameError, ImageError, NameError, PathError};

use crate::i18n::{self, Text};

fn with(key: Text, name: &str, value: &str) -> String {
    i18n::text_with(key, &[(name, value)])
}

/// A text that names a character; one that can't be seen is named by a word (tracked).
pub fn with_character(key: Text, character: char) -> String {
    let shown = match character {
        ' ' => i18n::text(Text::OverviewEditSpace).to_owned(),
        '\t' | '\n' | '\r' => i18n::text(Text::OverviewEditBreak).to_owned(),
        other => other.to_string(),
    };
    with(key, "character", &shown)
}

/// What is wrong with an image (tracked).
pub fn image(error: &ImageError) -> String {
    match error {
        ImageError::Empty => i18n::text(Text::RuleImageEmpty).to_owned(),
        ImageError::Digest => i18n::text(Text::RuleImageDigest).to_owned(),
        ImageError::Registry { registry } => with(Text::RuleImageRegistry, "registry", registry),
        ImageError::Port { port } => with(Text::RuleImagePort, "port", port),
        ImageError::UpperCase { segment } => with(Text::RuleImageUpperCase, "segment", segment),
        ImageError::EmptySegment => i18n::text(Text::RuleImageEmptySegment).to_owned(),
        ImageError::Segment { segment } => with(Text::RuleImageSegment, "segment", segment),
        ImageError::Tag { tag } => with(Text::RuleImageTag, "tag", tag),
    }
}

/// What is wrong with the name of a container (tracked).
pub fn container_name(error: NameError) -> String {
    match error {
        NameError::Empty => i18n::text(Text::RuleNameEmpty).to_owned(),
        NameError::TooLong { length } => with(Text::RuleNameTooLong, "length", &length.to_string()),
        NameError::Character { character } => with_character(Text::RuleNameCharacter, character),
        NameError::Edge { character } => with_character(Text::RuleNameEdge, character),
    }
}

/// What is wrong with the name of a variable (tracked).
pub fn env_name(error: EnvNameError) -> String {
    match error {
        EnvNameError::Empty => i18n::text(Text::RuleNameEmpty).to_owned(),
        EnvNameError::Digit { digit } => with(Text::RuleEnvDigit, "digit", &digit.to_string()),
        EnvNameError::Character { character } => with_character(Text::RuleEnvCharacter, character),
    }
}

/// What is wrong with a path (tracked).
pub fn path(error: PathError) -> &'static str {
    i18n::text(match error {
        PathError::Empty => Text::RulePathEmpty,
        PathError::Relative => Text::RulePathRelative,
        PathError::EmptySegment => Text::RulePathEmptySegment,
        PathError::Parent => Text::RulePathParent,
        PathError::WhiteSpace => Text::RulePathWhiteSpace,
    })
}
