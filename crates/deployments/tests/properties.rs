//! Whatever is read, nothing panics; whatever is written is read back.

use std::fs;
use std::path::Path;

use deployments::export::export;
use deployments::import::{Format, Reason, import, import_as};
use deployments::syntax::{self, Syntax};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use vcloud_api::types::{CommandLine, Container, Deployment, EnvVar, Login, Port, Protocol};

/// Every file of the corpus.
fn corpus() -> Vec<String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
    let mut files = Vec::new();
    for folder in fs::read_dir(root).expect("the corpus") {
        for file in fs::read_dir(folder.expect("a folder").path()).expect("a folder") {
            let path = file.expect("a file").path();
            if !path.to_string_lossy().ends_with(".expected.json") {
                files.push(fs::read_to_string(path).expect("a text"));
            }
        }
    }
    assert!(!files.is_empty());
    files
}

/// Everything that reads texts, on one text.
fn read_everywhere(text: &str) {
    let _ = import(text);
    for format in Format::ALL {
        if let Ok(imported) = import_as(format, text) {
            assert!(!imported.deployment.containers.is_empty());
            // One login a container, but where the text itself has another number of them: that is for the rules to refuse.
            let logins = &imported.deployment.pvt_login;
            let is_one_each = logins.len() == imported.deployment.containers.len();
            assert!(is_one_each || logins.iter().any(|login| !login.is_public()));
            for format in Format::ALL {
                let written = export(format, &imported.deployment, "服务");
                assert!(import(&written).is_ok(), "{format:?}\n{written}");
            }
        }
    }
    let _ = deployments::env_file::parse(text);
    for syntax in [syntax::of_text(text), syntax::of_path(text), Syntax::Yaml, Syntax::Json] {
        let _ = syntax::check(syntax, text);
        let _ = syntax::highlight(syntax, text);
    }
}

/// What texts of all formats are made of.
const PIECES: &[&str] = &[
    "services:\n",
    "  web:\n",
    "    image: nginx\n",
    "    ports:\n",
    "      - \"80:80\"\n",
    "    environment:\n",
    "      A: b\n",
    "    volumes: [a:/b, ./c.conf:/c.conf]\n",
    "    configs: [x]\n",
    "configs: {x: {content: y}}\n",
    "    <<: *a\n",
    "x-a: &a\n",
    "    extends: web\n",
    "    deploy: {resources: {limits: {memory: 1g}}}\n",
    "apiVersion: v1\n",
    "kind: Pod\n",
    "spec:\n",
    "  containers:\n",
    "  - name: a\n",
    "    image: b\n",
    "---\n",
    "kind: List\n",
    "items:\n",
    "docker run ",
    "-p 80:80 ",
    "-e A=",
    "-v ",
    "--name ",
    "nginx ",
    "\\\n",
    "'",
    "\"",
    "$A",
    "${B:-",
    "}",
    "$(",
    "`",
    "cat > f <<EOF\n",
    "EOF\n",
    "{\"containers\": [",
    "{\"name\": \"a\", \"imageName\": \"b\"}",
    "]}",
    ",",
    ":",
    "[",
    "{",
    "\n",
    " ",
    "\t",
    "\r\n",
    "密",
    "#",
    "&",
    "*",
    "|\n",
    "%",
    "@",
    "\0",
    "\u{feff}",
    "99999999999999999999",
    "-1-",
    "/udp",
    "=",
];

fn container(index: usize) -> impl Strategy<Value = Container> {
    let text = "(?s)[\\PC\n\r\t$'\"\\\\]{0,12}|[a-z$'\"\\\\{}#: \n-]{0,8}";
    let name = prop::string::string_regex(&format!("[a-z][a-z0-9-]{{0,8}}x{index}")).expect("a pattern");
    let port = (1..=65_535_u32, prop::option::of(1..=65_535_u32), prop::bool::ANY).prop_map(
        |(container_port, host_port, udp)| Port {
            container_port,
            host_port,
            protocol: if udp { Protocol::Udp } else { Protocol::Tcp },
        },
    );
    let path = "(/[a-zA-Z0-9._:密-]{0,5}[a-z密]){1,3}";
    let words = prop::collection::vec(text, 0..4).prop_map(CommandLine::Words);
    (
        (
            name,
            "([a-z]{1,8}\\.io/)?[a-z]{1,6}(/[a-z]{1,6})?:[a-z0-9][a-z0-9.]{0,4}",
            1..64_u32,
        ),
        prop::collection::btree_map(1..=65_535_u32, port, 0..4),
        prop::collection::btree_map("[-._a-zA-Z][-._a-zA-Z0-9]{0,6}", text, 0..4),
        prop::option::of(path),
        prop::option::of((path, text)),
        prop::option::of("[-a-z/$' ]{1,8}"),
        words,
    )
        .prop_map(
            |((name, image_name, resource_unit), ports, envs, mount_path, config, command, args)| {
                let (config_mount_path, config) = config.unwrap_or_default();
                Container {
                    name,
                    image_name,
                    resource_unit,
                    ports: ports
                        .into_iter()
                        .map(|(container_port, port)| Port { container_port, ..port })
                        .collect(),
                    envs: envs
                        .into_iter()
                        .map(|(name, value)| EnvVar {
                            name,
                            value: value.into(),
                        })
                        .collect(),
                    mount_path: mount_path.unwrap_or_default(),
                    command: CommandLine::Words(command.into_iter().collect()),
                    args,
                    config_mount_path,
                    config,
                }
            },
        )
}

fn deployment() -> impl Strategy<Value = Deployment> {
    (
        container(1),
        prop::option::of(container(2)),
        prop::option::of(container(3)),
    )
        .prop_map(|(first, second, third)| {
            let containers: Vec<Container> = [Some(first), second, third].into_iter().flatten().collect();
            Deployment {
                pvt_login: vec![Login::public(); containers.len()],
                containers,
            }
        })
}

proptest! {
    #[test]
    fn no_text_panics(text in "(?s).{0,300}") {
        read_everywhere(&text);
    }

    #[test]
    fn no_text_of_likely_pieces_panics(pieces in prop::collection::vec(select(PIECES), 0..60)) {
        read_everywhere(&pieces.concat());
    }

    #[test]
    fn no_damaged_file_panics(file in any::<Index>(), damages in prop::collection::vec((any::<Index>(), 0..20_usize, select(PIECES)), 1..5)) {
        thread_local! {
            static CORPUS: Vec<String> = corpus();
        }
        let text = CORPUS.with(|files| file.get(files).clone());
        let mut characters: Vec<char> = text.chars().collect();
        for (at, length, piece) in damages {
            let at = at.index(characters.len() + 1);
            let end = (at + length).min(characters.len());
            characters.splice(at..end, piece.chars());
        }
        read_everywhere(&characters.into_iter().collect::<String>());
    }

    #[test]
    fn what_is_written_is_read_back(deployment in deployment()) {
        for format in Format::ALL {
            let written = export(format, &deployment, "svc-1");
            let read = import(&written).map_err(|error| TestCaseError::fail(format!("{format:?}: {error}\n{written}")))?;
            prop_assert_eq!(read.format, format);
            prop_assert_eq!(
                serde_json::to_value(&read.deployment).unwrap(),
                serde_json::to_value(&deployment).unwrap(),
                "{:?}\n{}", format, written
            );
            // Nothing is lost on the way, but what our own manifests say about the size of the disk.
            let lost: Vec<_> = read.not_carried.iter().filter(|item| item.reason.matters() && item.reason != Reason::UnitsDecide).collect();
            let is_known = |item: &&deployments::import::NotCarried| matches!(item.reason, Reason::HostName { .. });
            prop_assert!(lost.iter().all(is_known), "{:?}: {:?}\n{}", format, lost, written);
        }
    }
}

/// Texts of the greatest length that are built to take long.
#[test]
fn long_texts_do_not_take_long() {
    let length = deployments::import::LONGEST - 100;
    let filled = |head: &str, piece: &dyn Fn(usize) -> String| {
        let mut text = head.to_owned();
        let mut number = 0;
        while text.len() < length {
            text.push_str(&piece(number));
            number += 1;
        }
        text.truncate(text.floor_char_boundary(length));
        let end = text.rfind('\n').map_or(text.len(), |at| at + 1);
        text.truncate(end);
        text
    };
    let app = "services:\n  a:\n    image: b\n";
    let pod = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n";
    let texts = [
        filled("services:\n", &|number| format!("  a{number}: {{image: b}}\n")),
        filled("services:\n", &|number| {
            format!("  a{number}: {{image: b, container_name: a}}\n")
        }),
        filled(&format!("{app}    environment:\n"), &|number| {
            format!("      A{number}: b\n")
        }),
        filled(&format!("{app}    ports:\n"), &|_| "      - 1-256\n".to_owned()),
        filled(&format!("{app}    command: \"\n"), &|_| "      ${A:-\n".to_owned()),
        filled(&format!("{app}    labels:\n"), &|number| {
            format!("      l{number}: x\n")
        }),
        filled("services:\n  a0: {image: b}\n", &|number| {
            format!("  a{}: {{extends: a{number}}}\n", number + 1)
        }),
        filled(pod, &|_| "  - {name: a, image: b}\n".to_owned()),
        filled(&format!("{pod}  - name: a\n    env:\n"), &|number| {
            format!("    - {{name: A{number}, value: b}}\n")
        }),
        filled("docker run \\\n", &|number| format!("-e A{number}=b \\\n")),
        filled("", &|_| "docker run a\n".to_owned()),
        filled("docker run '\n", &|_| "$(((\n".to_owned()),
        filled("{\"containers\": [\n", &|_| "{\"a\": 1},\n".to_owned()),
    ];
    for text in texts {
        assert!(text.len() > length / 2);
        let _ = import(&text);
    }
    let too_long = "#".repeat(deployments::import::LONGEST + 1);
    assert!(matches!(
        import(&too_long),
        Err(deployments::import::ImportError::TooLarge)
    ));
}
