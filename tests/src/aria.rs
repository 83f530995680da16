//! What the browser tells assistive technology: roles and names.
//!
//! Chromium tells everything at once, by its own protocol. Every other driver tells the name of one element at a time (WebDriver,
//! Get Computed Label): there the elements that can have the role are asked one by one, with a name only those that have its letters.

use anyhow::Result;
use reqwest::Method;
use serde_json::{Value, json};
use thirtyfour::common::command::FormatRequestData;
use thirtyfour::{ElementId, RequestData, SessionId, WebElement};

use crate::console::Console;
use crate::engine::Engine;

/// What has a role without being given it (HTML Accessibility API Mappings), as far as the console has such things.
const OF_THEMSELVES: &[(&str, &str)] = &[
    ("button", "button, summary, input[type=submit]"),
    ("checkbox", "input[type=checkbox]"),
    ("combobox", "select"),
    ("dialog", "dialog[open]"),
    ("group", "fieldset, details"),
    ("heading", "h1, h2, h3, h4, h5, h6"),
    ("image", "img, svg"),
    ("img", "img, svg"),
    ("link", "a[href]"),
    ("option", "option"),
    ("progressbar", "progress"),
    ("radio", "input[type=radio]"),
    ("region", "section[aria-label], section[aria-labelledby]"),
    ("row", "tr"),
    ("searchbox", "input[type=search]"),
    ("slider", "input[type=range]"),
    ("spinbutton", "input[type=number]"),
    ("table", "table"),
    (
        "textbox",
        "textarea, input:not([type]), input[type=text], input[type=email], input[type=password], input[type=url], input[type=tel]",
    ),
];

/// Finds what can have a role inside of an element and is there for everybody; with a name, only what has all its letters about it.
const CANDIDATES: &str = r#"
    const [scope, implicit, role, name] = arguments;
    const selector = implicit ? `${implicit}, [role="${role}"]` : `[role="${role}"]`;
    const bare = (text) => (text ?? '').replace(/\s+/g, '');
    const texts = (ids) => (ids ?? '').split(/\s+/).map((id) => id && document.getElementById(id)?.textContent);
    const about = (it) => bare([it.textContent, it.value, it.ariaLabel, it.title, it.placeholder, it.alt, ...texts(it.getAttribute('aria-labelledby')),
        ...[...(it.labels ?? [])].map((label) => label.textContent),
        ...[...it.querySelectorAll('[aria-label], [alt], title')].map((part) => part.ariaLabel ?? part.alt ?? part.textContent)].join(' '));
    const letters = name === null ? null : [...bare(name)];
    const has = (it) => {
        if (letters === null) return true;
        const text = about(it);
        return letters.every((letter) => text.includes(letter));
    };
    return [...(scope ?? document).querySelectorAll(selector)].filter((it) =>
        (it.getAttribute('role') ?? role) === role
            && it.checkVisibility({ visibilityProperty: true })
            && !it.closest('[aria-hidden=true], [inert]')
            && has(it));"#;

/// Something on the page as assistive technology is told of it.
pub struct Node {
    /// Its role.
    pub role: String,
    /// Its name.
    pub name: String,
    place: Place,
}

enum Place {
    /// Chromium's number of the element.
    Number(Value),
    Element(WebElement),
}

/// Asks for the name of an element, as the WebDriver protocol does.
#[derive(Debug)]
struct ComputedLabel(ElementId);

impl FormatRequestData for ComputedLabel {
    fn format_request(&self, session: &SessionId) -> RequestData {
        RequestData::new(
            Method::GET,
            format!("/session/{session}/element/{}/computedlabel", self.0),
        )
    }
}

impl Console {
    /// Everything of that role.
    pub(crate) async fn of_role(&self, scope: Option<&WebElement>, role: &str) -> Result<Vec<Node>> {
        match self.engine {
            Engine::Chromium => self.query(scope, &json!({ "role": role })).await,
            Engine::Firefox | Engine::WebKit => self.look_for(scope, role, None).await,
        }
    }

    /// Everything of that role and exactly that name.
    pub(crate) async fn of_role_and_name(
        &self,
        scope: Option<&WebElement>,
        role: &str,
        name: &str,
    ) -> Result<Vec<Node>> {
        let mut nodes = match self.engine {
            Engine::Chromium => self.of_role(scope, role).await?,
            Engine::Firefox | Engine::WebKit => self.look_for(scope, role, Some(name)).await?,
        };
        nodes.retain(|node| node.name == name);
        Ok(nodes)
    }

    /// Everything of that name, where the browser can look for a name alone.
    pub(crate) async fn named(&self, name: &str) -> Result<Vec<Node>> {
        match self.engine {
            Engine::Chromium => self.query(None, &json!({ "accessibleName": name })).await,
            Engine::Firefox | Engine::WebKit => Ok(Vec::new()),
        }
    }

    /// The element of a node, or none where it is gone by now.
    pub(crate) async fn element(&self, node: &Node) -> Result<Option<WebElement>> {
        let number = match &node.place {
            Place::Element(element) => return Ok(Some(element.clone())),
            Place::Number(number) => number,
        };
        let Ok(resolved) = self.send("DOM.resolveNode", json!({ "backendNodeId": number })).await else {
            return Ok(None);
        };
        let keep = json!({
            "objectId": resolved["object"]["objectId"],
            "functionDeclaration": "function () { window.foundByTest = this; }",
        });
        if self.send("Runtime.callFunctionOn", keep).await.is_err() {
            return Ok(None);
        }
        let script =
            "const found = window.foundByTest; delete window.foundByTest; return found?.isConnected ? found : null";
        let found = self.driver.execute(script, Vec::new()).await?;
        if found.json().is_null() {
            Ok(None)
        } else {
            Ok(Some(found.element()?))
        }
    }

    /// Everything that Chromium tells of inside an element or the page, and that has this role or name.
    async fn query(&self, scope: Option<&WebElement>, what: &Value) -> Result<Vec<Node>> {
        let root = match scope {
            Some(element) => json!(element.cdp_remote_object_id().await?),
            None => self
                .send("Runtime.evaluate", json!({ "expression": "document" }))
                .await?["result"]["objectId"]
                .clone(),
        };
        let mut parameters = what.clone();
        parameters["objectId"] = root;
        let answer = self.send("Accessibility.queryAXTree", parameters).await;
        // Between the two calls the page may have become another one: then nothing is there yet.
        let Ok(answer) = answer else { return Ok(Vec::new()) };
        let nodes = answer["nodes"].as_array().cloned().unwrap_or_default();
        let text = |value: &Value| value["value"].as_str().unwrap_or_default().to_owned();
        Ok(nodes
            .into_iter()
            .filter(|node| node["ignored"] != json!(true))
            .map(|node| Node {
                role: text(&node["role"]),
                name: spaced(&text(&node["name"])),
                place: Place::Number(node["backendDOMNodeId"].clone()),
            })
            .collect())
    }

    /// Everything of that role, each asked for its name.
    async fn look_for(&self, scope: Option<&WebElement>, role: &str, name: Option<&str>) -> Result<Vec<Node>> {
        let implicit = OF_THEMSELVES.iter().find(|(known, _)| *known == role);
        let implicit = implicit.map(|(_, selector)| *selector);
        let scope = scope.map(WebElement::to_json).transpose()?.unwrap_or_default();
        let arguments = vec![scope, json!(implicit), json!(role), json!(name)];
        // The page may become another one at any time: then nothing is there yet.
        let Ok(candidates) = self.driver.execute(CANDIDATES, arguments).await else {
            return Ok(Vec::new());
        };
        let mut nodes = Vec::new();
        for element in candidates.elements()? {
            let Ok(label) = self.driver.cmd(ComputedLabel(element.element_id())).await else {
                continue;
            };
            nodes.push(Node {
                role: role.to_owned(),
                name: spaced(&label.value::<String>()?),
                place: Place::Element(element),
            });
        }
        Ok(nodes)
    }
}

/// A name with one space between its words.
fn spaced(name: &str) -> String {
    name.split_whitespace().collect::<Vec<_>>().join(" ")
}
