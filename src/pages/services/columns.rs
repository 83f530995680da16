//! The columns of the lists: those of the guide's tables, and a few more to choose from.

use std::cmp::Ordering;

use vcloud_api::types::{ResourceUnit, UserService, UserServiceStatus};

use crate::i18n::Text;
use crate::route::List;

/// A column of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum Column {
    Id,
    Type,
    Created,
    Started,
    Duration,
    Expires,
    TimeLeft,
    Refundable,
    Status,
    Region,
    Units,
    Description,
    Label,
}

impl Column {
    /// Every column, in the order they are shown in: what a service is recognised by first, the long text last.
    pub const ALL: [Column; 13] = [
        Column::Id,
        Column::Label,
        Column::Status,
        Column::Type,
        Column::Created,
        Column::Started,
        Column::Duration,
        Column::Expires,
        Column::TimeLeft,
        Column::Refundable,
        Column::Region,
        Column::Units,
        Column::Description,
    ];

    /// The name in addresses and preferences.
    pub const fn id(self) -> &'static str {
        match self {
            Column::Id => "id",
            Column::Type => "type",
            Column::Created => "created",
            Column::Started => "started",
            Column::Duration => "duration",
            Column::Expires => "expires",
            Column::TimeLeft => "left",
            Column::Refundable => "refundable",
            Column::Status => "status",
            Column::Region => "region",
            Column::Units => "units",
            Column::Description => "description",
            Column::Label => "label",
        }
    }

    /// The column of that name.
    pub fn from_id(id: &str) -> Option<Column> {
        Column::ALL.into_iter().find(|column| column.id() == id)
    }

    /// The heading.
    pub const fn title(self) -> Text {
        match self {
            Column::Id => Text::ColumnId,
            Column::Type => Text::ColumnType,
            Column::Created => Text::ColumnCreated,
            Column::Started => Text::ColumnStarted,
            Column::Duration => Text::ColumnDuration,
            Column::Expires => Text::ColumnExpires,
            Column::TimeLeft => Text::ColumnTimeLeft,
            Column::Refundable => Text::ColumnRefundable,
            Column::Status => Text::ColumnStatus,
            Column::Region => Text::ColumnRegion,
            Column::Units => Text::ColumnUnits,
            Column::Description => Text::ColumnDescription,
            Column::Label => Text::ColumnLabel,
        }
    }

    /// The columns that the guide's table of this list has.
    pub fn of_guide(list: List) -> Vec<Column> {
        Column::ALL
            .into_iter()
            .filter(|column| match column {
                Column::Id | Column::Type | Column::Duration | Column::Expires | Column::Refundable => true,
                Column::Created => list != List::Running,
                Column::Started => list != List::Usable,
                Column::Status | Column::Description | Column::Label => list == List::Running,
                Column::TimeLeft | Column::Region | Column::Units => false,
            })
            .collect()
    }

    /// Whether its cells are numbers, set at the right.
    pub const fn is_number(self) -> bool {
        matches!(self, Column::Duration | Column::Units)
    }

    /// Whether its values come with the service itself, so that rows can be sorted by it.
    pub const fn sortable(self) -> bool {
        !matches!(self, Column::Refundable)
    }
}

/// What the rows are compared and searched by: the service, and the texts unsealed for it so far.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// The service as it is listed.
    pub service: UserService,
    /// Its label, empty where there is none or it is not known yet.
    pub label: String,
    /// Its description, likewise.
    pub description: String,
}

/// The order of two rows by a column.
pub fn compare(column: Column, a: &Row, b: &Row, now: i64) -> Ordering {
    let (left, right) = (&a.service, &b.service);
    let by_columns = match column {
        Column::Id | Column::Refundable => Ordering::Equal,
        Column::Type => left.service.cmp(&right.service),
        Column::Created => created(left).cmp(&created(right)),
        Column::Started => left.service_running_ts.cmp(&right.service_running_ts),
        Column::Duration => left.duration.cmp(&right.duration),
        // What has not started has no end yet: after everything that has.
        Column::Expires => left
            .ends_at()
            .unwrap_or(i64::MAX)
            .cmp(&right.ends_at().unwrap_or(i64::MAX)),
        Column::TimeLeft => left.time_left(now).cmp(&right.time_left(now)),
        Column::Status => left.status.as_str().cmp(right.status.as_str()),
        Column::Region => left.service_options.region().cmp(right.service_options.region()),
        Column::Units => units(left).cmp(&units(right)),
        Column::Description => text_order(&a.description, &b.description),
        Column::Label => text_order(&a.label, &b.label),
    };
    by_columns.then_with(|| left.id.cmp(&right.id))
}

/// Empty texts come last, the others in their order without regard to case.
fn text_order(left: &str, right: &str) -> Ordering {
    left.is_empty()
        .cmp(&right.is_empty())
        .then_with(|| left.to_lowercase().cmp(&right.to_lowercase()))
}

/// When the service became the account's, which the guide calls its creation time.
pub fn created(service: &UserService) -> i64 {
    if service.service_activate_ts > 0 {
        service.service_activate_ts
    } else {
        service.created_at
    }
}

/// Resource units bought; 0 where the size is of another form.
pub fn units(service: &UserService) -> u32 {
    service.service_options.resource_unit().map_or(0, ResourceUnit::units)
}

/// Whether a row is among what was searched for and filtered by.
pub fn matches(row: &Row, search: &str, status: &str, region: &str) -> bool {
    let service = &row.service;
    if !status.is_empty() && service.status.as_str() != status {
        return false;
    }
    if !region.is_empty() && service.service_options.region() != region {
        return false;
    }
    // Every word must be somewhere in the row.
    search.split_whitespace().all(|word| {
        let word = word.to_lowercase();
        [
            &service.id,
            &service.service,
            &row.label,
            &row.description,
            service.service_options.region(),
        ]
        .into_iter()
        .any(|text: &str| text.to_lowercase().contains(&word))
    })
}

/// The statuses that a list asks the platform for.
pub fn statuses(list: List) -> &'static [UserServiceStatus] {
    match list {
        List::Running => &[UserServiceStatus::Running, UserServiceStatus::Stop],
        List::Usable => &[UserServiceStatus::Pending],
        List::Past => &[UserServiceStatus::Done],
        List::Aborted => &[UserServiceStatus::Abort],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(id: &str, end_at: i64, label: &str) -> Row {
        let service = UserService {
            id: id.to_owned(),
            end_at,
            duration: 10,
            status: UserServiceStatus::Running,
            ..UserService::default()
        };
        Row {
            service,
            label: label.to_owned(),
            description: String::new(),
        }
    }

    fn sorted(column: Column, mut rows: Vec<Row>) -> Vec<String> {
        rows.sort_by(|a, b| compare(column, a, b, 0));
        rows.into_iter().map(|row| row.service.id).collect()
    }

    #[test]
    fn what_has_no_end_or_label_comes_last() {
        let rows = vec![row("a", 0, ""), row("b", 20, "Zoo"), row("c", 10, "alpha")];
        assert_eq!(sorted(Column::Expires, rows.clone()), ["c", "b", "a"]);
        assert_eq!(sorted(Column::Label, rows), ["c", "b", "a"]);
    }

    #[test]
    fn equal_rows_keep_one_order() {
        let rows = vec![row("b", 5, ""), row("a", 5, "")];
        assert_eq!(sorted(Column::Duration, rows), ["a", "b"]);
    }

    #[test]
    fn every_word_must_be_found() {
        let mut found = row("63a0", 0, "prod 网站");
        found.service.service = "Container Service".to_owned();
        for search in ["", "63A", "prod container", "网站"] {
            assert!(matches(&found, search, "", ""), "{search}");
        }
        assert!(!matches(&found, "prod redis", "", ""));
        assert!(!matches(&found, "", "ServiceStop", ""));
        assert!(!matches(&found, "", "", "Europe"));
    }

    #[test]
    fn the_guides_tables_have_their_columns() {
        let running = Column::of_guide(List::Running);
        assert!(running.contains(&Column::Label) && !running.contains(&Column::Created));
        let usable = Column::of_guide(List::Usable);
        assert!(
            usable.contains(&Column::Created)
                && !usable.contains(&Column::Started)
                && !usable.contains(&Column::Status)
        );
        let ids: Vec<_> = Column::ALL.iter().map(|column| column.id()).collect();
        for id in ids {
            assert!(Column::from_id(id).is_some_and(|column| column.id() == id));
        }
    }
}
