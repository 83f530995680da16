//! What pages are composed of. A component knows no API: it is told what to show and tells what was asked for.

mod copy;
mod dialog;
mod field;
mod icon;
mod message;
mod pager;
mod popup;
mod qr;
mod toast;

pub use copy::{CopyButton, Copyable, copy_text, download};
pub use dialog::{Confirm, Dialog};
pub use field::{CheckField, Field, PasswordField, TextArea, fresh_id};
pub use icon::{Icon, Shape};
pub use message::{ErrorMessage, Message, Tone};
pub use pager::{PAGE_SIZES, Pager};
pub use popup::{Popup, PopupItem};
pub use qr::QrCode;
pub use toast::{Toasts, toast};
