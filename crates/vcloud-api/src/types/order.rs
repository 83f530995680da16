//! Orders: buying, renewing and paying.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::ServiceOptions;
use crate::money;
use crate::wire::{self, open_enum};

open_enum! {
    /// Where an order is.
    OrderStatus {
        /// Not (fully) paid yet.
        Pending = "OrderPending",
        /// Paid.
        Paid = "OrderPaid",
        /// Paid and closed.
        Filed = "OrderFiled",
    }
}

impl OrderStatus {
    /// Whether the list of these orders is asked for with `serviceActivated=true`.
    pub fn is_activated(&self) -> bool {
        matches!(self, OrderStatus::Paid | OrderStatus::Filed)
    }
}

/// An order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Order {
    /// Its id.
    #[serde(deserialize_with = "wire::identifier")]
    pub id: String,
    /// What kind of order it is, in the platform's words.
    #[serde(rename = "type", deserialize_with = "wire::name")]
    pub kind: String,
    /// Name of the provider.
    #[serde(deserialize_with = "wire::name")]
    pub provider: String,
    /// The address that it is paid at.
    #[serde(deserialize_with = "wire::identifier")]
    pub recipient: String,
    /// What it costs, in USD.
    #[serde(with = "money")]
    pub amount: Decimal,
    /// What was paid so far, in USD.
    #[serde(with = "money")]
    pub amount_paid: Decimal,
    /// Where it is.
    pub status: OrderStatus,
    /// When it was made, Unix seconds.
    #[serde(deserialize_with = "wire::integer")]
    pub created_at: i64,
    /// Address of the account that made it.
    #[serde(deserialize_with = "wire::identifier")]
    pub address: String,
    /// What was ordered.
    #[serde(deserialize_with = "wire::list")]
    pub user_services: Vec<OrderItem>,
}

impl Order {
    /// What is still to be paid, in USD, at least 0.
    pub fn amount_due(&self) -> Decimal {
        // Saturating: amounts from the network must never be able to panic.
        self.amount.saturating_sub(self.amount_paid).max(Decimal::ZERO)
    }
}

/// One service in an order.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct OrderItem {
    /// Id of the user service.
    #[serde(deserialize_with = "wire::identifier")]
    pub id: String,
    /// Name of the service type.
    #[serde(deserialize_with = "wire::name")]
    pub service: String,
    /// Id of the service type.
    #[serde(rename = "serviceID", deserialize_with = "wire::identifier")]
    pub service_id: String,
    /// Hours.
    #[serde(deserialize_with = "wire::integer")]
    pub duration: u64,
    /// USD.
    #[serde(with = "money")]
    pub amount: Decimal,
    /// Whether it can be used.
    #[serde(deserialize_with = "wire::flag")]
    pub service_activated: bool,
    /// What it was ordered with.
    pub service_options: ServiceOptions,
}

/// Orders new services.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NewOrder {
    /// What is ordered.
    #[serde(deserialize_with = "wire::list")]
    pub user_services: Vec<NewOrderItem>,
}

/// One new service.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct NewOrderItem {
    /// Id of the service type.
    #[serde(rename = "serviceID", deserialize_with = "wire::identifier")]
    pub service_id: String,
    /// Hours.
    #[serde(deserialize_with = "wire::integer")]
    pub duration: u64,
    /// One value for every option of the service type.
    pub service_options: ServiceOptions,
    /// The day (`YYYY-MM-DD`) it was asked to end at, where the hours were chosen that way.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expired_date: Option<String>,
}

/// Renews services of one provider.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RenewOrder {
    /// What is renewed.
    #[serde(deserialize_with = "wire::list")]
    pub user_services: Vec<RenewItem>,
}

/// One service to renew.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct RenewItem {
    /// Id of the user service.
    #[serde(rename = "userServiceID", deserialize_with = "wire::text")]
    pub user_service_id: String,
    /// Hours to add.
    #[serde(deserialize_with = "wire::integer")]
    pub duration: u64,
    /// What they cost, in USD, see [`crate::price`].
    #[serde(with = "money")]
    pub amount: Decimal,
}

/// Asks for services of one provider to be ended and paid back.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RefundRequest {
    /// Ids of the user services.
    #[serde(rename = "userServiceIDs", deserialize_with = "wire::list")]
    pub user_service_ids: Vec<String>,
}

/// The answer to an order: whom to pay how much.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct OrderReceipt {
    /// The order's id.
    #[serde(deserialize_with = "wire::identifier")]
    pub id: String,
    /// The address to pay.
    #[serde(deserialize_with = "wire::identifier")]
    pub recipient: String,
    /// USD.
    #[serde(with = "money")]
    pub amount: Decimal,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_knows_what_is_due() {
        let order: Order = serde_json::from_str(
            r#"{"id":"o1","type":"OrderNew","amount":"100.10","amountPaid":40.05,"status":"OrderPending","userServices":null}"#,
        )
        .unwrap();
        assert_eq!(order.kind, "OrderNew");
        assert_eq!(order.amount_due().to_string(), "60.05");
        assert!(!order.status.is_activated());
        let overpaid = Order {
            amount_paid: Decimal::from(200),
            ..order
        };
        assert_eq!(overpaid.amount_due(), Decimal::ZERO);
    }

    #[test]
    fn orders_are_written_as_the_contract_says() {
        let renew = RenewOrder {
            user_services: vec![RenewItem {
                user_service_id: "s1".into(),
                duration: 7,
                amount: Decimal::new(7005, 1),
            }],
        };
        assert_eq!(
            serde_json::to_string(&renew).unwrap(),
            r#"{"userServices":[{"userServiceID":"s1","duration":7,"amount":700.5}]}"#
        );
        let refund = RefundRequest {
            user_service_ids: vec!["s1".into()],
        };
        assert_eq!(serde_json::to_string(&refund).unwrap(), r#"{"userServiceIDs":["s1"]}"#);
        let order = NewOrder {
            user_services: vec![NewOrderItem {
                service_id: "t1".into(),
                duration: 24,
                service_options: [("region", "Europe")].into_iter().collect(),
                expired_date: None,
            }],
        };
        assert_eq!(
            serde_json::to_string(&order).unwrap(),
            r#"{"userServices":[{"serviceID":"t1","duration":24,"serviceOptions":{"region":"Europe"}}]}"#
        );
    }
}
