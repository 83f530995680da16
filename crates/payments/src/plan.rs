//! What would be paid: computed from an order and a currency, compared with the balances, then signed once.

use rust_decimal::Decimal;
use thiserror::Error;
use vcloud_api::payment::order_attachment;
use vcloud_api::price::PriceError;
use vcloud_api::types::{Currency, Order, OrderStatus};
use vsys::transaction::{AttachmentError, CONTRACT_FEE, PAYMENT_FEE};
use vsys::{
    Account, Address, Attachment, ContractId, IdentifierError, Network, PublicKey, RandomnessUnavailable, os_random,
};

use crate::entry::{Entry, Purpose, Unsigned};

/// How much is paid.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Amount {
    /// What is due, rounded up to a whole unit of the currency.
    #[default]
    Due,
    /// Another number of units, chosen with open eyes.
    Units(u64),
}

/// Why an order can't be paid this way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum PlanError {
    /// It is paid already.
    #[error("the order does not wait for a payment")]
    NotPending,
    /// Another account ordered; only its own payments count.
    #[error("the order is another account's")]
    Foreign,
    /// Nothing is left to be paid.
    #[error("nothing is due")]
    NothingDue,
    /// The platform named no address to pay on this network.
    #[error("the order's recipient is unusable: {0}")]
    Recipient(IdentifierError),
    /// The currency is neither the native coin nor a token of this network.
    #[error("the currency's contract is unusable: {0}")]
    Contract(IdentifierError),
    /// The amount can't be computed exactly.
    #[error("no exact amount: {0}")]
    Price(#[from] PriceError),
    /// The order's id makes the attachment too long.
    #[error("the attachment is unusable: {0}")]
    Attachment(#[from] AttachmentError),
}

/// A payment to be reviewed. Equal plans pay the same, for the same.
#[derive(Clone, Debug, PartialEq)]
pub struct Plan {
    /// Id of the order.
    pub order_id: String,
    /// Address of the account that pays.
    pub sender: Address,
    /// Who is paid.
    pub recipient: Address,
    /// What is paid in.
    pub currency: Currency,
    /// The token's contract; none for the native coin.
    pub contract: Option<ContractId>,
    /// How much, in the smallest units of the currency.
    pub units: u64,
    /// How much is due, in the same units.
    pub due_units: u64,
    /// What the chain takes for it, in units of the native coin.
    pub fee: u64,
    /// What is due, in USD.
    pub due: Decimal,
    /// What tells the platform which order it is for.
    pub attachment: Attachment,
}

/// Who pays, without a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Payer {
    /// The account's address.
    pub address: Address,
    /// Its public key, which the attachment names.
    pub public_key: PublicKey,
    /// Its network.
    pub network: Network,
}

/// What an account has, in smallest units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Funds {
    /// Of the native coin, as far as it can be spent.
    pub native: u64,
    /// Of the token that is paid in; not looked at for the native coin.
    pub token: u64,
}

/// What an account has too little of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Shortage {
    /// The native coin.
    #[error("{needed} units of the native coin are needed, {available} are there")]
    Native {
        /// Units needed, the fee included.
        needed: u128,
        /// Units there.
        available: u64,
    },
    /// The token.
    #[error("{needed} units of the token are needed, {available} are there")]
    Token {
        /// Units needed.
        needed: u64,
        /// Units there.
        available: u64,
    },
}

impl Shortage {
    /// How much is missing, in units of what there is too little of.
    pub fn missing(&self) -> u64 {
        match *self {
            Shortage::Native { needed, available } => {
                u64::try_from(needed.saturating_sub(u128::from(available))).unwrap_or(u64::MAX)
            }
            Shortage::Token { needed, available } => needed.saturating_sub(available),
        }
    }
}

/// What is left of `available` units of the native coin when `units` of it are sent for `fee`.
///
/// # Errors
/// [`Shortage::Native`].
pub fn native_left(available: u64, units: u64, fee: u64) -> Result<u64, Shortage> {
    let needed = u128::from(units) + u128::from(fee);
    let left = u128::from(available).checked_sub(needed);
    left.and_then(|left| u64::try_from(left).ok())
        .ok_or(Shortage::Native { needed, available })
}

impl Plan {
    /// What paying an order in a currency by an account takes.
    ///
    /// # Errors
    /// Why it can't be paid so.
    pub fn new(order: &Order, currency: &Currency, payer: &Account, amount: Amount) -> Result<Plan, PlanError> {
        let payer = Payer {
            address: *payer.address(),
            public_key: *payer.public_key(),
            network: payer.network(),
        };
        Plan::by(order, currency, &payer, amount)
    }

    /// The same for an account whose key is not here.
    ///
    /// # Errors
    /// Why it can't be paid so.
    pub fn by(order: &Order, currency: &Currency, payer: &Payer, amount: Amount) -> Result<Plan, PlanError> {
        if order.status != OrderStatus::Pending {
            return Err(PlanError::NotPending);
        }
        let sender = payer.address;
        if order.address != sender.to_string() {
            return Err(PlanError::Foreign);
        }
        let due = order.amount_due();
        if due.is_zero() {
            return Err(PlanError::NothingDue);
        }
        let network = payer.network;
        let recipient = order
            .recipient
            .parse::<Address>()
            .and_then(|address| address.expect_network(network))
            .map_err(PlanError::Recipient)?;
        let contract = if currency.is_native() {
            None
        } else {
            let contract = currency.contract_id.parse::<ContractId>();
            let contract = contract.and_then(|contract| contract.expect_network(network));
            Some(contract.map_err(PlanError::Contract)?)
        };
        let due_units = currency.units_for(due)?;
        let units = match amount {
            Amount::Due => due_units,
            Amount::Units(0) => return Err(PlanError::NothingDue),
            Amount::Units(units) => units,
        };
        Ok(Plan {
            order_id: order.id.clone(),
            sender,
            recipient,
            currency: currency.clone(),
            contract,
            units,
            due_units,
            fee: if contract.is_some() { CONTRACT_FEE } else { PAYMENT_FEE },
            due,
            attachment: Attachment::new(order_attachment(&order.id, &payer.public_key.to_string()))?,
        })
    }

    /// What is left of what the account has, or what it has too little of.
    ///
    /// # Errors
    /// [`Shortage`]: of the token first, as the fee is the smaller matter.
    pub fn left(&self, funds: Funds) -> Result<Funds, Shortage> {
        let from_native = if self.contract.is_some() { 0 } else { self.units };
        let token = if self.contract.is_some() {
            funds.token.checked_sub(self.units).ok_or(Shortage::Token {
                needed: self.units,
                available: funds.token,
            })?
        } else {
            funds.token
        };
        Ok(Funds {
            native: native_left(funds.native, from_native, self.fee)?,
            token,
        })
    }

    /// Signs it, which a plan can be only once, with randomness from the operating system or the browser. `now` in Unix
    /// nanoseconds.
    ///
    /// # Errors
    /// When there is no randomness.
    ///
    /// # Panics
    /// When the account is not the plan's: another account's signature would pay for nothing.
    pub fn sign(self, payer: &Account, attempt: u32, now: u64) -> Result<Entry, RandomnessUnavailable> {
        Ok(self.sign_with(payer, attempt, now, &os_random()?))
    }

    /// The same with 64 bytes of fresh randomness.
    ///
    /// # Panics
    /// When the account is not the plan's.
    pub fn sign_with(self, payer: &Account, attempt: u32, now: u64, random: &[u8; 64]) -> Entry {
        let unsigned = Unsigned {
            purpose: Purpose::Order {
                order_id: self.order_id,
                attempt,
                due: self.due,
            },
            sender: self.sender,
            recipient: self.recipient,
            contract: self.contract,
            symbol: self.currency.symbol_name,
            unit: self.currency.unit,
            units: self.units,
            fee: self.fee,
            attachment: self.attachment,
        };
        unsigned.sign(payer, now, random)
    }
}
