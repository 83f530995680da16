//! Sending coins: exact, once for each confirmation, and never long after somebody looked at it last.

use payments::{
    ALIKE, CLOCK_TOLERANCE, Decision, Effect, Entry, Event, Look, Obstacle, OrderLook, Phase, Sent, Shortage,
    TRANSFER_PATIENCE, Transfer, WINDOW, most, recipient,
};
use vsys::{Account, Attachment, IdentifierError, Network, SeedPhrase};

const MADE: i64 = 1_700_000_000;

fn account(index: u32) -> Account {
    let phrase = SeedPhrase::new("a phrase of tests").expect("a phrase");
    Account::derive(&phrase, index, Network::Testnet)
}

fn transfer(id: &str) -> Transfer {
    let note = Attachment::new("thanks; 谢谢").expect("short");
    Transfer::new(
        id.to_owned(),
        *account(0).address(),
        *account(1).address(),
        150_000_000,
        note,
    )
}

fn signed(id: &str) -> Entry {
    transfer(id).sign_with(&account(0), 1_700_000_000_000_000_000, &[5; 64])
}

#[test]
fn what_is_left_is_exact_and_nothing_is_sent_that_is_not_there() {
    let transfer = transfer("a");
    assert_eq!(transfer.left(160_000_000), Ok(0));
    assert_eq!(transfer.left(160_000_001), Ok(1));
    let short = Shortage::Native {
        needed: 160_000_000,
        available: 159_999_999,
    };
    assert_eq!(transfer.left(159_999_999), Err(short));
    let everything = Transfer {
        units: u64::MAX,
        ..transfer
    };
    assert!(everything.left(u64::MAX).is_err());
    assert_eq!(most(160_000_000), Some(150_000_000));
    assert_eq!(most(10_000_000), None);
    assert_eq!(most(0), None);
}

#[test]
fn a_recipient_is_of_this_network_and_free_of_mistakes() {
    let address = account(1).address().to_string();
    assert_eq!(
        recipient(&format!(" {address}\n"), Network::Testnet),
        Ok(*account(1).address())
    );
    assert!(matches!(
        recipient(&address, Network::Mainnet),
        Err(IdentifierError::WrongNetwork { .. })
    ));
    let last = if address.ends_with('x') { 'y' } else { 'x' };
    let mistyped = format!("{}{last}", &address[..address.len() - 1]);
    assert_eq!(recipient(&mistyped, Network::Testnet), Err(IdentifierError::Checksum));
    assert!(recipient(&address[1..], Network::Testnet).is_err());
    assert_eq!(recipient("", Network::Testnet), Err(IdentifierError::Length));
}

#[test]
fn its_entry_is_read_as_it_was_written_and_has_a_key_that_no_order_has() {
    let entry = signed("a");
    assert_eq!(Entry::parse(&entry.to_json()), Ok(entry.clone()));
    assert_eq!(entry.attachment, "thanks; 谢谢");
    assert_eq!(entry.key().to_string(), "transfer:testnet/a");
    assert_eq!((entry.order_id(), entry.symbol.as_str()), (None, "VSYS"));
    let altered = entry.to_json().replace("\"units\":150000000", "\"units\":150000001");
    assert!(Entry::parse(&altered).is_err());
}

#[test]
fn what_was_confirmed_and_never_sent_is_sent_soon_or_never() {
    let entry = signed("a");
    let look = |now| entry.look_at_transfer(now);
    assert_eq!(look(MADE + TRANSFER_PATIENCE), OrderLook::Due);
    assert_eq!(look(MADE + TRANSFER_PATIENCE + 1), OrderLook::NotDue);
    let (next, effects) = entry.step(Event::Resumed, MADE + 5);
    assert_eq!(effects, [Effect::AskOrder]);
    let (sent, effects) = next.step(Event::Order(look(MADE + 5)), MADE + 5);
    assert_eq!(effects, [Effect::Write, Effect::Broadcast]);
    assert_eq!(sent.progress.phase, Phase::Sending);
    let (left, _) = next.step(Event::Order(look(MADE + 1000)), MADE + 1000);
    assert_eq!(left.progress.phase, Phase::Withdrawn);
}

#[test]
fn what_may_have_been_sent_is_sent_again_as_it_is_until_its_time_has_passed() {
    let (entry, _) = signed("a").step(Event::Added, MADE);
    let (entry, effects) = entry.step(Event::Broadcast(Sent::Unclear("no answer".to_owned())), MADE + 1);
    assert_eq!(effects, [Effect::Write, Effect::LookUp]);
    let (entry, effects) = entry.step(Event::LookedUp(Look::Absent), MADE + 3000);
    assert_eq!(effects.last(), Some(&Effect::AskOrder));
    assert_eq!(entry.look_at_transfer(MADE + 3000), OrderLook::Due);
    let (again, effects) = entry.step(Event::Order(OrderLook::Due), MADE + 3000);
    assert_eq!(effects.last(), Some(&Effect::Broadcast));
    assert_eq!(
        (again.body.as_str(), again.transaction_id),
        (entry.body.as_str(), entry.transaction_id)
    );
    let (expired, _) = again.step(Event::LookedUp(Look::Absent), MADE + WINDOW + CLOCK_TOLERANCE);
    assert_eq!(expired.progress.phase, Phase::Expired);
    assert!(
        !transfer("b").is_like(&expired, MADE),
        "what paid nothing may be sent again"
    );
}

#[test]
fn the_same_once_more_is_a_decision_with_the_state_of_the_first_in_view() {
    let first = signed("a");
    let second = transfer("b");
    let entries = [first.clone()];
    assert_eq!(second.allow(&[], &[], MADE), Ok(()));
    assert_eq!(second.allow(&entries, &[], MADE), Err(Obstacle::UnderWay));
    assert_eq!(second.allow(&entries, &[Decision::after(&first)], MADE), Ok(()));
    assert_eq!(transfer("a").allow(&entries, &[], MADE), Ok(()), "it is itself");
    let from_another = Transfer {
        sender: *account(2).address(),
        ..transfer("b")
    };
    assert_eq!(from_another.allow(&entries, &[], MADE), Err(Obstacle::UnderWay));
    let other = Transfer {
        units: 1,
        ..transfer("b")
    };
    assert_eq!(other.allow(&entries, &[], MADE), Ok(()));

    // Meanwhile it has arrived: what was decided about it was decided about something else.
    let in_chain = Look::InChain {
        carried_out: true,
        height: 7,
    };
    let (arrived, _) = first.step(Event::LookedUp(in_chain), MADE + 5);
    let decided = [Decision::after(&first)];
    let entries = [arrived.clone()];
    assert_eq!(second.allow(&entries, &decided, MADE + 5), Err(Obstacle::Changed));
    assert_eq!(second.allow(&entries, &[], MADE + 5), Err(Obstacle::PaidBefore));
    assert_eq!(second.allow(&entries, &[Decision::after(&arrived)], MADE + 5), Ok(()));
    assert_eq!(second.allow(&entries, &[], MADE + ALIKE), Ok(()), "long ago");
}

#[test]
fn on_demand_the_same_body_is_sent_again_at_once() {
    let (entry, _) = signed("a").step(Event::Added, MADE);
    let (entry, _) = entry.step(Event::Broadcast(Sent::Taken), MADE + 1);
    let (entry, _) = entry.step(Event::LookedUp(Look::Absent), MADE + 2);
    let (entry, effects) = entry.step(Event::SendAgain, MADE + 3);
    assert_eq!(effects, [Effect::AskOrder]);
    let (again, effects) = entry.step(Event::Order(entry.look_at_transfer(MADE + 3)), MADE + 3);
    assert_eq!(effects, [Effect::Write, Effect::Broadcast]);
    assert_eq!((again.body.as_str(), again.progress.sends), (entry.body.as_str(), 2));
    let (_, effects) = entry.step(Event::SendAgain, MADE + WINDOW);
    assert_eq!(effects, [Effect::LookUp], "the chain takes it no more");
}
