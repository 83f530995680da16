//! The entries of the palette, made of what the console knows, and what choosing one does.

use std::collections::BTreeMap;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use vcloud_api::types::UserService;

use super::entries::{Entry, Kind};
use crate::components::Shape;
use crate::i18n::{self, Text};
use crate::pages::services::columns::statuses;
use crate::pages::services::title as list_title;
use crate::route::{List, OrderList, Page, Tab};
use crate::shell::commands::{self, COMMANDS, Command};
use crate::state::App;
use crate::state::query::use_query;
use crate::state::services::{ListKey, Scope};

/// A running list of no more services is loaded as a whole when the palette opens, labels and descriptions too.
const FEW: u32 = 100;

/// What choosing an entry does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Opens a page.
    Open(Page),
    /// A command on the service that is worked on.
    Do(&'static Command),
    /// Shows the letters.
    Help,
    /// Locks or signs out.
    Lock,
}

/// The icon of an entry.
pub fn shape(choice: &Choice) -> Shape {
    match choice {
        Choice::Open(Page::Services(List::Running)) => Shape::Play,
        Choice::Open(Page::Services(List::Past)) => Shape::Clock,
        Choice::Open(Page::Services(List::Aborted)) => Shape::Cross,
        Choice::Open(Page::Services(List::Usable) | Page::Service(..)) => Shape::Box,
        Choice::Open(Page::StatusOfAll) => Shape::Activity,
        Choice::Open(Page::Orders(_) | Page::Order(_)) => Shape::Receipt,
        Choice::Open(Page::Payments | Page::Send(_) | Page::Transfer(_)) => Shape::Receipt,
        Choice::Open(Page::Renew(_)) => Shape::Clock,
        Choice::Open(Page::Market | Page::ServiceType(..)) => Shape::Store,
        Choice::Open(Page::Cart) => Shape::Cart,
        Choice::Open(Page::Wallet) => Shape::Wallet,
        Choice::Open(Page::Notices(_)) => Shape::Bell,
        Choice::Open(Page::Email) => Shape::Mail,
        Choice::Do(command) => commands::icon(command),
        Choice::Help => Shape::Info,
        Choice::Lock => Shape::Lock,
    }
}

/// Everything that can be found now. It grows while more arrives.
pub fn use_entries(app: App) -> Signal<Vec<Entry<Choice>>> {
    let services = use_services(app);
    Memo::new(move |_| {
        let mut entries = actions(app);
        entries.extend(pages(app));
        entries.extend(services.get().iter().map(|service| of_service(app, service)));
        entries
    })
    .into()
}

/// The services that are known: the running ones, and those of the other lists that were looked at.
fn use_services(app: App) -> Signal<Vec<UserService>> {
    let key = move |scope| {
        let address = app.session.address()?;
        let statuses = statuses(List::Running).to_vec();
        Some(ListKey {
            address,
            statuses,
            scope,
        })
    };
    let first = Scope::Page { current: 1, size: 20 };
    let follow = move |scope: Box<dyn Fn() -> Option<Scope> + Send + Sync>| {
        use_query(
            app.clock,
            app.services.lists,
            move || key(scope()?),
            move || app.refresh_ms(),
            move |key, abort| app.services.fetch_list(app, key, abort),
        )
    };
    let newest = follow(Box::new(move || Some(first)));
    let all = follow(Box::new(move || {
        let newest = newest.get();
        let listed = newest.value()?;
        let has_more = (listed.services.len() as u64) < u64::from(listed.total);
        (has_more && listed.total <= FEW).then_some(Scope::All)
    }));
    let running = Memo::new(move |_| {
        let whole = all.get().value().map(|listed| listed.services.clone());
        whole
            .or_else(|| newest.get().value().map(|listed| listed.services.clone()))
            .unwrap_or_default()
    });
    Effect::new(move |_| app.services.want_details(app, &running.get()));
    Memo::new(move |_| {
        let mut known: BTreeMap<String, UserService> = BTreeMap::new();
        let mut order = Vec::new();
        let mut add = |service: &UserService| {
            if known.insert(service.id.clone(), service.clone()).is_none() {
                order.push(service.id.clone());
            }
        };
        running.with(|running| running.iter().for_each(&mut add));
        if app.session.address().is_some() {
            for service in app.services.listed_untracked() {
                add(&service);
            }
        }
        order.iter().filter_map(|id| known.remove(id)).collect()
    })
    .into()
}

fn of_service(app: App, service: &UserService) -> Entry<Choice> {
    let detail = app.services.details.peek(&service.id);
    let (label, description) = detail
        .value()
        .map(|detail| (detail.label.text(), detail.description.text()))
        .unwrap_or_default();
    let choice = Choice::Open(Page::Service(service.id.clone(), Tab::Overview));
    let (name, note) = if label.is_empty() {
        (service.id.clone(), service.service.clone())
    } else {
        (label, service.id.clone())
    };
    Entry {
        key: service.id.clone(),
        kind: Kind::Service,
        name,
        note,
        words: vec![description, service.service_options.region().to_owned()],
        choice,
    }
}

/// What can be done with the service that is worked on. What can't be done is there as well and says why.
fn actions(app: App) -> Vec<Entry<Choice>> {
    let Some(target) = app.commands.target() else {
        return Vec::new();
    };
    let mut entries: Vec<_> = COMMANDS
        .iter()
        .enumerate()
        .map(|(number, command)| Entry {
            key: format!("do.{number}"),
            kind: Kind::Action,
            name: i18n::text(command.name).to_owned(),
            note: command
                .obstacle(app, &target)
                .map_or_else(|| target.name().to_owned(), str::to_owned),
            words: vec![target.name().to_owned(), target.service.id.clone()],
            choice: Choice::Do(command),
        })
        .collect();
    if app.session.can_sign() {
        entries.push(Entry {
            key: "do.notices".to_owned(),
            kind: Kind::Action,
            name: i18n::text(Text::NoticesOfService).to_owned(),
            note: target.name().to_owned(),
            words: vec![target.service.id.clone()],
            choice: Choice::Open(Page::Notices(target.service.id)),
        });
    }
    entries
}

fn pages(app: App) -> Vec<Entry<Choice>> {
    let page = |page: Page, name: Text| Entry {
        key: page.path(),
        kind: Kind::Page,
        name: i18n::text(name).to_owned(),
        note: String::new(),
        words: Vec::new(),
        choice: Choice::Open(page),
    };
    let action = |key: &str, name: Text, choice: Choice| Entry {
        key: key.to_owned(),
        kind: Kind::Action,
        name: i18n::text(name).to_owned(),
        note: String::new(),
        words: Vec::new(),
        choice,
    };
    let mut entries = Vec::new();
    if app.session.can_sign() {
        entries.extend(List::ALL.map(|list| page(Page::Services(list), list_title(list))));
        entries.push(page(Page::StatusOfAll, Text::StatusAllTitle));
        entries.push(page(Page::Market, Text::MarketTitle));
        entries.push(page(Page::Cart, Text::CartTitle));
        entries.push(page(Page::Orders(OrderList::Pending), Text::OrdersTitle));
        entries.push(page(Page::Payments, Text::PaymentsTitle));
        entries.push(page(Page::Wallet, Text::WalletTitle));
        let from = app.session.account_index().unwrap_or_default();
        entries.push(page(Page::Send(from), Text::SendTitle));
        entries.push(page(Page::Notices(String::new()), Text::NoticesTitle));
        entries.push(page(Page::Email, Text::EmailTitle));
    }
    entries.push(action("help", Text::KeysTitle, Choice::Help));
    let leave = if app.session.has_vault() {
        Text::ShellLock
    } else {
        Text::ShellSignOut
    };
    entries.push(action("lock", leave, Choice::Lock));
    entries
}

/// Makes the function that carries out what was chosen. Call below the router.
pub fn chooser(app: App) -> impl Fn(&Entry<Choice>) + Clone {
    let navigate = use_navigate();
    let run = commands::runner(app);
    move |entry| {
        app.commands.remember(&entry.key);
        app.commands.palette.set(false);
        let (navigate, run, choice) = (navigate.clone(), run.clone(), entry.choice.clone());
        // Once the palette is gone and has given the focus back.
        request_animation_frame(move || match choice {
            Choice::Open(page) => navigate(&page.path(), NavigateOptions::default()),
            Choice::Do(command) => run(command),
            Choice::Help => app.commands.help.set(true),
            Choice::Lock => app.session.lock(),
        });
    }
}
