//! What can be wrong with a domain, or with a change, in the person's words.

use vcloud_api::validate::DomainError;

use crate::i18n::{self, Text};
use crate::pages::{Explained, explain};
use crate::state::domains::Trouble;

/// What is wrong with a domain (tracked).
pub fn domain(error: &DomainError) -> String {
    match error {
        DomainError::Length { .. } => i18n::text(Text::DomainsWrongLength).to_owned(),
        DomainError::NoDot => i18n::text(Text::DomainsWrongNoDot).to_owned(),
        DomainError::Label { label } if label.is_empty() => i18n::text(Text::DomainsWrongEmpty).to_owned(),
        DomainError::Label { label } => i18n::text_with(Text::DomainsWrongLabel, &[("label", label)]),
    }
}

/// Why a step was not done (tracked).
pub fn trouble(trouble: &Trouble) -> Explained {
    let own = |title: Text, advice: Text| Explained {
        title: i18n::text(title),
        advice: i18n::text(advice).to_owned(),
        detail: None,
    };
    match trouble {
        Trouble::Refused(error) => explain(error),
        Trouble::Paused => own(Text::DomainsPausedTitle, Text::DomainsPausedChange),
        Trouble::NobodySigns => own(Text::DomainsUnsignedTitle, Text::DomainsWhyToken),
    }
}
