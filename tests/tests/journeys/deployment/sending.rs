//! What is sent, and what becomes of it: started, updated, refused, failing.

use anyhow::Result;
use browser_tests::{BUTTON, CHECKBOX, LINK, Setup, journey, until};
use serde_json::{Value, json};

use super::{card, click, deployed, fill, kept, name_and_image, numbered, open, review, row, says, sent, value};

/// Makes sure that the two containers of the first journey are there as they were typed.
fn check_start(info: &Value) {
    let (web, cache) = (&info["containers"][0], &info["containers"][1]);
    assert_eq!(web["imageName"], "nginx:1.27");
    assert_eq!(
        web["ports"][0],
        json!({ "containerPort": 80, "hostPort": 30080, "protocol": "TCP" })
    );
    assert_eq!(web["envs"], json!([{ "name": "TOKEN", "value": "swordfish" }]));
    assert_eq!(web["args"], json!(["-g", "daemon off;"]));
    assert_eq!(
        (&web["configMountPath"], &web["config"]),
        (&json!("/etc/app/app.yaml"), &json!("mode: live"))
    );
    assert_eq!(
        (&cache["name"], &cache["mountPath"]),
        (&json!("cache"), &json!("/data"))
    );
}

#[tokio::test]
async fn a_usable_service_is_started_with_two_containers() -> Result<()> {
    journey(Setup::default(), async |console| {
        // Two units, a disk, and host ports to choose.
        console.open_demo("/services/usable").await?;
        let id = console.platform().service_in("North America", "ServicePending").await?;
        console
            .click(LINK, &console.t_with("deploy.start_what", &[("id", &id)]))
            .await?;
        console.wait_route(&format!("/service/{id}/deployment")).await?;
        console.page(console.t("deploy.start_title")).await?;
        console.accessible().await?;

        let first = numbered(console, "1");
        name_and_image(console, &first, "web", "nginx:1.27").await?;
        for (number, container, host) in [("1", "80", "30080"), ("2", "443", "")] {
            click(console, "web", "deploy.add_port").await?;
            fill(
                console,
                "web",
                &row(console, "deploy.container_port", number),
                container,
            )
            .await?;
            fill(console, "web", &row(console, "deploy.host_port", number), host).await?;
        }
        says(console, "web", console.t("deploy.ports_free")).await?;
        // All ports are used up, which is said.
        console
            .see(&console.t_with("deploy.ports_used_up", &[("ports", "2")]))
            .await?;
        click(console, "web", "deploy.add_variable").await?;
        fill(console, "web", &row(console, "deploy.variable_name", "1"), "TOKEN").await?;
        fill(console, "web", &row(console, "deploy.variable_value", "1"), "swordfish").await?;
        fill(console, "web", console.t("deploy.command"), "nginx").await?;
        fill(console, "web", console.t("deploy.args"), "-g 'daemon off;'").await?;
        click(console, "web", "deploy.add_config").await?;
        fill(console, "web", console.t("deploy.config_path"), "/etc/app/app.yaml").await?;
        fill(console, "web", console.t("deploy.config_file"), "mode: live").await?;

        console.click(BUTTON, console.t("deploy.add_container")).await?;
        let second = numbered(console, "2");
        name_and_image(console, &second, "cache", "redis:7").await?;
        console
            .see(&console.t_with("deploy.disk_waits", &[("disk", "16")]))
            .await?;
        fill(console, "cache", console.t("deploy.mount_path"), "/data").await?;
        console
            .see(&console.t_with("deploy.disk_mounted", &[("disk", "16")]))
            .await?;

        let dialog = review(console, "deploy.review_start").await?;
        console.accessible().await?;
        let text = dialog.text().await?;
        for part in [
            &id,
            "nginx:1.27",
            "TOKEN = ••••••",
            "30080",
            "/etc/app/app.yaml",
            "mode: live",
            "/data",
        ] {
            assert!(text.contains(part), "{part} is not in the review:\n{text}");
        }
        assert!(!text.contains("swordfish"), "{text}");
        assert!(
            sent(console).await?.is_empty(),
            "something was sent before it was confirmed"
        );
        console.click(BUTTON, console.t("deploy.send_start")).await?;
        console.page(console.t("deploy.progress")).await?;
        console.see(console.t("deploy.running")).await?;
        console.accessible().await?;
        assert_eq!(sent(console).await?.len(), 1, "it is sent once");

        let info = deployed(console, &id, "north-america").await?;
        let official = console.official().await?;
        let told = official.run(&["service", "deployment-info", &id]).await?;
        for info in [&info, &told] {
            check_start(info);
        }

        // The draft is gone, and the list has it where it belongs now.
        assert!(!kept(console).await?.contains("redis:7"), "the draft was not removed");
        console.click(LINK, console.t("list.running")).await?;
        console.find(LINK, &id).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_update_shows_what_changes_and_keeps_the_rest() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.open_demo("/services/running").await?;
        let id = console.platform().service_in("North America", "ServiceRunning").await?;
        console.click(LINK, &id).await?;
        console.click(LINK, console.t("deploy.update")).await?;
        console.page(console.t("deploy.update_title")).await?;
        says(console, "gateway", console.t("deploy.image_found")).await?;
        assert_eq!(
            value(console, "api", console.t("deploy.args")).await?,
            "server.js --port 3000"
        );
        let secret = row(console, "deploy.variable_value", "1");
        assert_eq!(value(console, "api", &secret).await?, "debug");
        assert!(
            !console.driver().source().await?.contains("debug"),
            "a value is in the document before it is asked for"
        );

        fill(console, "api", &secret, "warning").await?;
        fill(console, "gateway", console.t("deploy.image"), "nginx:1.28").await?;
        says(console, "gateway", console.t("deploy.image_found")).await?;
        let dialog = review(console, "deploy.review_update").await?;
        console.accessible().await?;
        until("the changes", async || {
            let text = dialog.text().await?;
            let new_value = format!("LOG_LEVEL = •••••• ({})", console.t("deploy.new_value"));
            let all = ["nginx:1.27-alpine", "nginx:1.28", &new_value];
            Ok(all.iter().all(|part| text.contains(part)).then_some(()))
        })
        .await?;
        let text = dialog.text().await?;
        assert!(!text.contains("warning") && !text.contains("debug"), "{text}");
        console.click(BUTTON, console.t("deploy.send_update")).await?;
        console.see(console.t("deploy.running")).await?;

        let official = console.official().await?;
        let info = official.run(&["service", "deployment-info", &id]).await?;
        assert_eq!(info["containers"][0]["imageName"], "nginx:1.28");
        assert_eq!(
            info["containers"][1]["envs"],
            json!([{ "name": "LOG_LEVEL", "value": "warning" }, { "name": "REDIS_HOST", "value": "localhost" }])
        );
        assert_eq!(info["containers"][2]["mountPath"], "/data");
        console.click(LINK, console.t("service.tab_containers")).await?;
        console.see("nginx:1.28").await
    })
    .await
}

#[tokio::test]
async fn a_container_that_does_not_come_up_says_why() -> Result<()> {
    journey(Setup::default(), async |console| {
        open(console, "Singapore", "ServiceRunning").await?;
        says(console, "importer", console.t("deploy.image_found")).await?;
        fill(console, "importer", &row(console, "deploy.variable_value", "1"), "1").await?;
        review(console, "deploy.review_update").await?;
        console.click(BUTTON, console.t("deploy.send_update")).await?;
        console.see("CrashLoopBackOff").await?;
        console.see(console.t("deploy.crashes")).await?;
        console.see(console.t("deploy.failing")).await?;
        console.accessible().await?;
        console.click(BUTTON, console.t("deploy.again")).await?;
        assert_eq!(
            value(console, "importer", &row(console, "deploy.variable_value", "1")).await?,
            "1"
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_refusal_of_the_platform_loses_nothing() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 400");
        console.expect_error("status of 503");
        let id = open(console, "Europe", "ServicePending").await?;
        let first = numbered(console, "1");
        name_and_image(console, &first, "web", "nginx:1.27").await?;
        let refusal = |status: u16, message: &str| {
            json!({
                "path": "/api/v1/k8s/deployment", "method": "POST", "status": status, "times": 1,
                "body": json!({ "error": { "code": status, "message": message } }).to_string(),
            })
        };
        console
            .platform()
            .fault(refusal(503, "the region is being moved"))
            .await?;
        review(console, "deploy.review_start").await?;
        console.click(BUTTON, console.t("deploy.send_start")).await?;
        console.see("the region is being moved").await?;
        console.click(BUTTON, console.t("deploy.back")).await?;
        console.see("the region is being moved").await?;
        console.accessible().await?;

        let message = "image nginx:1.27 does not exist.";
        console.platform().fault(refusal(400, message)).await?;
        review(console, "deploy.review_start").await?;
        console.click(BUTTON, console.t("deploy.send_start")).await?;
        console.see(message).await?;
        console.click(BUTTON, console.t("deploy.back")).await?;
        // Where it belongs, and only as long as nothing was changed.
        says(
            console,
            "web",
            &console.t_with("deploy.platform_says", &[("message", message)]),
        )
        .await?;
        assert_eq!(value(console, "web", console.t("deploy.image")).await?, "nginx:1.27");
        review(console, "deploy.review_start").await?;
        console.click(BUTTON, console.t("deploy.send_start")).await?;
        console.see(console.t("deploy.running")).await?;
        assert_eq!(deployed(console, &id, "europe").await?["containers"][0]["name"], "web");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn an_access_token_is_enough_to_update() -> Result<()> {
    journey(Setup::default(), async |console| {
        let id = console.platform().service_in("Helsinki", "ServiceRunning").await?;
        let token = console.platform().access_token(&id, "active").await?;
        console.goto(&format!("/service/{id}/deployment")).await?;
        console.sign_in_token(&token).await?;
        says(console, "collector", console.t("deploy.image_found")).await?;
        fill(
            console,
            "collector",
            console.t("deploy.image"),
            "vcloud/json-logger:2.5",
        )
        .await?;
        says(console, "collector", console.t("deploy.image_found")).await?;
        review(console, "deploy.review_update").await?;
        console.click(BUTTON, console.t("deploy.send_update")).await?;
        console.see(console.t("deploy.running")).await?;
        let info = deployed(console, &id, "helsinki").await?;
        assert_eq!(info["containers"][0]["imageName"], "vcloud/json-logger:2.5");
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_port_of_udp_is_sent_as_one() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 404");
        let id = open(console, "North America", "ServicePending").await?;
        let first = numbered(console, "1");
        name_and_image(console, &first, "game", "nginx:1.27").await?;
        fill(console, "game", console.t("deploy.mount_path"), "/data").await?;
        click(console, "game", "deploy.add_port").await?;
        fill(console, "game", &row(console, "deploy.container_port", "1"), "9000").await?;
        console.choose(&row(console, "deploy.protocol", "1"), "UDP").await?;
        let dialog = review(console, "deploy.review_start").await?;
        let text = dialog.text().await?;
        assert!(
            text.contains("9000") && text.contains("UDP") && !text.contains("TCP"),
            "{text}"
        );
        console.click(BUTTON, console.t("deploy.send_start")).await?;
        console.see(console.t("deploy.running")).await?;
        let official = console.official().await?;
        let info = official.run(&["service", "deployment-info", &id]).await?;
        let port = &info["containers"][0]["ports"][0];
        assert_eq!(
            (&port["containerPort"], &port["protocol"]),
            (&json!(9000), &json!("UDP"))
        );
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_private_image_needs_its_token_each_time() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 404");
        let id = open(console, "Europe", "ServicePending").await?;
        let first = numbered(console, "1");
        fill(console, &first, console.t("deploy.image"), "alice/shop:2").await?;
        fill(console, &first, console.t("deploy.name"), "shop").await?;
        says(console, "shop", console.t("deploy.image_missing")).await?;
        let private = card(console, "shop").await?;
        console
            .click_within(Some(&private), CHECKBOX, console.t("deploy.private"))
            .await?;
        let user = console.t("deploy.username");
        assert_eq!(
            value(console, "shop", user).await?,
            "alice",
            "the user name follows from the image"
        );
        fill(console, "shop", console.t("deploy.password"), "wrong").await?;
        says(console, "shop", console.t("deploy.image_denied")).await?;
        fill(console, "shop", console.t("deploy.password"), "hunter2").await?;
        says(console, "shop", console.t("deploy.image_found")).await?;
        let dialog = review(console, "deploy.review_start").await?;
        let text = dialog.text().await?;
        assert!(text.contains("alice ••••••") && !text.contains("hunter2"), "{text}");
        console.click(BUTTON, console.t("deploy.send_start")).await?;
        console.see(console.t("deploy.running")).await?;
        assert!(!kept(console).await?.contains("hunter2"));

        console.click(BUTTON, console.t("deploy.again")).await?;
        says(console, "shop", console.t("deploy.password_again")).await?;
        assert_eq!(value(console, "shop", console.t("deploy.password")).await?, "");
        console.click(BUTTON, console.t("deploy.review")).await?;
        says(console, "shop", console.t("deploy.no_password")).await?;
        assert_eq!(sent(console).await?.len(), 1);
        let info = deployed(console, &id, "europe").await?;
        assert_eq!(info["pvtLogin"][0]["username"], "alice");
        fill(console, "shop", console.t("deploy.password"), "hunter2").await?;
        says(console, "shop", console.t("deploy.image_found")).await?;
        fill(console, "shop", console.t("deploy.args"), "--verbose").await?;
        review(console, "deploy.review_update").await?;
        console.click(BUTTON, console.t("deploy.send_update")).await?;
        console.see(console.t("deploy.running")).await?;
        assert_eq!(sent(console).await?.len(), 2);
        // The official client shows what both came to.
        let official = console.official().await?;
        let info = official.run(&["service", "deployment-info", &id]).await?;
        assert_eq!(info["pvtLogin"][0]["username"], "alice");
        let container = &info["containers"][0];
        assert_eq!(
            (&container["imageName"], &container["args"]),
            (&json!("alice/shop:2"), &json!(["--verbose"]))
        );
        Ok(())
    })
    .await
}
