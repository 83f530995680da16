//! The phrase that all accounts of a wallet come from.

use std::{fmt, sync::OnceLock};

use thiserror::Error;
use zeroize::{Zeroize, ZeroizeOnDrop, Zeroizing};

use crate::randomness::{RandomnessUnavailable, os_random};

/// How many words a generated phrase has.
pub const WORD_COUNT: usize = 15;

/// How many words there are to choose from.
pub const WORD_LIST_LENGTH: usize = 2048;

/// The words of generated phrases, in the order of their numbers: the English list of BIP-39.
pub fn word_list() -> &'static [&'static str; WORD_LIST_LENGTH] {
    static WORDS: OnceLock<[&str; WORD_LIST_LENGTH]> = OnceLock::new();
    WORDS.get_or_init(|| {
        let mut words = include_str!("words.txt").lines();
        std::array::from_fn(|_| words.next().expect("words.txt has 2,048 lines"))
    })
}

/// Whether a word is in the list. Upper case is another word: it derives other accounts.
pub fn is_listed(word: &str) -> bool {
    // The list is in alphabetical order.
    word_list().binary_search(&word).is_ok()
}

/// A phrase without any text derives nothing.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
#[error("the seed phrase is empty")]
pub struct EmptySeedPhrase;

/// A seed phrase, of generated words or any other text. It is wiped when dropped and does not print.
///
/// Every character counts, white space and case included: the accounts come from the text exactly as it is.
#[derive(Clone, PartialEq, Eq, Zeroize, ZeroizeOnDrop)]
pub struct SeedPhrase(String);

impl SeedPhrase {
    /// Takes a phrase exactly as it is, the way the official client does. For phrases read from a file.
    ///
    /// # Errors
    /// [`EmptySeedPhrase`] for a text without any character.
    pub fn new(text: impl Into<String>) -> Result<Self, EmptySeedPhrase> {
        let text = text.into();
        if text.is_empty() {
            Err(EmptySeedPhrase)
        } else {
            Ok(Self(text))
        }
    }

    /// Takes a phrase that a person typed or pasted, without the white space around it, which nobody sees and copying
    /// easily adds. Nothing within the phrase is changed.
    ///
    /// Whoever really has a phrase that begins or ends with white space can still use it with a wallet file.
    ///
    /// # Errors
    /// [`EmptySeedPhrase`] when there is nothing but white space.
    pub fn from_input(text: &str) -> Result<Self, EmptySeedPhrase> {
        Self::new(text.trim())
    }

    /// Makes a new phrase of [`WORD_COUNT`] words from five random numbers, three words each (contract, Accounts and
    /// signatures).
    pub fn generate(random: &[u32; 5]) -> Self {
        let words = word_list();
        // Long enough for any 15 words, so that no half-written copy is left behind by a reallocation.
        let mut text = String::with_capacity(WORD_COUNT * 9);
        for number in random {
            let number = *number as usize;
            let first = number % WORD_LIST_LENGTH;
            let second = (number / WORD_LIST_LENGTH + first) % WORD_LIST_LENGTH;
            let third = (number / WORD_LIST_LENGTH / WORD_LIST_LENGTH + second) % WORD_LIST_LENGTH;
            for index in [first, second, third] {
                if !text.is_empty() {
                    text.push(' ');
                }
                text.push_str(words[index]);
            }
        }
        Self(text)
    }

    /// Makes a new phrase with randomness from the operating system or the browser.
    ///
    /// # Errors
    /// [`RandomnessUnavailable`] when it has none.
    pub fn generate_with_os_randomness() -> Result<Self, RandomnessUnavailable> {
        let bytes = Zeroizing::new(os_random::<20>()?);
        let mut numbers = Zeroizing::new([0; 5]);
        for (number, chunk) in numbers.iter_mut().zip(bytes.chunks_exact(4)) {
            *number = chunk.iter().fold(0, |number, byte| number << 8 | u32::from(*byte));
        }
        Ok(Self::generate(&numbers))
    }

    /// The phrase itself. Copies made of it are the caller's to wipe.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The words, for showing and confirming them one by one.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.0.split_whitespace()
    }

    /// What a person should be asked about before a typed phrase is used. A phrase with doubts is still valid.
    pub fn doubts(&self) -> PhraseDoubts<'_> {
        PhraseDoubts {
            word_count: self.words().count(),
            unlisted_words: self.words().filter(|word| !is_listed(word)).collect(),
            irregular_spacing: !self.0.split(' ').eq(self.words()),
        }
    }
}

impl fmt::Debug for SeedPhrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SeedPhrase(…)")
    }
}

/// How a phrase differs from a generated one. It borrows from the phrase and does not print.
#[derive(Clone, PartialEq, Eq)]
pub struct PhraseDoubts<'a> {
    /// How many words it has; a generated phrase has [`WORD_COUNT`].
    pub word_count: usize,
    /// The words that are not in the list, probably mistyped, in their order.
    pub unlisted_words: Vec<&'a str>,
    /// Whether words are separated by anything but one space, or white space surrounds them.
    pub irregular_spacing: bool,
}

impl PhraseDoubts<'_> {
    /// Whether the phrase looks as if it was generated.
    pub fn is_none(&self) -> bool {
        self.word_count == WORD_COUNT && self.unlisted_words.is_empty() && !self.irregular_spacing
    }
}

impl fmt::Debug for PhraseDoubts<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PhraseDoubts(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_the_one_of_bip_39() {
        let words = word_list();
        assert!(words.is_sorted(), "looking words up relies on the order");
        assert_eq!((words[0], words[2047]), ("abandon", "zoo"));
        let digest = crate::hash::sha256(include_str!("words.txt").as_bytes());
        assert_eq!(
            &digest[..4],
            [0x2f, 0x5e, 0xed, 0x53],
            "the published list, with a line end after each word"
        );
    }

    #[test]
    fn numbers_become_words_as_in_the_official_client() {
        let phrase = SeedPhrase::generate(&[0, 1, 2048, u32::MAX, 0x1234_5678]);
        assert_eq!(
            phrase.expose(),
            "abandon abandon abandon ability ability ability abandon ability ability zoo zone leisure someone park power"
        );
        let phrase = SeedPhrase::generate(&[0xdead_beef, 4_194_304, 2047, 4_194_303, 0x8000_0000]);
        assert_eq!(
            phrase.expose(),
            "target network advice abandon abandon ability zoo zoo zoo zoo zone zone abandon abandon divorce"
        );
    }

    #[test]
    fn new_phrases_differ_and_raise_no_doubts() {
        let phrases: Vec<_> = (0..10)
            .map(|_| SeedPhrase::generate_with_os_randomness().expect("randomness"))
            .collect();
        for (index, phrase) in phrases.iter().enumerate() {
            assert_eq!(phrase.words().count(), WORD_COUNT);
            assert!(phrase.doubts().is_none());
            assert!(!phrases[..index].contains(phrase));
        }
    }

    #[test]
    fn typed_phrases_lose_only_the_space_around_them() {
        let phrase = SeedPhrase::from_input("\t Any  phrase,\u{3000}任何 \r\n").expect("not empty");
        assert_eq!(phrase.expose(), "Any  phrase,\u{3000}任何");
        assert_eq!(SeedPhrase::from_input(" \n"), Err(EmptySeedPhrase));
        assert_eq!(SeedPhrase::new(" \n").expect("exactly as it is").expose(), " \n");
        assert_eq!(SeedPhrase::new(""), Err(EmptySeedPhrase));
    }

    #[test]
    fn doubts_name_what_is_unusual() {
        let generated = SeedPhrase::generate(&[7, 77, 777, 7777, 77777]);
        let mistyped = generated.expose().replacen(' ', "  ", 1).replacen("ab", "Ab", 1);
        let phrase = SeedPhrase::new(format!("{mistyped} vsys")).expect("not empty");
        let doubts = phrase.doubts();
        assert_eq!(doubts.word_count, 16);
        assert!(doubts.irregular_spacing);
        assert!(doubts.unlisted_words.contains(&"vsys"));
        assert!(!doubts.is_none());
        assert!(!SeedPhrase::new("zoo\nzoo").expect("not empty").doubts().is_none());
    }

    #[test]
    fn neither_phrases_nor_doubts_print() {
        let phrase = SeedPhrase::new("hunter2").expect("not empty");
        assert!(!format!("{phrase:?} {:?}", phrase.doubts()).contains("hunter2"));
    }
}
