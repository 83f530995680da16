//! Field decoders that forgive what peers of the contract are known to vary: `null` for an empty list, a number
//! written as a string, a field that is not there.
//!
//! Every one goes through [`serde_json::Value`], whose own decoding is the only one that sees through the way
//! `arbitrary_precision` hands numbers to visitors: it works inside flattened and buffered contents too.

use serde::de::Error;
use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// `null` is the default value.
pub(crate) fn null_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de> + Default,
{
    Ok(Option::<T>::deserialize(deserializer)?.unwrap_or_default())
}

/// A text; a number or a boolean is taken as it is written, `null` is empty.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    text_of(Value::deserialize(deserializer)?).map_err(D::Error::custom)
}

pub(crate) fn text_of(value: Value) -> Result<String, String> {
    match value {
        Value::Null => Ok(String::new()),
        Value::String(text) => Ok(text),
        Value::Number(number) => Ok(number.to_string()),
        Value::Bool(flag) => Ok(flag.to_string()),
        Value::Array(_) => Err("expected a text, found a list".to_owned()),
        Value::Object(_) => Err("expected a text, found an object".to_owned()),
    }
}

/// A whole number, also written as a string or with a fraction of zeros; `null` and the empty string are 0.
pub(crate) fn integer<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: TryFrom<i128> + Default,
{
    Ok(integer_of(&Value::deserialize(deserializer)?)
        .map_err(D::Error::custom)?
        .unwrap_or_default())
}

/// The same, where a missing value differs from 0.
pub(crate) fn optional_integer<'de, D, T>(deserializer: D) -> Result<Option<T>, D::Error>
where
    D: Deserializer<'de>,
    T: TryFrom<i128>,
{
    integer_of(&Value::deserialize(deserializer)?).map_err(D::Error::custom)
}

/// A list of whole numbers; `null` is the empty list.
pub(crate) fn integers<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: TryFrom<i128>,
{
    let values = Option::<Vec<Value>>::deserialize(deserializer)?.unwrap_or_default();
    values
        .iter()
        .map(|value| {
            integer_of(value)
                .and_then(|number| number.ok_or_else(|| "expected a whole number, found nothing".to_owned()))
                .map_err(D::Error::custom)
        })
        .collect()
}

pub(crate) fn integer_of<T: TryFrom<i128>>(value: &Value) -> Result<Option<T>, String> {
    let written = match value {
        Value::Null => return Ok(None),
        Value::Number(number) => number.to_string(),
        Value::String(text) if text.trim().is_empty() => return Ok(None),
        Value::String(text) => text.trim().to_owned(),
        Value::Bool(_) => return Err("expected a whole number, found a boolean".to_owned()),
        Value::Array(_) => return Err("expected a whole number, found a list".to_owned()),
        Value::Object(_) => return Err("expected a whole number, found an object".to_owned()),
    };
    let number: i128 = match written.parse() {
        Ok(number) => number,
        // `1700000000.0` and `1.7e9`, as languages without integers write them.
        Err(_) => crate::money::parse(&written)
            .ok()
            .map(|decimal| decimal.normalize())
            .filter(|decimal| decimal.scale() == 0)
            .map(|decimal| decimal.mantissa())
            .ok_or_else(|| format!("expected a whole number, found {}", excerpt(&written)))?,
    };
    T::try_from(number)
        .map(Some)
        .map_err(|_| format!("the number {} is out of range", excerpt(&written)))
}

/// A boolean, also as `"true"`, `"True"`, `"Yes"`, 1 or their opposites; `null` and the empty string are `false`.
pub(crate) fn flag<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    let written = match Value::deserialize(deserializer)? {
        Value::Bool(flag) => return Ok(flag),
        other => text_of(other).map_err(D::Error::custom)?,
    };
    match written.to_ascii_lowercase().as_str() {
        "true" | "yes" | "1" => Ok(true),
        "false" | "no" | "0" | "" => Ok(false),
        _ => Err(D::Error::custom(format!(
            "expected true or false, found {}",
            excerpt(&written)
        ))),
    }
}

/// A measurement: a number that may be fractional, also written as a string; `null` is 0. Never used for money.
pub(crate) fn measurement<'de, D: Deserializer<'de>>(deserializer: D) -> Result<f64, D::Error> {
    Ok(measurement_of(&Value::deserialize(deserializer)?)
        .map_err(D::Error::custom)?
        .unwrap_or_default())
}

/// The same, where a missing value differs from 0.
pub(crate) fn optional_measurement<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    measurement_of(&Value::deserialize(deserializer)?).map_err(D::Error::custom)
}

fn measurement_of(value: &Value) -> Result<Option<f64>, String> {
    let number = match value {
        Value::Null => return Ok(None),
        Value::Number(number) => number.as_f64(),
        Value::String(text) if text.trim().is_empty() => return Ok(None),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    };
    match number {
        Some(number) if number.is_finite() => Ok(Some(number)),
        _ => Err("expected a number".to_owned()),
    }
}

/// A list that may be `null`, whose missing entries (`null`) are dropped.
pub(crate) fn list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    Ok(Option::<Vec<Option<T>>>::deserialize(deserializer)?
        .unwrap_or_default()
        .into_iter()
        .flatten()
        .collect())
}

/// A map of texts that may be `null`; its values follow [`text`].
pub(crate) fn texts<'de, D, M>(deserializer: D) -> Result<M, D::Error>
where
    D: Deserializer<'de>,
    M: FromIterator<(String, String)>,
{
    Option::<serde_json::Map<String, Value>>::deserialize(deserializer)?
        .unwrap_or_default()
        .into_iter()
        .map(|(key, value)| Ok((key, text_of(value).map_err(D::Error::custom)?)))
        .collect()
}

/// The beginning of a foreign text, fit for an error message.
pub(crate) fn excerpt(text: &str) -> String {
    const LIMIT: usize = 60;
    let mut short: String = text.chars().take(LIMIT).filter(|c| !c.is_control()).collect();
    if text.chars().nth(LIMIT).is_some() {
        short.push('…');
    }
    format!("“{short}”")
}

/// An enumeration over texts that keeps what it does not know, so that a newer platform breaks nothing.
macro_rules! open_enum {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)+
            /// A value that this version does not know, kept as it came.
            Other(String),
        }

        impl $name {
            /// Every value that this version knows.
            pub const KNOWN: &'static [$name] = &[$($name::$variant),+];

            /// The text on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $($name::$variant => $text,)+
                    $name::Other(text) => text,
                }
            }
        }

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                match text {
                    $($text => $name::$variant,)+
                    other => $name::Other(other.to_owned()),
                }
            }
        }

        impl Default for $name {
            /// What a missing value means: nothing known.
            fn default() -> Self {
                $name::Other(String::new())
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                Ok($name::from($crate::wire::text(deserializer)?.as_str()))
            }
        }
    };
}
pub(crate) use open_enum;

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug, Deserialize)]
    struct Sample {
        #[serde(default, deserialize_with = "integer")]
        whole: u64,
        #[serde(default, deserialize_with = "optional_integer")]
        maybe: Option<u16>,
        #[serde(default, deserialize_with = "text")]
        words: String,
        #[serde(default, deserialize_with = "flag")]
        yes: bool,
        #[serde(default, deserialize_with = "measurement")]
        size: f64,
        #[serde(default, deserialize_with = "list")]
        names: Vec<String>,
    }

    fn sample(json: &str) -> Result<Sample, serde_json::Error> {
        serde_json::from_str(json)
    }

    #[test]
    fn whole_numbers_are_taken_in_every_spelling() {
        for json in ["7", "7.0", "\"7\"", "\" 7 \"", "0.7e1", "70e-1"] {
            assert_eq!(sample(&format!("{{\"whole\":{json}}}")).unwrap().whole, 7, "{json}");
        }
        assert_eq!(sample("{\"whole\":null}").unwrap().whole, 0);
        assert_eq!(sample("{}").unwrap().whole, 0);
        assert_eq!(sample("{\"whole\":18446744073709551615}").unwrap().whole, u64::MAX);
        for json in ["7.5", "-1", "\"seven\"", "true", "[7]", "18446744073709551616", "1e40"] {
            assert!(sample(&format!("{{\"whole\":{json}}}")).is_err(), "{json}");
        }
    }

    #[test]
    fn an_optional_number_keeps_apart_zero_and_nothing() {
        assert_eq!(sample("{\"maybe\":0}").unwrap().maybe, Some(0));
        assert_eq!(sample("{\"maybe\":\"\"}").unwrap().maybe, None);
        assert_eq!(sample("{}").unwrap().maybe, None);
        assert!(sample("{\"maybe\":65536}").is_err());
    }

    #[test]
    fn texts_flags_measurements_and_lists_forgive() {
        let all =
            sample("{\"words\":12,\"yes\":\"Yes\",\"size\":\"0.25\",\"names\":[\"a\",null,\"b\"],\"new\":{}}").unwrap();
        assert_eq!(all.words, "12");
        assert!(all.yes);
        assert!((all.size - 0.25).abs() < f64::EPSILON);
        assert_eq!(all.names, ["a", "b"]);
        let none = sample("{\"words\":null,\"yes\":null,\"size\":null,\"names\":null}").unwrap();
        assert!(none.words.is_empty() && !none.yes && none.names.is_empty());
        assert!(sample("{\"words\":{}}").is_err());
        assert!(sample("{\"yes\":\"perhaps\"}").is_err());
        assert!(sample("{\"size\":\"NaN\"}").is_err());
    }
}
