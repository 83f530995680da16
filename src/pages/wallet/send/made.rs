//! What became of coins that were sent.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;
use payments::Entry;

use super::parts::AddressGroups;
use crate::components::{Confirm, CopyButton, Copyable, Icon, Message, Shape, Tone, toast};
use crate::i18n::{self, Text, t};
use crate::pages::order::payment::{Became, words};
use crate::route::Page;
use crate::state::App;
use crate::state::payments::Keeping;

/// The transfer with this id, as the journal has it.
#[component]
pub fn Made(app: App, id: String) -> impl IntoView {
    let entry = Memo::new(move |before: Option<&Option<Entry>>| {
        // While it leaves the journal it stays what it was.
        app.payments.transfer(&id).or_else(|| before.cloned().flatten())
    });
    // 0: being read, 1: impossible, 2: not there, 3: there.
    let state = Memo::new(move |_| match app.payments.keeping() {
        _ if entry.with(Option::is_some) => 3,
        Keeping::Impossible(_) => 1,
        Keeping::Kept(_) if app.payments.is_read() => 2,
        Keeping::Opening | Keeping::Kept(_) => 0,
    });
    view! {
        <div class="page-head">
            <h1>{t(Text::SendTitle)}</h1>
            <a class="button spread" href=Page::Payments.href()>{t(Text::PaymentsTitle)}</a>
        </div>
        {move || match state.get() {
            0 => view! {
                <div class="card card-body" role="status">
                    <span class="visually-hidden">{t(Text::SendLoading)}</span>
                    {(0..4).map(|_| view! { <span class="skeleton"></span> }).collect_view()}
                </div>
            }
            .into_any(),
            1 => view! {
                <Message tone=Tone::Warn title=i18n::text(Text::PaymentsNoJournal)><p>{t(Text::SendNoJournalAdvice)}</p></Message>
            }
            .into_any(),
            2 => view! {
                <div class="card empty">
                    <h2>{t(Text::SendMissing)}</h2>
                    <p>{t(Text::SendMissingAdvice)}</p>
                    <a class="button" href=Page::Payments.href()>{t(Text::PaymentsTitle)}</a>
                </div>
            }
            .into_any(),
            _ => entry.get_untracked().map(|first| view! { <One app first entry /> }).into_any(),
        }}
    }
}

#[component]
fn One(app: App, first: Entry, entry: Memo<Option<Entry>>) -> impl IntoView {
    let name = |key: Text| Signal::derive(move || i18n::text(key).to_owned());
    let key = first.key();
    let now = {
        let first = first.clone();
        Memo::new(move |_| entry.get().unwrap_or_else(|| first.clone()))
    };
    let phase = Memo::new(move |_| now.with(|now| now.progress.phase));
    let height = Memo::new(move |_| now.with(|now| now.progress.height));
    let title = words::paid(&first);
    let from = {
        let sender = first.sender.to_string();
        move || {
            app.session
                .addresses()
                .iter()
                .position(|own| *own == sender)
                .and_then(|at| u32::try_from(at).ok())
        }
    };
    let asking = RwSignal::new(false);
    let navigate = use_navigate();
    let dismiss = Callback::new(move |()| {
        let (key, navigate) = (key.clone(), navigate.clone());
        spawn_local(async move {
            match app.payments.dismiss(&key).await {
                Ok(()) => navigate(&Page::Payments.path(), leptos_router::NavigateOptions::default()),
                Err(error) => toast(
                    Tone::Bad,
                    format!("{}: {error}", untrack(|| i18n::text(Text::SendDismissFailed))),
                ),
            }
        });
    });
    let made = first.made_at();
    let note = first.attachment.clone();
    let recipient = first.recipient.to_string();
    let id = first.transaction_id.to_string();
    let target = title.clone();
    view! {
        <article class="card payment">
            <div class="payment-head">
                <h2>{move || i18n::text_with(Text::SendTransfer, &[("amount", &title)])}</h2>
                {move || {
                    let (text, class) = words::badge(phase.get());
                    view! { <span class=class>{text}</span> }
                }}
            </div>
            <Became app entry=now />
            <dl class="fact-list payment-facts">
                <dt>{t(Text::SendTo)}</dt>
                <dd class="address-copy">
                    <span><AddressGroups app address=first.recipient /></span>
                    <CopyButton value=recipient what=name(Text::SendTo) />
                </dd>
                <dt>{t(Text::SendFrom)}</dt>
                <dd><AddressGroups app address=first.sender /></dd>
                <dt>{t(Text::PaymentsTransaction)}</dt>
                <dd><Copyable value=id what=name(Text::PaymentsTransaction) /></dd>
                {move || height.get().map(|height| view! {
                    <dt>{t(Text::SendBlock)}</dt>
                    <dd>{i18n::number(height)}</dd>
                })}
                <dt>{t(Text::PaymentsTime)}</dt>
                <dd>{move || i18n::date_time(made)}</dd>
                <dt>{t(Text::PaymentsFee)}</dt>
                <dd>{words::native(first.fee)}</dd>
                {(!note.is_empty()).then(|| view! {
                    <dt>{t(Text::SendNote)}</dt>
                    <dd class="send-note">{note}</dd>
                })}
            </dl>
            <div class="form-actions">
                <a class="button" href=move || Page::Send(from().unwrap_or_default()).href()>
                    <Icon shape=Shape::Plus />
                    {t(Text::SendAnother)}
                </a>
                <Show when=move || phase.get().is_final()>
                    <button class="button" type="button" on:click=move |_| asking.set(true)>
                        <Icon shape=Shape::Trash />
                        {t(Text::SendDismiss)}
                    </button>
                </Show>
            </div>
        </article>
        <Confirm
            open=asking
            title=name(Text::SendDismissTitle)
            effect=name(Text::SendDismissEffect)
            target=Signal::stored(target)
            action=name(Text::SendDismiss)
            on_confirm=dismiss
        />
    }
}
