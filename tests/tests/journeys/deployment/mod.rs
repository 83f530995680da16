//! Deployments: starting a service, changing what runs in it, and what becomes of it.

mod drafts;
mod failing;
mod form;
mod import;
mod rules;
mod sending;

use anyhow::{Context as _, Result};
use browser_tests::{BUTTON, Console, DIALOG, TEXTBOX, until};
use serde_json::{Value, json};
use thirtyfour::{Key, WebElement};

/// Opens the form of the demo account's service of that status in that region.
async fn open(console: &Console, region: &str, status: &str) -> Result<String> {
    let id = console.platform().service_in(region, status).await?;
    console.open_demo(&format!("/service/{id}/deployment")).await?;
    console.find(BUTTON, console.t("deploy.review")).await?;
    Ok(id)
}

/// What a container is called before it has a name.
fn numbered(console: &Console, number: &str) -> String {
    console.t_with("deploy.container_number", &[("number", number)])
}

fn row(console: &Console, key: &str, number: &str) -> String {
    console.t_with(key, &[("number", number)])
}

/// The card of a container.
async fn card(console: &Console, container: &str) -> Result<WebElement> {
    console.find("region", container).await
}

/// Types into a field of a container's card.
async fn fill(console: &Console, container: &str, label: &str, text: &str) -> Result<()> {
    let field = console
        .find_within(Some(&card(console, container).await?), TEXTBOX, label)
        .await?;
    field.send_keys(Key::Control + "a").await?;
    field.send_keys(text).await?;
    Ok(())
}

async fn click(console: &Console, container: &str, key: &str) -> Result<()> {
    let card = card(console, container).await?;
    console.click_within(Some(&card), BUTTON, console.t(key)).await
}

/// What a card says.
async fn says(console: &Console, container: &str, text: &str) -> Result<()> {
    until(&format!("{container} to say \"{text}\""), async || {
        let card = card(console, container).await?;
        Ok(card.text().await?.contains(text).then_some(()))
    })
    .await
}

async fn value(console: &Console, container: &str, label: &str) -> Result<String> {
    let card = card(console, container).await?;
    let field = console.find_within(Some(&card), TEXTBOX, label).await?;
    Ok(field.prop("value").await?.unwrap_or_default())
}

/// Gives a container a name and an image that is there.
async fn name_and_image(console: &Console, container: &str, name: &str, image: &str) -> Result<()> {
    fill(console, container, console.t("deploy.image"), image).await?;
    fill(console, container, console.t("deploy.name"), name).await?;
    says(console, name, console.t("deploy.image_found")).await
}

/// Scrolls up to where the tabs and the bar are, below what stays in sight.
async fn to_top(console: &Console) -> Result<()> {
    console.run("window.scrollTo(0, 0)").await?;
    Ok(())
}

/// Opens the review.
async fn review(console: &Console, title: &str) -> Result<WebElement> {
    to_top(console).await?;
    console.click(BUTTON, console.t("deploy.review")).await?;
    console.find(DIALOG, console.t(title)).await
}

/// Gives a container another image that is there.
async fn another_image(console: &Console, container: &str, image: &str) -> Result<()> {
    fill(console, container, console.t("deploy.image"), image).await?;
    says(console, container, console.t("deploy.image_found")).await
}

/// Sends an update, by way of its review.
async fn update(console: &Console) -> Result<()> {
    review(console, "deploy.review_update").await?;
    console.click(BUTTON, console.t("deploy.send_update")).await
}

/// What the platform has in force, asked for with the service's own secret.
async fn deployed(console: &Console, service: &str, region: &str) -> Result<Value> {
    let token = json!({ "userServiceID": service, "state": "active" });
    let token = console.platform().post("/dev/tokens", &token).await?;
    let secret = token["secret"].as_str().context("no secret")?;
    let address = console.platform().address();
    let port = address.rsplit(':').next().context("no port")?;
    let answer = reqwest::Client::new()
        .get(format!("{address}/api/v1/k8s/deployment/info"))
        .header("host", format!("{region}.localhost:{port}"))
        .header("secret", secret)
        .send()
        .await?;
    Ok(answer.json().await?)
}

/// Requests that deploy something.
async fn sent(console: &Console) -> Result<Vec<Value>> {
    let requests = console.requests_to("/api/v1/k8s/deployment").await?;
    let bodies = requests
        .into_iter()
        .filter(|request| request.method == "POST")
        .map(|request| serde_json::from_str(&request.body));
    Ok(bodies.collect::<Result<_, _>>()?)
}

/// Everything that the browser keeps of the page.
async fn kept(console: &Console) -> Result<String> {
    let kept = console
        .run("return JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])")
        .await?;
    Ok(kept.as_str().context("no text")?.to_owned())
}

const COMPOSE: &str = "services:
  web:
    image: nginx:1.27
    ports: [\"8080:80\"]
    environment:
      TOKEN: swordfish
    restart: always
    healthcheck:
      test: curl localhost
  cache:
    image: redis:7
    volumes: [\"data:/data\"]
volumes:
  data:
";

/// Puts a text into a field as pasting does.
async fn paste(console: &Console, label: &str, text: &str) -> Result<()> {
    let field = console.field(label).await?;
    let script = format!(
        "const field = document.activeElement; field.value = {}; field.dispatchEvent(new Event('input', {{ bubbles: true }}))",
        Value::from(text)
    );
    field.focus().await?;
    console.run(&script).await?;
    Ok(())
}
