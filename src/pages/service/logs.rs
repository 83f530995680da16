//! What the containers print.

use leptos::prelude::*;

use super::data::ServiceData;
use crate::state::App;

/// The tab.
#[component]
pub fn Logs(app: App, data: ServiceData) -> impl IntoView {
    let _ = (app, data);
}
