//! Tables, read as people read them: by heading and row.

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::console::Console;
use crate::wait::until;

/// What a table shows at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The headings, from left to right; what has no text (the column of tick boxes) is left out.
    pub headings: Vec<String>,
    /// The rows, each with one text for every heading.
    pub rows: Vec<Vec<String>>,
}

impl Table {
    /// The cells below a heading; empty where there is no such heading.
    pub fn column(&self, heading: &str) -> Vec<&str> {
        let Some(index) = self.headings.iter().position(|known| known == heading) else {
            return Vec::new();
        };
        self.rows.iter().map(|row| row[index].as_str()).collect()
    }

    /// The row that has this text in one of its cells.
    pub fn row(&self, text: &str) -> Option<&[String]> {
        self.rows
            .iter()
            .find(|row| row.iter().any(|cell| cell == text))
            .map(Vec::as_slice)
    }

    /// Whether nothing in it is still on its way: every cell has a text.
    pub fn is_complete(&self) -> bool {
        !self.rows.is_empty() && self.rows.iter().flatten().all(|cell| !cell.is_empty())
    }
}

impl Console {
    /// The table of that name as it is now; empty where there is none.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn table(&self, name: &str) -> Result<Table> {
        let script = format!(
            "const table = [...document.querySelectorAll('table')].find((table) => table.getAttribute('aria-label') === {});
             const text = (cell) => (cell.querySelector('a') ?? cell).textContent.trim().replace(/\\s+/g, ' ');
             const cells = (row) => [...row.cells].filter((cell) => !cell.classList.contains('tick')).map(text);
             return table ? [cells(table.tHead.rows[0]), [...table.tBodies[0].rows].map(cells)] : [[], []]",
            Value::from(name)
        );
        let read = self.run(&script).await?;
        let texts = |cells: &Value| -> Option<Vec<String>> {
            let cells = cells.as_array()?.iter();
            cells.map(|cell| cell.as_str().map(str::to_owned)).collect()
        };
        let rows = read[1].as_array().and_then(|rows| rows.iter().map(texts).collect());
        Ok(Table {
            headings: texts(&read[0]).context("a heading is no text")?,
            rows: rows.context("a cell is no text")?,
        })
    }

    /// Waits until the table of that name is as asked for, and answers it.
    ///
    /// # Errors
    /// When it does not become so; the error has what it shows instead.
    pub async fn table_where(&self, name: &str, what: &str, is_so: impl Fn(&Table) -> bool) -> Result<Table> {
        let mut last = Table::default();
        let found = until(&format!("the table \"{name}\" with {what}"), async || {
            last = self.table(name).await?;
            Ok(is_so(&last).then(|| last.clone()))
        })
        .await;
        found.with_context(|| format!("it shows {last:#?}"))
    }
}
