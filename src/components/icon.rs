//! The icons: a few strokes on a 16 × 16 grid, decoration only. The control around an icon has the name.

use leptos::prelude::*;

/// Which icon.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Shape {
    Account,
    Activity,
    ArrowDown,
    ArrowUp,
    Bell,
    Box,
    Cart,
    Check,
    Clock,
    Close,
    Columns,
    Copy,
    Cross,
    Download,
    Edit,
    Eye,
    Filter,
    Follow,
    Info,
    Language,
    Lock,
    Mail,
    Menu,
    Minus,
    Next,
    Pause,
    Play,
    Plus,
    Previous,
    QrCode,
    Receipt,
    Refresh,
    Refund,
    Restart,
    Search,
    Trash,
    Upload,
    Wallet,
    Stop,
    Store,
    Tag,
    Warning,
    Wrap,
}

impl Shape {
    const fn path(self) -> &'static str {
        match self {
            Shape::Account => {
                "M8 8.2a2.9 2.9 0 1 0 0-5.8 2.9 2.9 0 0 0 0 5.8ZM2.6 14c.6-2.7 2.7-4.1 5.4-4.1s4.8 1.4 5.4 4.1"
            }
            Shape::Activity => "M1.600 8.600h2.900L6.400 3.200l3.400 9.600 1.800-4.200h2.800",
            Shape::ArrowDown => "m4 6.2 4 4 4-4",
            Shape::ArrowUp => "m4 9.8 4-4 4 4",
            Shape::Bell => "M4 11V7.2a4 4 0 0 1 8 0V11l1.2 1.4H2.800L4 11ZM6.600 14.200h2.800",
            Shape::Box => "M2.5 5 8 2l5.5 3v6L8 14l-5.5-3V5Zm0 0L8 8l5.5-3M8 8v6",
            Shape::Cart => {
                "M1.600 2.600h1.900l1.700 7.600h7l1.400-5.600H4M6.200 13.500a.8.8 0 1 0 0-1.600.8.8 0 0 0 0 1.600Zm5.200 0a.8.8 0 1 0 0-1.600.8.8 0 0 0 0 1.600Z"
            }
            Shape::Check => "m3 8.5 3.3 3.3L13 5",
            Shape::Clock => "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12Zm0-9.4V8l2.4 1.6",
            Shape::Close => "m4 4 8 8m0-8-8 8",
            Shape::Columns => "M2.5 3h11v10h-11zM6.2 3v10M9.8 3v10",
            Shape::Copy => "M5.5 5.5V2.6h8v8h-2.9M2.5 5.5h8v8h-8z",
            Shape::Cross => "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM5.9 5.9l4.2 4.2m0-4.2-4.2 4.2",
            Shape::Download => "M8 2.5v7.6m-3.2-3L8 10.3l3.2-3.2M2.8 13.4h10.4",
            Shape::Edit => "M3 13h2.600L13 5.600 10.400 3 3 10.400zM8.800 4.600l2.600 2.600",
            Shape::Eye => {
                "M1.600 8S4 3.600 8 3.600 14.400 8 14.400 8 12 12.400 8 12.400 1.600 8 1.600 8ZM8 9.900a1.900 1.900 0 1 0 0-3.800 1.900 1.900 0 0 0 0 3.800Z"
            }
            Shape::Filter => "M2.5 3.5h11M4.8 8h6.4M6.8 12.5h2.4",
            Shape::Follow => "M8 2.4v8m-3.3-3L8 10.7l3.3-3.3M3 13.6h10",
            Shape::Info => "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12Zm0-6.7v3.6m0-6.1v.1",
            Shape::Language => {
                "M8 14A6 6 0 1 0 8 2a6 6 0 0 0 0 12ZM2.2 8h11.6M8 2c1.7 1.7 2.5 3.7 2.5 6S9.700 12.300 8 14C6.300 12.300 5.500 10.300 5.500 8S6.300 3.700 8 2Z"
            }
            Shape::Lock => "M3.6 7.2h8.800v6.300H3.600zM5.300 7.200V5a2.700 2.700 0 0 1 5.400 0v2.200",
            Shape::Mail => "M2.200 3.600h11.600v8.800H2.200zM2.500 4l5.500 4.700L13.500 4",
            Shape::Menu => "M2.500 4.200h11m-11 3.800h11m-11 3.800h11",
            Shape::Minus => "M3 8h10",
            Shape::Next => "m6.200 4 4 4-4 4",
            Shape::Pause => "M5.400 3.200v9.600m5.200-9.600v9.600",
            Shape::Play => "M4.800 3v10l7.800-5z",
            Shape::Plus => "M8 3v10M3 8h10",
            Shape::Previous => "m9.800 4-4 4 4 4",
            Shape::QrCode => {
                "M2.500 2.500h4v4h-4zM9.500 2.500h4v4h-4zM2.500 9.500h4v4h-4zM9.500 9.500h1.500v1.500M13.500 9.500v1.500M9.500 13.500h1M13.500 13.500h-.500"
            }
            Shape::Receipt => "M3.5 2h9v12l-1.500-1-1.500 1-1.500-1-1.500 1-1.500-1-1.500 1ZM6 5.500h4M6 8.500h4",
            Shape::Refresh => {
                "M13.300 6.500A5.500 5.500 0 0 0 3.400 5M2.700 9.500A5.500 5.500 0 0 0 12.600 11M3.200 2.300V5h2.700m6.900 8.700V11h-2.700"
            }
            Shape::Refund => "M5.500 3 2.500 6l3 3M2.800 6h7a3.600 3.600 0 0 1 0 7.200H6",
            Shape::Restart => "M13.300 8A5.300 5.300 0 1 1 11.500 4L13.300 5.600m.1-3.200v3.300H10",
            Shape::Search => "M7.100 12.200a5.100 5.100 0 1 0 0-10.200 5.100 5.100 0 0 0 0 10.200Zm3.700-1.400 3 3",
            Shape::Trash => {
                "M2.800 4.500h10.400M6.200 4.300V2.600h3.600v1.700M4.200 4.700l.6 8.800h6.400l.6-8.800M6.700 7v4.200m2.600-4.200v4.200"
            }
            Shape::Upload => "M8 10.200V2.600m-3.200 3L8 2.400l3.200 3.200M2.800 13.400h10.400",
            Shape::Wallet => {
                "M2.500 4.500h9.500V2.800H3.500a1 1 0 0 0-1 1v8.400a1 1 0 0 0 1 1h10V4.500ZM10.500 8.800h.1"
            }
            Shape::Stop => "M4 4h8v8H4z",
            Shape::Store => {
                "M2.700 2.600h10.600l1 3.700a2 2 0 0 1-3.700.6 2.600 2.600 0 0 1-5.200 0 2 2 0 0 1-3.700-.6ZM3.200 8.700v4.700h9.600V8.700M6.500 13.400v-3h3v3"
            }
            Shape::Tag => "M2.600 2.600h5.200l5.800 5.800-5.200 5.200-5.800-5.800zM5.500 5.500v.1",
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
