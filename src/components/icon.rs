//! The icons: a few strokes on a 16 × 16 grid, decoration only. The control around an icon has the name.

use leptos::prelude::*;

/// Which icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Shape {
    Account,
    ArrowDown,
    ArrowUp,
    Box,
    Check,
    Clock,
    Close,
    Columns,
    Copy,
    Cross,
    Download,
    Follow,
    Info,
    Language,
    Lock,
    Menu,
    Next,
    Pause,
    Play,
    Plus,
    Previous,
    Receipt,
    Refresh,
    Refund,
    Restart,
    Search,
    Warning,
    Wrap,
}

impl Shape {
    const fn path(self) -> &'static str {
        match self {
            Shape::Account => {
                "M8 8.2a2.9 2.9 0 1 0 0-5.8 2.9 2.9 0 0 0 0 5.8ZM2.6 14c.6-2.7 2.7-4.1 5.4-4.1s4.8 1.4 5.4 4.1"
            }
            Shape::ArrowDown => "m4 6.2 4 4 4-4",
            Shape::ArrowUp => "m4 9.8 4-4 4 4",
            Shape::Box => "M2.5 5 8 2l5.5 3v6L8 14l-5.5-3V5Zm0 0L8 8l5.5-3M8 8v6",
            Shape::Check => "m3 8.5 3.3 3.3L13 5",
            Shape::Clock => "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12Zm0-9.4V8l2.4 1.6",
            Shape::Close => "m4 4 8 8m0-8-8 8",
            Shape::Columns => "M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10",
            Shape::Copy => "M5.5 5.5V2.6h8v8h-2.9M2.5 5.5h8v8h-8z",
            Shape::Cross => "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM5.9 5.9l4.2 4.2m0-4.2-4.2 4.2",
            Shape::Download => "M8 2.5v7.6m-3.2-3L8 10.3l3.2-3.2M2.8 13.4h10.4",
            Shape::Follow => "M8 2.4v8m-3.3-3L8 10.7l3.3-3.3M3 13.6h10",
            Shape::Info => "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12Zm0-6.7v3.6m0-6.1v.1",
            Shape::Language => {
                "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM2.2 8h11.6M8 2c1.7 1.7 2.5 3.7 2.5 6S9.700 12.300 8 14C6.300 12.300 5.500 10.300 5.500 8S6.300 3.700 8 2Z"
            }
            Shape::Lock => "M3.6 7.2h8.800v6.300H3.600zM5.300 7.200V5a2.700 2.700 0 0 1 5.400 0v2.200",
            Shape::Menu => "M2.500 4.200h11m-11 3.800h11m-11 3.800h11",
            Shape::Next => "m6.200 4 4 4-4 4",
            Shape::Pause => "M5.400 3.200v9.600m5.200-9.600v9.600",
            Shape::Play => "M4.800 3v10l7.800-5z",
            Shape::Plus => "M8 3v10M3 8h10",
            Shape::Previous => "m9.800 4-4 4 4 4",
            Shape::Receipt => "M3.5 2h9v12l-1.500-1-1.500 1-1.500-1-1.500 1-1.500-1-1.500 1ZM6 5.500h4M6 8.500h4",
            Shape::Refresh => {
                "M13.300 6.500A5.500 5.500 0 0 0 3.400 5M2.700 9.500A5.500 5.500 0 0 0 12.600 11M3.200 2.300V5h2.700m6.900 8.700V11h-2.700"
            }
            Shape::Refund => "M5.500 3 2.500 6l3 3M2.800 6h7a3.600 3.600 0 0 1 0 7.200H6",
            Shape::Restart => "M13.300 8A5.300 5.300 0 1 1 11.500 4L13.300 5.600m.1-3.200v3.300H10",
            Shape::Search => "M7.100 12.200a5.100 5.100 0 1 0 0-10.200 5.100 5.100 0 0 0 0 10.200Zm3.700-1.400 3 3",
            Shape::Warning => "M8 2.300 14.400 13.500H1.600L8 2.300Zm0 4.500v3.100m0 1.700v.1",
            Shape::Wrap => {
                "M2.500 4h11m-11 4h8.700a2.200 2.200 0 0 1 0 4.400H8m1.700-1.800L7.900 12.400l1.800 1.800M2.500 12.400h2.700"
            }
        }
    }
}

/// A decorative icon of the text's size and colour.
#[component]
pub fn Icon(shape: Shape) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
            <path d=shape.path()></path>
        </svg>
    }
}
