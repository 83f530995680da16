//! The node: balances, payments, and what it refuses.

use serde_json::{Value, json};
use vcloud_api::calls::{GetBalance, GetBalanceDetails, GetTokenBalance, GetTransaction, SendPayment};
use vcloud_api::error::ApiError;
use vsys::transaction::{PAYMENT_FEE, SignedPayment};
use vsys::{Account, Address, Attachment, Network, Payment, SeedPhrase};

use crate::bench::{As, Bench, now_nanoseconds};

fn recipient() -> Address {
    *Account::derive(
        &SeedPhrase::new("the shop on the corner").expect("a phrase"),
        0,
        Network::Mainnet,
    )
    .address()
}

fn payment(bench: &Bench, amount: u64) -> SignedPayment {
    let attachment = Attachment::new(*b"thanks").expect("an attachment");
    let payment = Payment::new(recipient(), amount, attachment, now_nanoseconds());
    payment
        .sign_with_os_randomness(bench.owner.private_key())
        .expect("a signature")
}

async fn send(bench: &Bench, payment: SignedPayment) -> Result<String, ApiError> {
    bench
        .call(&bench.node(), As::Nobody, &SendPayment(payment))
        .await
        .map(|transaction| transaction.id)
}

async fn balance(bench: &Bench, address: &Address) -> u64 {
    let call = GetBalance {
        address: address.to_string(),
    };
    bench
        .call(&bench.node(), As::Nobody, &call)
        .await
        .expect("a balance")
        .balance
}

#[tokio::test]
async fn a_payment_moves_its_amount_and_costs_its_fee() {
    let bench = Bench::start().await;
    let before = balance(&bench, bench.owner.address()).await;
    let signed = payment(&bench, 123_456_789);
    let expected = signed.id().to_string();
    let id = send(&bench, signed).await.expect("a transaction");
    assert_eq!(id, expected, "the id is known before");
    assert_eq!(
        balance(&bench, bench.owner.address()).await,
        before - 123_456_789 - PAYMENT_FEE
    );
    assert_eq!(balance(&bench, &recipient()).await, 123_456_789);

    let kept = bench
        .call(&bench.node(), As::Nobody, &GetTransaction { id: id.clone() })
        .await
        .expect("a transaction");
    assert_eq!(
        (kept.id, kept.amount, kept.recipient),
        (id, 123_456_789, recipient().to_string())
    );
    let details = GetBalanceDetails {
        address: bench.owner.address().to_string(),
    };
    let details = bench.call(&bench.node(), As::Nobody, &details).await.expect("details");
    assert_eq!(details.available, before - 123_456_789 - PAYMENT_FEE);
}

#[tokio::test]
async fn an_answer_can_be_lost_after_the_payment_was_taken() {
    let bench = Bench::start().await;
    let fault = json!({ "path": "/node/vsys/broadcast/payment", "loseAnswer": true, "times": 1 });
    bench.add_fault(fault).await;
    let signed = payment(&bench, 1000);
    let lost = bench
        .http
        .post(bench.url("", "/node/vsys/broadcast/payment"))
        .json(&signed)
        .send()
        .await;
    assert!(lost.is_err(), "{lost:?}");
    assert_eq!(balance(&bench, &recipient()).await, 1000);
    let again = send(&bench, signed.clone()).await.expect_err("a refusal");
    assert!(again.message.contains("already"), "{again}");
    let (_, listed) = bench.get("", "/dev/transactions").await;
    let listed = listed["list"].as_array().expect("a list");
    let found = listed.iter().find(|one| one["id"] == signed.id().to_string());
    let found = found.expect("the payment");
    assert_eq!(
        (&found["units"], &found["attachment"]),
        (&json!(1000), &json!("thanks"))
    );
    assert_eq!(found["recipient"], recipient().to_string());
}

#[tokio::test]
async fn the_same_payment_never_moves_money_twice() {
    let bench = Bench::start().await;
    let signed = payment(&bench, 1000);
    send(&bench, signed.clone()).await.expect("a transaction");
    let after = balance(&bench, bench.owner.address()).await;
    let refused = send(&bench, signed.clone()).await.expect_err("a refusal");
    assert!(refused.message.contains("already"), "{refused}");
    // Signatures are randomised: another one over the same payment is still the same transaction.
    let again = signed
        .payment
        .clone()
        .sign_with_os_randomness(bench.owner.private_key())
        .expect("a signature");
    send(&bench, again).await.expect_err("a refusal");
    assert_eq!(balance(&bench, bench.owner.address()).await, after);
    let bench = bench.restarted(|_| {}).await;
    send(&bench, signed)
        .await
        .expect_err("a refusal after a restart as well");
}

#[tokio::test]
async fn nobody_pays_what_they_do_not_have() {
    let bench = Bench::start().await;
    let all = balance(&bench, bench.owner.address()).await;
    let refused = send(&bench, payment(&bench, all - PAYMENT_FEE + 1))
        .await
        .expect_err("a refusal");
    assert!(refused.message.contains("insufficient"), "{refused}");
    assert_eq!(balance(&bench, bench.owner.address()).await, all);
    send(&bench, payment(&bench, all - PAYMENT_FEE))
        .await
        .expect("everything may go");
    assert_eq!(balance(&bench, bench.owner.address()).await, 0);
}

#[tokio::test]
async fn the_node_refuses_what_is_wrong_with_a_payment() {
    let bench = Bench::start().await;
    let post = async |field: &str, value: Value| {
        let signed = payment(&bench, 1000);
        let mut body = json!({
            "senderPublicKey": signed.sender.to_string(),
            "recipient": signed.payment.recipient.to_string(),
            "amount": signed.payment.amount,
            "fee": signed.payment.fee,
            "feeScale": signed.payment.fee_scale,
            "timestamp": signed.payment.timestamp,
            "attachment": bs58::encode(signed.payment.attachment.as_bytes()).into_string(),
            "signature": signed.signature.to_string(),
        });
        body[field] = value;
        bench.post("", "/node/vsys/broadcast/payment", &body).await
    };
    assert_eq!(
        post("amount", json!(1000)).await.0,
        200,
        "nothing is wrong with this one"
    );
    for (what, field, value) in [
        ("another amount than was signed", "amount", json!(1001)),
        (
            "a damaged recipient",
            "recipient",
            json!("ARKpcgwZVjRTu2Lg7PMdmAaTQ1cNTnwEYce"),
        ),
        ("a fee that is too small", "fee", json!(PAYMENT_FEE - 1)),
        ("another fee scale", "feeScale", json!(10)),
        ("a time long ago", "timestamp", json!(1_500_000_000_000_000_000_u64)),
        (
            "a time far ahead",
            "timestamp",
            json!(now_nanoseconds() + 7_200_000_000_000),
        ),
        ("no signature", "signature", json!("")),
        ("no amount", "amount", Value::Null),
    ] {
        let (status, answer) = post(field, value).await;
        assert_eq!(status, 400, "{what}: {answer}");
        assert!(
            answer["error"].is_u64() && answer["message"].is_string(),
            "{what}: {answer}"
        );
    }
}

#[tokio::test]
async fn tokens_are_counted_apart_from_the_coin() {
    let bench = Bench::start().await;
    let (_, currencies) = bench.get("", "/api/v1/currency").await;
    let contract: vsys::ContractId = currencies["list"][1]["contractId"]
        .as_str()
        .expect("a contract")
        .parse()
        .expect("a contract");
    let call = GetTokenBalance {
        address: bench.owner.address().to_string(),
        token_id: contract.token(0).to_string(),
    };
    let held = bench.call(&bench.node(), As::Nobody, &call).await.expect("a balance");
    assert_eq!(held.unity, currencies["list"][1]["unit"].as_u64().expect("a unit"));
    assert!(held.balance > 0);
    let send = vsys::TokenSend::new(
        contract,
        recipient(),
        5,
        Attachment::new(Vec::new()).expect("an attachment"),
        now_nanoseconds(),
    );
    let signed = send
        .sign_with_os_randomness(bench.owner.private_key())
        .expect("a signature");
    let sent_id = signed.id().to_string();
    bench
        .call(&bench.node(), As::Nobody, &vcloud_api::calls::SendToken(signed.clone()))
        .await
        .expect("a transaction");
    bench
        .call(&bench.node(), As::Nobody, &vcloud_api::calls::SendToken(signed))
        .await
        .expect_err("once");
    assert_eq!(
        bench
            .call(&bench.node(), As::Nobody, &call)
            .await
            .expect("a balance")
            .balance,
        held.balance - 5
    );
    let list = vcloud_api::calls::ListTransactions {
        address: bench.owner.address().to_string(),
        limit: 1,
    };
    let listed = bench.call(&bench.node(), As::Nobody, &list).await.expect("a list");
    assert_eq!(listed.len(), 1, "the newest only");
    assert_eq!((listed[0].kind, listed[0].id.as_str()), (9, sent_id.as_str()));
    assert!(listed[0].is_confirmed(), "what is listed is in a block");
    let waiting = bench
        .call(&bench.node(), As::Nobody, &vcloud_api::calls::ListUnconfirmed)
        .await
        .expect("a list");
    assert!(waiting.is_empty(), "every transaction is in a block at once");
}

#[tokio::test]
async fn unknown_things_are_told_the_nodes_way() {
    let bench = Bench::start().await;
    let (status, answer) = bench
        .get("", "/node/transactions/info/11111111111111111111111111111111")
        .await;
    assert_eq!(status, 404);
    assert!(answer["error"].is_u64() && answer["message"].is_string(), "{answer}");
    let (status, _) = bench.get("", "/node/addresses/balance/nobody").await;
    assert_eq!(status, 400);
}

#[tokio::test]
async fn the_node_answers_under_the_prefix_it_was_given() {
    let bench = Bench::with(|options| options.node_prefix = "/chain/api".into()).await;
    let path = format!("/chain/api/addresses/balance/{}", bench.owner.address());
    assert_eq!(bench.get("", &path).await.0, 200);
    assert_eq!(
        bench
            .get("", &format!("/node/addresses/balance/{}", bench.owner.address()))
            .await
            .0,
        404
    );
}

#[tokio::test]
async fn the_faucet_gives_coins() {
    let bench = Bench::start().await;
    let (status, answer) = bench
        .post(
            "",
            "/dev/faucet",
            &json!({ "address": recipient().to_string(), "units": 42 }),
        )
        .await;
    assert_eq!((status, &answer["balance"]), (200, &json!(42)));
    let (status, _) = bench
        .post("", "/dev/faucet", &json!({ "address": "nobody", "units": 42 }))
        .await;
    assert_eq!(status, 400);
}
