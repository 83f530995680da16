//! The console.

fn main() {}
