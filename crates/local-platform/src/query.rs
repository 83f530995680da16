//! The query of a request: keys may repeat, as `statuses` does.

use std::convert::Infallible;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

use crate::refusal::{Outcome, Refusal};
use crate::store::Page;

/// Decoded pairs of a query, in their order.
#[derive(Clone, Debug, Default)]
pub struct Query(Vec<(String, String)>);

impl Query {
    /// Reads the query of an address (without its `?`).
    #[must_use]
    pub fn parse(text: &str) -> Self {
        let pairs = text.split('&').filter(|pair| !pair.is_empty()).map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(key), decode(value))
        });
        Self(pairs.collect())
    }

    /// The value of a key, none when it is missing or empty.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(name, value)| name == key && !value.is_empty())
            .map(|(_, value)| value.as_str())
    }

    /// All values of a key that may repeat, also spelled `key[]` or separated by commas.
    #[must_use]
    pub fn all(&self, key: &str) -> Vec<&str> {
        let matching = self
            .0
            .iter()
            .filter(|(name, _)| name.strip_suffix("[]").unwrap_or(name) == key);
        matching
            .flat_map(|(_, value)| value.split(','))
            .filter(|value| !value.is_empty())
            .collect()
    }

    /// A yes or no, however a client spells it.
    #[must_use]
    pub fn flag(&self, key: &str) -> bool {
        self.get(key)
            .is_some_and(|value| value.eq_ignore_ascii_case("true") || value == "1")
    }

    /// A whole number that is not negative.
    ///
    /// # Errors
    /// 400 when it is something else.
    pub fn number(&self, key: &str) -> Outcome<Option<u64>> {
        self.get(key)
            .map(|value| {
                value
                    .parse()
                    .map_err(|_| Refusal::invalid(format!("{key} must be a whole number")))
            })
            .transpose()
    }

    /// The page that is asked for: `current` from 1, `pageSize` 10 unless given.
    ///
    /// # Errors
    /// 400 when either is no whole number above 0.
    pub fn page(&self) -> Outcome<Page> {
        let current = self.number("current")?.unwrap_or(1);
        let size = self.number("pageSize")?.unwrap_or(10);
        if current == 0 || size == 0 {
            return Err(Refusal::invalid("current and pageSize begin at 1"));
        }
        let current = i64::try_from(current).map_err(|_| Refusal::invalid("current is too large"))?;
        Ok(Page {
            current,
            size: i64::try_from(size).unwrap_or(Page::LARGEST).min(Page::LARGEST),
        })
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::parse(parts.uri.query().unwrap_or_default()))
    }
}

/// Undoes percent encoding; what is no valid escape stays as it is.
fn decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut index = 0;
    while index < bytes.len() {
        let escape = bytes
            .get(index + 1..index + 3)
            .and_then(|digits| std::str::from_utf8(digits).ok());
        match (
            bytes[index],
            escape.and_then(|digits| u8::from_str_radix(digits, 16).ok()),
        ) {
            (b'%', Some(byte)) => {
                decoded.push(byte);
                index += 3;
                continue;
            }
            (b'+', _) => decoded.push(b' '),
            (byte, _) => decoded.push(byte),
        }
        index += 1;
    }
    String::from_utf8_lossy(&decoded).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_may_repeat_and_escapes_are_undone() {
        let query = Query::parse("statuses=ServiceRunning&statuses=ServiceStop&name=a%20b+c%E4%BD%A0&empty=&x=100%");
        assert_eq!(query.all("statuses"), ["ServiceRunning", "ServiceStop"]);
        assert_eq!(query.get("name"), Some("a b c你"));
        assert_eq!(query.get("empty"), None);
        assert_eq!(query.get("x"), Some("100%"));
    }

    #[test]
    fn a_page_is_checked_and_bounded() {
        assert_eq!(Query::parse("").page(), Ok(Page { current: 1, size: 10 }));
        assert_eq!(
            Query::parse("current=3&pageSize=100000").page(),
            Ok(Page {
                current: 3,
                size: Page::LARGEST
            })
        );
        assert!(Query::parse("current=0").page().is_err());
        assert!(Query::parse("pageSize=ten").page().is_err());
    }
}
