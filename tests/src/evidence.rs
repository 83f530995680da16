//! What is kept of a journey that failed.

use std::fs;
use std::path::PathBuf;

use crate::console::Console;
use crate::environment;

/// The folder of everything that is kept.
pub fn folder() -> PathBuf {
    environment::root().join("target/browser-tests")
}

/// Keeps a picture, the markup, and what the browser and the platform said. A part that cannot be had is left out: the failure
/// itself is what counts.
pub async fn keep(console: &Console, name: &str) {
    let folder = folder();
    let _ = fs::create_dir_all(&folder);
    let file = |extension: &str| folder.join(format!("{name}.{extension}"));
    if let Ok(picture) = console.driver().screenshot_as_png().await {
        let _ = fs::write(file("png"), picture);
    }
    if let Ok(markup) = console.driver().source().await {
        let _ = fs::write(file("html"), markup);
    }
    let address = console.route().await.unwrap_or_default();
    let messages = console.messages().await.unwrap_or_default().join("\n");
    let traffic: Vec<String> = console
        .traffic()
        .await
        .unwrap_or_default()
        .iter()
        .map(|exchange| format!("{exchange:?}"))
        .collect();
    let text = format!(
        "address: {address}\n\nthe browser's console:\n{messages}\n\nrequests:\n{}\n\nthe platform:\n{}\n",
        traffic.join("\n"),
        console.platform().messages()
    );
    let _ = fs::write(file("txt"), text);
    eprintln!("kept in {}: {name}.png, {name}.html, {name}.txt", folder.display());
}

impl Console {
    /// Keeps a picture of the page as it is, for documents and for looking at: `target/browser-tests/NAME.png`.
    ///
    /// # Errors
    /// When it cannot be taken or written.
    pub async fn picture(&self, name: &str) -> anyhow::Result<PathBuf> {
        let file = folder().join(format!("{name}.png"));
        fs::create_dir_all(folder())?;
        fs::write(&file, self.driver.screenshot_as_png().await?)?;
        Ok(file)
    }
}
