use super::*;

const MADE: i64 = 1_000_000;

fn refusal() -> Refusal {
    Refusal {
        reason: Reason::Balance,
        code: 112,
        message: "insufficient balance".to_owned(),
    }
}

/// Applies events ten seconds apart and answers where that leads, with the last effects.
fn after(events: &[Event]) -> (Progress, Vec<Effect>) {
    let mut progress = Progress::new(MADE);
    let mut effects = Vec::new();
    for (index, event) in events.iter().enumerate() {
        let now = MADE + 10 * i64::try_from(index).expect("few events");
        (progress, effects) = progress.step(event.clone(), now, MADE);
    }
    (progress, effects)
}

fn in_chain(carried_out: bool) -> Event {
    Event::LookedUp(Look::InChain { carried_out, height: 5 })
}

#[test]
fn the_straight_way_is_written_before_it_is_sent() {
    let (progress, effects) = after(&[Event::Added]);
    assert_eq!((progress.phase, progress.sends), (Phase::Sending, 1));
    assert_eq!(effects, [Effect::Write, Effect::Broadcast]);
    let (progress, effects) = after(&[Event::Added, Event::Broadcast(Sent::Taken)]);
    assert_eq!(progress.phase, Phase::Taken);
    assert_eq!(effects, [Effect::Write, Effect::LookUp]);
    let (progress, effects) = after(&[Event::Added, Event::Broadcast(Sent::Taken), in_chain(true)]);
    assert_eq!((progress.phase, progress.height), (Phase::Confirmed, Some(5)));
    assert_eq!(effects, [Effect::Write]);
    let (progress, _) = after(&[Event::Added, Event::Broadcast(Sent::Taken), in_chain(false)]);
    assert_eq!(progress.phase, Phase::Failed);
}

#[test]
fn a_refusal_counts_after_a_look_and_only_where_nothing_was_lost_before() {
    let refused = Event::Broadcast(Sent::Refused(refusal()));
    let (progress, effects) = after(&[Event::Added, refused.clone()]);
    assert_eq!(progress.phase, Phase::Refused);
    assert_eq!(effects, [Effect::Write, Effect::LookUp]);
    let (progress, effects) = after(&[Event::Added, refused.clone(), Event::LookedUp(Look::Absent)]);
    assert_eq!(
        (progress.phase, effects.as_slice()),
        (Phase::Rejected, &[Effect::Write][..])
    );
    assert_eq!(progress.refusal, Some(refusal()));
    // The look has the last word: what the node refused was there already.
    assert_eq!(
        after(&[Event::Added, refused.clone(), in_chain(true)]).0.phase,
        Phase::Confirmed
    );

    let lost = Event::Broadcast(Sent::Unclear("no answer".to_owned()));
    let absent = Event::LookedUp(Look::Absent);
    let due = Event::Order(OrderLook::Due);
    let (progress, effects) = after(&[Event::Added, lost, absent.clone(), due, refused, absent]);
    assert_eq!((progress.phase, progress.sends), (Phase::Unknown, 2));
    assert!(!effects.contains(&Effect::Broadcast), "{effects:?}");
}

#[test]
fn what_is_unknown_is_looked_up_and_the_same_body_sent_again() {
    let lost = Event::Broadcast(Sent::Unclear("no answer".to_owned()));
    let (progress, effects) = after(&[Event::Added, lost.clone()]);
    assert_eq!(progress.phase, Phase::Unknown);
    assert_eq!(effects, [Effect::Write, Effect::LookUp]);
    let absent = Event::LookedUp(Look::Absent);
    let (_, effects) = after(&[Event::Added, lost.clone(), absent.clone()]);
    assert_eq!(effects.last(), Some(&Effect::AskOrder), "asked before it is sent again");
    let (progress, effects) = after(&[Event::Added, lost.clone(), absent.clone(), Event::Order(OrderLook::Due)]);
    assert_eq!((progress.phase, progress.sends), (Phase::Sending, 2));
    assert_eq!(effects, [Effect::Write, Effect::Broadcast]);
    let (progress, effects) = after(&[Event::Added, lost.clone(), absent, Event::Order(OrderLook::NotDue)]);
    assert_eq!(progress.phase, Phase::Unknown, "it may have been taken all the same");
    assert!(matches!(effects.last(), Some(Effect::Wait(_))));
    let unclear = Event::LookedUp(Look::Unclear("502".to_owned()));
    let (progress, effects) = after(&[Event::Added, lost, unclear]);
    assert_eq!((progress.phase, progress.heard.as_str()), (Phase::Unknown, "502"));
    assert!(matches!(effects.last(), Some(Effect::Wait(_))));
}

#[test]
fn a_page_closed_while_sending_leaves_something_to_look_up() {
    let (progress, effects) = after(&[Event::Added, Event::Resumed]);
    assert_eq!(progress.phase, Phase::Unknown);
    assert!(progress.may_be_taken);
    assert_eq!(effects, [Effect::Write, Effect::LookUp]);
}

#[test]
fn a_page_closed_before_sending_asks_the_order_first() {
    let (_, effects) = after(&[Event::Resumed]);
    assert_eq!(effects, [Effect::AskOrder]);
    let (progress, effects) = after(&[Event::Resumed, Event::Order(OrderLook::NotDue)]);
    assert_eq!(
        (progress.phase, effects.as_slice()),
        (Phase::Withdrawn, &[Effect::Write][..])
    );
    let (progress, effects) = after(&[Event::Resumed, Event::Order(OrderLook::Unclear)]);
    assert_eq!(
        (progress.phase, effects.as_slice()),
        (Phase::Journalled, &[Effect::Wait(1)][..])
    );
    let (progress, effects) = after(&[Event::Resumed, Event::Order(OrderLook::Due)]);
    assert_eq!(
        (progress.phase, effects.as_slice()),
        (Phase::Sending, &[Effect::Write, Effect::Broadcast][..])
    );
}

#[test]
fn only_time_and_a_look_end_what_is_unknown() {
    let lost = Event::Broadcast(Sent::Unclear(String::new()));
    let (unknown, _) = after(&[Event::Added, lost]);
    let end = MADE + WINDOW;
    let absent = Event::LookedUp(Look::Absent);
    // Within the window it is sent again; between its end and the tolerance it is only looked up.
    let (_, effects) = unknown.step(absent.clone(), end - 1, MADE);
    assert_eq!(effects, [Effect::AskOrder]);
    let (waiting, effects) = unknown.step(absent.clone(), end, MADE);
    assert_eq!(waiting.phase, Phase::Unknown);
    assert!(matches!(effects.as_slice(), [Effect::Wait(_)]));
    let (late, effects) = unknown.step(Event::Order(OrderLook::Due), end, MADE);
    assert_eq!(
        (late.sends, effects.as_slice()),
        (1, &[Effect::LookUp][..]),
        "too late to send"
    );
    let much_later = end + CLOCK_TOLERANCE;
    let (silent, _) = unknown.step(Event::LookedUp(Look::Unclear(String::new())), much_later, MADE);
    assert_eq!(silent.phase, Phase::Unknown, "silence proves nothing");
    let (expired, effects) = unknown.step(absent, much_later, MADE);
    assert_eq!(
        (expired.phase, effects.as_slice()),
        (Phase::Expired, &[Effect::Write][..])
    );
    // And the chain is believed even then.
    let (found, _) = expired.step(in_chain(true), much_later + 1, MADE);
    assert_eq!(found.phase, Phase::Confirmed);
}

#[test]
fn late_answers_to_a_finished_payment_change_nothing() {
    let (confirmed, _) = after(&[Event::Added, Event::Broadcast(Sent::Duplicate), in_chain(true)]);
    for event in [
        Event::Added,
        Event::Resumed,
        Event::Broadcast(Sent::Refused(refusal())),
        Event::Broadcast(Sent::Unclear(String::new())),
        Event::LookedUp(Look::Absent),
        Event::LookedUp(Look::Waiting),
        Event::Order(OrderLook::NotDue),
    ] {
        assert_eq!(
            confirmed.step(event.clone(), MADE + 99, MADE),
            (confirmed.clone(), vec![]),
            "{event:?}"
        );
    }
}

#[test]
fn pauses_grow_and_have_an_end() {
    let (mut progress, _) = after(&[Event::Added, Event::Broadcast(Sent::Taken)]);
    let mut pauses = Vec::new();
    for _ in 0..8 {
        let (next, effects) = progress.step(Event::LookedUp(Look::Waiting), MADE + 20, MADE);
        pauses.extend(effects);
        progress = next;
    }
    assert_eq!(pauses, [1, 2, 4, 8, 16, 30, 30, 30].map(Effect::Wait));
}
