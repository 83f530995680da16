//! Measured values as they are read: number and unit in the language in use.

use metrics::{Axis, Measure, Quantity, Readable, Unit};

use super::Subject;
use crate::i18n::{self, Text};

/// What kind of value a chart shows.
pub const fn quantity(subject: Subject) -> Quantity {
    match subject {
        Subject::Cpu => Quantity::Cores,
        Subject::Memory | Subject::Storage => Quantity::Bytes,
        Subject::Network => Quantity::BitRate,
    }
}

/// What kind of value a measure is.
pub const fn quantity_of(measure: &Measure) -> Quantity {
    match measure {
        Measure::Cpu(_) => Quantity::Cores,
        Measure::Memory(_) | Measure::MemoryLimit(_) | Measure::Storage => Quantity::Bytes,
        Measure::Download | Measure::Upload => Quantity::BitRate,
    }
}

const fn text(unit: Unit) -> Text {
    match unit {
        Unit::Percent => Text::MonitorUnitPercent,
        Unit::Byte => Text::MonitorUnitB,
        Unit::Kibibyte => Text::MonitorUnitKib,
        Unit::Mebibyte => Text::MonitorUnitMib,
        Unit::Gibibyte => Text::MonitorUnitGib,
        Unit::Tebibyte => Text::MonitorUnitTib,
        Unit::Bit => Text::MonitorUnitBit,
        Unit::Kilobit => Text::MonitorUnitKbit,
        Unit::Megabit => Text::MonitorUnitMbit,
        Unit::Gigabit => Text::MonitorUnitGbit,
    }
}

fn written(readable: &Readable) -> String {
    let number = i18n::decimal(readable.value, readable.digits);
    i18n::text_with(text(readable.unit), &[("value", &number)])
}

/// A value with its unit (tracked).
pub fn value(quantity: Quantity, value: f64) -> String {
    written(&quantity.readable(value))
}

/// The same; `–` where it was not measured (tracked).
pub fn value_or_dash(quantity: Quantity, measured: Option<f64>) -> String {
    measured.map_or_else(|| "–".to_owned(), |measured| value(quantity, measured))
}

/// A value of an axis (tracked). Nought is nought of everything.
pub fn tick(axis: &Axis, value: f64) -> String {
    if value == 0.0 {
        return i18n::decimal(0.0, 0);
    }
    written(&Readable {
        value: value / axis.unit.factor(),
        digits: axis.digits,
        unit: axis.unit,
    })
}

/// A share of a limit in whole hundredths (tracked).
pub fn share(value: f64, limit: f64) -> String {
    let number = i18n::decimal(value / limit * 100.0, 0);
    i18n::text_with(Text::MonitorUnitPercent, &[("value", &number)])
}
