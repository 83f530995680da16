//! The table of a renewal: a service a row, its hours, its price, its new end.

use leptos::prelude::*;

use super::lines::Lines;
use super::plan::Line;
use crate::components::{Icon, Shape, fresh_id};
use crate::i18n::{self, Plural, Text, t};
use crate::pages::explain;
use crate::pages::money::{usd, why_no_price};
use crate::pages::reasons;
use crate::pages::status::StatusBadge;
use crate::route::{Page, Tab};
use crate::state::orders::Target;
use crate::state::{App, Remote};

/// The table.
#[component]
pub fn Rows(
    app: App,
    ids: Memo<Vec<String>>,
    lines: Lines,
    sending: Memo<bool>,
    is_made: Callback<String, bool>,
    on_drop: Callback<String>,
) -> impl IntoView {
    let headings = [
        (Text::RenewService, false),
        (Text::RenewExpires, false),
        (Text::RenewHours, false),
        (Text::RenewUntil, false),
        (Text::RenewPrice, true),
        (Text::RenewAmount, true),
        (Text::RenewNewExpiry, false),
    ];
    view! {
        <div class="table-frame">
            <table class="table table-cards renew-table" role="table" aria-label=t(Text::RenewServices)>
                <thead role="rowgroup">
                    <tr role="row">
                        {headings
                            .map(|(name, number)| view! { <th role="columnheader" scope="col" class:number=number>{t(name)}</th> })
                            .collect_view()}
                        <th role="columnheader" scope="col"><span class="visually-hidden">{t(Text::RenewLeaveOut)}</span></th>
                    </tr>
                </thead>
                <tbody role="rowgroup">
                    <For each=move || ids.get() key=String::clone let:id>
                        <Row app id lines sending is_made on_drop />
                    </For>
                </tbody>
            </table>
        </div>
    }
}

#[component]
fn Row(
    app: App,
    id: String,
    lines: Lines,
    sending: Memo<bool>,
    is_made: Callback<String, bool>,
    on_drop: Callback<String>,
) -> impl IntoView {
    let id = StoredValue::new(id);
    let kind = Memo::new(move |_| match id.with_value(|id| lines.target(id)) {
        None => 0,
        Some(Err(_)) => 1,
        Some(Ok(_)) => 2,
    });
    let leave_out = move || {
        view! {
            <td role="cell" class="renew-drop">
                <button
                    class="button button-quiet button-icon"
                    type="button"
                    aria-label=move || i18n::text_with(Text::RenewLeaveOutOf, &[("id", &id.get_value())])
                    title=t(Text::RenewLeaveOut)
                    disabled=sending
                    on:click=move |_| on_drop.run(id.get_value())
                >
                    <Icon shape=Shape::Close />
                </button>
            </td>
        }
    };
    view! {
        <tr role="row">
            {move || match kind.get() {
                0 => view! {
                    <td role="cell" data-label=t(Text::RenewService)><span class="mono">{id.get_value()}</span></td>
                    <td role="cell" colspan="6"><span class="skeleton"></span></td>
                    {leave_out()}
                }
                .into_any(),
                1 => view! { <FailedCells id lines /> {leave_out()} }.into_any(),
                _ => match untrack(|| id.with_value(|id| lines.target(id))) {
                    Some(Ok(target)) => view! { <Cells app target lines sending is_made /> {leave_out()} }.into_any(),
                    _ => ().into_any(),
                },
            }}
        </tr>
    }
}

/// The service could not be loaded.
#[component]
fn FailedCells(id: StoredValue<String>, lines: Lines) -> impl IntoView {
    let title = move || match id.with_value(|id| lines.target(id)) {
        Some(Err(error)) => explain(&error).title,
        _ => "",
    };
    view! {
        <td role="cell" data-label=t(Text::RenewService)><span class="mono">{id.get_value()}</span></td>
        <td role="cell" colspan="6">
            <span class="row">
                <span class="field-error" role="alert">{title}</span>
                <button class="button" type="button" on:click=move |_| id.with_value(|id| lines.retry(id))>
                    <Icon shape=Shape::Refresh />
                    {t(Text::ActionRetry)}
                </button>
            </span>
        </td>
    }
}

#[component]
fn Cells(
    app: App,
    target: Target,
    lines: Lines,
    sending: Memo<bool>,
    is_made: Callback<String, bool>,
) -> impl IntoView {
    let service = target.service.clone();
    let id = StoredValue::new(service.id.clone());
    let typed = lines.typed(&service.id);
    let line = Memo::new(move |_| id.with_value(|id| lines.line(id)));
    let provider = StoredValue::new(service.provider.clone());
    let is_locked = move || sending.get() || is_made.run(provider.get_value());
    let is_possible = !matches!(untrack(|| line.get()), Some(Line::NotPossible(_)));
    let error = move || {
        if typed.too_early.get() {
            return Some(i18n::text(Text::RenewTooEarly).to_owned());
        }
        match line.get() {
            Some(Line::NoHours) => Some(i18n::text(Text::RenewNoHours).to_owned()),
            Some(Line::NoPrice(error)) => Some(why_no_price(error).to_owned()),
            _ => None,
        }
    };
    let notes = fresh_id("renew");
    let described = notes.clone();
    let named = move |what: Text| move || format!("{}: {}", i18n::text(what), id.get_value());
    let quote = move || match line.get() {
        Some(Line::Priced(quote)) => Some(quote),
        _ => None,
    };
    let type_id = StoredValue::new(service.service_id.clone());
    let price = move || match quote() {
        Some(quote) => i18n::text_with(
            Text::RenewPriceOf,
            &[
                ("price", &quote.price.normalize().to_string()),
                ("factor", &quote.factor.normalize().to_string()),
            ],
        )
        .into_any(),
        None => match app.services.types.peek(&type_id.get_value()) {
            Remote::Failed(_) => view! {
                <button class="button" type="button" on:click=move |_| id.with_value(|id| lines.retry(id))>
                    <Icon shape=Shape::Refresh />
                    {t(Text::RenewRetryPrice)}
                </button>
            }
            .into_any(),
            Remote::Loading => view! { <span class="skeleton"></span> }.into_any(),
            Remote::Ready { .. } => "—".into_any(),
        },
    };
    let new_end = {
        let service = service.clone();
        move || match quote() {
            Some(quote) => i18n::date_time(service.end_after_renewal(app.clock.seconds(), quote.hours)),
            None => "—".to_owned(),
        }
    };
    let expires = service.end_at;
    let inputs = if is_possible {
        view! {
            <td role="cell" data-label=t(Text::RenewHours)>
                <div>
                    <input
                        class="input renew-hours"
                        type="text"
                        inputmode="numeric"
                        autocomplete="off"
                        aria-label=named(Text::RenewHours)
                        aria-describedby=described
                        aria-invalid=move || error().is_some().then_some("true")
                        disabled=is_locked
                        prop:value=move || typed.hours.get()
                        on:input:target=move |event| id.with_value(|id| lines.set_hours(id, &event.target().value()))
                    />
                    <div id=notes aria-live="polite">
                        {move || error().map(|text| view! { <p class="field-error">{text}</p> })}
                    </div>
                </div>
            </td>
            <td role="cell" data-label=t(Text::RenewUntil)>
                <input
                    class="input renew-until"
                    type="datetime-local"
                    aria-label=named(Text::RenewUntil)
                    disabled=is_locked
                    prop:value=move || typed.until.get()
                    on:input:target=move |event| id.with_value(|id| lines.set_until(id, &event.target().value()))
                />
            </td>
            <td role="cell" class="number" data-label=t(Text::RenewPrice)>{price}</td>
            <td role="cell" class="number renew-amount" data-label=t(Text::RenewAmount)>
                {move || quote().map_or_else(|| "—".to_owned(), |quote| usd(quote.amount))}
            </td>
            <td role="cell" data-label=t(Text::RenewNewExpiry)>{new_end}</td>
        }
        .into_any()
    } else {
        let reason = move || match line.get() {
            Some(Line::NotPossible(reason)) => reasons::text(reason),
            _ => "",
        };
        view! { <td role="cell" colspan="5" class="wrap" data-label=t(Text::RenewLeftOut)>{reason}</td> }.into_any()
    };
    view! {
        <td role="cell" data-label=t(Text::RenewService)>
            <div class="ask-name">
                {(!target.label.is_empty()).then(|| view! { <strong>{target.label.clone()}</strong> })}
                <a class="mono" href=Page::Service(service.id.clone(), Tab::Overview).href()>{service.id.clone()}</a>
                <span class="renew-state small soft">
                    <StatusBadge app service=service.clone() />
                    {service.provider.clone()}
                </span>
            </div>
        </td>
        <td role="cell" data-label=t(Text::RenewExpires)>
            {move || if expires > 0 { i18n::date_time(expires) } else { i18n::plural(Plural::ServiceHours, service.duration) }}
        </td>
        {inputs}
    }
}
