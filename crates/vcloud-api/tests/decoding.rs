//! Answers of every kind to every call: whatever comes, decoding gives a value or an error.

use proptest::prelude::*;
use vcloud_api::RawAnswer;
use vcloud_api::call::Call;
use vcloud_api::calls::*;
use vcloud_api::types::*;

/// Decodes an answer as that of every call.
fn decode_as_everything(status: u16, body: &[u8]) {
    let answer = RawAnswer { status, body };
    let page = PageRequest::default();
    let text = String::new;
    let _ = ListUserServices::default().decode(answer);
    let _ = GetSealedService { id: text() }.decode(answer);
    let _ = GetServiceDetails.decode(answer);
    let _ = ListServiceTypes::default().decode(answer);
    let _ = ListCategories::default().decode(answer);
    let _ = GetProvider { name: text() }.decode(answer);
    let _ = ListCurrencies.decode(answer);
    let _ = GetClientVersion.decode(answer);
    let _ = AddOrder(NewOrder::default()).decode(answer);
    let _ = RefundServices(RefundRequest::default()).decode(answer);
    let _ = ListOrders {
        address: text(),
        page,
        status: OrderStatus::Paid,
    }
    .decode(answer)
    .map(|page| page.list.iter().map(Order::amount_due).max());
    let _ = ListRegions.decode(answer);
    let _ = CheckPorts(PortCheckRequest::default()).decode(answer);
    let _ = GetDeployment
        .decode(answer)
        .map(|deployment| deployment.validate(&UserService::default()));
    let _ = GetPodStatus.decode(answer);
    let _ = GetConfigFiles.decode(answer);
    let _ = GetMonitor::default().decode(answer);
    let _ = UnbindAllDomains.decode(answer);
    let _ = ListNotices::default().decode(answer);
    let _ = GetAccountContact.decode(answer);
    let _ = GetBalanceDetails { address: text() }.decode(answer);
    let _ = GetTransaction { id: text() }.decode(answer);
    let _ = StreamLogs {
        container: text(),
        follow: true,
        range: LogRange::default(),
    }
    .decode(answer);
}

/// JSON made of the names that the contract knows, with values of every kind under each.
fn json() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec![
        "list",
        "pagination",
        "total",
        "id",
        "status",
        "endAt",
        "serviceOptions",
        "error",
        "code",
        "message",
        "amount",
        "amountPaid",
        "userServices",
        "durationToPrice",
        "price",
        "duration",
        "containers",
        "command",
        "ports",
        "containerPort",
        "podStatus",
        "podSpec",
        "containerStatuses",
        "state",
        "running",
        "cpu",
        "value",
        "occupied",
        "exchangeRate",
        "unit",
        "pvtLogin",
        "envs",
        "apiHost",
        "magic",
        "resourceUnit",
    ]);
    let leaf = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        any::<i64>().prop_map(|number| number.to_string()),
        Just("1e400".to_owned()),
        Just("-0.1234567890123456789012345678901".to_owned()),
        Just("79228162514264337593543950335".to_owned()),
        "[a-z0-9.:/-]{0,12}".prop_map(|text| format!("\"{text}\"")),
    ];
    leaf.prop_recursive(5, 60, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(|items| format!("[{}]", items.join(","))),
            prop::collection::btree_map(name.clone(), inner, 0..6).prop_map(|members| {
                let members: Vec<_> = members
                    .into_iter()
                    .map(|(name, value)| format!("\"{name}\":{value}"))
                    .collect();
                format!("{{{}}}", members.join(","))
            }),
        ]
    })
}

proptest! {
    #[test]
    fn no_bytes_make_decoding_panic(status in prop::sample::select(vec![0_u16, 200, 204, 301, 400, 404, 501, 502]), body in prop::collection::vec(any::<u8>(), 0..200)) {
        decode_as_everything(status, &body);
    }

    #[test]
    fn no_json_makes_decoding_panic(status in prop::sample::select(vec![200_u16, 400, 500]), body in json()) {
        decode_as_everything(status, body.as_bytes());
    }

    #[test]
    fn what_was_read_is_written_and_read_the_same(body in json()) {
        macro_rules! round_trip {
            ($($kind:ty),+) => {$(
                if let Ok(value) = serde_json::from_str::<$kind>(&body) {
                    let written = serde_json::to_string(&value).unwrap();
                    let read: $kind = serde_json::from_str(&written).unwrap();
                    prop_assert_eq!(read, value, "{}", written);
                }
            )+};
        }
        round_trip!(
            UserService, SealedUserService, ServiceDetails, ServiceType, Provider, Category, Order, Deployment, PodStatus, Monitor,
            ConfigUpdate, Page<Order>, Currencies
        );
    }
}
