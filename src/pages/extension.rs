//! The words for the browser extension: why it did not do something, and what works with it.

use leptos::prelude::*;
use vsys::extension::Refusal;

use crate::i18n::{Text, t};
use crate::state::services::AccessError;

/// What a refusal means, and what to do about it.
pub const fn refusal(refusal: Refusal) -> (Text, Text) {
    match refusal {
        Refusal::Denied => (Text::ExtensionDenied, Text::ExtensionDeniedAdvice),
        Refusal::Locked => (Text::ExtensionLocked, Text::ExtensionLockedAdvice),
        Refusal::NoAccount => (Text::ExtensionNoAccount, Text::ExtensionNoAccountAdvice),
        Refusal::OtherAccount => (Text::ExtensionOtherAccount, Text::ExtensionOtherAccountAdvice),
        Refusal::OtherNetwork => (Text::ExtensionOtherNetwork, Text::ExtensionNetworkAdvice),
        Refusal::Silent => (Text::ExtensionSilent, Text::ExtensionSilentAdvice),
        Refusal::Busy => (Text::ExtensionBusy, Text::ExtensionBusyAdvice),
        Refusal::Unsupported => (Text::ExtensionUnsupported, Text::ExtensionUnsupportedAdvice),
        Refusal::Absent => (Text::ExtensionGone, Text::ExtensionGoneAdvice),
        Refusal::Unusable => (Text::ExtensionUnusable, Text::ExtensionUnusableAdvice),
        Refusal::Other => (Text::ExtensionFailed, Text::ExtensionFailedAdvice),
    }
}

/// Why a service can't be reached, in a line.
pub const fn closed(why: &AccessError) -> Text {
    match why {
        AccessError::Sealed => Text::ExtensionSealed,
        AccessError::Foreign | AccessError::Unusable(_) => Text::ServiceForeign,
    }
}

/// What works with the extension, and what does not.
#[component]
pub fn WhatWorks() -> impl IntoView {
    view! {
        <dl class="stack-tight what-works">
            <dt class="field-label">{t(Text::ExtensionWorks)}</dt>
            <dd class="soft">{t(Text::ExtensionWorksAdvice)}</dd>
            <dt class="field-label">{t(Text::ExtensionWorksNot)}</dt>
            <dd class="soft">{t(Text::ExtensionWorksNotAdvice)}</dd>
        </dl>
    }
}
