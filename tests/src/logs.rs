//! Logs: services that print what a test wants, and what the console shows of it.

use std::fs;
use std::ops::RangeInclusive;

use anyhow::{Context as _, Result, ensure};
use serde_json::{Value, json};

use crate::console::Console;
use crate::find::BUTTON;
use crate::platform::Platform;
use crate::wait::until;

/// The path of a container's log at a region's host, for faults and for looking at what was requested.
pub const LOG_PATH: &str = "/api/v1/k8s/pod/logs";

/// A container to run: its name, its image, and its environment.
pub type ContainerOf<'a> = (&'a str, &'a str, &'a [(&'a str, &'a str)]);

/// A running service and what opens it.
pub struct Running {
    /// Its identifier.
    pub id: String,
    host: String,
    secret: String,
}

impl Platform {
    /// Replaces what runs in the demonstration's smallest service by one container `counter` of an image, with this
    /// environment, and waits until it runs.
    ///
    /// # Errors
    /// When the platform refuses it, or it does not start.
    pub async fn run_image(&self, image: &str, environment: &[(&str, &str)]) -> Result<Running> {
        let service = self.running_in("Helsinki").await?;
        self.deploy(&service, &[("counter", image, environment)], false).await?;
        self.wait_running(&service, &[image]).await?;
        Ok(service)
    }

    /// Replaces what runs in the demonstration's service with room for several containers by these: name, image, environment.
    /// Waits until they run.
    ///
    /// # Errors
    /// When the platform refuses it, or they do not start.
    pub async fn run_images(&self, containers: &[ContainerOf<'_>]) -> Result<Running> {
        let service = self.running_in("North America").await?;
        self.deploy(&service, containers, true).await?;
        let images: Vec<&str> = containers.iter().map(|(_, image, _)| *image).collect();
        self.wait_running(&service, &images).await?;
        Ok(service)
    }

    /// Deploys a container `counter` of an image to the demonstration's smallest service, whatever becomes of it.
    ///
    /// # Errors
    /// When the platform refuses it.
    pub async fn try_image(&self, image: &str, environment: &[(&str, &str)]) -> Result<Running> {
        let service = self.running_in("Helsinki").await?;
        self.deploy(&service, &[("counter", image, environment)], false).await?;
        Ok(service)
    }

    async fn running_in(&self, region: &str) -> Result<Running> {
        let id = self.service_in(region, "ServiceRunning").await?;
        let token = self.post("/dev/tokens", &json!({ "userServiceID": id })).await?;
        let secret = token["secret"].as_str().context("no secret")?.to_owned();
        let host = format!("{}.localhost", region.to_lowercase().replace(' ', "-"));
        Ok(Running { id, host, secret })
    }

    async fn deploy(&self, service: &Running, containers: &[ContainerOf<'_>], has_disk: bool) -> Result<()> {
        let mut login = Vec::new();
        let mut list = Vec::new();
        for (name, image, environment) in containers {
            let environment: Vec<Value> = environment
                .iter()
                .map(|(name, value)| json!({ "name": name, "value": value }))
                .collect();
            list.push(json!({
                "name": name, "imageName": image, "resourceUnit": 1, "ports": [], "envs": environment,
                "mountPath": if has_disk { "/data" } else { "" },
            }));
            login.push(json!({ "username": "", "password": "" }));
        }
        let deployment = json!({ "containers": list, "pvtLogin": login });
        self.region(service, "POST", "/api/v1/k8s/deployment/update", Some(&deployment))
            .await?;
        Ok(())
    }

    async fn wait_running(&self, service: &Running, images: &[&str]) -> Result<()> {
        until("the new containers to run", async || {
            let pod = self.region(service, "GET", "/api/v1/k8s/pod/status", None).await?;
            let statuses = pod["podStatus"]["containerStatuses"].as_array();
            let run = |image: &str| {
                statuses.into_iter().flatten().any(|status| {
                    status["image"].as_str().is_some_and(|name| name.contains(image))
                        && status["state"]["running"].is_object()
                })
            };
            Ok(images.iter().all(|image| run(image)).then_some(()))
        })
        .await
    }

    /// Waits until the first container of a service waits for this reason.
    ///
    /// # Errors
    /// When it does not.
    pub async fn wait_reason(&self, service: &Running, reason: &str) -> Result<()> {
        until(&format!("the container to wait: {reason}"), async || {
            let pod = self.region(service, "GET", "/api/v1/k8s/pod/status", None).await?;
            let waiting = &pod["podStatus"]["containerStatuses"][0]["state"]["waiting"];
            Ok((waiting["reason"] == reason).then_some(()))
        })
        .await
    }

    /// Pauses a service, or has it go on: `stop` or `start`.
    ///
    /// # Errors
    /// When the platform refuses it.
    pub async fn switch(&self, service: &Running, what: &str) -> Result<()> {
        self.region(service, "POST", &format!("/api/v1/k8s/pod/{what}"), Some(&json!({})))
            .await?;
        Ok(())
    }

    /// Has the pod of a service replaced by a new one.
    ///
    /// # Errors
    /// When the platform refuses it.
    pub async fn restart(&self, service: &Running) -> Result<()> {
        self.region(service, "POST", "/api/v1/k8s/pod/restart", Some(&json!({})))
            .await?;
        Ok(())
    }

    async fn region(&self, service: &Running, method: &str, path: &str, body: Option<&Value>) -> Result<Value> {
        // The machine need not know the region's name: the host is named in the header alone.
        let port = self.address().rsplit(':').next().unwrap_or_default();
        let mut request = reqwest::Client::new()
            .request(method.parse()?, format!("{}{path}", self.address()))
            .header("host", format!("{}:{port}", service.host))
            .header("secret", &service.secret);
        if let Some(body) = body {
            request = request.json(body);
        }
        let answer: Value = request.send().await?.json().await?;
        ensure!(answer["error"].is_null(), "{path} answered {answer}");
        Ok(answer)
    }
}

impl Console {
    /// Opens the Logs tab of a service with the demo account. `query` is what follows the path, such as `?tail=0`.
    ///
    /// # Errors
    /// When the console does not start, or offers no demo account.
    pub async fn open_logs(&self, service: &str, query: &str) -> Result<()> {
        self.open_demo(&format!("/service/{service}/logs{query}")).await
    }

    /// Waits until the log stands so: the text with this key is its badge.
    ///
    /// # Errors
    /// When it does not come to that.
    pub async fn log_is(&self, key: &str) -> Result<()> {
        let expected = self.t(key);
        let script = "return document.querySelector('.log-status .spread .badge')?.textContent ?? ''";
        let mut last = Value::Null;
        until(&format!("the log to be \"{expected}\""), async || {
            last = self.run(script).await?;
            Ok((last == expected).then_some(()))
        })
        .await
        .with_context(|| format!("it is {last}"))
    }

    /// The lines that are in the document, each as it reads.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn log_lines(&self) -> Result<Vec<String>> {
        let lines = self
            .run("return [...document.querySelectorAll('.log-line')].map((line) => line.textContent)")
            .await?;
        Ok(lines
            .as_array()
            .into_iter()
            .flatten()
            .map(|line| line.as_str().unwrap_or_default().to_owned())
            .collect())
    }

    /// The number of the last line in the document; 0 without one.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn newest_line(&self) -> Result<u64> {
        Ok(self
            .log_lines()
            .await?
            .last()
            .and_then(|line| line_number(line))
            .unwrap_or(0))
    }

    /// Waits until the last line in the document has that number or a higher one.
    ///
    /// # Errors
    /// When no such line comes.
    pub async fn wait_line(&self, number: u64) -> Result<u64> {
        until(&format!("line {number}"), async || {
            let newest = self.newest_line().await?;
            Ok((newest >= number).then_some(newest))
        })
        .await
    }

    /// Everything that the log holds, as its button saves it; of several containers under their names with `+` between them.
    ///
    /// # Errors
    /// When no file comes.
    pub async fn saved_log(&self, container: &str) -> Result<String> {
        let filtered = self.t("logs.download_filtered");
        let button = if self.has(BUTTON, filtered).await? {
            filtered
        } else {
            self.t("logs.download")
        };
        self.click(BUTTON, button).await?;
        let file = self.downloaded(&format!("{container}.log")).await?;
        let text = fs::read_to_string(&file)?;
        // The next one is to get the same name.
        fs::remove_file(&file)?;
        Ok(text)
    }

    /// Waits until the log says that it holds so many lines, most of which the document has not.
    ///
    /// # Errors
    /// When that does not happen, or the browser does not answer.
    pub async fn wait_count(&self, at_least: u64) -> Result<u64> {
        let pattern = self.t("logs.line_count.other").replace("{count}", "");
        until(&format!("{at_least} lines"), async || {
            let text = self
                .run("return document.querySelector('.log-tools')?.innerText ?? ''")
                .await?;
            let count = text.as_str().unwrap_or_default().lines().find_map(|line| {
                let digits = line.trim().strip_suffix(pattern.as_str())?.replace(',', "");
                digits.parse::<u64>().ok()
            });
            Ok(count.filter(|count| *count >= at_least))
        })
        .await
    }

    /// Waits until the filter says so.
    ///
    /// # Errors
    /// When it does not.
    pub async fn filter_says(&self, text: &str) -> Result<()> {
        let script = "return [...document.querySelectorAll('.log-find [aria-live]')].at(-1)?.textContent ?? ''";
        let mut last = Value::Null;
        until(&format!("the filter to say {text}"), async || {
            last = self.run(script).await?;
            Ok((last == text).then_some(()))
        })
        .await
        .with_context(|| format!("it says {last}"))
    }

    /// The first line in view, and how many pixels of it are above.
    ///
    /// # Errors
    /// When there is none, or the browser does not answer.
    pub async fn top_line(&self) -> Result<(String, f64)> {
        // After the next picture: what was just scrolled to is there then.
        let script = "return new Promise((answer) => requestAnimationFrame(() => setTimeout(() => {
            const top = document.querySelector('.log').getBoundingClientRect().top;
            for (const line of document.querySelectorAll('.log-line')) {
                const box = line.getBoundingClientRect();
                if (box.bottom > top + 0.5) return answer([line.textContent, top - box.top]);
            }
            answer(['', 0]);
        })))";
        let found = self.run(script).await?;
        let text = found[0].as_str().unwrap_or_default().to_owned();
        Ok((text, found[1].as_f64().unwrap_or_default()))
    }

    /// Enters a date and time (Unix seconds, in the journey's time zone UTC) into the field with that label. Such a field has no
    /// role of its own, and takes keys in the order of the system's language.
    ///
    /// # Errors
    /// When there is no such field.
    pub async fn fill_time(&self, label: &str, seconds: i64) -> Result<()> {
        let script = "const [label, seconds] = arguments;
            const field = [...document.querySelectorAll('input[type=datetime-local]')]
                .find((field) => field.labels[0].textContent.trim() === label);
            if (!field) return false;
            field.value = new Date(seconds * 1000).toISOString().slice(0, 19);
            field.dispatchEvent(new Event('input', { bubbles: true }));
            return true";
        until(&format!("the field {label}"), async || {
            let arguments = vec![json!(label), json!(seconds)];
            let is_filled = self.driver.execute(script, arguments).await?;
            Ok((*is_filled.json() == json!(true)).then_some(()))
        })
        .await
    }

    /// Waits until that is the result of the search.
    ///
    /// # Errors
    /// When that does not happen, or the browser does not answer.
    pub async fn search_says(&self, result: &str) -> Result<()> {
        let script = "return document.querySelector('.log-tools [aria-live]')?.textContent ?? ''";
        until(&format!("the search to say {result}"), async || {
            Ok((self.run(script).await? == result).then_some(()))
        })
        .await
    }

    /// The line of the match that was gone to, if it is in view.
    ///
    /// # Errors
    /// When that does not happen, or the browser does not answer.
    pub async fn match_in_view(&self) -> Result<String> {
        let script = "const log = document.querySelector('.log').getBoundingClientRect();
            const line = document.querySelector('.log-current');
            const box = line?.getBoundingClientRect();
            return box && box.top >= log.top && box.bottom <= log.bottom ? line.textContent : ''";
        Ok(self.run(script).await?.as_str().unwrap_or_default().to_owned())
    }

    /// The numbers of the first and last line held, having made sure that all between are there once and in order.
    ///
    /// # Errors
    /// When a line is missing, doubled or out of order.
    pub async fn numbers_held(&self) -> Result<RangeInclusive<u64>> {
        consecutive(&self.saved_log("counter").await?)
    }
}

/// The lines of one container out of a saved log of several.
pub fn lines_of(text: &str, container: &str) -> String {
    let prefix = format!("{container} | ");
    text.lines()
        .filter_map(|line| line.strip_prefix(&prefix))
        .map(|line| format!("{line}\n"))
        .collect()
}

/// The number that a line of the platform's own images begins with: `line 000123 …` or `000000123 …`.
fn line_number(line: &str) -> Option<u64> {
    line.strip_prefix("line ")
        .unwrap_or(line)
        .split(' ')
        .next()?
        .parse()
        .ok()
}

/// The first and last number of numbered lines.
///
/// # Errors
/// When they do not follow each other.
pub fn consecutive(text: &str) -> Result<RangeInclusive<u64>> {
    let mut range: Option<RangeInclusive<u64>> = None;
    for line in text.lines() {
        let number = line_number(line).with_context(|| format!("a line without a number: {line}"))?;
        range = Some(match range {
            None => number..=number,
            Some(before) => {
                ensure!(
                    number == before.end() + 1,
                    "line {number} follows line {}; held are {before:?} before it",
                    before.end()
                );
                *before.start()..=number
            }
        });
    }
    range.context("there is no line")
}
