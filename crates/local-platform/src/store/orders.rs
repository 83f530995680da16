//! Orders.

use std::fmt::Write as _;

use rusqlite::{Connection, OptionalExtension as _, Row, ToSql, params};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::market::decimal;
use super::{Listing, Page};
use crate::money;
use crate::refusal::{Outcome, Refusal};

/// Where an order is in its life (contract, Platform).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderStatus {
    /// Waits for its payment, or for the rest of it.
    Pending,
    /// Paid; what it is for is usable.
    Paid,
    /// Paid and put on file.
    Filed,
    /// Not paid in time: nothing that arrives for it is counted any more. The contract names no such status; a test can set it.
    Expired,
}

impl OrderStatus {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Pending, Self::Paid, Self::Filed, Self::Expired];

    /// The name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "OrderPending",
            Self::Paid => "OrderPaid",
            Self::Filed => "OrderFiled",
            Self::Expired => "OrderExpired",
        }
    }

    /// The status of this name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }
}

/// What an order is: something new, or more time for what is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OrderType {
    /// New services.
    New,
    /// More hours for services that are there.
    Renew,
}

impl OrderType {
    /// The name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::New => "OrderNew",
            Self::Renew => "OrderRenew",
        }
    }
}

/// One order.
#[derive(Clone, Debug)]
pub struct Order {
    /// Identifier.
    pub id: String,
    /// New or renewal.
    pub kind: OrderType,
    /// Name of the provider.
    pub provider: String,
    /// Address to pay to.
    pub recipient: String,
    /// Address of who ordered.
    pub address: String,
    /// Price in USD.
    pub amount: Decimal,
    /// What of it has been paid, in USD.
    pub amount_paid: Decimal,
    /// Where it is in its life.
    pub status: OrderStatus,
    /// Whether what it is for is usable.
    pub activated: bool,
    /// When it was made.
    pub created_at: i64,
    /// When it was paid.
    pub paid_at: i64,
    /// What it is for.
    pub items: Vec<OrderItem>,
}

/// One service of an order.
#[derive(Clone, Debug)]
pub struct OrderItem {
    /// Identifier that the service has or will have.
    pub user_service_id: String,
    /// Name of the service type.
    pub service: String,
    /// Identifier of the service type.
    pub service_id: String,
    /// The chosen options.
    pub service_options: Value,
    /// Hours.
    pub duration: i64,
    /// Price in USD.
    pub amount: Decimal,
}

impl Order {
    /// What the platform tells of it (contract, Platform, `Order`).
    #[must_use]
    pub fn to_wire(&self) -> Value {
        let services: Vec<Value> = self
            .items
            .iter()
            .map(|item| {
                json!({
                    "id": item.user_service_id,
                    "service": item.service,
                    "serviceID": item.service_id,
                    "duration": item.duration,
                    "amount": money::number(item.amount),
                    "serviceActivated": self.activated,
                    "serviceOptions": item.service_options,
                })
            })
            .collect();
        json!({
            "id": self.id,
            "type": self.kind.name(),
            "provider": self.provider,
            "recipient": self.recipient,
            "amount": money::number(self.amount),
            "amountPaid": money::number(self.amount_paid),
            "status": self.status.name(),
            "createdAt": self.created_at,
            "address": self.address,
            "userServices": services,
        })
    }
}

fn of_row(row: &Row<'_>) -> rusqlite::Result<Order> {
    let status: String = row.get("status")?;
    let kind: String = row.get("type")?;
    Ok(Order {
        id: row.get("id")?,
        kind: if kind == OrderType::Renew.name() {
            OrderType::Renew
        } else {
            OrderType::New
        },
        provider: row.get("provider")?,
        recipient: row.get("recipient")?,
        address: row.get("address")?,
        amount: decimal(&row.get::<_, String>("amount")?)?,
        amount_paid: decimal(&row.get::<_, String>("amount_paid")?)?,
        status: OrderStatus::of_name(&status).unwrap_or(OrderStatus::Pending),
        activated: row.get("activated")?,
        created_at: row.get("created_at")?,
        paid_at: row.get("paid_at")?,
        items: Vec::new(),
    })
}

fn with_items(connection: &Connection, mut order: Order) -> Outcome<Order> {
    let mut statement = connection.prepare_cached("SELECT * FROM order_items WHERE order_id = ?1 ORDER BY position")?;
    let rows = statement.query_map([&order.id], |row| {
        let options: String = row.get("service_options")?;
        Ok(OrderItem {
            user_service_id: row.get("user_service_id")?,
            service: row.get("service")?,
            service_id: row.get("service_id")?,
            service_options: serde_json::from_str(&options).unwrap_or(Value::Null),
            duration: row.get("duration")?,
            amount: decimal(&row.get::<_, String>("amount")?)?,
        })
    })?;
    order.items = rows.collect::<rusqlite::Result<_>>()?;
    Ok(order)
}

/// The order of this identifier.
///
/// # Errors
/// 404 when there is none.
pub fn get(connection: &Connection, id: &str) -> Outcome<Order> {
    let mut statement = connection.prepare_cached("SELECT * FROM orders WHERE id = ?1")?;
    let found = statement.query_row([id], of_row).optional()?;
    with_items(
        connection,
        found.ok_or_else(|| Refusal::missing(format!("no order {id}")))?,
    )
}

/// A page of an account's orders, newest first; of some statuses, and only activated or not, where given.
///
/// # Errors
/// When the database fails.
pub fn list(
    connection: &Connection,
    address: &str,
    statuses: &[OrderStatus],
    activated: Option<bool>,
    page: Page,
) -> Outcome<Listing<Order>> {
    let mut filter = String::from("address = ?1 AND (?2 IS NULL OR activated = ?2)");
    let names: Vec<&str> = statuses.iter().map(|status| status.name()).collect();
    let mut values: Vec<&dyn ToSql> = vec![&address, &activated];
    if !names.is_empty() {
        filter.push_str(" AND status IN (");
        for (index, name) in names.iter().enumerate() {
            let _ = write!(filter, "{}?{}", if index == 0 { "" } else { ", " }, index + 3);
            values.push(name);
        }
        filter.push(')');
    }
    let total = connection
        .prepare_cached(&format!("SELECT COUNT(*) FROM orders WHERE {filter}"))?
        .query_row(values.as_slice(), |row| row.get(0))?;
    let offset = page.offset();
    values.extend([&page.size as &dyn ToSql, &offset]);
    let mut statement = connection.prepare_cached(&format!(
        "SELECT * FROM orders WHERE {filter} ORDER BY created_at DESC, id DESC LIMIT ?{} OFFSET ?{}",
        names.len() + 3,
        names.len() + 4
    ))?;
    let orders = statement
        .query_map(values.as_slice(), of_row)?
        .collect::<rusqlite::Result<Vec<_>>>()?;
    let entries = orders
        .into_iter()
        .map(|order| with_items(connection, order))
        .collect::<Outcome<_>>()?;
    Ok(Listing { entries, total })
}

/// Adds an order.
///
/// # Errors
/// When the database fails.
pub fn add(connection: &Connection, order: &Order) -> Outcome<()> {
    connection
        .prepare_cached(
            "INSERT INTO orders (id, type, provider, recipient, address, amount, amount_paid, status, activated, created_at, paid_at)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)",
        )?
        .execute(params![
            order.id,
            order.kind.name(),
            order.provider,
            order.recipient,
            order.address,
            order.amount.to_string(),
            order.amount_paid.to_string(),
            order.status.name(),
            order.activated,
            order.created_at,
            order.paid_at,
        ])?;
    let mut statement = connection.prepare_cached(
        "INSERT INTO order_items (order_id, position, user_service_id, service, service_id, service_options, duration, amount)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
    )?;
    for (position, item) in order.items.iter().enumerate() {
        statement.execute(params![
            order.id,
            i64::try_from(position).unwrap_or(i64::MAX),
            item.user_service_id,
            item.service,
            item.service_id,
            item.service_options.to_string(),
            item.duration,
            item.amount.to_string(),
        ])?;
    }
    Ok(())
}

/// Writes back how far an order is paid.
///
/// # Errors
/// When the database fails.
pub fn update(connection: &Connection, order: &Order) -> Outcome<()> {
    connection
        .prepare_cached("UPDATE orders SET amount_paid = ?2, status = ?3, activated = ?4, paid_at = ?5 WHERE id = ?1")?
        .execute(params![
            order.id,
            order.amount_paid.to_string(),
            order.status.name(),
            order.activated,
            order.paid_at
        ])?;
    Ok(())
}

/// Puts the orders on file that were paid before `paid_before`.
///
/// # Errors
/// When the database fails.
pub fn file(connection: &Connection, paid_before: i64) -> Outcome<()> {
    connection
        .prepare_cached("UPDATE orders SET status = 'OrderFiled' WHERE status = 'OrderPaid' AND paid_at <= ?1")?
        .execute([paid_before])?;
    Ok(())
}
