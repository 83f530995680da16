//! The V Cloud wire contract.
