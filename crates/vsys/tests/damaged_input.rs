//! What is written reads back, and what was damaged on the way is refused.

use proptest::prelude::*;
use vsys::{
    AccessToken, AccessTokenError, Account, Address, Attachment, ContractId, IdentifierError, KeyError, Network,
    Payment, PrivateKey, PublicKey, SecretText, SeedPhrase, Signature, SignedPayment, SignedTokenSend, TokenSend,
    TransactionError, WalletFile,
    sealed_box::{self, OpenError, SealError},
    transaction::{AttachmentError, CONTRACT_FEE, PAYMENT_FEE},
};

const BASE58_ALPHABET: &[u8] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const CONTRACT: &str = "CFC18Wdgt8waqraeuhT2RqfaYgZ5R85uuTH";

fn account(index: u32) -> Account {
    Account::derive(
        &SeedPhrase::new("test wallet seed").expect("not empty"),
        index,
        Network::Testnet,
    )
}

fn networks() -> impl Strategy<Value = Network> {
    prop_oneof![Just(Network::Mainnet), Just(Network::Testnet)]
}

fn base58(text: impl AsRef<[u8]>) -> String {
    bs58::encode(text).into_string()
}

#[test]
fn every_damaged_bit_of_an_address_is_noticed() {
    let bytes = *account(0).address().as_bytes();
    for bit in 0..8 * Address::LENGTH {
        let mut damaged = bytes;
        damaged[bit / 8] ^= 1 << (bit % 8);
        assert_eq!(
            Address::from_bytes(damaged),
            Err(IdentifierError::Checksum),
            "bit {bit}"
        );
    }
}

#[test]
fn every_mistyped_character_of_an_address_is_noticed() {
    let address = account(0).address().to_string();
    for position in 0..address.len() {
        for replacement in BASE58_ALPHABET {
            let mut mistyped = address.clone().into_bytes();
            if mistyped[position] == *replacement {
                continue;
            }
            mistyped[position] = *replacement;
            let mistyped = String::from_utf8(mistyped).expect("ASCII");
            let error = mistyped.parse::<Address>().expect_err(&mistyped);
            assert!(
                matches!(error, IdentifierError::Checksum | IdentifierError::Length),
                "{mistyped}: {error}"
            );
        }
    }
}

#[test]
fn each_mistake_in_an_address_has_its_own_error() {
    let good = account(0).address().to_string();
    let cases = [
        ("", IdentifierError::Length),
        (&good[1..], IdentifierError::Length),
        (&format!("{good}1"), IdentifierError::Length),
        (&format!("1{good}"), IdentifierError::Length),
        (&format!(" {good}"), IdentifierError::NotBase58),
        (&good.replacen('A', "0", 1), IdentifierError::NotBase58),
        (CONTRACT, IdentifierError::Version { expected: 5, found: 6 }),
    ];
    for (text, error) in cases {
        assert_eq!(text.parse::<Address>(), Err(error), "{text}");
    }
    assert_eq!(
        good.parse::<ContractId>(),
        Err(IdentifierError::Version { expected: 6, found: 5 })
    );
    let wrong_network = IdentifierError::WrongNetwork {
        expected: Network::Mainnet,
        found: Network::Testnet,
    };
    assert_eq!(
        good.parse::<Address>()
            .and_then(|address| address.expect_network(Network::Mainnet)),
        Err(wrong_network)
    );
    assert_eq!(wrong_network.to_string(), "it belongs to testnet, not to mainnet");
}

#[test]
fn an_address_of_an_unknown_network_is_refused() {
    // Well formed, with the letter X.
    assert_eq!(
        "AVTNBBaLkd8x56uo4YcNQxwze6mBwVNfpEQ".parse::<Address>(),
        Err(IdentifierError::UnknownNetwork)
    );
}

#[test]
fn keys_and_signatures_have_exact_lengths() {
    for text in ["", "1", &base58([7; 31]), &base58([7; 33]), &base58([7; 64])] {
        assert_eq!(text.parse::<PublicKey>(), Err(KeyError::Length), "{text}");
        assert_eq!(
            PrivateKey::from_base58(text).map(|_| ()),
            Err(KeyError::Length),
            "{text}"
        );
    }
    assert_eq!("O".parse::<PublicKey>(), Err(KeyError::NotBase58));
    assert_eq!(base58([7; 63]).parse::<Signature>(), Err(KeyError::Length));
}

#[test]
fn private_keys_never_print() {
    let account = account(0);
    let printed = format!("{account:?}");
    assert!(printed.contains(&account.address().to_string()));
    assert!(!printed.contains(&base58(account.private_key().expose())));
    assert!(!printed.contains(&format!("{:?}", account.private_key().expose())));
}

#[test]
fn boxes_to_degenerate_keys_are_refused() {
    let mut one = [0; 32];
    one[0] = 1;
    for key in [[0; 32], one] {
        let key = PublicKey::from_bytes(key);
        assert_eq!(sealed_box::seal(&key, b"secret", &[9; 32]), Err(SealError::UnusableKey));
        // The box that such an exchange would give: anybody could have made it.
        let forged = [key.as_bytes().as_slice(), &[0; 40]].concat();
        assert_eq!(
            sealed_box::open(account(0).private_key(), &forged),
            Err(OpenError::Refused)
        );
    }
}

#[test]
fn texts_that_are_no_boxes_say_why() {
    let key = account(0).private_key().clone();
    assert_eq!(sealed_box::open_base58(&key, "not Base58"), Err(OpenError::NotBase58));
    assert_eq!(sealed_box::open_base58(&key, ""), Err(OpenError::Length));
    assert_eq!(sealed_box::open_base58(&key, &base58([1; 47])), Err(OpenError::Length));
    assert_eq!(
        sealed_box::open_base58(&key, &"z".repeat(1_000_000)),
        Err(OpenError::Length)
    );
    assert_eq!(sealed_box::open_base58(&key, &base58([1; 48])), Err(OpenError::Refused));
}

#[test]
fn access_tokens_name_their_mistakes() {
    let cases = [
        ("".to_owned(), AccessTokenError::Empty),
        (" \n".to_owned(), AccessTokenError::Empty),
        ("https://europe.example:secret".to_owned(), AccessTokenError::NotBase58),
        ("z".repeat(10_000), AccessTokenError::TooLong),
        (account(0).address().to_string(), AccessTokenError::NotAToken),
        (base58("europe.example:secret"), AccessTokenError::NotAToken),
        (base58("ftp://europe.example:secret"), AccessTokenError::Host),
        (base58("https://:secret"), AccessTokenError::Host),
        (base58("https://europe.example/path:secret"), AccessTokenError::Host),
        (base58("https://user@europe.example:secret"), AccessTokenError::Host),
        (base58("https://[::1:secret"), AccessTokenError::Host),
        (base58("https://europe.example"), AccessTokenError::MissingSecret),
        (base58("https://europe.example:"), AccessTokenError::MissingSecret),
        (base58("http://europe.localhost:8080"), AccessTokenError::MissingSecret),
        (base58("http://europe.localhost:8080:"), AccessTokenError::MissingSecret),
        (
            base58("https://europe.example:two words"),
            AccessTokenError::DamagedSecret,
        ),
        (base58("https://europe.example:密码"), AccessTokenError::DamagedSecret),
    ];
    for (text, error) in cases {
        assert_eq!(AccessToken::parse(&text), Err(error), "{text:.60}");
    }
}

#[test]
fn access_tokens_may_have_ports() {
    for (text, host, secret) in [
        (
            "http://europe.localhost:8080:SECRET",
            "http://europe.localhost:8080",
            "SECRET",
        ),
        ("https://europe.example:SECRET", "https://europe.example", "SECRET"),
        (
            "https://europe.example:99999:SECRET",
            "https://europe.example",
            "99999:SECRET",
        ),
        ("https://europe.example:a:b", "https://europe.example", "a:b"),
        ("http://[::1]:8080:SECRET", "http://[::1]:8080", "SECRET"),
        ("http://[::1]:SECRET", "http://[::1]", "SECRET"),
    ] {
        let token = AccessToken::parse(&format!(" {}\n", base58(text))).expect(text);
        assert_eq!((token.host(), token.secret().expose()), (host, secret));
        assert!(!format!("{token:?}").contains("SECRET"));
        assert_eq!(token.encode().expose(), base58(text));
    }
}

#[test]
fn attachments_have_a_limit() {
    assert_eq!(Attachment::new([7; 141]), Err(AttachmentError::TooLong));
    assert_eq!(
        Attachment::new("é".repeat(71)),
        Err(AttachmentError::TooLong),
        "bytes count, not characters"
    );
    let longest = Attachment::new([7; 140]).expect("within the limit");
    assert_eq!(longest.to_string().parse(), Ok(longest));
    assert_eq!(base58([7; 141]).parse::<Attachment>(), Err(AttachmentError::TooLong));
    assert_eq!("0".parse::<Attachment>(), Err(AttachmentError::NotBase58));
}

fn payment() -> Payment {
    Payment::new(
        *account(1).address(),
        5,
        Attachment::new("order").expect("short"),
        1_700_000_000_123_456_789,
    )
}

fn token_send() -> TokenSend {
    let contract = CONTRACT.parse().expect("a contract id");
    TokenSend::new(
        contract,
        *account(1).address(),
        5,
        Attachment::default(),
        1_700_000_000_123_456_789,
    )
}

#[test]
fn transactions_are_checked_as_a_node_does() {
    let key = account(0).private_key().clone();
    let sign = |payment: Payment| payment.sign(&key, &[1; 64]).check();
    assert_eq!(sign(payment()), Ok(()));
    assert_eq!(
        sign(Payment {
            fee: PAYMENT_FEE - 1,
            ..payment()
        }),
        Err(TransactionError::Fee {
            found: PAYMENT_FEE - 1,
            least: PAYMENT_FEE
        })
    );
    assert_eq!(
        sign(Payment {
            fee_scale: 101,
            ..payment()
        }),
        Err(TransactionError::FeeScale(101))
    );
    assert_eq!(
        sign(Payment { amount: 0, ..payment() }),
        Err(TransactionError::ZeroAmount)
    );

    let sign = |send: TokenSend| send.sign(&key, &[1; 64]).check();
    assert_eq!(sign(token_send()), Ok(()));
    assert_eq!(
        sign(TokenSend {
            fee: PAYMENT_FEE,
            ..token_send()
        }),
        Err(TransactionError::Fee {
            found: PAYMENT_FEE,
            least: CONTRACT_FEE
        })
    );
}

#[test]
fn changing_anything_signed_breaks_the_signature_and_the_id() {
    let key = account(0).private_key().clone();
    let signed = payment().sign(&key, &[1; 64]);
    for changed in [
        Payment {
            recipient: *account(2).address(),
            ..payment()
        },
        Payment { amount: 6, ..payment() },
        Payment {
            fee: PAYMENT_FEE + 1,
            ..payment()
        },
        Payment {
            timestamp: 1_700_000_000_123_456_788,
            ..payment()
        },
        Payment {
            attachment: Attachment::new("Order").expect("short"),
            ..payment()
        },
    ] {
        assert_ne!(changed.id(), signed.id());
        let forged = SignedPayment {
            payment: changed,
            ..signed.clone()
        };
        assert_eq!(forged.check(), Err(TransactionError::Signature));
    }
    let other_sender = SignedPayment {
        sender: *account(1).public_key(),
        ..signed.clone()
    };
    assert_eq!(other_sender.check(), Err(TransactionError::Signature));
    assert_eq!(other_sender.id(), signed.id(), "the id is of what is signed");

    let signed = token_send().sign(&key, &[1; 64]);
    for changed in [
        TokenSend {
            contract: "CF6aLCZz1Jogjk6RfjHTiviAmq2soW1tBp8".parse().expect("a contract id"),
            ..token_send()
        },
        TokenSend {
            recipient: *account(2).address(),
            ..token_send()
        },
        TokenSend {
            amount: 6,
            ..token_send()
        },
    ] {
        assert_ne!(changed.id(), signed.id());
        let forged = SignedTokenSend {
            token_send: changed,
            ..signed.clone()
        };
        assert_eq!(forged.check(), Err(TransactionError::Signature));
    }
}

#[test]
fn contract_calls_that_send_no_tokens_are_refused() {
    let signed = token_send().sign(account(0).private_key(), &[1; 64]);
    let good = serde_json::to_value(&signed).expect("JSON");
    let data = signed.token_send.function_data();
    let with_data = |change: &dyn Fn(&mut Vec<u8>)| {
        let mut data = data.clone();
        change(&mut data);
        base58(data).into()
    };
    let changes = [
        ("functionIndex", 4.into(), "does not send tokens"),
        ("functionData", "".into(), "not a recipient and an amount"),
        (
            "functionData",
            with_data(&|data| data.push(0)),
            "not a recipient and an amount",
        ),
        (
            "functionData",
            with_data(&|data| data[1] = 3),
            "not a recipient and an amount",
        ),
        (
            "functionData",
            with_data(&|data| data[29] = 2),
            "not a recipient and an amount",
        ),
        ("functionData", with_data(&|data| data[10] ^= 1), "no address"),
        ("contractId", account(0).address().to_string().into(), "another kind"),
        ("fee", (-1).into(), "invalid"),
        ("signature", "abc".into(), "length"),
    ];
    for (field, value, reason) in changes {
        let mut body = good.clone();
        body[field] = value;
        let error = serde_json::from_value::<SignedTokenSend>(body)
            .expect_err(field)
            .to_string();
        assert!(error.contains(reason), "{field}: {error}");
    }
}

proptest! {
    #[test]
    fn identifiers_read_back(index: u32, network in networks(), token: u32) {
        let address = Address::of(&PublicKey::from_bytes([index as u8; 32]), network);
        prop_assert_eq!(address.to_string().parse(), Ok(address));
        prop_assert_eq!(address.network(), network);
        let json = serde_json::to_string(&address).expect("JSON");
        prop_assert_eq!(serde_json::from_str::<Address>(&json).expect("the same"), address);
        let contract: ContractId = CONTRACT.parse().expect("a contract id");
        let token = contract.token(token);
        prop_assert_eq!(token.to_string().parse(), Ok(token));
    }

    #[test]
    fn no_text_is_more_than_an_error(text: String) {
        prop_assert!(text.parse::<Address>().is_err());
        prop_assert!(AccessToken::parse(&text).is_err());
        prop_assert!(WalletFile::read(&text, None).is_err());
        prop_assert!(sealed_box::open_base58(account(0).private_key(), &text).is_err());
    }

    #[test]
    fn access_tokens_read_back(
        secure: bool, host in "[a-z][a-z-]{0,20}(\\.[a-z]{1,9}){0,3}", port: Option<std::num::NonZeroU16>,
        secret in "[A-Za-z]{1,9}[!-~]{0,200}",
    ) {
        let scheme = if secure { "https" } else { "http" };
        let port = port.map(|port| format!(":{port}")).unwrap_or_default();
        let token = AccessToken::new(format!("{scheme}://{host}{port}"), SecretText::new(secret)).expect("good parts");
        prop_assert_eq!(AccessToken::parse(token.encode().expose()), Ok(token));
    }

    #[test]
    fn half_an_access_token_is_refused_or_has_the_same_host(cut in 1..100_usize) {
        let token = AccessToken::new("https://europe.example", SecretText::new("S".repeat(100))).expect("good parts");
        let encoded = token.encode();
        let kept = &encoded.expose()[..encoded.expose().len().saturating_sub(cut)];
        prop_assert!(AccessToken::parse(kept).map_or(true, |read| read != token));
    }

    #[test]
    fn plain_wallet_files_read_back(phrase in "\\PC{1,60}", accounts: u32) {
        let wallet = WalletFile::new(SeedPhrase::new(phrase).expect("not empty"), accounts);
        prop_assert_eq!(WalletFile::read(wallet.write_plain().expose(), None), Ok(wallet));
    }

    #[test]
    fn payments_read_back(amount in 1_u64.., fee in PAYMENT_FEE.., timestamp: u64, note in prop::collection::vec(any::<u8>(), 0..=140)) {
        let attachment = Attachment::new(note).expect("within the limit");
        let payment = Payment { fee, ..Payment::new(*account(1).address(), amount, attachment, timestamp) };
        let signed = payment.sign(account(0).private_key(), &[1; 64]);
        prop_assert_eq!(signed.check(), Ok(()));
        let json = serde_json::to_string(&signed).expect("JSON");
        prop_assert_eq!(serde_json::from_str::<SignedPayment>(&json).expect("the same"), signed);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn boxes_open_for_their_recipient_only(plaintext: Vec<u8>, random: [u8; 32], other in 1..1000_u32) {
        let sealed = sealed_box::seal_base58(account(0).public_key(), &plaintext, &random).expect("a good key");
        let opened = sealed_box::open_base58(account(0).private_key(), &sealed).expect("opens");
        prop_assert_eq!(opened.expose(), plaintext);
        prop_assert_eq!(sealed_box::open_base58(account(other).private_key(), &sealed), Err(OpenError::Refused));
    }

    #[test]
    fn any_changed_bit_of_a_box_is_noticed(plaintext: [u8; 40], bit in 0..8 * (40 + sealed_box::OVERHEAD), cut in 0..88_usize) {
        let mut sealed = sealed_box::seal(account(0).public_key(), &plaintext, &[3; 32]).expect("a good key");
        let shortened = sealed_box::open(account(0).private_key(), &sealed[..cut]);
        prop_assert!(matches!(shortened, Err(OpenError::Refused | OpenError::Length)));
        sealed[bit / 8] ^= 1 << (bit % 8);
        prop_assert_eq!(sealed_box::open(account(0).private_key(), &sealed), Err(OpenError::Refused));
    }
}
