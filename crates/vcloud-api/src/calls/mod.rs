//! Every call of the contract, by family. Each value is one request to be made; see [`crate::call`] for how.

mod contacts;
mod deployment;
mod domains;
mod logs;
mod market;
mod metadata;
mod node;
mod orders;
mod pod;
mod user_services;

pub use contacts::{
    BindAccountEmail, BindServiceEmail, GetAccountContact, ListNotices, SendAccountEmailCode, SendServiceEmailCode,
    UnbindAccountEmail, UnbindServiceEmail,
};
pub use deployment::{CheckImage, CheckPorts, Deploy, GetDeployment, ListRegions, UpdateDeployment};
pub use domains::{BindOneDomain, UnbindAllDomains, UnbindSomeDomains};
pub use logs::{LogHello, LogRange, LogStream, StreamLogs};
pub use market::{
    GetCategory, GetClientVersion, GetProvider, GetServiceType, ListCategories, ListCurrencies, ListProviders,
    ListServiceTypes,
};
pub use metadata::{SetDescription, SetLabel};
pub use node::{
    Broadcast, BroadcastKind, GetBalance, GetBalanceDetails, GetTokenBalance, GetTransaction, ListTransactions,
    ListUnconfirmed, SendPayment, SendToken,
};
pub use orders::{AddOrder, GetOrder, ListOrders, RefundServices, RenewServices};
pub use pod::{ChangeImages, GetConfigFiles, GetMonitor, GetPodStatus, RestartPod, StartPod, StopPod, UpdateConfig};
pub use user_services::{GetSealedService, GetServiceDetails, ListUserServices};

use crate::error::{self, ApiError, RawAnswer, Reading};
use crate::types::Acknowledged;

/// Reads an answer that only says that it was done.
fn acknowledged(answer: RawAnswer<'_>) -> Result<Acknowledged, ApiError> {
    error::read(
        answer,
        Reading {
            may_be_empty: true,
            ..Reading::default()
        },
    )
}

/// Refuses an answer about one thing that does not say which: every field of it being optional, any other object
/// would pass for it.
fn identified<T>(answer: RawAnswer<'_>, id: impl Fn(&T) -> &str, field: &str) -> Result<T, ApiError>
where
    T: serde::de::DeserializeOwned + Default,
{
    let value: T = error::read(answer, Reading::default())?;
    if id(&value).is_empty() {
        return Err(error::malformed(answer.status, format!("{field}: missing")));
    }
    Ok(value)
}
