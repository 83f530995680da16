//! Orders, their payment, renewals and refunds.

use rust_decimal::Decimal;
use serde_json::json;
use vcloud_api::calls::{AddOrder, GetBalance, ListOrders, RefundServices, RenewServices};
use vcloud_api::types::{
    NewOrder, NewOrderItem, OrderStatus, PageRequest, RefundRequest, RenewItem, RenewOrder, ServiceOptions,
    UserServiceStatus,
};

use crate::bench::{As, Bench, containers, one_container, until};

pub async fn renew(
    bench: &Bench,
    id: &str,
    duration: u64,
    amount: &str,
) -> Result<vcloud_api::types::OrderReceipt, vcloud_api::error::ApiError> {
    let item = RenewItem {
        user_service_id: id.to_owned(),
        duration,
        amount: amount.parse().expect("an amount"),
    };
    bench
        .call(
            &bench.host(""),
            As::Owner(&bench.owner),
            &RenewServices(RenewOrder {
                user_services: vec![item],
            }),
        )
        .await
}

pub async fn refund(bench: &Bench, ids: &[&str]) -> Result<(), vcloud_api::error::ApiError> {
    let wanted = RefundRequest {
        user_service_ids: ids.iter().map(|&id| id.to_owned()).collect(),
    };
    bench
        .call(&bench.host(""), As::Owner(&bench.owner), &RefundServices(wanted))
        .await
        .map(|_| ())
}

#[tokio::test]
async fn a_paid_order_becomes_a_usable_service() {
    let bench = Bench::start().await;
    let receipt = bench.order(&containers("Europe", 2), 48).await.expect("an order");
    assert_eq!(
        receipt.amount.normalize().to_string(),
        "0.2352",
        "0.005 USD an hour, 2 percent less from a day on"
    );
    let pending = bench.get_order(&receipt.id).await;
    assert_eq!(pending.status, OrderStatus::Pending);
    assert_eq!(
        (pending.amount, pending.recipient.as_str()),
        (receipt.amount, receipt.recipient.as_str())
    );
    assert!(!pending.user_services[0].service_activated);

    let filed = bench.settle(&receipt).await;
    assert!(filed.amount_paid >= filed.amount);
    assert!(filed.user_services[0].service_activated);
    let services = bench.services(&[UserServiceStatus::Pending]).await;
    let service = services
        .iter()
        .find(|service| service.id == filed.user_services[0].id)
        .expect("a usable service");
    assert_eq!((service.duration, service.end_at), (48, 0));
    bench.open(&service.id).await;

    let listed = |status| ListOrders {
        address: bench.owner.address().to_string(),
        page: PageRequest::new(1, 10),
        status,
    };
    let filed = bench
        .call(&bench.host(""), As::Nobody, &listed(OrderStatus::Filed))
        .await
        .expect("orders")
        .list;
    assert!(filed.iter().any(|order| order.id == receipt.id));
    let pending = bench
        .call(&bench.host(""), As::Nobody, &listed(OrderStatus::Pending))
        .await
        .expect("orders")
        .list;
    assert!(pending.iter().all(|order| order.id != receipt.id));
}

#[tokio::test]
async fn an_order_can_be_paid_in_parts() {
    let bench = Bench::start().await;
    let receipt = bench.order(&containers("Europe", 1), 100).await.expect("an order");
    let whole = receipt.amount * Decimal::new(12_505, 1) * Decimal::from(100_000_000);
    let half: u64 = (whole / Decimal::from(2)).floor().try_into().expect("units");
    bench.pay(&receipt, half).await;
    let partly = until(|| async {
        let order = bench.get_order(&receipt.id).await;
        (order.amount_paid > Decimal::ZERO).then_some(order)
    })
    .await;
    assert_eq!(partly.status, OrderStatus::Pending);
    assert!(partly.amount_paid < partly.amount);
    bench.pay(&receipt, half + 1).await;
    until(|| async { (bench.get_order(&receipt.id).await.status == OrderStatus::Filed).then_some(()) }).await;
}

#[tokio::test]
async fn what_is_paid_for_an_expired_order_is_not_counted() {
    let bench = Bench::start().await;
    let receipt = bench.order(&containers("Europe", 1), 1).await.expect("an order");
    let expire = format!("/dev/orders/{}/expire", receipt.id);
    assert_eq!(bench.post("", &expire, &json!({})).await.0, 200);
    let units: u64 = 100_000_000_000;
    bench.pay(&receipt, units).await;
    // One that is ordered and paid after it is found later, so the payment before was looked at.
    let other = bench.order(&containers("Europe", 1), 1).await.expect("an order");
    bench.settle(&other).await;
    let order = bench.get_order(&receipt.id).await;
    assert_eq!(order.status, "OrderExpired".into());
    assert_eq!(order.amount_paid, Decimal::ZERO);
    // Only what can still be paid expires.
    assert_eq!(bench.post("", &expire, &json!({})).await.0, 400);
}

#[tokio::test]
async fn what_is_not_sold_cannot_be_ordered() {
    let bench = Bench::start().await;
    let europe = containers("Europe", 1);
    let with = |name: &str, value: &str| {
        let mut options = europe.clone();
        options.0.insert(name.to_owned(), value.to_owned());
        options
    };
    let mut without_region = europe.clone();
    without_region.0.remove("region");
    for (what, options, hours) in [
        ("an unknown region", with("region", "Moon"), 24),
        ("units that are not sold", with("resourceUnit", "3-Unit-Resource"), 24),
        ("an unknown option", with("colour", "red"), 24),
        ("no region", without_region, 24),
        ("no time", europe.clone(), 0),
        ("a hundred years", europe.clone(), 876_000),
    ] {
        assert_eq!(bench.order(&options, hours).await.expect_err(what).code, 400, "{what}");
    }
    let unknown = NewOrderItem {
        service_id: "nothing".into(),
        duration: 1,
        service_options: ServiceOptions::default(),
        expired_date: None,
    };
    let call = AddOrder(NewOrder {
        user_services: vec![unknown],
    });
    assert_eq!(
        bench
            .call(&bench.host(""), As::Owner(&bench.owner), &call)
            .await
            .expect_err("a refusal")
            .code,
        404
    );
    let (status, _) = bench
        .post("", "/api/v1/order/add", &json!({ "userServices": [] }))
        .await;
    assert_eq!(status, 401, "an order is signed");
}

#[tokio::test]
async fn a_renewal_adds_hours_when_it_is_paid() {
    let bench = Bench::start().await;
    let before = bench.labelled("web-frontend").await.answer.service;
    assert_eq!(
        renew(&bench, &before.id, 10, "0.06")
            .await
            .expect_err("a wrong price")
            .code,
        400
    );
    let receipt = renew(&bench, &before.id, 10, "0.05").await.expect("an order");
    assert_eq!(
        bench.open(&before.id).await.answer.service.end_at,
        before.end_at,
        "nothing changes before it is paid"
    );
    let order = bench.settle(&receipt).await;
    assert_eq!(order.user_services[0].id, before.id);
    let after = bench.open(&before.id).await.answer.service;
    assert_eq!(
        (after.duration, after.end_at),
        (before.duration + 10, before.end_at + 36_000)
    );
}

#[tokio::test]
async fn what_has_ended_can_neither_be_renewed_nor_refunded() {
    let bench = Bench::start().await;
    let done = bench.services(&[UserServiceStatus::Done]).await.remove(0);
    assert_eq!(
        renew(&bench, &done.id, 1, "0.0025").await.expect_err("a refusal").code,
        400
    );
    assert_eq!(refund(&bench, &[&done.id]).await.expect_err("a refusal").code, 400);
    assert_eq!(refund(&bench, &["nothing"]).await.expect_err("a refusal").code, 404);
    let watcher = bench.services(&[UserServiceStatus::Pending]).await;
    let watcher = watcher
        .iter()
        .find(|service| service.service == "Node Watcher")
        .expect("a node watcher");
    assert_eq!(
        refund(&bench, &[&watcher.id]).await.expect_err("not refundable").code,
        400
    );
    let frontend = bench.labelled("web-frontend").await;
    let blog = bench.labelled("old-blog").await;
    assert_eq!(
        refund(&bench, &[frontend.id(), blog.id()])
            .await
            .expect_err("two providers")
            .code,
        400
    );
    assert_eq!(
        bench.open(frontend.id()).await.answer.service.status,
        UserServiceStatus::Running,
        "nothing of a refused call is done"
    );
}

#[tokio::test]
async fn a_refund_ends_the_service_and_pays_the_rest_back() {
    let bench = Bench::start().await;
    let service = bench
        .deployed(&containers("Europe", 1), 100, &one_container("nginx:1.27", 80))
        .await;
    let balance = || async {
        let call = GetBalance {
            address: bench.owner.address().to_string(),
        };
        bench
            .call(&bench.node(), As::Nobody, &call)
            .await
            .expect("a balance")
            .balance
    };
    let before = balance().await;
    refund(&bench, &[service.id()]).await.expect("a refund");
    let ended = bench.open(service.id()).await.answer.service;
    assert_eq!(ended.status, UserServiceStatus::Abort);
    assert!(ended.service_abort_ts > 0);
    // 100 hours for 0.0025 USD less 2 percent, at 1250.5 VSYS a USD; a few seconds of it are used.
    let whole = 30_637_250_000_u64 / 1000 * 1000;
    let back = balance().await - before;
    assert!(back > whole - whole / 100 && back <= whole, "{back} units of {whole}");
    let (status, _) = bench.ask(&service, "GET", "/api/v1/k8s/pod/status", None).await;
    assert_eq!(status, 400, "its pod is gone");
    assert_eq!(
        refund(&bench, &[service.id()]).await.expect_err("once is enough").code,
        400
    );
}

#[tokio::test]
async fn a_payment_by_token_counts_at_its_own_rate() {
    use vsys::{Attachment, TokenSend};
    let bench = Bench::start().await;
    let receipt = bench.order(&containers("Europe", 1), 1000).await.expect("an order");
    let (_, currencies) = bench.get("", "/api/v1/currency").await;
    let token = currencies["list"]
        .as_array()
        .expect("a list")
        .iter()
        .find(|currency| currency["symbolName"] == "USDT-VSYS")
        .expect("a token");
    let contract = token["contractId"]
        .as_str()
        .expect("a contract")
        .parse()
        .expect("a contract");
    let units: u64 = (receipt.amount * Decimal::from(1_000_000))
        .ceil()
        .try_into()
        .expect("units");
    let attachment = Attachment::new(format!("{};{}", receipt.id, bench.owner.public_key())).expect("an attachment");
    let send = TokenSend::new(
        contract,
        receipt.recipient.parse().expect("an address"),
        units,
        attachment,
        crate::bench::now_nanoseconds(),
    );
    let signed = send
        .sign_with_os_randomness(bench.owner.private_key())
        .expect("a signature");
    bench
        .call(&bench.node(), As::Nobody, &vcloud_api::calls::SendToken(signed))
        .await
        .expect("a transaction");
    until(|| async { (bench.get_order(&receipt.id).await.status == OrderStatus::Filed).then_some(()) }).await;
}
