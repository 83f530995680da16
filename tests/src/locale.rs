//! The console's texts, so that a journey names a text by its key and works in every language.

use std::fs;

use anyhow::{Context, Result};
use serde_json::Value;

use crate::console::Console;
use crate::environment;

/// The texts of one language.
pub struct Texts {
    language: String,
    texts: Value,
}

impl Texts {
    /// Reads the language's file.
    ///
    /// # Errors
    /// When there is none, or it is not JSON.
    pub fn load(language: &str) -> Result<Self> {
        let file = environment::root().join("locales").join(format!("{language}.json"));
        let text = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
        Ok(Self {
            language: language.to_owned(),
            texts: serde_json::from_str(&text)?,
        })
    }

    /// The text with this key.
    ///
    /// # Panics
    /// When there is no such text: the test names a wrong key.
    pub fn text(&self, key: &str) -> &str {
        self.get(key)
            .unwrap_or_else(|| panic!("locales/{}.json has no text {key}", self.language))
    }

    fn get(&self, key: &str) -> Option<&str> {
        key.split('.')
            .try_fold(&self.texts, |texts, part| texts.get(part))?
            .as_str()
    }
}

impl Console {
    /// The text with this key (`menu.running`) in the journey's language.
    ///
    /// # Panics
    /// When there is no such text: the test names a wrong key.
    pub fn t(&self, key: &str) -> &str {
        self.texts.text(key)
    }

    /// The same with its placeholders filled in: `t_with("service.title", &[("name", "web")])`.
    ///
    /// # Panics
    /// When there is no such text, or no such placeholder in it.
    pub fn t_with(&self, key: &str, values: &[(&str, &str)]) -> String {
        let mut text = self.t(key).to_owned();
        for (name, value) in values {
            let placeholder = format!("{{{name}}}");
            assert!(
                text.contains(&placeholder),
                "{key} has no placeholder {placeholder}: {text}"
            );
            text = text.replace(&placeholder, value);
        }
        text
    }
}
