//! The demo account: a wallet with a balance, and services in every state that a service can be in.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use anyhow::Context as _;
use rust_decimal::Decimal;
use vcloud_api::types::Deployment;

use super::market::{EUR_TOKEN, USD_TOKEN};
use super::plans::{HOUR, Plan, crowd, demonstration};
use super::{DEMO_ADDRESS, DEMO_SEED};
use crate::accounts::{self, Account};
use crate::clock::Clock;
use crate::platform::SharedPlatform;
use crate::refusal::{Outcome, Refusal};
use crate::runtime::{PodRecord, Runtime};
use crate::store::ledger::{self, NATIVE};
use crate::store::notices::{self, NoticeType};
use crate::store::pods::{self, Domain};
use crate::store::services::{self, Status, UserService};
use crate::store::{market, remember, remembered};
use crate::{deployments, pricing, random};

/// Makes what is missing of it.
pub async fn make(platform: &SharedPlatform) -> anyhow::Result<()> {
    let address = platform
        .store
        .run(|transaction| remembered(transaction, DEMO_ADDRESS))
        .await;
    let address = address.map_err(as_error)?;
    let clock = platform.clock;
    let address = match address {
        Some(address) => address,
        None => {
            let address = platform.store.run(account).await.map_err(as_error)?;
            add(platform, prepare(&address, demonstration(&clock), &clock)).await?;
            address
        }
    };
    let owner = address.clone();
    let there = platform
        .store
        .run(move |transaction| services::count(transaction, &owner))
        .await
        .map_err(as_error)?;
    let missing = platform
        .options
        .services
        .saturating_sub(usize::try_from(there).unwrap_or(0));
    if missing > 0 {
        add(platform, prepare(&address, crowd(missing, &clock), &clock)).await?;
    }
    Ok(())
}

fn as_error(refusal: Refusal) -> anyhow::Error {
    anyhow::anyhow!("{}", refusal.message())
}

/// Makes the account itself and gives back its address.
fn account(connection: &rusqlite::Transaction<'_>) -> Outcome<String> {
    let seed = accounts::new_seed();
    let account = Account::of_seed(&seed, 0)?;
    let address = account.address();
    remember(connection, DEMO_SEED, &seed)?;
    remember(connection, DEMO_ADDRESS, &address)?;
    services::remember_account(connection, &address, &account.public_key())?;
    ledger::change(connection, &address, NATIVE, 250_000 * 100_000_000)?;
    for (contract, units) in [(USD_TOKEN, 1_500 * 1_000_000), (EUR_TOKEN, 800 * 100_000_000)] {
        let token = accounts::token_id(contract).ok_or_else(|| Refusal::internal(&"a currency without a contract"))?;
        ledger::change(connection, &address, &token, units)?;
    }
    Ok(address)
}

/// A service with everything that belongs to it, ready to be stored.
struct Prepared {
    service: UserService,
    deployment: Option<Deployment>,
    domains: &'static [(&'static str, u16, bool)],
}

fn prepare(address: &str, plans: Vec<Plan>, clock: &Clock) -> Vec<Prepared> {
    let now = clock.now();
    let prepared = plans.into_iter().enumerate().map(|(index, plan)| {
        let began = now - plan.age;
        // Bought a while before it was deployed; never two at one time, so that their order is certain.
        let created = began - 400 - (index as i64 % 97);
        let deployed = plan.status != Status::Pending;
        let running_ts = if deployed { began } else { 0 };
        let end_at = if deployed {
            running_ts + clock.seconds_of_service(plan.duration as f64)
        } else {
            0
        };
        let abort_ts = if plan.status == Status::Abort {
            began + plan.age / 3
        } else {
            0
        };
        let done_ts = if plan.status == Status::Done {
            end_at.min(now)
        } else {
            0
        };
        let service = UserService {
            id: random::identifier(created),
            provider: plan.provider.to_owned(),
            address: address.to_owned(),
            service_id: plan.service_type.to_owned(),
            service: String::new(),
            service_options: plan.options.with_region(plan.region),
            region: plan.region.to_owned(),
            duration: plan.duration,
            price_paid: Decimal::ZERO,
            status: plan.status,
            created_at: created,
            updated_at: abort_ts.max(done_ts).max(began),
            activate_ts: created + 30,
            running_ts,
            done_ts,
            abort_ts,
            end_at: if plan.status == Status::Done { done_ts } else { end_at },
            label: plan.label.to_owned(),
            description: plan.description.to_owned(),
            email: String::new(),
            deployment: None,
        };
        let deployment = plan
            .deployment
            .map(|text| serde_json::from_value(text).unwrap_or_default());
        Prepared {
            service,
            deployment,
            domains: plan.domains,
        }
    });
    prepared.collect()
}

/// Deploys what runs, then stores everything in one go.
async fn add(platform: &SharedPlatform, mut prepared: Vec<Prepared>) -> anyhow::Result<()> {
    // Ports are counted for each region.
    let mut next_ports: HashMap<(String, String), u32> = HashMap::new();
    let mut records: Vec<Option<(PodRecord, String)>> = Vec::with_capacity(prepared.len());
    for entry in &mut prepared {
        let Some(deployment) = entry.deployment.as_mut() else {
            records.push(None);
            continue;
        };
        deployment
            .pvt_login
            .resize(deployment.containers.len(), Default::default());
        if !deployments::chooses_ports(&entry.service) {
            let (provider, region) = (entry.service.provider.clone(), entry.service.region.clone());
            let next_port = match next_ports.entry((provider, region)) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(unknown) => {
                    let first = first_port(platform, unknown.key()).await?;
                    unknown.insert(first)
                }
            };
            for port in deployment
                .containers
                .iter_mut()
                .flat_map(|container| &mut container.ports)
            {
                port.host_port = Some(*next_port);
                *next_port += 1;
            }
        }
        entry.service.deployment = Some(deployments::to_keep(deployment));
        records.push(Some(
            deploy(platform.runtime.as_ref(), &entry.service, deployment).await?,
        ));
    }
    let stored = platform.store.run(move |transaction| {
        for (entry, record) in prepared.into_iter().zip(records) {
            store(transaction, entry, record)?;
        }
        Ok(())
    });
    stored.await.map_err(as_error)
}

/// The first port of a provider's region above all that its services hold.
async fn first_port(platform: &SharedPlatform, (provider, region): &(String, String)) -> anyhow::Result<u32> {
    let (provider, region) = (provider.clone(), region.clone());
    let highest = platform
        .store
        .run(move |transaction| pods::highest_port(transaction, &provider, &region, 60_000));
    Ok(highest
        .await
        .map_err(as_error)?
        .map_or(30_000, |port| u32::from(port).max(29_999) + 1))
}

async fn deploy(
    runtime: &dyn Runtime,
    service: &UserService,
    deployment: &Deployment,
) -> anyhow::Result<(PodRecord, String)> {
    let host_ip = deployments::host_ip(service);
    let at = u64::try_from(service.running_ts).unwrap_or_default() * 1000;
    let spec = deployments::pod_spec(service, deployment, &host_ip).map_err(as_error)?;
    let mut record = runtime
        .deploy(spec, at)
        .await
        .with_context(|| format!("cannot deploy {}", service.label))?;
    if service.status == Status::Stop {
        // Paused a few hours ago.
        record = runtime.stop(&service.id, at + 3 * 3_600_000).await?;
    }
    Ok((record, host_ip))
}

fn store(connection: &rusqlite::Connection, mut entry: Prepared, record: Option<(PodRecord, String)>) -> Outcome<()> {
    let service = &mut entry.service;
    let sold = market::service_type(connection, &service.service_id)?;
    service.price_paid =
        pricing::amount(&sold.duration_to_price, &service.service_options, service.duration).unwrap_or_default();
    service.service = sold.name;
    services::add(connection, service, &random::secret())?;
    if let Some((record, host_ip)) = record {
        pods::keep(connection, &record, &host_ip)?;
    }
    if let Some(deployment) = &entry.deployment {
        let ports = deployments::host_ports(deployment);
        pods::hold_ports(connection, &service.provider, &service.region, &service.id, &ports)?;
    }
    for &(domain, container_port, is_https) in entry.domains {
        let base_domain = domain.split_once('.').map_or(domain, |(_, base)| base).to_owned();
        pods::bind(
            connection,
            &service.id,
            &Domain {
                domain: domain.to_owned(),
                base_domain,
                container_port,
                is_https,
            },
        )?;
    }
    notices::record(connection, service, NoticeType::Activated, service.activate_ts)?;
    if service.running_ts > 0 {
        notices::record(connection, service, NoticeType::Deployed, service.running_ts)?;
    }
    match service.status {
        Status::Stop => notices::record(connection, service, NoticeType::Stopped, service.running_ts + 3 * HOUR)?,
        Status::Done => notices::record(connection, service, NoticeType::Expired, service.done_ts)?,
        Status::Abort => notices::record(connection, service, NoticeType::Refunded, service.abort_ts)?,
        Status::Pending | Status::Running => {}
    }
    Ok(())
}
