//! Ways into the console that many journeys start with.

use anyhow::Result;

use crate::console::Console;
use crate::find::BUTTON;

impl Console {
    /// Signs in with the demo account that the platform advertises, from the sign-in page.
    ///
    /// # Errors
    /// When the sign-in page offers none.
    pub async fn sign_in_demo(&self) -> Result<()> {
        let action = self.t("demo.action").to_owned();
        self.click(BUTTON, &action).await?;
        self.gone(BUTTON, &action).await
    }
}
