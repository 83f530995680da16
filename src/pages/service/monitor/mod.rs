//! What the service uses: live charts of processor, memory, network and disk, as a table, and as a file.

mod chart;
mod legend;
mod params;
mod plot;
mod table;
mod tools;
mod units;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use metrics::Measure;
use vcloud_api::types::{ResourceUnit, UserServiceStatus};

use super::data::ServiceData;
use crate::components::{Message, Tone};
use crate::i18n::{self, Text, t};
use crate::state::App;
use crate::state::monitor::Feed;
use crate::state::services::AccessError;
use chart::Chart;
use params::{Params, Span};

/// What a chart is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The processor, a line a container.
    Cpu,
    /// Memory against its limit, a line a container.
    Memory,
    /// Traffic in and out, of the whole service.
    Network,
    /// The disk, of the whole service.
    Storage,
}

impl Subject {
    const ALL: [Subject; 4] = [Subject::Cpu, Subject::Memory, Subject::Network, Subject::Storage];

    /// The heading of its chart.
    const fn title(self) -> Text {
        match self {
            Subject::Cpu => Text::MonitorCpu,
            Subject::Memory => Text::MonitorMemory,
            Subject::Network => Text::MonitorNetwork,
            Subject::Storage => Text::MonitorStorage,
        }
    }
}

/// Whose name a line has.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LineName {
    /// A container's.
    Container(String),
    /// One of the console's own.
    Known(LineKind),
}

/// A line that is not a container's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum LineKind {
    Download,
    Upload,
    Storage,
}

impl LineName {
    /// The name (tracked).
    fn text(&self) -> String {
        match self {
            LineName::Container(name) => name.clone(),
            LineName::Known(LineKind::Download) => i18n::text(Text::MonitorDownload).to_owned(),
            LineName::Known(LineKind::Upload) => i18n::text(Text::MonitorUpload).to_owned(),
            LineName::Known(LineKind::Storage) => i18n::text(Text::MonitorUsed).to_owned(),
        }
    }
}

/// One line of a chart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What it shows.
    pub measure: Measure,
    /// What it is called.
    pub name: LineName,
    /// Which of the colours it has; a container has the same in every chart.
    pub colour: usize,
}

impl Line {
    /// What limits it, where that is measured.
    fn limit(&self) -> Option<Measure> {
        match &self.measure {
            Measure::Memory(name) => Some(Measure::MemoryLimit(name.clone())),
            _ => None,
        }
    }

    /// The class with its colour. There are six; from the seventh on lines are dashed.
    fn class(&self) -> String {
        let dashed = if self.colour >= 6 { " series-dashed" } else { "" };
        format!("series-{}{dashed}", self.colour % 6 + 1)
    }
}

/// What the charts, the table and the tools share.
#[derive(Clone)]
pub struct View {
    /// What was measured.
    pub feed: Feed,
    /// What the address asks for.
    pub params: Memo<Params>,
    /// Changes the address.
    pub change: Callback<Params>,
    /// The containers that were measured, whichever is chosen.
    pub containers: Memo<Vec<String>>,
    /// The most bytes that the disk holds, where the service has one.
    pub disk: Option<f64>,
    /// The service's id.
    pub id: String,
}

impl View {
    /// The lines of a chart (tracked).
    fn lines(&self, subject: Subject) -> Vec<Line> {
        let chosen = self.params.with(|params| params.container.clone());
        let of_containers = |measure: fn(String) -> Measure| {
            self.containers.with(|names| {
                names
                    .iter()
                    .enumerate()
                    .filter(|(_, name)| chosen.is_empty() || **name == chosen)
                    .map(|(colour, name)| Line {
                        measure: measure(name.clone()),
                        name: LineName::Container(name.clone()),
                        colour,
                    })
                    .collect()
            })
        };
        let of_service = |measure: Measure, kind: LineKind, colour: usize| Line {
            measure,
            name: LineName::Known(kind),
            colour,
        };
        match subject {
            Subject::Cpu => of_containers(Measure::Cpu),
            Subject::Memory => of_containers(Measure::Memory),
            Subject::Network => vec![
                of_service(Measure::Download, LineKind::Download, 0),
                of_service(Measure::Upload, LineKind::Upload, 1),
            ],
            Subject::Storage => vec![of_service(Measure::Storage, LineKind::Storage, 0)],
        }
    }

    /// From when until when the charts show, in milliseconds since the Unix epoch (tracked).
    fn window(&self) -> (f64, f64) {
        self.feed.version();
        let span = self.params.with(|params| params.span);
        self.feed.with(|history| {
            let last = history.last_time().unwrap_or_default();
            let most = match span {
                Span::Minutes(minutes) => Some(u64::from(minutes) * 60),
                Span::All => None,
            };
            let elapsed = (last - history.time(0).unwrap_or(last)) / 1000.0;
            #[allow(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                clippy::cast_precision_loss
            )] // 60 hours at most.
            let length = metrics::window(elapsed.ceil() as u64, most) as f64 * 1000.0;
            (last - length, last)
        })
    }
}

/// The tab.
#[component]
pub fn MonitorTab(app: App, data: ServiceData) -> impl IntoView {
    // What is measured follows the service through its restarts, but not through what is only told anew.
    let state = Memo::new(move |_| {
        data.known().map(|known| {
            let disk = known
                .service
                .service_options
                .resource_unit()
                .ok()
                .filter(|_| known.service.service_options.has_persistent_storage())
                .map(ResourceUnit::disk_gib);
            (known.service.status.clone(), known.access.clone().err(), disk)
        })
    });
    let id = untrack(|| data.known())
        .map(|known| known.service.id.clone())
        .unwrap_or_default();
    move || match state.get() {
        Some((UserServiceStatus::Running, None, disk)) => {
            #[allow(clippy::cast_precision_loss)] // A few thousand GiB at most.
            let disk = disk.map(|gib| gib as f64 * 1_073_741_824.0);
            view! { <Measured app id=id.clone() disk /> }.into_any()
        }
        Some((UserServiceStatus::Running, Some(why), _)) => {
            let why = match why {
                AccessError::Sealed => i18n::text(Text::ExtensionSealed).to_owned(),
                AccessError::Foreign => i18n::text(Text::ServiceForeign).to_owned(),
                AccessError::Unusable(why) => why,
            };
            view! { <Message tone=Tone::Warn title=why /> }.into_any()
        }
        other => {
            let paused = other.is_some_and(|(status, ..)| status == UserServiceStatus::Stop);
            view! {
                <div class="card empty">
                    <h2>{t(Text::MonitorAbsentTitle)}</h2>
                    <p>{t(if paused { Text::ContainersPausedAdvice } else { Text::MonitorAbsentAdvice })}</p>
                </div>
            }
            .into_any()
        }
    }
}

#[component]
fn Measured(app: App, id: String, disk: Option<f64>) -> impl IntoView {
    let query = use_query_map();
    let params = Memo::new(move |_| query.with(Params::read));
    let navigate = use_navigate();
    let address = format!("/service/{id}/monitor");
    let change = Callback::new(move |params: Params| {
        let options = NavigateOptions {
            replace: true,
            scroll: false,
            ..NavigateOptions::default()
        };
        navigate(&format!("{address}{}", params.query()), options);
    });
    let feed = app.monitors.follow(app, &id);
    let containers = {
        let feed = feed.clone();
        Memo::new(move |_| {
            feed.version();
            feed.with(|history| history.containers().into_iter().map(str::to_owned).collect::<Vec<_>>())
        })
    };
    let view = View {
        feed,
        params,
        change,
        containers,
        disk,
        id,
    };
    // One moment is pointed at in all charts together.
    let cursor = chart::Cursor::new();
    let tools = view! { <tools::Tools app view=view.clone() /> };
    let is_table = Memo::new(move |_| params.with(|params| params.table));
    let body = move || {
        if is_table.get() {
            view! { <table::Samples view=view.clone() /> }.into_any()
        } else {
            let charts = Subject::ALL
                .map(|subject| view! { <Chart view=view.clone() subject cursor /> })
                .collect_view();
            view! { <div class="charts">{charts}</div> }.into_any()
        }
    };
    view! {
        <div class="stack">
            {tools}
            {body}
        </div>
    }
}
