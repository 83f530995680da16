//! Money is exact: no binary fraction comes near it, from JSON to display. A double has no 0.1, and above 2^53 it does not even
//! have every whole number.

use super::{Finding, Source, without_comments, word_positions};

/// Everything that calculates with, stores or shows amounts.
const MONEY: &[&str] = &[
    "crates/local-platform/src/hosts/node.rs",
    "crates/local-platform/src/hosts/orders.rs",
    "crates/local-platform/src/money.rs",
    "crates/local-platform/src/pricing.rs",
    "crates/local-platform/src/store/ledger.rs",
    "crates/local-platform/src/store/orders.rs",
    "crates/payments/",
    "crates/vcloud-api/src/calls/node.rs",
    "crates/vcloud-api/src/calls/orders.rs",
    "crates/vcloud-api/src/money.rs",
    "crates/vcloud-api/src/payment.rs",
    "crates/vcloud-api/src/price.rs",
    "crates/vcloud-api/src/types/currency.rs",
    "crates/vcloud-api/src/types/node.rs",
    "crates/vcloud-api/src/types/order.rs",
    "crates/vcloud-api/src/types/service_type.rs",
    "crates/vsys/src/transaction/",
    "src/pages/money.rs",
    "src/pages/order/",
    "src/pages/orders/",
    "src/pages/payments",
    "src/pages/renew/",
    "src/state/orders.rs",
    "src/state/payments.rs",
    "src/state/storage/journal.rs",
];

/// Binary fractions, and the functions that make numbers of texts by way of them.
const INEXACT: &[&str] = &[
    "f32",
    "f64",
    "as_f64",
    "from_f32",
    "from_f64",
    "from_f32_retain",
    "from_f64_retain",
    "parse_float",
    "to_f32",
    "to_f64",
];

/// Checks one file.
pub fn check(source: &Source, findings: &mut Vec<Finding>) {
    if !source.path.ends_with(".rs") || !MONEY.iter().any(|place| source.path.starts_with(place)) {
        return;
    }
    let code = without_comments(&source.text);
    for word in INEXACT {
        findings.extend(
            word_positions(&code, word)
                .map(|at| source.finding(at, format!("`{word}`: amounts are decimals or whole units"))),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::problems;
    use super::*;

    #[test]
    fn fractions_near_money_are_found() {
        for code in [
            "let rate: f64 = 1.0;",
            "amount.to_f64()",
            "Decimal::from_f32(x)",
            "value.as_f64()",
        ] {
            assert_eq!(problems(check, "crates/payments/src/plan.rs", code).len(), 1, "{code}");
            assert_eq!(problems(check, "src/pages/order/pay.rs", code).len(), 1, "{code}");
            assert_eq!(problems(check, "src/state/payments.rs", code).len(), 1, "{code}");
        }
    }

    #[test]
    fn what_is_exact_or_elsewhere_is_not() {
        for code in ["let units: u64 = 1;", "// an f64 would round here", "let of64 = 1;"] {
            assert!(
                problems(check, "crates/payments/src/plan.rs", code).is_empty(),
                "{code}"
            );
        }
        assert!(problems(check, "src/state/clock.rs", "let now: f64 = 1.0;").is_empty());
    }
}
