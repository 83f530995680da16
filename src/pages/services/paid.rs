//! More time or money back for the selected rows.

use std::sync::Arc;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

use super::columns::Row;
use super::selected::Selected;
use crate::components::{Icon, Shape};
use crate::i18n::{Text, t};
use crate::route::{List, Page};
use crate::state::App;
use crate::state::orders::Target;

/// The buttons; only in the lists whose services can be renewed or refunded at all.
#[component]
pub fn RenewAndRefund(app: App, list: List, selected: Selected) -> impl IntoView {
    let navigate = use_navigate();
    let renew = move |_| {
        navigate(
            &Page::Renew(selected.ids_untracked()).path(),
            NavigateOptions::default(),
        );
    };
    let refund = move |_| {
        let target = |row: Row| Target {
            service: row.service,
            label: row.label,
        };
        let targets: Vec<Target> = selected.rows_untracked().into_iter().map(target).collect();
        if !targets.is_empty() {
            app.orders.refund.set(Some(Arc::new(targets)));
        }
    };
    let (renews, refunds) = match list {
        List::Running => (true, true),
        List::Usable => (false, true),
        List::Past | List::Aborted => (false, false),
    };
    view! {
        {renews
            .then(|| {
                view! {
                    <button class="button" type="button" on:click=renew>
                        <Icon shape=Shape::Clock />
                        {t(Text::RenewTitle)}
                    </button>
                }
            })}
        {refunds
            .then(|| {
                view! {
                    <button class="button" type="button" on:click=refund>
                        <Icon shape=Shape::Refund />
                        {t(Text::RefundName)}
                    </button>
                }
            })}
    }
}
