//! The tables, as a list of steps: a database of any earlier version gets the steps that it lacks.

use rusqlite::Connection;

/// Each step brings the database from the version of its index to the next. Never change one that was released: add one.
const STEPS: &[&str] = &[include_str!("schema.sql")];

/// Applies the steps that the database lacks.
///
/// # Errors
/// When a step fails or the database was written by a later version of the program.
pub fn apply(connection: &mut Connection) -> anyhow::Result<()> {
    let version: i64 = connection.query_row("PRAGMA user_version", [], |row| row.get(0))?;
    let done = usize::try_from(version).unwrap_or(usize::MAX);
    anyhow::ensure!(
        done <= STEPS.len(),
        "the database is of version {version}, this program knows {}",
        STEPS.len()
    );
    for (index, step) in STEPS.iter().enumerate().skip(done) {
        let transaction = connection.transaction()?;
        transaction.execute_batch(step)?;
        transaction.pragma_update(None, "user_version", i64::try_from(index + 1)?)?;
        transaction.commit()?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_up_to_date_database_is_left_alone_and_a_later_one_refused() {
        let mut connection = Connection::open_in_memory().expect("a database");
        apply(&mut connection).expect("the first time");
        apply(&mut connection).expect("the second time");
        connection
            .pragma_update(None, "user_version", STEPS.len() as i64 + 1)
            .expect("a later version");
        assert!(apply(&mut connection).is_err());
    }
}
