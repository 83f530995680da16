//! `vcloud service logs`: one look, and following.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::json;

use crate::{
    orders::container_options,
    scene::{Owner, Scene},
};

/// The demonstration's services: their logs in one look and followed.
pub fn read(scene: &Scene) {
    let owner = scene.owner();
    let (id, containers) = busiest(&owner);
    assert_eq!(
        containers.len(),
        3,
        "the demonstration has a service with three containers"
    );
    for container in &containers {
        let all = lines(&owner, &id, container, &[]);
        assert!(all.len() > 3, "{container} has printed {all:#?}");
        let tail = lines(&owner, &id, container, &["--tail-lines", "3"]);
        assert_eq!(tail.len(), 3, "{tail:#?}");
    }
    let container = containers[0].as_str();
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("the clock is set")
        .as_secs();
    let none = lines(
        &owner,
        &id,
        container,
        &["--start-timestamp", &(now + 3600).to_string()],
    );
    assert_eq!(none, Vec::<String>::new(), "nothing was printed in the future");
    let options = ["--start-timestamp", "0", "--end-timestamp", &(now - 60).to_string()];
    let earlier = lines(&owner, &id, container, &options);
    let all = lines(
        &owner,
        &id,
        container,
        &["--start-timestamp", "0", "--end-timestamp", "0"],
    );
    // A busy container has dropped its oldest lines by the second look.
    let dropped = earlier
        .iter()
        .position(|line| *line == all[0])
        .expect("the two looks overlap");
    assert!(
        all.starts_with(&earlier[dropped..]) && all.len() > earlier.len() - dropped,
        "an end cuts off what came later"
    );

    follow(&owner);
}

/// Follow containers that number their lines, and see that nothing is lost, doubled or garbled.
fn follow(owner: &Owner<'_>) {
    let client = &owner.client;
    let id = owner.buy(2, &container_options("Europe", 1, false, false));
    let deploy = |command: &str, rate: &str| {
        let deployment = json!({ "containers": [{
            "name": "counter",
            "imageName": "vcloud/counter:1",
            "resourceUnit": 1,
            "ports": [],
            "envs": [{ "name": "BURST", "value": "40" }, { "name": "RATE", "value": rate }],
        }]});
        let file = client.file("deployment.json", &deployment.to_string());
        client.json(&["service", command, &id, "--config-file", &file]);
        owner.running(&id);
    };

    deploy("deploy", "4");
    // With one container there is no need to name it.
    let follow = ["service", "logs", &id, "--follow"];
    let live = client.first_lines(&follow, 50);
    numbered(&live, 1);
    let kept = client.run(&["service", "logs", &id]);
    assert_eq!(kept.code, Some(0), "{kept}");
    let kept: Vec<&str> = kept.stdout.lines().collect();
    assert_eq!(kept[..live.len()], live, "following shows what one look shows");
    assert!(
        live.iter().any(|line| line.contains("回声")),
        "there is Chinese text among the lines: {live:#?}"
    );
    let last = client.first_lines(&["service", "logs", &id, "--follow", "--tail-lines", "5"], 10);
    numbered(&last, number(&last[0]));
    assert!(number(&last[0]) > 40, "{last:#?}");

    // A line every four seconds: longer than the client waits for a byte before it connects anew.
    deploy("update", "0.25");
    numbered(&client.first_lines(&follow, 43), 1);
    client.json(&["service", "refund", &id]);
}

/// Check that lines are numbered without a gap from `first` on.
fn numbered(lines: &[String], first: usize) {
    for (line, expected) in lines.iter().zip(first..) {
        assert_eq!(number(line), expected, "{lines:#?}");
    }
}

/// The number in a line of the counter.
fn number(line: &str) -> usize {
    let digits = line.strip_prefix("line ").and_then(|rest| rest.split(' ').next());
    digits
        .and_then(|digits| digits.parse().ok())
        .unwrap_or_else(|| panic!("no numbered line: {line:?}"))
}

/// The running service with the most containers, and their names.
fn busiest(owner: &Owner<'_>) -> (String, Vec<String>) {
    let listed = owner.client.json(&["service", "list", "--page-size", "100"]);
    let services = listed["list"].as_array().expect("services");
    services
        .iter()
        .map(|service| {
            let id = service["id"].as_str().expect("an id").to_owned();
            let provider = service["provider"].as_str().expect("a provider");
            let status = owner.client.json(&["service", "status", &id, "--provider", provider]);
            let containers = status["podStatus"]["containerStatuses"]
                .as_array()
                .cloned()
                .unwrap_or_default();
            (
                id,
                containers
                    .iter()
                    .filter_map(|container| container["name"].as_str().map(str::to_owned))
                    .collect::<Vec<_>>(),
            )
        })
        .max_by_key(|(_, containers)| containers.len())
        .expect("the demonstration has running services")
}

fn lines(owner: &Owner<'_>, id: &str, container: &str, options: &[&str]) -> Vec<String> {
    let mut command = vec!["service", "logs", id, "--container", container];
    command.extend(options);
    let run = owner.client.run(&command);
    assert_eq!(run.code, Some(0), "{run}");
    run.stdout.lines().map(str::to_owned).collect()
}
