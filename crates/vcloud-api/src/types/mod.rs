//! What the hosts answer and what they are sent, as the contract describes it.
//!
//! All types read and write the same JSON, so a server shares them. Reading is tolerant: unknown fields are ignored,
//! missing ones take their default, lists may be `null`, numbers may be strings, and an enumeration keeps a value that it
//! does not know. Times are Unix seconds, 0 where something has not happened.

mod category;
mod contact;
mod currency;
mod deployment;
mod monitor;
mod node;
mod notice;
mod order;
mod pagination;
mod pod;
mod provider;
mod region;
mod service_options;
mod service_type;
mod user_service;
mod version;

pub use category::Category;
pub use contact::{AddressContact, ContactCode, ContactRequest, ContactType};
pub use currency::{Currencies, Currency};
pub use deployment::{CommandLine, Container, Deployment, EnvVar, Login, Port, Protocol, UnclosedQuote};
pub use monitor::{CpuUsage, MemoryUsage, Monitor, Usage};
pub use node::{Balance, BalanceDetails, Proof, TokenBalance, Transaction, TransactionStatus};
pub use notice::Notice;
pub use order::{
    NewOrder, NewOrderItem, Order, OrderItem, OrderReceipt, OrderStatus, RefundRequest, RenewItem, RenewOrder,
};
pub use pagination::{MOST_PAGES, Page, PageRequest, Pagination};
pub use pod::{
    ContainerEnv, ContainerLimits, ContainerPort, ContainerResources, ContainerRunning, ContainerSpec, ContainerState,
    ContainerStateKind, ContainerStatus, ContainerTerminated, ContainerWaiting, Domain, PodPhase, PodSpec, PodState,
    PodStatus,
};
pub use provider::Provider;
pub use region::{
    Acknowledged, BindDomain, ConfigFiles, ConfigUpdate, DescriptionChange, ImageChange, LabelChange, PortCheck,
    PortCheckRequest, PortCheckStatus, Regions, UnbindDomains,
};
pub use service_options::{ParseResourceUnitError, ResourceUnit, ServiceOptions, USER_SPECIFIED_PORTS};
pub use service_type::{PriceSet, ServiceType};
pub use user_service::{OwnFields, SealedFields, SealedUserService, ServiceDetails, UserService, UserServiceStatus};
pub use version::ClientVersion;
