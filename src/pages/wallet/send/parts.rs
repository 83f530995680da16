//! What form, review and result have in common.

use leptos::prelude::*;
use vsys::{Address, IdentifierError, Network};

use super::input::{ADDRESS_LENGTH, groups};
use crate::i18n::{self, Text, t};
use crate::pages::order::payment::words;
use crate::pages::wallet::name_of;
use crate::state::App;

/// What the account with this address is called, if it is one of those shown (tracked).
pub fn own_name(app: App, address: &Address) -> Option<String> {
    let text = address.to_string();
    let index = app.session.addresses().iter().position(|own| *own == text)?;
    Some(name_of(app, index, &text))
}

/// The name of a network.
pub fn network_name(network: Network) -> &'static str {
    i18n::text(match network {
        Network::Mainnet => Text::NetworkMainnet,
        Network::Testnet => Text::NetworkTestnet,
    })
}

/// What is wrong with an address, in words.
pub fn why_no_address(error: IdentifierError, count: usize) -> String {
    match error {
        IdentifierError::NotBase58 => i18n::text(Text::SendToLetters).to_owned(),
        IdentifierError::Length => {
            let values = [("most", ADDRESS_LENGTH.to_string()), ("count", count.to_string())];
            i18n::text_with(Text::SendToLength, &[("most", &values[0].1), ("count", &values[1].1)])
        }
        IdentifierError::Checksum => i18n::text(Text::SendToChecksum).to_owned(),
        IdentifierError::Version { .. } | IdentifierError::UnknownNetwork => i18n::text(Text::SendToKind).to_owned(),
        IdentifierError::WrongNetwork { expected, found } => i18n::text_with(
            Text::SendToNetwork,
            &[("found", network_name(found)), ("expected", network_name(expected))],
        ),
    }
}

/// A whole address in groups, and what it is called where it is an own account. What is copied from it has no gaps.
#[component]
pub fn AddressGroups(app: App, address: Address) -> impl IntoView {
    view! {
        <span class="address-groups mono">
            {groups(&address).into_iter().map(|group| view! { <span>{group}</span> }).collect_view()}
        </span>
        {move || own_name(app, &address).map(|name| view! { <span class="soft small">{name}</span> })}
    }
}

/// Balance, amount, fee, and what is left; an ellipsis for what is not known yet.
#[component]
pub fn Sums(available: Option<u64>, units: Option<u64>, fee: u64) -> impl IntoView {
    let unknown = || "…".to_owned();
    let minus = |units: u64| format!("− {}", words::native(units));
    let left = available.zip(units).map(|(available, units)| {
        let left = available.checked_sub(fee).and_then(|rest| rest.checked_sub(units));
        left.map_or_else(|| "–".to_owned(), words::native)
    });
    view! {
        <dl class="sum sums">
            <dt>{t(Text::PaymentsBalance)}</dt>
            <dd class="number">{available.map_or_else(unknown, words::native)}</dd>
            <dt>{t(Text::PaymentsAmount)}</dt>
            <dd class="number">{units.map_or_else(unknown, minus)}</dd>
            <dt>{t(Text::PaymentsFee)}</dt>
            <dd class="number">{minus(fee)}</dd>
            <dt class="sum-total">{t(Text::PaymentsLeft)}</dt>
            <dd class="number sum-total">{left.unwrap_or_else(unknown)}</dd>
        </dl>
    }
}
