//! What pages are composed of. A component knows no API: it is told what to show and tells what was asked for.

mod copy;
mod dialog;
mod field;
mod icon;
mod message;
mod popup;
mod toast;

pub use copy::{CopyButton, Copyable, copy_text, download};
pub use dialog::Confirm;
pub use field::{CheckField, Field, PasswordField, TextArea, fresh_id};
pub use icon::{Icon, Shape};
pub use message::{ErrorMessage, Message, Tone};
pub use popup::{Popup, PopupItem};
pub use toast::{Toasts, toast};
