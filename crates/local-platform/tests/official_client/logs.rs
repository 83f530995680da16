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
    let earlier = lines(
        &owner,
        &id,
        container,
        &["--start-timestamp", "0", "--end-timestamp", &(now - 3600).to_string()],
    );
    let all = lines(
        &owner,
        &id,
        container,
        &["--start-timestamp", "0", "--end-timestamp", "0"],
    );
    assert!(earlier.len() <= all.len() && all.len() > 3);
    assert!(all.starts_with(&earlier), "an end cuts off what came later");

    follow(&owner);
}

/// Follow a container that prints something every moment, and see that nothing is lost, doubled or garbled.
fn follow(owner: &Owner<'_>) {
    let client = &owner.client;
    let id = owner.buy(2, &container_options("Europe", 1, false, false));
    let deployment =
        json!({ "containers": [{ "name": "web", "imageName": "nginx:1.27", "resourceUnit": 1, "ports": [] }] });
    let file = client.file("deployment.json", &deployment.to_string());
    client.json(&["service", "deploy", &id, "--config-file", &file]);
    owner.running(&id);
    // With one container there is no need to name it.
    let before = client.run(&["service", "logs", &id]);
    assert_eq!(before.code, Some(0), "{before}");
    let before: Vec<&str> = before.stdout.lines().collect();
    let live = client.first_lines(&["service", "logs", &id, "--follow"], before.len() + 3);
    assert_eq!(
        &live[..before.len()],
        before,
        "following begins with what was printed before"
    );
    let after = client.run(&["service", "logs", &id]);
    let after: Vec<&str> = after.stdout.lines().collect();
    assert_eq!(after[..live.len()], live, "live lines are those that are kept");
    client.json(&["service", "refund", &id]);
}

/// The running service with the most containers, and their names.
fn busiest(owner: &Owner<'_>) -> (String, Vec<String>) {
    let listed = owner.client.json(&["service", "list", "--page-size", "100"]);
    let services = listed["list"].as_array().expect("services");
    services
        .iter()
        .map(|service| {
            let id = service["id"].as_str().expect("an id").to_owned();
            let status = owner.client.json(&["service", "status", &id]);
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
