//! The words for what became of a payment.

use payments::{Entry, Phase, Reason, Record, coins};
use vsys::transaction::UNITS_PER_VSYS;

use crate::components::Tone;
use crate::i18n::{self, Text};

/// Short name of the native coin, in which fees are paid.
const NATIVE: &str = "VSYS";

/// Units of a currency as people read them.
pub fn amount(units: u64, unit: u64, symbol: &str) -> String {
    format!("{} {symbol}", coins(units, unit))
}

/// Units of the native coin as people read them.
pub fn native(units: u64) -> String {
    amount(units, UNITS_PER_VSYS, NATIVE)
}

/// What a payment pays.
pub fn paid(entry: &Entry) -> String {
    amount(entry.units, entry.unit, &entry.symbol)
}

/// What a payment pays, whoever signed it.
pub fn record(record: &Record) -> String {
    match record {
        Record::Signed(entry) => paid(entry),
        Record::Asked(intent) => super::asked::amount(intent),
    }
}

/// Where a payment is, whoever signed it, and the class of its badge (tracked).
pub fn record_badge(record: &Record) -> (&'static str, &'static str) {
    match record {
        Record::Signed(entry) => badge(entry.progress.phase),
        Record::Asked(intent) => super::asked::badge(intent.stage),
    }
}

/// Where a payment is, in a word or two, and the class of its badge (tracked).
pub fn badge(phase: Phase) -> (&'static str, &'static str) {
    let (text, class) = match phase {
        Phase::Journalled => (Text::PaymentsPhaseJournalled, "badge badge-busy"),
        Phase::Sending => (Text::PaymentsPhaseSending, "badge badge-busy"),
        Phase::Unknown => (Text::PaymentsPhaseUnknown, "badge badge-warn"),
        Phase::Taken => (Text::PaymentsPhaseTaken, "badge badge-busy"),
        Phase::Refused => (Text::PaymentsPhaseRefused, "badge badge-busy"),
        Phase::Confirmed => (Text::PaymentsPhaseConfirmed, "badge badge-good"),
        Phase::Failed => (Text::PaymentsPhaseFailed, "badge badge-bad"),
        Phase::Rejected => (Text::PaymentsPhaseRejected, "badge badge-bad"),
        Phase::Expired => (Text::PaymentsPhaseExpired, "badge"),
        Phase::Withdrawn => (Text::PaymentsPhaseWithdrawn, "badge"),
    };
    (i18n::text(text), class)
}

/// What a state of a payment means: what happened, and what is certain about the money.
pub struct Meaning {
    /// How serious it is.
    pub tone: Tone,
    /// What happened.
    pub title: &'static str,
    /// What is certain, and what the console does about the rest.
    pub facts: String,
}

/// The meaning of where a payment is (tracked).
pub fn meaning(entry: &Entry) -> Meaning {
    let (tone, title, facts) = match entry.progress.phase {
        Phase::Journalled => (Tone::Info, Text::PaymentsJournalledTitle, Text::PaymentsJournalledFacts),
        Phase::Sending => (Tone::Info, Text::PaymentsSendingTitle, Text::PaymentsSendingFacts),
        Phase::Unknown => (Tone::Warn, Text::PaymentsUnknownTitle, Text::PaymentsUnknownFacts),
        Phase::Taken => (Tone::Info, Text::PaymentsTakenTitle, Text::PaymentsTakenFacts),
        Phase::Refused => (Tone::Info, Text::PaymentsRefusedTitle, Text::PaymentsRefusedFacts),
        Phase::Confirmed => (Tone::Good, Text::PaymentsConfirmedTitle, Text::PaymentsConfirmedFacts),
        Phase::Failed => (Tone::Bad, Text::PaymentsFailedTitle, Text::PaymentsFailedFacts),
        Phase::Rejected => (Tone::Bad, Text::PaymentsRejectedTitle, Text::PaymentsRejectedFacts),
        Phase::Expired => (Tone::Warn, Text::PaymentsExpiredTitle, Text::PaymentsExpiredFacts),
        Phase::Withdrawn => (Tone::Info, Text::PaymentsWithdrawnTitle, Text::PaymentsWithdrawnFacts),
    };
    let (title, facts) = match entry.progress.phase {
        _ if entry.transfer_id().is_none() => (title, facts),
        Phase::Journalled => (title, Text::SendJournalledFacts),
        Phase::Unknown => (title, Text::SendUnknownFacts),
        Phase::Confirmed => (Text::SendConfirmedTitle, Text::SendConfirmedFacts),
        Phase::Withdrawn => (title, Text::SendWithdrawnFacts),
        _ => (title, facts),
    };
    let height = entry.progress.height.map(i18n::number).unwrap_or_default();
    let until = i18n::date_time(entry.valid_until() + payments::CLOCK_TOLERANCE);
    let values = [
        ("amount", paid(entry)),
        ("fee", native(entry.fee)),
        ("height", height),
        ("until", until),
    ];
    let values: Vec<(&str, &str)> = values.iter().map(|(name, value)| (*name, value.as_str())).collect();
    Meaning {
        tone,
        title: i18n::text(title),
        facts: i18n::text_with(facts, &values),
    }
}

/// Why the node refused, in words (tracked); none where only its own words say it.
pub fn why_refused(reason: Reason) -> Option<&'static str> {
    let text = match reason {
        Reason::Balance => Text::PaymentsWhyBalance,
        Reason::Fee => Text::PaymentsWhyFee,
        Reason::Time => Text::PaymentsWhyTime,
        Reason::Signature => Text::PaymentsWhySignature,
        Reason::Other => return None,
    };
    Some(i18n::text(text))
}
