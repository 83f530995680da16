//! What the console changes, as a table: one row an operation.

/// One thing that somebody does. `{id}` in a name stands for the service.
pub enum Step {
    /// Clicks what has this role and the text with this key, with more values in it.
    Click(&'static str, &'static str, &'static [(&'static str, &'static str)]),
    /// Types a text into the field whose label has this key, with more values in it.
    Fill(&'static str, &'static [(&'static str, &'static str)], &'static str),
    /// Waits for the question whether it is meant.
    Asked,
}

/// A change, from its page to what is seen when it was accepted.
pub struct Write {
    /// Region and status of the service that it is made to.
    pub service: (&'static str, &'static str),
    /// The page; `{id}` stands for the service.
    pub route: &'static str,
    /// What is done before it can be sent.
    pub begin: &'static [Step],
    /// The key of the button that sends it, in the dialog where there is one.
    pub send: &'static str,
    /// Method and path of its call.
    pub call: (&'static str, &'static str),
    /// The key of a text that is seen once it was accepted; nothing where what it was sent from goes.
    pub accepted: &'static str,
}

use Step::{Asked, Click, Fill};
use browser_tests::{BUTTON, CHECKBOX};

const RUNNING: &str = "ServiceRunning";

pub const WRITES: [Write; 10] = [
    Write {
        service: ("Helsinki", RUNNING),
        route: "/service/{id}",
        begin: &[
            Click(BUTTON, "overview_edit.label", &[("id", "{id}")]),
            Fill("service.label", &[], "kept-label"),
        ],
        send: "overview_edit.save",
        call: ("POST", "/api/v1/k8s/deployment/metadata/label"),
        accepted: "",
    },
    Write {
        service: ("Helsinki", RUNNING),
        route: "/service/{id}",
        begin: &[
            Click(BUTTON, "overview_edit.description", &[("id", "{id}")]),
            Fill("service.description", &[], "Kept words"),
        ],
        send: "overview_edit.save",
        call: ("POST", "/api/v1/k8s/deployment/metadata/annotation"),
        accepted: "",
    },
    Write {
        service: ("Tokyo", RUNNING),
        route: "/service/{id}",
        begin: &[Click(BUTTON, "operation.restart", &[]), Asked],
        send: "operation.restart",
        call: ("POST", "/api/v1/k8s/pod/restart"),
        accepted: "operation.sent",
    },
    Write {
        service: ("Hong Kong", RUNNING),
        route: "/service/{id}",
        begin: &[Click(BUTTON, "operation.pause", &[]), Asked],
        send: "operation.pause",
        call: ("POST", "/api/v1/k8s/pod/stop"),
        accepted: "operation.sent",
    },
    Write {
        service: ("Europe", "ServiceStop"),
        route: "/service/{id}",
        begin: &[Click(BUTTON, "operation.resume", &[]), Asked],
        send: "operation.resume",
        call: ("POST", "/api/v1/k8s/pod/start"),
        accepted: "operation.sent",
    },
    Write {
        service: ("Helsinki", RUNNING),
        route: "/service/{id}/domains",
        begin: &[
            Click(BUTTON, "domains.bind", &[]),
            Fill("domains.domain", &[], "kept.example.org"),
        ],
        send: "domains.bind_action",
        call: ("POST", "/api/v1/k8s/pod/ingress"),
        accepted: "",
    },
    Write {
        service: ("Europe", RUNNING),
        route: "/service/{id}/domains",
        begin: &[
            Click(CHECKBOX, "domains.select", &[("domain", "shop.example.com")]),
            Click(BUTTON, "domains.unbind_some.one", &[("count", "1")]),
            Asked,
        ],
        send: "domains.unbind_action",
        call: ("PATCH", "/api/v1/k8s/pod/ingress"),
        accepted: "",
    },
    Write {
        service: ("Helsinki", RUNNING),
        route: "/service/{id}/access",
        begin: &[
            Click(BUTTON, "email.bind", &[]),
            Fill("email.address", &[], "kept@example.org"),
        ],
        send: "email.send",
        call: ("POST", "/api/v1/contact/userServiceContact/bind/sendCode"),
        accepted: "email.code",
    },
    Write {
        service: ("Helsinki", RUNNING),
        route: "/email",
        begin: &[
            Click(BUTTON, "email.bind", &[]),
            Fill("email.address", &[], "owner@example.org"),
        ],
        send: "email.send",
        call: ("POST", "/api/v1/contact/addressContact/bind/sendCode"),
        accepted: "email.code",
    },
    Write {
        service: ("Europe", RUNNING),
        route: "/service/{id}/config",
        begin: &[
            Click(BUTTON, "config_files.edit", &[]),
            Fill("config_files.file_of", &[("container", "web")], "typed: by hand\n"),
            Click(BUTTON, "config_files.review", &[]),
        ],
        send: "config_files.send",
        call: ("PUT", "/api/v1/k8s/pod/update"),
        accepted: "config_files.saved",
    },
];
