//! An e-mail address that notices go to, and the way to bind, replace and unbind it. The same for an account and for a service.

use leptos::prelude::*;
use leptos::task::spawn_local;
use vcloud_api::validate::{EmailError, email};
use vcloud_api::{ApiError, ErrorKind};

use super::flow::{Sent, Step, code, stopwatch};
use crate::components::{Confirm, ErrorMessage, Field, Icon, Message, Shape, Tone, toast};
use crate::i18n::{self, Text, t};
use crate::net::Abort;
use crate::pages::explain;
use crate::state::App;
use crate::state::clock::now_ms;
use crate::state::contacts::{Change, Owner};

/// What is wrong with an address, in words.
fn address_error(text: &str) -> Option<&'static str> {
    let error = email(text).err()?;
    Some(i18n::text(match error {
        EmailError::Empty => Text::EmailEmpty,
        EmailError::At => Text::EmailAt,
        EmailError::Local => Text::EmailLocal,
        EmailError::Domain => Text::EmailDomain,
        EmailError::Dot => Text::EmailDot,
    }))
}

/// What is under way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Busy {
    Sending,
    Binding,
    Unbinding,
}

/// What the form knows.
#[derive(Clone, Copy)]
struct Form {
    app: App,
    owner: Signal<Owner>,
    step: RwSignal<Step>,
    address: RwSignal<String>,
    code: RwSignal<String>,
    /// Whether somebody has tried to go on with what is in the fields.
    tried: RwSignal<bool>,
    busy: RwSignal<Option<Busy>>,
    failed: RwSignal<Option<(Busy, ApiError)>>,
    /// What the platform accepted and has not shown yet; an empty text stands for no address.
    expected: RwSignal<Option<String>>,
    refresh: Callback<()>,
}

impl Form {
    fn go_to(self, step: Step) {
        self.tried.set(false);
        self.failed.set(None);
        self.step.set(step);
    }

    fn change(self, busy: Busy, change: Change, done: impl FnOnce() + 'static) {
        if self.busy.get_untracked().is_some() {
            return;
        }
        self.busy.set(Some(busy));
        self.failed.set(None);
        let owner = self.owner.get_untracked();
        spawn_local(async move {
            let answer = self.app.contacts.change(self.app, &owner, change, &Abort::new()).await;
            self.busy.try_set(None);
            match answer {
                Ok(()) => done(),
                // What was typed stays in the fields.
                Err(error) => {
                    self.failed.try_set(Some((busy, error)));
                }
            }
        });
    }

    fn send(self) {
        self.tried.set(true);
        let email = self.address.with_untracked(|text| text.trim().to_owned());
        if address_error(&email).is_some() {
            return;
        }
        self.address.set(email.clone());
        self.change(Busy::Sending, Change::SendCode { email }, move || {
            self.code.try_set(String::new());
            self.tried.try_set(false);
            self.step.try_set(Step::Code(Some(Sent { at: now_ms() })));
        });
    }

    fn bind(self) {
        self.tried.set(true);
        let email = self.address.with_untracked(|text| text.trim().to_owned());
        let code = self.code.with_untracked(|text| code(text));
        if address_error(&email).is_some() || code.is_empty() {
            return;
        }
        let bound = email.clone();
        self.change(Busy::Binding, Change::Bind { email, code }, move || {
            self.accepted(bound, Text::EmailBoundNow);
        });
    }

    fn unbind(self) {
        self.change(Busy::Unbinding, Change::Unbind, move || {
            self.accepted(String::new(), Text::EmailUnboundNow);
        });
    }

    fn accepted(self, email: String, said: Text) {
        self.expected.try_set(Some(email));
        self.step.try_set(Step::Rest);
        self.code.try_set(String::new());
        self.address.try_set(String::new());
        self.refresh.run(());
        toast(Tone::Good, untrack(|| i18n::text(said)).to_owned());
    }
}

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
    let form = Form {
        app,
        owner,
        step: RwSignal::new(Step::Rest),
        address: RwSignal::new(String::new()),
        code: RwSignal::new(String::new()),
        tried: RwSignal::new(false),
        busy: RwSignal::new(None),
        failed: RwSignal::new(None),
        expected: RwSignal::new(None),
        refresh,
    };
    // As long as the platform shows something else than it accepted, it is asked again.
    let asked = StoredValue::new(0.0);
    Effect::new(move |_| {
        let now = app.clock.ms();
        let Some(expected) = form.expected.get() else { return };
        if current.get().as_ref() == Some(&expected) {
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
