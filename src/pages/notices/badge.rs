//! The number beside the menu's entry.

use leptos::prelude::*;

use crate::i18n::{self, Text};
use crate::state::App;
use crate::state::notices::{NoticeKey, Scope, USUAL_PAGE, unseen};

/// How many notices have not been seen yet.
#[component]
pub fn UnseenBadge(app: App) -> impl IntoView {
    let provider = app.config().provider.clone();
    let newest = {
        let provider = provider.clone();
        app.notices.follow(app, move || {
            Some(NoticeKey {
                account: app.session.address()?,
                provider: provider.clone(),
                service: String::new(),
                scope: Scope::Page {
                    current: 1,
                    size: USUAL_PAGE,
                },
            })
        })
    };
    move || {
        let account = app.session.address()?;
        let state = newest.get();
        let unseen = unseen(state.value()?, app.notices.seen(&account, &provider));
        let count = unseen.count.to_string();
        let shown = if unseen.or_more { format!("{count}+") } else { count };
        (unseen.count > 0).then(|| {
            let spoken = i18n::text_with(Text::NoticesUnseen, &[("count", &shown)]);
            view! {
                <span class="count" aria-hidden="true">{shown}</span>
                <span class="visually-hidden">{spoken}</span>
            }
        })
    }
}
