//! What hosts, resolvers, extensions and the browser's storage answer.

use domains::dns::{Pointing, RecordType, read};
use payments::{Entry, Record};
use vcloud_api::RawAnswer;
use vcloud_api::call::Call;
use vcloud_api::calls::*;
use vcloud_api::types::*;
use vsys::Network;
use vsys::extension::{Answer, Refusal};

use crate::text;

/// Whatever a host answers, decoding gives a value or an error, and values can be worked with. The first byte chooses the status.
pub fn answers(input: &[u8]) {
    let Some((&first, body)) = input.split_first() else {
        return;
    };
    let status = [200, 204, 302, 400, 401, 404, 500, 501][usize::from(first) % 8];
    let answer = RawAnswer { status, body };
    let text = String::new;
    let _ = ListUserServices::default().decode(answer).map(|page| {
        for service in &page.list {
            let _ = (
                service.time_left(0),
                service.time_left_permille(i64::MAX),
                service.duration_seconds(),
            );
            let _ = (
                service.ends_at(),
                service.end_after_renewal(0, u64::MAX),
                service.hours_until(0, i64::MAX),
            );
        }
        (
            page.pagination.pages(),
            page.pagination.has_next(),
            page.pagination.offset(),
        )
    });
    let _ = GetSealedService { id: text() }.decode(answer);
    let _ = GetServiceDetails.decode(answer);
    let _ = GetServiceType { id: text() }
        .decode(answer)
        .map(|service| service.quote(&ServiceOptions::default(), 720));
    let _ = ListCategories::default().decode(answer);
    let _ = GetProvider { name: text() }.decode(answer);
    let _ = ListCurrencies.decode(answer).map(|currencies| {
        for currency in &currencies.list {
            let _ = (currency.units_for(currency.exchange_rate), currency.coins(u64::MAX));
        }
    });
    let _ = GetClientVersion.decode(answer);
    let _ = AddOrder(NewOrder::default()).decode(answer);
    let _ = GetOrder { id: text() }.decode(answer).map(|order| order.amount_due());
    let _ = ListRegions.decode(answer);
    let _ = CheckPorts(PortCheckRequest::default()).decode(answer);
    if let Ok(deployment) = GetDeployment.decode(answer) {
        let _ = deployment.validate(&UserService::default());
        for container in &deployment.containers {
            let _ = container.command.words();
        }
    }
    let _ = GetPodStatus.decode(answer);
    let _ = GetConfigFiles.decode(answer);
    let _ = GetMonitor::default().decode(answer);
    let _ = UnbindAllDomains.decode(answer);
    let _ = ListNotices::default().decode(answer);
    let _ = GetAccountContact.decode(answer);
    let _ = GetBalanceDetails { address: text() }.decode(answer);
    let _ = GetTransaction { id: text() }
        .decode(answer)
        .map(|transaction| transaction.is_confirmed());
    let logs = StreamLogs {
        container: text(),
        follow: true,
        range: LogRange::default(),
    };
    let _ = logs.decode(answer);
}

/// What a DNS resolver answers.
pub fn dns(input: &[u8]) {
    for record in [RecordType::A, RecordType::Aaaa] {
        let Ok(mut resolution) = read(input, record) else {
            continue;
        };
        let _ = Pointing::of(&resolution, "europe.example");
        let again = resolution.clone();
        let _ = resolution.follow(again);
    }
}

/// What the browser extension answers.
pub fn extension(input: &[u8]) {
    match Answer::read(&text(input)) {
        Ok(answer) => {
            let _ = (answer.network(), answer.transaction_id());
            let account = answer.account(Network::Mainnet);
            if let Ok(account) = account {
                let _ = answer.signature(&account.public_key, b"a message");
            }
        }
        Err(failure) => {
            let _ = failure.detail();
        }
    }
    let _ = Refusal::of(&text(input));
}

/// What the journal of payments holds. What is read is written in a form that is read the same.
pub fn journal(input: &[u8]) {
    let text = text(input);
    if let Ok(entry) = Entry::parse(&text) {
        assert_eq!(
            Entry::parse(&entry.to_json()).as_ref(),
            Ok(&entry),
            "an entry is read back"
        );
        let _ = (entry.key(), entry.due(), entry.valid_until(), entry.broadcast());
    }
    if let Ok(record) = Record::parse(&text) {
        let _ = (record.key(), record.made_at(), record.attempt(), record.is_open());
    }
}
