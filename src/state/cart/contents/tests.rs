//! Carts, and what they say was ordered.

use vcloud_api::types::OrderItem;

use super::*;

const NOW: i64 = 1_764_057_600;

fn sold() -> ServiceType {
    let json = r#"{"id":"t1","provider":"one","serviceOptions":{"region":["Europe","Asia"],"resourceUnit":["1-Unit-Resource","2-Unit-Resource"],"none":[]},
        "durationToPrice":[{"price":0.0025,"chargingOptions":{"resourceUnit":"1-Unit-Resource"},"duration":{"1":1,"24":0.98}}]}"#;
    serde_json::from_str(json).expect("a service type")
}

fn choice(provider: &str, size: &str, length: Length, count: u32) -> Choice {
    Choice {
        provider: provider.to_owned(),
        service_id: "t1".to_owned(),
        name: "Basic".to_owned(),
        options: [("region", "Europe"), ("resourceUnit", size)].into_iter().collect(),
        length,
        count,
        rate: String::new(),
    }
}

fn small(provider: &str, hours: u64, count: u32) -> Choice {
    choice(provider, "1-Unit-Resource", Length::Hours(hours), count)
}

/// The order that a platform would make of these lines.
fn order_of(id: &str, provider: &str, items: &[NewOrderItem]) -> Order {
    let item = |item: &NewOrderItem| OrderItem {
        service_id: item.service_id.clone(),
        duration: item.duration,
        service_options: item.service_options.clone(),
        ..OrderItem::default()
    };
    Order {
        id: id.to_owned(),
        kind: "OrderNew".to_owned(),
        provider: provider.to_owned(),
        user_services: items.iter().rev().map(item).collect(),
        ..Order::default()
    }
}

#[test]
fn a_date_is_so_many_hours_from_now_rounded_up() {
    let until = Length::Until(NOW + 48 * 3600);
    assert_eq!(until.hours(NOW), Some(48));
    assert_eq!(until.hours(NOW + 1), Some(48));
    assert_eq!(until.hours(NOW + 3600), Some(47));
    assert_eq!(until.hours(NOW + 48 * 3600 - 1), Some(1));
    assert_eq!(until.hours(NOW + 48 * 3600), None);
    assert_eq!(Length::Until(i64::MIN).hours(i64::MAX), None);
    assert_eq!(Length::Hours(7).hours(NOW), Some(7));
}

#[test]
fn only_what_is_sold_with_every_option_has_a_price() {
    let sold = sold();
    let quote = small("one", 24, 3).quote(&sold, NOW).expect("a price");
    assert_eq!(
        (rate(&quote), quote.amount.to_string()),
        ("0.0025 × 0.98".to_owned(), "0.0588".to_owned())
    );
    assert_eq!(
        small("one", 24, 3).total(&quote).expect("a total").to_string(),
        "0.1764"
    );
    let dear = choice("one", "2-Unit-Resource", Length::Hours(1), 1);
    assert_eq!(dear.quote(&sold, NOW), Err(Obstacle::NoPrice(PriceError::NoPrice)));
    let gone = choice("one", "3-Unit-Resource", Length::Hours(1), 1);
    assert_eq!(gone.quote(&sold, NOW), Err(Obstacle::NotSold));
    let mut partial = small("one", 1, 1);
    partial.options.0.remove("region");
    assert_eq!(partial.quote(&sold, NOW), Err(Obstacle::NotSold));
    let late = choice("one", "1-Unit-Resource", Length::Until(NOW), 1);
    assert_eq!(late.quote(&sold, NOW), Err(Obstacle::Over));
}

#[test]
fn each_provider_gets_one_order_with_every_service_in_it() {
    let mut cart = Contents::default();
    cart.add(small("one", 24, 2));
    cart.add(choice("two", "1-Unit-Resource", Length::Until(NOW + 5400), 1));
    cart.add(small("one", 1, 1));
    let sold = sold();
    let priced: Vec<(Line, Quote)> = cart
        .lines
        .iter()
        .map(|line| (line.clone(), line.choice.quote(&sold, NOW).expect("a price")))
        .collect();
    let orders = orders(&priced, |moment| format!("day of {moment}"));
    assert_eq!((orders[0].provider.as_str(), &orders[0].lines), ("one", &vec![0, 2]));
    assert_eq!(
        orders[0].items.iter().map(|item| item.duration).collect::<Vec<_>>(),
        [24, 24, 1]
    );
    assert_eq!(orders[0].total.expect("a total").to_string(), "0.1201");
    assert_eq!(orders[0].items[0].expired_date, None);
    assert_eq!(orders[1].items[0].duration, 2);
    assert_eq!(orders[1].items[0].expired_date, Some(format!("day of {}", NOW + 5400)));
}

#[test]
fn the_same_again_is_more_of_it_and_numbers_are_never_used_twice() {
    let mut cart = Contents::default();
    cart.add(small("one", 24, 2));
    cart.add(small("one", 24, 3));
    cart.add(small("one", 25, 1));
    assert_eq!(
        cart.lines
            .iter()
            .map(|line| (line.id, line.choice.count))
            .collect::<Vec<_>>(),
        [(0, 5), (1, 1)]
    );
    cart.add(small("one", 24, 96));
    assert_eq!(cart.lines.len(), 3, "no more than {MOST_OF_A_KIND} in a line");
    cart.remove(2);
    cart.add(small("two", 1, 1));
    assert_eq!(cart.lines.last().map(|line| line.id), Some(3));
    cart.replace(3, small("two", 2, 4));
    assert_eq!(cart.line(3).map(|line| line.choice.count), Some(4));
    assert_eq!(cart.services(), 10);
    let stored = serde_json::to_string(&cart).expect("JSON");
    assert_eq!(serde_json::from_str::<Contents>(&stored).expect("a cart"), cart);
}

#[test]
fn what_is_being_ordered_stays_as_it_is_until_that_is_decided() {
    let mut cart = Contents::default();
    cart.add(small("one", 24, 1));
    cart.add(small("two", 24, 1));
    let attempt = Attempt {
        at: NOW,
        lines: vec![0],
        items: Vec::new(),
        before: Vec::new(),
    };
    assert!(cart.begin("one", attempt.clone()));
    assert!(!cart.begin("one", attempt.clone()), "not twice");
    cart.remove(0);
    cart.replace(0, small("one", 1, 1));
    assert_eq!(cart.line(0).map(|line| line.choice.length), Some(Length::Hours(24)));
    cart.add(small("one", 24, 1));
    assert_eq!(cart.lines.len(), 3, "what is added now is not in that order");
    let of_another_tab = Attempt {
        at: NOW + 60,
        ..attempt.clone()
    };
    cart.not_made("one", &of_another_tab);
    assert!(cart.is_locked(0), "another one was not made");
    cart.not_made("one", &attempt);
    assert!(cart.line(0).is_some() && !cart.is_locked(0));
    // Given up here, and begun anew; then the one before turns out to be made after all.
    assert!(cart.begin("one", of_another_tab.clone()));
    cart.made("one", &attempt);
    assert_eq!(
        cart.attempts.get("one"),
        Some(&of_another_tab),
        "it is still to be decided"
    );
    cart.made("one", &of_another_tab);
    assert_eq!(cart.lines.iter().map(|line| line.id).collect::<Vec<_>>(), [1, 2]);
    assert!(!cart.begin("one", attempt), "its line has gone");
}

#[test]
fn an_order_is_known_again_by_what_is_in_it() {
    let items = [small("one", 24, 2), small("one", 7, 1)].map(|choice| {
        let hours = choice.length.hours(NOW).expect("hours");
        choice.items(hours, |_| String::new())
    });
    let items = items.concat();
    let attempt = Attempt {
        at: NOW,
        lines: vec![0, 1],
        items: items.clone(),
        before: vec!["old".to_owned()],
    };
    let orders = [
        order_of("old", "one", &items),
        order_of("elsewhere", "two", &items),
        order_of("less", "one", &items[1..]),
        Order {
            kind: "OrderRenew".to_owned(),
            ..order_of("renewal", "one", &items)
        },
    ];
    assert!(attempt.made("one", &orders).is_empty());
    let orders = ["old", "new", "twin"].map(|id| order_of(id, "one", &items));
    let made: Vec<&str> = attempt
        .made("one", &orders)
        .iter()
        .map(|order| order.id.as_str())
        .collect();
    assert_eq!(made, ["new", "twin"]);
}
