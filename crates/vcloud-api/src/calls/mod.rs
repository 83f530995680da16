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

use std::collections::BTreeSet;

use crate::error::{self, ApiError, RawAnswer, Reading};
use crate::types::{Acknowledged, Page, PageRequest};

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

/// A page of a list whose entries have ids: no more of them than were asked for, each once. What has no id can't be told from others.
fn page<T>(answer: RawAnswer<'_>, request: PageRequest, id: impl Fn(&T) -> &str) -> Result<Page<T>, ApiError>
where
    T: serde::de::DeserializeOwned,
{
    let mut page: Page<T> = request.no_more(error::read(answer, Reading::default())?);
    if page.list.iter().any(|entry| id(entry).is_empty()) {
        return Err(error::malformed(answer.status, "list: an entry has no id"));
    }
    let mut seen = BTreeSet::new();
    page.list.retain(|entry| seen.insert(id(entry).to_owned()));
    Ok(page)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::UserService;

    #[test]
    fn entries_of_a_page_are_told_apart() {
        let read = |body: &str| {
            let answer = RawAnswer {
                status: 200,
                body: body.as_bytes(),
            };
            page(answer, PageRequest::new(1, 2), |service: &UserService| &service.id)
        };
        let twice = read("{\"list\":[{\"id\":\"a\"},{\"id\":\"a\"},{\"id\":\"b\"}]}").expect("a page");
        assert_eq!(twice.list.len(), 1, "of the two that were asked for");
        let error = read("{\"list\":[{\"id\":null}]}").expect_err("nothing to tell it by");
        assert_eq!(error.message, "list: an entry has no id");
    }
}
