//! Syntax of configuration files: which one it is, whether it is right, and how to colour it.

mod check;
mod guess;
mod highlight;
mod ini;
mod json;
mod nginx;
mod scanner;
mod yaml;

use std::ops::Range;

pub use check::check;
pub(crate) use check::{json_error, without_mark};
pub use guess::{of_path, of_text};
pub use highlight::highlight;

/// A syntax of configuration files.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Syntax {
    /// Nothing that is known.
    #[default]
    Plain,
    /// JSON.
    Json,
    /// YAML.
    Yaml,
    /// Sections, and keys with values: INI, properties, `.env`, TOML as far as it is like them.
    Ini,
    /// Directives and blocks, as nginx has them.
    Nginx,
}

/// What breaks the rules of a syntax, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyntaxError {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
    /// What is wrong, in English. It quotes nothing of the text, which may be secret.
    pub message: String,
}

/// What a part of a text is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The name of a value, or of a directive.
    Key,
    /// A text.
    String,
    /// A number.
    Number,
    /// `true`, `null`, a variable, an anchor, a tag.
    Literal,
    /// A comment.
    Comment,
    /// What holds it together: brackets, colons, dashes.
    Punctuation,
    /// The name of a section, or what divides documents.
    Section,
}

/// A part of a text that is coloured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Span {
    /// Where it is, in bytes.
    pub range: Range<usize>,
    /// What it is.
    pub kind: Kind,
}
