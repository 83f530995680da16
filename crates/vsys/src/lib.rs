//! V Systems accounts, signatures, sealed boxes, wallet files, vaults and transactions.
