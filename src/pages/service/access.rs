//! The access token of the service, shown only on request, and where its notices go.

use std::time::Duration;

use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use vcloud_api::capability::{self, Action};
use vsys::{AccessToken, SecretText};

use super::data::ServiceData;
use crate::components::{Copyable, Icon, Message, QrCode, Shape, Tone, copy_text, lead_to, toast};
use crate::i18n::{self, Text, t};
use crate::pages::email::Binding;
use crate::pages::reasons;
use crate::route::Page;
use crate::state::clock::now_ms;
use crate::state::commands::Begin;
use crate::state::contacts::Owner;
use crate::state::services::{AccessError, Known};
use crate::state::{App, Remote};

/// How long the token is shown.
const SHOWN_FOR: Duration = Duration::from_secs(60);

/// The tab.
#[component]
pub fn AccessTab(app: App, data: ServiceData) -> impl IntoView {
    let email = NodeRef::<html::H2>::new();
    // A letter or the palette asked for it.
    Effect::new(move |_| {
        if let (Some(known), Some(email)) = (data.known(), email.get())
            && app.commands.take(&known.service.id, Begin::Email)
        {
            lead_to(&email);
        }
    });
    view! {
        <div class="facts">
            <section class="card" aria-labelledby="access-heading">
                <div class="card-head"><h2 id="access-heading">{t(Text::AccessTitle)}</h2></div>
                <div class="card-body"><Token app data /></div>
            </section>
            <section class="card" aria-labelledby="email-heading">
                <div class="card-head"><h2 id="email-heading" tabindex="-1" node_ref=email>{t(Text::EmailOfService)}</h2></div>
                <div class="card-body"><Email app data /></div>
            </section>
        </div>
    }
}

/// Why there is no token for a service now (tracked).
fn obstacle(known: &Known) -> Option<String> {
    if let Err(reason) = capability::can(Action::GetAccessToken, &known.service) {
        return Some(reasons::text(reason).to_owned());
    }
    known.access.as_ref().err().map(|error| match error {
        AccessError::Sealed => i18n::text(Text::ExtensionSealedAdvice).to_owned(),
        AccessError::Foreign => i18n::text_with(Text::ServiceForeignAdvice, &[("address", &known.service.address)]),
        AccessError::Unusable(why) => i18n::text_with(Text::AccessUnusable, &[("reason", why)]),
    })
}

/// The text of the token: the one signed in with, else made of the service's host and secret.
fn token_text(app: App, data: ServiceData) -> Option<SecretText> {
    if let Some(identity) = untrack(|| app.session.token()) {
        return Some(identity.token.encode());
    }
    let known = untrack(|| data.known())?;
    let access = known.access.as_ref().ok()?;
    let secret = SecretText::new(access.secret.expose());
    let token = AccessToken::new(access.host.to_string(), secret).ok()?;
    Some(token.encode())
}

/// How the token is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    Not,
    Text,
    Code,
}

#[component]
fn Token(app: App, data: ServiceData) -> impl IntoView {
    let why_not = Memo::new(move |_| data.known().and_then(|known| obstacle(&known)));
    let host = Memo::new(move |_| {
        let known = data.known()?;
        known.access.as_ref().ok().map(|access| access.host.to_string())
    });
    move || match why_not.get() {
        Some(why) => {
            view! { <Message tone=Tone::Info title=i18n::text(Text::AccessNone)><p>{why}</p></Message> }.into_any()
        }
        None => view! {
            <Message tone=Tone::Warn title=i18n::text(Text::AccessWarning)>
                <p>{t(Text::AccessGrants)}</p>
                <p>{t(Text::AccessGrantsNot)}</p>
            </Message>
            {app.session
                .token_service()
                .is_some()
                .then(|| view! { <p class="soft">{t(Text::AccessInUse)}</p> })}
            <Reveal app data />
            <div class="stack-tight">
                <span class="field-label">{t(Text::AccessHost)}</span>
                {move || host.get().map(|host| view! { <Copyable value=host what=i18n::text(Text::AccessHost) /> })}
            </div>
        }
        .into_any(),
    }
}

/// The buttons that show and copy the token, and what they show. Nothing of the token is in the document before.
#[component]
fn Reveal(app: App, data: ServiceData) -> impl IntoView {
    let shown = RwSignal::new(Shown::Not);
    let until = RwSignal::new(0.0);
    let show = move |wanted: Shown| {
        if shown.get_untracked() == wanted {
            shown.set(Shown::Not);
        } else {
            #[allow(clippy::cast_precision_loss)] // A minute.
            until.set(now_ms() + SHOWN_FOR.as_millis() as f64);
            shown.set(wanted);
        }
    };
    // The timer, not the clock of the page: that stands still while the tab is hidden, and the token must not stay.
    Effect::new(move |timer: Option<Option<TimeoutHandle>>| {
        if let Some(timer) = timer.flatten() {
            timer.clear();
        }
        until.track();
        if shown.get() == Shown::Not {
            return None;
        }
        set_timeout_with_handle(
            move || {
                shown.try_set(Shown::Not);
            },
            SHOWN_FOR,
        )
        .ok()
    });
    let left = move || {
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Clamped to what is not negative.
        let seconds = ((until.get() - app.clock.ms().max(now_ms())).max(0.0) / 1000.0).ceil() as u64;
        i18n::text_with(Text::AccessHiddenIn, &[("time", &i18n::duration(seconds))])
    };
    let copied = RwSignal::new(false);
    let copy = move |_| {
        let Some(text) = token_text(app, data) else { return };
        spawn_local(async move {
            if copy_text(text.expose()).await {
                copied.try_set(true);
                set_timeout(
                    move || {
                        copied.try_set(false);
                    },
                    Duration::from_secs(2),
                );
            } else {
                toast(Tone::Bad, untrack(|| i18n::text(Text::ErrorClipboard)).to_owned());
            }
        });
    };
    let toggle = move |wanted: Shown, show_text: Text, hide_text: Text| {
        view! {
            <button
                class="button"
                type="button"
                aria-expanded=move || (shown.get() == wanted).to_string()
                aria-controls="access-shown"
                on:click=move |_| show(wanted)
            >
                <Icon shape=if wanted == Shown::Code { Shape::QrCode } else { Shape::Eye } />
                {move || i18n::text(if shown.get() == wanted { hide_text } else { show_text })}
            </button>
        }
    };
    let content = move || {
        match shown.get() {
        Shown::Not => None,
        Shown::Text => token_text(app, data).map(|text| {
            view! { <code class="secret" role="group" aria-label=t(Text::AccessToken)>{text.expose().to_owned()}</code> }.into_any()
        }),
        Shown::Code => token_text(app, data).map(|text| {
            view! {
                <QrCode text=text.expose().to_owned() name=Signal::derive(|| i18n::text(Text::AccessQrName).to_owned()) />
            }
            .into_any()
        }),
    }
    };
    view! {
        <div class="row">
            <button class="button button-primary" type="button" on:click=copy>
                {move || if copied.get() { view! { <Icon shape=Shape::Check /> } } else { view! { <Icon shape=Shape::Copy /> } }}
                <span aria-live="polite">
                    {move || i18n::text(if copied.get() { Text::AccessCopied } else { Text::AccessCopy })}
                </span>
            </button>
            {toggle(Shown::Text, Text::AccessShow, Text::AccessHide)}
            {toggle(Shown::Code, Text::AccessQr, Text::AccessQrHide)}
        </div>
        <div class="stack-tight" id="access-shown">
            {content}
            {move || (shown.get() != Shown::Not).then(|| view! { <span class="soft small">{left}</span> })}
        </div>
    }
}

/// Where the service's notices go.
#[component]
fn Email(app: App, data: ServiceData) -> impl IntoView {
    let service = Memo::new(move |_| data.known().map(|known| known.service.id.clone()));
    let why_not = Memo::new(move |_| {
        let known = data.known()?;
        match capability::can(Action::ManageEmail, &known.service) {
            Err(reason) => Some(reasons::text(reason).to_owned()),
            Ok(()) => obstacle(&known),
        }
    });
    let current = Signal::derive(move || match data.service.get() {
        Remote::Ready { value, .. } => Some(value.email.clone()),
        Remote::Loading | Remote::Failed(_) => None,
    });
    move || {
        let id = service.get()?;
        let notices = app.session.can_sign().then(|| {
            let href = Page::Notices(id.clone()).href();
            view! { <a href=href>{t(Text::NoticesOfService)}</a> }
        });
        let content = match why_not.get() {
            Some(why) => {
                view! { <Message tone=Tone::Info title=i18n::text(Text::EmailUnavailable)><p>{why}</p></Message> }
                    .into_any()
            }
            None => view! {
                <p class="soft">{t(Text::EmailServiceAbout)}</p>
                <Binding app owner=Signal::stored(Owner::Service(id)) current refresh=data.refresh />
            }
            .into_any(),
        };
        Some(view! { {content}{notices} })
    }
}
