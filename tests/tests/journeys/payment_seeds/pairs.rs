//! What is disturbed, and how: every step of a payment with every disturbance. The number of a seed says which of these pairs it
//! meets, so that as many seeds in a row as there are pairs meet all of them.

use std::fmt;

/// A step of a payment, from the order on the screen to the order on file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The order's page is there.
    Shown,
    /// What it is paid in is chosen.
    Chosen,
    /// The last look before the payment is open.
    Reviewed,
    /// It is confirmed and nothing is signed: order, rate and balance are being asked for once more.
    Confirmed,
    /// It is signed and in the journal, and nothing has left the page.
    Written,
    /// It is on its way to the node.
    OnItsWay,
    /// The node has it, and its answer was lost.
    AnswerLost,
    /// The node has answered, and nobody has seen it in the chain.
    Answered,
    /// The node has it, and it waits for a block.
    Waiting,
    /// The order is on file.
    Filed,
}

impl Step {
    pub const ALL: [Step; 10] = [
        Step::Shown,
        Step::Chosen,
        Step::Reviewed,
        Step::Confirmed,
        Step::Written,
        Step::OnItsWay,
        Step::AnswerLost,
        Step::Answered,
        Step::Waiting,
        Step::Filed,
    ];

    /// Whether nothing has been confirmed yet.
    pub fn is_open(self) -> bool {
        matches!(self, Step::Shown | Step::Chosen | Step::Reviewed)
    }

    /// Whether nothing can have been paid yet.
    pub fn is_unpaid(self) -> bool {
        self.is_open() || matches!(self, Step::Confirmed | Step::Written | Step::OnItsWay)
    }
}

/// What happens to the page at a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Disturbance {
    /// It is gone, and somebody comes back.
    Kill,
    /// It has no network for a while.
    Cut,
    /// What was clicked is clicked more often.
    Doubled,
    /// Another tab pays the same order.
    SecondTab,
}

impl Disturbance {
    pub const ALL: [Disturbance; 4] = [
        Disturbance::Kill,
        Disturbance::Cut,
        Disturbance::Doubled,
        Disturbance::SecondTab,
    ];
}

/// So many seeds meet every pair.
pub const ROUND: u64 = (Step::ALL.len() * Disturbance::ALL.len()) as u64;

/// A disturbance at a step.
#[derive(Clone, Copy, Debug)]
pub struct Pair {
    pub step: Step,
    pub disturbance: Disturbance,
}

impl Pair {
    /// The pair that a seed meets. Every ten seeds meet every step, and the disturbances take turns at each of them.
    pub fn of_seed(seed: u64) -> Pair {
        let (step, turn) = (index(seed, Step::ALL.len()), seed / Step::ALL.len() as u64);
        let disturbance = index(seed.wrapping_add(turn), Disturbance::ALL.len());
        Pair {
            step: Step::ALL[step],
            disturbance: Disturbance::ALL[disturbance],
        }
    }
}

fn index(number: u64, length: usize) -> usize {
    usize::try_from(number % length as u64).expect("small")
}

/// How often each pair was met.
#[derive(Default)]
pub struct Coverage([[u32; Disturbance::ALL.len()]; Step::ALL.len()]);

impl Coverage {
    pub fn met(&mut self, pair: Pair) {
        self.0[pair.step as usize][pair.disturbance as usize] += 1;
    }

    /// The pairs that were never met.
    pub fn missing(&self) -> Vec<Pair> {
        let pairs = (0..ROUND).map(Pair::of_seed);
        pairs
            .filter(|pair| self.0[pair.step as usize][pair.disturbance as usize] == 0)
            .collect()
    }
}

impl fmt::Display for Coverage {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{:<12}", "")?;
        for disturbance in Disturbance::ALL {
            write!(out, "{:>11}", format!("{disturbance:?}"))?;
        }
        for (step, counts) in Step::ALL.iter().zip(self.0) {
            write!(out, "\n{:<12}", format!("{step:?}"))?;
            for count in counts {
                write!(out, "{count:>11}")?;
            }
        }
        Ok(())
    }
}

#[test]
fn a_round_of_seeds_meets_every_pair_wherever_it_begins() {
    for first in [0, 1, 7, 39, 1000] {
        let mut coverage = Coverage::default();
        for seed in first..first + ROUND {
            coverage.met(Pair::of_seed(seed));
        }
        assert!(coverage.missing().is_empty(), "from {first}:\n{coverage}");
    }
    let mut part = Coverage::default();
    (1..ROUND).for_each(|seed| part.met(Pair::of_seed(seed)));
    assert_eq!(part.missing().len(), 1);
}
