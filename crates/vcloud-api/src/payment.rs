//! How an order is paid: what goes with the payment, and the code for a phone wallet (contract, Platform).

use serde::{Deserialize, Serialize};

/// The text that tells the platform which order a payment is for: `ORDERID;PUBLICKEY`, the attachment of the transaction.
pub fn order_attachment(order_id: &str, public_key: &str) -> String {
    format!("{order_id};{public_key}")
}

/// Takes an attachment apart again, as the platform does: order id and public key.
pub fn parse_order_attachment(attachment: &str) -> Option<(&str, &str)> {
    attachment
        .split_once(';')
        .filter(|(order_id, public_key)| !order_id.is_empty() && !public_key.is_empty())
}

/// What the code for a phone wallet says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invoice {
    protocol: String,
    opc: String,
    address: String,
    api: u8,
    invoice: String,
    amount: u64,
}

impl Invoice {
    /// For an order: whom to pay, how many units, and for what.
    pub fn for_order(recipient: &str, order_id: &str, public_key: &str, units: u64) -> Self {
        Self {
            protocol: "v.systems".to_owned(),
            opc: "account".to_owned(),
            address: recipient.to_owned(),
            api: 2,
            invoice: format!("{order_id}-{public_key}"),
            amount: units,
        }
    }

    /// The text of the code.
    pub fn to_json(&self) -> String {
        // Texts and whole numbers are always JSON.
        serde_json::to_string(self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_attachment_names_the_order_and_the_payer() {
        let attachment = order_attachment("63a0", "2qVUz");
        assert_eq!(attachment, "63a0;2qVUz");
        assert_eq!(parse_order_attachment(&attachment), Some(("63a0", "2qVUz")));
        for broken in ["", "63a0", ";2qVUz", "63a0;"] {
            assert_eq!(parse_order_attachment(broken), None, "{broken}");
        }
    }

    #[test]
    fn a_phone_wallet_reads_the_invoice() {
        assert_eq!(
            Invoice::for_order("AR1", "63a0", "2qVUz", 35_640_000).to_json(),
            r#"{"protocol":"v.systems","opc":"account","address":"AR1","api":2,"invoice":"63a0-2qVUz","amount":35640000}"#
        );
    }
}
