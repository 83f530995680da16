//! What only the owner of a service gets to know from the platform: what is written about it, and the codes that are mailed.

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use crate::platform::Platform;
use crate::wait::until;

impl Platform {
    /// What the host of its region says about a service of the default provider to who has its secret: label, description and
    /// e-mail among it.
    ///
    /// # Errors
    /// When there is no such service, or the host refuses.
    pub async fn details(&self, service: &str) -> Result<Value> {
        let services = self.services().await?;
        let region = services
            .iter()
            .find(|known| known["id"] == service)
            .and_then(|known| known["serviceOptions"]["region"].as_str())
            .with_context(|| format!("no service {service} with a region"))?;
        let token = self.post("/dev/tokens", &json!({ "userServiceID": service })).await?;
        let secret = token["secret"].as_str().context("no secret")?;
        // The machine need not know the region's name: the host is named in the header alone.
        let port = self.address().rsplit(':').next().unwrap_or_default();
        let host = format!("{}.localhost:{port}", region.to_lowercase().replace(' ', "-"));
        let answer: Value = reqwest::Client::new()
            .get(format!("{}/api/v1/k8s/userService", self.address()))
            .header("host", host)
            .header("secret", secret)
            .send()
            .await?
            .json()
            .await?;
        ensure!(answer["error"].is_null(), "the region's host answered {answer}");
        Ok(answer)
    }

    /// Waits for the mail to that address which is the `count`th with a code, and answers the code.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn mailed_code(&self, address: &str, count: usize) -> Result<String> {
        until(&format!("the code number {count} for {address}"), async || {
            let outbox = self.get("/dev/outbox").await?;
            let mails = outbox["list"].as_array().context("no list of mails")?;
            let mut codes: Vec<String> = mails
                .iter()
                .filter(|mail| mail["to"] == address)
                .filter_map(|mail| {
                    let (_, code) = mail["body"].as_str()?.split_once("code is ")?;
                    Some(code.split('.').next()?.to_owned())
                })
                .collect();
            // Newest first.
            codes.reverse();
            Ok(codes.get(count - 1).cloned())
        })
        .await
    }
}
