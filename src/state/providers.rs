//! Which providers there are: notices and account e-mail are kept by each of them for itself.

use leptos::prelude::*;
use vcloud_api::Auth;
use vcloud_api::calls::ListProviders;
use vcloud_api::types::PageRequest;

use super::query::{Answer, Cache};
use super::{App, query};
use crate::net;

/// More than there will be.
const ALL: u64 = 100;

/// They hardly ever change.
const REFRESH_MS: f64 = 600_000.0;

/// The providers' names.
pub type Providers = Cache<(), Vec<String>>;

/// The names of the providers, the configured one first. It alone until the others are known.
pub fn use_providers(app: App) -> Signal<Vec<String>> {
    let names = query::use_query(
        app.clock,
        app.providers,
        || Some(()),
        || REFRESH_MS,
        move |(), abort| -> Answer<Vec<String>> {
            Box::pin(async move {
                let call = ListProviders {
                    page: PageRequest::new(1, ALL),
                };
                let page = net::send(&call, &app.config().platform, &Auth::None, &abort).await?;
                Ok(page.list.into_iter().map(|provider| provider.name).collect())
            })
        },
    );
    Signal::derive(move || {
        let own = app.config().provider.clone();
        let mut all = vec![own.clone()];
        if let Some(names) = names.get().value() {
            all.extend(names.iter().filter(|name| **name != own && !name.is_empty()).cloned());
        }
        all
    })
}
