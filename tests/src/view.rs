//! How the page is looked at: its size, its colours, its motion.

use anyhow::Result;
use serde_json::json;

use crate::console::Console;
use crate::engine::Engine;
use crate::wait::until;

impl Console {
    /// Gives the page another size, in CSS pixels.
    ///
    /// # Errors
    /// When the browser does not answer, or has no window of that size: only Chromium has narrower ones than 450 pixels.
    pub async fn size(&self, width: u32, height: u32) -> Result<()> {
        if self.engine == Engine::Chromium {
            let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
            self.send("Emulation.setDeviceMetricsOverride", metrics).await?;
            return Ok(());
        }
        // The window is larger than its page by what the browser draws around it, which is told only once it is there.
        let inner = async || -> Result<(u32, u32)> {
            let size = self.run("return [innerWidth, innerHeight]").await?;
            Ok(serde_json::from_value(size)?)
        };
        self.driver.set_window_rect(0, 0, width, height).await?;
        until("the window to have its size", async || {
            let (now_wide, now_high) = inner().await?;
            if (now_wide, now_high) == (width, height) {
                return Ok(Some(()));
            }
            let window = self.driver.get_window_rect().await?;
            let fitted = |now: u32, wanted: u32, window: i64| window + i64::from(wanted) - i64::from(now);
            let (wide, high) = (
                fitted(now_wide, width, window.width),
                fitted(now_high, height, window.height),
            );
            self.driver
                .set_window_rect(0, 0, u32::try_from(wide)?, u32::try_from(high)?)
                .await?;
            Ok(None)
        })
        .await
    }

    /// Sets the system's colours to dark or light, in Chromium: the others are told when they start. Motion is always reduced: what
    /// moves is never where it was measured.
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
        // The page learns of it a moment after the browser does.
        until("the page to know its colours", async || {
            let is_dark = self
                .run("return matchMedia('(prefers-color-scheme: dark)').matches")
                .await?;
            Ok((is_dark == json!(dark)).then_some(()))
        })
        .await
    }

    /// Makes sure that nothing is wider than the page: no sideways scrolling of the whole page.
    ///
    /// # Errors
    /// When the page scrolls sideways.
    pub async fn fits(&self) -> Result<()> {
        let script = "
            const width = document.documentElement.clientWidth;
            const reaching = [...document.body.querySelectorAll('*')].filter((element) => element.getBoundingClientRect().right > width);
            const named = reaching.map((element) => `${element.tagName.toLowerCase()}.${[...element.classList].join('.')}`);
            return document.documentElement.scrollWidth > width ? [width, document.documentElement.scrollWidth, named.slice(-5)] : null";
        let too_wide = self.run(script).await?;
        anyhow::ensure!(
            too_wide.is_null(),
            "the page has {} pixels and needs {}; these reach out of it, among others: {}",
            too_wide[0],
            too_wide[1],
            too_wide[2]
        );
        Ok(())
    }
}
