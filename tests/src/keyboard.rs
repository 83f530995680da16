//! Working without a pointer: Tab leads somewhere, keys do something there.

use anyhow::{Result, bail};
use thirtyfour::{Key, TypingData};

use crate::console::Console;
use crate::engine::Engine;
use crate::wait::until;

/// So many times Tab is pressed before something counts as out of reach: once around the longest page.
const FURTHEST: usize = 160;

impl Console {
    /// The name of what has the focus: its label, or its text; empty where nothing has.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn focused(&self) -> Result<String> {
        let script = "const it = document.activeElement;
            if (!it || it === document.body) return '';
            const name = it.getAttribute('aria-label') ?? it.labels?.[0]?.textContent ?? it.textContent;
            return name.trim().replace(/\\s+/g, ' ')";
        Ok(self.run(script).await?.as_str().unwrap_or_default().to_owned())
    }

    /// Waits until something of that name has the focus, without a key being pressed.
    ///
    /// # Errors
    /// When it does not get it.
    pub async fn has_focus(&self, name: &str) -> Result<()> {
        until(&format!("the focus on \"{name}\""), async || {
            Ok((self.focused().await? == name).then_some(()))
        })
        .await
    }

    /// Presses keys as a keyboard does, on whatever has the focus.
    ///
    /// # Errors
    /// When the browser does not take them.
    pub async fn keys(&self, keys: impl Into<TypingData>) -> Result<()> {
        // Given to an element, Tab would not leave a field for dates.
        self.driver().action_chain().send_keys(keys).perform().await?;
        Ok(())
    }

    /// Presses Tab until something of exactly that name has the focus.
    ///
    /// # Errors
    /// When Tab does not lead there; the error tells where it led.
    pub async fn tab_to(&self, name: &str) -> Result<()> {
        let mut passed = Vec::new();
        for _ in 0..FURTHEST {
            self.keys(Key::Tab).await?;
            let mut now = self.focused().await?;
            if now.is_empty() && self.engine != Engine::Chromium {
                now = self.enter_anew().await?;
            }
            if now == name {
                return Ok(());
            }
            passed.push(now);
        }
        bail!("Tab does not lead to \"{name}\", but to {passed:?}")
    }

    /// After the end of the page Tab goes on in the browser's own bars, which no driver but Chromium's leaves again: the page is entered
    /// anew, where Tab enters it, and the name of what has the focus then is answered.
    async fn enter_anew(&self) -> Result<String> {
        let script = "const modal = [...document.querySelectorAll('dialog:modal')].at(-1);
            const reachable = 'a[href], button, input, select, textarea, summary, [tabindex], [contenteditable=true]';
            [...(modal ?? document).querySelectorAll(reachable)]
                .find((it) => it.tabIndex >= 0 && !it.disabled && it.checkVisibility({ visibilityProperty: true }) && !it.closest('[inert]'))
                ?.focus()";
        self.run(script).await?;
        self.focused().await
    }

    /// Goes to a button or a link and presses Enter.
    ///
    /// # Errors
    /// When Tab does not lead there.
    pub async fn enter(&self, name: &str) -> Result<()> {
        self.tab_to(name).await?;
        self.keys(Key::Enter).await
    }

    /// Goes to a check box and presses the space bar.
    ///
    /// # Errors
    /// When Tab does not lead there.
    pub async fn toggle(&self, name: &str) -> Result<()> {
        self.tab_to(name).await?;
        self.keys(" ").await
    }

    /// Goes to a field and types a text in place of what is in it.
    ///
    /// # Errors
    /// When Tab does not lead there.
    pub async fn type_into(&self, label: &str, text: &str) -> Result<()> {
        self.tab_to(label).await?;
        self.press(Key::Control + "a").await?;
        self.keys(text).await
    }
}
