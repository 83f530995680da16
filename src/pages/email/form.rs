//! What somebody has typed to bind an address, and what became of it. What was typed stays until it is accepted.

use leptos::prelude::*;
use leptos::task::spawn_local;
use serde::{Deserialize, Serialize};
use vcloud_api::validate::{EmailError, email};
use vcloud_api::{ApiError, ErrorKind};

use super::flow::{Sent, Step, code};
use crate::components::{Tone, toast};
use crate::i18n::{self, Text};
use crate::net::Abort;
use crate::state::App;
use crate::state::clock::now_ms;
use crate::state::contacts::{Change, Owner};
use crate::state::drafts::Resumable;

/// What is wrong with an address, in words.
pub fn address_error(text: &str) -> Option<&'static str> {
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
pub enum Busy {
    /// A code is asked for.
    Sending,
    /// An address is bound.
    Binding,
    /// It is taken away.
    Unbinding,
}

/// What the form knows.
#[derive(Clone, Copy)]
pub struct Form {
    /// The shared state.
    pub app: App,
    /// Whose address it is.
    pub owner: Signal<Owner>,
    /// Which question is asked.
    pub step: RwSignal<Step>,
    /// The address as it was typed.
    pub address: RwSignal<String>,
    /// The code as it was typed.
    pub code: RwSignal<String>,
    /// Whether somebody has tried to go on with what is in the fields.
    pub tried: RwSignal<bool>,
    /// What is under way.
    pub busy: RwSignal<Option<Busy>>,
    /// What failed last, and why.
    pub failed: RwSignal<Option<(Busy, ApiError)>>,
    /// What the platform accepted and has not shown yet; an empty text stands for no address.
    pub expected: RwSignal<Option<String>>,
    /// Asks the platform anew.
    pub refresh: Callback<()>,
    /// What was typed and not bound.
    pub draft: Resumable<Typed>,
}

/// What is kept of a binding that was begun. The code is in a mail, and is typed again.
#[derive(Clone, Serialize, Deserialize)]
pub struct Typed {
    address: String,
    step: Step,
}

impl Form {
    /// What is to be kept now (tracked).
    pub fn typed(self) -> Option<Typed> {
        let typed = Typed {
            address: self.address.get(),
            step: self.step.get(),
        };
        (typed.step != Step::Rest).then_some(typed)
    }

    /// Goes on with what was kept.
    pub fn resume(self) {
        if let Some(before) = self.draft.take() {
            self.address.set(before.address);
            self.go_to(before.step);
        }
    }

    /// Asks another question.
    pub fn go_to(self, step: Step) {
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
        // A code that was sent is still to be typed.
        let ticket = (busy != Busy::Sending).then(|| self.draft.ticket());
        spawn_local(async move {
            let answer = self.app.contacts.change(self.app, &owner, change, &Abort::new()).await;
            self.busy.try_set(None);
            match answer {
                Ok(()) => {
                    if let Some(ticket) = ticket {
                        ticket.arrived();
                    }
                    done();
                }
                // What was typed stays in the fields.
                Err(error) => {
                    // Somebody else took the address away: what is shown is looked at anew, where nobody has to sign for that.
                    if error.kind == ErrorKind::NotFound && untrack(|| self.app.session.extension()).is_none() {
                        self.refresh.try_run(());
                    }
                    self.failed.try_set(Some((busy, error)));
                }
            }
        });
    }

    /// Has a code sent to the address that was typed.
    pub fn send(self) {
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

    /// Binds the address by the code that was typed.
    pub fn bind(self) {
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

    /// Takes the address away.
    pub fn unbind(self) {
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
