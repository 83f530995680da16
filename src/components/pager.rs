//! Which rows of a long table are shown, and the way to the others.

use leptos::prelude::*;

use super::{Icon, Shape};
use crate::i18n::{self, Plural, Text, t};

/// The pages of a table.
#[component]
pub fn Pager(
    /// The page shown, from 1.
    #[prop(into)]
    page: Signal<u32>,
    /// Rows a page.
    #[prop(into)]
    size: Signal<u32>,
    /// The sizes on offer.
    sizes: &'static [u32],
    /// How many rows there are in all.
    #[prop(into)]
    total: Signal<u32>,
    /// Called with the page to show.
    on_page: Callback<u32>,
    /// Called with the rows to show on a page.
    on_size: Callback<u32>,
) -> impl IntoView {
    let pages = move || total.get().div_ceil(size.get()).max(1);
    let range = move || {
        let first = (page.get() - 1) * size.get() + 1;
        let last = (page.get() * size.get()).min(total.get());
        i18n::text_with(
            Text::PagerRange,
            &[
                ("first", &i18n::number(u64::from(first))),
                ("last", &i18n::number(u64::from(last))),
                ("total", &i18n::number(u64::from(total.get()))),
            ],
        )
    };
    view! {
        <nav class="pager" aria-label=t(Text::PagerName)>
            <span class="soft" aria-live="polite">{range}</span>
            <div class="row">
                <select
                    class="select"
                    aria-label=t(Text::PagerSize)
                    prop:value=move || size.get().to_string()
                    on:change:target=move |event| {
                        if let Ok(size) = event.target().value().parse() {
                            on_size.run(size);
                        }
                    }
                >
                    {sizes
                        .iter()
                        .map(|each| {
                            let each = *each;
                            view! {
                                <option value=each.to_string() selected=move || size.get() == each>
                                    {move || i18n::plural(Plural::PagerRows, u64::from(each))}
                                </option>
                            }
                        })
                        .collect_view()}
                </select>
                <button
                    class="button"
                    type="button"
                    disabled=move || page.get() <= 1
                    on:click=move |_| on_page.run(page.get_untracked() - 1)
                >
                    <Icon shape=Shape::Previous />
                    {t(Text::PagerPrevious)}
                </button>
                <button
                    class="button"
                    type="button"
                    disabled=move || { page.get() >= pages() }
                    on:click=move |_| on_page.run(page.get_untracked() + 1)
                >
                    {t(Text::PagerNext)}
                    <Icon shape=Shape::Next />
                </button>
            </div>
        </nav>
    }
}
