//! Deployments: starting a service, changing what runs in it, and what becomes of it.

use anyhow::Result;
use browser_tests::{BUTTON, Setup, journey};

#[tokio::test]
async fn a_usable_service_is_started() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = console.platform().service_in("Europe", "ServicePending").await?;
        console.open_demo(&format!("/service/{id}/deployment")).await?;
        console.find(BUTTON, console.t("deploy.review")).await?;
        Ok(())
    })
    .await
}
