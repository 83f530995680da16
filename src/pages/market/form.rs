//! The form of a service type: options, how long, how many, and what that costs while it is typed.

use std::collections::BTreeMap;
use std::sync::Arc;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use serde::{Deserialize, Serialize};
use vcloud_api::price::PriceError;
use vcloud_api::types::{ServiceOptions, ServiceType};

use super::choice::{Checked, LengthError, Typed, first_values};
use super::option_name;
use crate::components::{ChoiceField, DraftOffer, Field, Icon, Shape, Tone, toast};
use crate::i18n::{self, Plural, Text, t};
use crate::pages::length::{Lengths, MomentField};
use crate::pages::money::{usd, why_no_price};
use crate::route::Page;
use crate::state::cart::{Choice, Contents, Length, minute};
use crate::state::drafts::{Draft, Keep, Place};
use crate::state::{App, use_app};

/// The options that decide most, in the order in which they are asked for; others follow by name.
const FIRST: [&str; 4] = ["region", "resourceUnit", "persistStorage", "portSpecification"];

/// What of the form is kept for the next visit until it is in the cart.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
struct Kept {
    options: BTreeMap<String, String>,
    length: String,
    in_days: bool,
    until: String,
    count: String,
}

/// What is typed.
#[derive(Clone, Copy)]
struct Form {
    options: RwSignal<BTreeMap<String, String>>,
    length: RwSignal<String>,
    in_days: RwSignal<bool>,
    /// The text of the field, in the browser's time zone; hours count where it is empty.
    until: RwSignal<String>,
    count: RwSignal<String>,
    /// Whether it was tried to be sent: then what is missing is said too.
    tried: RwSignal<bool>,
}

impl Form {
    fn new(sold: &ServiceType, line: Option<&Choice>) -> Form {
        let mut options = first_values(sold);
        let (mut length, mut in_days, mut until, mut count) = ("30".to_owned(), true, String::new(), 1);
        if let Some(line) = line {
            options.extend(line.options.0.clone());
            count = line.count;
            match line.length {
                Length::Hours(hours) => {
                    in_days = hours.is_multiple_of(24);
                    length = if in_days { hours / 24 } else { hours }.to_string();
                }
                Length::Until(moment) => {
                    length = String::new();
                    until = i18n::local_input(u64::try_from(moment).ok());
                }
            }
        }
        let form = Form {
            options: RwSignal::new(options),
            length: RwSignal::new(length),
            in_days: RwSignal::new(in_days),
            until: RwSignal::new(until),
            count: RwSignal::new(count.to_string()),
            tried: RwSignal::new(false),
        };
        // One of the two counts: the one that was typed last.
        Effect::new(move |before: Option<String>| {
            let length = form.length.get();
            if before.is_some_and(|before| before != length) && !length.is_empty() {
                form.until.set(String::new());
            }
            length
        });
        form
    }

    /// What is typed, as it is kept (tracked).
    fn kept(self) -> Kept {
        Kept {
            options: self.options.get(),
            length: self.length.get(),
            in_days: self.in_days.get(),
            until: self.until.get(),
            count: self.count.get(),
        }
    }

    /// Goes on with what was kept. What is not sold any more is chosen anew.
    fn restore(self, sold: &ServiceType, kept: Kept) {
        self.options.update(|options| {
            let is_sold = |(option, value): &(String, String)| {
                let values = sold.service_options.get(option);
                values.is_some_and(|values| values.contains(value))
            };
            options.extend(kept.options.into_iter().filter(is_sold));
        });
        self.in_days.set(kept.in_days);
        self.count.set(kept.count);
        self.length.set(kept.length);
        self.until.set(kept.until);
    }

    fn set_until(self, moment: String) {
        if !moment.is_empty() {
            self.length.set(String::new());
        }
        self.until.set(moment);
    }

    fn set_hours(self, hours: u64) {
        self.until.set(String::new());
        self.length.set(
            if self.in_days.get_untracked() {
                hours / 24
            } else {
                hours
            }
            .to_string(),
        );
    }

    /// What is typed (tracked).
    fn typed(self) -> Typed {
        let Kept {
            options,
            length,
            in_days,
            until,
            count,
        } = self.kept();
        Typed {
            options,
            length,
            in_days,
            until: (!until.is_empty()).then(|| {
                let moment = i18n::from_local_input(&until).and_then(|seconds| i64::try_from(seconds).ok());
                moment.ok_or(())
            }),
            count,
        }
    }
}

/// The form beside what it comes to. `children` stand below the form.
#[component]
pub fn OrderForm(
    first: Arc<ServiceType>,
    sold: Signal<Arc<ServiceType>>,
    line: Option<u64>,
    children: Children,
) -> impl IntoView {
    let app = use_app();
    // A line that has gone from the cart in the meantime is a new one.
    let line = line.filter(|line| untrack(|| app.cart.with(|cart| cart.line(*line).is_some())));
    let form = untrack(|| {
        app.cart.with(|cart| {
            let line = line.and_then(|line| cart.line(line));
            Form::new(&first, line.map(|line| &line.choice))
        })
    });
    let place = Place::of(app.session, &format!("market/{}", first.id)).filter(|_| line.is_none());
    let offered = RwSignal::new(place.as_ref().and_then(Place::load::<Kept>));
    // What is nothing to be kept: what the form begins with, and what was put into the cart.
    let settled = StoredValue::new(untrack(|| form.kept()));
    let keeper = place.map(|place| {
        place.keep(move || match (offered.with(Option::is_some), form.kept()) {
            (true, _) => Keep::AsItIs,
            (false, kept) if settled.with_value(|settled| *settled == kept) => Keep::Nothing,
            (false, kept) => Keep::This(kept),
        })
    });
    let checked = Memo::new(move |_| Checked::of(&sold.get(), &form.typed(), minute(app)));
    let missing = move |option: &str| {
        let is_missing = checked.with(|checked| checked.missing.iter().any(|missing| missing == option));
        (is_missing && form.tried.get()).then(|| i18n::text(Text::MarketChooseOne).to_owned())
    };
    let mut options: Vec<_> = first
        .service_options
        .iter()
        .filter(|(_, values)| !values.is_empty())
        .collect();
    options.sort_by_key(|(option, _)| FIRST.iter().position(|first| first == option).unwrap_or(FIRST.len()));
    let fields = options
        .into_iter()
        .map(|(option, values)| {
            let name = option.clone();
            let (chosen, help, missed) = (option.clone(), option.clone(), option.clone());
            let changed = option.clone();
            view! {
                <ChoiceField
                    label=Signal::derive(move || option_name(&name))
                    values=values.clone()
                    chosen=Signal::derive(move || form.options.with(|options| options.get(&chosen).cloned().unwrap_or_default()))
                    on_choose=Callback::new(move |value: String| {
                        form.options
                            .update(|options| {
                                options.insert(changed.clone(), value);
                            });
                    })
                    none=Signal::derive(|| i18n::text(Text::MarketChoose).to_owned())
                    help=Signal::derive(move || option_help(&help, &form.options.get()))
                    error=Signal::derive(move || missing(&missed))
                />
            }
        })
        .collect_view();
    let length_error = Signal::derive(move || {
        let text = match checked.with(|checked| checked.length) {
            Err(LengthError::NotWhole) => Text::MarketNotWhole,
            Err(LengthError::Empty) if form.tried.get() => Text::MarketNoLength,
            _ => return None,
        };
        Some(i18n::text(text).to_owned())
    });
    let until_error = Signal::derive(move || {
        let text = match checked.with(|checked| checked.length) {
            Err(LengthError::Over) => Text::MarketOver,
            Err(LengthError::NoMoment) => Text::MarketNoMoment,
            _ => return None,
        };
        Some(i18n::text(text).to_owned())
    });
    let put = move |()| {
        settled.set_value(untrack(|| form.kept()));
        if let Some(keeper) = keeper {
            keeper.forget();
        }
    };
    let count_error = Signal::derive(move || {
        let is_wrong = checked.with(|checked| checked.count.is_none());
        is_wrong.then(|| i18n::text(Text::MarketNoCount).to_owned())
    });
    view! {
        // First what becomes of the draft: what would be typed meanwhile would be lost by going on with it.
        {move || {
            offered
                .get()
                .map(|draft: Draft<Kept>| {
                    let at = draft.at;
                    view! {
                        <DraftOffer
                            at
                            left_out=Signal::derive(|| i18n::text(Text::MarketDraft).to_owned())
                            on_continue=Callback::new(move |()| {
                                form.restore(&sold.get_untracked(), draft.content.clone());
                                offered.set(None);
                            })
                            on_discard=Callback::new(move |()| {
                                if let Some(keeper) = keeper {
                                    keeper.forget();
                                }
                                offered.set(None);
                            })
                        />
                    }
                })
        }}
        <div class="market-order" hidden=move || offered.with(Option::is_some)>
            <div class="stack">
                <section class="card card-body" aria-label=t(Text::MarketConfigure)>
                    <h2>{t(Text::MarketConfigure)}</h2>
                    <div class="market-fields">{fields}</div>
                    <h2>{t(Text::MarketHowLong)}</h2>
                    <Lengths disabled=false on_choose=Callback::new(move |hours| form.set_hours(hours)) />
                    <div class="market-fields">
                        <div class="market-length">
                            <Field
                                label=Signal::derive(|| i18n::text(Text::MarketDuration).to_owned())
                                value=form.length
                                mode="numeric"
                                error=length_error
                            />
                            <select
                                class="select"
                                aria-label=t(Text::MarketUnit)
                                on:change:target=move |event| form.in_days.set(event.target().value() == "days")
                            >
                                <option value="days" prop:selected=move || form.in_days.get()>{t(Text::MarketDays)}</option>
                                <option value="hours" prop:selected=move || !form.in_days.get()>{t(Text::MarketHours)}</option>
                            </select>
                        </div>
                        <MomentField
                            label=Text::MarketUntil
                            value=form.until
                            on_input=Callback::new(move |moment| form.set_until(moment))
                            error=until_error
                        />
                    </div>
                    <p class="field-help">{t(Text::MarketTimeHelp)}</p>
                    <div class="market-fields">
                        <Field
                            label=Signal::derive(|| i18n::text(Text::MarketNumber).to_owned())
                            value=form.count
                            mode="numeric"
                            help=Signal::derive(|| i18n::text(Text::MarketNumberHelp).to_owned())
                            error=count_error
                        />
                    </div>
                </section>
                {children()}
            </div>
            <section class="card card-body market-sum" aria-label=t(Text::MarketPrice)>
                <h2>{t(Text::MarketPrice)}</h2>
                <Price checked />
                <Actions app sold form checked line on_put=Callback::new(put) />
            </section>
        </div>
    }
}

/// What an option means, where the console knows it (tracked).
fn option_help(option: &str, chosen: &BTreeMap<String, String>) -> String {
    let options: ServiceOptions = chosen
        .iter()
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect();
    match option {
        "resourceUnit" => options.resource_unit().map_or_else(
            |_| String::new(),
            |size| {
                let values = [
                    ("memory", size.memory_gib().to_string()),
                    ("ports", size.ports().to_string()),
                ];
                let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
                i18n::text_with(Text::MarketSizeHelp, &values)
            },
        ),
        "persistStorage" => match options.resource_unit() {
            Ok(size) if options.has_persistent_storage() => {
                i18n::text_with(Text::MarketDiskHelp, &[("disk", &size.disk_gib().to_string())])
            }
            _ => i18n::text(Text::MarketNoDiskHelp).to_owned(),
        },
        "portSpecification" if options.lets_choose_host_ports() => i18n::text(Text::MarketPortsOwnHelp).to_owned(),
        "portSpecification" => i18n::text(Text::MarketPortsHelp).to_owned(),
        _ => String::new(),
    }
}

/// What it costs, taken apart.
#[component]
fn Price(checked: Memo<Checked>) -> impl IntoView {
    let wrong = |error: PriceError| view! { <p class="field-error">{why_no_price(error)}</p> }.into_any();
    let shown = move || {
        let Checked {
            quote, total, count, ..
        } = checked.get();
        let quote = match quote {
            None => return view! { <p class="soft">{t(Text::MarketNoPriceYet)}</p> }.into_any(),
            Some(Err(error)) => return wrong(error),
            Some(Ok(quote)) => quote,
        };
        let amount = match total {
            Some(Err(error)) => return wrong(error),
            Some(Ok(total)) => usd(total),
            None => "—".to_owned(),
        };
        view! {
            <dl class="sum market-quote">
                <dt>{t(Text::MarketPriceHour)}</dt>
                <dd class="number">{usd(quote.price)}</dd>
                <dt>{t(Text::MarketFactor)}</dt>
                <dd class="number">{format!("× {}", quote.factor.normalize())}</dd>
                <dt>{t(Text::MarketDuration)}</dt>
                <dd class="number">{format!("× {}", i18n::plural(Plural::ServiceHours, quote.hours))}</dd>
                {count
                    .filter(|count| *count > 1)
                    .map(|count| {
                        view! {
                            <dt>{t(Text::MarketOneOf)}</dt>
                            <dd class="number">{usd(quote.amount)}</dd>
                            <dt>{t(Text::MarketNumber)}</dt>
                            <dd class="number">{format!("× {count}")}</dd>
                        }
                    })}
                <dt class="sum-total">{t(Text::RenewTotal)}</dt>
                <dd class="number sum-total">{amount}</dd>
            </dl>
        }
        .into_any()
    };
    view! { <div aria-live="polite">{shown}</div> }
}

#[component]
fn Actions(
    app: App,
    sold: Signal<Arc<ServiceType>>,
    form: Form,
    checked: Memo<Checked>,
    line: Option<u64>,
    on_put: Callback<()>,
) -> impl IntoView {
    let navigate = use_navigate();
    let left = StoredValue::new(false);
    // Puts it into the cart; what is missing is said at its field, which gets the focus.
    let put = move || {
        let (typed, now) = (untrack(|| form.typed()), untrack(|| minute(app)));
        let choice = checked.with_untracked(|checked| checked.choice(&sold.get_untracked(), &typed, now));
        let Some(choice) = choice else {
            form.tried.set(true);
            request_animation_frame(|| {
                if let Ok(Some(field)) = document().query_selector(".market-order [aria-invalid='true']") {
                    use wasm_bindgen::JsCast;
                    let _ = field.dyn_ref::<web_sys::HtmlElement>().map(web_sys::HtmlElement::focus);
                }
            });
            return false;
        };
        match line {
            Some(line) => app.cart.replace(app, line, choice),
            None => app.cart.add(app, choice),
        }
        on_put.run(());
        true
    };
    let put_and_leave = move |_| {
        // A second click comes before the page has gone.
        if !left.get_value() && put() {
            left.set_value(true);
            navigate(&Page::Cart.path(), NavigateOptions::default());
        }
    };
    let put_and_stay = move |_| {
        if put() {
            let services = untrack(|| app.cart.with(Contents::services)) as u64;
            toast(Tone::Good, untrack(|| i18n::plural(Plural::MarketInCart, services)));
        }
    };
    view! {
        <div class="market-actions">
            {if line.is_some() {
                view! {
                    <button class="button button-primary" type="button" on:click=put_and_leave>
                        {t(Text::MarketSave)}
                    </button>
                    <a class="button" href=Page::Cart.href()>{t(Text::ActionCancel)}</a>
                }
                    .into_any()
            } else {
                view! {
                    <button class="button button-primary" type="button" on:click=put_and_stay>
                        <Icon shape=Shape::Cart />
                        {t(Text::MarketAdd)}
                    </button>
                    <button class="button" type="button" on:click=put_and_leave>{t(Text::MarketOrderNow)}</button>
                }
                    .into_any()
            }}
        </div>
        <p class="field-help">{t(Text::MarketOrderHelp)}</p>
        {move || {
            let services = app.cart.with(Contents::services) as u64;
            (services > 0)
                .then(|| view! { <a href=Page::Cart.href()>{move || i18n::plural(Plural::MarketInCart, services)}</a> })
        }}
    }
}
