//! Money between accounts and providers: which payments on the ledger pay which orders, and what is paid back.

use rusqlite::Connection;
use rust_decimal::prelude::ToPrimitive as _;
use rust_decimal::{Decimal, RoundingStrategy};

use crate::accounts::{self, Account};
use crate::clock::Clock;
use crate::random;
use crate::refusal::{Outcome, Refusal};
use crate::store::ledger::{self, Transaction};
use crate::store::notices::{self, NoticeType};
use crate::store::orders::{self, Order, OrderItem, OrderStatus, OrderType};
use crate::store::services::{self, Status, UserService};
use crate::store::{market, pods};

/// Seconds that a paid order stays `OrderPaid` before it is put on file.
const FILED_AFTER: i64 = 2;

/// A user service of an account.
///
/// # Errors
/// 404 when it is not there or another account's.
pub fn owned(connection: &Connection, id: &str, address: &str) -> Outcome<UserService> {
    let service = services::get(connection, id)?;
    if service.address != address {
        return Err(Refusal::missing(format!("no user service {id} of this account")));
    }
    Ok(service)
}

/// Looks at the payments that arrived since the last time, and puts paid orders on file.
///
/// # Errors
/// When the database fails.
pub fn settle(connection: &Connection, clock: &Clock) -> Outcome<()> {
    let now = clock.now();
    orders::file(connection, now - FILED_AFTER)?;
    for transaction in ledger::unexamined(connection)? {
        credit(connection, clock, &transaction)?;
        ledger::set_examined(connection, &transaction.id)?;
    }
    Ok(())
}

/// Credits a payment to the order that its attachment names, if it is one.
fn credit(connection: &Connection, clock: &Clock, transaction: &Transaction) -> Outcome<()> {
    let Some((order_id, public_key)) = order_of(&transaction.attachment) else {
        return Ok(());
    };
    let Ok(mut order) = orders::get(connection, order_id) else {
        return Ok(());
    };
    let is_owner = accounts::address_of(public_key).as_deref() == Some(order.address.as_str());
    if order.status != OrderStatus::Pending || order.recipient != transaction.recipient || !is_owner {
        return Ok(());
    }
    let contract = if transaction.contract_id.is_empty() {
        "vsys"
    } else {
        transaction.contract_id.as_str()
    };
    let Some(currency) = market::currencies(connection)?
        .into_iter()
        .find(|currency| currency.contract_id == contract)
    else {
        return Ok(());
    };
    services::remember_account(connection, &order.address, public_key)?;
    order.amount_paid += worth(transaction.units, currency.unit, currency.exchange_rate);
    if order.amount_paid >= order.amount {
        let now = clock.now();
        order.status = OrderStatus::Paid;
        order.activated = true;
        order.paid_at = now;
        for item in &order.items {
            match order.kind {
                OrderType::New => activate(connection, &order, item, now)?,
                OrderType::Renew => prolong(connection, clock, item)?,
            }
        }
    }
    orders::update(connection, &order)
}

/// What so many units are worth in USD, in digits that fit in an answer. Rounded up, and by far less than a unit: what is then due for the
/// rest of an order is, to the unit, what the parts before left of the whole.
fn worth(units: i64, unit: i64, exchange_rate: Decimal) -> Decimal {
    let exact = Decimal::from(units) / (Decimal::from(unit) * exchange_rate);
    exact.round_dp_with_strategy(12, RoundingStrategy::AwayFromZero)
}

/// Order and public key of a payment's attachment `ORDERID;PUBLICKEY`, or `ORDERID-PUBLICKEY` as phone wallets send it from
/// the QR code's invoice.
fn order_of(attachment: &[u8]) -> Option<(&str, &str)> {
    let text = std::str::from_utf8(attachment).ok()?;
    text.split_once(';').or_else(|| text.split_once('-'))
}

fn activate(connection: &Connection, order: &Order, item: &OrderItem, now: i64) -> Outcome<()> {
    let region = item
        .service_options
        .get("region")
        .and_then(serde_json::Value::as_str)
        .unwrap_or_default();
    let service = UserService {
        id: item.user_service_id.clone(),
        provider: order.provider.clone(),
        address: order.address.clone(),
        service_id: item.service_id.clone(),
        service: item.service.clone(),
        region: region.to_owned(),
        service_options: item.service_options.clone(),
        duration: item.duration,
        price_paid: item.amount,
        status: Status::Pending,
        created_at: order.created_at,
        updated_at: now,
        activate_ts: now,
        running_ts: 0,
        done_ts: 0,
        abort_ts: 0,
        end_at: 0,
        label: String::new(),
        description: String::new(),
        email: String::new(),
        deployment: None,
    };
    services::add(connection, &service, &random::secret())?;
    notices::add(connection, &service, NoticeType::Activated, now)
}

fn prolong(connection: &Connection, clock: &Clock, item: &OrderItem) -> Outcome<()> {
    let mut service = services::get(connection, &item.user_service_id)?;
    let now = clock.now();
    service.duration += item.duration;
    service.price_paid += item.amount;
    service.updated_at = now;
    match service.status {
        Status::Pending => {}
        Status::Running | Status::Stop => service.end_at += clock.seconds_of_service(item.duration as f64),
        // Its time was used up between the order and its payment: what was paid is given back.
        Status::Done | Status::Abort => {
            let provider = market::provider(connection, &service.provider)?;
            return pay_back(connection, &provider, &service, item.amount, now);
        }
    }
    services::update(connection, &service)?;
    services::set_warned(connection, &service.id, false)?;
    notices::add(connection, &service, NoticeType::Renewed, now)
}

/// Ends a service and pays its unused hours back.
///
/// # Errors
/// 400 for a service that cannot be refunded.
pub fn refund(connection: &Connection, mut service: UserService, now: i64) -> Outcome<()> {
    if !market::service_type(connection, &service.service_id)?.refundable {
        return Err(Refusal::invalid(format!("{} is not refundable", service.service)));
    }
    let unused = match service.status {
        Status::Pending => Decimal::ONE,
        Status::Running | Status::Stop => {
            let whole = (service.end_at - service.running_ts).max(1);
            Decimal::from((service.end_at - now).clamp(0, whole)) / Decimal::from(whole)
        }
        Status::Done | Status::Abort => return Err(Refusal::invalid(format!("user service {} has ended", service.id))),
    };
    let provider = market::provider(connection, &service.provider)?;
    pay_back(connection, &provider, &service, service.price_paid * unused, now)?;
    service.status = Status::Abort;
    service.abort_ts = now;
    service.updated_at = now;
    services::update(connection, &service)?;
    pods::forget(connection, &service.id)?;
    notices::add(connection, &service, NoticeType::Refunded, now)
}

/// Pays an amount of USD from a provider's wallet to a service's owner, in the native coin.
fn pay_back(
    connection: &Connection,
    provider: &market::Provider,
    service: &UserService,
    amount: Decimal,
    now: i64,
) -> Outcome<()> {
    let native = market::currencies(connection)?
        .into_iter()
        .find(|currency| currency.contract_id == "vsys");
    let Some(native) = native else { return Ok(()) };
    let units = (amount * native.exchange_rate * Decimal::from(native.unit))
        .floor()
        .to_i64()
        .unwrap_or(0);
    if units == 0 {
        return Ok(());
    }
    let wallet = Account::of_seed(&provider.seed, 0)?;
    let attachment = format!("refund;{}", service.id);
    crate::hosts::node::pay(connection, &wallet, &service.address, units, attachment.as_bytes(), now)
}

#[cfg(test)]
mod tests {
    use super::{order_of, worth};
    use rust_decimal::Decimal;
    use rust_decimal::prelude::ToPrimitive as _;

    #[test]
    fn parts_of_an_order_are_together_the_whole_to_the_unit() {
        let unit = 100_000_000_i64;
        for (amount, rate) in [
            ("1.2", "49.01960784"),
            ("0.36", "3"),
            ("7", "0.3"),
            ("0.0001", "123.456789"),
            ("200", "1"),
        ] {
            let (amount, rate): (Decimal, Decimal) = (amount.parse().unwrap(), rate.parse().unwrap());
            let due = |paid: Decimal| ((amount - paid) * rate * Decimal::from(unit)).ceil().to_i64().unwrap();
            let whole = due(Decimal::ZERO);
            for part in [1, 7, whole / 3, whole / 2, whole - 1] {
                let paid = worth(part, unit, rate);
                assert_eq!(due(paid), whole - part, "{part} of {whole}");
                assert!(paid + worth(whole - part, unit, rate) >= amount, "{part} of {whole}");
            }
        }
    }

    #[test]
    fn an_attachment_names_order_and_public_key() {
        assert_eq!(order_of(b"63a0;ABC"), Some(("63a0", "ABC")));
        assert_eq!(order_of(b"63a0-ABC"), Some(("63a0", "ABC")));
        assert_eq!(order_of(b"thanks"), None);
        assert_eq!(order_of(&[0xff, b';']), None);
    }
}
