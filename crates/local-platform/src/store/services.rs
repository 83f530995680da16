//! User services and the secrets that open them.

use std::fmt::Write as _;

use rusqlite::{Connection, OptionalExtension as _, Row, ToSql, params};
use rust_decimal::Decimal;
use serde_json::{Value, json};

use super::market::decimal;
use super::{Listing, Page};
use crate::refusal::{Outcome, Refusal};

/// Where a user service is in its life (contract, Platform).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Status {
    /// Bought, never deployed: usable.
    Pending,
    /// Deployed; its time runs.
    Running,
    /// Paused by its owner; its time still runs.
    Stop,
    /// Its time is used up.
    Done,
    /// Refunded or ended by the provider.
    Abort,
}

impl Status {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Pending, Self::Running, Self::Stop, Self::Done, Self::Abort];

    /// The name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Pending => "ServicePending",
            Self::Running => "ServiceRunning",
            Self::Stop => "ServiceStop",
            Self::Done => "ServiceDone",
            Self::Abort => "ServiceAbort",
        }
    }

    /// The status of this name.
    #[must_use]
    pub fn of_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }
}

/// One user service as the platform keeps it.
#[derive(Clone, Debug)]
pub struct UserService {
    /// Identifier.
    pub id: String,
    /// Name of its provider.
    pub provider: String,
    /// Address of its owner.
    pub address: String,
    /// Identifier of its service type.
    pub service_id: String,
    /// Name of its service type.
    pub service: String,
    /// The chosen options, a JSON object of texts.
    pub service_options: Value,
    /// The chosen region, also part of the options; empty for a type without.
    pub region: String,
    /// Hours bought, renewals included.
    pub duration: i64,
    /// What was paid for them, in USD.
    pub price_paid: Decimal,
    /// Where it is in its life.
    pub status: Status,
    /// When it was ordered.
    pub created_at: i64,
    /// When it last changed.
    pub updated_at: i64,
    /// When it was paid.
    pub activate_ts: i64,
    /// When it was first deployed.
    pub running_ts: i64,
    /// When its time was used up.
    pub done_ts: i64,
    /// When it was refunded.
    pub abort_ts: i64,
    /// When its time will be used up, 0 before it is deployed.
    pub end_at: i64,
    /// Label, empty = none.
    pub label: String,
    /// Description, empty = none.
    pub description: String,
    /// Address that notices about it go to, empty = none.
    pub email: String,
    /// The deployment in force, as JSON: most who read a service have no use for it.
    pub deployment: Option<String>,
}

impl UserService {
    /// What lists show of it (contract, Platform, `UserService`).
    #[must_use]
    pub fn to_wire(&self) -> Value {
        json!({
            "id": self.id,
            "provider": self.provider,
            "service": self.service,
            "serviceID": self.service_id,
            "serviceOptions": self.service_options,
            "duration": self.duration,
            "status": self.status.name(),
            "createdAt": self.created_at,
            "updatedAt": self.updated_at,
            "serviceActivateTS": self.activate_ts,
            "serviceRunningTS": self.running_ts,
            "serviceDoneTS": self.done_ts,
            "serviceAbortTS": self.abort_ts,
            "endAt": self.end_at,
            "address": self.address,
        })
    }

    /// The value of a chosen option, empty when the service has none of this name.
    #[must_use]
    pub fn option(&self, name: &str) -> &str {
        self.service_options
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    }
}

const COLUMNS: &str = "id, provider, address, service_id, service, service_options, region, duration, price_paid, status, created_at, \
     updated_at, activate_ts, running_ts, done_ts, abort_ts, end_at, label, description, email, deployment";

fn of_row(row: &Row<'_>) -> rusqlite::Result<UserService> {
    let damaged = |error: Box<dyn std::error::Error + Send + Sync>| {
        rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, error)
    };
    let status: String = row.get("status")?;
    let options: String = row.get("service_options")?;
    Ok(UserService {
        id: row.get("id")?,
        provider: row.get("provider")?,
        address: row.get("address")?,
        service_id: row.get("service_id")?,
        service: row.get("service")?,
        service_options: serde_json::from_str(&options).map_err(|error| damaged(Box::new(error)))?,
        region: row.get("region")?,
        duration: row.get("duration")?,
        price_paid: decimal(&row.get::<_, String>("price_paid")?)?,
        status: Status::of_name(&status).ok_or_else(|| damaged(format!("status {status}").into()))?,
        created_at: row.get("created_at")?,
        updated_at: row.get("updated_at")?,
        activate_ts: row.get("activate_ts")?,
        running_ts: row.get("running_ts")?,
        done_ts: row.get("done_ts")?,
        abort_ts: row.get("abort_ts")?,
        end_at: row.get("end_at")?,
        label: row.get("label")?,
        description: row.get("description")?,
        email: row.get("email")?,
        deployment: row.get("deployment")?,
    })
}

/// A page of an account's services, newest first; of some statuses where any are given.
///
/// # Errors
/// When the database fails.
pub fn list(connection: &Connection, address: &str, statuses: &[Status], page: Page) -> Outcome<Listing<UserService>> {
    let mut filter = String::from("address = ?1");
    let names: Vec<&str> = statuses.iter().map(|status| status.name()).collect();
    let mut values: Vec<&dyn ToSql> = vec![&address];
    if !names.is_empty() {
        filter.push_str(" AND status IN (");
        for (index, name) in names.iter().enumerate() {
            let _ = write!(filter, "{}?{}", if index == 0 { "" } else { ", " }, index + 2);
            values.push(name);
        }
        filter.push(')');
    }
    let total = connection
        .prepare_cached(&format!(
            "SELECT COUNT(*) FROM user_services INDEXED BY user_services_count WHERE {filter}"
        ))?
        .query_row(values.as_slice(), |row| row.get(0))?;
    let offset = page.offset();
    values.extend([&page.size as &dyn ToSql, &offset]);
    // The page is found in the index alone; only its own entries are read from the table.
    let mut statement = connection.prepare_cached(&format!(
        "SELECT {COLUMNS} FROM user_services WHERE rowid IN
           (SELECT rowid FROM user_services INDEXED BY user_services_list WHERE {filter}
            ORDER BY created_at DESC, id DESC LIMIT ?{} OFFSET ?{})
         ORDER BY created_at DESC, id DESC",
        names.len() + 2,
        names.len() + 3
    ))?;
    let entries = statement
        .query_map(values.as_slice(), of_row)?
        .collect::<rusqlite::Result<_>>()?;
    Ok(Listing { entries, total })
}

/// How many services an account has.
///
/// # Errors
/// When the database fails.
pub fn count(connection: &Connection, address: &str) -> Outcome<i64> {
    let mut statement = connection.prepare_cached("SELECT COUNT(*) FROM user_services WHERE address = ?1")?;
    Ok(statement.query_row([address], |row| row.get(0))?)
}

/// The service of this identifier.
///
/// # Errors
/// 404 when there is none.
pub fn get(connection: &Connection, id: &str) -> Outcome<UserService> {
    let mut statement = connection.prepare_cached(&format!("SELECT {COLUMNS} FROM user_services WHERE id = ?1"))?;
    let found = statement.query_row([id], of_row).optional()?;
    found.ok_or_else(|| Refusal::missing(format!("no user service {id}")))
}

/// Identifiers of the services whose time is used up.
///
/// # Errors
/// When the database fails.
pub fn expired(connection: &Connection, now: i64) -> Outcome<Vec<String>> {
    let mut statement = connection
        .prepare_cached("SELECT id FROM user_services WHERE status IN ('ServiceRunning', 'ServiceStop') AND end_at <= ?1 ORDER BY end_at")?;
    let rows = statement
        .query_map([now], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(rows)
}

/// Identifiers of the services that end before `until`, are in the last fifth of their time, and whose owners were not told.
///
/// # Errors
/// When the database fails.
pub fn ending(connection: &Connection, until: i64, now: i64) -> Outcome<Vec<String>> {
    let mut statement = connection.prepare_cached(
        "SELECT id FROM user_services WHERE status IN ('ServiceRunning', 'ServiceStop') AND end_at <= ?1 AND warned = 0
         AND (end_at - ?2) * 5 <= end_at - running_ts",
    )?;
    let rows = statement
        .query_map([until, now], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    Ok(rows)
}

/// Remembers whether the owner was told that the service ends soon.
///
/// # Errors
/// When the database fails.
pub fn set_warned(connection: &Connection, id: &str, warned: bool) -> Outcome<()> {
    connection.execute(
        "UPDATE user_services SET warned = ?2 WHERE id = ?1",
        params![id, warned],
    )?;
    Ok(())
}

/// Adds a service with its primary secret.
///
/// # Errors
/// When the database fails.
pub fn add(connection: &Connection, service: &UserService, secret: &str) -> Outcome<()> {
    connection
        .prepare_cached(
            "INSERT INTO user_services
             (id, provider, address, service_id, service, service_options, region, duration, price_paid, status, created_at, updated_at,
              activate_ts, running_ts, done_ts, abort_ts, end_at, label, description, email, deployment)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21)",
        )?
        .execute(params![
            service.id,
            service.provider,
            service.address,
            service.service_id,
            service.service,
            service.service_options.to_string(),
            service.region,
            service.duration,
            service.price_paid.to_string(),
            service.status.name(),
            service.created_at,
            service.updated_at,
            service.activate_ts,
            service.running_ts,
            service.done_ts,
            service.abort_ts,
            service.end_at,
            service.label,
            service.description,
            service.email,
            service.deployment,
        ])?;
    connection
        .prepare_cached("INSERT INTO tokens (id, user_service_id, secret, is_primary) VALUES (?1, ?2, ?3, 1)")?
        .execute(params![
            crate::random::identifier(service.created_at),
            service.id,
            secret
        ])?;
    Ok(())
}

/// Writes back everything of a service that can change.
///
/// # Errors
/// When the database fails.
pub fn update(connection: &Connection, service: &UserService) -> Outcome<()> {
    connection
        .prepare_cached(
            "UPDATE user_services SET
               sealed_label = CASE WHEN label = ?9 THEN sealed_label END,
               sealed_description = CASE WHEN description = ?10 THEN sealed_description END,
               duration = ?2, price_paid = ?3, status = ?4, updated_at = ?5, running_ts = ?6, done_ts = ?7, abort_ts = ?8,
               label = ?9, description = ?10, email = ?11, deployment = ?12, end_at = ?13
             WHERE id = ?1",
        )?
        .execute(params![
            service.id,
            service.duration,
            service.price_paid.to_string(),
            service.status.name(),
            service.updated_at,
            service.running_ts,
            service.done_ts,
            service.abort_ts,
            service.label,
            service.description,
            service.email,
            service.deployment,
            service.end_at,
        ])?;
    Ok(())
}

/// What of a service is sealed to its owner: made once, then given out unchanged.
#[derive(Clone, Debug, Default)]
pub struct Sealed {
    /// Sealed secret.
    pub magic: Option<String>,
    /// Sealed label.
    pub label: Option<String>,
    /// Sealed description.
    pub description: Option<String>,
}

/// What has been sealed of a service so far.
///
/// # Errors
/// When the database fails or the service is not there.
pub fn sealed(connection: &Connection, id: &str) -> Outcome<Sealed> {
    let mut statement = connection
        .prepare_cached("SELECT sealed_magic, sealed_label, sealed_description FROM user_services WHERE id = ?1")?;
    let sealed = statement.query_row([id], |row| {
        Ok(Sealed {
            magic: row.get(0)?,
            label: row.get(1)?,
            description: row.get(2)?,
        })
    })?;
    Ok(sealed)
}

/// Keeps what has been sealed.
///
/// # Errors
/// When the database fails.
pub fn keep_sealed(connection: &Connection, id: &str, sealed: &Sealed) -> Outcome<()> {
    connection
        .prepare_cached(
            "UPDATE user_services SET sealed_magic = ?2, sealed_label = ?3, sealed_description = ?4 WHERE id = ?1",
        )?
        .execute(params![id, sealed.magic, sealed.label, sealed.description])?;
    Ok(())
}

/// State of a secret (contract, Errors: 411, 422, 433).
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TokenState {
    /// Opens the service.
    Active,
    /// Its time is over: 411.
    Expired,
    /// Switched off: 422.
    Inactive,
    /// Deleted: 433.
    Deleted,
}

impl TokenState {
    fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Expired => "expired",
            Self::Inactive => "inactive",
            Self::Deleted => "deleted",
        }
    }

    fn of_name(name: &str) -> Self {
        match name {
            "expired" => Self::Expired,
            "inactive" => Self::Inactive,
            "deleted" => Self::Deleted,
            _ => Self::Active,
        }
    }
}

/// A secret that opens one service.
#[derive(Clone)]
pub struct Token {
    /// Identifier.
    pub id: String,
    /// Identifier of the service.
    pub user_service_id: String,
    /// The secret itself.
    pub secret: String,
    /// Whether it opens.
    pub state: TokenState,
}

fn token_of(row: &Row<'_>) -> rusqlite::Result<Token> {
    Ok(Token {
        id: row.get("id")?,
        user_service_id: row.get("user_service_id")?,
        secret: row.get("secret")?,
        state: TokenState::of_name(&row.get::<_, String>("state")?),
    })
}

/// The token with this secret.
///
/// # Errors
/// When the database fails.
pub fn token_of_secret(connection: &Connection, secret: &str) -> Outcome<Option<Token>> {
    let mut statement = connection.prepare_cached("SELECT * FROM tokens WHERE secret = ?1")?;
    Ok(statement.query_row([secret], token_of).optional()?)
}

/// The token of this identifier.
///
/// # Errors
/// 404 when there is none.
pub fn token(connection: &Connection, id: &str) -> Outcome<Token> {
    let mut statement = connection.prepare_cached("SELECT * FROM tokens WHERE id = ?1")?;
    let found = statement.query_row([id], token_of).optional()?;
    found.ok_or_else(|| Refusal::missing(format!("no token {id}")))
}

/// The secret of a service that its sealed magic holds.
///
/// # Errors
/// 404 when the service is not there.
pub fn primary_token(connection: &Connection, user_service_id: &str) -> Outcome<Token> {
    let mut statement =
        connection.prepare_cached("SELECT * FROM tokens WHERE user_service_id = ?1 AND is_primary = 1")?;
    let found = statement.query_row([user_service_id], token_of).optional()?;
    found.ok_or_else(|| Refusal::missing(format!("no user service {user_service_id}")))
}

/// Adds a further secret for a service.
///
/// # Errors
/// When the database fails.
pub fn add_token(connection: &Connection, token: &Token) -> Outcome<()> {
    connection.execute(
        "INSERT INTO tokens (id, user_service_id, secret, is_primary, state) VALUES (?1, ?2, ?3, 0, ?4)",
        params![token.id, token.user_service_id, token.secret, token.state.name()],
    )?;
    Ok(())
}

/// Changes the state of a secret.
///
/// # Errors
/// When the database fails.
pub fn set_token_state(connection: &Connection, id: &str, state: TokenState) -> Outcome<()> {
    connection.execute("UPDATE tokens SET state = ?2 WHERE id = ?1", params![id, state.name()])?;
    Ok(())
}

/// Remembers the public key of an account.
///
/// # Errors
/// When the database fails.
pub fn remember_account(connection: &Connection, address: &str, public_key: &str) -> Outcome<()> {
    connection
        .prepare_cached("INSERT INTO accounts (address, public_key) VALUES (?1, ?2) ON CONFLICT (address) DO NOTHING")?
        .execute([address, public_key])?;
    Ok(())
}

/// The public key of an account, where it has ever shown it.
///
/// # Errors
/// When the database fails.
pub fn public_key(connection: &Connection, address: &str) -> Outcome<Option<String>> {
    let mut statement = connection.prepare_cached("SELECT public_key FROM accounts WHERE address = ?1")?;
    Ok(statement.query_row([address], |row| row.get(0)).optional()?)
}
