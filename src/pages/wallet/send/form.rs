//! The form: from which account, to whom, how much, with which note.

use leptos::prelude::*;
use payments::{AmountError, Key, Shortage, Transfer, coins, most, native_left};
use vsys::transaction::{PAYMENT_FEE, UNITS_PER_VSYS};
use vsys::{Address, Attachment};

use super::input::{ADDRESS_LENGTH, Recipient, Typed};
use super::parts::{Sums, network_name, own_name, why_no_address};
use super::review::Review;
use crate::components::{
    DraftOffer, ErrorMessage, Field, Icon, Message, Popup, PopupItem, Shape, TextArea, Tone, fresh_id, toast,
};
use crate::i18n::{self, Text, t};
use crate::pages::explain;
use crate::pages::order::payment::words;
use crate::pages::wallet::{name_of, short};
use crate::state::drafts::{Draft, Keep, Place};
use crate::state::payments::{FundsKey, Keeping, fresh_transfer_id};
use crate::state::{App, Remote, query};

/// The fields, each in a signal of its own.
#[derive(Clone, Copy)]
struct Fields {
    recipient: RwSignal<String>,
    amount: RwSignal<String>,
    attachment: RwSignal<String>,
}

impl Fields {
    fn read(self) -> Typed {
        Typed {
            recipient: self.recipient.get(),
            amount: self.amount.get(),
            attachment: self.attachment.get(),
        }
    }

    fn write(self, typed: Typed) {
        self.recipient.set(typed.recipient);
        self.amount.set(typed.amount);
        self.attachment.set(typed.attachment);
    }
}

/// The form and its review.
#[component]
pub fn Form(app: App, from: Memo<Option<u32>>) -> impl IntoView {
    let place = Place::of(app.session, "send");
    let offered = RwSignal::new(place.as_ref().and_then(Place::load::<Typed>));
    let fields = Fields {
        recipient: RwSignal::new(String::new()),
        amount: RwSignal::new(String::new()),
        attachment: RwSignal::new(String::new()),
    };
    let typed = Memo::new(move |_| fields.read());
    let keeper = place.map(|place| {
        place.keep(move || match (offered.with(Option::is_some), typed.get()) {
            (true, _) => Keep::AsItIs,
            (false, typed) if typed.is_empty() => Keep::Nothing,
            (false, typed) => Keep::This(typed),
        })
    });
    let forget = move || {
        if let Some(keeper) = keeper {
            keeper.forget();
        }
    };

    let chosen = RwSignal::new(None::<u32>);
    Effect::new(move |_| {
        from.track();
        chosen.set(None);
    });
    let sender = Memo::new(move |_| {
        let addresses = app.session.addresses();
        let wanted = chosen.get().or_else(|| from.get());
        let index = wanted.or_else(|| app.session.account_index()).unwrap_or_default();
        let index = usize::try_from(index)
            .ok()
            .filter(|index| *index < addresses.len())
            .unwrap_or_default();
        let address = addresses.get(index)?.parse::<Address>().ok()?;
        Some((index, address))
    });
    let query = query::use_query(
        app.clock,
        app.payments.funds,
        move || {
            let (_, address) = sender.get()?;
            Some(FundsKey {
                address: address.to_string(),
                contract: String::new(),
            })
        },
        move || app.refresh_ms(),
        move |key, abort| app.payments.fetch_funds(app, key, abort),
    );
    let available = Memo::new(move |_| query.get().value().map(|funds| funds.native));
    let failed = Memo::new(move |_| match query.get() {
        Remote::Failed(error) => Some(error),
        Remote::Loading | Remote::Ready { .. } => None,
    });
    let network = app.config().network;
    let recipient = Memo::new(move |_| typed.with(|typed| Recipient::read(&typed.recipient, network)));
    let units = Memo::new(move |_| typed.with(Typed::units));
    let shortage = Memo::new(move |_| {
        let (units, available) = (units.get().ok()?, available.get()?);
        native_left(available, units, PAYMENT_FEE).err()
    });
    let asked: RwSignal<Option<Transfer>> = RwSignal::new(None);
    let ready = Memo::new(move |_| {
        let (_, sender) = sender.get()?;
        let attachment = typed.with(Typed::attachment)?;
        let transfer = Transfer::new(
            String::new(),
            sender,
            recipient.get().address()?,
            units.get().ok()?,
            attachment,
        );
        transfer.left(available.get()?).ok()?;
        Some(transfer)
    });
    let ask = move || {
        let Some(transfer) = ready.get_untracked() else { return };
        match fresh_transfer_id() {
            Ok(id) => asked.set(Some(Transfer { id, ..transfer })),
            Err(_) => toast(Tone::Bad, untrack(|| i18n::text(Text::PaymentsNoRandomness)).to_owned()),
        }
    };
    let on_sent = Callback::new(move |()| {
        fields.write(Typed::default());
        forget();
    });
    let may_send = Memo::new(move |_| !matches!(app.payments.keeping(), Keeping::Impossible(_)));
    view! {
        <div class="page-head"><h1>{t(Text::SendTitle)}</h1></div>
        <p class="soft">{t(Text::SendAbout)}</p>
        {move || (!may_send.get()).then(|| view! {
            <Message tone=Tone::Warn title=i18n::text(Text::PaymentsNoJournal)><p>{t(Text::SendNoJournalAdvice)}</p></Message>
        })}
        {move || app.payments.unreadable().iter().any(|key| Key::is_of_transfer(key)).then(|| view! {
            <Message tone=Tone::Warn title=i18n::text(Text::PaymentsUnreadable)><p>{t(Text::SendUnreadableAdvice)}</p></Message>
        })}
        // First what becomes of the draft: what would be typed meanwhile would be lost by going on with it.
        {move || offered.get().map(|draft: Draft<Typed>| view! {
            <DraftOffer
                at=draft.at
                left_out=Signal::derive(|| i18n::text(Text::SendDraft).to_owned())
                on_continue=Callback::new(move |()| {
                    fields.write(draft.content.clone());
                    offered.set(None);
                })
                on_discard=Callback::new(move |()| {
                    forget();
                    offered.set(None);
                })
            />
        })}
        <form
            class="card card-body send-form"
            hidden=move || offered.with(Option::is_some)
            on:submit=move |event| {
                event.prevent_default();
                if may_send.get_untracked() {
                    ask();
                }
            }
        >
            <From app sender chosen available />
            {move || failed.get().map(|error| {
                let explained = explain(&error);
                let retry = Callback::new(move |()| query.refresh());
                view! {
                    <ErrorMessage title=explained.title advice=explained.advice detail=Signal::stored(explained.detail) on_retry=retry />
                }
            })}
            <To app value=fields.recipient recipient sender />
            <Amount value=fields.amount units available shortage />
            <Attached value=fields.attachment typed />
            {move || view! { <Sums available=available.get() units=units.get().ok() fee=PAYMENT_FEE /> }}
            <div class="form-actions">
                <button
                    class="button button-primary"
                    type="submit"
                    disabled=move || !may_send.get() || ready.with(Option::is_none)
                >
                    <Icon shape=Shape::Check />
                    {t(Text::SendAction)}
                </button>
            </div>
        </form>
        <Review app asked on_sent />
    }
}

#[component]
fn From(
    app: App,
    sender: Memo<Option<(usize, Address)>>,
    chosen: RwSignal<Option<u32>>,
    available: Memo<Option<u64>>,
) -> impl IntoView {
    let id = fresh_id("from");
    let notes = format!("{id}-notes");
    let options = move || {
        let index = sender.get().map(|(index, _)| index);
        let addresses = app.session.addresses().into_iter().enumerate();
        addresses
            .map(|(at, address)| {
                let name = format!("{} · {}", name_of(app, at, &address), short(&address));
                view! { <option value=at.to_string() prop:selected=index == Some(at)>{name}</option> }
            })
            .collect_view()
    };
    let help = move || {
        let available = available.get()?;
        let fee = words::native(PAYMENT_FEE);
        let has = words::native(available);
        Some(match most(available) {
            Some(units) => {
                let most = words::native(units);
                i18n::text_with(Text::SendAvailable, &[("amount", &has), ("most", &most), ("fee", &fee)])
            }
            None => i18n::text_with(Text::SendAvailableNone, &[("amount", &has), ("fee", &fee)]),
        })
    };
    view! {
        <div class="field">
            <label for=id.clone()>{t(Text::SendFrom)}</label>
            <select
                class="select mono"
                id=id
                aria-describedby=notes.clone()
                on:change:target=move |event| chosen.set(event.target().value().parse().ok())
            >
                {options}
            </select>
            <p id=notes class="field-help">{move || help().unwrap_or_else(|| "…".to_owned())}</p>
        </div>
    }
}

#[component]
fn To(
    app: App,
    value: RwSignal<String>,
    recipient: Memo<Recipient>,
    sender: Memo<Option<(usize, Address)>>,
) -> impl IntoView {
    let count = move || value.with(|text| text.trim().chars().count());
    let is_sender =
        move |address: &Address| sender.with(|sender| sender.as_ref().is_some_and(|(_, own)| own == address));
    let help = Signal::derive(move || match recipient.get() {
        Recipient::Right(address) if is_sender(&address) => String::new(),
        Recipient::Right(address) => own_name(app, &address).map_or_else(
            || i18n::text_with(Text::SendToRight, &[("network", network_name(app.config().network))]),
            |name| i18n::text_with(Text::SendIsAccount, &[("name", &name)]),
        ),
        Recipient::Begun(count) => {
            let (most, count) = (ADDRESS_LENGTH.to_string(), count.to_string());
            i18n::text_with(Text::SendToCharacters, &[("most", &most), ("count", &count)])
        }
        Recipient::Wrong(_) => String::new(),
    });
    let error = Signal::derive(move || match recipient.get() {
        Recipient::Wrong(error) => Some(why_no_address(error, count())),
        Recipient::Right(_) | Recipient::Begun(_) => None,
    });
    let warning = Signal::derive(move || {
        let to_self = recipient.get().address().is_some_and(|address| is_sender(&address));
        to_self.then(|| i18n::text_with(Text::SendToSelf, &[("fee", &words::native(PAYMENT_FEE))]))
    });
    let open = RwSignal::new(false);
    let others = move || {
        let from = sender.get().map(|(index, _)| index);
        let addresses = app.session.addresses().into_iter().enumerate();
        addresses
            .filter(|(at, _)| Some(*at) != from)
            .map(|(at, address)| {
                let chosen = address.clone();
                let choose = Callback::new(move |()| {
                    value.set(chosen.clone());
                    open.set(false);
                });
                view! {
                    <PopupItem on_choose=choose>
                        <span class="soft">{name_of(app, at, &address)}</span>
                        <span class="mono small">{address}</span>
                    </PopupItem>
                }
            })
            .collect_view()
    };
    let has_others = Memo::new(move |_| app.session.addresses().len() > 1);
    view! {
        <div class="stack-tight send-to">
            <Field label=Signal::derive(|| i18n::text(Text::SendTo).to_owned()) value help error warning mono=true />
            <Show when=move || has_others.get()>
                <Popup
                    label=Signal::derive(|| i18n::text(Text::SendOwn).to_owned())
                    class="button"
                    named_by_text=true
                    open
                    button=|| view! { <Icon shape=Shape::Account /> {t(Text::SendOwn)} }
                >
                    {others}
                </Popup>
            </Show>
        </div>
    }
}

#[component]
fn Amount(
    value: RwSignal<String>,
    units: Memo<Result<u64, AmountError>>,
    available: Memo<Option<u64>>,
    shortage: Memo<Option<Shortage>>,
) -> impl IntoView {
    let label = Signal::derive(|| i18n::text_with(Text::PaymentsOtherLabel, &[("coin", payments::NATIVE_SYMBOL)]));
    let error = Signal::derive(move || {
        if value.with(|value| value.trim().is_empty()) {
            return None;
        }
        match units.get() {
            Ok(_) => {
                let missing = words::native(shortage.get()?.missing());
                Some(i18n::text_with(Text::PaymentsShortage, &[("missing", &missing)]))
            }
            Err(AmountError::NotAnAmount) => Some(i18n::text(Text::PaymentsOtherWrong).to_owned()),
            Err(AmountError::TooFine) => {
                let unit = coins(1, UNITS_PER_VSYS).to_string();
                Some(i18n::text_with(Text::PaymentsOtherTooFine, &[("unit", &unit)]))
            }
            Err(AmountError::TooMuch) => Some(i18n::text(Text::PaymentsOtherTooMuch).to_owned()),
        }
    });
    let all = Memo::new(move |_| available.get().and_then(most));
    view! {
        <div class="stack-tight send-amount">
            <Field label value error mode="decimal" mono=true />
            {move || all.get().map(|units| view! {
                <button
                    class="button"
                    type="button"
                    on:click=move |_| value.set(coins(units, UNITS_PER_VSYS).to_string())
                >
                    {move || i18n::text_with(Text::SendAll, &[("amount", &words::native(units))])}
                </button>
            })}
        </div>
    }
}

#[component]
fn Attached(value: RwSignal<String>, typed: Memo<Typed>) -> impl IntoView {
    let words = move |key: Text| {
        let count = typed.with(Typed::attachment_bytes).to_string();
        let most = Attachment::MAXIMUM_LENGTH.to_string();
        i18n::text_with(key, &[("count", &count), ("most", &most)])
    };
    let fits = Memo::new(move |_| typed.with(|typed| typed.attachment().is_some()));
    let help = Signal::derive(move || {
        if fits.get() {
            words(Text::SendAttachmentHelp)
        } else {
            String::new()
        }
    });
    let error = Signal::derive(move || (!fits.get()).then(|| words(Text::SendAttachmentLong)));
    view! { <TextArea label=Signal::derive(|| i18n::text(Text::SendAttachment).to_owned()) value help error rows=2 /> }
}
