//! How many accounts of the seed phrase are shown.

use leptos::prelude::*;

use crate::components::{Dialog, Field, Icon, Shape};
use crate::i18n::{self, Text, t};
use crate::state::App;
use crate::state::session::MOST_ACCOUNTS;

/// Why a number will not do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wrong {
    /// None from 1 to the most.
    Number,
    /// The account with this number is in use and would not be shown.
    InUse(u32),
}

/// What was typed as a number of accounts, while the account with the index `used` is in use.
fn wanted(typed: &str, used: u32) -> Result<u32, Wrong> {
    let number: u32 = typed.trim().parse().map_err(|_| Wrong::Number)?;
    if !(1..=MOST_ACCOUNTS).contains(&number) {
        Err(Wrong::Number)
    } else if number <= used {
        Err(Wrong::InUse(used + 1))
    } else {
        Ok(number)
    }
}

/// The dialog.
#[component]
pub fn NumberDialog(app: App, open: RwSignal<bool>) -> impl IntoView {
    view! {
        <Dialog open title=Signal::derive(|| i18n::text(Text::WalletNumberLabel).to_owned())>
            <Form app open />
        </Dialog>
    }
}

#[component]
fn Form(app: App, open: RwSignal<bool>) -> impl IntoView {
    let typed = RwSignal::new(untrack(|| app.session.addresses()).len().to_string());
    let wrong = RwSignal::new(None::<Wrong>);
    let submit = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        let used = untrack(|| app.session.account_index()).unwrap_or_default();
        match typed.with_untracked(|typed| wanted(typed, used)) {
            Ok(number) => {
                open.set(false);
                app.session.set_accounts(number);
            }
            Err(error) => wrong.set(Some(error)),
        }
    };
    let error = move || {
        wrong.get().map(|wrong| match wrong {
            Wrong::Number => i18n::text_with(Text::WalletNumberWrong, &[("most", &MOST_ACCOUNTS.to_string())]),
            Wrong::InUse(number) => i18n::text_with(Text::WalletNumberInUse, &[("number", &number.to_string())]),
        })
    };
    view! {
        <form class="form" on:submit=submit>
            <Field
                label=Signal::derive(|| i18n::text(Text::WalletNumberLabel).to_owned())
                help=Signal::derive(|| i18n::text(Text::WalletNumberAbout).to_owned())
                error=Signal::derive(error)
                value=typed
                mode="numeric"
            />
            <div class="dialog-actions">
                <button class="button" type="button" on:click=move |_| open.set(false)>{t(Text::ActionCancel)}</button>
                <button class="button button-primary" type="submit">
                    <Icon shape=Shape::Check />
                    {t(Text::WalletNumberAction)}
                </button>
            </div>
        </form>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_account_in_use_stays_shown() {
        assert_eq!(wanted(" 3 ", 2), Ok(3));
        assert_eq!(wanted("100", 0), Ok(100));
        assert_eq!(wanted("2", 2), Err(Wrong::InUse(3)));
        for typed in ["", "0", "101", "-1", "2.5", "two", "99999999999"] {
            assert_eq!(wanted(typed, 0), Err(Wrong::Number), "{typed}");
        }
    }
}
