//! What the browser's console says.

use std::sync::PoisonError;

use anyhow::{Context as _, Result, ensure};

use crate::console::Console;
use crate::engine::Engine;
use crate::policy::VIOLATED;

impl Console {
    /// Announces that the browser's console will name errors with this text in them: those that a fault causes.
    pub fn expect_error(&self, part: &str) {
        self.expected
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push(part.to_owned());
    }

    /// Everything that the browser's console has said so far, each line with its level.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn messages(&self) -> Result<Vec<String>> {
        let new = match self.engine {
            Engine::Chromium => {
                let log = self.driver.browser_log().await?;
                log.into_iter()
                    .map(|entry| format!("{} {}", entry.level, entry.message))
                    .collect()
            }
            Engine::Firefox | Engine::WebKit => self.heard().await?,
        };
        let mut messages = self.messages.lock().unwrap_or_else(PoisonError::into_inner);
        messages.extend(new);
        Ok(messages.clone())
    }

    /// Makes sure that the browser's console named no error that was not announced.
    ///
    /// # Errors
    /// When it did.
    pub async fn quiet(&self) -> Result<()> {
        let messages = self.messages().await?;
        let expected = self.expected.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let errors: Vec<&String> = messages
            .iter()
            .filter(|message| message.starts_with("SEVERE"))
            .filter(|message| !expected.iter().any(|part| message.contains(part)))
            .collect();
        ensure!(errors.is_empty(), "errors in the browser's console:\n{errors:#?}");
        Ok(())
    }

    /// Has a page that has started keep what its console would say: what is thrown, what the program calls an error, and what is
    /// against the policy. Only Chromium's driver tells that by itself, and what the network refused as well.
    pub(crate) async fn listen(&self) -> Result<()> {
        if self.engine == Engine::Chromium {
            return Ok(());
        }
        let script = format!(
            "if (!window.heard) {{
                window.heard = [];
                const hear = (text) => window.heard.push(`SEVERE ${{text}}`);
                addEventListener('error', (event) => hear(event.message ?? 'something did not load'));
                addEventListener('unhandledrejection', (event) => hear(`unhandled: ${{event.reason}}`));
                document.addEventListener('securitypolicyviolation', (event) =>
                    hear(`{VIOLATED}${{event.effectiveDirective}} ${{event.blockedURI}} ${{event.sample}}`));
                const said = console.error;
                console.error = (...words) => {{ hear(words.join(' ')); said.apply(console, words); }};
            }}"
        );
        self.run(&script).await?;
        Ok(())
    }

    /// Takes what the page has kept, before it goes.
    pub(crate) async fn leaving(&self) -> Result<()> {
        if self.engine != Engine::Chromium {
            self.messages().await?;
        }
        Ok(())
    }

    async fn heard(&self) -> Result<Vec<String>> {
        let heard = self.run("return window.heard?.splice(0) ?? []").await?;
        serde_json::from_value(heard).context("no list of texts")
    }
}
