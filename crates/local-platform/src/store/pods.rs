//! What belongs to a deployed service: its pod's record, its ports on the host, its domains.

use rusqlite::{Connection, OptionalExtension as _, params};

use crate::refusal::Outcome;
use crate::runtime::PodRecord;

/// Keeps the record of a pod in place of the earlier one.
///
/// # Errors
/// When the database fails.
pub fn keep(connection: &Connection, record: &PodRecord, host_ip: &str) -> Outcome<()> {
    connection
        .prepare_cached(
            "INSERT INTO pods (user_service_id, host_ip, state) VALUES (?1, ?2, ?3)
             ON CONFLICT (user_service_id) DO UPDATE SET host_ip = excluded.host_ip, state = excluded.state",
        )?
        .execute(params![record.service_id, host_ip, record.state])?;
    Ok(())
}

/// The address of the machine that a service was placed on, if it ever was.
///
/// # Errors
/// When the database fails.
pub fn host_ip(connection: &Connection, user_service_id: &str) -> Outcome<Option<String>> {
    let mut statement = connection.prepare_cached("SELECT host_ip FROM pods WHERE user_service_id = ?1")?;
    Ok(statement.query_row([user_service_id], |row| row.get(0)).optional()?)
}

/// All records, for the runtime of a new process.
///
/// # Errors
/// When the database fails.
pub fn records(connection: &Connection) -> Outcome<Vec<PodRecord>> {
    let mut statement = connection.prepare("SELECT user_service_id, state FROM pods")?;
    let rows = statement.query_map([], |row| {
        Ok(PodRecord {
            service_id: row.get(0)?,
            state: row.get(1)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// Forgets everything of a service that has ended: pod, ports and domains.
///
/// # Errors
/// When the database fails.
pub fn forget(connection: &Connection, user_service_id: &str) -> Outcome<()> {
    for table in ["pods", "host_ports", "domains"] {
        connection
            .prepare_cached(&format!("DELETE FROM {table} WHERE user_service_id = ?1"))?
            .execute([user_service_id])?;
    }
    Ok(())
}

/// The service that holds a port of a region's hosts.
///
/// # Errors
/// When the database fails.
pub fn holder_of_port(connection: &Connection, provider: &str, region: &str, port: u16) -> Outcome<Option<String>> {
    let mut statement = connection
        .prepare_cached("SELECT user_service_id FROM host_ports WHERE provider = ?1 AND region = ?2 AND port = ?3")?;
    Ok(statement
        .query_row(params![provider, region, port], |row| row.get(0))
        .optional()?)
}

/// The highest port below `below` of a region's hosts that a service holds.
///
/// # Errors
/// When the database fails.
pub fn highest_port(connection: &Connection, provider: &str, region: &str, below: u16) -> Outcome<Option<u16>> {
    let mut statement = connection
        .prepare_cached("SELECT MAX(port) FROM host_ports WHERE provider = ?1 AND region = ?2 AND port < ?3")?;
    Ok(statement.query_row(params![provider, region, below], |row| row.get(0))?)
}

/// Gives a service these ports and takes all others from it.
///
/// # Errors
/// When the database fails, also because another service holds one of the ports.
pub fn hold_ports(
    connection: &Connection,
    provider: &str,
    region: &str,
    user_service_id: &str,
    ports: &[u16],
) -> Outcome<()> {
    connection
        .prepare_cached("DELETE FROM host_ports WHERE user_service_id = ?1")?
        .execute([user_service_id])?;
    let mut statement = connection
        .prepare_cached("INSERT INTO host_ports (provider, region, port, user_service_id) VALUES (?1, ?2, ?3, ?4)")?;
    for port in ports {
        statement.execute(params![provider, region, port, user_service_id])?;
    }
    Ok(())
}

/// A domain that leads to a service.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Domain {
    /// The name.
    pub domain: String,
    /// The registrable domain that it is under.
    pub base_domain: String,
    /// Port of the container that answers.
    pub container_port: u16,
    /// Whether it has a certificate.
    pub is_https: bool,
}

/// Domains of a service in the order of their binding.
///
/// # Errors
/// When the database fails.
pub fn domains(connection: &Connection, user_service_id: &str) -> Outcome<Vec<Domain>> {
    let mut statement = connection
        .prepare_cached("SELECT domain, base_domain, container_port, is_https FROM domains WHERE user_service_id = ?1 ORDER BY position")?;
    let rows = statement.query_map([user_service_id], |row| {
        Ok(Domain {
            domain: row.get(0)?,
            base_domain: row.get(1)?,
            container_port: row.get(2)?,
            is_https: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<rusqlite::Result<_>>()?)
}

/// The service that a domain leads to.
///
/// # Errors
/// When the database fails.
pub fn holder_of_domain(connection: &Connection, domain: &str) -> Outcome<Option<String>> {
    let mut statement = connection.prepare_cached("SELECT user_service_id FROM domains WHERE domain = ?1")?;
    Ok(statement.query_row([domain], |row| row.get(0)).optional()?)
}

/// Leads a domain to a service.
///
/// # Errors
/// When the database fails.
pub fn bind(connection: &Connection, user_service_id: &str, domain: &Domain) -> Outcome<()> {
    connection
        .prepare_cached(
            "INSERT INTO domains (domain, base_domain, user_service_id, container_port, is_https, position)
             VALUES (?1, ?2, ?3, ?4, ?5, (SELECT COALESCE(MAX(position), 0) + 1 FROM domains))
             ON CONFLICT (domain) DO UPDATE SET container_port = excluded.container_port",
        )?
        .execute(params![
            domain.domain,
            domain.base_domain,
            user_service_id,
            domain.container_port,
            domain.is_https
        ])?;
    Ok(())
}

/// Unbinds a domain from a service; false when it was not bound to it.
///
/// # Errors
/// When the database fails.
pub fn unbind(connection: &Connection, user_service_id: &str, domain: &str) -> Outcome<bool> {
    let mut statement = connection.prepare_cached("DELETE FROM domains WHERE user_service_id = ?1 AND domain = ?2")?;
    Ok(statement.execute([user_service_id, domain])? > 0)
}

/// Unbinds all domains of a service.
///
/// # Errors
/// When the database fails.
pub fn unbind_all(connection: &Connection, user_service_id: &str) -> Outcome<()> {
    connection
        .prepare_cached("DELETE FROM domains WHERE user_service_id = ?1")?
        .execute([user_service_id])?;
    Ok(())
}
