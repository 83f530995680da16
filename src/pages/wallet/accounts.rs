//! The table of accounts and what they have.

use leptos::prelude::*;
use payments::coins;
use vcloud_api::types::BalanceDetails;
use vsys::transaction::UNITS_PER_VSYS;

use super::names::AccountName;
use super::{name_of, short};
use crate::components::{CopyButton, Icon, Shape};
use crate::i18n::{self, Text, t};
use crate::route::Page;
use crate::state::{App, Remote};

/// A column of balances.
#[derive(Clone, Copy)]
struct Column {
    name: Text,
    about: Text,
    of: fn(&BalanceDetails) -> u64,
}

const COLUMNS: [Column; 4] = [
    Column {
        name: Text::WalletRegular,
        about: Text::WalletBalancesRegular,
        of: |balance| balance.regular,
    },
    Column {
        name: Text::WalletAvailable,
        about: Text::WalletBalancesAvailable,
        of: |balance| balance.available,
    },
    Column {
        name: Text::WalletEffective,
        about: Text::WalletBalancesEffective,
        of: |balance| balance.effective,
    },
    Column {
        name: Text::WalletMinting,
        about: Text::WalletBalancesMinting,
        of: |balance| balance.minting_average,
    },
];

/// Units as people read them.
fn amount(units: u64) -> String {
    coins(units, UNITS_PER_VSYS).to_string()
}

/// Each column's sum over the accounts whose balances are known, and how many those are.
fn total(known: &[BalanceDetails]) -> Option<[u64; 4]> {
    let mut sums = [0_u64; 4];
    for (sum, column) in sums.iter_mut().zip(COLUMNS) {
        for balance in known {
            *sum = sum.checked_add((column.of)(balance))?;
        }
    }
    Some(sums)
}

/// The table.
#[component]
pub fn Accounts(app: App, addresses: Memo<Vec<String>>, on_show: Callback<String>) -> impl IntoView {
    view! {
        <div class="table-frame">
            <table class="table table-cards accounts" role="table" aria-label=t(Text::WalletAccounts)>
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader" scope="col">{t(Text::WalletNumber)}</th>
                        <th role="columnheader" scope="col">{t(Text::WalletAccounts)}</th>
                        {COLUMNS
                            .map(|column| view! { <th role="columnheader" scope="col" class="number">{t(column.name)}</th> })
                            .collect_view()}
                        <th role="columnheader" scope="col">{t(Text::WalletActions)}</th>
                    </tr>
                </thead>
                <tbody role="rowgroup">
                    <For
                        each=move || addresses.get().into_iter().enumerate()
                        key=|(_, address)| address.clone()
                        children=move |(index, address)| view! { <Row app index address on_show /> }
                    />
                </tbody>
                <Total app addresses />
            </table>
        </div>
        <details class="disclosure">
            <summary>{t(Text::WalletBalances)}</summary>
            <dl class="fact-list">
                {COLUMNS
                    .map(|column| {
                        view! {
                            <dt>{t(column.name)}</dt>
                            <dd>{t(column.about)}</dd>
                        }
                    })
                    .collect_view()}
            </dl>
        </details>
    }
}

#[component]
fn Row(app: App, index: usize, address: String, on_show: Callback<String>) -> impl IntoView {
    let number = u32::try_from(index).unwrap_or(u32::MAX);
    let shown = short(&address);
    let address = StoredValue::new(address);
    let name = move || address.with_value(|address| name_of(app, index, address));
    let is_used = Memo::new(move |_| {
        let used = app.session.address();
        address.with_value(|address| used.as_ref() == Some(address))
    });
    let balance = move || address.with_value(|address| app.balances.each.peek(address));
    let label = {
        let shown = shown.clone();
        move || i18n::text_with(Text::WalletAddressShow, &[("short", &shown)])
    };
    view! {
        <tr role="row">
            <td role="cell" data-label=t(Text::WalletNumber)>{index + 1}</td>
            <td role="cell" data-label=t(Text::WalletAccounts)>
                <div class="stack-tight">
                    <AccountName app index address />
                    <span class="copyable">
                        <button
                            class="button-link mono"
                            type="button"
                            aria-label=label.clone()
                            title=label
                            on:click=move |_| on_show.run(address.get_value())
                        >
                            {shown}
                        </button>
                        <CopyButton
                            value=Signal::derive(move || address.get_value())
                            what=Signal::derive(move || i18n::text_with(Text::WalletAddressOf, &[("name", &name())]))
                        />
                    </span>
                </div>
            </td>
            {COLUMNS
                .map(|column| {
                    view! {
                        <td role="cell" class="number" data-label=t(column.name)>
                            {move || cell(&balance(), column)}
                        </td>
                    }
                })
                .collect_view()}
            <td role="cell" data-label=t(Text::WalletActions)>
                <div class="row">
                    {move || {
                        if is_used.get() {
                            view! {
                                <span class="badge badge-good">{t(Text::WalletInUse)}</span>
                            }
                                .into_any()
                        } else {
                            let label = move || i18n::text_with(Text::WalletSelectName, &[("name", &name())]);
                            view! {
                                <button class="button" type="button" aria-label=label on:click=move |_| app.session.select_account(number)>
                                    <Icon shape=Shape::Account />
                                    {t(Text::WalletSelect)}
                                </button>
                            }
                                .into_any()
                        }
                    }}
                    {move || {
                        app.session
                            .is_wallet()
                            .then(|| {
                                view! {
                                    <a
                                        class="button"
                                        href=Page::Send(number).href()
                                        aria-label=move || i18n::text_with(Text::WalletSendName, &[("name", &name())])
                                    >
                                        {t(Text::WalletSend)}
                                    </a>
                                }
                            })
                    }}
                </div>
            </td>
        </tr>
    }
}

fn cell(balance: &Remote<BalanceDetails>, column: Column) -> AnyView {
    match balance {
        Remote::Loading => view! { <span class="skeleton"></span> }.into_any(),
        Remote::Failed(_) => view! { <span class="soft">{t(Text::WalletUnknown)}</span> }.into_any(),
        Remote::Ready {
            value, stale_because, ..
        } => {
            let is_stale = stale_because.is_some();
            view! { <span class:soft=is_stale>{amount((column.of)(value))}</span> }.into_any()
        }
    }
}

/// The last line, where there is more than one account.
#[component]
fn Total(app: App, addresses: Memo<Vec<String>>) -> impl IntoView {
    let known = Memo::new(move |_| {
        let balances = addresses.get();
        let known = balances
            .iter()
            .filter_map(|address| app.balances.each.peek(address).value().map(|value| (**value).clone()));
        known.collect::<Vec<_>>()
    });
    let name = move || {
        let (known, all) = (known.with(Vec::len), addresses.with(Vec::len));
        if known == all {
            i18n::text(Text::WalletTotal).to_owned()
        } else {
            let values = [("known", known.to_string()), ("all", all.to_string())];
            i18n::text_with(
                Text::WalletTotalKnown,
                &values.each_ref().map(|(name, value)| (*name, value.as_str())),
            )
        }
    };
    let sum = move |index: usize| {
        let sums = known.with(|known| if known.is_empty() { None } else { total(known) });
        sums.map(|sums| amount(sums[index]))
    };
    view! {
        <Show when=move || addresses.with(|addresses| addresses.len() > 1)>
            <tfoot role="rowgroup">
                <tr role="row">
                    <td role="cell"></td>
                    <th role="rowheader" scope="row">{name}</th>
                    {COLUMNS
                        .into_iter()
                        .enumerate()
                        .map(|(index, column)| {
                            view! {
                                <td role="cell" class="number" data-label=t(column.name)>
                                    {move || sum(index)}
                                </td>
                            }
                        })
                        .collect_view()}
                    <td role="cell"></td>
                </tr>
            </tfoot>
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_total_is_exact_or_none() {
        let balance = |units| BalanceDetails {
            regular: units,
            available: 1,
            effective: 2,
            minting_average: 3,
            ..BalanceDetails::default()
        };
        let sums = total(&[balance(u64::MAX - 5), balance(5)]).expect("no more than there can be");
        assert_eq!(sums, [u64::MAX, 2, 4, 6]);
        assert_eq!(amount(sums[0]), "184467440737.09551615");
        assert_eq!(total(&[balance(u64::MAX), balance(1)]), None);
    }
}
