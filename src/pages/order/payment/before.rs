//! What is said, and what has to be agreed to, where an order was paid, or was to be paid, before.

use payments::{Phase, Record, Stage};
use vcloud_api::types::Order;

use crate::i18n::Text;

/// What counts of the payments before.
#[derive(Clone, Debug, PartialEq)]
pub struct Before {
    /// The payment that it is about.
    pub record: Record,
    /// What is known of it.
    pub facts: Text,
    /// What has to be agreed to.
    pub agree: Text,
    /// What is known of another one, which may still turn up.
    pub late: Option<Text>,
}

impl Before {
    /// Works it out of all records of an order, the latest first.
    pub fn of(records: &[Record], order: &Order) -> Option<Before> {
        let last = records.first()?;
        let confirmed = records.iter().find(|record| is_confirmed(record));
        let uncertain = records
            .iter()
            .find(|record| record.late().is_some_and(|intent| intent.stage.is_uncertain()));
        let late = uncertain
            .and_then(Record::late)
            .map(|intent| words_of_uncertain(intent.stage));
        // What is in the chain comes first: it is certain, and it is money.
        let (record, (facts, agree), late) = match (confirmed, uncertain, late) {
            (Some(paid), _, late) => (paid, words_of_confirmed(paid, order), late.map(|(facts, _)| facts)),
            (None, Some(uncertain), Some(words)) => (uncertain, words, None),
            _ => (last, (Text::PaymentsNothingPaid, Text::PaymentsDecideAgain), None),
        };
        Some(Before {
            record: record.clone(),
            facts,
            agree,
            late,
        })
    }

    /// Whether paying again may pay twice.
    pub fn is_doubtful(&self) -> bool {
        self.late.is_some() || !matches!(self.facts, Text::PaymentsRest | Text::PaymentsNothingPaid)
    }

    /// Whether the chain is looked at for a while before anything is paid again.
    pub fn looks(&self) -> bool {
        let uncertain = [Text::ExtensionMissingFacts, Text::ExtensionDifferentFacts];
        self.late.is_some() || uncertain.contains(&self.facts)
    }
}

fn is_confirmed(record: &Record) -> bool {
    match record {
        Record::Signed(entry) => entry.progress.phase == Phase::Confirmed,
        Record::Asked(intent) => intent.stage == Stage::Confirmed,
    }
}

fn words_of_confirmed(record: &Record, order: &Order) -> (Text, Text) {
    let due = match record {
        Record::Signed(entry) => entry.due(),
        Record::Asked(intent) => intent.due,
    };
    if order.amount_due() < due {
        (Text::PaymentsRest, Text::PaymentsDecideRest)
    } else {
        (Text::PaymentsNotCredited, Text::PaymentsDecideTwice)
    }
}

const fn words_of_uncertain(stage: Stage) -> (Text, Text) {
    match stage {
        Stage::Different => (Text::ExtensionDifferentFacts, Text::ExtensionDecideDifferent),
        _ => (Text::ExtensionMissingFacts, Text::ExtensionDecideMissing),
    }
}
