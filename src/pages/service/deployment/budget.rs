//! What is used of what was bought, always in sight.

use leptos::prelude::*;
use vcloud_api::validate::Field as Part;

use super::editing::Editing;
use super::form::At;
use crate::components::{Icon, Shape};
use crate::i18n::{self, Text, t};

/// The bar, with the way on at its end.
#[component]
pub fn BudgetBar(editing: Editing, on_review: Callback<()>) -> impl IntoView {
    let budget = Memo::new(move |_| editing.checked.with(|checked| checked.budget));
    let count = Memo::new(move |_| editing.fields.containers.with(Vec::len));
    let full = Memo::new(move |_| u32::try_from(count.get()).is_ok_and(|count| count >= budget.get().units));
    let why_not = move || {
        full.get().then(|| {
            i18n::text_with(
                Text::DeployContainersUsedUp,
                &[("units", &budget.get().units.to_string())],
            )
        })
    };
    let wrong = move || {
        let parts = [Part::Containers, Part::ResourceUnit, Part::Ports];
        parts.map(|part| editing.error(None, move || Some(At::Part(part))))
    };
    let wrong = wrong();
    view! {
        <div class="deploy-budget">
            <div class="deploy-budget-row">
                <Gauge
                    name=Text::DeployUnits
                    used=Signal::derive(move || budget.get().units_used)
                    bought=Signal::derive(move || u64::from(budget.get().units))
                />
                <Gauge
                    name=Text::ContainersPorts
                    used=Signal::derive(move || budget.get().ports_used as u64)
                    bought=Signal::derive(move || u64::from(budget.get().ports))
                />
                {move || {
                    let budget = budget.get();
                    (budget.disk > 0)
                        .then(|| {
                            let key = if budget.mounted { Text::DeployDiskMounted } else { Text::DeployDiskWaits };
                            let text = i18n::text_with(key, &[("disk", &budget.disk.to_string())]);
                            let class = if budget.mounted { "badge badge-good" } else { "badge badge-warn" };
                            view! { <span class=class>{text}</span> }
                        })
                }}
                <div class="row spread">
                    <button
                        class="button"
                        type="button"
                        disabled=move || full.get()
                        title=why_not
                        on:click=move |_| editing.fields.add_container()
                    >
                        <Icon shape=Shape::Plus />
                        {t(Text::DeployAddContainer)}
                    </button>
                    <button class="button button-primary" type="button" on:click=move |_| on_review.run(())>
                        {t(Text::DeployReview)}
                        <Icon shape=Shape::Next />
                    </button>
                </div>
            </div>
            <div aria-live="polite">
                {wrong
                    .map(|error| {
                        view! { {move || error.get().map(|text| view! { <p class="field-error">{text}</p> })} }
                    })
                    .into_iter()
                    .collect_view()}
                {move || why_not().map(|why| view! { <p class="soft small">{why}</p> })}
            </div>
        </div>
    }
}

/// So much of so much.
#[component]
fn Gauge(name: Text, used: Signal<u64>, bought: Signal<u64>) -> impl IntoView {
    let text = move || {
        i18n::text_with(
            Text::DeployUsedOf,
            &[
                ("used", &i18n::number(used.get())),
                ("bought", &i18n::number(bought.get())),
            ],
        )
    };
    let share = move || {
        let (used, bought) = (used.get(), bought.get().max(1));
        (used.min(bought) * 100 / bought).to_string()
    };
    view! {
        <div class="deploy-gauge">
            <span><span class="soft">{t(name)}</span>" "<strong>{text}</strong></span>
            <div
                class="meter"
                class:meter-bad=move || { bought.get() < used.get() }
                role="meter"
                aria-label=t(name)
                aria-valuemin="0"
                aria-valuemax=move || bought.get().max(used.get()).max(1).to_string()
                aria-valuenow=move || used.get().to_string()
                aria-valuetext=text
            >
                <div class="meter-fill" style:width=move || format!("{}%", share())></div>
            </div>
        </div>
    }
}
