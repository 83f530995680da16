//! The last look before coins are sent: everything readable, what was sent before, then one confirmation.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::hooks::use_navigate;
use payments::{Decision, Entry, Transfer};

use super::parts::{AddressGroups, Sums};
use crate::components::{CheckField, Dialog, Message, Tone};
use crate::i18n::{self, Text, t};
use crate::net::Abort;
use crate::pages::explain;
use crate::pages::order::payment::last_look::{self, Ending};
use crate::pages::order::payment::words;
use crate::route::Page;
use crate::state::App;
use crate::state::payments::{FundsKey, NotSent};

/// What the dialog shows of the balance.
#[derive(Clone, PartialEq)]
enum Shown {
    Loading,
    Has(u64),
    Refused(NotSent),
}

/// The dialog, shown while a transfer is asked for. `on_sent` is called before the page of the transfer is shown.
#[component]
pub fn Review(app: App, asked: RwSignal<Option<Transfer>>, on_sent: Callback<()>) -> impl IntoView {
    let open = RwSignal::new(false);
    let shown = RwSignal::new(Shown::Loading);
    let sending = RwSignal::new(false);
    let agreed = RwSignal::new(false);
    let like = Memo::new(move |_| {
        asked.with(|asked| asked.as_ref().map(|asked| app.payments.like(asked)).unwrap_or_default())
    });
    let decisions = Memo::new(move |_| like.with(|like| like.iter().map(Decision::after).collect::<Vec<_>>()));
    Effect::new(move |_| {
        // What was agreed to was agreed to as it was seen.
        decisions.track();
        agreed.set(false);
    });
    let load = move || {
        let Some(transfer) = asked.get_untracked() else { return };
        shown.set(Shown::Loading);
        spawn_local(async move {
            let key = FundsKey {
                address: transfer.sender.to_string(),
                contract: String::new(),
            };
            let has = app.payments.fetch_funds(app, key, Abort::new()).await;
            shown.try_set(match has {
                Ok(has) => match transfer.left(has.native) {
                    Ok(_) => Shown::Has(has.native),
                    Err(shortage) => Shown::Refused(NotSent::Shortage(shortage)),
                },
                Err(error) => Shown::Refused(NotSent::Request(error)),
            });
        });
    };
    Effect::new(move |_| {
        if asked.with(Option::is_some) {
            agreed.set(false);
            load();
            open.set(true);
        }
    });
    Effect::new(move |_| {
        if !open.get() && asked.with_untracked(Option::is_some) && !sending.get_untracked() {
            asked.set(None);
        }
    });
    let navigate = use_navigate();
    let send = Callback::new(move |()| {
        let Some(transfer) = asked.get_untracked() else { return };
        // A second click finds the first one at work.
        if sending.get_untracked() {
            return;
        }
        sending.set(true);
        let page = Page::Transfer(transfer.id.clone()).path();
        let decided = decisions.get_untracked();
        let navigate = navigate.clone();
        spawn_local(async move {
            let sent = app.payments.send(app, transfer, &decided).await;
            sending.try_set(false);
            match sent {
                Ok(()) => {
                    // The page may be gone by now; what was sent is in the journal.
                    if open.try_set(false).is_none() {
                        on_sent.run(());
                        navigate(&page, leptos_router::NavigateOptions::default());
                    }
                }
                Err(why) => {
                    shown.try_set(Shown::Refused(why));
                }
            }
        });
    });
    let can_send = Memo::new(move |_| {
        let decided = decisions.with(Vec::is_empty) || agreed.get();
        shown.with(|shown| matches!(shown, Shown::Has(_))) && !sending.get() && decided
    });
    let agree = Signal::derive(|| i18n::text(Text::SendAgree).to_owned());
    view! {
        <Dialog open title=Signal::derive(|| i18n::text(Text::PaymentsReviewTitle).to_owned())>
            {move || asked.get().map(|transfer| view! { <What app transfer /> })}
            {move || match shown.get() {
                Shown::Loading => last_look::loading(),
                Shown::Has(available) => {
                    let (units, fee) = asked.get().map_or((None, 0), |transfer| (Some(transfer.units), transfer.fee));
                    view! { <Sums available=Some(available) units fee /> }.into_any()
                }
                Shown::Refused(why) => last_look::refused(refused(&why)),
            }}
            {move || {
                let like = like.get();
                (!like.is_empty()).then(|| view! {
                    <Message tone=Tone::Warn title=i18n::text(Text::SendBefore)>
                        {like.iter().map(|entry| view! { <p class="wrap-anywhere">{before(entry)}</p> }).collect_view()}
                        <CheckField label=agree value=agreed />
                    </Message>
                })
            }}
            <Ending
                open
                is_refused=Memo::new(move |_| shown.with(|shown| matches!(shown, Shown::Refused(_))))
                can=can_send
                busy=sending
                action=Text::SendConfirm
                on_again=Callback::new(move |()| load())
                on_confirm=send
            />
        </Dialog>
    }
}

/// An earlier transfer, in a sentence (tracked).
fn before(entry: &Entry) -> String {
    let values = [
        ("amount", words::paid(entry)),
        ("time", i18n::date_time(entry.made_at())),
        ("id", entry.transaction_id.to_string()),
        ("state", words::badge(entry.progress.phase).0.to_owned()),
    ];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    i18n::text_with(Text::SendBeforeOne, &values)
}

/// What would be sent.
#[component]
fn What(app: App, transfer: Transfer) -> impl IntoView {
    let note = transfer.attachment.as_text().unwrap_or_default().to_owned();
    let to_self = transfer.recipient == transfer.sender;
    view! {
        {to_self.then(|| view! {
            <Message
                tone=Tone::Warn
                title=i18n::text_with(Text::SendToSelf, &[("fee", &words::native(transfer.fee))])
            />
        })}
        <dl class="fact-list payment-facts">
            <dt>{t(Text::PaymentsAmount)}</dt>
            <dd class="pay-amount">{words::native(transfer.units)}</dd>
            <dt>{t(Text::SendTo)}</dt>
            <dd><AddressGroups app address=transfer.recipient /></dd>
            <dt>{t(Text::SendFrom)}</dt>
            <dd><AddressGroups app address=transfer.sender /></dd>
            {(!note.is_empty()).then(|| view! {
                <dt>{t(Text::SendNote)}</dt>
                <dd class="send-note">{note}</dd>
            })}
        </dl>
    }
}

/// Why nothing was signed, what to do about it, and somebody else's words (tracked).
fn refused(why: &NotSent) -> (&'static str, String, Option<String>) {
    let own = |title: Text, advice: Text| (i18n::text(title), i18n::text(advice).to_owned(), None);
    match why {
        NotSent::Journal(error) => {
            let (title, advice, _) = own(Text::PaymentsNoJournal, Text::SendNoJournalAdvice);
            (title, advice, Some(error.0.clone()).filter(|words| !words.is_empty()))
        }
        NotSent::Elsewhere => own(Text::SendBusy, Text::SendBusyAdvice),
        NotSent::NoAccount => own(Text::SendGone, Text::SendGoneAdvice),
        NotSent::Before(_) => own(Text::SendBeforeChanged, Text::SendBeforeChangedAdvice),
        NotSent::Request(error) => {
            let explained = explain(error);
            (explained.title, explained.advice, explained.detail)
        }
        NotSent::Shortage(shortage) => {
            let advice = i18n::text_with(
                Text::SendTooLittleAdvice,
                &[("missing", &words::native(shortage.missing()))],
            );
            (i18n::text(Text::PaymentsTooLittle), advice, None)
        }
        NotSent::Randomness => own(Text::PaymentsNoRandomness, Text::PaymentsNoRandomnessAdvice),
    }
}
