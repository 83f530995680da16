//! The V Cloud platform on one machine.

fn main() {}
