//! What is there from the first start on: the market, the wallets of its providers, and the demonstration's account with its
//! services. Made once for a data directory; a later start finds it as it was left.

mod demonstration;
mod market;
mod plans;

use rusqlite::Connection;
use serde_json::Value;

use crate::platform::SharedPlatform;
use crate::refusal::Outcome;
use crate::store::{Page, market as stored, remember, remembered};

/// The provider that clients ask for unless told otherwise (contract, Hosts).
pub const DEFAULT_PROVIDER: &str = "v-kube-service";
/// Key under which the demo account's seed phrase is remembered.
pub const DEMO_SEED: &str = "demo seed";
/// Key under which the demo account's address is remembered.
pub const DEMO_ADDRESS: &str = "demo address";
/// Key that says that the market was made.
const MARKET_MADE: &str = "market made";

/// Makes the market where there is none yet.
///
/// # Errors
/// When the database fails.
pub fn market(connection: &Connection) -> Outcome<()> {
    if remembered(connection, MARKET_MADE)?.is_none() {
        market::make(connection)?;
        remember(connection, MARKET_MADE, "yes")?;
    }
    Ok(())
}

/// Makes the demo account and its services where there are none yet, and as many more services as the options ask for.
///
/// # Errors
/// When the database or the runtime fails.
pub async fn demonstration(platform: &SharedPlatform) -> anyhow::Result<()> {
    demonstration::make(platform).await
}

/// All regions that a provider's service types offer.
///
/// # Errors
/// When the database fails.
pub fn regions(connection: &Connection, provider: &str) -> Outcome<Vec<String>> {
    let all = Page {
        current: 1,
        size: Page::LARGEST,
    };
    let mut regions: Vec<String> = Vec::new();
    for service in stored::service_types(connection, Some(provider), None, None, all)?.entries {
        let offered = service.service_options.get("region").and_then(Value::as_array);
        for region in offered.into_iter().flatten().filter_map(Value::as_str) {
            if !regions.iter().any(|known| known == region) {
                regions.push(region.to_owned());
            }
        }
    }
    Ok(regions)
}
