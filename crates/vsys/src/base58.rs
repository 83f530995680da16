//! Base58 of values whose size is known: decoding is quadratic, so the length is checked before the work.

/// Base58 of some bytes.
pub(crate) fn encode(bytes: &[u8]) -> String {
    bs58::encode(bytes).into_string()
}

/// Why a text is not the Base58 of what was expected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Base58Error {
    /// A character that is not in the alphabet.
    Character,
    /// Base58, but of more or fewer bytes.
    Length,
}

/// Decodes exactly `N` bytes.
pub(crate) fn decode_array<const N: usize>(text: &str) -> Result<[u8; N], Base58Error> {
    decode_at_most(text, N)?.try_into().map_err(|_| Base58Error::Length)
}

/// Decodes up to `limit` bytes.
pub(crate) fn decode_at_most(text: &str, limit: usize) -> Result<Vec<u8>, Base58Error> {
    if !text.bytes().all(is_in_alphabet) {
        return Err(Base58Error::Character);
    }
    // 58^(7n/5) > 256^n, so a longer text cannot hold so few bytes.
    if text.len() > limit * 7 / 5 + 1 {
        return Err(Base58Error::Length);
    }
    let bytes = bs58::decode(text).into_vec().map_err(|_| Base58Error::Character)?;
    if bytes.len() > limit {
        Err(Base58Error::Length)
    } else {
        Ok(bytes)
    }
}

fn is_in_alphabet(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() && !matches!(byte, b'0' | b'O' | b'I' | b'l')
}

/// Serialises a type as what `Display` writes and reads it with `FromStr`.
macro_rules! serde_as_text {
    ($name:ty) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use serde_as_text;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn characters_outside_the_alphabet_are_named_before_the_length() {
        for text in ["0", "O", "I", "l", "é", " 1", "1\n"] {
            assert_eq!(decode_at_most(text, 8), Err(Base58Error::Character), "{text:?}");
        }
    }

    #[test]
    fn a_very_long_text_is_refused_without_being_decoded() {
        let text = "z".repeat(50_000_000);
        assert_eq!(decode_array::<26>(&text), Err(Base58Error::Length));
    }

    proptest! {
        #[test]
        fn every_value_of_the_limit_decodes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            prop_assert_eq!(decode_at_most(&encode(&bytes), bytes.len()), Ok(bytes.clone()));
            if let Some(shorter) = bytes.len().checked_sub(1) {
                prop_assert_eq!(decode_at_most(&encode(&bytes), shorter), Err(Base58Error::Length));
            }
        }
    }
}
