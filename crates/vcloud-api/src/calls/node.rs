//! A V Systems node: balances and transactions. Its base URL has the path of its own (`/api` on mainnet) already.

use vsys::{SignedPayment, SignedTokenSend};

use crate::call::{AuthKind, BuildError, Call, Draft};
use crate::error::{self, ApiError, RawAnswer, Reading};
use crate::types::{Balance, BalanceDetails, TokenBalance, Transaction};
use crate::wire::Listed;

/// The balance of an address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GetBalance {
    /// The address.
    pub address: String,
}

impl Call for GetBalance {
    type Answer = Balance;
    const AUTH: AuthKind = AuthKind::None;

    fn draft(&self) -> Result<Draft, BuildError> {
        Draft::get("/addresses/balance").segment(&self.address)
    }

    fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError> {
        error::read(answer, Reading::default())
    }
}

/// The balances of an address in detail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GetBalanceDetails {
    /// The address.
    pub address: String,
}

impl Call for GetBalanceDetails {
    type Answer = BalanceDetails;
    const AUTH: AuthKind = AuthKind::None;

    fn draft(&self) -> Result<Draft, BuildError> {
        Draft::get("/addresses/balance/details").segment(&self.address)
    }

    fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError> {
        error::read(answer, Reading::default())
    }
}

/// How much of a token an address has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GetTokenBalance {
    /// The address.
    pub address: String,
    /// The token's id, see [`vsys::ContractId::token`].
    pub token_id: String,
}

impl Call for GetTokenBalance {
    type Answer = TokenBalance;
    const AUTH: AuthKind = AuthKind::None;

    fn draft(&self) -> Result<Draft, BuildError> {
        Draft::get("/contract/balance")
            .segment(&self.address)?
            .segment(&self.token_id)
    }

    fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError> {
        error::read(answer, Reading::default())
    }
}

/// Hands a signed payment to the chain. Sending the same one again can never pay twice.
#[derive(Clone, Debug)]
pub struct SendPayment(pub SignedPayment);

impl Call for SendPayment {
    type Answer = Transaction;
    const AUTH: AuthKind = AuthKind::None;

    fn draft(&self) -> Result<Draft, BuildError> {
        Draft::post("/vsys/broadcast/payment").json(&self.0)
    }

    fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError> {
        super::identified(answer, |transaction: &Transaction| &transaction.id, "id")
    }
}

/// Hands a signed token send to the chain. Sending the same one again can never pay twice.
#[derive(Clone, Debug)]
pub struct SendToken(pub SignedTokenSend);

impl Call for SendToken {
    type Answer = Transaction;
    const AUTH: AuthKind = AuthKind::None;

    fn draft(&self) -> Result<Draft, BuildError> {
        Draft::post("/contract/broadcast/execute").json(&self.0)
    }

    fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError> {
        super::identified(answer, |transaction: &Transaction| &transaction.id, "id")
    }
}

/// Which kind of transaction a [`Broadcast`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BroadcastKind {
    /// A payment of the native coin.
    Payment,
    /// A call of a contract, such as a token send.
    Contract,
}

/// Hands a transaction to the chain that was written down as JSON before: the body is sent to the byte as it is. Sending the same
/// one again can never pay twice.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Broadcast {
    /// Which kind it is.
    pub kind: BroadcastKind,
    /// The JSON of a [`SignedPayment`] or [`SignedTokenSend`].
    pub body: String,
}

impl Call for Broadcast {
    type Answer = Transaction;
    const AUTH: AuthKind = AuthKind::None;

    fn draft(&self) -> Result<Draft, BuildError> {
        let path = match self.kind {
            BroadcastKind::Payment => "/vsys/broadcast/payment",
            BroadcastKind::Contract => "/contract/broadcast/execute",
        };
        Ok(Draft::post(path).written(&self.body))
    }

    fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError> {
        super::identified(answer, |transaction: &Transaction| &transaction.id, "id")
    }
}

/// A transaction of the chain. One that is not there (yet) is an error of kind
/// [`NotFound`](crate::error::ErrorKind::NotFound) or [`Refused`](crate::error::ErrorKind::Refused), depending on the node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GetTransaction {
    /// Its id.
    pub id: String,
}

impl Call for GetTransaction {
    type Answer = Transaction;
    const AUTH: AuthKind = AuthKind::None;

    fn draft(&self) -> Result<Draft, BuildError> {
        Draft::get("/transactions/info").segment(&self.id)
    }

    fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError> {
        super::identified(answer, |transaction: &Transaction| &transaction.id, "id")
    }
}

/// The newest transactions that an address sent or received.
///
/// Not in any guide: the node's own API, as the chain's public libraries call it. It answers a list in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListTransactions {
    /// The address.
    pub address: String,
    /// At most so many.
    pub limit: u32,
}

impl Call for ListTransactions {
    type Answer = Vec<Transaction>;
    const AUTH: AuthKind = AuthKind::None;

    fn draft(&self) -> Result<Draft, BuildError> {
        Draft::get("/transactions/address")
            .segment(&self.address)?
            .segment("limit")?
            .segment(&self.limit.to_string())
    }

    fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError> {
        let reading = Reading {
            may_be_list: true,
            ..Reading::default()
        };
        let Listed::<Listed<Transaction>>(lists) = error::read(answer, reading)?;
        let transactions: Vec<Transaction> = lists.into_iter().flat_map(|list| list.0).collect();
        if transactions.iter().any(|transaction| transaction.id.is_empty()) {
            return Err(error::malformed(answer.status, "id: missing"));
        }
        Ok(transactions)
    }
}

/// The transactions that a node has taken and no block has yet, of everybody.
///
/// Not in any guide either. Not every node tells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListUnconfirmed;

impl Call for ListUnconfirmed {
    type Answer = Vec<Transaction>;
    const AUTH: AuthKind = AuthKind::None;

    fn draft(&self) -> Result<Draft, BuildError> {
        Ok(Draft::get("/transactions/unconfirmed"))
    }

    fn decode(&self, answer: RawAnswer<'_>) -> Result<Self::Answer, ApiError> {
        let reading = Reading {
            may_be_list: true,
            ..Reading::default()
        };
        let Listed::<Transaction>(transactions) = error::read(answer, reading)?;
        if transactions.iter().any(|transaction| transaction.id.is_empty()) {
            return Err(error::malformed(answer.status, "id: missing"));
        }
        Ok(transactions)
    }
}
