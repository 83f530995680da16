//! What an account is called, and how its name is changed.

use leptos::prelude::*;

use crate::components::{EditRules, InlineEdit};
use crate::i18n::{self, Text};
use crate::pages::own_text::unsaved;
use crate::state::App;
use crate::state::account_names::LONGEST_NAME;
use crate::state::drafts::Resumable;

/// The first and last characters of an address.
pub fn short(address: &str) -> String {
    if address.len() > 12 {
        format!("{}…{}", &address[..6], &address[address.len() - 4..])
    } else {
        address.to_owned()
    }
}

/// The name of an account, or its number where it has none (tracked).
pub fn name_of(app: App, index: usize, address: &str) -> String {
    let number = || i18n::text_with(Text::AccountNumber, &[("number", &(index + 1).to_string())]);
    app.names.get(address).unwrap_or_else(number)
}

/// What is wrong with a name (tracked).
fn problem(name: &str) -> Option<String> {
    let count = name.trim().chars().count();
    if name.chars().any(char::is_control) {
        return Some(i18n::text(Text::WalletNameControl).to_owned());
    }
    (count > LONGEST_NAME).then(|| {
        let values = [("count", count.to_string()), ("limit", LONGEST_NAME.to_string())];
        i18n::text_with(
            Text::OverviewEditTooLong,
            &values.each_ref().map(|(name, value)| (*name, value.as_str())),
        )
    })
}

/// The name and the way to change it.
#[component]
pub fn AccountName(app: App, index: usize, address: StoredValue<String>) -> impl IntoView {
    let open = RwSignal::new(false);
    let place = address.with_value(|address| format!("account-name/{address}"));
    let draft = Resumable::new(app.session, &place, move || open.get());
    let failed = RwSignal::new(None::<String>);
    Effect::new(move |_| {
        if open.get() {
            failed.set(None);
        }
    });
    let shown = move || address.with_value(|address| name_of(app, index, address));
    let save = Callback::new(move |name: String| {
        if address.with_value(|address| app.names.set(address, &name)) {
            open.set(false);
        } else {
            failed.set(Some(untrack(|| i18n::text(Text::WalletNameFailed)).to_owned()));
        }
    });
    let rules = EditRules {
        label: Signal::derive(|| i18n::text(Text::WalletName).to_owned()),
        help: Signal::derive(|| i18n::text(Text::WalletNameRule).to_owned()),
        check: Callback::new(|name: String| problem(&name)),
        limit: LONGEST_NAME,
        is_long: false,
    };
    view! {
        <InlineEdit
            value=Signal::derive(move || address.with_value(|address| app.names.get(address)).unwrap_or_default())
            display=move || view! { <span class="inline-value">{shown}</span> }
            name=Signal::derive(move || i18n::text_with(Text::WalletNameOf, &[("name", &shown())]))
            rules
            obstacle=Signal::stored(None)
            open
            busy=Signal::stored(false)
            failed=failed.into()
            on_save=save
            unsaved=unsaved(draft)
        />
    }
}
