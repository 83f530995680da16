//! What is done with a page: tried as somebody would who can't wait, as what cannot be done at this moment is left.

use std::time::{Duration, Instant};

use anyhow::Result;
use browser_tests::Console;
use serde_json::json;

/// Holds the page's requests whose address has `window.holds` in it until they are let go.
pub const GATE: &str = "(() => {
    if (window.letGo) return;
    const real = window.fetch;
    const waiting = [];
    window.holds = null;
    window.held = 0;
    window.letGo = () => { window.holds = null; waiting.splice(0).forEach((go) => go()); };
    window.fetch = async (input, init) => {
        if (window.holds && (input.url ?? String(input)).includes(window.holds)) {
            window.held += 1;
            await new Promise((go) => waiting.push(go));
        }
        return real(input, init);
    };
})();";

/// Clicks the button that opens the review as often as asked within one moment, if it can be clicked.
const PAY: &str = "const button = document.querySelector('.from-account .button-primary:not(:disabled)');
    for (let i = 0; button && i < TIMES; i++) button.click(); return !!button;";

/// The same for the button that signs and pays. Where it was is remembered.
const CONFIRM: &str = "const button = document.querySelector('dialog[open] .dialog-actions .button-primary:not(:disabled)');
    if (button) { const { x, y, width, height } = button.getBoundingClientRect(); window.clicked = [x + width / 2, y + height / 2, button]; }
    for (let i = 0; button && i < TIMES; i++) button.click(); return !!button;";

/// Clicks once more what was clicked to pay, and what has come into its place.
const AGAIN: &str = "const [x, y, button] = window.clicked ?? [];
    for (let i = 0; button && i < TIMES; i++) { button.click(); document.elementFromPoint(x, y)?.click(); }
    document.querySelectorAll('.payment button:not(:disabled)').forEach((other) => { for (let i = 0; i < TIMES; i++) other.click(); });
    return true;";

/// Whether a script says yes.
pub async fn is_true(console: &Console, script: &str) -> Result<bool> {
    Ok(console.run(script).await? == json!(true))
}

/// Tries for a while; what cannot be done at this moment is left.
pub async fn attempt(console: &Console, script: &str, patience: Duration) -> Result<bool> {
    let deadline = Instant::now() + patience;
    while Instant::now() < deadline {
        if is_true(console, script).await? {
            return Ok(true);
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    Ok(false)
}

/// Asks for the review, if that can be done within `patience`.
pub async fn pay(console: &Console, times: u64, patience: Duration) -> Result<bool> {
    attempt(console, &PAY.replace("TIMES", &times.to_string()), patience).await
}

/// Confirms the payment, if that can be done within `patience`.
pub async fn confirm(console: &Console, times: u64, patience: Duration) -> Result<bool> {
    attempt(console, &CONFIRM.replace("TIMES", &times.to_string()), patience).await
}

/// Clicks more often what was clicked last.
pub async fn click_again(console: &Console, times: u64) -> Result<()> {
    console.run(&AGAIN.replace("TIMES", &times.to_string())).await?;
    Ok(())
}

/// Chooses what the order is paid in, the other one first; `false` where the page shows no choice in time.
pub async fn choose(console: &Console, token: bool, patience: Duration) -> Result<bool> {
    let script = format!(
        "const all = [...document.querySelectorAll('label.method input')];
         if (all.length < 2) return false;
         const wanted = {}; all[1 - wanted].click(); all[wanted].click(); return all[wanted].checked;",
        u8::from(token)
    );
    attempt(console, &script, patience).await
}

/// Has requests with this in their address held in the page, or lets all of them go.
pub async fn hold(console: &Console, part: Option<&str>) -> Result<()> {
    let script = match part {
        Some(part) => format!("window.held = 0; window.holds = {};", json!(part)),
        None => "window.letGo?.();".to_owned(),
    };
    console.run(&script).await?;
    Ok(())
}

/// Closes the other tabs.
pub async fn close_others(console: &Console) -> Result<()> {
    let here = console.driver().window().await?;
    for window in console.driver().windows().await? {
        if window != here {
            console.driver().switch_to_window(window).await?;
            console.driver().close_window().await?;
        }
    }
    console.driver().switch_to_window(here).await?;
    Ok(())
}

/// Goes on in another tab of the same browser; answers the one before.
pub async fn other_tab(console: &Console) -> Result<thirtyfour::WindowHandle> {
    let first = console.driver().window().await?;
    let other = console.driver().new_tab().await?;
    console.driver().switch_to_window(other).await?;
    Ok(first)
}
