//! Values that must not leak: they print without their content and are wiped when dropped.

use std::fmt;

use zeroize::{Zeroize, ZeroizeOnDrop};

/// A text that never prints and is wiped from memory when dropped.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct SecretText(String);

impl SecretText {
    /// Takes over a text.
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The text itself. Copies made of it are the caller's to wipe.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText(…)")
    }
}

/// Bytes that never print and are wiped from memory when dropped.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct SecretBytes(Vec<u8>);

impl SecretBytes {
    /// Takes over some bytes.
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into())
    }

    /// The bytes themselves. Copies made of them are the caller's to wipe.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }

    /// The bytes as text, if they are UTF-8.
    pub fn into_text(mut self) -> Option<SecretText> {
        match String::from_utf8(std::mem::take(&mut self.0)) {
            Ok(text) => Some(SecretText(text)),
            Err(error) => {
                error.into_bytes().zeroize();
                None
            }
        }
    }
}

impl fmt::Debug for SecretBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretBytes(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_never_print() {
        let text = format!(
            "{:?} {:#?}",
            SecretText::new("hunter2"),
            vec![SecretText::new("hunter2")]
        );
        assert!(!text.contains("hunter2"));
        let bytes = format!("{:?}", SecretBytes::new(b"hunter2".to_vec()));
        assert!(!bytes.contains("104") && !bytes.contains("hunter2"));
    }

    #[test]
    fn bytes_become_text_only_when_they_are_text() {
        let text = SecretBytes::new("种子".as_bytes()).into_text();
        assert_eq!(text.as_ref().map(SecretText::expose), Some("种子"));
        assert_eq!(SecretBytes::new(vec![0xff]).into_text(), None);
    }
}
