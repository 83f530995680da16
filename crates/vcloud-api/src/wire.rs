//! Field decoders that forgive what peers of the contract are known to vary: `null` for an empty list, a number
//! written as a string, a field that is not there.
//!
//! Every one goes through [`serde_json::Value`], whose own decoding is the only one that sees through the way
//! `arbitrary_precision` hands numbers to visitors: it works inside flattened and buffered contents too.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;

use serde::de::{Error, IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::visible;

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

/// A name that is shown, see [`visible::name`].
pub(crate) fn name<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    text(deserializer).map(|text| visible::name(&text))
}

/// A name in ASCII, see [`visible::identifier`].
pub(crate) fn identifier<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    text(deserializer).map(|text| visible::identifier(&text))
}

/// A message or description, see [`visible::words`].
pub(crate) fn words<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    text(deserializer).map(|text| visible::words(&text))
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

/// Entries of a list at the most: ten times the longest page that is asked for. An entry of two bytes takes hundreds in memory, so that
/// a short answer could fill it.
const MOST_ENTRIES: usize = 10_000;

/// The same for containers of one pod, each of which has a place of its own on a page. The largest service has room for 64.
const MOST_CONTAINERS: usize = 100;

/// The same for a container's ports and variables and a service's domains, which are shown all together.
const MOST_PARTS: usize = 500;

/// A list that may be `null`, whose missing entries (`null`) are dropped.
pub(crate) fn list<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    entries::<D, T, MOST_ENTRIES>(deserializer)
}

/// The same for the containers of a pod.
pub(crate) fn containers<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    entries::<D, T, MOST_CONTAINERS>(deserializer)
}

/// The same for the parts of a container or service.
pub(crate) fn parts<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    entries::<D, T, MOST_PARTS>(deserializer)
}

fn entries<'de, D, T, const MOST: usize>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    struct Entries<T, const MOST: usize>(PhantomData<T>);

    impl<'de, T: Deserialize<'de>, const MOST: usize> Visitor<'de> for Entries<T, MOST> {
        type Value = Vec<T>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a sequence")
        }

        fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
            Ok(Vec::new())
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut entries: A) -> Result<Self::Value, A::Error> {
            let mut list = Vec::new();
            for _ in 0..MOST {
                match entries.next_element::<Option<T>>()? {
                    Some(entry) => list.extend(entry),
                    None => return Ok(list),
                }
            }
            match entries.next_element::<IgnoredAny>()? {
                Some(_) => Err(A::Error::custom(format!("more than {MOST} entries"))),
                None => Ok(list),
            }
        }
    }

    deserializer.deserialize_any(Entries::<T, MOST>(PhantomData))
}

/// An answer that is a list, see [`list`].
#[derive(Deserialize)]
#[serde(transparent, bound(deserialize = "T: Deserialize<'de>"))]
pub(crate) struct Listed<T>(#[serde(deserialize_with = "list")] pub Vec<T>);

impl<T> Default for Listed<T> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

/// A map of texts that may be `null`; its keys are names, its values follow [`text`].
pub(crate) fn texts<'de, D, M>(deserializer: D) -> Result<M, D::Error>
where
    D: Deserializer<'de>,
    M: FromIterator<(String, String)>,
{
    Option::<serde_json::Map<String, Value>>::deserialize(deserializer)?
        .unwrap_or_default()
        .into_iter()
        .map(|(key, value)| Ok((visible::name(&key), text_of(value).map_err(D::Error::custom)?)))
        .collect()
}

/// A map whose keys are names of containers; it may be `null`.
pub(crate) fn by_name<'de, D, T>(deserializer: D) -> Result<BTreeMap<String, T>, D::Error>
where
    D: Deserializer<'de>,
    T: Deserialize<'de>,
{
    let map = Option::<BTreeMap<String, T>>::deserialize(deserializer)?.unwrap_or_default();
    Ok(map
        .into_iter()
        .map(|(name, value)| (visible::identifier(&name), value))
        .collect())
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

/// An enumeration over texts that keeps what it does not know, made visible, so that a newer platform breaks nothing.
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
                Ok($name::from($crate::wire::name(deserializer)?.as_str()))
            }
        }
    };
}
pub(crate) use open_enum;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_have_an_end() {
        let most = format!("[null{}]", ",{}".repeat(MOST_ENTRIES - 1));
        let listed: Listed<BTreeMap<String, u8>> = serde_json::from_str(&most).unwrap();
        assert_eq!(listed.0.len(), MOST_ENTRIES - 1);
        let error = serde_json::from_str::<Listed<Value>>(&format!("[{}0]", "0,".repeat(MOST_ENTRIES))).err();
        assert!(error.is_some_and(|error| error.to_string().contains("more than 10000 entries")));
        assert!(serde_json::from_str::<Listed<u8>>("null").unwrap().0.is_empty());
        assert!(serde_json::from_str::<Listed<u8>>("{}").is_err());
    }

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
