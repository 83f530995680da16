//! What a region's host says of a service, asked past the console.

use anyhow::{Context as _, Result};
use serde_json::{Value, json};

use crate::platform::Platform;

impl Platform {
    /// Asks the host of a service's region with the service's secret: `/api/v1/k8s/pod/status`.
    ///
    /// # Errors
    /// When there is no such service, or its region refuses.
    pub async fn ask_region(&self, id: &str, path: &str) -> Result<Value> {
        let token = self.post("/dev/tokens", &json!({ "userServiceID": id })).await?;
        let services = self.services().await?;
        let service = services.iter().find(|service| service["id"] == id);
        let service = service.context("no such service")?;
        let region = service["serviceOptions"]["region"].as_str().context("no region")?;
        let host = region.to_lowercase().replace(' ', "-");
        let port = self.address().rsplit(':').next().unwrap_or_default();
        // The machine need not know the region's name: the host is named in the header alone.
        let answer = reqwest::Client::new()
            .get(format!("{}{path}", self.address()))
            .header("host", format!("{host}.localhost:{port}"))
            .header("secret", token["secret"].as_str().context("no secret")?)
            .send()
            .await?
            .error_for_status()?;
        Ok(answer.json().await?)
    }
}
