//! The pages: each owns its route, its data and its texts, and is composed of components.

pub mod cart;
pub mod email;
pub mod extension;
mod fetched;
mod length;
pub mod market;
mod money;
mod new_password;
pub mod notices;
pub mod order;
mod order_outcomes;
pub mod orders;
pub mod own_text;
pub mod payments;
pub mod provider;
pub mod reasons;
pub mod refund;
pub mod renew;
pub mod rule_words;
pub mod service;
pub mod services;
pub mod sign_in;
mod status;
pub mod status_of_all;
mod sum;
pub mod wallet;

use leptos::prelude::*;
use vcloud_api::{ApiError, ErrorKind};
use vsys::extension::{Failure, Refusal};

use crate::components::{Tone, toast};
use crate::i18n::{self, Text, t};
use crate::route::{List, Page, Tab};
use crate::state::bulk::Failure as ChangeFailure;
use crate::state::use_app;

/// A failed call in the person's words.
pub struct Explained {
    /// What happened.
    pub title: &'static str,
    /// What to do about it.
    pub advice: String,
    /// The host's own words, where there are some.
    pub detail: Option<String>,
}

/// What a failure means for the person who reads it (tracked).
pub fn explain(error: &ApiError) -> Explained {
    let origin = window().location().origin().unwrap_or_default();
    let (title, advice) = match error.kind {
        ErrorKind::TokenExpired => (Text::ErrorTokenExpired, Text::ErrorTokenExpiredAdvice),
        ErrorKind::TokenInactive => (Text::ErrorTokenInactive, Text::ErrorTokenInactiveAdvice),
        ErrorKind::TokenDeleted => (Text::ErrorTokenDeleted, Text::ErrorTokenDeletedAdvice),
        ErrorKind::Unauthorised => (Text::ErrorUnauthorised, Text::ErrorUnauthorisedAdvice),
        ErrorKind::Forbidden => (Text::ErrorForbidden, Text::ErrorForbiddenAdvice),
        ErrorKind::NotFound => (Text::ErrorNotFound, Text::ErrorNotFoundAdvice),
        ErrorKind::Server => (Text::ErrorServer, Text::ErrorServerAdvice),
        ErrorKind::NotJson => (Text::ErrorNotJson, Text::ErrorNotJsonAdvice),
        ErrorKind::Malformed => (Text::ErrorMalformed, Text::ErrorMalformedAdvice),
        ErrorKind::Network => (Text::ErrorNetwork, Text::ErrorNetworkAdvice),
        ErrorKind::Timeout => (Text::ErrorTimeout, Text::ErrorTimeoutAdvice),
        ErrorKind::Interrupted => (Text::ErrorInterrupted, Text::ErrorInterruptedAdvice),
        ErrorKind::WrongTime => (Text::ErrorWrongTime, Text::ErrorWrongTimeAdvice),
        ErrorKind::Cors => (Text::ErrorCors, Text::ErrorCorsAdvice),
        ErrorKind::NotSigned => extension::refusal(Refusal::of(&error.message)),
        ErrorKind::Unsendable => (Text::ErrorUnsendable, Text::ErrorUnsendableAdvice),
        _ => (Text::ErrorRefused, Text::ErrorRefusedAdvice),
    };
    let mut detail = match error.kind {
        ErrorKind::NotSigned => Failure::said(&error.message).detail().unwrap_or_default(),
        _ => error.message.clone(),
    };
    if error.status != 0 && !(200..300).contains(&error.status) {
        detail = format!("HTTP {} {detail}", error.status);
    }
    if error.code != 0 && error.code != i64::from(error.status) {
        detail = format!("{detail} ({})", error.code);
    }
    let detail = detail.trim().to_owned();
    let mut advice = i18n::text_with(advice, &[("origin", &origin)]);
    if let Some(seconds) = error.retry_after {
        let pause = i18n::duration(u64::from(seconds));
        advice = format!(
            "{advice} {}",
            i18n::text_with(Text::ErrorRetryAfter, &[("time", &pause)])
        );
    }
    Explained {
        title: i18n::text(title),
        advice,
        detail: (!detail.is_empty()).then_some(detail),
    }
}

/// What the failure of a change means for the person who asked for it (tracked): only a clear refusal says that nothing was done.
pub fn explain_change(error: &ApiError) -> Explained {
    let mut explained = explain(error);
    // What is said of a connection that broke says so already.
    if error.kind.may_be_done() && error.kind != ErrorKind::Interrupted {
        explained.advice = format!("{} {}", explained.advice, i18n::text(Text::BulkUncertainAdvice));
    }
    explained
}

/// Says in the corner that a change of a service failed: for what is not said where it was asked for, or where the page was left
/// before the answer came.
pub fn tell_failure(id: &str, failure: &ChangeFailure) {
    let text = untrack(|| {
        let key = if failure.may_be_done {
            Text::OperationUncertain
        } else {
            Text::OperationFailed
        };
        let reason = explain_briefly(&failure.why);
        i18n::text_with(key, &[("id", id), ("reason", &reason)])
    });
    toast(Tone::Bad, text);
}

/// The same in one line, for a message beside what failed (tracked).
pub fn explain_briefly(error: &ApiError) -> String {
    let Explained { title, advice, detail } = explain(error);
    format!("{title}: {}", detail.unwrap_or(advice))
}

/// Gives the browser's tab its title while the current owner lives.
pub fn set_title(title: impl Fn() -> String + 'static) {
    Effect::new(move |_| document().set_title(&format!("{} · {}", title(), i18n::text(Text::ShellName))));
}

/// How old the shown data is, and whether newer is on its way.
#[component]
pub fn Age(#[prop(into)] at: Signal<Option<f64>>, #[prop(into)] busy: Signal<bool>) -> impl IntoView {
    let app = use_app();
    let text = move || {
        if busy.get() {
            return i18n::text(Text::AgeLoading).to_owned();
        }
        let Some(at) = at.get() else { return String::new() };
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)] // Clamped to what is not negative.
        let seconds = ((app.clock.ms() - at).max(0.0) / 1000.0) as u64;
        if seconds < 2 {
            i18n::text(Text::AgeNow).to_owned()
        } else {
            i18n::text_with(Text::AgeSeconds, &[("age", &i18n::duration(seconds))])
        }
    };
    view! { <span class="soft small">{text}</span> }
}

/// No page has this address.
#[component]
pub fn NotFound() -> impl IntoView {
    set_title(|| i18n::text(Text::NotFoundTitle).to_owned());
    view! {
        <div class="card empty">
            <h1>{t(Text::NotFoundTitle)}</h1>
            <p>{t(Text::NotFoundAdvice)}</p>
            <a class="button" href=Page::Services(List::Running).href()>{t(Text::ListRunning)}</a>
        </div>
    }
}

/// The page is about orders and money, and whoever is signed in by an access token sees one service only.
#[component]
pub fn NeedsWallet(service: String) -> impl IntoView {
    set_title(|| i18n::text(Text::AccessElsewhere).to_owned());
    view! {
        <div class="card empty">
            <h1>{t(Text::AccessElsewhere)}</h1>
            <p>{t(Text::AccessElsewhereAdvice)}</p>
            <a class="button" href=Page::Service(service, Tab::Overview).href()>{t(Text::AccessElsewhereAction)}</a>
        </div>
    }
}
