//! Chance that can be repeated: everything "random" in the simulation is a function of a seed and an index, so that a
//! restarted process continues with the same pods and the same logs.

/// Mixes two numbers to one that looks unrelated to both (the finaliser of SplitMix64).
pub(super) fn mix(seed: u64, index: u64) -> u64 {
    let mut value = seed.wrapping_add(index.wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

/// A number for a text, the same in every process (FNV-1a).
pub(super) fn hash_text(text: &str) -> u64 {
    text.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    })
}

/// A sequence of throws that depends on the seed only.
pub(super) struct Dice {
    seed: u64,
    thrown: u64,
}

impl Dice {
    /// The throws of `index` under `seed`.
    pub(super) fn new(seed: u64, index: u64) -> Self {
        Self {
            seed: mix(seed, index),
            thrown: 0,
        }
    }

    /// Any number.
    pub(super) fn number(&mut self) -> u64 {
        self.thrown += 1;
        mix(self.seed, self.thrown)
    }

    /// A number below `limit`, which must be above 0.
    pub(super) fn below(&mut self, limit: u64) -> u64 {
        self.number() % limit
    }

    /// A number of the range, its end excluded.
    pub(super) fn between(&mut self, start: u64, end: u64) -> u64 {
        start + self.below(end - start)
    }

    /// One of some choices.
    pub(super) fn pick<'a, T: ?Sized>(&mut self, choices: &[&'a T]) -> &'a T {
        choices[self.below(choices.len() as u64) as usize]
    }
}

/// A smooth curve between 0 and 1 over `position`, with a new direction at each whole number.
pub(super) fn smooth_noise(seed: u64, position: f64) -> f64 {
    let whole = position.floor();
    let part = position - whole;
    let at = |index: f64| mix(seed, index as u64) as f64 / u64::MAX as f64;
    let blend = part * part * (3.0 - 2.0 * part);
    at(whole) * (1.0 - blend) + at(whole + 1.0) * blend
}
