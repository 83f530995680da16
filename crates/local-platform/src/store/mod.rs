//! The platform's state, in one SQLite database (WAL) under the data directory.
//!
//! One connection behind a mutex: every call is one short transaction on a blocking thread, so what a call reads and writes
//! belongs together and nothing is lost when the process ends between two calls.

pub mod contacts;
pub mod ledger;
pub mod market;
pub mod migrations;
pub mod notices;
pub mod orders;
pub mod pods;
pub mod services;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use anyhow::Context as _;
use rusqlite::{Connection, OptionalExtension as _, Transaction, TransactionBehavior, params};

use crate::refusal::{Outcome, Refusal};

/// The database.
#[derive(Clone)]
pub struct Store {
    connection: Arc<Mutex<Connection>>,
}

impl Store {
    /// Opens the database in `directory`, making both when missing, and brings its tables up to date.
    ///
    /// # Errors
    /// When the directory cannot be written or the database is of a later version.
    pub fn open(directory: &Path) -> anyhow::Result<Self> {
        std::fs::create_dir_all(directory).with_context(|| format!("cannot make {}", directory.display()))?;
        let path = directory.join("platform.sqlite");
        let mut connection = Connection::open(&path).with_context(|| format!("cannot open {}", path.display()))?;
        connection.pragma_update(None, "journal_mode", "WAL")?;
        connection.pragma_update(None, "synchronous", "NORMAL")?;
        connection.pragma_update(None, "foreign_keys", "ON")?;
        connection.pragma_update(None, "cache_size", -32_000)?;
        connection.set_prepared_statement_cache_capacity(128);
        migrations::apply(&mut connection).with_context(|| format!("cannot bring {} up to date", path.display()))?;
        Ok(Self {
            connection: Arc::new(Mutex::new(connection)),
        })
    }

    /// Runs `work` in one transaction, which is kept when it succeeds and undone when it is refused.
    ///
    /// # Errors
    /// What `work` refuses, or an internal refusal when the database fails.
    pub async fn run<T, F>(&self, work: F) -> Outcome<T>
    where
        T: Send + 'static,
        F: FnOnce(&Transaction<'_>) -> Outcome<T> + Send + 'static,
    {
        let connection = Arc::clone(&self.connection);
        let task = tokio::task::spawn_blocking(move || {
            let mut connection = connection.lock().unwrap_or_else(PoisonError::into_inner);
            in_transaction(&mut connection, work)
        });
        task.await.map_err(|error| Refusal::internal(&error))?
    }

    /// The same on the calling thread, for the start of the program.
    ///
    /// # Errors
    /// See [`Store::run`].
    pub fn run_now<T>(&self, work: impl FnOnce(&Transaction<'_>) -> Outcome<T>) -> Outcome<T> {
        let mut connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        in_transaction(&mut connection, work)
    }

    /// Writes everything into the main file, so that the directory can be copied.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn settle(&self) -> rusqlite::Result<()> {
        let connection = self.connection.lock().unwrap_or_else(PoisonError::into_inner);
        connection.query_row("PRAGMA wal_checkpoint(TRUNCATE)", [], |_| Ok(()))
    }
}

fn in_transaction<T>(connection: &mut Connection, work: impl FnOnce(&Transaction<'_>) -> Outcome<T>) -> Outcome<T> {
    // Immediate: a transaction that begins by reading must not fail when it comes to write.
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let result = work(&transaction)?;
    transaction.commit()?;
    Ok(result)
}

/// One remembered value of the platform itself.
///
/// # Errors
/// When the database fails.
pub fn remembered(connection: &Connection, key: &str) -> Outcome<Option<String>> {
    let mut statement = connection.prepare_cached("SELECT value FROM meta WHERE key = ?1")?;
    Ok(statement.query_row([key], |row| row.get(0)).optional()?)
}

/// Remembers a value of the platform itself.
///
/// # Errors
/// When the database fails.
pub fn remember(connection: &Connection, key: &str, value: &str) -> Outcome<()> {
    connection.execute(
        "INSERT INTO meta (key, value) VALUES (?1, ?2) ON CONFLICT (key) DO UPDATE SET value = excluded.value",
        params![key, value],
    )?;
    Ok(())
}

/// A page of a list: which one, and how many entries it has at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Page {
    /// Number of the page, from 1.
    pub current: i64,
    /// Entries of a page, 1 to [`Page::LARGEST`].
    pub size: i64,
}

impl Page {
    /// The largest page that is given out; a larger one that is asked for is cut to this.
    pub const LARGEST: i64 = 1000;

    /// How many entries come before it.
    #[must_use]
    pub fn offset(self) -> i64 {
        (self.current - 1).saturating_mul(self.size)
    }
}

/// A page's entries and how many there are on all pages.
#[derive(Clone, Debug)]
pub struct Listing<T> {
    /// Entries of this page.
    pub entries: Vec<T>,
    /// Entries of all pages.
    pub total: i64,
}
