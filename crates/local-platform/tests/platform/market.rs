//! What can be bought.

use vcloud_api::calls::{
    GetCategory, GetClientVersion, GetProvider, GetServiceType, ListCategories, ListCurrencies, ListProviders,
    ListRegions, ListServiceTypes,
};
use vcloud_api::error::ErrorKind;
use vcloud_api::types::PageRequest;

use crate::bench::{As, Bench, containers};

#[tokio::test]
async fn the_market_leads_from_providers_to_prices() {
    let bench = Bench::start().await;
    let platform = bench.host("");
    let page = PageRequest::new(1, 10);
    let providers = bench
        .call(&platform, As::Nobody, &ListProviders { page })
        .await
        .expect("providers");
    assert!(providers.list.iter().any(|provider| provider.name == "v-kube-service"));

    let provider = bench
        .call(
            &platform,
            As::Nobody,
            &GetProvider {
                name: "v-kube-service".into(),
            },
        )
        .await
        .expect("a provider");
    assert_eq!(provider.api_host.to_string(), bench.server.url());
    let categories = ListCategories {
        page,
        provider: provider.name.clone(),
    };
    let categories = bench
        .call(&platform, As::Nobody, &categories)
        .await
        .expect("categories")
        .list;
    assert!(categories.len() >= 3);
    let category = bench
        .call(
            &platform,
            As::Nobody,
            &GetCategory {
                id: categories[0].category_id.clone(),
            },
        )
        .await
        .expect("a category");
    assert_eq!(category.name, categories[0].name);

    let types = ListServiceTypes {
        page,
        provider: provider.name,
        category: category.name,
    };
    let types = bench
        .call(&platform, As::Nobody, &types)
        .await
        .expect("service types")
        .list;
    let sold = bench
        .call(
            &platform,
            As::Nobody,
            &GetServiceType {
                id: types[0].id.clone(),
            },
        )
        .await
        .expect("a service type");
    assert_eq!(sold, types[0]);
    let amount = sold.amount(&containers("Europe", 2), 10).expect("a price");
    assert_eq!(amount.normalize().to_string(), "0.05");
}

#[tokio::test]
async fn regions_are_told_on_every_host_of_a_provider() {
    let bench = Bench::start().await;
    for host in ["", "europe", "notice"] {
        let regions = bench
            .call(&bench.host(host), As::Nobody, &ListRegions)
            .await
            .expect("regions");
        assert!(regions.0.iter().any(|region| region == "North America"), "{host}");
    }
    let legacy = bench
        .call(&bench.host("legacy"), As::Nobody, &ListRegions)
        .await
        .expect("regions");
    assert_eq!(legacy.0, ["Europe", "Asia"]);
}

#[tokio::test]
async fn currencies_are_the_coin_and_tokens() {
    let bench = Bench::start().await;
    let currencies = bench
        .call(&bench.host(""), As::Nobody, &ListCurrencies)
        .await
        .expect("currencies")
        .list;
    assert_eq!(currencies[0].contract_id, "vsys");
    assert!(currencies.len() >= 2);
    assert!(currencies[1].contract_id.parse::<vsys::ContractId>().is_ok());
    let version = bench
        .call(&bench.host(""), As::Nobody, &GetClientVersion)
        .await
        .expect("a version");
    assert_eq!(version.version, "0.12.0");
}

#[tokio::test]
async fn what_is_not_sold_is_not_found() {
    let bench = Bench::start().await;
    let platform = bench.host("");
    let refused = bench
        .call(&platform, As::Nobody, &GetServiceType { id: "0".into() })
        .await
        .expect_err("a refusal");
    assert_eq!(refused.kind, ErrorKind::NotFound);
    let refused = bench
        .call(&platform, As::Nobody, &GetProvider { name: "nobody".into() })
        .await
        .expect_err("a refusal");
    assert_eq!(refused.kind, ErrorKind::NotFound);
    let refused = bench
        .call(&platform, As::Nobody, &GetCategory { id: "0".into() })
        .await
        .expect_err("a refusal");
    assert_eq!(refused.kind, ErrorKind::NotFound);
    let (status, answer) = bench.get("", "/api/v1/service/type?current=0").await;
    assert_eq!((status, answer["error"]["code"].as_i64()), (400, Some(400)));
    let (status, _) = bench.get("", "/api/v1/nothing/here").await;
    assert_eq!(status, 404);
    let (status, _) = bench.post("", "/api/v1/currency", &serde_json::json!({})).await;
    assert_eq!(status, 405);
}
