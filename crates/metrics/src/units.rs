//! Values in the unit that people read them in.

/// What kind of thing is measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Quantity {
    /// Use of the processor, in cores.
    Cores,
    /// Memory or disk, in bytes.
    Bytes,
    /// Traffic, in bits per second.
    BitRate,
}

/// A unit that a value is shown in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Unit {
    /// Hundredths of a core.
    Percent,
    /// Bytes.
    Byte,
    /// 1,024 bytes.
    Kibibyte,
    /// 1,024 KiB.
    Mebibyte,
    /// 1,024 MiB.
    Gibibyte,
    /// 1,024 GiB.
    Tebibyte,
    /// Bits per second.
    Bit,
    /// 1,000 bits per second.
    Kilobit,
    /// 1,000 kbit/s.
    Megabit,
    /// 1,000 Mbit/s.
    Gigabit,
}

impl Unit {
    /// How much one of it is.
    pub const fn factor(self) -> f64 {
        match self {
            Unit::Percent => 0.01,
            Unit::Byte | Unit::Bit => 1.0,
            Unit::Kibibyte => 1024.0,
            Unit::Mebibyte => 1_048_576.0,
            Unit::Gibibyte => 1_073_741_824.0,
            Unit::Tebibyte => 1_099_511_627_776.0,
            Unit::Kilobit => 1e3,
            Unit::Megabit => 1e6,
            Unit::Gigabit => 1e9,
        }
    }

    /// Whether there are no parts of it.
    const fn is_whole(self) -> bool {
        matches!(self, Unit::Byte | Unit::Bit)
    }
}

/// A value ready to be written: a number with so many decimals, and its unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Readable {
    /// The number.
    pub value: f64,
    /// How many decimals of it are shown.
    pub digits: usize,
    /// What it is a number of.
    pub unit: Unit,
}

impl Quantity {
    const fn units(self) -> &'static [Unit] {
        match self {
            Quantity::Cores => &[Unit::Percent],
            Quantity::Bytes => &[
                Unit::Byte,
                Unit::Kibibyte,
                Unit::Mebibyte,
                Unit::Gibibyte,
                Unit::Tebibyte,
            ],
            Quantity::BitRate => &[Unit::Bit, Unit::Kilobit, Unit::Megabit, Unit::Gigabit],
        }
    }

    /// The largest unit that a value has at least one of.
    pub fn unit_of(self, value: f64) -> Unit {
        let units = self.units();
        let fits = units.iter().rev().find(|unit| value.abs() >= unit.factor());
        *fits.unwrap_or(&units[0])
    }

    /// A value with three digits that count, in the unit that makes it short.
    pub fn readable(self, value: f64) -> Readable {
        let units = self.units();
        let mut unit = self.unit_of(value);
        loop {
            let number = value / unit.factor();
            let digits = digits_of(number, unit);
            // 1,023.99 KiB would be written as 1,024 KiB, which is 1.00 MiB.
            let next = units.iter().find(|next| next.factor() > unit.factor());
            match next {
                Some(next) if rounded(number, digits).abs() >= next.factor() / unit.factor() => unit = *next,
                _ => {
                    return Readable {
                        value: number,
                        digits,
                        unit,
                    };
                }
            }
        }
    }
}

fn digits_of(number: f64, unit: Unit) -> usize {
    if unit.is_whole() || number == 0.0 {
        return 0;
    }
    // By what is written: 9.996 is 10.0 then, not 10.00.
    if rounded(number, 2).abs() < 10.0 {
        2
    } else {
        usize::from(rounded(number, 1).abs() < 100.0)
    }
}

fn rounded(number: f64, digits: usize) -> f64 {
    let factor = [1.0, 10.0, 100.0][digits.min(2)];
    (number * factor).round() / factor
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(quantity: Quantity, value: f64) -> String {
        let readable = quantity.readable(value);
        format!("{:.*} {:?}", readable.digits, readable.value, readable.unit)
    }

    #[test]
    fn bytes_are_counted_in_powers_of_1024() {
        for (bytes, text) in [
            (0.0, "0 Byte"),
            (1023.0, "1023 Byte"),
            (1024.0, "1.00 Kibibyte"),
            (10_399_744.0, "9.92 Mebibyte"),
            (536_870_912.0, "512 Mebibyte"),
            (1_073_741_823.0, "1.00 Gibibyte"),
            (1_073_741_824.0, "1.00 Gibibyte"),
            (17_179_869_184.0, "16.0 Gibibyte"),
            (1024.0_f64.powi(4) * 2048.0, "2048 Tebibyte"),
        ] {
            assert_eq!(written(Quantity::Bytes, bytes), text);
        }
    }

    #[test]
    fn traffic_is_counted_in_powers_of_1000() {
        for (bits, text) in [
            (0.0, "0 Bit"),
            (1.0, "1 Bit"),
            (999.4, "999 Bit"),
            (999.6, "1.00 Kilobit"),
            (12_345.0, "12.3 Kilobit"),
            (999_950.0, "1.00 Megabit"),
            (2.5e9, "2.50 Gigabit"),
        ] {
            assert_eq!(written(Quantity::BitRate, bits), text);
        }
    }

    #[test]
    fn cores_are_shown_in_hundredths() {
        for (cores, text) in [
            (0.0, "0 Percent"),
            (0.0004, "0.04 Percent"),
            (0.0953, "9.53 Percent"),
            (0.09996, "10.0 Percent"),
            (0.999_96, "100 Percent"),
            (1.536, "154 Percent"),
        ] {
            assert_eq!(written(Quantity::Cores, cores), text);
        }
    }
}
