//! Why something can't be done with a service, in the person's words.

use vcloud_api::capability::Reason;

use crate::i18n::{self, Text};

/// The reason as a sentence (tracked).
pub fn text(reason: Reason) -> &'static str {
    i18n::text(match reason {
        Reason::Stopped => Text::KeysWhyStopped,
        Reason::Running => Text::KeysWhyRunning,
        Reason::NotDeployed => Text::KeysWhyNotDeployed,
        Reason::AlreadyDeployed => Text::KeysWhyAlreadyDeployed,
        Reason::Ended => Text::KeysWhyEnded,
        Reason::Aborted => Text::KeysWhyAborted,
        Reason::UnknownStatus => Text::KeysWhyUnknown,
    })
}
