//! What the console reads, as a table: one row an operation.

/// A page, the call that fills it, and what is seen when it has.
pub struct Read {
    /// The page; `{id}` stands for the service.
    pub route: &'static str,
    /// The path of the call.
    pub path: &'static str,
    /// What only data brings.
    pub seen: Seen,
}

/// How it is seen that data has come.
#[derive(Clone, Copy)]
pub enum Seen {
    /// A text of the console.
    Key(&'static str),
    /// A text of the platform.
    Text(&'static str),
}

const fn read(route: &'static str, path: &'static str, seen: Seen) -> Read {
    Read { route, path, seen }
}

pub const READS: [Read; 11] = [
    read("/services/running", "/api/v1/userService", Seen::Text("web-frontend")),
    read("/status", "/api/v1/userService", Seen::Text("web-frontend")),
    read("/service/{id}", "/api/v1/userService/*", Seen::Key("service.options")),
    read(
        "/service/{id}/containers",
        "/api/v1/k8s/pod/status",
        Seen::Key("container.running"),
    ),
    read(
        "/service/{id}/config",
        "/api/v1/k8s/pod/configmap",
        Seen::Key("config_files.edit"),
    ),
    read(
        "/service/{id}/deployment",
        "/api/v1/k8s/deployment/info",
        Seen::Key("deploy.add_container"),
    ),
    read("/notices", "/api/v1/k8s/notice", Seen::Key("notices.what")),
    read("/email", "/api/v1/contact/addressContact/get", Seen::Key("email.none")),
    read("/orders?status=filed", "/api/v1/order", Seen::Key("orders.empty_filed")),
    read("/market", "/api/v1/service/type", Seen::Text("Container Service")),
    read("/wallet", "/node/addresses/balance/details/*", Seen::Text("VSYS")),
];
