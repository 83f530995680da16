//! The types of notices, in the person's words. No document lists them: one that is not known here is shown as it is.

use crate::i18n::{self, Text};

/// The types known, as on the wire, in the order of a service's life.
pub const KNOWN: [&str; 10] = [
    "ServiceActivated",
    "ServiceDeployed",
    "ServiceUpdated",
    "ServiceRestarted",
    "ServiceStopped",
    "ServiceStarted",
    "ServiceRenewed",
    "ServiceExpiringSoon",
    "ServiceExpired",
    "ServiceRefunded",
];

/// What happened (tracked).
pub fn text(kind: &str) -> String {
    let known = match kind {
        "ServiceActivated" => Text::NoticesActivated,
        "ServiceDeployed" => Text::NoticesDeployed,
        "ServiceUpdated" => Text::NoticesUpdated,
        "ServiceRestarted" => Text::NoticesRestarted,
        "ServiceStopped" => Text::NoticesStopped,
        "ServiceStarted" => Text::NoticesStarted,
        "ServiceRenewed" => Text::NoticesRenewed,
        "ServiceExpiringSoon" => Text::NoticesExpiringSoon,
        "ServiceExpired" => Text::NoticesExpired,
        "ServiceRefunded" => Text::NoticesRefunded,
        other => return other.to_owned(),
    };
    i18n::text(known).to_owned()
}

/// The class of its badge: what needs attention stands out.
pub fn class(kind: &str) -> &'static str {
    match kind {
        "ServiceExpiringSoon" | "ServiceStopped" => "badge badge-warn",
        "ServiceExpired" => "badge badge-bad",
        "ServiceDeployed" | "ServiceStarted" | "ServiceRenewed" => "badge badge-good",
        _ => "badge",
    }
}
