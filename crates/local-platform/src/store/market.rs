//! What can be bought: providers, categories, service types, currencies.

use std::str::FromStr as _;

use rusqlite::{Connection, OptionalExtension as _, Row, params};
use rust_decimal::Decimal;
use serde_json::Value;

use super::{Listing, Page};
use crate::refusal::{Outcome, Refusal};

/// Who runs services.
#[derive(Clone, Debug)]
pub struct Provider {
    /// Name, which orders and services carry.
    pub name: String,
    /// Identifier.
    pub id: String,
    /// Label of its host below `localhost`, empty for the platform's own host.
    pub label: String,
    /// Seed phrase of its wallet, from which refunds are paid.
    pub seed: String,
    /// Address that orders are paid to.
    pub wallet_address: String,
    /// Address that it signs with.
    pub sign_address: String,
    /// True for a provider that cannot change one domain at a time (contract, Errors, code 501).
    pub legacy_ingress: bool,
}

/// A group of service types.
#[derive(Clone, Debug)]
pub struct Category {
    /// Identifier.
    pub id: String,
    /// Name of its provider.
    pub provider: String,
    /// Name, unique at its provider.
    pub name: String,
    /// Text for people.
    pub description: String,
    /// Options and their possible values, as JSON.
    pub service_options: Value,
}

/// What an order is for.
#[derive(Clone, Debug)]
pub struct ServiceType {
    /// Identifier.
    pub id: String,
    /// Name of its provider.
    pub provider: String,
    /// Name of its category.
    pub category: String,
    /// Name.
    pub name: String,
    /// Text for people.
    pub description: String,
    /// Whether unused hours are paid back.
    pub refundable: bool,
    /// Options and their possible values, as JSON.
    pub service_options: Value,
    /// Price sets, as JSON.
    pub duration_to_price: Value,
}

/// What an order can be paid with.
#[derive(Clone, Debug)]
pub struct Currency {
    /// Contract of the token; `vsys` for the native coin.
    pub contract_id: String,
    /// Symbol for people.
    pub symbol: String,
    /// Units of one coin.
    pub unit: i64,
    /// Coins of one USD.
    pub exchange_rate: Decimal,
}

fn json(text: &str) -> rusqlite::Result<Value> {
    serde_json::from_str(text)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(error)))
}

/// A decimal that the database holds as text.
///
/// # Errors
/// When the text is none, which only a damaged database holds.
pub fn decimal(text: &str) -> rusqlite::Result<Decimal> {
    Decimal::from_str(text)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(0, rusqlite::types::Type::Text, Box::new(error)))
}

fn provider_of(row: &Row<'_>) -> rusqlite::Result<Provider> {
    Ok(Provider {
        name: row.get("name")?,
        id: row.get("id")?,
        label: row.get("label")?,
        seed: row.get("seed")?,
        wallet_address: row.get("wallet_address")?,
        sign_address: row.get("sign_address")?,
        legacy_ingress: row.get("legacy_ingress")?,
    })
}

fn category_of(row: &Row<'_>) -> rusqlite::Result<Category> {
    Ok(Category {
        id: row.get("id")?,
        provider: row.get("provider")?,
        name: row.get("name")?,
        description: row.get("description")?,
        service_options: json(&row.get::<_, String>("service_options")?)?,
    })
}

fn service_type_of(row: &Row<'_>) -> rusqlite::Result<ServiceType> {
    Ok(ServiceType {
        id: row.get("id")?,
        provider: row.get("provider")?,
        category: row.get("category")?,
        name: row.get("name")?,
        description: row.get("description")?,
        refundable: row.get("refundable")?,
        service_options: json(&row.get::<_, String>("service_options")?)?,
        duration_to_price: json(&row.get::<_, String>("duration_to_price")?)?,
    })
}

fn currency_of(row: &Row<'_>) -> rusqlite::Result<Currency> {
    Ok(Currency {
        contract_id: row.get("contract_id")?,
        symbol: row.get("symbol")?,
        unit: row.get("unit")?,
        exchange_rate: decimal(&row.get::<_, String>("exchange_rate")?)?,
    })
}

/// All providers.
///
/// # Errors
/// When the database fails.
pub fn providers(connection: &Connection) -> Outcome<Vec<Provider>> {
    let mut statement = connection.prepare_cached("SELECT * FROM providers ORDER BY position")?;
    let rows = statement.query_map([], provider_of)?.collect::<rusqlite::Result<_>>()?;
    Ok(rows)
}

/// The provider of this name.
///
/// # Errors
/// 404 when there is none.
pub fn provider(connection: &Connection, name: &str) -> Outcome<Provider> {
    let mut statement = connection.prepare_cached("SELECT * FROM providers WHERE name = ?1")?;
    let found = statement.query_row([name], provider_of).optional()?;
    found.ok_or_else(|| Refusal::missing(format!("no provider named {name}")))
}

/// A page of categories, of one provider where `provider` is given.
///
/// # Errors
/// When the database fails.
pub fn categories(connection: &Connection, provider: Option<&str>, page: Page) -> Outcome<Listing<Category>> {
    let total = connection.query_row(
        "SELECT COUNT(*) FROM categories WHERE ?1 IS NULL OR provider = ?1",
        [provider],
        |row| row.get(0),
    )?;
    let mut statement = connection.prepare_cached(
        "SELECT * FROM categories WHERE ?1 IS NULL OR provider = ?1 ORDER BY position LIMIT ?2 OFFSET ?3",
    )?;
    let entries = statement
        .query_map(params![provider, page.size, page.offset()], category_of)?
        .collect::<rusqlite::Result<_>>()?;
    Ok(Listing { entries, total })
}

/// The category of this identifier.
///
/// # Errors
/// 404 when there is none.
pub fn category(connection: &Connection, id: &str) -> Outcome<Category> {
    let mut statement = connection.prepare_cached("SELECT * FROM categories WHERE id = ?1")?;
    let found = statement.query_row([id], category_of).optional()?;
    found.ok_or_else(|| Refusal::missing(format!("no category {id}")))
}

/// A page of service types, of one provider, category or name where given.
///
/// # Errors
/// When the database fails.
pub fn service_types(
    connection: &Connection,
    provider: Option<&str>,
    category: Option<&str>,
    name: Option<&str>,
    page: Page,
) -> Outcome<Listing<ServiceType>> {
    const FILTER: &str =
        "(?1 IS NULL OR provider = ?1) AND (?2 IS NULL OR category = ?2) AND (?3 IS NULL OR name = ?3)";
    let total = connection.query_row(
        &format!("SELECT COUNT(*) FROM service_types WHERE {FILTER}"),
        params![provider, category, name],
        |row| row.get(0),
    )?;
    let mut statement = connection.prepare_cached(&format!(
        "SELECT * FROM service_types WHERE {FILTER} ORDER BY position LIMIT ?4 OFFSET ?5"
    ))?;
    let rows = statement.query_map(
        params![provider, category, name, page.size, page.offset()],
        service_type_of,
    )?;
    Ok(Listing {
        entries: rows.collect::<rusqlite::Result<_>>()?,
        total,
    })
}

/// The service type of this identifier.
///
/// # Errors
/// 404 when there is none.
pub fn service_type(connection: &Connection, id: &str) -> Outcome<ServiceType> {
    let mut statement = connection.prepare_cached("SELECT * FROM service_types WHERE id = ?1")?;
    let found = statement.query_row([id], service_type_of).optional()?;
    found.ok_or_else(|| Refusal::missing(format!("no service type {id}")))
}

/// All currencies, the native coin first.
///
/// # Errors
/// When the database fails.
pub fn currencies(connection: &Connection) -> Outcome<Vec<Currency>> {
    let mut statement = connection.prepare_cached("SELECT * FROM currencies ORDER BY position")?;
    let rows = statement.query_map([], currency_of)?.collect::<rusqlite::Result<_>>()?;
    Ok(rows)
}

/// Adds a provider.
///
/// # Errors
/// When the database fails.
pub fn add_provider(connection: &Connection, provider: &Provider, position: i64) -> Outcome<()> {
    connection.execute(
        "INSERT INTO providers (name, id, label, seed, wallet_address, sign_address, legacy_ingress, position)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        params![
            provider.name,
            provider.id,
            provider.label,
            provider.seed,
            provider.wallet_address,
            provider.sign_address,
            provider.legacy_ingress,
            position
        ],
    )?;
    Ok(())
}

/// Adds a category.
///
/// # Errors
/// When the database fails.
pub fn add_category(connection: &Connection, category: &Category, position: i64) -> Outcome<()> {
    connection.execute(
        "INSERT INTO categories (id, provider, name, description, service_options, position) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
        params![
            category.id,
            category.provider,
            category.name,
            category.description,
            category.service_options.to_string(),
            position
        ],
    )?;
    Ok(())
}

/// Adds a service type.
///
/// # Errors
/// When the database fails.
pub fn add_service_type(connection: &Connection, service: &ServiceType, position: i64) -> Outcome<()> {
    connection.execute(
        "INSERT INTO service_types
         (id, provider, category, name, description, refundable, service_options, duration_to_price, position)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
        params![
            service.id,
            service.provider,
            service.category,
            service.name,
            service.description,
            service.refundable,
            service.service_options.to_string(),
            service.duration_to_price.to_string(),
            position
        ],
    )?;
    Ok(())
}

/// Adds a currency.
///
/// # Errors
/// When the database fails.
pub fn add_currency(connection: &Connection, currency: &Currency, position: i64) -> Outcome<()> {
    connection.execute(
        "INSERT INTO currencies (contract_id, symbol, unit, exchange_rate, position) VALUES (?1, ?2, ?3, ?4, ?5)",
        params![
            currency.contract_id,
            currency.symbol,
            currency.unit,
            currency.exchange_rate.to_string(),
            position
        ],
    )?;
    Ok(())
}
