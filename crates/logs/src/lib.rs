//! Log lines in memory.
