//! What journeys through refunds, renewals and orders share.

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::console::Console;
use crate::find::CHECKBOX;
use crate::platform::Platform;
use crate::traffic::Exchange;

impl Console {
    /// Ticks the rows of these services in the list shown.
    ///
    /// # Errors
    /// When one of them is not there.
    pub async fn select_services(&self, ids: &[&str]) -> Result<()> {
        for id in ids {
            let name = self.t_with("list.select_service", &[("id", id)]);
            self.click(CHECKBOX, &name).await?;
        }
        Ok(())
    }

    /// The text with this key for so many things, in English.
    ///
    /// # Panics
    /// When there is no such text.
    pub fn counted(&self, key: &str, count: usize) -> String {
        let key = format!("{key}.{}", if count == 1 { "one" } else { "other" });
        // Some texts for one thing do not name the number.
        self.t(&key).replace("{count}", &count.to_string())
    }

    /// The requests to this path that change something.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn posted(&self, path: &str) -> Result<Vec<Exchange>> {
        let mut sent = self.requests_to(path).await?;
        sent.retain(|exchange| exchange.method == "POST");
        Ok(sent)
    }
}

impl Platform {
    /// One of the demo account's services, as the platform lists it.
    ///
    /// # Errors
    /// When there is none of this id.
    pub async fn service(&self, id: &str) -> Result<Value> {
        let services = self.services().await?;
        let found = services.into_iter().find(|service| service["id"] == id);
        found.with_context(|| format!("no service {id}"))
    }
}
