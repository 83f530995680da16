//! What was typed into the form, and what is wrong with it. Pure, so that it is tested without a browser.

use payments::{AmountError, recipient, units};
use serde::{Deserialize, Serialize};
use vsys::transaction::UNITS_PER_VSYS;
use vsys::{Address, Attachment, IdentifierError, Network};

/// Characters of an address.
pub const ADDRESS_LENGTH: usize = 35;

/// The fields, as they were typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Typed {
    /// Who gets it.
    pub recipient: String,
    /// How much, in coins.
    pub amount: String,
    /// The note that travels with it.
    pub attachment: String,
}

/// What the text of a recipient is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Recipient {
    /// An address that can be sent to.
    Right(Address),
    /// An address that is not complete yet: so many characters.
    Begun(usize),
    /// Something else.
    Wrong(IdentifierError),
}

impl Recipient {
    /// Reads what was typed. As long as it may become an address, nothing is wrong with it.
    pub fn read(text: &str, network: Network) -> Recipient {
        let count = text.trim().chars().count();
        match recipient(text, network) {
            Ok(address) => Recipient::Right(address),
            Err(IdentifierError::Length | IdentifierError::Checksum) if count < ADDRESS_LENGTH => {
                Recipient::Begun(count)
            }
            Err(error) => Recipient::Wrong(error),
        }
    }

    /// The address, if it is one.
    pub fn address(self) -> Option<Address> {
        match self {
            Recipient::Right(address) => Some(address),
            Recipient::Begun(_) | Recipient::Wrong(_) => None,
        }
    }
}

impl Typed {
    /// Whether nothing was typed.
    pub fn is_empty(&self) -> bool {
        *self == Typed::default()
    }

    /// How many units are sent.
    pub fn units(&self) -> Result<u64, AmountError> {
        units(&self.amount, UNITS_PER_VSYS)
    }

    /// Bytes of the attachment.
    pub fn attachment_bytes(&self) -> usize {
        self.attachment.trim().len()
    }

    /// The attachment, where it is not too long. Space around it is not sent.
    pub fn attachment(&self) -> Option<Attachment> {
        Attachment::new(self.attachment.trim()).ok()
    }
}

/// An address in groups that can be compared one by one.
pub fn groups(address: &Address) -> Vec<String> {
    let characters: Vec<char> = address.to_string().chars().collect();
    characters.chunks(5).map(|group| group.iter().collect()).collect()
}

#[cfg(test)]
mod tests {
    use vsys::{Account, SeedPhrase};

    use super::*;

    fn address() -> Address {
        let phrase = SeedPhrase::new("a phrase of tests").expect("a phrase");
        *Account::derive(&phrase, 0, Network::Testnet).address()
    }

    #[test]
    fn a_recipient_is_right_begun_or_wrong() {
        let text = address().to_string();
        assert_eq!(text.len(), ADDRESS_LENGTH);
        let read = |text: &str| Recipient::read(text, Network::Testnet);
        assert_eq!(read(&format!(" {text} ")), Recipient::Right(address()));
        assert_eq!(read(&text[..12]), Recipient::Begun(12));
        assert_eq!(read(&text[..34]), Recipient::Begun(34));
        assert_eq!(read(""), Recipient::Begun(0));
        assert_eq!(read("0x12"), Recipient::Wrong(IdentifierError::NotBase58));
        assert_eq!(read(&format!("{text}A")), Recipient::Wrong(IdentifierError::Length));
        let last = if text.ends_with('x') { 'y' } else { 'x' };
        let mistyped = format!("{}{last}", &text[..34]);
        assert_eq!(read(&mistyped), Recipient::Wrong(IdentifierError::Checksum));
        assert!(matches!(
            Recipient::read(&text, Network::Mainnet),
            Recipient::Wrong(IdentifierError::WrongNetwork { .. })
        ));
    }

    #[test]
    fn an_attachment_is_counted_in_bytes() {
        let with = |attachment: &str| Typed {
            attachment: attachment.to_owned(),
            ..Typed::default()
        };
        assert_eq!(with(" 谢谢\n").attachment_bytes(), 6);
        assert!(with(&"谢".repeat(46)).attachment().is_some());
        assert!(with(&"谢".repeat(47)).attachment().is_none());
        assert_eq!(with("").attachment(), Some(Attachment::default()));
    }

    #[test]
    fn groups_are_the_address() {
        let groups = groups(&address());
        assert_eq!((groups.len(), groups.concat()), (7, address().to_string()));
    }
}
