//! What the platform can answer to a change: each is said in words, nothing that was typed is lost, what is shown stays true, and it
//! is sent again by hand alone.

mod checks;
mod forms;
mod left;
mod meanwhile;
mod operations;

use anyhow::Result;
use browser_tests::{BUTTON, Console, DIALOG, until};
use serde_json::{Value, json};

/// One answer of a host that is no consent.
struct Answer {
    /// The fault that has it answered, without the request that it strikes.
    fault: Value,
    /// The key of what it is called.
    title: &'static str,
    /// What the platform says in its own words, where they are shown.
    words: Option<String>,
}

impl Answer {
    /// A refusal by its code, with the platform's own words.
    fn code(code: u16, title: &'static str) -> Self {
        let words = format!("no, says {code}");
        let body = json!({ "error": { "code": code, "message": words } });
        Self {
            fault: json!({ "status": code, "body": body.to_string() }),
            title,
            words: Some(words),
        }
    }

    /// A page of something in front of the host.
    fn page(status: u16, title: &'static str) -> Self {
        Self {
            fault: json!({ "status": status, "body": "<h1>Welcome</h1>", "contentType": "text/html" }),
            title,
            words: None,
        }
    }

    /// Whether it leaves open what was done: only a refusal says that nothing was.
    fn leaves_open(&self) -> bool {
        ["error.server", "error.not_json"].contains(&self.title)
    }
}

/// What a host can answer, and what that is called.
fn answers() -> Vec<Answer> {
    vec![
        Answer::code(400, "error.refused"),
        Answer::code(401, "error.unauthorised"),
        Answer::code(403, "error.forbidden"),
        Answer::code(404, "error.not_found"),
        Answer::code(409, "error.refused"),
        Answer::code(411, "error.token_expired"),
        Answer::code(422, "error.token_inactive"),
        Answer::code(433, "error.token_deleted"),
        Answer::code(500, "error.server"),
        Answer::page(502, "error.server"),
        Answer::page(200, "error.not_json"),
    ]
}

/// Has requests answered so, until the faults are switched off.
async fn answer_with(console: &Console, (method, path): (&str, &str), answer: &Answer) -> Result<()> {
    let mut fault = answer.fault.clone();
    fault["method"] = json!(method);
    fault["path"] = json!(path);
    console.platform().fault(fault).await?;
    Ok(())
}

/// How often a request was sent.
async fn sent(console: &Console, (method, path): (&str, &str)) -> Result<usize> {
    let requests = console.requests_to(path).await?;
    let is_it = |url: &str| url.split('?').next().is_some_and(|url| url.ends_with(path));
    Ok(requests
        .iter()
        .filter(|request| request.method == method && is_it(&request.url))
        .count())
}

/// Presses a button of the open dialog, or of the page where none is open.
async fn press(console: &Console, name: &str) -> Result<()> {
    let dialog = console.all(DIALOG).await?.into_iter().next();
    console
        .click_within(dialog.as_ref().map(|dialog| &dialog.element), BUTTON, name)
        .await
}

/// Presses a button that asks first, and says yes to the question with that title: its button has the same name.
pub(super) async fn ask_and_confirm(console: &Console, name: &str, title: &str) -> Result<()> {
    console.click(BUTTON, name).await?;
    let dialog = console.find(DIALOG, title).await?;
    console.click_within(Some(&dialog), BUTTON, name).await
}

/// Has a page begin that asks for nothing again by itself, so that it goes on to show what was so when it was opened.
pub(super) async fn look_once(console: &Console) -> Result<()> {
    console.platform().configure(&json!({ "refreshSeconds": 3600 })).await
}

/// Has a page wait a thirtieth of the time for what takes longer than ten seconds: a host that never answers is given up soon.
async fn hurry(console: &Console) -> Result<()> {
    console
        .run(
            "const wait = window.setTimeout;
             window.setTimeout = (then, after, ...rest) => wait(then, after > 10000 ? after / 30 : after, ...rest);",
        )
        .await?;
    Ok(())
}

/// Closes the messages in the corner.
async fn dismiss(console: &Console) -> Result<()> {
    let name = console.t("action.dismiss");
    until("no message in the corner", async || {
        let shown = console
            .all(BUTTON)
            .await?
            .into_iter()
            .find(|button| button.name == name);
        let Some(shown) = shown else { return Ok(Some(())) };
        // Gone meanwhile is as good.
        let _ = shown.element.click().await;
        Ok(None)
    })
    .await
}
