//! Randomness from the operating system.

/// Random bytes. The process ends when the system has none, since nothing secret could be made without.
#[must_use]
pub fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).expect("the operating system gives random bytes");
    bytes
}

/// A random integer below `bound` (0 when `bound` is 0).
#[must_use]
pub fn below(bound: u64) -> u64 {
    u64::from_be_bytes(bytes()) % bound.max(1)
}

/// A random fraction, 0 included and 1 not.
#[must_use]
pub fn fraction() -> f64 {
    f64::from(u32::from_be_bytes(bytes())) / (f64::from(u32::MAX) + 1.0)
}

/// An identifier as the platform's own: 24 hexadecimal digits that begin with the time in seconds.
#[must_use]
pub fn identifier(now: i64) -> String {
    let seconds = (now & 0xffff_ffff) as u32;
    format!("{seconds:08x}{:016x}", u64::from_be_bytes(bytes()))
}

/// A secret of one service.
#[must_use]
pub fn secret() -> String {
    bs58::encode(bytes::<32>()).into_string()
}

/// A verification code of six digits.
#[must_use]
pub fn verification_code() -> String {
    format!("{:06}", below(1_000_000))
}

#[cfg(test)]
mod tests {
    #[test]
    fn identifiers_are_hexadecimal_and_ordered_by_time() {
        let early = super::identifier(1_700_000_000);
        let late = super::identifier(1_700_000_001);
        assert_eq!(early.len(), 24);
        assert!(early.bytes().all(|byte| byte.is_ascii_hexdigit()));
        assert!(early < late);
    }
}
