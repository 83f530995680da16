//! What letters, buttons and the palette act on, and what they have asked for. The shell shows it, pages take part in it.

use leptos::prelude::*;
use vcloud_api::types::UserService;

use super::edits::Part;
use super::pending::Operation;

/// How many of the latest choices of the palette are remembered while the console is open.
const RECENT: usize = 12;

/// The service that is worked on: the one of the page, or of the row that the cursor is on.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// The service.
    pub service: UserService,
    /// Its label; empty where there is none or it is not known.
    pub label: String,
    /// What can be written about it on this very page.
    pub in_place: Vec<Part>,
}

impl Target {
    /// How it is named to people: its label, else its id.
    pub fn name(&self) -> &str {
        if self.label.is_empty() {
            &self.service.id
        } else {
            &self.label
        }
    }
}

/// An operation that has to be confirmed before it is sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// Which.
    pub operation: Operation,
    /// The service's id.
    pub id: String,
    /// The service's label.
    pub label: String,
}

/// What a page is to begin with as soon as it is shown: not to be looked at only, as by its tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Begin {
    /// Another image for a container.
    Image,
    /// Changes of the configuration.
    Config,
    /// The e-mail address of the service.
    Email,
}

/// What is to be begun, where, and for which service.
#[derive(Clone)]
struct Begun {
    path: String,
    service: String,
    what: Begin,
}

/// A page's offer of a target, with the number that it is taken back by.
type Offer = (u32, Signal<Option<Target>>);

/// The shared part of all commands.
#[derive(Clone, Copy)]
pub struct Commands {
    offers: RwSignal<Vec<Offer>>,
    /// The operation that is asked about.
    pub asked: RwSignal<Option<Asked>>,
    /// The text of a service that is to be edited, until its field takes it.
    pub editing: RwSignal<Option<(String, Part)>>,
    begun: RwSignal<Option<Begun>>,
    /// Whether the list of letters is shown.
    pub help: RwSignal<bool>,
    /// Whether the palette is shown.
    pub palette: RwSignal<bool>,
    sending: RwSignal<Vec<String>>,
    recent: RwSignal<Vec<String>>,
}

impl Commands {
    /// Nothing asked for.
    pub fn new() -> Commands {
        Commands {
            offers: RwSignal::new(Vec::new()),
            asked: RwSignal::new(None),
            editing: RwSignal::new(None),
            begun: RwSignal::new(None),
            help: RwSignal::new(false),
            palette: RwSignal::new(false),
            sending: RwSignal::new(Vec::new()),
            recent: RwSignal::new(Vec::new()),
        }
    }

    /// Forgets everything.
    pub fn clear(self) {
        self.asked.set(None);
        self.editing.set(None);
        self.begun.set(None);
        self.help.set(false);
        self.palette.set(false);
        self.sending.set(Vec::new());
        self.recent.set(Vec::new());
    }

    /// Offers a service to act on for as long as the current owner lives. The latest offer counts.
    pub fn offer(self, target: Signal<Option<Target>>) {
        let number = self
            .offers
            .with_untracked(|offers| offers.last().map_or(0, |(number, _)| number + 1));
        self.offers.update(|offers| offers.push((number, target)));
        on_cleanup(move || {
            self.offers
                .try_update(|offers| offers.retain(|(other, _)| *other != number));
        });
    }

    /// The service to act on (tracked).
    pub fn target(self) -> Option<Target> {
        let latest = self.offers.with(|offers| offers.last().map(|(_, target)| *target));
        latest.and_then(|target| target.get())
    }

    /// Whether a page offers services to act on at all (tracked).
    pub fn has_offer(self) -> bool {
        self.offers.with(|offers| !offers.is_empty())
    }

    /// Has the part of a service's page at this path begin with something.
    pub fn begin(self, path: String, service: &str, what: Begin) {
        let service = service.to_owned();
        self.begun.set(Some(Begun { path, service, what }));
    }

    /// Another path is shown: what was to be begun elsewhere is not any more.
    pub fn arrived(self, path: &str) {
        let is_elsewhere = self
            .begun
            .with_untracked(|begun| begun.as_ref().is_some_and(|begun| !path.ends_with(&begun.path)));
        if is_elsewhere {
            self.begun.set(None);
        }
    }

    /// Whether a part of a service's page is to begin with this (tracked). Who asks is who does it: it is not asked for any more.
    pub fn take(self, id: &str, what: Begin) -> bool {
        let is_meant = self.begun.with(|begun| {
            begun
                .as_ref()
                .is_some_and(|begun| begun.service == id && begun.what == what)
        });
        if is_meant {
            self.begun.set(None);
        }
        is_meant
    }

    /// Whether an operation on a service is on its way to the platform (tracked).
    pub fn is_sending(self, id: &str) -> bool {
        self.sending.with(|sending| sending.iter().any(|other| other == id))
    }

    /// An operation on a service is sent now, or was answered.
    pub fn set_sending(self, id: &str, is_sending: bool) {
        self.sending.update(|sending| {
            sending.retain(|other| other != id);
            if is_sending {
                sending.push(id.to_owned());
            }
        });
    }

    /// What was chosen in the palette, the latest first (tracked).
    pub fn recent(self) -> Vec<String> {
        self.recent.get()
    }

    /// Something was chosen in the palette.
    pub fn remember(self, chosen: &str) {
        self.recent.update(|recent| {
            recent.retain(|other| other != chosen);
            recent.insert(0, chosen.to_owned());
            recent.truncate(RECENT);
        });
    }
}
