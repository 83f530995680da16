//! The root of the console: configuration, routes, and the frame around every page.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::components::{Route, Router, Routes};
use leptos_router::hooks::use_location;
use leptos_router::path;
use vsys::Network;

use crate::components::{Copyable, Icon, Message, Popup, PopupItem, Shape, Toasts, Tone};
use crate::config::Config;
use crate::i18n::{self, Locale, Text, t};
use crate::pages::cart::{CartCount, CartPage};
use crate::pages::email::EmailPage;
use crate::pages::extension::WhatWorks;
use crate::pages::market::{MarketPage, ServiceTypePage};
use crate::pages::notices::{NoticesPage, UnseenBadge};
use crate::pages::order::OrderPage;
use crate::pages::orders::OrdersPage;
use crate::pages::payments::{PaymentsPage, UnfinishedCount};
use crate::pages::refund::AskRefund;
use crate::pages::renew::RenewPage;
use crate::pages::service::ServicePage;
use crate::pages::services::{ServicesPage, announce, title as list_title};
use crate::pages::sign_in::{SignIn, Unlock};
use crate::pages::status_of_all::StatusOfAllPage;
use crate::pages::wallet::send::SendPage;
use crate::pages::wallet::{self, WalletPage};
use crate::pages::{NeedsWallet, NotFound};
use crate::route::{self, List, OrderList, Page, Tab};
use crate::shell::{ClockNote, Everywhere, PaletteButton};
use crate::state::portal::{self, Portal, Shown};
use crate::state::session::Session;
use crate::state::theme::{self, Theme};
use crate::state::{App, idle};
use crate::{net, state};

/// The whole console.
#[component]
pub fn Console() -> impl IntoView {
    i18n::start();
    theme::start();
    if let (true, Some(root)) = (embedded(), document().document_element()) {
        let _ = root.set_attribute("data-embed", "");
    }
    let config: RwSignal<Option<Result<Config, String>>> = RwSignal::new(None);
    let load = move || {
        config.set(None);
        spawn_local(async move { config.set(Some(net::load_config().await)) });
    };
    load();
    view! {
        {move || match config.get() {
            None => view! { <Starting /> }.into_any(),
            Some(Err(problem)) => view! { <Unconfigured problem on_retry=Callback::new(move |()| load()) /> }.into_any(),
            Some(Ok(config)) => view! { <Configured config /> }.into_any(),
        }}
        <Toasts />
    }
}

/// Whether the address asks for as little frame around the pages as possible: `?embed=1`.
fn embedded() -> bool {
    let search = window().location().search().unwrap_or_default();
    web_sys::UrlSearchParams::new_with_str(&search).is_ok_and(|query| query.get("embed").as_deref() == Some("1"))
}

/// The moment until the configuration is there.
#[component]
fn Starting() -> impl IntoView {
    view! {
        <main class="boot">
            <img class="boot-mark" src="icon.svg" alt="" width="40" height="40" />
            <h1 class="boot-name">{t(Text::ShellName)}</h1>
            <progress class="boot-progress" aria-label=t(Text::ShellStarting)></progress>
        </main>
    }
}

/// The configuration is missing or wrong: only the operator can help.
#[component]
fn Unconfigured(problem: String, on_retry: Callback<()>) -> impl IntoView {
    view! {
        <main class="door">
            <div class="card door-card">
                <div class="card-body">
                    <h1>{t(Text::ConfigTitle)}</h1>
                    <Message tone=Tone::Bad title=Signal::derive(|| i18n::text(Text::ConfigProblem).to_owned())>
                        <p class="mono small">{problem}</p>
                    </Message>
                    <p>{t(Text::ConfigAdvice)}</p>
                    <button class="button" type="button" on:click=move |_| on_retry.run(())>
                        <Icon shape=Shape::Refresh />
                        {t(Text::ActionRetry)}
                    </button>
                </div>
            </div>
        </main>
    }
}

#[component]
fn Configured(config: Config) -> impl IntoView {
    let app = App::provide(config);
    idle::watch(app);
    let portal = portal::join(app);
    // The pages are made anew when somebody else is signed in, not when something about the session changes.
    let who = Memo::new(move |_| match app.session.get() {
        Session::SignedOut => 0,
        Session::Locked => 1,
        Session::Open(_) => 2,
    });
    view! {
        <Router base=route::base()>
            <FollowPortal portal />
            {move || match (portal.shown.get(), who.get()) {
                (Shown::NotYet, _) => view! { <Starting /> }.into_any(),
                (Shown::Refused, _) => view! { <NotInThisFrame /> }.into_any(),
                (_, 0) => view! { <SignIn /> }.into_any(),
                (_, 1) => view! { <Unlock /> }.into_any(),
                _ => view! { <Shell app /> }.into_any(),
            }}
        </Router>
    }
}

/// Where the portal's wishes about pages are heard: the router is there by now.
#[component]
fn FollowPortal(portal: Portal) -> impl IntoView {
    portal.follow();
}

/// In place of everything, in the frame of somebody whom the operator has not allowed it: nothing here can be clicked on unawares.
#[component]
fn NotInThisFrame() -> impl IntoView {
    let address = window().location().href().unwrap_or_default();
    view! {
        <main class="door">
            <div class="card door-card">
                <div class="card-body">
                    <h1>{t(Text::EmbedRefusedTitle)}</h1>
                    <p>{t(Text::EmbedRefusedAdvice)}</p>
                    <a class="button" href=address target="_blank" rel="noopener noreferrer">{t(Text::EmbedOpen)}</a>
                </div>
            </div>
        </main>
    }
}

/// The frame: bar, menu, page.
#[component]
fn Shell(app: App) -> impl IntoView {
    let menu_open = RwSignal::new(false);
    announce(app);
    let location = use_location();
    let main = NodeRef::<leptos::html::Main>::new();
    // A new page takes the focus, so that a screen reader starts to read it and Tab goes on from there.
    Effect::new(move |before: Option<String>| {
        let path = location.pathname.get();
        app.commands.arrived(&path);
        if before.is_some_and(|before| before != path) {
            menu_open.set(false);
            if let Some(main) = main.get_untracked() {
                let _ = main.focus();
            }
        }
        path
    });
    let start = move || match app.session.token_service() {
        Some(id) => Page::Service(id, Tab::Overview).href(),
        None => Page::Services(List::Running).href(),
    };
    view! {
        <a class="skip" href="#page">{t(Text::ShellSkip)}</a>
        <div class="shell">
            <header class="bar">
                <button
                    class="button button-quiet button-icon menu-toggle"
                    type="button"
                    aria-label=t(Text::ShellMenu)
                    aria-expanded=move || menu_open.get().to_string()
                    aria-controls="menu"
                    on:click=move |_| menu_open.update(|open| *open = !*open)
                >
                    <Icon shape=Shape::Menu />
                </button>
                <a class="brand" href=start aria-label=t(Text::ShellName)>
                    <img src="icon.svg" alt="" width="24" height="24" />
                    <span>{t(Text::ShellName)}</span>
                </a>
                <PaletteButton app />
                <NetworkBadge network=app.config().network />
                <AccountSwitcher app />
                <Settings />
                <LockButton app />
            </header>
            <nav id="menu" class="menu" class:menu-open=move || menu_open.get() aria-label=t(Text::ShellMenu)>
                <Menu app />
            </nav>
            <main id="page" class="page" tabindex="-1" node_ref=main>
                <ClockNote />
                <Routes fallback=|| view! { <NotFound /> }>
                    <Route path=path!("/") view=Start />
                    <Route path=path!("/services/:list") view=|| view! { <AccountOnly page=ServicesPage /> } />
                    <Route path=path!("/status") view=|| view! { <AccountOnly page=StatusOfAllPage /> } />
                    <Route path=path!("/service/:id") view=ServicePage />
                    <Route path=path!("/service/:id/:tab") view=ServicePage />
                    <Route path=path!("/notices") view=|| view! { <AccountOnly page=NoticesPage /> } />
                    <Route path=path!("/email") view=|| view! { <AccountOnly page=EmailPage /> } />
                    <Route path=path!("/renew") view=RenewPage />
                    <Route path=path!("/orders") view=|| view! { <WalletOnly page=OrdersPage /> } />
                    <Route path=path!("/payments") view=|| view! { <WalletOnly page=PaymentsPage /> } />
                    <Route path=path!("/wallet/send") view=|| view! { <WalletOnly page=SendPage /> } />
                    <Route path=path!("/market") view=|| view! { <WalletOnly page=MarketPage /> } />
                    <Route path=path!("/market/:provider/:type") view=|| view! { <WalletOnly page=ServiceTypePage /> } />
                    <Route path=path!("/cart") view=|| view! { <WalletOnly page=CartPage /> } />
                    <Route path=path!("/wallet") view=|| view! { <WalletOnly page=WalletPage /> } />
                    <Route path=path!("/order/:id") view=|| view! { <WalletOnly page=OrderPage /> } />
                </Routes>
            </main>
        </div>
        <Everywhere app />
        <AskRefund app />
    }
}

/// `/`: the first page of whoever is signed in.
#[component]
fn Start() -> impl IntoView {
    let app = state::use_app();
    let navigate = leptos_router::hooks::use_navigate();
    Effect::new(move |_| {
        let options = leptos_router::NavigateOptions {
            replace: true,
            ..Default::default()
        };
        match app.session.token_service() {
            Some(id) => navigate(&format!("/service/{id}"), options),
            None => navigate(&format!("/services/{}", List::Running.segment()), options),
        }
    });
}

/// A page that belongs to an account: an access token is for one service and leads there.
#[component]
fn AccountOnly(#[prop(into)] page: ViewFn) -> impl IntoView {
    let app = state::use_app();
    if app.session.token_service().is_some() {
        view! { <Start /> }.into_any()
    } else {
        page.run()
    }
}

/// A page about orders and money, which an access token can't see: who follows a link to it is told so.
#[component]
fn WalletOnly(#[prop(into)] page: ViewFn) -> impl IntoView {
    let app = state::use_app();
    match app.session.token_service() {
        Some(service) => view! { <NeedsWallet service /> }.into_any(),
        None => page.run(),
    }
}

#[component]
fn Menu(app: App) -> impl IntoView {
    let location = use_location();
    let current = move |href: &str| (location.pathname.get().trim_end_matches('/') == href).then_some("page");
    move || {
        match app.session.token_service() {
        Some(id) => {
            let href = Page::Service(id.clone(), Tab::Overview).href();
            view! {
                <p class="menu-heading">{t(Text::MenuToken)}</p>
                <a class="menu-entry" href=href aria-current="page">
                    <Icon shape=Shape::Box />
                    <span class="mono small">{id}</span>
                </a>
            }
            .into_any()
        }
        None => view! {
            <p class="menu-heading">{t(Text::MenuServices)}</p>
            {List::ALL
                .map(|list| {
                    let href = Page::Services(list).href();
                    let link = href.clone();
                    let shape = match list {
                        List::Running => Shape::Play,
                        List::Usable => Shape::Box,
                        List::Past => Shape::Clock,
                        List::Aborted => Shape::Cross,
                    };
                    view! {
                        <a class="menu-entry" href=link aria-current=move || current(&href)>
                            <Icon shape=shape />
                            {t(list_title(list))}
                        </a>
                    }
                })
                .collect_view()}
            {
                let href = Page::StatusOfAll.href();
                let link = href.clone();
                view! {
                    <a class="menu-entry" href=link aria-current=move || current(&href)>
                        <Icon shape=Shape::Activity />
                        {t(Text::StatusAllTitle)}
                    </a>
                }
            }
            <p class="menu-heading menu-break">{t(Text::NoticesMenu)}</p>
            <a class="menu-entry" href=Page::Notices(String::new()).href() aria-current=move || current(&Page::Notices(String::new()).href())>
                <Icon shape=Shape::Bell />
                {t(Text::NoticesTitle)}
                <UnseenBadge app />
            </a>
            <a class="menu-entry" href=Page::Email.href() aria-current=move || current(&Page::Email.href())>
                <Icon shape=Shape::Mail />
                {t(Text::EmailTitle)}
            </a>
            <p class="menu-heading menu-break">{t(Text::MarketMenu)}</p>
            <a class="menu-entry" href=Page::Market.href() aria-current=move || current(&Page::Market.href())>
                <Icon shape=Shape::Store />
                {t(Text::MarketTitle)}
            </a>
            <a class="menu-entry" href=Page::Cart.href() aria-current=move || current(&Page::Cart.href())>
                <Icon shape=Shape::Cart />
                {t(Text::CartTitle)}
                <CartCount app />
            </a>
            <p class="menu-heading menu-break">{t(Text::OrdersMenu)}</p>
            <a class="menu-entry" href=Page::Orders(OrderList::Pending).href() aria-current=move || current(&Page::Orders(OrderList::Pending).href())>
                <Icon shape=Shape::Receipt />
                {t(Text::OrdersTitle)}
            </a>
            <a class="menu-entry" href=Page::Payments.href() aria-current=move || current(&Page::Payments.href())>
                <Icon shape=Shape::Check />
                {t(Text::PaymentsMenu)}
                <UnfinishedCount app />
            </a>
            <a class="menu-entry" href=Page::Wallet.href() aria-current=move || current(&Page::Wallet.href())>
                <Icon shape=Shape::Wallet />
                {t(Text::WalletTitle)}
            </a>
        }
        .into_any(),
    }
    }
}

/// Which network accounts and payments are on.
#[component]
fn NetworkBadge(network: Network) -> impl IntoView {
    let (text, class) = match network {
        Network::Mainnet => (Text::NetworkMainnet, "network"),
        Network::Testnet => (Text::NetworkTestnet, "network network-testnet"),
    };
    view! { <span class=class>{t(text)}</span> }
}

/// The account in use, and the way to the others of the same seed phrase.
#[component]
fn AccountSwitcher(app: App) -> impl IntoView {
    let open = RwSignal::new(false);
    let address = move || app.session.address().unwrap_or_default();
    let short = move || wallet::short(&address());
    // What can be read on the button: the account's own name where it has one.
    let shown = move || app.names.get(&address()).unwrap_or_else(short);
    let accounts = move || {
        let current = app.session.account_index();
        app.session
            .addresses()
            .into_iter()
            .enumerate()
            .map(|(index, address)| {
                let name = wallet::name_of(app, index, &address);
                let index = u32::try_from(index).unwrap_or(u32::MAX);
                let chosen = Signal::stored(current == Some(index));
                let choose = Callback::new(move |()| {
                    app.session.select_account(index);
                    open.set(false);
                });
                view! {
                    <PopupItem chosen on_choose=choose>
                        <span class="soft">{name}</span>
                        <span class="mono small">{address}</span>
                    </PopupItem>
                }
            })
            .collect_view()
    };
    move || {
        app.session.can_sign().then(|| {
            view! {
                <Popup
                    // The name has what can be read on the button in it, for who speaks to the computer.
                    label=Signal::derive(move || i18n::text_with(Text::AccountName, &[("address", &shown())]))
                    open
                    button=move || view! { <Icon shape=Shape::Account /> <span class="account-shown small" class:mono=move || app.names.get(&address()).is_none()>{shown}</span> }
                >
                    <div class="stack-tight">
                        <p class="field-label">{t(Text::AccountCurrent)}</p>
                        <Copyable value=Signal::derive(address) what=Signal::derive(|| i18n::text(Text::AccountAddress).to_owned()) />
                    </div>
                    <div class="popup-line"></div>
                    {if app.session.is_wallet() {
                        view! {
                            {accounts}
                            <PopupItem on_choose=Callback::new(move |()| app.session.add_account())>
                                <Icon shape=Shape::Plus />
                                {t(Text::AccountAdd)}
                            </PopupItem>
                        }
                        .into_any()
                    } else {
                        view! {
                            <p class="field-label">{t(Text::ExtensionSignedIn)}</p>
                            <WhatWorks />
                        }
                        .into_any()
                    }}
                </Popup>
            }
        })
    }
}

/// Language and looks.
#[component]
pub fn Settings() -> impl IntoView {
    view! {
        <Popup
            label=Signal::derive(|| i18n::text(Text::SettingsName).to_owned())
            class="button button-quiet button-icon"
            button=|| view! { <Icon shape=Shape::Language /> }
        >
            <p class="menu-heading">{t(Text::SettingsLanguage)}</p>
            {Locale::ALL
                .iter()
                .map(|locale| {
                    let locale = *locale;
                    view! {
                        <PopupItem
                            chosen=Signal::derive(move || i18n::locale() == locale)
                            on_choose=Callback::new(move |()| i18n::set_locale(locale))
                        >
                            <span lang=locale.tag()>{locale.name()}</span>
                        </PopupItem>
                    }
                })
                .collect_view()}
            <div class="popup-line"></div>
            <p class="menu-heading">{t(Text::SettingsTheme)}</p>
            {Theme::ALL
                .map(|choice| {
                    let name = match choice {
                        Theme::System => Text::SettingsThemeSystem,
                        Theme::Light => Text::SettingsThemeLight,
                        Theme::Dark => Text::SettingsThemeDark,
                    };
                    view! {
                        <PopupItem
                            chosen=Signal::derive(move || theme::theme() == choice)
                            on_choose=Callback::new(move |()| theme::set_theme(choice))
                        >
                            {t(name)}
                        </PopupItem>
                    }
                })
                .collect_view()}
        </Popup>
    }
}

/// Locks the vault, or signs out where there is none.
#[component]
fn LockButton(app: App) -> impl IntoView {
    let label = move || {
        i18n::text(if app.session.has_vault() {
            Text::ShellLock
        } else {
            Text::ShellSignOut
        })
    };
    view! {
        <button class="button button-quiet button-icon" type="button" aria-label=label title=label on:click=move |_| app.session.lock()>
            <Icon shape=Shape::Lock />
        </button>
    }
}
