//! How the page is looked at: its size, its colours, its motion.

use anyhow::Result;
use serde_json::json;

use crate::console::Console;

impl Console {
    /// Gives the page another size, in CSS pixels.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn size(&self, width: u32, height: u32) -> Result<()> {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
        self.send("Emulation.setDeviceMetricsOverride", metrics).await?;
        Ok(())
    }

    /// Sets the system's colours to dark or light. Motion is always reduced: what moves is never where it was measured.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn dark(&self, dark: bool) -> Result<()> {
        let features = json!([
            { "name": "prefers-color-scheme", "value": if dark { "dark" } else { "light" } },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]);
        self.send("Emulation.setEmulatedMedia", json!({ "features": features }))
            .await?;
        Ok(())
    }

    /// Makes sure that nothing is wider than the page: no sideways scrolling of the whole page.
    ///
    /// # Errors
    /// When the page scrolls sideways.
    pub async fn fits(&self) -> Result<()> {
        let widths = self
            .run("return [document.documentElement.scrollWidth, document.documentElement.clientWidth]")
            .await?;
        anyhow::ensure!(
            widths[0].as_u64() <= widths[1].as_u64(),
            "the page is {} wide in {} of space",
            widths[0],
            widths[1]
        );
        Ok(())
    }
}
