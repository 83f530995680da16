//! An e-mail address that notices go to, and the way to bind, replace and unbind it. The same for an account and for a service.

use leptos::prelude::*;
use vcloud_api::ErrorKind;
use vcloud_api::validate::{EmailError, email};

use super::flow::{Step, code, stopwatch};
use super::form::{Busy, Form, address_error};
use crate::components::{ClosedDraft, Confirm, ErrorMessage, Field, Icon, Message, Shape, Tone};
use crate::i18n::{self, Text, t};
use crate::pages::explain;
use crate::state::App;
use crate::state::clock::now_ms;
use crate::state::contacts::Owner;
use crate::state::drafts::Resumable;

/// So long a change is shown as pending where the platform goes on to show something else.
const GIVE_UP_MS: f64 = 60_000.0;

/// The address and what can be done about it.
#[component]
pub fn Binding(
    app: App,
    /// Whose it is.
    owner: Signal<Owner>,
    /// The address as the platform has it, empty for none; `None` where that is not known.
    current: Signal<Option<String>>,
    /// Asks the platform anew.
    refresh: Callback<()>,
) -> impl IntoView {
    let place = match owner.get_untracked() {
        Owner::Account(provider) => format!("email/of-account/{provider}"),
        Owner::Service(id) => format!("email/{id}"),
    };
    let step = RwSignal::new(Step::Rest);
    let form = Form {
        app,
        owner,
        step,
        address: RwSignal::new(String::new()),
        code: RwSignal::new(String::new()),
        tried: RwSignal::new(false),
        busy: RwSignal::new(None),
        failed: RwSignal::new(None),
        expected: RwSignal::new(None),
        refresh,
        draft: Resumable::new(app.session, &place, move || step.get() != Step::Rest),
    };
    form.draft.keep(move || form.typed());
    // As long as the platform shows something else than it accepted, it is asked again; after a while what it shows counts.
    let asked = StoredValue::new(0.0);
    let waiting_since = StoredValue::new(None::<f64>);
    Effect::new(move |_| {
        let now = app.clock.ms();
        let Some(expected) = form.expected.get() else {
            waiting_since.set_value(None);
            return;
        };
        let since = waiting_since.get_value().unwrap_or(now);
        waiting_since.set_value(Some(since));
        if current.get().as_ref() == Some(&expected) || now - since > GIVE_UP_MS {
            form.expected.set(None);
        } else if now - asked.get_value() >= app.pending_refresh_ms() {
            asked.set_value(now);
            refresh.run(());
        }
    });
    // Nothing that was typed goes away when something else of the page changes.
    let kind = Memo::new(move |_| match form.step.get() {
        Step::Rest => 0,
        Step::Address => 1,
        Step::Code(_) => 2,
    });
    move || match kind.get() {
        0 => view! { <Rest form current /> }.into_any(),
        1 => view! { <AskAddress form /> }.into_any(),
        _ => view! { <AskCode form /> }.into_any(),
    }
}

/// What is bound.
#[component]
fn Rest(form: Form, current: Signal<Option<String>>) -> impl IntoView {
    let asking = RwSignal::new(false);
    let shown = Memo::new(move |_| form.expected.get().or_else(|| current.get()));
    let is_bound = move || shown.with(|shown| shown.as_ref().is_some_and(|email| !email.is_empty()));
    let is_pending = move || form.expected.with(Option::is_some) || form.busy.get().is_some();
    let address = move || match shown.get() {
        None => view! { <span class="skeleton"></span> }.into_any(),
        Some(email) if email.is_empty() => view! { <span class="soft">{t(Text::EmailNone)}</span> }.into_any(),
        Some(email) => view! { <strong class="email">{email}</strong> }.into_any(),
    };
    view! {
        <p class="row">
            <Icon shape=Shape::Mail />
            {address}
            {move || {
                form.expected
                    .with(Option::is_some)
                    .then(|| view! { <span class="pending small" role="status"><span class="spinner"></span>{t(Text::EmailPending)}</span> })
            }}
        </p>
        <Failure form />
        <ClosedDraft
            at=Signal::derive(move || form.draft.offered().map(|before| before.at))
            left_out=Signal::derive(|| i18n::text(Text::EmailDraft).to_owned())
            on_continue=Callback::new(move |()| form.resume())
            on_discard=Callback::new(move |()| form.draft.discard())
        />
        <div class="row">
            <button
                class="button"
                class:button-primary=move || !is_bound()
                type="button"
                disabled=move || is_pending() || shown.with(Option::is_none)
                on:click=move |_| form.go_to(Step::Address)
            >
                {move || i18n::text(if is_bound() { Text::EmailReplace } else { Text::EmailBind })}
            </button>
            <Show when=is_bound>
                <button class="button" type="button" disabled=is_pending on:click=move |_| asking.set(true)>
                    <Spinner when=Signal::derive(move || form.busy.get() == Some(Busy::Unbinding)) />
                    {t(Text::EmailUnbind)}
                </button>
            </Show>
        </div>
        <Confirm
            open=asking
            title=Signal::derive(|| i18n::text(Text::EmailUnbindTitle).to_owned())
            target=Signal::derive(move || shown.get().unwrap_or_default())
            effect=Signal::derive(|| i18n::text(Text::EmailUnbindEffect).to_owned())
            action=Signal::derive(|| i18n::text(Text::EmailUnbind).to_owned())
            danger=true
            on_confirm=Callback::new(move |()| form.unbind())
        />
    }
}

#[component]
fn Spinner(when: Signal<bool>) -> impl IntoView {
    move || when.get().then(|| view! { <span class="spinner"></span> })
}

/// The address, where something was entered and it keeps not the rules.
fn shown_address_error(form: Form) -> Signal<Option<String>> {
    Signal::derive(move || {
        let text = form.address.get();
        let text = text.trim();
        // What more characters can mend is not wrong yet while it is typed.
        let is_typed = !form.tried.get();
        let may_become_right = match email(text) {
            Err(EmailError::At | EmailError::Local) => !text.contains('@'),
            _ => true,
        };
        if is_typed && may_become_right {
            return None;
        }
        address_error(text).map(str::to_owned)
    })
}

/// Which address a code is sent to.
#[component]
fn AskAddress(form: Form) -> impl IntoView {
    view! {
        <form
            class="form"
            on:submit=move |event| {
                event.prevent_default();
                form.send();
            }
        >
            <Field
                label=Signal::derive(|| i18n::text(Text::EmailAddress).to_owned())
                help=Signal::derive(|| i18n::text(Text::EmailAddressHelp).to_owned())
                value=form.address
                error=shown_address_error(form)
                mode="email"
            />
            <Failure form />
            <div class="form-actions">
                <button class="button button-primary" type="submit" disabled=move || form.busy.get().is_some()>
                    <Spinner when=Signal::derive(move || form.busy.get() == Some(Busy::Sending)) />
                    {t(Text::EmailSend)}
                </button>
                <button class="button" type="button" on:click=move |_| form.go_to(Step::Code(None))>
                    {t(Text::EmailHaveCode)}
                </button>
                <button class="button button-quiet" type="button" on:click=move |_| form.go_to(Step::Rest)>
                    {t(Text::ActionCancel)}
                </button>
            </div>
        </form>
    }
}

/// Which code came.
#[component]
fn AskCode(form: Form) -> impl IntoView {
    let sent = Memo::new(move |_| form.step.get().sent());
    // The clock of the page ticks once a second; what happened since counts.
    let now = move || form.app.clock.ms().max(now_ms());
    let code_error = Signal::derive(move || {
        (form.tried.get() && form.code.with(|text| code(text).is_empty()))
            .then(|| i18n::text(Text::EmailCodeEmpty).to_owned())
    });
    let head = move || match sent.get() {
        None => view! {
            <Field
                label=Signal::derive(|| i18n::text(Text::EmailAddress).to_owned())
                help=Signal::derive(|| i18n::text(Text::EmailHaveCodeHelp).to_owned())
                value=form.address
                error=shown_address_error(form)
                mode="email"
            />
        }
        .into_any(),
        Some(sent) => {
            let is_expired = Memo::new(move |_| sent.is_expired(now()));
            view! {
                <p>{i18n::text_with(Text::EmailSentTo, &[("email", &form.address.get_untracked())])}</p>
                {move || {
                    if is_expired.get() {
                        view! { <Message tone=Tone::Warn title=i18n::text(Text::EmailExpired) /> }.into_any()
                    } else {
                        view! {
                            <p class="countdown" role="timer">
                                <Icon shape=Shape::Clock />
                                {move || i18n::text_with(Text::EmailValidFor, &[("time", &stopwatch(sent.left(now())))])}
                            </p>
                        }
                        .into_any()
                    }
                }}
            }
            .into_any()
        }
    };
    let resend = move || {
        sent.get().map(|sent| {
            let wait = Memo::new(move |_| sent.wait(now()));
            view! {
                <button
                    class="button"
                    type="button"
                    disabled=move || { wait.get() > 0 || form.busy.get().is_some() }
                    on:click=move |_| form.send()
                >
                    <Spinner when=Signal::derive(move || form.busy.get() == Some(Busy::Sending)) />
                    {move || match wait.get() {
                        0 => i18n::text(Text::EmailSendAgain).to_owned(),
                        wait => i18n::text_with(Text::EmailSendAgainIn, &[("time", &stopwatch(wait))]),
                    }}
                </button>
                <button class="button button-quiet" type="button" on:click=move |_| form.go_to(Step::Address)>
                    {t(Text::EmailOtherAddress)}
                </button>
            }
        })
    };
    view! {
        <form
            class="form"
            on:submit=move |event| {
                event.prevent_default();
                form.bind();
            }
        >
            {head}
            <Field
                label=Signal::derive(|| i18n::text(Text::EmailCode).to_owned())
                value=form.code
                error=code_error
                mode="numeric"
                mono=true
            />
            <Failure form />
            <div class="form-actions">
                <button class="button button-primary" type="submit" disabled=move || form.busy.get().is_some()>
                    <Spinner when=Signal::derive(move || form.busy.get() == Some(Busy::Binding)) />
                    {t(Text::EmailConfirm)}
                </button>
                {resend}
                <button class="button button-quiet" type="button" on:click=move |_| form.go_to(Step::Rest)>
                    {t(Text::ActionCancel)}
                </button>
            </div>
        </form>
    }
}

/// Why the last attempt failed. A code that was refused is the everyday case and has words of its own.
#[component]
fn Failure(form: Form) -> impl IntoView {
    move || {
        form.failed.get().map(|(what, error)| {
            let explained = explain(&error);
            let (title, advice) = if what == Busy::Binding && error.kind == ErrorKind::Refused {
                (
                    i18n::text(Text::EmailCodeRefused),
                    i18n::text(Text::EmailCodeRefusedAdvice).to_owned(),
                )
            } else {
                (explained.title, explained.advice)
            };
            view! { <ErrorMessage title advice detail=Signal::stored(explained.detail) /> }
        })
    }
}
