//! Comma-separated values as RFC 4180 writes them, and a history as such.

use crate::history::{History, Measure};

/// Writes rows of fields.
#[derive(Clone, Debug, Default)]
pub struct Writer {
    text: String,
}

impl Writer {
    /// Nothing written yet.
    pub fn new() -> Writer {
        Writer::default()
    }

    /// Writes one row. A field with a comma, a quotation mark or a line break in it is put between quotation marks.
    pub fn row<F: AsRef<str>>(&mut self, fields: impl IntoIterator<Item = F>) {
        for (index, field) in fields.into_iter().enumerate() {
            let field = field.as_ref();
            if index > 0 {
                self.text.push(',');
            }
            if field.contains([',', '"', '\r', '\n']) {
                self.text.push('"');
                self.text.push_str(&field.replace('"', "\"\""));
                self.text.push('"');
            } else {
                self.text.push_str(field);
            }
        }
        self.text.push_str("\r\n");
    }

    /// Everything written.
    pub fn into_text(self) -> String {
        self.text
    }
}

/// Every sample of a history in its own units, one a row, with the time in UTC. What was not measured is empty.
///
/// The names of the columns are the same in every language: programs read them.
pub fn of_history(history: &History) -> String {
    let measures: Vec<Measure> = history.measures().cloned().collect();
    let mut writer = Writer::new();
    writer.row(std::iter::once("time".to_owned()).chain(measures.iter().map(name)));
    for index in 0..history.len() {
        let time = history.time(index).map(utc).unwrap_or_default();
        let values = measures.iter().map(|measure| {
            history
                .value(measure, index)
                .map_or_else(String::new, |value| value.to_string())
        });
        writer.row(std::iter::once(time).chain(values));
    }
    writer.into_text()
}

fn name(measure: &Measure) -> String {
    match measure {
        Measure::Cpu(container) => format!("cpu_cores:{container}"),
        Measure::Memory(container) => format!("memory_bytes:{container}"),
        Measure::MemoryLimit(container) => format!("memory_limit_bytes:{container}"),
        Measure::Download => "network_in_bits_per_second".to_owned(),
        Measure::Upload => "network_out_bits_per_second".to_owned(),
        Measure::Storage => "storage_bytes".to_owned(),
    }
}

/// A time as ISO 8601 writes it, in UTC, to the millisecond.
pub fn utc(ms: f64) -> String {
    #[allow(clippy::cast_possible_truncation)] // Far below 2^53.
    let ms = ms as i64;
    let (days, rest) = (ms.div_euclid(86_400_000), ms.rem_euclid(86_400_000));
    // Years begin in March here, so that the day of the leap year is the last one.
    let shifted = days + 719_468;
    let (era, day_of_era) = (shifted.div_euclid(146_097), shifted.rem_euclid(146_097));
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    let (hours, minutes, seconds) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1_000 % 60);
    format!(
        "{year:04}-{month:02}-{day:02}T{hours:02}:{minutes:02}:{seconds:02}.{:03}Z",
        rest % 1_000
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_quoted_only_where_they_must_be() {
        let mut writer = Writer::new();
        writer.row(["plain", "with, comma", "a \"word\"", "two\r\nlines", ""]);
        writer.row(["容器", " space "]);
        assert_eq!(
            writer.into_text(),
            "plain,\"with, comma\",\"a \"\"word\"\"\",\"two\r\nlines\",\r\n容器, space \r\n"
        );
    }

    #[test]
    fn times_are_those_of_the_calendar() {
        for (ms, text) in [
            (0.0, "1970-01-01T00:00:00.000Z"),
            (951_782_399_999.0, "2000-02-28T23:59:59.999Z"),
            (951_782_400_000.0, "2000-02-29T00:00:00.000Z"),
            (1_709_251_199_001.0, "2024-02-29T23:59:59.001Z"),
            (1_735_689_600_500.0, "2025-01-01T00:00:00.500Z"),
            (4_107_542_400_000.0, "2100-03-01T00:00:00.000Z"),
        ] {
            assert_eq!(utc(ms), text);
        }
    }

    #[test]
    fn a_history_has_a_row_a_sample_and_nothing_where_nothing_was_measured() {
        let mut history = History::new(10);
        history.push(
            1_000.0,
            [
                (Measure::Cpu("web".to_owned()), 0.25),
                (Measure::Memory("web".to_owned()), 1_048_576.0),
            ],
        );
        history.push_gap(2_000.0);
        history.push(
            3_000.0,
            [(Measure::Cpu("web".to_owned()), 0.5), (Measure::Download, 12.5)],
        );
        assert_eq!(
            of_history(&history),
            "time,cpu_cores:web,memory_bytes:web,network_in_bits_per_second\r\n\
             1970-01-01T00:00:01.000Z,0.25,1048576,\r\n\
             1970-01-01T00:00:02.000Z,,,\r\n\
             1970-01-01T00:00:03.000Z,0.5,,12.5\r\n"
        );
    }
}
