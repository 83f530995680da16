//! The V Systems node: balances, payments, token sends (contract, Accounts and signatures).
//!
//! The ledger takes a transaction at once and for good: there are no blocks to wait for, and no forks.

use axum::extract::{Path, Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use rusqlite::Connection;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::accounts::{self, Account};
use crate::authorise::read;
use crate::platform::SharedPlatform;
use crate::refusal::{Outcome, Refusal};
use crate::store::ledger::{self, NATIVE, Transaction};
use crate::store::market;

/// Fee of a payment, in units.
pub const PAYMENT_FEE: i64 = 10_000_000;
/// Fee of a contract's execution, in units.
pub const CONTRACT_FEE: i64 = 30_000_000;
/// The only fee scale that the chain takes.
pub const FEE_SCALE: u16 = 100;
/// Longest attachment, in bytes.
const LONGEST_ATTACHMENT: usize = 140;
/// So many transactions of an address are listed at most.
const MOST_LISTED: u32 = 10_000;
/// Function of a token contract that sends.
const SEND_FUNCTION: u16 = 3;
/// Seconds that a transaction's time may lie before the node's.
const OLDEST: i64 = 2 * 3600;
/// Seconds that a transaction's time may lie after the node's.
const FUTURE: i64 = 1800;

/// The node's calls.
pub fn routes() -> Router<SharedPlatform> {
    Router::new()
        .route("/addresses/balance/{address}", get(balance))
        .route("/addresses/balance/details/{address}", get(balance_details))
        .route("/addresses/balance/{address}/{confirmations}", get(confirmed_balance))
        .route("/contract/balance/{address}/{token}", get(token_balance))
        .route("/transactions/info/{id}", get(transaction))
        .route("/transactions/address/{address}/limit/{limit}", get(transactions_of))
        .route("/transactions/unconfirmed", get(unconfirmed))
        .route("/blocks/height", get(height))
        .route("/vsys/broadcast/payment", post(payment))
        .route("/contract/broadcast/execute", post(execute))
}

/// An error answer of the node, `{error:CODE,message}`.
#[derive(Clone, Debug, PartialEq)]
struct NodeError {
    status: StatusCode,
    code: u16,
    message: String,
}

impl NodeError {
    fn new(code: u16, message: impl Into<String>) -> Self {
        Self {
            status: StatusCode::BAD_REQUEST,
            code,
            message: message.into(),
        }
    }
}

// The numbers are those of the node's own families of errors: 1 wrong JSON, 101 to 112 a transaction that cannot be taken.
const WRONG_JSON: u16 = 1;
const INVALID_SIGNATURE: u16 = 101;
const INVALID_ADDRESS: u16 = 102;
const NEGATIVE_AMOUNT: u16 = 111;
const INSUFFICIENT_FEE: u16 = 112;
const STATE_CHECK_FAILED: u16 = 112;
const NO_TRANSACTION: u16 = 311;

impl From<Refusal> for NodeError {
    fn from(refusal: Refusal) -> Self {
        let status = StatusCode::from_u16(refusal.code()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self {
            status,
            code: 0,
            message: refusal.message().to_owned(),
        }
    }
}

impl IntoResponse for NodeError {
    fn into_response(self) -> Response {
        (
            self.status,
            Json(json!({ "error": self.code, "message": self.message })),
        )
            .into_response()
    }
}

type Answer = Result<Json<Value>, NodeError>;

fn check_address(address: &str) -> Result<(), NodeError> {
    if accounts::is_address(address) {
        Ok(())
    } else {
        Err(NodeError::new(INVALID_ADDRESS, "invalid address"))
    }
}

async fn balance(State(platform): State<SharedPlatform>, Path(address): Path<String>) -> Answer {
    balance_of(platform, address, 0).await
}

async fn confirmed_balance(
    State(platform): State<SharedPlatform>,
    Path((address, confirmations)): Path<(String, u32)>,
) -> Answer {
    balance_of(platform, address, confirmations).await
}

async fn balance_of(platform: SharedPlatform, address: String, confirmations: u32) -> Answer {
    check_address(&address)?;
    let wanted = address.clone();
    let units = platform
        .store
        .run(move |transaction| ledger::balance(transaction, &wanted, NATIVE))
        .await?;
    Ok(Json(
        json!({ "address": address, "confirmations": confirmations, "balance": units }),
    ))
}

async fn balance_details(State(platform): State<SharedPlatform>, Path(address): Path<String>) -> Answer {
    check_address(&address)?;
    let wanted = address.clone();
    let units = platform
        .store
        .run(move |transaction| ledger::balance(transaction, &wanted, NATIVE))
        .await?;
    Ok(Json(json!({
        "address": address,
        "regular": units,
        "mintingAverage": units,
        "available": units,
        "effective": units,
        "height": block_height(platform.clock.now()),
    })))
}

async fn token_balance(
    State(platform): State<SharedPlatform>,
    Path((address, token)): Path<(String, String)>,
) -> Answer {
    check_address(&address)?;
    let (wanted, token_id) = (address.clone(), token.clone());
    let (units, unity) = platform
        .store
        .run(move |transaction| {
            let unity = market::currencies(transaction)?
                .into_iter()
                .find(|currency| accounts::token_id(&currency.contract_id).as_deref() == Some(token_id.as_str()))
                .map(|currency| currency.unit);
            Ok((ledger::balance(transaction, &wanted, &token_id)?, unity))
        })
        .await?;
    let unity = unity.ok_or_else(|| NodeError::new(INVALID_ADDRESS, "invalid token id"))?;
    Ok(Json(
        json!({ "address": address, "tokenId": token, "balance": units, "unity": unity }),
    ))
}

async fn transaction(State(platform): State<SharedPlatform>, Path(id): Path<String>) -> Answer {
    let wanted = id.clone();
    let body = platform
        .store
        .run(move |transaction| ledger::body(transaction, &wanted))
        .await?;
    body.map(Json).ok_or_else(|| NodeError {
        status: StatusCode::NOT_FOUND,
        code: NO_TRANSACTION,
        message: format!("transaction {id} is not in blockchain"),
    })
}

/// The newest transactions of an address first, as a list in a list.
async fn transactions_of(
    State(platform): State<SharedPlatform>,
    Path((address, limit)): Path<(String, u32)>,
) -> Answer {
    check_address(&address)?;
    let limit = limit.min(MOST_LISTED);
    let bodies = platform
        .store
        .run(move |transaction| ledger::bodies_of(transaction, &address, limit))
        .await?;
    Ok(Json(json!([bodies])))
}

/// What waits for a block: nothing ever does.
async fn unconfirmed() -> Json<Value> {
    Json(json!([]))
}

async fn height(State(platform): State<SharedPlatform>) -> Json<Value> {
    Json(json!({ "height": block_height(platform.clock.now()) }))
}

/// A block every four seconds, as on the chain.
fn block_height(now: i64) -> i64 {
    (now - 1_540_000_000) / 4
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PaymentRequest {
    sender_public_key: String,
    recipient: String,
    amount: i64,
    fee: i64,
    fee_scale: u16,
    timestamp: i64,
    #[serde(default)]
    attachment: String,
    signature: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ExecuteRequest {
    sender_public_key: String,
    contract_id: String,
    function_index: u16,
    function_data: String,
    #[serde(default)]
    attachment: String,
    fee: i64,
    fee_scale: u16,
    timestamp: i64,
    signature: String,
}

async fn parsed<T: for<'de> Deserialize<'de>>(request: Request) -> Result<T, NodeError> {
    let body = read(request.into_body()).await?;
    serde_json::from_slice(&body)
        .map_err(|error| NodeError::new(WRONG_JSON, format!("failed to parse json message: {error}")))
}

async fn payment(State(platform): State<SharedPlatform>, request: Request) -> Answer {
    let wanted: PaymentRequest = parsed(request).await?;
    let now = platform.clock.now();
    let outcome = platform
        .store
        .run(move |transaction| undone_when_broken(take_payment(transaction, &wanted, now)))
        .await?;
    outcome.map(Json)
}

async fn execute(State(platform): State<SharedPlatform>, request: Request) -> Answer {
    let wanted: ExecuteRequest = parsed(request).await?;
    let now = platform.clock.now();
    let outcome = platform
        .store
        .run(move |transaction| undone_when_broken(take_execution(transaction, &wanted, now)))
        .await?;
    outcome.map(Json)
}

/// A transaction that the node refuses is an answer; a database that fails halfway has to undo its part.
fn undone_when_broken(outcome: Result<Value, NodeError>) -> Outcome<Result<Value, NodeError>> {
    match outcome {
        Err(error) if error.status.is_server_error() => Err(Refusal::internal(&error.message)),
        outcome => Ok(outcome),
    }
}

/// What payments and contract executions have in common.
struct Common<'a> {
    sender: String,
    public_key: &'a str,
    attachment: Vec<u8>,
    signature: &'a str,
}

fn check_common<'a>(
    public_key: &'a str,
    attachment: &str,
    signature: &'a str,
    fee: (i64, i64),
    fee_scale: u16,
    timestamp: i64,
    now: i64,
) -> Result<Common<'a>, NodeError> {
    let sender =
        accounts::address_of(public_key).ok_or_else(|| NodeError::new(INVALID_ADDRESS, "invalid public key"))?;
    let attachment = bs58::decode(attachment)
        .into_vec()
        .map_err(|_| NodeError::new(WRONG_JSON, "the attachment is not Base58"))?;
    if attachment.len() > LONGEST_ATTACHMENT {
        return Err(NodeError::new(
            STATE_CHECK_FAILED,
            format!("the attachment is longer than {LONGEST_ATTACHMENT} bytes"),
        ));
    }
    if fee.0 < fee.1 {
        return Err(NodeError::new(
            INSUFFICIENT_FEE,
            format!("insufficient fee, {} is the least", fee.1),
        ));
    }
    if fee_scale != FEE_SCALE {
        return Err(NodeError::new(
            STATE_CHECK_FAILED,
            format!("the fee scale must be {FEE_SCALE}"),
        ));
    }
    let seconds = timestamp / 1_000_000_000;
    if seconds < now - OLDEST || seconds > now + FUTURE {
        return Err(NodeError::new(
            STATE_CHECK_FAILED,
            "the transaction's timestamp is too far from the node's time",
        ));
    }
    Ok(Common {
        sender,
        public_key,
        attachment,
        signature,
    })
}

fn check_signature(common: &Common<'_>, bytes: &[u8]) -> Result<(), NodeError> {
    let signature = bs58::decode(common.signature).into_vec().unwrap_or_default();
    if accounts::verifies(common.public_key, bytes, &signature) {
        Ok(())
    } else {
        Err(NodeError::new(INVALID_SIGNATURE, "invalid signature"))
    }
}

fn payment_bytes(timestamp: i64, amount: i64, fee: i64, recipient: &[u8], attachment: &[u8]) -> Vec<u8> {
    let mut bytes = vec![2];
    bytes.extend(timestamp.to_be_bytes());
    bytes.extend(amount.to_be_bytes());
    bytes.extend(fee.to_be_bytes());
    bytes.extend(FEE_SCALE.to_be_bytes());
    bytes.extend(recipient);
    bytes.extend((attachment.len() as u16).to_be_bytes());
    bytes.extend(attachment);
    bytes
}

fn base58_bytes(text: &str) -> Result<Vec<u8>, NodeError> {
    bs58::decode(text)
        .into_vec()
        .map_err(|_| NodeError::new(INVALID_ADDRESS, "not Base58"))
}

fn proofs(public_key: &str, address: &str, signature: &str) -> Value {
    json!([{ "proofType": "Curve25519", "publicKey": public_key, "address": address, "signature": signature }])
}

fn take_payment(connection: &Connection, wanted: &PaymentRequest, now: i64) -> Result<Value, NodeError> {
    let (fee, scale) = ((wanted.fee, PAYMENT_FEE), wanted.fee_scale);
    let common = check_common(
        &wanted.sender_public_key,
        &wanted.attachment,
        &wanted.signature,
        fee,
        scale,
        wanted.timestamp,
        now,
    )?;
    check_address(&wanted.recipient)?;
    if wanted.amount <= 0 {
        return Err(NodeError::new(NEGATIVE_AMOUNT, "the amount must be above 0"));
    }
    let recipient = base58_bytes(&wanted.recipient)?;
    let bytes = payment_bytes(
        wanted.timestamp,
        wanted.amount,
        wanted.fee,
        &recipient,
        &common.attachment,
    );
    check_signature(&common, &bytes)?;
    let id = accounts::transaction_id(&bytes);
    let body = json!({
        "type": 2,
        "id": id,
        "fee": wanted.fee,
        "feeScale": wanted.fee_scale,
        "timestamp": wanted.timestamp,
        "proofs": proofs(&wanted.sender_public_key, &common.sender, &wanted.signature),
        "recipient": wanted.recipient,
        "amount": wanted.amount,
        "attachment": wanted.attachment,
        "status": "Success",
        "feeCharged": wanted.fee,
        "height": block_height(now),
    });
    let transaction = Transaction {
        id,
        sender: common.sender,
        recipient: wanted.recipient.clone(),
        contract_id: String::new(),
        units: wanted.amount,
        attachment: common.attachment,
        body,
    };
    book(connection, &transaction, NATIVE, wanted.fee)?;
    Ok(transaction.body)
}

fn take_execution(connection: &Connection, wanted: &ExecuteRequest, now: i64) -> Result<Value, NodeError> {
    let (fee, scale) = ((wanted.fee, CONTRACT_FEE), wanted.fee_scale);
    let common = check_common(
        &wanted.sender_public_key,
        &wanted.attachment,
        &wanted.signature,
        fee,
        scale,
        wanted.timestamp,
        now,
    )?;
    let known = market::currencies(connection)?
        .iter()
        .any(|currency| currency.contract_id == wanted.contract_id);
    let token_id = accounts::token_id(&wanted.contract_id).filter(|_| known);
    let token_id = token_id.ok_or_else(|| NodeError::new(STATE_CHECK_FAILED, "no such contract"))?;
    let contract = base58_bytes(&wanted.contract_id)?;
    let data = base58_bytes(&wanted.function_data)?;
    let (recipient, amount) = send_of(&data)
        .filter(|_| wanted.function_index == SEND_FUNCTION)
        .ok_or_else(|| {
            NodeError::new(
                STATE_CHECK_FAILED,
                "only the function that sends (3: recipient, amount) is known",
            )
        })?;
    check_address(&recipient)?;

    let mut bytes = vec![9];
    bytes.extend(&contract);
    bytes.extend(wanted.function_index.to_be_bytes());
    bytes.extend((data.len() as u16).to_be_bytes());
    bytes.extend(&data);
    bytes.extend((common.attachment.len() as u16).to_be_bytes());
    bytes.extend(&common.attachment);
    bytes.extend(wanted.fee.to_be_bytes());
    bytes.extend(wanted.fee_scale.to_be_bytes());
    bytes.extend(wanted.timestamp.to_be_bytes());
    check_signature(&common, &bytes)?;
    let id = accounts::transaction_id(&bytes);
    let body = json!({
        "type": 9,
        "id": id,
        "fee": wanted.fee,
        "feeScale": wanted.fee_scale,
        "timestamp": wanted.timestamp,
        "proofs": proofs(&wanted.sender_public_key, &common.sender, &wanted.signature),
        "contractId": wanted.contract_id,
        "functionIndex": wanted.function_index,
        "functionData": wanted.function_data,
        "attachment": wanted.attachment,
        "status": "Success",
        "feeCharged": wanted.fee,
        "height": block_height(now),
    });
    let transaction = Transaction {
        id,
        sender: common.sender,
        recipient,
        contract_id: wanted.contract_id.clone(),
        units: amount,
        attachment: common.attachment,
        body,
    };
    book(connection, &transaction, &token_id, wanted.fee)?;
    Ok(transaction.body)
}

/// Recipient and amount of a send: two entries, an address (type 2) and an amount (type 3).
fn send_of(data: &[u8]) -> Option<(String, i64)> {
    let rest = data.strip_prefix(&[0, 2, 2])?;
    let (recipient, rest) = rest.split_at_checked(26)?;
    let amount: [u8; 8] = rest.strip_prefix(&[3])?.try_into().ok()?;
    let amount = i64::from_be_bytes(amount);
    (amount > 0).then(|| (bs58::encode(recipient).into_string(), amount))
}

/// Moves what a transaction pays, once. Everything is checked before anything is changed, since a refused transaction must
/// leave no trace although the answer is no refusal of the database's transaction.
fn book(connection: &Connection, transaction: &Transaction, token_id: &str, fee: i64) -> Result<(), NodeError> {
    if ledger::body(connection, &transaction.id)?.is_some() {
        return Err(NodeError::new(
            STATE_CHECK_FAILED,
            format!("transaction {} is already in the state", transaction.id),
        ));
    }
    let native_needed = if token_id == NATIVE {
        transaction.units.saturating_add(fee)
    } else {
        fee
    };
    if ledger::balance(connection, &transaction.sender, NATIVE)? < native_needed {
        return Err(NodeError::new(STATE_CHECK_FAILED, "insufficient balance"));
    }
    if token_id != NATIVE && ledger::balance(connection, &transaction.sender, token_id)? < transaction.units {
        return Err(NodeError::new(STATE_CHECK_FAILED, "insufficient token balance"));
    }
    ledger::add(connection, transaction)?;
    ledger::change(connection, &transaction.sender, NATIVE, -fee)?;
    ledger::change(connection, &transaction.sender, token_id, -transaction.units)?;
    ledger::change(connection, &transaction.recipient, token_id, transaction.units)?;
    Ok(())
}

/// Pays from an account that the platform itself holds, as a real signed payment.
///
/// # Errors
/// 500 when the account cannot pay.
pub fn pay(
    connection: &Connection,
    wallet: &Account,
    recipient: &str,
    units: i64,
    attachment: &[u8],
    now: i64,
) -> Outcome<()> {
    // Two payments of one moment must not be the same transaction.
    let timestamp = now * 1_000_000_000 + i64::from(u32::from_be_bytes(crate::random::bytes())) % 1_000_000_000;
    let recipient_bytes = bs58::decode(recipient)
        .into_vec()
        .map_err(|error| Refusal::internal(&error))?;
    let bytes = payment_bytes(timestamp, units, PAYMENT_FEE, &recipient_bytes, attachment);
    let request = PaymentRequest {
        sender_public_key: wallet.public_key(),
        recipient: recipient.to_owned(),
        amount: units,
        fee: PAYMENT_FEE,
        fee_scale: FEE_SCALE,
        timestamp,
        attachment: bs58::encode(attachment).into_string(),
        signature: bs58::encode(wallet.sign(&bytes)).into_string(),
    };
    take_payment(connection, &request, now)
        .map(|_| ())
        .map_err(|error| Refusal::internal(&error.message))
}

#[cfg(test)]
mod tests {
    use super::send_of;

    #[test]
    fn only_a_whole_send_is_understood() {
        let mut data = vec![0, 2, 2];
        data.extend([5; 26]);
        data.push(3);
        data.extend(123_456_789_i64.to_be_bytes());
        assert_eq!(send_of(&data).map(|(_, amount)| amount), Some(123_456_789));
        assert!(send_of(&data[..data.len() - 1]).is_none());
        data.push(0);
        assert!(send_of(&data).is_none());
        assert!(send_of(&[]).is_none());
    }
}
