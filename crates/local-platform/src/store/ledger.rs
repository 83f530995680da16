//! Balances and transactions of the V Systems node.

use rusqlite::{Connection, OptionalExtension as _, params};
use serde_json::Value;

use crate::refusal::Outcome;

/// The token id under which balances of the native coin are kept.
pub const NATIVE: &str = "";

/// A transaction that the ledger holds.
#[derive(Clone, Debug)]
pub struct Transaction {
    /// Identifier: the hash of what was signed.
    pub id: String,
    /// Address of who pays.
    pub sender: String,
    /// Address of who is paid.
    pub recipient: String,
    /// Contract of the token, empty for the native coin.
    pub contract_id: String,
    /// Units paid.
    pub units: i64,
    /// Attachment.
    pub attachment: Vec<u8>,
    /// The transaction as the node tells of it.
    pub body: Value,
}

/// Units of a coin or token that an address holds.
///
/// # Errors
/// When the database fails.
pub fn balance(connection: &Connection, address: &str, token_id: &str) -> Outcome<i64> {
    let mut statement = connection.prepare_cached("SELECT units FROM balances WHERE address = ?1 AND token_id = ?2")?;
    Ok(statement
        .query_row([address, token_id], |row| row.get(0))
        .optional()?
        .unwrap_or(0))
}

/// Adds units to (or, below 0, takes them from) what an address holds.
///
/// # Errors
/// When the database fails, also because the address would hold less than nothing.
pub fn change(connection: &Connection, address: &str, token_id: &str, units: i64) -> Outcome<()> {
    // An upsert checks its insertion first, and a negative one would fail whatever the address holds.
    let changed = connection
        .prepare_cached("UPDATE balances SET units = units + ?3 WHERE address = ?1 AND token_id = ?2")?
        .execute(params![address, token_id, units])?;
    if changed == 0 {
        connection
            .prepare_cached("INSERT INTO balances (address, token_id, units) VALUES (?1, ?2, ?3)")?
            .execute(params![address, token_id, units])?;
    }
    Ok(())
}

/// Adds a transaction; false when the ledger has it already, and then nothing is changed.
///
/// # Errors
/// When the database fails.
pub fn add(connection: &Connection, transaction: &Transaction) -> Outcome<bool> {
    let added = connection
        .prepare_cached(
            "INSERT INTO transactions (id, sender, recipient, contract_id, units, attachment, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
             ON CONFLICT (id) DO NOTHING",
        )?
        .execute(params![
            transaction.id,
            transaction.sender,
            transaction.recipient,
            transaction.contract_id,
            transaction.units,
            transaction.attachment,
            transaction.body.to_string(),
        ])?;
    Ok(added == 1)
}

/// The transaction of this identifier as the node tells of it.
///
/// # Errors
/// When the database fails.
pub fn body(connection: &Connection, id: &str) -> Outcome<Option<Value>> {
    let mut statement = connection.prepare_cached("SELECT body FROM transactions WHERE id = ?1")?;
    let text: Option<String> = statement.query_row([id], |row| row.get(0)).optional()?;
    Ok(text.map(|text| serde_json::from_str(&text).unwrap_or(Value::Null)))
}

/// What the node tells of the newest transactions that an address sent or received.
///
/// # Errors
/// When the database fails.
pub fn bodies_of(connection: &Connection, address: &str, limit: u32) -> Outcome<Vec<Value>> {
    let mut statement = connection.prepare_cached(
        "SELECT body FROM transactions WHERE sender = ?1 OR recipient = ?1 ORDER BY rowid DESC LIMIT ?2",
    )?;
    let rows = statement.query_map(params![address, limit], |row| row.get::<_, String>(0))?;
    let texts = rows.collect::<rusqlite::Result<Vec<String>>>()?;
    Ok(texts
        .iter()
        .map(|text| serde_json::from_str(text).unwrap_or(Value::Null))
        .collect())
}

/// Transactions that the platform has not looked at yet, in the order of their arrival.
///
/// # Errors
/// When the database fails.
pub fn unexamined(connection: &Connection) -> Outcome<Vec<Transaction>> {
    listed(connection, "WHERE examined = 0")
}

/// Every transaction, in the order of their arrival.
///
/// # Errors
/// When the database fails.
pub fn all(connection: &Connection) -> Outcome<Vec<Transaction>> {
    listed(connection, "")
}

fn listed(connection: &Connection, condition: &'static str) -> Outcome<Vec<Transaction>> {
    let mut statement = connection.prepare_cached(&format!(
        "SELECT id, sender, recipient, contract_id, units, attachment FROM transactions {condition} ORDER BY rowid"
    ))?;
    let rows = statement.query_map([], |row| {
        Ok(Transaction {
            id: row.get(0)?,
            sender: row.get(1)?,
            recipient: row.get(2)?,
            contract_id: row.get(3)?,
            units: row.get(4)?,
            attachment: row.get(5)?,
            body: Value::Null,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Remembers that the platform has looked at a transaction.
///
/// # Errors
/// When the database fails.
pub fn set_examined(connection: &Connection, id: &str) -> Outcome<()> {
    connection
        .prepare_cached("UPDATE transactions SET examined = 1 WHERE id = ?1")?
        .execute([id])?;
    Ok(())
}
