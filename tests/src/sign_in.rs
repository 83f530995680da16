//! Ways into the console that many journeys start with.

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::console::Console;
use crate::find::{BUTTON, CHECKBOX, HEADING, TAB};
use crate::platform::Platform;

/// The password of what [`Console::open_kept`] keeps.
pub const KEPT_PASSWORD: &str = "correct horse battery";

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

    /// Opens an address and signs in with the demo account.
    ///
    /// # Errors
    /// When the console does not start, or offers no demo account.
    pub async fn open_demo(&self, route: &str) -> Result<()> {
        self.goto(route).await?;
        self.sign_in_demo().await
    }

    /// Opens an address and signs in with the demo account, kept in the browser under [`KEPT_PASSWORD`].
    ///
    /// # Errors
    /// When the console does not start, or takes no seed phrase.
    pub async fn open_kept(&self, route: &str) -> Result<()> {
        let (seed, _) = self.platform().demo_account().await?;
        self.goto(route).await?;
        self.fill(self.t("seed.label"), &seed).await?;
        self.click(CHECKBOX, self.t("keep.label")).await?;
        self.fill(self.t("keep.password"), KEPT_PASSWORD).await?;
        self.fill(self.t("keep.again"), KEPT_PASSWORD).await?;
        self.click(BUTTON, self.t("sign_in.action")).await
    }

    /// Opens what is kept under [`KEPT_PASSWORD`].
    ///
    /// # Errors
    /// When the console is not locked.
    pub async fn unlock(&self) -> Result<()> {
        self.page(self.t("unlock.title")).await?;
        self.fill(self.t("unlock.password"), KEPT_PASSWORD).await?;
        self.click(BUTTON, self.t("unlock.action")).await
    }

    /// Signs in with an access token, from the sign-in page. Whether it was taken is for the journey to see.
    ///
    /// # Errors
    /// When there is no sign-in page.
    pub async fn sign_in_token(&self, token: &str) -> Result<()> {
        self.click(TAB, self.t("sign_in.token")).await?;
        self.fill(self.t("token.label"), token).await?;
        self.click(BUTTON, self.t("sign_in.action")).await
    }

    /// Waits for the page with that heading.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn page(&self, heading: &str) -> Result<()> {
        self.find(HEADING, heading).await?;
        Ok(())
    }

    /// The name of the button of the account in use, for the account with this address.
    ///
    /// # Panics
    /// When this is too short for an address.
    pub fn account_name(&self, address: &str) -> String {
        let short = format!("{}…{}", &address[..6], &address[address.len() - 4..]);
        self.t_with("account.name", &[("address", &short)])
    }

    /// The button that locks the console, or signs out where nothing is kept: whichever the text's key names.
    ///
    /// # Errors
    /// When there is no such button.
    pub async fn leave(&self, key: &str) -> Result<()> {
        self.click(BUTTON, self.t(key)).await
    }
}

impl Platform {
    /// The demo account's service with that status (`ServiceRunning`) in that region: labels are sealed, so a service is known
    /// by what is not.
    ///
    /// # Errors
    /// When the demo account has none.
    pub async fn service_in(&self, region: &str, status: &str) -> Result<String> {
        let services = self.services().await?;
        let found = services
            .iter()
            .find(|service| service["status"] == status && service["serviceOptions"]["region"] == region);
        found
            .and_then(|service| service["id"].as_str())
            .map(str::to_owned)
            .with_context(|| format!("no service in {region} with the status {status}"))
    }

    /// Has the console's `config.json` read as the platform gives it, with these fields changed; `null` removes one.
    ///
    /// # Errors
    /// When the platform does not answer.
    pub async fn configure(&self, changes: &Value) -> Result<()> {
        let mut configuration = self.get("/config.json").await?;
        let fields = configuration
            .as_object_mut()
            .context("the configuration is no object")?;
        for (name, value) in changes.as_object().context("changes are no object")? {
            if value.is_null() {
                fields.remove(name);
            } else {
                fields.insert(name.clone(), value.clone());
            }
        }
        let fault = serde_json::json!({ "path": "/config.json", "body": configuration.to_string() });
        self.fault(fault).await?;
        Ok(())
    }
}
