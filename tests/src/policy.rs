//! The page's Content-Security-Policy, watched.

use anyhow::{Context as _, Result, ensure};
use serde_json::json;

use crate::console::Console;

/// What the browser's console says of a violation begins so: every journey fails where its page does what the policy forbids.
pub(crate) const VIOLATED: &str = "against the page's policy: ";

impl Console {
    /// Has every page from now on say what it did against its policy, before anything else runs in it.
    pub(crate) async fn watch_policy(&self) -> Result<()> {
        let script = format!(
            "document.addEventListener('securitypolicyviolation', (event) =>
                console.error(`{VIOLATED}${{event.effectiveDirective}} ${{event.blockedURI}} ${{event.sample}}`));"
        );
        self.before_every_page(&script).await
    }

    /// What pages did against their policy so far: directive, what was refused, and how it began where it is text.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn violations(&self) -> Result<Vec<String>> {
        let messages = self.messages().await?;
        let found = messages
            .iter()
            .filter_map(|message| Some(message.split_once(VIOLATED)?.1));
        Ok(found.map(|rest| rest.trim_end_matches('"').to_owned()).collect())
    }

    /// Goes to another page of the console as a link does: whoever is signed in stays so.
    ///
    /// # Errors
    /// When the page does not come.
    pub async fn visit(&self, route: &str) -> Result<()> {
        let script = "const link = Object.assign(document.createElement('a'), { href: arguments[0] });
            document.body.append(link);
            link.click();
            link.remove();";
        self.driver.execute(script, vec![route.into()]).await?;
        self.wait_route(route).await
    }

    /// Runs JavaScript as a script of the page would run, which the policy is about, unlike what a driver runs; answers what was
    /// thrown.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn thrown(&self, script: &str) -> Result<String> {
        let in_page = format!(
            "const [tell] = arguments;
            setTimeout(() => {{
                try {{ {script}; tell(''); }} catch (error) {{ tell(String(error)); }}
            }});"
        );
        let thrown = self.driver.execute_async(&in_page, Vec::new()).await?;
        Ok(thrown.json().as_str().context("no text")?.to_owned())
    }

    /// Has the browser ask for every file again, those that it may keep for ever as well.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn forget_files(&self) -> Result<()> {
        self.send("Network.clearBrowserCache", json!({})).await?;
        Ok(())
    }

    /// Makes sure that no page did anything against its policy.
    ///
    /// # Errors
    /// When one did.
    pub async fn keeps_policy(&self) -> Result<()> {
        let violations = self.violations().await?;
        ensure!(violations.is_empty(), "against the page's policy: {violations:#?}");
        Ok(())
    }
}
