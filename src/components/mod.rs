//! What pages are composed of. A component knows no API: it is told what to show and tells what was asked for.

mod attention;
mod code;
mod copy;
mod dialog;
mod diff;
mod draft_offer;
mod editing;
mod editor;
mod field;
mod filter_choice;
mod icon;
mod inline_edit;
mod message;
mod pager;
mod popup;
mod qr;
mod toast;

pub use attention::lead_to;
pub use code::CodeView;
pub use copy::{CopyButton, Copyable, copy_text, download};
pub use dialog::{Confirm, Dialog};
pub use diff::DiffView;
pub use draft_offer::{ClosedDraft, DraftOffer};
pub use editor::Editor;
pub use field::{CheckField, ChoiceField, Field, PasswordField, TextArea, fresh_id};
pub use filter_choice::FilterChoice;
pub use icon::{Icon, Shape};
pub use inline_edit::{EditRules, InlineEdit, Unsaved, takes_text};
pub use message::{ErrorMessage, Message, Tone};
pub use pager::{PAGE_SIZES, Pager};
pub use popup::{Popup, PopupItem};
pub use qr::QrCode;
pub use toast::{Toasts, toast};
