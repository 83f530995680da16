//! axe, which finds what keeps people out of a page.

use std::fmt::Write as _;
use std::fs;

use anyhow::{Context, Result, bail};
use serde_json::Value;

use crate::console::Console;
use crate::environment;

impl Console {
    /// Makes sure that the page as it is now, once it has settled, has no violation of any rule of axe's standard set.
    ///
    /// # Errors
    /// When it has; the error names every element and how to mend it.
    pub async fn accessible(&self) -> Result<()> {
        self.settled().await?;
        if self.run("return typeof window.axe === 'undefined'").await? == Value::Bool(true) {
            let file = environment::axe()?;
            let script = fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
            self.run(&script).await.context("axe does not start")?;
        }
        let found = self
            .run("return axe.run(document, { resultTypes: ['violations'] }).then((result) => result.violations)")
            .await?;
        let violations = found.as_array().context("axe answered something else than a list")?;
        if !violations.is_empty() {
            bail!("{} is not accessible:\n{}", self.route().await?, describe(violations));
        }
        Ok(())
    }
}

fn describe(violations: &[Value]) -> String {
    let mut text = String::new();
    let part = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    for violation in violations {
        let (impact, rule, help) = (
            part(&violation["impact"]),
            part(&violation["id"]),
            part(&violation["help"]),
        );
        let _ = writeln!(text, "* {rule} ({impact}): {help}\n  {}", part(&violation["helpUrl"]));
        for node in violation["nodes"].as_array().into_iter().flatten() {
            let _ = writeln!(text, "  at {}\n    {}", node["target"], part(&node["html"]));
            for line in part(&node["failureSummary"]).lines() {
                let _ = writeln!(text, "    {line}");
            }
        }
    }
    text
}
