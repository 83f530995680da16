//! Payments that an extension signs: written down before it is asked, looked for where its answer is lost, never taken for
//! another one.

use payments::{
    Amount, CLOCK_TOLERANCE, Consent, Difference, Heard, Intent, Look, Obstacle, Payer, Plan, Record, Stage, Todo,
    WINDOW, next_payment,
};
use vcloud_api::types::{Currency, Order, OrderStatus, Proof, Transaction};
use vsys::{Account, Attachment, ContractId, Network, SeedPhrase, TokenSend, TransactionId};

const NOW: i64 = 1_700_000_000;

/// A token's contract on the test network.
const CONTRACT: &str = "CFC18Wdgt8waqraeuhT2RqfaYgZ5R85uuTH";

fn account(index: u32) -> Account {
    let phrase = SeedPhrase::new("a phrase of tests").expect("a phrase");
    Account::derive(&phrase, index, Network::Testnet)
}

fn vsys() -> Currency {
    Currency {
        symbol_name: "VSYS".to_owned(),
        contract_id: "vsys".to_owned(),
        unit: 100_000_000,
        exchange_rate: "500".parse().expect("a number"),
    }
}

fn intent() -> Intent {
    intent_in(&vsys())
}

fn intent_in(currency: &Currency) -> Intent {
    let payer = account(0);
    let order = Order {
        id: "63a0".to_owned(),
        address: payer.address().to_string(),
        recipient: account(1).address().to_string(),
        amount: "12.345".parse().expect("a number"),
        status: OrderStatus::Pending,
        ..Order::default()
    };
    let payer = Payer {
        address: *payer.address(),
        public_key: *payer.public_key(),
        network: Network::Testnet,
    };
    let plan = Plan::by(&order, currency, &payer, Amount::Due).expect("a plan");
    Intent::new(plan, Network::Testnet, 0, NOW)
}

fn transaction(intent: &Intent, number: u8) -> Transaction {
    Transaction {
        id: TransactionId::of(&[number]).to_string(),
        kind: 2,
        timestamp: u64::try_from(NOW + 1).expect("positive") * 1_000_000_000,
        recipient: intent.recipient.to_string(),
        amount: intent.units,
        attachment: Attachment::new(intent.attachment.as_str()).expect("short").to_string(),
        proofs: vec![Proof {
            address: intent.sender.to_string(),
            ..Proof::default()
        }],
        height: Some(1),
        ..Transaction::default()
    }
}

#[test]
fn a_payment_is_found_by_everything_it_was_asked_for_and_by_nothing_less() {
    let intent = intent();
    let own = transaction(&intent, 1);
    assert!(intent.is(&own));
    let other = |change: fn(&mut Transaction)| {
        let mut other = own.clone();
        change(&mut other);
        !intent.is(&other)
    };
    assert!(other(|other| other.amount += 1));
    assert!(other(|other| other.recipient = String::new()));
    assert!(other(|other| other.attachment = String::new()));
    assert!(other(|other| other.proofs.clear()));
    // A clock that was set meanwhile hides no payment; one from long before is no answer to this request.
    assert!(!other(|other| other.timestamp -= 60_000_000_000));
    assert!(other(|other| other.timestamp -= 16 * 60_000_000_000));
    // Newest first, as a node lists them: the oldest that no other payment of the order has.
    let (first, mut second) = (transaction(&intent, 1), transaction(&intent, 2));
    second.timestamp += 1;
    let id = |transaction: &Transaction| transaction.id.parse::<TransactionId>().expect("an id");
    let listed = [second.clone(), first.clone()];
    assert_eq!(intent.find(&listed, &[]), Some(id(&first)));
    assert_eq!(intent.find(&listed, &[id(&first)]), Some(id(&second)));
    assert_eq!(intent.find(&listed, &[id(&first), id(&second)]), None);
}

#[test]
fn a_payment_in_a_token_is_told_by_its_contract_and_what_the_contract_was_told() {
    let token = Currency {
        symbol_name: "TOKEN".to_owned(),
        contract_id: CONTRACT.to_owned(),
        unit: 1000,
        exchange_rate: "1".parse().expect("a number"),
    };
    let intent = intent_in(&token);
    let contract: ContractId = CONTRACT.parse().expect("a contract");
    let sent = |recipient: &Account, units: u64| {
        let note = Attachment::new(intent.attachment.as_str()).expect("short");
        let time = u64::try_from(NOW).expect("positive") * 1_000_000_000;
        let send = TokenSend::new(contract, *recipient.address(), units, note, time);
        // As it is sent to a node, and as the node tells of it.
        let signed = serde_json::to_value(send.sign(account(0).private_key(), &[7; 64])).expect("JSON");
        let told: Transaction = serde_json::from_value(signed).expect("a transaction");
        let id = TransactionId::of(&units.to_be_bytes()).to_string();
        let proofs = transaction(&intent, 1).proofs;
        Transaction { id, proofs, ..told }
    };
    assert!(intent.is(&sent(&account(1), intent.units)));
    // A token that can be split has its function that sends at another place.
    let at = |function: u16| Transaction {
        function_index: Some(function),
        ..sent(&account(1), intent.units)
    };
    assert!(intent.is(&at(4)) && !intent.is(&at(5)));
    assert!(!intent.is(&sent(&account(1), intent.units + 1)));
    assert!(!intent.is(&sent(&account(2), intent.units)));
    assert!(!intent.is(&transaction(&intent, 1)), "the native coin");
}

#[test]
fn a_lost_answer_is_looked_for_and_another_payment_needs_a_decision() {
    let asked = intent();
    let records = |intent: &Intent| vec![Record::Asked(intent.clone())];
    assert_eq!(next_payment(&records(&asked), None), Err(Obstacle::UnderWay));
    let (lost, todo) = asked.step(Heard::Resumed, NOW + 10);
    assert_eq!((lost.stage, todo), (Stage::Lost, vec![Todo::Write, Todo::Search]));
    assert_eq!(lost.looked_for_until(), NOW + 190);
    let (still, todo) = lost.step(Heard::Searched(None), NOW + 189);
    assert_eq!((still.stage, todo), (Stage::Lost, vec![Todo::Wait(3)]));
    assert_eq!(next_payment(&records(&still), None), Err(Obstacle::UnderWay));
    let (unknown, _) = still.step(Heard::NotSearched("no answer".to_owned()), NOW + 1000);
    assert_eq!(unknown.stage, Stage::Lost, "no answer is no absence");
    assert!(unknown.not_searched);
    let (missing, todo) = unknown.step(Heard::Searched(None), NOW + 1001);
    assert_eq!((missing.stage, todo), (Stage::Missing, vec![Todo::Write]));
    assert_eq!(next_payment(&records(&missing), None), Err(Obstacle::PaidBefore));
    assert!(missing.stage.is_uncertain() && !missing.not_searched);
    // A look that fails is said, and is nothing that is known.
    let (unseen, todo) = missing.step(Heard::NotSearched("no answer".to_owned()), NOW + 1002);
    assert_eq!(
        (unseen.stage, unseen.heard.as_str(), todo),
        (Stage::Missing, "no answer", Vec::new())
    );
    assert!(unseen.not_searched);
    assert!(!unseen.step(Heard::Searched(None), NOW + 1003).0.not_searched);
    let consent = Consent::after(&[Record::Asked(missing.clone())]);
    assert_eq!(next_payment(&records(&missing), Some(&consent)), Ok(1));
    // It came late after all: the decision was about something else.
    let (found, todo) = missing.step(Heard::Searched(Some(TransactionId::of(b"a"))), NOW + 2000);
    assert_eq!((found.stage, todo), (Stage::Named, vec![Todo::Write, Todo::LookUp]));
    assert_eq!(next_payment(&records(&found), Some(&consent)), Err(Obstacle::UnderWay));
    let in_chain = Look::InChain {
        carried_out: true,
        height: 7,
    };
    let (paid, _) = found.step(Heard::LookedUp(in_chain), NOW + 2001);
    assert_eq!(paid.stage, Stage::Confirmed);
    assert_eq!(next_payment(&records(&paid), Some(&consent)), Err(Obstacle::Changed));
}

#[test]
fn only_a_certain_no_ends_it_at_once() {
    let asked = intent();
    let (declined, todo) = asked.step(Heard::Declined("User denied the action".to_owned()), NOW + 1);
    assert_eq!((declined.stage, todo), (Stage::Declined, vec![Todo::Write]));
    assert!(!declined.stage.is_open());
    // Whatever it said: the chain is looked at before the order is paid again, and believed.
    assert!(declined.stage.may_be_late());
    let (found, todo) = declined.step(Heard::Searched(Some(TransactionId::of(b"a"))), NOW + 60);
    assert_eq!((found.stage, todo), (Stage::Named, vec![Todo::Write, Todo::LookUp]));
    let records = [Record::Asked(declined)];
    assert_eq!(next_payment(&records, Some(&Consent::after(&records))), Ok(1));
    let (lost, _) = asked.step(Heard::Lost("Failed to send VSYS".to_owned()), NOW + 1);
    assert_eq!((lost.stage, lost.heard.as_str()), (Stage::Lost, "Failed to send VSYS"));
}

#[test]
fn a_decision_is_about_every_payment_before() {
    let (lost, _) = intent().step(Heard::Unanswered, NOW + 240);
    let (missing, _) = lost.step(Heard::Searched(None), NOW + 300);
    let (mut declined, _) = intent().step(Heard::Declined(String::new()), NOW + 301);
    declined.attempt = 1;
    let seen = [Record::Asked(declined.clone()), Record::Asked(missing.clone())];
    let consent = Consent::after(&seen);
    assert_eq!(next_payment(&seen, Some(&consent)), Ok(2));
    // The first one turns up and is carried out while the decision is made about the second.
    let mut paid = missing;
    paid.stage = Stage::Confirmed;
    let now = [Record::Asked(paid), Record::Asked(declined)];
    assert_eq!(next_payment(&now, Some(&consent)), Err(Obstacle::Changed));
    assert_eq!(next_payment(&now, Some(&Consent::after(&now))), Ok(2));
}

#[test]
fn a_dialog_that_was_left_open_is_looked_for_as_long_as_a_payment_may_be_on_its_way() {
    let (lost, todo) = intent().step(Heard::Unanswered, NOW + 240);
    assert_eq!((lost.stage, todo), (Stage::Lost, vec![Todo::Write, Todo::Search]));
    assert_eq!(lost.looked_for_until(), NOW + 260);
    assert_eq!(lost.step(Heard::Searched(None), NOW + 259).0.stage, Stage::Lost);
    assert_eq!(lost.step(Heard::Searched(None), NOW + 260).0.stage, Stage::Missing);
    // Another page took it up before the answer came: the answer counts all the same.
    let (taken_up, _) = intent().step(Heard::Resumed, NOW + 1);
    assert_eq!(
        taken_up.step(Heard::Declined(String::new()), NOW + 2).0.stage,
        Stage::Declined
    );
    let id = TransactionId::of(b"a");
    assert_eq!(taken_up.step(Heard::Named(id), NOW + 2).0.stage, Stage::Named);
}

#[test]
fn a_transaction_that_is_named_and_is_another_payment_is_kept_and_shown_and_paid_for_nothing() {
    let id = TransactionId::of(b"a");
    let (named, _) = intent().step(Heard::Named(id), NOW + 1);
    let own = transaction(&named, 1);
    let differs = |change: fn(&mut Transaction)| {
        let mut other = own.clone();
        change(&mut other);
        named.difference_of(&other, &[])
    };
    assert_eq!(differs(|_| ()), None);
    assert_eq!(differs(|other| other.amount -= 1), Some(Difference::Payment));
    assert_eq!(
        differs(|other| other.attachment = String::new()),
        Some(Difference::Note)
    );
    assert_eq!(differs(|other| other.proofs.clear()), Some(Difference::Sender));
    assert_eq!(differs(|other| other.timestamp = 0), Some(Difference::Earlier));
    let claimed = [own.id.parse::<TransactionId>().expect("an id")];
    assert_eq!(named.difference_of(&own, &claimed), Some(Difference::Earlier));

    let (different, todo) = named.step(Heard::Differs(Difference::Payment), NOW + 2);
    assert_eq!((different.stage, todo), (Stage::Different, vec![Todo::Write]));
    assert_eq!(different.transaction_id, Some(id));
    // It is nobody's payment, so that whoever it is of can find it.
    assert_eq!(Record::Asked(different.clone()).own_transaction(), None);
    assert!(different.stage.is_uncertain() && different.stage.may_be_late());
    let records = [Record::Asked(different.clone())];
    assert_eq!(next_payment(&records, None), Err(Obstacle::PaidBefore));
    assert_eq!(next_payment(&records, Some(&Consent::after(&records))), Ok(1));
    let text = different.to_json();
    assert_eq!(Record::parse(&text), Ok(Record::Asked(different.clone())));
    // What it was asked for turns up beside it.
    let (found, _) = different.step(Heard::Searched(Some(TransactionId::of(b"b"))), NOW + 60);
    assert_eq!((found.stage, found.difference), (Stage::Named, None));

    // What it named and the chain never took is over with its time, unless the payment has another id.
    let late = NOW + WINDOW + CLOCK_TOLERANCE + 2;
    let (still, _) = named.step(Heard::LookedUp(Look::Absent), NOW + 60);
    assert_eq!(still.stage, Stage::Named);
    let (expired, _) = named.step(Heard::LookedUp(Look::Absent), late);
    assert_eq!((expired.stage, expired.stage.may_be_late()), (Stage::Expired, true));
    let (found, _) = expired.step(Heard::Searched(Some(TransactionId::of(b"b"))), late + 1);
    assert_eq!(found.stage, Stage::Named);
}

#[test]
fn it_is_read_as_it_was_written() {
    let asked = intent();
    assert_eq!(Record::parse(&asked.to_json()), Ok(Record::Asked(asked.clone())));
    assert_eq!(asked.key().to_string(), "testnet/63a0/0");
    assert!(Record::parse(&asked.to_json().replace("\"intent\":1", "\"intent\":2")).is_err());
}
