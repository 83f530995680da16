//! What can be done with the service that is worked on, in one table: its letter in the guide, what it needs, where it leads.

use std::sync::Arc;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use vcloud_api::capability::{self, Action};

use crate::components::{Tone, toast};
use crate::i18n::{self, Text};
use crate::pages::{reasons, service};
use crate::route::{Page, Tab};
use crate::state::App;
use crate::state::commands::{Asked, Begin, Target};
use crate::state::edits::Part;
use crate::state::orders::Target as RefundTarget;
use crate::state::pending::Operation;

/// What a command does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Does {
    /// Opens a part of the service's page.
    Open(Tab),
    /// Opens the part where something is done, and begins with it.
    Begin(Begin),
    /// Asks before it is sent.
    Ask(Operation),
    /// Opens the field of a text.
    Edit(Part),
    /// Leads to the order of more time.
    Renew,
    /// Asks whether it is to be refunded.
    Refund,
}

/// One line of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Command {
    /// Its key.
    pub letter: char,
    /// What it is called.
    pub name: Text,
    /// What the service has to allow; nothing for what only looks.
    pub needs: Option<Action>,
    /// What it does.
    pub does: Does,
}

const fn command(letter: char, name: Text, needs: Option<Action>, does: Does) -> Command {
    Command {
        letter,
        name,
        needs,
        does,
    }
}

/// Every command, in the order of the guide. A letter that the guide uses for two things, by what the service is, has two lines.
#[rustfmt::skip]
pub const COMMANDS: &[Command] = &[
    command('d', Text::KeysDetail, None, Does::Open(Tab::Overview)),
    command('a', Text::KeysAccess, Some(Action::GetAccessToken), Does::Open(Tab::Access)),
    command('t', Text::KeysLogs, Some(Action::ReadLogs), Does::Open(Tab::Logs)),
    command('s', Text::KeysStatus, Some(Action::ViewStatus), Does::Open(Tab::Containers)),
    command('s', Text::KeysStart, Some(Action::Deploy), Does::Open(Tab::Deployment)),
    command('r', Text::KeysRestart, Some(Action::Restart), Does::Ask(Operation::Restart)),
    command('f', Text::KeysRefund, Some(Action::Refund), Does::Refund),
    command('g', Text::KeysRenew, Some(Action::Renew), Does::Renew),
    command('p', Text::KeysPause, Some(Action::Stop), Does::Ask(Operation::Pause)),
    command('q', Text::KeysResume, Some(Action::Start), Does::Ask(Operation::Resume)),
    command('b', Text::KeysDomains, Some(Action::ManageDomains), Does::Open(Tab::Domains)),
    command('h', Text::KeysImage, Some(Action::UpdateImage), Does::Begin(Begin::Image)),
    command('c', Text::KeysConfig, Some(Action::ViewConfig), Does::Open(Tab::Config)),
    command('u', Text::KeysUpdateConfig, Some(Action::UpdateConfig), Does::Begin(Begin::Config)),
    command('v', Text::KeysDeployment, Some(Action::UpdateDeployment), Does::Open(Tab::Deployment)),
    command('l', Text::KeysLabel, Some(Action::SetLabel), Does::Edit(Part::Label)),
    command('m', Text::KeysDescription, Some(Action::SetDescription), Does::Edit(Part::Description)),
    command('n', Text::KeysEmail, Some(Action::ManageEmail), Does::Begin(Begin::Email)),
];

impl Command {
    /// The command of a letter, in upper or lower case.
    pub fn of_letter(letter: char) -> Option<&'static Command> {
        let letter = letter.to_ascii_lowercase();
        COMMANDS.iter().find(|command| command.letter == letter)
    }

    /// What its letter means for a service: the line that the service allows, else the first one.
    pub fn fitting(&self, target: &Target) -> &'static Command {
        let mut of_letter = COMMANDS.iter().filter(|command| command.letter == self.letter);
        let first = of_letter.clone().next().unwrap_or(&COMMANDS[0]);
        let is_allowed = |command: &&Command| {
            command
                .needs
                .is_none_or(|action| capability::can(action, &target.service).is_ok())
        };
        of_letter.find(is_allowed).unwrap_or(first)
    }

    /// Why it can't be done with the service now (tracked).
    pub fn obstacle(&self, app: App, target: &Target) -> Option<&'static str> {
        let refused = self
            .needs
            .and_then(|action| capability::can(action, &target.service).err());
        if let Some(reason) = refused {
            return Some(reasons::text(reason));
        }
        match self.does {
            Does::Ask(_) | Does::Renew | Does::Refund if app.pending.of(&target.service.id).is_some() => {
                Some(i18n::text(Text::OperationWhyPending))
            }
            _ => None,
        }
    }

    /// The page that it leads to; none where it stays on the one shown.
    pub fn page(&self, target: &Target) -> Option<Page> {
        let id = target.service.id.clone();
        match self.does {
            Does::Open(tab) => Some(Page::Service(id, tab)),
            Does::Begin(Begin::Image) => Some(Page::Service(id, Tab::Containers)),
            Does::Begin(Begin::Config) => Some(Page::Service(id, Tab::Config)),
            Does::Begin(Begin::Email) => Some(Page::Service(id, Tab::Access)),
            Does::Ask(_) | Does::Refund => None,
            Does::Renew => Some(Page::Renew(vec![id])),
            Does::Edit(part) => (!target.in_place.contains(&part)).then_some(Page::Service(id, Tab::Overview)),
        }
    }
}

/// Makes the function that carries commands out on the service that is worked on. Call below the router.
pub fn runner(app: App) -> impl Fn(&Command) + Clone {
    let navigate = use_navigate();
    move |command| {
        let Some(target) = untrack(|| app.commands.target()) else {
            toast(Tone::Info, untrack(|| i18n::text(Text::KeysNoRow)).to_owned());
            return;
        };
        if let Some(why) = untrack(|| command.obstacle(app, &target)) {
            let name = untrack(|| i18n::text(command.name));
            let values = [("action", name), ("name", target.name()), ("reason", why)];
            toast(Tone::Warn, untrack(|| i18n::text_with(Text::KeysCannot, &values)));
            return;
        }
        match command.does {
            Does::Open(_) | Does::Renew => {}
            Does::Begin(what) => {
                if let Some(page) = command.page(&target) {
                    app.commands.begin(page.path(), &target.service.id, what);
                }
            }
            Does::Refund => {
                let target = RefundTarget {
                    service: target.service.clone(),
                    label: target.label.clone(),
                };
                app.orders.refund.set(Some(Arc::new(vec![target])));
            }
            Does::Ask(operation) => app.commands.asked.set(Some(Asked {
                operation,
                id: target.service.id.clone(),
                label: target.label.clone(),
            })),
            Does::Edit(part) => app.commands.editing.set(Some((target.service.id.clone(), part))),
        }
        if let Some(page) = command.page(&target) {
            navigate(&page.path(), NavigateOptions::default());
        }
    }
}

/// The icon of a command in lists of them.
pub fn icon(command: &Command) -> crate::components::Shape {
    use crate::components::Shape;
    match command.does {
        Does::Begin(Begin::Email) => Shape::Mail,
        Does::Open(Tab::Logs) => Shape::Wrap,
        Does::Open(Tab::Access) => Shape::Lock,
        Does::Open(_) | Does::Begin(_) => Shape::Box,
        Does::Ask(operation) => service::operation_shape(operation),
        Does::Edit(_) => Shape::Edit,
        Does::Renew => Shape::Clock,
        Does::Refund => Shape::Refund,
    }
}

#[cfg(test)]
mod tests {
    use vcloud_api::types::{UserService, UserServiceStatus};

    use super::*;

    fn target(in_place: Vec<Part>) -> Target {
        Target {
            service: UserService {
                id: "63a0".to_owned(),
                status: UserServiceStatus::Running,
                ..UserService::default()
            },
            label: String::new(),
            in_place,
        }
    }

    #[test]
    fn every_letter_means_one_thing_for_a_service() {
        let letters: Vec<char> = COMMANDS.iter().map(|command| command.letter).collect();
        for command in COMMANDS {
            for other in COMMANDS {
                if std::ptr::eq(command, other) || command.letter != other.letter {
                    continue;
                }
                let (Some(one), Some(two)) = (command.needs, other.needs) else {
                    panic!("{} means two things for every service", command.letter);
                };
                for status in [
                    UserServiceStatus::Pending,
                    UserServiceStatus::Running,
                    UserServiceStatus::Stop,
                    UserServiceStatus::Done,
                ] {
                    let both = capability::can_in(one, &status).and(capability::can_in(two, &status));
                    assert!(both.is_err(), "{} means two things for {status:?}", command.letter);
                }
            }
        }
        // These move the row cursor.
        assert!(!letters.contains(&'j') && !letters.contains(&'k'));
        for letter in letters {
            assert!(letter.is_ascii_lowercase());
            let found = Command::of_letter(letter.to_ascii_uppercase());
            assert!(found.is_some_and(|command| command.letter == letter));
        }
        assert_eq!(Command::of_letter('x'), None);
    }

    #[test]
    fn the_guides_letters_lead_where_they_say() {
        let of = |letter| Command::of_letter(letter).expect("a command");
        let page = |tab| Some(Page::Service("63a0".to_owned(), tab));
        let target = target(Vec::new());
        assert_eq!(of('T').page(&target), page(Tab::Logs));
        assert_eq!(of('D').page(&target), page(Tab::Overview));
        assert_eq!(of('A').page(&target), page(Tab::Access));
        assert_eq!(of('N').page(&target), page(Tab::Access));
        assert_eq!(of('B').page(&target), page(Tab::Domains));
        assert_eq!(of('H').page(&target), page(Tab::Containers));
        assert_eq!(of('C').page(&target), page(Tab::Config));
        assert_eq!(of('U').page(&target), page(Tab::Config));
        assert_eq!(of('V').page(&target), page(Tab::Deployment));
        assert_eq!(of('G').page(&target), Some(Page::Renew(vec!["63a0".to_owned()])));
        assert_eq!((of('F').does, of('F').page(&target)), (Does::Refund, None));
        assert_eq!(of('R').does, Does::Ask(Operation::Restart));
        assert_eq!(of('P').does, Does::Ask(Operation::Pause));
        assert_eq!(of('Q').does, Does::Ask(Operation::Resume));
        assert_eq!(of('R').page(&target), None);
    }

    #[test]
    fn s_starts_what_has_not_been_started_and_shows_the_status_of_all_else() {
        let status = Command::of_letter('S').expect("a command");
        assert_eq!(status.fitting(&target(Vec::new())).does, Does::Open(Tab::Containers));
        let mut usable = target(Vec::new());
        usable.service.status = UserServiceStatus::Pending;
        assert_eq!(status.fitting(&usable).does, Does::Open(Tab::Deployment));
        // Where neither is possible, the reason is that of the first.
        usable.service.status = UserServiceStatus::Done;
        assert_eq!(status.fitting(&usable).name, Text::KeysStatus);
    }

    #[test]
    fn a_text_is_edited_where_it_stands_or_on_the_services_page() {
        let label = Command::of_letter('L').expect("a command");
        assert_eq!(label.page(&target(vec![Part::Label])), None);
        let overview = Some(Page::Service("63a0".to_owned(), Tab::Overview));
        assert_eq!(label.page(&target(vec![Part::Description])), overview);
    }

    #[test]
    fn what_looks_needs_nothing_and_what_changes_needs_its_action() {
        for command in COMMANDS {
            let expected = match command.does {
                Does::Open(Tab::Overview) => None,
                Does::Ask(Operation::Restart) => Some(Action::Restart),
                Does::Ask(Operation::Pause) => Some(Action::Stop),
                Does::Ask(Operation::Resume) => Some(Action::Start),
                Does::Edit(Part::Label) => Some(Action::SetLabel),
                Does::Edit(Part::Description) => Some(Action::SetDescription),
                Does::Renew => Some(Action::Renew),
                Does::Refund => Some(Action::Refund),
                Does::Begin(Begin::Image) => Some(Action::UpdateImage),
                Does::Begin(Begin::Config) => Some(Action::UpdateConfig),
                Does::Begin(Begin::Email) => Some(Action::ManageEmail),
                Does::Open(_) => continue,
            };
            assert_eq!(command.needs, expected, "{}", command.letter);
        }
    }
}
