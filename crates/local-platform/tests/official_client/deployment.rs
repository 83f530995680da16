//! From a usable service to running containers, and every way to change what runs.

use serde_json::{Value, json};

use crate::{
    market::{PROVIDER, net_error},
    orders::container_options,
    platform::eventually,
    scene::{Owner, Scene},
};

const REGION: &str = "Europe";

/// An image that the simulated registry gives only to those who log in.
const PRIVATE_IMAGE: &str = "alice/shop:1.2";

/// A configuration file with text that must survive unchanged.
const WEB_CONFIGURATION: &str = "server {\n    listen 80;\n    # 你好, \"world\"\n}\n";

/// Deploy two containers, look at them in every way, change them in every way.
pub fn deploy_and_change(scene: &Scene) {
    let owner = scene.owner();
    let client = &owner.client;
    let id = owner.buy(24, &container_options(REGION, 4, true, true));
    assert_eq!(owner.service(&id)["status"], "ServicePending");

    check_images(&owner, &id);
    let (web_port, cache_port) = free_ports(&owner, &id);

    let configuration = client.file("default.conf", WEB_CONFIGURATION);
    let mount = format!("/etc/nginx/conf.d/default.conf={configuration}");
    let deployment = json!({ "containers": [
        container("web", "nginx:1.27", 2, json!([{ "containerPort": 80, "hostPort": web_port, "protocol": "TCP" }]), "/my-data"),
        container("cache", "redis:7-alpine", 1, json!([{ "containerPort": 6379, "hostPort": cache_port }]), ""),
    ]});

    // What breaks a rule is refused, and nothing of it stays.
    let refused = |change: &dyn Fn(&mut Value)| {
        let mut wrong = deployment.clone();
        change(&mut wrong);
        let file = client.file("wrong.json", &wrong.to_string());
        let answer = client.json(&["service", "deploy", &id, "--config-file", &file]);
        assert_eq!(answer["status"], "failed", "accepted: {wrong}");
    };
    refused(&|wrong| wrong["containers"][0]["name"] = "Web".into());
    refused(&|wrong| wrong["containers"][1]["name"] = "web".into());
    refused(&|wrong| wrong["containers"][0]["resourceUnit"] = 9.into());
    refused(&|wrong| wrong["containers"][0]["mountPath"] = "".into());
    refused(&|wrong| wrong["containers"][1]["ports"][0]["containerPort"] = 80.into());
    refused(&|wrong| wrong["containers"][0]["envs"][0]["name"] = "1ST".into());
    let mut unknown = deployment.clone();
    unknown["containers"][1]["imageName"] = "nginx:does-not-exist".into();
    let file = client.file("unknown.json", &unknown.to_string());
    assert!(
        client
            .refused(&["service", "deploy", &id, "--config-file", &file])
            .contains("nginx:does-not-exist")
    );
    let private = ["service", "deploy", &id, "--config-file", &file, "--private-image"];
    assert!(client.refused(&private).contains("No credentials"));
    assert_eq!(owner.service(&id)["status"], "ServicePending");

    let file = client.file("deployment.json", &deployment.to_string());
    let deploy = [
        "service",
        "deploy",
        &id,
        "--config-file",
        &file,
        "--mount-config",
        &mount,
    ];
    assert_eq!(client.json(&deploy)["status"], "deployed");
    assert_eq!(owner.service(&id)["status"], "ServiceRunning");
    assert!(owner.listed("ServiceRunning", &id) && !owner.listed("ServicePending", &id));
    let status = owner.running(&id);
    check_status(&status, web_port, cache_port);

    let information = client.json(&["service", "deployment-info", &id]);
    for (index, name) in ["web", "cache"].iter().enumerate() {
        let (told, given) = (&information["containers"][index], &deployment["containers"][index]);
        assert_eq!(told["name"], *name);
        for field in ["imageName", "resourceUnit", "envs", "mountPath"] {
            assert_eq!(told[field], given[field], "{field} of {name}: {information}");
        }
        assert_eq!(told["ports"][0]["containerPort"], given["ports"][0]["containerPort"]);
        assert_eq!(told["ports"][0]["hostPort"], given["ports"][0]["hostPort"]);
        assert_eq!(told["ports"][0]["protocol"], "TCP", "TCP is the default");
    }
    assert_eq!(information["containers"][0]["config"], WEB_CONFIGURATION);
    assert_eq!(
        information["containers"][0]["configMountPath"],
        "/etc/nginx/conf.d/default.conf"
    );
    assert_eq!(client.json(&["service", "configmap", &id])["web"], WEB_CONFIGURATION);

    watch(&owner, &id);
    change_configuration(&owner, &id);
    change_image(&owner, &id);
    redeploy(&owner, &id, &deployment, web_port);
}

fn container(name: &str, image: &str, units: u32, ports: Value, mount_path: &str) -> Value {
    json!({
        "name": name,
        "imageName": image,
        "resourceUnit": units,
        "ports": ports,
        "envs": [{ "name": "GREETING", "value": "你好 = \"hello\"" }],
        "mountPath": mount_path,
        "command": [],
        "args": [],
        "configMountPath": "",
        "config": "",
    })
}

fn check_images(owner: &Owner<'_>, id: &str) {
    let available =
        |image: &str| owner.client.json(&["service", "check-image", id, "--image", image])["available"].clone();
    assert_eq!(available("nginx:1.27"), true);
    assert_eq!(available("docker.io/library/redis:7-alpine"), true);
    assert_eq!(
        available(PRIVATE_IMAGE),
        false,
        "a private image is not there without a login"
    );
    let login = |password: &str| {
        let options = ["--image", PRIVATE_IMAGE, "--username", "alice", "--password", password];
        let command: Vec<&str> = ["service", "check-image", id].into_iter().chain(options).collect();
        owner.client.json(&command)["available"].clone()
    };
    assert_eq!(login("token"), true);
    assert_eq!(login("wrong"), false);
    let missing = owner
        .client
        .run(&["service", "check-image", id, "--image", "nginx:does-not-exist"]);
    assert_eq!(missing.json()["available"], false);
    assert!(missing.stdout.contains("image does not exist."), "{missing}");
    let malformed = owner
        .client
        .run(&["service", "check-image", id, "--image", "Not An Image:1"]);
    assert_eq!(malformed.json()["available"], false);
    assert!(malformed.stdout.contains("image format not allow"), "{malformed}");
}

/// Two host ports that the region has free.
fn free_ports(owner: &Owner<'_>, id: &str) -> (u16, u16) {
    (31_000..32_000)
        .step_by(10)
        .find_map(|port| {
            let answer = owner.client.json(&[
                "service",
                "check-ports",
                id,
                "--port",
                &port.to_string(),
                "--port",
                &(port + 1).to_string(),
            ]);
            (answer["status"] == "NotOccupied").then_some((port, port + 1))
        })
        .expect("some ports are free")
}

fn check_status(status: &Value, web_port: u16, cache_port: u16) {
    let pod = &status["podStatus"];
    assert_eq!(pod["phase"], "Running");
    assert!(
        pod["hostIP"].as_str().is_some_and(|address| !address.is_empty()),
        "{status}"
    );
    assert_eq!(pod["containerStatuses"][0]["name"], "web");
    assert!(
        pod["containerStatuses"][0]["image"]
            .as_str()
            .is_some_and(|image| image.ends_with("nginx:1.27")),
        "{status}"
    );
    assert_eq!(pod["containerStatuses"][0]["restartCount"], 0);
    let containers = &status["podSpec"]["containers"];
    assert_eq!(containers[0]["ports"][0]["hostPort"], web_port);
    assert_eq!(containers[0]["ports"][0]["containerPort"], 80);
    assert_eq!(containers[1]["ports"][0]["hostPort"], cache_port);
    assert_eq!(containers[0]["resources"]["limits"]["memory"], "2Gi");
    assert!(
        containers[0]["env"]
            .as_array()
            .is_some_and(|env| env.contains(&json!({ "name": "GREETING", "value": "你好 = \"hello\"" }))),
        "{status}"
    );
}

/// Metrics and logs of what runs.
fn watch(owner: &Owner<'_>, id: &str) {
    let client = &owner.client;
    let usage = client.json(&["service", "monitor", id]);
    for name in ["web", "cache"] {
        assert!(usage["cpu"][name]["value"].is_number(), "{usage}");
        assert!(usage["memory"][name]["value"].is_number(), "{usage}");
    }
    assert_eq!(usage["memory"]["web"]["limitValue"], 2_147_483_648_u64);
    for field in ["networkDownload", "networkUpload", "storage"] {
        assert!(usage[field]["value"].is_number(), "{field}: {usage}");
    }
    let web = client.json(&["service", "monitor", id, "--container", "web"]);
    assert!(web["cpu"]["web"].is_object() && web["cpu"]["cache"].is_null(), "{web}");

    let ambiguous = client.refused(&["service", "logs", id]);
    assert!(
        ambiguous.contains("web") && ambiguous.contains("cache"),
        "the client lists the containers: {ambiguous}"
    );
    let log = client.run(&["service", "logs", id, "--container", "web"]);
    assert_eq!(log.code, Some(0), "{log}");
    assert!(
        log.stdout.lines().count() > 2,
        "a web server says that it started: {log}"
    );
    net_or_http_error(&client.refused(&["service", "logs", id, "--container", "nobody"]));
}

/// Logs are not wrapped in the platform's error form by the client: it passes on status and body.
fn net_or_http_error(message: &str) {
    assert!(message.contains("HTTP 4"), "{message}");
}

/// New environment and file without a new deployment.
fn change_configuration(owner: &Owner<'_>, id: &str) {
    let client = &owner.client;
    let changed = "server { listen 8080; }\n";
    let change = json!({ "config": { "web": changed }, "environment": { "cache": { "MAXMEMORY": "64mb" } } });
    let file = client.file("change.json", &change.to_string());
    client.json(&["service", "update-config", id, "--config-file", &file]);
    assert_eq!(client.json(&["service", "configmap", id])["web"], changed);
    let status = owner.running(id);
    let environment = &status["podSpec"]["containers"][1]["env"];
    assert!(
        environment
            .as_array()
            .is_some_and(|env| env.contains(&json!({ "name": "MAXMEMORY", "value": "64mb" }))),
        "{status}"
    );
    let stranger = json!({ "environment": { "nobody": { "A": "b" } } });
    let file = client.file("stranger.json", &stranger.to_string());
    net_error(&client.refused(&["service", "update-config", id, "--config-file", &file]));
}

/// Another tag of an image that runs.
fn change_image(owner: &Owner<'_>, id: &str) {
    let client = &owner.client;
    client.json(&["service", "update-image", id, "--image", "nginx:1.26"]);
    let status = eventually("the new image to run", || {
        let status = owner.running(id);
        let image = status["podStatus"]["containerStatuses"][0]["image"].as_str()?;
        image.ends_with("nginx:1.26").then(|| status.clone())
    });
    let other = &status["podStatus"]["containerStatuses"][1]["image"];
    assert!(
        other.as_str().is_some_and(|image| image.ends_with("redis:7-alpine")),
        "the other container keeps its image: {status}"
    );
    net_error(&client.refused(&["service", "update-image", id, "--image", "postgres:16"]));
}

/// A whole new deployment in place of the old one, with a private image.
fn redeploy(owner: &Owner<'_>, id: &str, earlier: &Value, web_port: u16) {
    let client = &owner.client;
    let mut deployment = earlier.clone();
    let containers = deployment["containers"].as_array_mut().expect("containers");
    containers.truncate(1);
    containers[0]["imageName"] = PRIVATE_IMAGE.into();
    containers[0]["configMountPath"] = "/usr/local/apache2/conf/extra.conf".into();
    containers[0]["configFile"] = client.file("extra.conf", "ServerName 例子\n").into();
    let file = client.file("update.json", &deployment.to_string());
    let update = ["service", "update", id, "--config-file", &file];
    assert!(client.refused(&update).contains("No credentials"));
    client.json(&["credential", "add", "--username", "alice", "--password", "token"]);
    assert_eq!(client.json(&update)["status"], "updated");
    let status = owner.running(id);
    let statuses = status["podStatus"]["containerStatuses"].as_array().expect("containers");
    assert_eq!(statuses.len(), 1, "{status}");
    assert!(
        statuses[0]["image"]
            .as_str()
            .is_some_and(|image| image.ends_with(PRIVATE_IMAGE)),
        "{status}"
    );
    assert_eq!(client.json(&["service", "configmap", id])["web"], "ServerName 例子\n");

    // Another tag of the private image, then the same deployment with another file in place of the one that it names.
    client.json(&[
        "service",
        "update-image",
        id,
        "--image",
        "alice/shop:1.3",
        "--private-image",
    ]);
    let other_file = client.file("other.conf", "ServerName other\n");
    let mount = format!("/usr/local/apache2/conf/other.conf={other_file}");
    let update = [
        "service",
        "update",
        id,
        "--config-file",
        &file,
        "--private-image",
        "--mount-config",
        &mount,
    ];
    assert_eq!(client.json(&update)["status"], "updated");
    assert_eq!(client.json(&["service", "configmap", id])["web"], "ServerName other\n");
    let information = client.json(&["service", "deployment-info", id]);
    assert_eq!(
        information["containers"][0]["configMountPath"],
        "/usr/local/apache2/conf/other.conf"
    );
    assert_eq!(information["containers"][0]["imageName"], PRIVATE_IMAGE);

    // Its own ports are no obstacle to the service itself, but they are to others of the region.
    let other = owner.buy(1, &container_options(REGION, 1, true, false));
    let ports = client.json(&["service", "check-ports", &other, "--port", &web_port.to_string()]);
    assert_eq!(ports["status"], "PortsOccupied", "{ports}");
    assert_eq!(ports["occupied"], json!([web_port]));
    let rival = container(
        "web",
        "nginx:1.27",
        1,
        json!([{ "containerPort": 80, "hostPort": web_port }]),
        "",
    );
    let file = client.file("rival.json", &json!({ "containers": [rival] }).to_string());
    let refused = client.refused(&[
        "service",
        "deploy",
        &other,
        "--provider",
        PROVIDER,
        "--config-file",
        &file,
    ]);
    assert!(refused.contains("PortsOccupied"), "{refused}");
    // Unused, it can be given back.
    client.json(&["service", "refund", &other]);
    eventually("the refund", || owner.listed("ServiceAbort", &other).then_some(()));
}
