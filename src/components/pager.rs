//! Below a table: which rows are shown, and the way to the others.

use leptos::prelude::*;

use super::{Icon, Shape};
use crate::i18n::{self, Plural, Text, t};

/// The page sizes on offer; the first is the default.
pub const PAGE_SIZES: [u32; 3] = [20, 50, 100];

/// The range shown, the choice of a page size, and the buttons that turn the page.
#[component]
pub fn Pager(
    /// How many rows there are on all pages together.
    #[prop(into)]
    total: Signal<u32>,
    /// The page shown, from 1.
    #[prop(into)]
    page: Signal<u32>,
    /// Rows a page, one of [`PAGE_SIZES`].
    #[prop(into)]
    size: Signal<u32>,
    /// Called with the page to show.
    #[prop(into)]
    on_page: Callback<u32>,
    /// Called with the rows a page should have.
    #[prop(into)]
    on_size: Callback<u32>,
) -> impl IntoView {
    let pages = move || total.get().div_ceil(size.get()).max(1);
    let range = move || {
        let total = total.get();
        let first = ((page.get() - 1) * size.get() + 1).min(total);
        let last = (page.get() * size.get()).min(total);
        i18n::text_with(
            Text::PagerRange,
            &[
                ("first", &i18n::number(u64::from(first))),
                ("last", &i18n::number(u64::from(last))),
                ("total", &i18n::number(u64::from(total))),
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
                    {PAGE_SIZES
                        .map(|each| {
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
