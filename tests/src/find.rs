//! Finding and using things the way people do: by what they are and what they are called.
//!
//! Roles and names are those that the browser tells assistive technology, so a test that finds a button by its name proves as
//! well that a screen reader does.

use std::time::Duration;

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::json;
use thirtyfour::error::WebDriverErrorInner;
use thirtyfour::{By, Key, WebElement};

use crate::console::Console;
use crate::engine::Engine;
use crate::wait::{until, until_within};

/// A button.
pub const BUTTON: &str = "button";
/// A check box.
pub const CHECKBOX: &str = "checkbox";
/// A drop-down list.
pub const COMBOBOX: &str = "combobox";
/// A dialog.
pub const DIALOG: &str = "dialog";
/// A heading.
pub const HEADING: &str = "heading";
/// A link.
pub const LINK: &str = "link";
/// An entry of a menu.
pub const MENU_ITEM: &str = "menuitem";
/// One of several choices.
pub const RADIO: &str = "radio";
/// A row of a table.
pub const ROW: &str = "row";
/// A field for search terms.
pub const SEARCHBOX: &str = "searchbox";
/// A tab.
pub const TAB: &str = "tab";
/// A field for text.
pub const TEXTBOX: &str = "textbox";

/// The roles of what has a label and takes a value.
const FIELDS: &[&str] = &[
    TEXTBOX,
    SEARCHBOX,
    "spinbutton",
    COMBOBOX,
    CHECKBOX,
    RADIO,
    "switch",
    "slider",
];

/// How long nothing may change for the page to count as settled.
const STILL: Duration = Duration::from_millis(300);

/// Something on the page, with the name that assistive technology reads out.
pub struct Named {
    /// Its name.
    pub name: String,
    /// Itself.
    pub element: WebElement,
}

impl Console {
    /// Everything of that role that is there now, in the page's order.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn all(&self, role: &str) -> Result<Vec<Named>> {
        self.all_within(None, role).await
    }

    /// The names of everything of that role that is there now.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn names(&self, role: &str) -> Result<Vec<String>> {
        Ok(self
            .of_role(None, role)
            .await?
            .into_iter()
            .map(|node| node.name)
            .collect())
    }

    /// Everything of that role inside an element.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn all_within(&self, scope: Option<&WebElement>, role: &str) -> Result<Vec<Named>> {
        let mut all = Vec::new();
        for node in self.of_role(scope, role).await? {
            if let Some(element) = self.element(&node).await? {
                all.push(Named {
                    name: node.name,
                    element,
                });
            }
        }
        Ok(all)
    }

    /// Waits for the element of that role and exactly that name. Of several it is the first.
    ///
    /// # Errors
    /// When it does not come; the error lists what else of that role is there.
    pub async fn find(&self, role: &str, name: &str) -> Result<WebElement> {
        self.find_within(None, role, name).await
    }

    /// The same inside an element.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn find_within(&self, scope: Option<&WebElement>, role: &str, name: &str) -> Result<WebElement> {
        let found = until(&format!("a {role} named \"{name}\""), async || {
            self.present(scope, role, name).await
        })
        .await;
        self.explain(found, scope, role).await
    }

    /// Whether there is such an element now.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn has(&self, role: &str, name: &str) -> Result<bool> {
        Ok(!self.of_role_and_name(None, role, name).await?.is_empty())
    }

    /// Waits until there is no such element any more.
    ///
    /// # Errors
    /// When it stays.
    pub async fn gone(&self, role: &str, name: &str) -> Result<()> {
        until(&format!("the {role} \"{name}\" to go"), async || {
            Ok((!self.has(role, name).await?).then_some(()))
        })
        .await
    }

    /// Waits for the field with that label.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn field(&self, label: &str) -> Result<WebElement> {
        until(&format!("a field labelled \"{label}\""), async || {
            // The browser compares the names itself, to the letter: a label that ends with a space is found among all fields.
            for node in self.named(label).await? {
                if FIELDS.contains(&node.role.as_str())
                    && let Some(field) = self.element(&node).await?
                {
                    return Ok(Some(field));
                }
            }
            for role in FIELDS {
                if let Some(field) = self.present(None, role, label).await? {
                    return Ok(Some(field));
                }
            }
            Ok(None)
        })
        .await
    }

    /// Clicks the element of that role and name, as soon as it is there, enabled and not covered.
    ///
    /// # Errors
    /// When that does not happen.
    pub async fn click(&self, role: &str, name: &str) -> Result<()> {
        self.click_within(None, role, name).await
    }

    /// The same inside an element.
    ///
    /// # Errors
    /// When it cannot be clicked.
    pub async fn click_within(&self, scope: Option<&WebElement>, role: &str, name: &str) -> Result<()> {
        let clicked = until(&format!("the {role} \"{name}\" to be clickable"), async || {
            let Some(element) = self.present(scope, role, name).await? else {
                return Ok(None);
            };
            let usable = "return !arguments[0].matches(':disabled, [aria-disabled=true]')";
            let usable = match self.driver.execute(usable, vec![element.to_json()?]).await {
                Ok(answer) => answer.json() == &json!(true),
                Err(error) if passes(error.as_inner()) => return Ok(None),
                Err(error) => return Err(error.into()),
            };
            if !usable {
                return Ok(None);
            }
            if self.engine == Engine::WebKit {
                // Its driver clicks on nothing that is to be scrolled to.
                let script = "arguments[0].scrollIntoView({ block: 'center' })";
                let _ = self.driver.execute(script, vec![element.to_json()?]).await;
            }
            match element.click().await {
                Ok(()) => Ok(Some(())),
                Err(error) if passes(error.as_inner()) => Ok(None),
                Err(error) => Err(error.into()),
            }
        })
        .await;
        self.explain(clicked, scope, role).await
    }

    /// Adds to an error what else of that role is there.
    async fn explain<T>(&self, found: Result<T>, scope: Option<&WebElement>, role: &str) -> Result<T> {
        match found {
            Ok(found) => Ok(found),
            Err(error) => {
                let others = self.of_role(scope, role).await.unwrap_or_default();
                let others: Vec<String> = others.into_iter().map(|node| node.name).collect();
                Err(error.context(format!("there are these of the role {role}: {others:?}")))
            }
        }
    }

    /// Clicks the first element of that kind with that text: for what has no role that browsers agree on, such as a disclosure.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn click_text(&self, tag: &str, text: &str) -> Result<()> {
        until(&format!("a {tag} with the text \"{text}\""), async || {
            for element in self.driver.find_all(By::Tag(tag)).await? {
                if element.text().await?.trim() == text {
                    element.click().await?;
                    return Ok(Some(()));
                }
            }
            Ok(None)
        })
        .await
    }

    /// Types a text into the field with that label, in place of what is in it.
    ///
    /// # Errors
    /// When there is no such field, or it does not take the text.
    pub async fn fill(&self, label: &str, text: &str) -> Result<()> {
        let field = self.field(label).await?;
        field.send_keys(Key::Control + "a").await?;
        if text.is_empty() {
            field.send_keys(Key::Backspace + "").await?;
        } else {
            field.send_keys(text).await?;
        }
        let value = field.prop("value").await?.unwrap_or_default();
        ensure!(
            value == text || value.replace("\r\n", "\n") == text,
            "the field \"{label}\" did not take the text"
        );
        Ok(())
    }

    /// Chooses the entry with that text in the drop-down list with that label.
    ///
    /// # Errors
    /// When there is no such list or entry.
    pub async fn choose(&self, label: &str, entry: &str) -> Result<()> {
        let list = self.find(COMBOBOX, label).await?;
        let options = list.find_all(By::Tag("option")).await?;
        let mut seen = Vec::new();
        for option in options {
            let text = option.prop("text").await?.unwrap_or_default();
            if text.trim() == entry {
                option.click().await?;
                return Ok(());
            }
            seen.push(text);
        }
        bail!("the list \"{label}\" has no entry \"{entry}\", but {seen:?}")
    }

    /// Gives the file field with that label a file to read.
    ///
    /// # Errors
    /// When there is no such field.
    pub async fn upload(&self, selector: &str, file: &std::path::Path) -> Result<()> {
        let field = self.css(selector).await?;
        field
            .send_keys(file.to_str().context("the file's path is not text")?)
            .await?;
        Ok(())
    }

    /// Clicks a button as long as it is there and a text is not: the page gets there by itself as well, and may be quicker.
    ///
    /// # Errors
    /// When the text does not come.
    pub async fn click_until_seen(&self, button: &str, text: &str) -> Result<()> {
        until(&format!("\"{text}\" after \"{button}\""), async || {
            for found in self.all(BUTTON).await? {
                if found.name == button {
                    // Gone meanwhile, or in the way of something: seen at the next look.
                    let _ = found.element.click().await;
                }
            }
            Ok(self.text().await?.contains(text).then_some(()))
        })
        .await
    }

    /// Drops a file, as out of a file manager, on what a selector finds.
    ///
    /// # Errors
    /// When there is no such thing, or the browser does not let it be dropped.
    pub async fn drop_file(&self, selector: &str, file: &std::path::Path) -> Result<()> {
        let script =
            "arguments[0].scrollIntoView({ block: 'center' }); const box = arguments[0].getBoundingClientRect();
            return [box.x + box.width / 2, box.y + box.height / 2]";
        let place = self
            .driver
            .execute(script, vec![self.css(selector).await?.to_json()?])
            .await?;
        let (x, y): (f64, f64) = serde_json::from_value(place.json().clone())?;
        for kind in ["dragEnter", "dragOver", "drop"] {
            // A drag that may copy.
            let data = json!({ "items": [], "files": [file], "dragOperationsMask": 1 });
            self.send(
                "Input.dispatchDragEvent",
                json!({ "type": kind, "x": x, "y": y, "data": data }),
            )
            .await?;
        }
        Ok(())
    }

    /// Presses keys on whatever has the focus: `"?"`, or `Key::Control + "k"`.
    ///
    /// # Errors
    /// When nothing has the focus.
    pub async fn press(&self, keys: impl Into<thirtyfour::TypingData>) -> Result<()> {
        let script = "return document.activeElement ?? document.body";
        let focused = self.driver.execute(script, Vec::new()).await?.element()?;
        focused.send_keys(keys).await?;
        Ok(())
    }

    /// Waits for the first element that a CSS selector names: for what has neither a role nor a name.
    ///
    /// # Errors
    /// When it does not come.
    pub async fn css(&self, selector: &str) -> Result<WebElement> {
        until(&format!("the element {selector}"), async || {
            Ok(self.driver.find_all(By::Css(selector)).await?.into_iter().next())
        })
        .await
    }

    /// What can be read on the page now.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn text(&self) -> Result<String> {
        Ok(self
            .run("return document.body.innerText")
            .await?
            .as_str()
            .unwrap_or_default()
            .to_owned())
    }

    /// Waits until a text can be read somewhere on the page.
    ///
    /// # Errors
    /// When it does not come; the error has what can be read instead.
    pub async fn see(&self, text: &str) -> Result<()> {
        let seen = until(&format!("the text \"{text}\""), async || {
            Ok(self.text().await?.contains(text).then_some(()))
        })
        .await;
        match seen {
            Ok(()) => Ok(()),
            Err(error) => Err(error.context(format!(
                "this can be read instead:\n{}",
                self.text().await.unwrap_or_default()
            ))),
        }
    }

    /// Waits until a text can be read nowhere on the page.
    ///
    /// # Errors
    /// When it stays.
    pub async fn not_see(&self, text: &str) -> Result<()> {
        until(&format!("the text \"{text}\" to go"), async || {
            Ok((!self.text().await?.contains(text)).then_some(()))
        })
        .await
    }

    /// Waits until the page has stopped changing.
    ///
    /// # Errors
    /// When it never does.
    pub async fn settled(&self) -> Result<()> {
        self.run(
            "if (!window.lastChange) {
                window.lastChange = performance.now();
                new MutationObserver(() => { window.lastChange = performance.now(); })
                    .observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
            }",
        )
        .await?;
        until_within(crate::wait::PATIENCE, "the page to stop changing", async || {
            let still = self
                .run("return performance.now() - window.lastChange")
                .await?
                .as_f64()
                .unwrap_or_default();
            Ok((still >= STILL.as_secs_f64() * 1000.0).then_some(()))
        })
        .await
    }

    async fn present(&self, scope: Option<&WebElement>, role: &str, name: &str) -> Result<Option<WebElement>> {
        match self.of_role_and_name(scope, role, name).await?.first() {
            Some(node) => self.element(node).await,
            None => Ok(None),
        }
    }
}

/// Whether an element that cannot be used now may be usable in a moment.
fn passes(error: &WebDriverErrorInner) -> bool {
    matches!(
        error,
        WebDriverErrorInner::StaleElementReference(_)
            | WebDriverErrorInner::ElementClickIntercepted(_)
            | WebDriverErrorInner::ElementNotInteractable(_)
            | WebDriverErrorInner::NoSuchElement(_)
    )
}
