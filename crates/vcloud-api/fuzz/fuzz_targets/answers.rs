//! Whatever a host answers, decoding gives a value or an error. The first byte chooses the status.

#![no_main]

use libfuzzer_sys::fuzz_target;
use vcloud_api::RawAnswer;
use vcloud_api::call::Call;
use vcloud_api::calls::*;
use vcloud_api::types::*;

fuzz_target!(|input: &[u8]| {
    let Some((&first, body)) = input.split_first() else { return };
    let status = [200, 204, 302, 400, 401, 404, 500, 501][usize::from(first) % 8];
    let answer = RawAnswer { status, body };
    let text = String::new;
    let _ = ListUserServices::default().decode(answer).map(|page| {
        page.list.iter().map(|service| (service.time_left(0), service.time_left_permille(0))).max()
    });
    let _ = GetSealedService { id: text() }.decode(answer);
    let _ = GetServiceDetails.decode(answer);
    let _ = GetServiceType { id: text() }.decode(answer).map(|service| service.amount(&ServiceOptions::default(), 720));
    let _ = ListCategories::default().decode(answer);
    let _ = GetProvider { name: text() }.decode(answer);
    let _ = ListCurrencies.decode(answer).map(|currencies| {
        currencies.list.iter().map(|currency| currency.units_for(currency.exchange_rate).is_ok()).count()
    });
    let _ = GetClientVersion.decode(answer);
    let _ = AddOrder(NewOrder::default()).decode(answer);
    let _ = GetOrder { id: text() }.decode(answer).map(|order| order.amount_due());
    let _ = ListRegions.decode(answer);
    let _ = CheckPorts(PortCheckRequest::default()).decode(answer);
    let _ = GetDeployment.decode(answer).map(|deployment| deployment.validate(&UserService::default()));
    let _ = GetPodStatus.decode(answer);
    let _ = GetConfigFiles.decode(answer);
    let _ = GetMonitor::default().decode(answer);
    let _ = UnbindAllDomains.decode(answer);
    let _ = ListNotices::default().decode(answer);
    let _ = GetAccountContact.decode(answer);
    let _ = GetBalanceDetails { address: text() }.decode(answer);
    let _ = GetTransaction { id: text() }.decode(answer);
    let _ = StreamLogs { container: text(), follow: true, range: LogRange::default() }.decode(answer);
});
