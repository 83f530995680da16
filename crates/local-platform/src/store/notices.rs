//! Notices: what happened to services, told to their owners and, where an address is bound, mailed to it.

use rusqlite::{Connection, params};

use super::services::UserService;
use super::{Listing, Page, contacts};
use crate::refusal::Outcome;

/// What a notice is about. The names are chosen here: no document lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeType {
    /// Paid and usable.
    Activated,
    /// Deployed.
    Deployed,
    /// Deployed anew with other containers, images or settings.
    Updated,
    /// Restarted by its owner.
    Restarted,
    /// Paused by its owner.
    Stopped,
    /// Started again by its owner.
    Started,
    /// Ends soon.
    ExpiringSoon,
    /// Its time is used up.
    Expired,
    /// Given more time.
    Renewed,
    /// Paid back.
    Refunded,
}

impl NoticeType {
    /// The name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Activated => "ServiceActivated",
            Self::Deployed => "ServiceDeployed",
            Self::Updated => "ServiceUpdated",
            Self::Restarted => "ServiceRestarted",
            Self::Stopped => "ServiceStopped",
            Self::Started => "ServiceStarted",
            Self::ExpiringSoon => "ServiceExpiringSoon",
            Self::Expired => "ServiceExpired",
            Self::Renewed => "ServiceRenewed",
            Self::Refunded => "ServiceRefunded",
        }
    }

    fn sentence(self) -> &'static str {
        match self {
            Self::Activated => "was paid and is usable",
            Self::Deployed => "was deployed",
            Self::Updated => "was updated",
            Self::Restarted => "was restarted",
            Self::Stopped => "was paused",
            Self::Started => "was started again",
            Self::ExpiringSoon => "ends soon; renew it to keep it running",
            Self::Expired => "has ended: its time is used up",
            Self::Renewed => "was given more time",
            Self::Refunded => "was ended and paid back",
        }
    }
}

/// One notice.
#[derive(Clone, Debug)]
pub struct Notice {
    /// When it happened.
    pub timestamp: i64,
    /// Identifier of the user service.
    pub user_service_id: String,
    /// What happened.
    pub notice_type: String,
}

/// Notes that something happened to a service, and mails it to its and its owner's bound addresses.
///
/// # Errors
/// When the database fails.
pub fn add(connection: &Connection, service: &UserService, notice: NoticeType, now: i64) -> Outcome<()> {
    record(connection, service, notice, now)?;
    let owner = contacts::email(connection, &service.provider, &service.address)?.map(|contact| contact.email);
    let mut recipients: Vec<&str> = [owner.as_deref().unwrap_or_default(), service.email.as_str()].into();
    recipients.dedup();
    for recipient in recipients.into_iter().filter(|recipient| !recipient.is_empty()) {
        let subject = format!("{}: {}", notice.name(), service.id);
        let body = format!(
            "Your user service {} ({}) {}.",
            service.id,
            service.service,
            notice.sentence()
        );
        contacts::mail(connection, recipient, &subject, &body, now)?;
    }
    Ok(())
}

/// Notes that something happened to a service, without a mail.
///
/// # Errors
/// When the database fails.
pub fn record(connection: &Connection, service: &UserService, notice: NoticeType, now: i64) -> Outcome<()> {
    connection
        .prepare_cached("INSERT INTO notices (provider, address, user_service_id, notice_type, timestamp) VALUES (?1, ?2, ?3, ?4, ?5)")?
        .execute(params![service.provider, service.address, service.id, notice.name(), now])?;
    Ok(())
}

/// A page of the notices of an account at a provider, newest first; about one service where given.
///
/// # Errors
/// When the database fails.
pub fn list(
    connection: &Connection,
    provider: &str,
    address: &str,
    user_service_id: Option<&str>,
    page: Page,
) -> Outcome<Listing<Notice>> {
    const FILTER: &str = "address = ?1 AND provider = ?2 AND (?3 IS NULL OR user_service_id = ?3)";
    let total = connection
        .prepare_cached(&format!("SELECT COUNT(*) FROM notices WHERE {FILTER}"))?
        .query_row(params![address, provider, user_service_id], |row| row.get(0))?;
    let mut statement = connection.prepare_cached(&format!(
        "SELECT timestamp, user_service_id, notice_type FROM notices WHERE {FILTER} ORDER BY timestamp DESC, id DESC LIMIT ?4 OFFSET ?5"
    ))?;
    let rows = statement.query_map(
        params![address, provider, user_service_id, page.size, page.offset()],
        |row| {
            Ok(Notice {
                timestamp: row.get(0)?,
                user_service_id: row.get(1)?,
                notice_type: row.get(2)?,
            })
        },
    )?;
    Ok(Listing {
        entries: rows.collect::<rusqlite::Result<_>>()?,
        total,
    })
}
