//! E-mail addresses of accounts, the codes that prove them, and the mails that were sent.

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::refusal::{Outcome, Refusal};

/// Seconds that a verification code is valid (contract, Provider and region hosts).
pub const CODE_LIFETIME: i64 = 300;
/// Wrong codes after which a new one has to be asked for.
const ATTEMPTS: i64 = 5;

/// The address bound to an account.
#[derive(Clone, Debug)]
pub struct Contact {
    /// The e-mail address.
    pub email: String,
    /// When it was bound.
    pub updated_at: i64,
}

/// A mail that was sent.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Mail {
    /// Number, in the order of sending.
    pub id: i64,
    /// When, in Unix seconds.
    pub timestamp: i64,
    /// Address.
    pub to: String,
    /// Subject.
    pub subject: String,
    /// Text.
    pub body: String,
}

/// The address bound to an account at a provider.
///
/// # Errors
/// When the database fails.
pub fn email(connection: &Connection, provider: &str, address: &str) -> Outcome<Option<Contact>> {
    let mut statement =
        connection.prepare_cached("SELECT email, updated_at FROM contacts WHERE provider = ?1 AND address = ?2")?;
    let contact = statement.query_row([provider, address], |row| {
        Ok(Contact {
            email: row.get(0)?,
            updated_at: row.get(1)?,
        })
    });
    Ok(contact.optional()?)
}

/// Binds an address to an account.
///
/// # Errors
/// When the database fails.
pub fn bind(connection: &Connection, provider: &str, address: &str, email: &str, now: i64) -> Outcome<()> {
    connection.execute(
        "INSERT INTO contacts (provider, address, email, updated_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (provider, address) DO UPDATE SET email = excluded.email, updated_at = excluded.updated_at",
        params![provider, address, email, now],
    )?;
    Ok(())
}

/// Unbinds the address of an account.
///
/// # Errors
/// 404 when none is bound.
pub fn unbind(connection: &Connection, provider: &str, address: &str) -> Outcome<()> {
    let removed = connection.execute(
        "DELETE FROM contacts WHERE provider = ?1 AND address = ?2",
        [provider, address],
    )?;
    if removed == 0 {
        return Err(Refusal::missing("no e-mail is bound"));
    }
    Ok(())
}

/// Makes a code for an account or a user service, mails it, and forgets earlier ones for the same address.
///
/// # Errors
/// When the database fails.
pub fn send_code(connection: &Connection, subject: &str, contact: &str, now: i64) -> Outcome<()> {
    let code = crate::random::verification_code();
    connection.execute(
        "INSERT INTO codes (subject, contact, code, expires_at) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT (subject, contact) DO UPDATE SET code = excluded.code, expires_at = excluded.expires_at, attempts = 0",
        params![subject, contact, code, now + CODE_LIFETIME],
    )?;
    let body = format!("Your verification code is {code}. It is valid for 5 minutes.");
    mail(connection, contact, "V Cloud verification code", &body, now)
}

/// Checks and uses up a code. A wrong one has to be counted, so it is no refusal of the transaction but a text.
///
/// # Errors
/// When the database fails.
pub fn use_code(
    connection: &Connection,
    subject: &str,
    contact: &str,
    code: &str,
    now: i64,
) -> Outcome<Result<(), &'static str>> {
    let mut statement = connection
        .prepare_cached("SELECT code, expires_at, attempts FROM codes WHERE subject = ?1 AND contact = ?2")?;
    let known: Option<(String, i64, i64)> = statement
        .query_row([subject, contact], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((expected, expires_at, attempts)) = known else {
        return Ok(Err("no verification code was sent to this address"));
    };
    if expires_at <= now || attempts >= ATTEMPTS {
        return Ok(Err("the verification code has expired"));
    }
    if expected != code {
        connection.execute(
            "UPDATE codes SET attempts = attempts + 1 WHERE subject = ?1 AND contact = ?2",
            [subject, contact],
        )?;
        return Ok(Err("wrong verification code"));
    }
    connection.execute(
        "DELETE FROM codes WHERE subject = ?1 AND contact = ?2",
        [subject, contact],
    )?;
    Ok(Ok(()))
}

/// Sends a mail: puts it into the outbox.
///
/// # Errors
/// When the database fails.
pub fn mail(connection: &Connection, recipient: &str, subject: &str, body: &str, now: i64) -> Outcome<()> {
    connection
        .prepare_cached("INSERT INTO outbox (timestamp, recipient, subject, body) VALUES (?1, ?2, ?3, ?4)")?
        .execute(params![now, recipient, subject, body])?;
    Ok(())
}

/// The latest mails, newest first.
///
/// # Errors
/// When the database fails.
pub fn outbox(connection: &Connection) -> Outcome<Vec<Mail>> {
    let mut statement = connection
        .prepare_cached("SELECT id, timestamp, recipient, subject, body FROM outbox ORDER BY id DESC LIMIT 500")?;
    let rows = statement.query_map([], |row| {
        Ok(Mail {
            id: row.get(0)?,
            timestamp: row.get(1)?,
            to: row.get(2)?,
            subject: row.get(3)?,
            body: row.get(4)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}
