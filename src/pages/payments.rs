//! `/payments`: what was paid from this browser by the accounts signed in, and what became of it.

use leptos::prelude::*;
use payments::{Key, Record};

use super::order::payment::words;
use super::set_title;
use crate::components::{Copyable, Icon, Message, Shape, Tone};
use crate::i18n::{self, Text, t};
use crate::route::Page;
use crate::state::payments::Keeping;
use crate::state::{App, use_app};

/// The page.
#[component]
pub fn PaymentsPage() -> impl IntoView {
    let app = use_app();
    set_title(|| i18n::text(Text::PaymentsTitle).to_owned());
    let records = Memo::new(move |_| app.payments.records());
    let unfinished = move || app.payments.unfinished() > 0;
    // 0: being opened, 1: impossible, 2: nothing there, 3: something there.
    let state = Memo::new(move |_| match app.payments.keeping() {
        Keeping::Opening => 0,
        Keeping::Impossible(_) => 1,
        Keeping::Kept(_) if records.with(Vec::is_empty) => 2,
        Keeping::Kept(_) => 3,
    });
    view! {
        <div class="page-head">
            <h1>{t(Text::PaymentsTitle)}</h1>
            {move || {
                unfinished()
                    .then(|| {
                        view! {
                            <button class="button spread" type="button" on:click=move |_| app.payments.look_again()>
                                <Icon shape=Shape::Refresh />
                                {t(Text::PaymentsLookAgain)}
                            </button>
                        }
                    })
            }}
        </div>
        <p class="soft">{t(Text::PaymentsAbout)}</p>
        {move || {
            let unreadable = app.payments.unreadable();
            (!unreadable.is_empty())
                .then(|| {
                    view! {
                        <Message tone=Tone::Warn title=i18n::text(Text::PaymentsUnreadable)>
                            <p>{t(Text::PaymentsUnreadableAdvice)}</p>
                            <p class="mono small">{unreadable.join(" ")}</p>
                        </Message>
                    }
                })
        }}
        {move || match state.get() {
            0 => view! {
                <div class="card card-body" role="status">
                    <span class="visually-hidden">{t(Text::PaymentsLoading)}</span>
                    {(0..4).map(|_| view! { <span class="skeleton"></span> }).collect_view()}
                </div>
            }
            .into_any(),
            1 => view! {
                <Message tone=Tone::Warn title=i18n::text(Text::PaymentsNoJournal)><p>{t(Text::PaymentsNoJournalAdvice)}</p></Message>
            }
            .into_any(),
            2 => view! {
                <div class="card empty">
                    <h2>{t(Text::PaymentsEmpty)}</h2>
                    <p>{t(Text::PaymentsEmptyAdvice)}</p>
                    <a class="button" href=Page::Orders(crate::route::OrderList::Pending).href()>{t(Text::OrdersTitle)}</a>
                </div>
            }
            .into_any(),
            _ => view! { <Table records /> }.into_any(),
        }}
    }
}

#[component]
fn Table(records: Memo<Vec<Record>>) -> impl IntoView {
    view! {
        <div class="table-frame">
            <table class="table table-cards" role="table" aria-label=t(Text::PaymentsTitle)>
                <thead role="rowgroup">
                    <tr role="row">
                        <th role="columnheader" scope="col">{t(Text::PaymentsTime)}</th>
                        <th role="columnheader" scope="col">{t(Text::PaymentsFor)}</th>
                        <th role="columnheader" scope="col" class="number">{t(Text::PaymentsAmount)}</th>
                        <th role="columnheader" scope="col">{t(Text::PaymentsState)}</th>
                        <th role="columnheader" scope="col">{t(Text::PaymentsTransaction)}</th>
                    </tr>
                </thead>
                <tbody role="rowgroup">
                    <For
                        each=move || records.get()
                        key=|record| (record.key(), record.revision())
                        children=|record| view! { <Row record /> }
                    />
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn Row(record: Record) -> impl IntoView {
    let what = Signal::derive(|| i18n::text(Text::PaymentsTransaction).to_owned());
    let made = record.made_at();
    let paid = words::record(&record);
    let transaction = record.transaction_id();
    let recipient = record.recipient().to_string();
    let key = record.key();
    view! {
        <tr role="row">
            <td role="cell" data-label=t(Text::PaymentsTime)>{move || i18n::date_time(made)}</td>
            <td role="cell" class="mono" data-label=t(Text::PaymentsFor)>
                {match key {
                    Key::Order { order_id, .. } => {
                        let href = Page::Order(order_id.clone()).href();
                        view! { <a href=href>{order_id}</a> }.into_any()
                    }
                    Key::Transfer { id, .. } => {
                        view! { <a class="wrap-anywhere" href=Page::Transfer(id).href()>{recipient}</a> }.into_any()
                    }
                }}
            </td>
            <td role="cell" class="number" data-label=t(Text::PaymentsAmount)>{paid}</td>
            <td role="cell" data-label=t(Text::PaymentsState)>
                {move || {
                    let (text, class) = words::record_badge(&record);
                    view! { <span class=class>{text}</span> }
                }}
            </td>
            <td role="cell" data-label=t(Text::PaymentsTransaction)>
                {match transaction {
                    Some(id) => view! { <Copyable value=id.to_string() what /> }.into_any(),
                    None => view! { <span class="soft">"–"</span> }.into_any(),
                }}
            </td>
        </tr>
    }
}

/// How many payments are under way, beside the menu's entry; nothing where none is.
#[component]
pub fn UnfinishedCount(app: App) -> impl IntoView {
    let count = Memo::new(move |_| app.payments.unfinished());
    move || {
        let count = count.get();
        (count > 0).then(|| {
            let number = u64::try_from(count).unwrap_or(u64::MAX);
            view! {
                <span class="menu-count" title=move || i18n::plural(i18n::Plural::PaymentsUnfinished, number)>
                    <span aria-hidden="true">{count}</span>
                    <span class="visually-hidden">{move || i18n::plural(i18n::Plural::PaymentsUnfinished, number)}</span>
                </span>
            }
        })
    }
}
