use vcloud_api::types::{ServiceOptions, USER_SPECIFIED_PORTS};
use vcloud_api::validate::{DeploymentError, EnvNameError, Field, ImageError, NameError, PathError};

use super::*;

fn options(units: u32) -> ServiceOptions {
    [("resourceUnit", format!("{units}-Unit-Resource"))]
        .into_iter()
        .collect()
}

fn with(mut options: ServiceOptions, name: &str, value: &str) -> ServiceOptions {
    options.0.insert(name.to_owned(), value.to_owned());
    options
}

fn web() -> ContainerForm {
    ContainerForm {
        name: "web".into(),
        image: "nginx:1.27".into(),
        ..ContainerForm::empty()
    }
}

fn of(containers: Vec<ContainerForm>) -> Form {
    Form { containers }
}

fn port(container: &str, host: &str) -> PortForm {
    PortForm {
        container: container.into(),
        host: host.into(),
        udp: false,
    }
}

fn env(name: &str, value: &str) -> EnvForm {
    EnvForm {
        name: name.into(),
        value: value.into(),
        as_running: false,
    }
}

/// What is wrong with a container that was changed like this, in a service of four units.
fn wrong(change: impl Fn(&mut ContainerForm)) -> Vec<(At, Problem, bool)> {
    wrong_for(&options(4), change)
}

fn wrong_for(options: &ServiceOptions, change: impl Fn(&mut ContainerForm)) -> Vec<(At, Problem, bool)> {
    let mut container = web();
    change(&mut container);
    let checked = of(vec![container]).check(options);
    checked
        .wrong
        .into_iter()
        .map(|wrong| (wrong.at, wrong.problem, wrong.missing))
        .collect()
}

fn rule(field: Field, error: DeploymentError) -> (At, Problem, bool) {
    (At::Part(field), Problem::Rule(error), false)
}

fn missing(field: Field, error: DeploymentError) -> (At, Problem, bool) {
    (At::Part(field), Problem::Rule(error), true)
}

#[test]
fn a_name_is_lower_case_with_dashes_inside() {
    use DeploymentError::Name;
    for good in ["web", "w", "0", "web-1", &"a".repeat(63), " web "] {
        assert_eq!(wrong(|form| form.name = good.into()), [], "{good}");
    }
    for (bad, error) in [
        ("Web", NameError::Character { character: 'W' }),
        ("we b", NameError::Character { character: ' ' }),
        ("-web", NameError::Edge { character: '-' }),
        ("web-", NameError::Edge { character: '-' }),
        (&"a".repeat(64), NameError::TooLong { length: 64 }),
    ] {
        assert_eq!(
            wrong(|form| form.name = bad.into()),
            [rule(Field::Name, Name(error))],
            "{bad}"
        );
    }
    // Nothing typed yet is not held against anybody before they want to go on.
    assert_eq!(
        wrong(|form| form.name = " ".into()),
        [missing(Field::Name, Name(NameError::Empty))]
    );
}

#[test]
fn an_image_has_a_lower_case_path_and_no_digest() {
    use DeploymentError::Image;
    for good in [
        "nginx",
        "nginx:1.27",
        "localhost:5000/a/b:c",
        "ghcr.io/owner/name:v1",
        " nginx ",
    ] {
        assert_eq!(wrong(|form| form.image = good.into()), [], "{good}");
    }
    for bad in ["Nginx", "nginx@sha256:abc", "nginx:", "a//b", "host:0/a", "a b"] {
        let found = wrong(|form| form.image = bad.into());
        assert!(
            matches!(&found[..], [(At::Part(Field::Image), Problem::Rule(Image(_)), false)]),
            "{bad}: {found:?}"
        );
    }
    assert_eq!(
        wrong(|form| form.image = String::new()),
        [missing(Field::Image, Image(ImageError::Empty))]
    );
    // A tag alone is something, and wrong.
    assert_eq!(
        wrong(|form| form.image = ":1".into()),
        [rule(Field::Image, Image(ImageError::Empty))]
    );
}

#[test]
fn a_private_image_needs_a_user_and_a_token() {
    assert_eq!(
        wrong(|form| form.private = true),
        [
            missing(Field::Username, DeploymentError::NoUsername),
            missing(Field::Password, DeploymentError::NoPassword)
        ]
    );
    assert_eq!(
        wrong(|form| {
            form.private = true;
            form.username = "alice".into();
        }),
        [missing(Field::Password, DeploymentError::NoPassword)]
    );
    assert_eq!(
        wrong(|form| {
            form.private = true;
            form.password = "token".into();
        }),
        [missing(Field::Username, DeploymentError::NoUsername)]
    );
    assert_eq!(
        wrong(|form| {
            form.private = true;
            form.username = "alice".into();
            form.password = "token".into();
        }),
        []
    );
    // What was typed for a private image is not sent for a public one.
    let form = of(vec![ContainerForm {
        username: "alice".into(),
        password: "token".into(),
        ..web()
    }]);
    assert!(form.deployment().pvt_login[0].is_public());
    assert_eq!(usual_user("ghcr.io/owner/app:1"), "owner");
    assert_eq!(usual_user("alice/shop"), "alice");
    assert_eq!(usual_user("nginx"), "");
}

#[test]
fn units_are_whole_and_their_sum_is_what_was_bought() {
    for (units, error) in [
        ("1", None),
        ("4", None),
        (" 2 ", None),
        ("0", Some(false)),
        ("", Some(true)),
        ("1.5", Some(false)),
        ("-1", Some(false)),
    ] {
        let expected: Vec<_> = error
            .map(|missing| {
                (
                    At::Part(Field::ResourceUnit),
                    Problem::Rule(DeploymentError::NoUnits),
                    missing,
                )
            })
            .into_iter()
            .collect();
        assert_eq!(wrong(|form| form.units = units.into()), expected, "{units:?}");
    }
    assert_eq!(
        wrong(|form| form.units = "5".into()),
        [rule(
            Field::ResourceUnit,
            DeploymentError::TooManyUnits { sum: 5, units: 4 }
        )]
    );
    let sum = u64::from(u32::MAX);
    assert_eq!(
        wrong(|form| form.units = "99999999999999".into()),
        [rule(
            Field::ResourceUnit,
            DeploymentError::TooManyUnits { sum, units: 4 }
        )]
    );
    let cache = ContainerForm {
        name: "cache".into(),
        image: "redis:7".into(),
        ..ContainerForm::empty()
    };
    let two = of(vec![web(), cache]);
    assert_eq!(two.check(&options(2)).wrong, []);
    assert!(two.check(&options(1)).at(None, At::Part(Field::Containers)).is_some());
    assert!(of(vec![]).check(&options(1)).wrong[0].missing);
}

#[test]
fn ports_are_ports_once_and_as_many_as_were_bought() {
    let ports = |ports: &[&str]| {
        let ports: Vec<PortForm> = ports.iter().map(|number| port(number, "")).collect();
        wrong(move |form| form.ports = ports.clone())
    };
    assert_eq!(ports(&[]), []);
    assert_eq!(ports(&["1", "65535", "80", "443"]), []);
    for bad in ["0", "65536", "http", "-1", "99999999999"] {
        let found = ports(&[bad]);
        assert!(
            matches!(
                found[..],
                [(
                    At::Part(Field::ContainerPort(0)),
                    Problem::Rule(DeploymentError::NotAPort { .. }),
                    false
                )]
            ),
            "{bad}: {found:?}"
        );
    }
    assert_eq!(
        ports(&[""]),
        [missing(Field::ContainerPort(0), DeploymentError::NotAPort { port: 0 })]
    );
    assert_eq!(
        ports(&["80", "80"]),
        [rule(
            Field::ContainerPort(1),
            DeploymentError::SamePort { port: 80, first: 0 }
        )]
    );
    assert_eq!(
        ports(&["1", "2", "3", "4", "5"]),
        [rule(Field::Ports, DeploymentError::TooManyPorts { count: 5, units: 4 })]
    );
}

#[test]
fn host_ports_are_chosen_where_the_service_lets() {
    let free = with(options(4), "portSpecification", USER_SPECIFIED_PORTS);
    let hosts = |options: &ServiceOptions, hosts: &[&str]| {
        let ports: Vec<PortForm> = hosts
            .iter()
            .enumerate()
            .map(|(index, host)| port(&(80 + index).to_string(), host))
            .collect();
        wrong_for(options, move |form| form.ports = ports.clone())
    };
    assert_eq!(hosts(&free, &["1", "65535", ""]), []);
    assert_eq!(
        hosts(&free, &["0", "65536", "x"]),
        [
            rule(Field::HostPort(0), DeploymentError::NotAPort { port: 0 }),
            rule(Field::HostPort(1), DeploymentError::NotAPort { port: 65_536 }),
            rule(Field::HostPort(2), DeploymentError::NotAPort { port: 0 }),
        ]
    );
    assert_eq!(
        hosts(&free, &["30080", "30080"]),
        [rule(
            Field::HostPort(1),
            DeploymentError::SamePort { port: 30_080, first: 0 }
        )]
    );
    assert_eq!(
        hosts(&options(4), &["30080"]),
        [rule(Field::HostPort(0), DeploymentError::HostPortNotChosen)]
    );
    let mut form = of(vec![ContainerForm {
        ports: vec![port("80", "30080"), port("81", "")],
        ..web()
    }]);
    assert_eq!(form.drop_host_ports(), 1);
    assert_eq!(form.check(&options(4)).wrong, []);
}

#[test]
fn variables_have_names_and_values() {
    use DeploymentError::{EmptyEnvValue, EnvName};
    for good in ["A", "_a", "-x", ".y", "LOG_LEVEL.2", " A "] {
        assert_eq!(wrong(|form| form.envs = vec![env(good, " ")]), [], "{good}");
    }
    for (bad, error) in [
        ("1A", EnvNameError::Digit { digit: '1' }),
        ("A B", EnvNameError::Character { character: ' ' }),
        ("A=", EnvNameError::Character { character: '=' }),
    ] {
        assert_eq!(
            wrong(|form| form.envs = vec![env(bad, "x")]),
            [rule(Field::EnvName(0), EnvName(error))],
            "{bad}"
        );
    }
    assert_eq!(
        wrong(|form| form.envs = vec![env("", "")]),
        [
            missing(Field::EnvName(0), EnvName(EnvNameError::Empty)),
            missing(Field::EnvValue(0), EmptyEnvValue)
        ]
    );
}

#[test]
fn the_disk_is_mounted_somewhere() {
    let disk = with(options(4), "persistStorage", "Yes");
    let mounted = |path: &str| wrong_for(&disk, |form| form.mount_path = path.into());
    assert_eq!(mounted("/data"), []);
    assert_eq!(mounted("/my-data/数据"), []);
    assert_eq!(
        mounted(""),
        [missing(Field::MountPath, DeploymentError::DiskNotMounted)]
    );
    for (bad, error) in [
        ("data", PathError::Relative),
        ("/", PathError::EmptySegment),
        ("/a//b", PathError::EmptySegment),
        ("/a/../b", PathError::Parent),
        ("/a b", PathError::WhiteSpace),
    ] {
        assert_eq!(
            mounted(bad),
            [rule(Field::MountPath, DeploymentError::Path(error))],
            "{bad}"
        );
    }
    // Without a disk a path is allowed and needed nowhere.
    assert_eq!(wrong(|form| form.mount_path = String::new()), []);
}

#[test]
fn a_config_file_has_a_path_and_a_text() {
    let config = |path: &str, text: &str| {
        let (path, text) = (path.to_owned(), text.to_owned());
        wrong(move |form| {
            form.config_path = path.clone();
            form.config = text.as_str().into();
        })
    };
    assert_eq!(config("/etc/nginx/nginx.conf", "worker_processes 1;"), []);
    assert_eq!(config("", ""), []);
    assert_eq!(
        config("/etc/app.yaml", ""),
        [missing(Field::Config, DeploymentError::EmptyConfig)]
    );
    assert_eq!(
        config("", "a: 1"),
        [(At::Part(Field::ConfigMountPath), Problem::ConfigWithoutPath, false)]
    );
    assert_eq!(
        config("/etc/", "a: 1"),
        [rule(
            Field::ConfigMountPath,
            DeploymentError::Path(PathError::EmptySegment)
        )]
    );
}

#[test]
fn a_command_line_closes_its_quotes() {
    let line = |typed: &str| LineForm {
        typed: typed.into(),
        came_as: None,
    };
    assert_eq!(wrong(|form| form.command = line("sh -c 'echo a b'")), []);
    assert_eq!(
        wrong(|form| form.command = line("sh -c 'echo")),
        [(At::Command, Problem::UnclosedQuote, false)]
    );
    assert_eq!(
        wrong(|form| form.args = line("a\\")),
        [(At::Args, Problem::UnclosedQuote, false)]
    );
    // One that came with an open quote goes back as it came while it is not changed.
    let came = CommandLine::Text("echo it's".into());
    let mut untouched = LineForm::from_line(&came);
    assert_eq!(untouched.line(), Some(came));
    untouched.typed.push('!');
    assert_eq!(untouched.line(), None);
}

#[test]
fn names_and_images_are_there_once() {
    let mut twice = of(vec![web(), web()]);
    let checked = twice.check(&options(4));
    let found: Vec<_> = checked.wrong.iter().map(|wrong| (wrong.container, wrong.at)).collect();
    assert_eq!(
        found,
        [(Some(1), At::Part(Field::Name)), (Some(1), At::Part(Field::Image))]
    );
    assert!(checked.has_wrong(1) && !checked.has_wrong(0));
    twice.containers[1].image = "nginx:1.26".into();
    twice.containers[1].name = "web-2".into();
    assert_eq!(twice.check(&options(4)).wrong, []);
    let copy = twice.containers[0].duplicate(&["web".into(), "web-2".into()]);
    assert_eq!(copy.name, "web-3");
}

#[test]
fn the_budget_says_what_is_used() {
    let mut form = of(vec![web()]);
    form.containers[0].units = "2".into();
    form.containers[0].ports = vec![port("80", ""), port("", "")];
    let bought = with(options(4), "persistStorage", "Yes");
    assert_eq!(
        form.check(&bought).budget,
        Budget {
            units_used: 2,
            units: 4,
            ports_used: 2,
            ports: 4,
            disk: 32,
            mounted: false
        }
    );
    assert!(form.check(&bought).budget.has_port());
    assert!(!form.check(&options(2)).budget.has_port());
    assert_eq!(form.check(&options(2)).budget.disk, 0);
}

fn running() -> Deployment {
    let mut form = of(vec![web()]);
    form.containers[0].envs = vec![env("TOKEN", "swordfish"), env("LEVEL", "debug")];
    form.containers[0].config_path = "/etc/app.yaml".into();
    form.containers[0].config = "pass: hunter2".into();
    form.containers[0].command = LineForm::from_line(&CommandLine::Text("node server.js".into()));
    form.deployment()
}

#[test]
fn a_deployment_comes_back_as_it_was() {
    let mut deployment = running();
    deployment.containers[0].ports = vec![
        Port {
            container_port: 53,
            host_port: Some(30_053),
            protocol: Protocol::Udp,
        },
        Port {
            container_port: 80,
            ..Port::default()
        },
    ];
    deployment.pvt_login[0] = Login {
        username: "alice".into(),
        password: "token".into(),
    };
    assert_eq!(Form::from_deployment(&deployment).deployment(), deployment);
    // The platform gives no passwords back: then the image is still private, and the token is missing.
    deployment.pvt_login[0].password = Confidential::default();
    let form = Form::from_deployment(&deployment);
    assert!(form.containers[0].private);
    assert!(
        form.check(&options(4))
            .at(Some(0), At::Part(Field::Password))
            .is_some_and(|wrong| wrong.missing)
    );
}

#[test]
fn a_draft_has_no_secrets_and_takes_back_what_runs() {
    let deployment = running();
    let mut form = Form::from_deployment(&deployment);
    form.containers[0].private = true;
    form.containers[0].password = "private-token".into();
    form.containers[0].envs[1].value = "changed".into();
    let draft = serde_json::to_string(&form.clone().draft(Some(&deployment))).expect("a draft");
    for secret in ["swordfish", "hunter2", "private-token", "changed", "debug"] {
        assert!(!draft.contains(secret), "{draft}");
    }
    assert!(draft.contains("TOKEN") && draft.contains("nginx:1.27"));
    let mut back: Form = serde_json::from_str(&draft).expect("a form");
    assert_eq!(back, form.clone().draft(Some(&deployment)).without_secrets());
    back.complete(Some(&deployment));
    let container = &back.containers[0];
    assert_eq!(container.envs[0].value.expose(), "swordfish");
    // What was typed and not kept is missing, not silently what runs.
    assert!(container.envs[1].value.is_empty() && container.password.is_empty());
    assert_eq!(container.config.expose(), "pass: hunter2");
    assert_eq!(container.command, form.containers[0].command);
    // Where nothing runs, nothing is filled in.
    let mut back: Form = serde_json::from_str(&draft).expect("a form");
    back.complete(None);
    assert!(back.containers[0].envs[0].value.is_empty());
}

#[test]
fn a_refusal_is_found_where_it_belongs() {
    let mut form = of(vec![web(), web()]);
    form.containers[1].name = "db".into();
    form.containers[1].image = "postgres:16".into();
    form.containers[1].ports = vec![port("5432", "30432")];
    let deployment = form.deployment();
    let at = |message: &str| located(message, &deployment).map(|wrong| (wrong.container, wrong.at));
    assert_eq!(
        at("image postgres:16 does not exist."),
        Some((Some(1), At::Part(Field::Image)))
    );
    assert_eq!(
        at("host port 30432 is occupied"),
        Some((Some(1), At::Part(Field::HostPort(0))))
    );
    assert_eq!(
        at("port 5432 is not allowed"),
        Some((Some(1), At::Part(Field::ContainerPort(0))))
    );
    assert_eq!(
        at("container 'db': out of luck"),
        Some((Some(1), At::Part(Field::Name)))
    );
    assert_eq!(at("the region has 5432 problems"), None);
    assert_eq!(at("out of luck"), None);
}
