//! Sizes of memory, and the units that hold them.

/// The memory of one unit.
const UNIT: u128 = 1 << 30;

/// What a suffix means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Suffixes {
    /// `k`, `m`, `g`, also with `b` or `ib` and in any case: always powers of 1024.
    Docker,
    /// `Ki`, `Mi`, `Gi` are powers of 1024; `k`, `M`, `G` powers of 1000; `m` a thousandth.
    Kubernetes,
}

/// The units that hold so much memory: at least one. `None` for what is no size, or no limit.
pub(super) fn units(size: &str, suffixes: Suffixes) -> Option<u32> {
    let size = size.trim();
    let end = size
        .find(|c: char| !(c.is_ascii_digit() || c == '.'))
        .unwrap_or(size.len());
    let (number, suffix) = size.split_at(end);
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let fraction = fraction.get(..9).unwrap_or(fraction);
    let digits: u128 = format!("{whole}{fraction}").parse().ok()?;
    if digits == 0 || digits > u128::from(u64::MAX) {
        return None;
    }
    let (multiplier, divisor) = match suffixes {
        Suffixes::Docker => (docker(suffix.trim())?, 1),
        Suffixes::Kubernetes => kubernetes(suffix)?,
    };
    let scale = 10_u128.pow(u32::try_from(fraction.len()).ok()?) * divisor;
    let units = (digits * multiplier).div_ceil(scale * UNIT);
    u32::try_from(units).ok()
}

fn docker(suffix: &str) -> Option<u128> {
    let suffix = suffix.to_ascii_lowercase();
    let suffix = suffix.strip_suffix('b').unwrap_or(&suffix);
    let suffix = suffix.strip_suffix('i').unwrap_or(suffix);
    let power = ["", "k", "m", "g", "t", "p"]
        .iter()
        .position(|known| *known == suffix)?;
    Some(1 << (10 * power))
}

fn kubernetes(suffix: &str) -> Option<(u128, u128)> {
    if suffix == "m" {
        return Some((1, 1000));
    }
    if let Some(exponent) = suffix.strip_prefix(['e', 'E']).filter(|exponent| !exponent.is_empty()) {
        let exponent: u32 = exponent.strip_prefix('+').unwrap_or(exponent).parse().ok()?;
        return (exponent <= 18).then(|| (10_u128.pow(exponent), 1));
    }
    let binary = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];
    let decimal = ["", "k", "M", "G", "T", "P", "E"];
    let of = |known: &[&str], base: u128| {
        let power = known.iter().position(|known| *known == suffix)?;
        Some((base.pow(u32::try_from(power).ok()?), 1))
    };
    of(&binary, 1024).or_else(|| of(&decimal, 1000))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_rounded_up_to_units() {
        for (size, expected) in [
            ("512m", Some(1)),
            ("1g", Some(1)),
            ("1.5G", Some(2)),
            ("2GiB", Some(2)),
            ("2gb", Some(2)),
            ("1073741825", Some(2)),
            ("4096M", Some(4)),
            ("100b", Some(1)),
            ("0", None),
            ("-1", None),
            ("lots", None),
            ("", None),
            ("1.2.3g", None),
            ("99999999999999999999g", None),
            ("9999999999p", None),
        ] {
            assert_eq!(units(size, Suffixes::Docker), expected, "{size}");
        }
        for (size, expected) in [
            ("512Mi", Some(1)),
            ("1Gi", Some(1)),
            ("1.5Gi", Some(2)),
            ("2G", Some(2)),
            ("1G", Some(1)),
            ("3e9", Some(3)),
            ("1E", Some(931_322_575)),
            ("128974848000m", Some(1)),
            ("1g", None),
            ("1gb", None),
        ] {
            assert_eq!(units(size, Suffixes::Kubernetes), expected, "{size}");
        }
    }
}
