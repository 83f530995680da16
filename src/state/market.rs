//! What the market sells. It belongs to nobody, so it outlives a sign-out.

use vcloud_api::calls::{ListCategories, ListServiceTypes};
use vcloud_api::types::{Category, PageRequest, ServiceType};
use vcloud_api::{ApiError, Auth};

use super::App;
use super::query::{Answer, Cache};
use crate::net::{self, Abort};

/// Entries a page.
const PAGE: u64 = 100;

/// Everything on sale.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sold {
    /// The service types of all providers.
    pub types: Vec<ServiceType>,
    /// The categories that they are in; none where the platform does not say.
    pub categories: Vec<Category>,
}

impl Sold {
    /// What the provider says of the category of a service type; empty where it says nothing.
    pub fn about_category(&self, of: &ServiceType) -> &str {
        let category = self
            .categories
            .iter()
            .find(|category| category.provider == of.provider && category.name == of.category);
        category.map_or("", |category| &category.description)
    }
}

/// What is known of the market.
pub type Market = Cache<(), Sold>;

/// One look at all of the market: both lists at the same time, further pages one after the other.
pub fn fetch(app: App, abort: Abort) -> Answer<Sold> {
    Box::pin(async move {
        let (types, categories) = futures_util::future::join(types(app, &abort), categories(app, &abort)).await;
        let types = types?;
        for sold in &types {
            app.services.types.put(&sold.id, sold.clone());
        }
        Ok(Sold {
            types,
            // Their descriptions are all that would be missing.
            categories: categories.unwrap_or_default(),
        })
    })
}

async fn types(app: App, abort: &Abort) -> Result<Vec<ServiceType>, ApiError> {
    let mut all = Vec::new();
    let mut wanted = Some(PageRequest::new(1, PAGE));
    while let Some(page) = wanted {
        let call = ListServiceTypes {
            page,
            ..ListServiceTypes::default()
        };
        let listed = net::send(&call, &app.config().platform, &Auth::None, abort).await?;
        wanted = page.after(&listed);
        all.extend(listed.list);
    }
    Ok(all)
}

async fn categories(app: App, abort: &Abort) -> Result<Vec<Category>, ApiError> {
    let call = ListCategories {
        page: PageRequest::new(1, PAGE),
        ..ListCategories::default()
    };
    Ok(net::send(&call, &app.config().platform, &Auth::None, abort).await?.list)
}
