//! Carts, and what they say was ordered.

use vcloud_api::types::{Order, OrderItem, RenewItem};

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
    let items = |order: &Wanted| match &order.ordered {
        Ordered::New(items) => items.clone(),
        Ordered::Renewal(_) => panic!("a renewal"),
    };
    let (first, second) = (items(&orders[0]), items(&orders[1]));
    assert_eq!(first.iter().map(|item| item.duration).collect::<Vec<_>>(), [24, 24, 1]);
    assert_eq!(orders[0].total.expect("a total").to_string(), "0.1201");
    assert_eq!(first[0].expired_date, None);
    assert_eq!(second[0].duration, 2);
    assert_eq!(second[0].expired_date, Some(format!("day of {}", NOW + 5400)));
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

/// An order of these lines of a cart, or of more time where there are none.
fn wanted(provider: &str, lines: &[u64]) -> Wanted {
    let ordered = if lines.is_empty() {
        Ordered::Renewal(vec![more("a", 24)])
    } else {
        Ordered::New(Vec::new())
    };
    Wanted {
        provider: provider.to_owned(),
        lines: lines.to_vec(),
        ordered,
        total: Err(PriceError::NoPrice),
        since: i64::MAX,
    }
}

fn more(service: &str, hours: u64) -> RenewItem {
    RenewItem {
        user_service_id: service.to_owned(),
        duration: hours,
        ..RenewItem::default()
    }
}

fn attempt(wanted: &Wanted, at: i64) -> Attempt {
    Attempt {
        at,
        lines: wanted.lines.clone(),
        ordered: wanted.ordered.clone(),
        before: Vec::new(),
        stage: Stage::Open,
    }
}

#[test]
fn what_is_being_ordered_stays_as_it_is_until_that_is_decided() {
    let mut cart = Contents::default();
    cart.add(small("one", 24, 1));
    cart.add(small("two", 24, 1));
    let wanted = wanted("one", &[0]);
    let (subject, first) = (wanted.subject(), attempt(&wanted, NOW));
    let seen = cart.seen(&wanted);
    assert!(cart.begin(&wanted, first.clone(), &seen));
    let now = cart.seen(&wanted);
    assert!(!cart.begin(&wanted, first.clone(), &now), "not twice");
    cart.remove(0);
    cart.replace(0, small("one", 1, 1));
    assert_eq!(cart.line(0).map(|line| line.choice.length), Some(Length::Hours(24)));
    cart.add(small("one", 24, 1));
    assert_eq!(cart.lines.len(), 3, "what is added now is not in that order");
    let second = attempt(&wanted, NOW + 60);
    cart.not_made(&subject, &second);
    assert!(cart.is_locked(0), "another one was not made");
    cart.not_made(&subject, &first);
    assert!(cart.line(0).is_some() && !cart.is_locked(0));
    // Given up here, and begun anew; then the one before turns out to be made after all.
    let seen = cart.seen(&wanted);
    assert!(cart.begin(&wanted, second.clone(), &seen));
    cart.made(&subject, &first, &[]);
    assert_eq!(cart.open(&subject), Some(&second), "it is still to be decided");
    cart.made(&subject, &second, &second.lines);
    assert_eq!(cart.lines.iter().map(|line| line.id).collect::<Vec<_>>(), [1, 2]);
    let seen = cart.seen(&wanted);
    assert!(!cart.begin(&wanted, first, &seen), "its line has gone");
    let stored = serde_json::to_string(&cart).expect("JSON");
    assert_eq!(serde_json::from_str::<Contents>(&stored).expect("a cart"), cart);
}

#[test]
fn of_two_tabs_that_saw_the_same_one_orders() {
    for lines in [vec![0], Vec::new()] {
        let mut cart = Contents::default();
        cart.add(small("one", 24, 1));
        let wanted = wanted("one", &lines);
        let (subject, first) = (wanted.subject(), attempt(&wanted, NOW));
        let (here, there) = (cart.seen(&wanted), cart.seen(&wanted));
        assert!(cart.begin(&wanted, first.clone(), &here));
        assert_eq!(cart.undecided(), std::slice::from_ref(&subject));
        cart.made(&subject, &first, &first.lines);
        assert!(cart.undecided().is_empty());
        assert!(!cart.begin(&wanted, attempt(&wanted, NOW + 1), &there), "{lines:?}");
    }
    // Who saw that it was made and orders as much time once more wants that.
    let mut cart = Contents::default();
    let wanted = wanted("one", &[]);
    for at in [NOW, NOW + 1] {
        let (seen, next) = (cart.seen(&wanted), attempt(&wanted, at));
        assert!(cart.begin(&wanted, next.clone(), &seen));
        cart.made(&wanted.subject(), &next, &[]);
    }
    // Who has looked at the form since before does not know of it.
    let stale = Wanted {
        since: NOW + 1,
        ..wanted
    };
    let seen = cart.seen(&stale);
    assert!(!cart.begin(&stale, attempt(&stale, NOW + 2), &seen));
    let told = Wanted {
        since: NOW + 2,
        ..stale
    };
    assert!(cart.begin(&told, attempt(&told, NOW + 2), &seen));
}

#[test]
fn what_was_given_up_can_be_ordered_again_and_is_remembered() {
    let mut cart = Contents::default();
    cart.add(small("one", 24, 1));
    let wanted = wanted("one", &[0]);
    let (subject, first) = (wanted.subject(), attempt(&wanted, NOW));
    let seen = cart.seen(&wanted);
    assert!(cart.begin(&wanted, first.clone(), &seen));
    assert!(!cart.begin(&wanted, attempt(&wanted, NOW + 90), &cart.seen(&wanted)));
    cart.give_up(&subject, &first);
    assert!(!cart.is_locked(0) && cart.undecided().is_empty());
    let seen = cart.seen(&wanted);
    assert_eq!(seen.last.as_ref().map(|last| last.stage), Some(Stage::GivenUp));
    assert!(cart.begin(&wanted, attempt(&wanted, NOW + 90), &seen));
}

#[test]
fn a_cart_of_an_earlier_version_keeps_its_lines() {
    let mut cart = Contents::default();
    cart.add(small("one", 24, 1));
    let mut stored = serde_json::to_value(&cart).expect("JSON");
    let fields = stored.as_object_mut().expect("an object");
    fields.retain(|name, _| name != "orders" && name != "renewals");
    fields.insert("attempts".to_owned(), serde_json::json!({}));
    assert_eq!(serde_json::from_value::<Contents>(stored).expect("a cart"), cart);
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
        ordered: Ordered::New(items.clone()),
        before: vec!["old".to_owned()],
        stage: Stage::Open,
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
    assert_eq!(ids(&attempt.made("one", &orders)), ["new", "twin"]);
}

fn ids<'a>(orders: &[&'a Order]) -> Vec<&'a str> {
    orders.iter().map(|order| order.id.as_str()).collect()
}

#[test]
fn a_renewal_is_known_again_by_its_services_and_hours() {
    let renewal = |id: &str, kind: &str, items: &[(&str, u64)]| Order {
        id: id.to_owned(),
        kind: kind.to_owned(),
        provider: "one".to_owned(),
        user_services: items
            .iter()
            .map(|(id, duration)| OrderItem {
                id: (*id).to_owned(),
                duration: *duration,
                ..OrderItem::default()
            })
            .collect(),
        ..Order::default()
    };
    let attempt = Attempt {
        at: NOW,
        lines: Vec::new(),
        ordered: Ordered::Renewal(vec![more("a", 24), more("b", 7)]),
        before: vec!["old".to_owned()],
        stage: Stage::Open,
    };
    let orders = [
        renewal("old", "OrderRenew", &[("a", 24), ("b", 7)]),
        renewal("new services", "OrderNew", &[("a", 24), ("b", 7)]),
        renewal("less", "OrderRenew", &[("a", 24)]),
        renewal("other hours", "OrderRenew", &[("a", 7), ("b", 24)]),
        renewal("new", "OrderRenew", &[("b", 7), ("a", 24)]),
    ];
    assert_eq!(ids(&attempt.made("one", &orders)), ["new"]);
    assert!(attempt.made("two", &orders).is_empty());
    assert!(attempt.renews_any(&["b".to_owned()]) && !attempt.renews_any(&["c".to_owned()]));
}
