//! Inputs made from other inputs, always the same ones: for the tests, which have no coverage to lead them.

/// What the formats are made of, and what readers trip over.
const TOKENS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "\"",
    "'",
    "\\",
    ":",
    ": ",
    ",",
    "\n",
    "\r\n",
    "\t",
    " ",
    "- ",
    "#",
    "&a",
    "*a",
    "<<: *a",
    "? ",
    "|\n",
    ">-\n",
    "---\n",
    "!!str ",
    "%",
    "@",
    "=",
    "${A:-",
    "$(",
    "`",
    "}}",
    "<<EOF\n",
    "-e A=",
    "\\\n",
    "{\"a\":",
    "[1,",
    "null",
    "true",
    "-0",
    "1e999",
    "99999999999999999999",
    "0.000000000000000000000000000001",
    "\\u0000",
    "\\ud800",
    "\u{1b}[",
    "\u{1b}]8;;",
    "\u{1b}[38;5;",
    "m",
    "\u{7}",
    "\0",
    "\u{feff}",
    "\u{202e}",
    "\u{200b}",
    "密",
    "é",
    "\u{10ffff}",
    "data:",
    "event:",
    "\n\n",
    ".",
    "..",
    "/",
    "//",
    "a.",
    "*",
    "!",
    "+\n",
    ".\n",
    "(a|b)*",
    "(((",
    "<script>",
    "服务",
];

/// The longest input that readers have to be quick with, in bytes.
pub const LONG: usize = 64 * 1024;

/// A sequence of numbers that look like chance (SplitMix64) and are the same at every run.
#[derive(Clone, Debug)]
pub struct Sequence(u64);

impl Sequence {
    /// The sequence of a name.
    #[must_use]
    pub fn of(name: &str) -> Self {
        let start = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        });
        Self(start)
    }

    /// The next number, below `end`; 0 where that is 0.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        let number = usize::try_from((mixed ^ (mixed >> 31)) >> 33).unwrap_or_default();
        number.checked_rem(end).unwrap_or_default()
    }

    fn token(&mut self) -> &'static [u8] {
        TOKENS[self.below(TOKENS.len())].as_bytes()
    }

    /// A place in an input, and one after it.
    fn range(&mut self, length: usize) -> (usize, usize) {
        let start = self.below(length + 1);
        (start, start + self.below((length - start).min(32) + 1))
    }
}

/// An input with one to four changes. `other` is one that a piece may be taken from.
#[must_use]
pub fn mutated(sequence: &mut Sequence, seed: &[u8], other: &[u8]) -> Vec<u8> {
    let mut input = seed.to_vec();
    for _ in 0..=sequence.below(4) {
        let (start, end) = sequence.range(input.len());
        match sequence.below(8) {
            0 => {
                if let Some(byte) = input.get_mut(start) {
                    *byte ^= 1 << sequence.below(8);
                }
            }
            1 => drop(input.drain(start..end)),
            2 => input.truncate(start),
            3 => {
                let piece = input[start..end].repeat(1 + sequence.below(64));
                drop(input.splice(start..start, piece));
            }
            4 => {
                let (from, to) = sequence.range(other.len());
                drop(input.splice(start..end, other[from..to].iter().copied()));
            }
            5 => {
                let piece = sequence.token().repeat(1 + sequence.below(200));
                drop(input.splice(start..start, piece));
            }
            _ => {
                let piece = sequence.token();
                drop(input.splice(start..end, piece.iter().copied()));
            }
        }
    }
    input
}

/// Inputs of [`LONG`] bytes: the seed over and over, and every token over and over, by itself and after the seed's beginning.
pub fn long<'a>(seed: &'a [u8], sequence: &'a mut Sequence) -> impl Iterator<Item = Vec<u8>> + 'a {
    let again = std::iter::once(filled(&[], seed));
    let tokens = TOKENS.iter().flat_map(move |token| {
        let beginning = &seed[..sequence.below(seed.len().min(LONG) + 1)];
        [filled(&[], token.as_bytes()), filled(beginning, token.as_bytes())]
    });
    again.chain(tokens)
}

fn filled(beginning: &[u8], piece: &[u8]) -> Vec<u8> {
    let rest = LONG.saturating_sub(beginning.len());
    beginning
        .iter()
        .chain(piece.iter().cycle().take(rest))
        .copied()
        .collect()
}
