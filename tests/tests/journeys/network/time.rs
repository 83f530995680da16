//! A device whose clock is wrong, and one that slept.

use anyhow::{Result, ensure};
use browser_tests::{BUTTON, Console, LOG_PATH, Setup, consecutive, journey, until};
use serde_json::json;
use thirtyfour::Key;

const CONTACT: &str = "/api/v1/contact/addressContact/get";

/// A page whose clock is ahead by `window.ahead` milliseconds: so many at the start.
fn ahead_by(milliseconds: i64) -> String {
    format!(
        "window.ahead = {milliseconds};
        const now = Date.now.bind(Date);
        Date.now = () => now() + window.ahead;"
    )
}

/// Lets so many minutes pass at once, as a sleep of the device does: no timer rings meanwhile.
async fn sleep(console: &Console, minutes: u32) -> Result<()> {
    console.run(&format!("window.ahead += {minutes} * 60000")).await?;
    Ok(())
}

#[tokio::test]
async fn a_wrong_clock_is_said_and_corrected_and_everything_that_is_signed_works() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 401");
        // Twenty minutes behind: nobody would take what is signed so.
        console.before_every_page(&ahead_by(-20 * 60_000)).await?;
        console.open_demo("/email").await?;
        console.see(console.t("email.none")).await?;
        console
            .see(&console.t_with("clock.behind", &[("time", "20 min")]))
            .await?;
        console.see(console.t("clock.by_host")).await?;
        console.accessible().await?;
        console.click(BUTTON, console.t("email.bind")).await?;
        console.fill(console.t("email.address"), "owner@example.com").await?;
        console.click(BUTTON, console.t("email.send")).await?;
        console.field(console.t("email.code")).await?;
        console.platform().mailed_code("owner@example.com", 1).await?;

        // Whoever insists on the device's time sees what comes of it, and can go back.
        console.click(BUTTON, console.t("action.cancel")).await?;
        console.click(BUTTON, console.t("clock.use_device")).await?;
        console.see(console.t("clock.by_device")).await?;
        console.click(BUTTON, console.t("email.bind")).await?;
        console.fill(console.t("email.address"), "other@example.com").await?;
        console.click(BUTTON, console.t("email.send")).await?;
        console.see(console.t("error.unauthorised")).await?;
        console.accessible().await?;
        console.click(BUTTON, console.t("clock.use_host")).await?;
        console.click(BUTTON, console.t("email.send")).await?;
        console.field(console.t("email.code")).await?;
        Ok(())
    })
    .await
}

#[tokio::test]
async fn a_clock_that_is_set_wrong_meanwhile_is_noticed_and_what_is_typed_is_sent_again_by_hand() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.expect_error("status of 401");
        // What passes at once is no time without anybody there.
        console.platform().configure(&json!({ "idleLockMinutes": 0 })).await?;
        console.before_every_page(&ahead_by(0)).await?;
        console.open_demo("/email").await?;
        console.see(console.t("email.none")).await?;
        ensure!(
            !console.text().await?.contains(console.t("clock.by_host")),
            "the clock is right"
        );
        console.click(BUTTON, console.t("email.bind")).await?;
        console.fill(console.t("email.address"), "owner@example.com").await?;
        // In the same moment as the click: before anything could notice.
        let send = console.find(BUTTON, console.t("email.send")).await?;
        console
            .driver()
            .execute("window.ahead = 3600000; arguments[0].click()", vec![send.to_json()?])
            .await?;
        console.see(console.t("error.wrong_time")).await?;
        console.see(&console.t_with("clock.ahead", &[("time", "1 h")])).await?;
        let typed = console.field(console.t("email.address")).await?.prop("value").await?;
        assert_eq!(typed.as_deref(), Some("owner@example.com"));
        let code = "/addressContact/bind/sendCode";
        assert_eq!(console.posted(code).await?.len(), 1, "it was sent again by itself");
        console.click(BUTTON, console.t("email.send")).await?;
        console.field(console.t("email.code")).await?;
        assert_eq!(console.posted(code).await?.len(), 2);

        // Set right again, the note goes by itself.
        console.run("window.ahead = 0").await?;
        console.not_see(console.t("clock.by_host")).await
    })
    .await
}

#[tokio::test]
async fn after_a_sleep_everything_shown_is_asked_for_anew() -> Result<()> {
    journey(Setup::default(), async |console| {
        // The host did not sleep: to it the device's clock is wrong now.
        console.expect_error("status of 401");
        // So rarely that nothing but the sleep can be why.
        console
            .platform()
            .configure(&json!({ "refreshSeconds": 100_000, "idleLockMinutes": 0 }))
            .await?;
        console.before_every_page(&ahead_by(0)).await?;
        console.open_demo("/email").await?;
        console.see(console.t("email.none")).await?;
        let before = console.requests_to(CONTACT).await?.len();
        sleep(console, 90).await?;
        until("the address to be asked for anew", async || {
            Ok((console.requests_to(CONTACT).await?.len() > before).then_some(()))
        })
        .await?;
        console.see(console.t("email.none")).await
    })
    .await
}

#[tokio::test]
async fn a_console_that_slept_longer_than_it_may_be_idle_is_locked_before_the_key_that_wakes_it() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.platform().configure(&json!({ "idleLockMinutes": 15 })).await?;
        console.before_every_page(&ahead_by(0)).await?;
        console.open_demo("/services/running").await?;
        console.page(console.t("list.running")).await?;
        sleep(console, 10).await?;
        console.press(Key::Shift + "").await?;
        console.page(console.t("list.running")).await?;
        // The key comes in the very task in which the device wakes, before any timer.
        console
            .run("window.ahead += 16 * 60000; window.dispatchEvent(new KeyboardEvent('keydown', { key: 'Shift' }))")
            .await?;
        console.page(console.t("sign_in.title")).await?;
        console.see(&console.t_with("sign_in.idle", &[("minutes", "15")])).await
    })
    .await
}

#[tokio::test]
async fn a_log_goes_on_after_a_sleep_with_every_line_once() -> Result<()> {
    journey(Setup::default(), async |console| {
        console.platform().configure(&json!({ "idleLockMinutes": 0 })).await?;
        console.before_every_page(&ahead_by(0)).await?;
        let service = console
            .platform()
            .run_image("vcloud/counter:1", &[("RATE", "20")])
            .await?;
        console.open_logs(&service.id, "").await?;
        console.wait_line(20).await?;
        let streams = console.requests_to(LOG_PATH).await?.len();
        for _ in 0..3 {
            sleep(console, 30).await?;
            let newest = console.newest_line().await?;
            console.wait_line(newest + 40).await?;
        }
        let opened = console.requests_to(LOG_PATH).await?.len();
        ensure!(opened > streams, "no stream was opened anew");
        let text = console.saved_log("counter").await?;
        ensure!(*consecutive(&text)?.start() == 1, "{text}");
        Ok(())
    })
    .await
}
