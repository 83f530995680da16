//! Whatever happens in whatever order – crashes, second tabs, lost answers, nodes that mislead – an order is paid once for each
//! time somebody decided to, what is called final is true, and nothing is lost.

use std::collections::{BTreeMap, BTreeSet};

use payments::{
    CLOCK_TOLERANCE, Consent, Effect, Entry, Event, Funds, Key, Look, OrderLook, Phase, Plan, Reason, Record, Refusal,
    Sent, WINDOW, next_payment,
};
use proptest::prelude::*;
use vcloud_api::types::{Currency, Order, OrderStatus};
use vsys::{Account, Address, Network, SeedPhrase, TransactionId};

const START: i64 = 1_700_000_000;

/// How a request to the node ends.
#[derive(Clone, Copy, Debug)]
enum Way {
    /// It arrives and so does the answer.
    Well,
    /// It never arrives.
    NeverArrives,
    /// It is carried out, and the answer is lost.
    AnswerLost,
    /// Something between answers with a page of its own.
    Page,
    /// The page is closed while the request is under way; it is carried out.
    CrashDuring,
}

#[derive(Clone, Debug)]
enum Action {
    /// Somebody reviews and confirms: a plan is signed. With a decision, if one is needed.
    Confirm { tab: usize, decide: bool },
    /// What was signed is added to the journal.
    Add { tab: usize },
    /// The tab carries out its next effect.
    Go { tab: usize, way: Way },
    /// Somebody has the same sent again instead of waiting.
    Again { tab: usize },
    /// The tab is killed: all it had in memory is gone.
    Kill { tab: usize },
    /// The tab starts (again) and goes on with what it finds.
    Open { tab: usize },
    /// Time passes; blocks are made.
    Wait { seconds: i64 },
    /// The account runs dry, or is filled.
    Balance { enough: bool },
}

/// What a tab has in memory.
#[derive(Default)]
struct Tab {
    signed: Option<Entry>,
    driven: Option<(Entry, Vec<Effect>)>,
    resume_at: i64,
}

struct World {
    now: i64,
    clicks: u64,
    account: Account,
    order: Order,
    currency: Currency,
    journal: BTreeMap<String, String>,
    ledger: BTreeSet<TransactionId>,
    waiting: Vec<(TransactionId, i64)>,
    enough: bool,
    tabs: [Tab; 2],
    decisions_after_paid: usize,
    received: BTreeSet<TransactionId>,
}

impl World {
    fn new() -> World {
        let account = Account::derive(
            &SeedPhrase::new("a phrase of tests").expect("a phrase"),
            0,
            Network::Testnet,
        );
        let provider = Account::derive(&SeedPhrase::new("another").expect("a phrase"), 0, Network::Testnet);
        let order: Order = serde_json::from_value(serde_json::json!({
            "id": "63a0", "recipient": provider.address().to_string(), "address": account.address().to_string(),
            "amount": "12.345", "amountPaid": 0, "status": "OrderPending",
        }))
        .expect("an order");
        World {
            now: START,
            clicks: 0,
            account,
            order,
            currency: vsys(),
            journal: BTreeMap::new(),
            ledger: BTreeSet::new(),
            waiting: Vec::new(),
            enough: true,
            tabs: [Tab::default(), Tab::default()],
            decisions_after_paid: 0,
            received: BTreeSet::new(),
        }
    }

    fn entries(&self) -> Vec<Entry> {
        let read = |text: &String| Entry::parse(text).expect("the journal is readable");
        self.journal.values().map(read).collect()
    }

    fn write(&mut self, entry: &Entry) -> bool {
        let stored = self.journal.get_mut(&entry.key().to_string()).expect("added before");
        let before = Entry::parse(stored).expect("readable").revision;
        if before + 1 != entry.revision {
            return false;
        }
        *stored = entry.to_json();
        true
    }

    fn act(&mut self, action: &Action) {
        match *action {
            Action::Confirm { tab, decide } => self.confirm(tab, decide),
            Action::Add { tab } => self.add(tab),
            Action::Go { tab, way } => self.go(tab, way),
            Action::Again { tab } => self.again(tab),
            Action::Kill { tab } => self.tabs[tab] = Tab::default(),
            Action::Open { tab } => self.open(tab),
            Action::Wait { seconds } => self.pass(seconds),
            Action::Balance { enough } => self.enough = enough,
        }
    }

    fn pass(&mut self, seconds: i64) {
        self.now += seconds;
        let now = self.now;
        let mined: Vec<TransactionId> = self
            .waiting
            .extract_if(.., |(_, at)| *at <= now)
            .map(|(id, _)| id)
            .collect();
        self.ledger.extend(mined);
    }

    fn confirm(&mut self, tab: usize, decide: bool) {
        let records: Vec<Record> = self.entries().into_iter().map(Record::Signed).collect();
        let consent = (decide && !records.is_empty()).then(|| Consent::after(&records));
        let Ok(attempt) = next_payment(&records, consent.as_ref()) else {
            return;
        };
        let Ok(plan) = Plan::new(&self.order, &self.currency, &self.account, payments::Amount::Due) else {
            return;
        };
        // Two clicks of one moment sign two different transactions.
        self.clicks += 1;
        let time = u64::try_from(self.now).expect("after 1970") * 1_000_000_000 + self.clicks;
        self.tabs[tab].signed = Some(plan.sign_with(&self.account, attempt, time, &[7; 64]));
    }

    fn add(&mut self, tab: usize) {
        let Some(entry) = self.tabs[tab].signed.take() else {
            return;
        };
        let key = entry.key().to_string();
        if self.journal.contains_key(&key) {
            // Another tab, or another click, was first: what was signed here is forgotten.
            return self.drive(tab, &key, Event::Resumed);
        }
        if entry.attempt() > 0 {
            let before = Key::Order {
                network: entry.network,
                order_id: self.order.id.clone(),
                attempt: entry.attempt() - 1,
            };
            let before = Entry::parse(&self.journal[&before.to_string()]).expect("readable");
            self.decisions_after_paid += usize::from(before.progress.phase == Phase::Confirmed);
        }
        self.journal.insert(key.clone(), entry.to_json());
        self.drive(tab, &key, Event::Added);
    }

    fn open(&mut self, tab: usize) {
        let unfinished = self
            .entries()
            .into_iter()
            .find(|entry| !entry.progress.phase.is_final());
        if let Some(entry) = unfinished {
            self.drive(tab, &entry.key().to_string(), Event::Resumed);
        }
    }

    /// Goes on with what the journal has.
    fn drive(&mut self, tab: usize, key: &str, event: Event) {
        let entry = Entry::parse(&self.journal[key]).expect("readable");
        self.happen(tab, entry, event);
    }

    fn happen(&mut self, tab: usize, entry: Entry, event: Event) {
        let (next, effects) = entry.step(event, self.now);
        self.tabs[tab].driven = Some((next, effects));
    }

    fn go(&mut self, tab: usize, way: Way) {
        let Some((entry, mut effects)) = self.tabs[tab].driven.take() else {
            return;
        };
        if effects.is_empty() {
            return;
        }
        match effects.remove(0) {
            Effect::Write => {
                if self.write(&entry) {
                    self.tabs[tab].driven = Some((entry, effects));
                } else {
                    self.drive(tab, &entry.key().to_string(), Event::Resumed);
                }
            }
            Effect::Broadcast => {
                let sent = self.broadcast(&entry, way);
                self.answered(tab, entry, way, Event::Broadcast(sent));
            }
            Effect::LookUp => {
                let look = self.look_up(&entry, way);
                self.answered(tab, entry, way, Event::LookedUp(look));
            }
            Effect::AskOrder => {
                let due = if self.ledger.is_empty() {
                    OrderLook::Due
                } else {
                    OrderLook::NotDue
                };
                let look = if matches!(way, Way::Well) {
                    due
                } else {
                    OrderLook::Unclear
                };
                self.answered(tab, entry, way, Event::Order(look));
            }
            Effect::Wait(seconds) => {
                let tab_state = &mut self.tabs[tab];
                if tab_state.resume_at == 0 {
                    tab_state.resume_at = self.now + seconds;
                }
                if self.now < tab_state.resume_at {
                    tab_state.driven = Some((entry, vec![Effect::Wait(seconds)]));
                    return;
                }
                tab_state.resume_at = 0;
                self.happen(tab, entry, Event::Resumed);
            }
        }
    }

    fn again(&mut self, tab: usize) {
        let waits = |driven: &mut (Entry, Vec<Effect>)| matches!(driven.1.first(), Some(Effect::Wait(_)));
        if let Some((entry, _)) = self.tabs[tab].driven.take_if(waits) {
            self.tabs[tab].resume_at = 0;
            self.happen(tab, entry, Event::SendAgain);
        }
    }

    fn answered(&mut self, tab: usize, entry: Entry, way: Way, event: Event) {
        if matches!(way, Way::CrashDuring) {
            self.tabs[tab] = Tab::default();
        } else {
            self.happen(tab, entry, event);
        }
    }

    fn broadcast(&mut self, entry: &Entry, way: Way) -> Sent {
        let stored = Entry::parse(&self.journal[&entry.key().to_string()]).expect("readable");
        assert_eq!(stored.body, entry.body, "only what is in the journal is sent");
        assert!(stored.progress.sends > 0, "written before it is sent");
        if matches!(way, Way::NeverArrives) {
            return Sent::Unclear("no answer".to_owned());
        }
        let id = entry.transaction_id;
        self.received.insert(id);
        let too_old = self.now >= entry.made_at() + WINDOW;
        let there = self.ledger.contains(&id) || self.waiting.iter().any(|(waiting, _)| *waiting == id);
        let refused = |message: &str| {
            Sent::Refused(Refusal {
                reason: Reason::Other,
                code: 112,
                message: message.to_owned(),
            })
        };
        let answer = if there {
            // Some nodes say so, others find the balance spent by the very same transaction.
            if self.enough {
                Sent::Duplicate
            } else {
                refused("insufficient balance")
            }
        } else if too_old {
            refused("timestamp")
        } else if !self.enough {
            refused("insufficient balance")
        } else {
            self.waiting.push((id, self.now + 10));
            Sent::Taken
        };
        match way {
            Way::Well | Way::CrashDuring => answer,
            Way::AnswerLost | Way::NeverArrives => Sent::Unclear("no answer".to_owned()),
            Way::Page => Sent::Unclear("a page".to_owned()),
        }
    }

    fn look_up(&self, entry: &Entry, way: Way) -> Look {
        if !matches!(way, Way::Well) {
            return Look::Unclear("no answer".to_owned());
        }
        if self.ledger.contains(&entry.transaction_id) {
            Look::InChain {
                carried_out: true,
                height: 1,
            }
        } else {
            // This node shows only what is in a block.
            Look::Absent
        }
    }

    fn check(&self) {
        let entries = self.entries();
        assert!(
            self.ledger.len() <= 1 + self.decisions_after_paid,
            "{} payments for {} decisions",
            self.ledger.len(),
            1 + self.decisions_after_paid
        );
        for id in &self.received {
            assert!(entries.iter().any(|entry| entry.transaction_id == *id), "{id} is lost");
        }
        for entry in &entries {
            let paid = self.ledger.contains(&entry.transaction_id);
            let phase = entry.progress.phase;
            assert!(phase != Phase::Confirmed || paid, "{phase:?} although it is not paid");
            assert!(!phase.pays_nothing() || !paid, "{phase:?} although it is paid");
        }
    }

    /// The node is well, nobody clicks any more: everything has to come to its end.
    fn calm(&mut self) {
        for round in 0..400 {
            self.check();
            if self.entries().iter().all(|entry| entry.progress.phase.is_final()) {
                self.pass(WINDOW + CLOCK_TOLERANCE);
                return self.check();
            }
            if self.tabs[0]
                .driven
                .as_ref()
                .is_none_or(|(_, effects)| effects.is_empty())
            {
                self.open(0);
            }
            for _ in 0..4 {
                self.go(0, Way::Well);
            }
            // Patience in the end: a refused one that may have been taken waits for its time to pass.
            self.pass(if round < 200 { 5 } else { 120 });
        }
        panic!("a payment never ended: {:?}", self.entries());
    }
}

fn vsys() -> Currency {
    serde_json::from_value(serde_json::json!({
        "symbolName": "VSYS", "contractId": "vsys", "unit": 100_000_000, "exchangeRate": "40.5",
    }))
    .expect("a currency")
}

fn tab() -> impl Strategy<Value = usize> {
    prop_oneof![3 => Just(0_usize), 1 => Just(1_usize)]
}

fn way() -> impl Strategy<Value = Way> {
    prop_oneof![
        6 => Just(Way::Well),
        1 => Just(Way::NeverArrives),
        2 => Just(Way::AnswerLost),
        1 => Just(Way::Page),
        1 => Just(Way::CrashDuring),
    ]
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        3 => (tab(), any::<bool>()).prop_map(|(tab, decide)| Action::Confirm { tab, decide }),
        3 => tab().prop_map(|tab| Action::Add { tab }),
        12 => (tab(), way()).prop_map(|(tab, way)| Action::Go { tab, way }),
        2 => tab().prop_map(|tab| Action::Again { tab }),
        1 => tab().prop_map(|tab| Action::Kill { tab }),
        2 => tab().prop_map(|tab| Action::Open { tab }),
        3 => (0_i64..40).prop_map(|seconds| Action::Wait { seconds }),
        1 => prop_oneof![Just(WINDOW / 2), Just(WINDOW), Just(CLOCK_TOLERANCE)].prop_map(|seconds| Action::Wait { seconds }),
        1 => any::<bool>().prop_map(|enough| Action::Balance { enough }),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn an_order_is_paid_once_for_each_decision(actions in proptest::collection::vec(action(), 1..90)) {
        let mut world = World::new();
        for action in &actions {
            world.act(action);
            world.check();
        }
        world.enough = true;
        world.calm();
    }

    #[test]
    fn amounts_are_exact(cents in 1_u64..100_000_000, rate in 1_u64..10_000_000, native in any::<u64>(), token in any::<u64>()) {
        let world = World::new();
        let order = Order { amount: rust_decimal::Decimal::new(i64::try_from(cents).expect("small"), 4), ..world.order };
        let token_contract = "CC5aP2nYNFJiGsuKKM3Ff47cu26x5zBvnqk".parse::<vsys::ContractId>().expect("a contract");
        for contract in ["vsys", "token"] {
            let currency = Currency {
                contract_id: if contract == "vsys" { "vsys".to_owned() } else { token_contract.to_string() },
                unit: 1_000_000,
                exchange_rate: rust_decimal::Decimal::new(i64::try_from(rate).expect("small"), 5),
                ..vsys()
            };
            let Ok(plan) = Plan::new(&order, &currency, &world.account, payments::Amount::Due) else {
                // The token is one of the main network.
                prop_assert_eq!(contract, "token");
                continue;
            };
            // cents / 10^4 × rate / 10^5 × 10^6, rounded up.
            let exact = u128::from(cents) * u128::from(rate);
            prop_assert_eq!(u128::from(plan.units), exact.div_ceil(1_000));
            let needed = u128::from(plan.units) + u128::from(plan.fee);
            match plan.left(Funds { native, token }) {
                Ok(left) => prop_assert_eq!(u128::from(left.native) + needed, u128::from(native)),
                Err(_) => prop_assert!(needed > u128::from(native)),
            }
        }
    }
}

#[test]
fn the_journal_keeps_everything_but_keys_and_knows_what_was_altered() {
    let world = World::new();
    let plan = Plan::new(&world.order, &world.currency, &world.account, payments::Amount::Due).expect("a plan");
    let entry = plan.sign_with(&world.account, 0, 1_700_000_000_123_456_789, &[3; 64]);
    assert_eq!(entry.units, 49_997_250_000, "12.345 × 40.5 × 10^8");
    let text = entry.to_json();
    assert_eq!(Entry::parse(&text).as_ref(), Ok(&entry));
    assert!(text.contains("\"due\":12.345"), "{text}");
    let words = ["seed", "private", "phrase of tests"];
    assert!(words.iter().all(|word| !text.contains(word)), "{text}");
    for altered in [
        text.replace("\"units\":49997250000", "\"units\":49997250001"),
        text.replace("49997250000", "49997250001"),
        text.replace("63a0", "63a1"),
        text.replace("\"network\":\"testnet\"", "\"network\":\"mainnet\""),
    ] {
        assert!(altered != text && Entry::parse(&altered).is_err(), "{altered}");
    }
    let newer = text.replace("\"version\":2", "\"version\":3");
    assert_eq!(Entry::parse(&newer), Err(payments::EntryError::Version(3)));
    // As it was written when every entry was for an order.
    let older = text.replace(
        "\"purpose\":{\"order\":{\"orderId\":\"63a0\",\"attempt\":0,\"due\":12.345}}",
        "\"orderId\":\"63a0\",\"attempt\":0,\"due\":12.345",
    );
    let older = older.replace("\"version\":2", "\"version\":1");
    assert!(!older.contains("purpose"), "{older}");
    assert_eq!(Entry::parse(&older).as_ref(), Ok(&entry));
}

#[test]
fn an_order_is_paid_by_its_own_account_only_while_it_is_due() {
    use payments::{Amount, PlanError};
    let world = World::new();
    let plan = |order: &Order, currency: &Currency| Plan::new(order, currency, &world.account, Amount::Due);
    let with = |change: &dyn Fn(&mut Order)| {
        let mut order = world.order.clone();
        change(&mut order);
        plan(&order, &world.currency)
    };
    assert!(with(&|_| {}).is_ok());
    assert_eq!(
        with(&|order| order.status = OrderStatus::Paid),
        Err(PlanError::NotPending)
    );
    assert_eq!(
        with(&|order| order.amount_paid = order.amount),
        Err(PlanError::NothingDue)
    );
    assert_eq!(with(&|order| order.address.clear()), Err(PlanError::Foreign));
    assert!(matches!(
        with(&|order| order.recipient.clear()),
        Err(PlanError::Recipient(_))
    ));
    let main = Address::of(world.account.public_key(), Network::Mainnet).to_string();
    assert!(matches!(
        with(&|order| order.recipient.clone_from(&main)),
        Err(PlanError::Recipient(_))
    ));
    assert!(matches!(
        with(&|order| order.id = "x".repeat(120)),
        Err(PlanError::Attachment(_))
    ));
    let token = Currency {
        contract_id: "nonsense".to_owned(),
        ..vsys()
    };
    assert!(matches!(plan(&world.order, &token), Err(PlanError::Contract(_))));
}

#[test]
fn a_part_that_the_platform_divided_leaves_an_exact_rest() {
    // Platforms divide what arrived by the rate: what is due then has as many digits as a decimal holds.
    let world = World::new();
    let order = Order {
        amount_paid: rust_decimal::Decimal::ONE / rust_decimal::Decimal::from(7),
        ..world.order
    };
    let plan = Plan::new(&order, &world.currency, &world.account, payments::Amount::Due).expect("a plan");
    // (12.345 − 1/7) × 40.5 × 10^8 = 49418678571.4…
    assert_eq!(plan.units, 49_418_678_572);
    let high = Currency {
        exchange_rate: "1234.56789".parse().expect("a decimal"),
        ..world.currency
    };
    let plan = Plan::new(&order, &high, &world.account, payments::Amount::Due).expect("a plan");
    // (12.345 − 0.1428571428571428571428571429) × 123456789000, rounded up.
    assert_eq!(plan.units, 1_506_437_376_063);
}
