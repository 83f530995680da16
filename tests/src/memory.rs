//! Where in the browser something secret can be found: in everything that the page keeps, shows and has in its memory.

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use vsys::{Account, SeedPhrase};

use crate::console::Console;

/// So many words of a seed phrase in a row are looked for: single words are in the program, which has the list of them all.
const WORDS: usize = 3;

/// Something that must not be found, and how it may be written.
#[derive(Clone, Debug)]
pub struct Secret {
    /// What it is.
    pub name: String,
    bytes: Vec<u8>,
}

impl Secret {
    /// A text.
    pub fn text(name: impl Into<String>, text: &str) -> Self {
        Self::bytes(name, text.as_bytes())
    }

    /// Bytes.
    pub fn bytes(name: impl Into<String>, bytes: &[u8]) -> Self {
        Self {
            name: name.into(),
            bytes: bytes.to_vec(),
        }
    }

    /// Everything that tells a seed phrase: the phrase, parts of it, and its account's private key in bytes and as text.
    pub fn of_wallet(phrase: &SeedPhrase, account: &Account) -> Vec<Self> {
        let words: Vec<&str> = phrase.expose().split(' ').collect();
        let part = |(at, words): (usize, &[&str])| Self::text(format!("words from the {}th", at + 1), &words.join(" "));
        let key = account.private_key().expose();
        let mut secrets = vec![
            Self::text("the seed phrase", phrase.expose()),
            Self::bytes("the private key", key),
            Self::text("the private key in Base58", &bs58::encode(key).into_string()),
        ];
        secrets.extend(words.windows(WORDS).enumerate().map(part));
        secrets
    }
}

/// Looks through the memory of WebAssembly, whoever holds it: bytes of the secrets in, and how often each is there out.
const IN_MEMORY: &str = "function(secrets) {
    return secrets.map((secret) => {
        let times = 0;
        for (const memory of this) {
            const bytes = new Uint8Array(memory.buffer);
            for (let at = bytes.indexOf(secret[0]); at >= 0; at = bytes.indexOf(secret[0], at + 1)) {
                if (secret.every((byte, index) => bytes[at + index] === byte)) times += 1;
            }
        }
        return times;
    });
}";

/// Everything else that the page has: what the browser stores for it, the document with what its fields hold, the address and what the
/// history keeps with it.
const IN_PAGE: &str = "const [tell] = arguments;
    (async () => {
        const databases = [];
        for (const { name } of await indexedDB.databases()) {
            const database = await new Promise((done) => (indexedDB.open(name).onsuccess = (event) => done(event.target.result)));
            for (const store of database.objectStoreNames) {
                const request = database.transaction(store).objectStore(store).getAll();
                databases.push(name, store, await new Promise((done) => (request.onsuccess = () => done(request.result))));
            }
            database.close();
        }
        const fields = [...document.querySelectorAll('input, textarea, select')].map((field) => field.value);
        tell({
            'local storage': JSON.stringify({ ...localStorage }),
            'session storage': JSON.stringify({ ...sessionStorage }),
            databases: JSON.stringify(databases),
            document: document.documentElement.outerHTML + document.documentElement.textContent + fields.join('\\n') + document.title,
            address: decodeURIComponent(location.href) + JSON.stringify(history.state) + document.cookie + window.name,
        });
    })();";

impl Console {
    /// Where each of the secrets is found, one line for each place that has one.
    ///
    /// # Errors
    /// When the browser does not answer.
    pub async fn traces(&self, secrets: &[Secret]) -> Result<Vec<String>> {
        let mut found = self.traces_in_memory(secrets).await?;
        let places = self.driver.execute_async(IN_PAGE, Vec::new()).await?;
        let places = places.json().as_object().context("no places")?.clone();
        for secret in secrets {
            let Ok(text) = std::str::from_utf8(&secret.bytes) else {
                continue;
            };
            // Within JSON and markup some signs are written in other ways.
            let written = [
                text.to_owned(),
                Value::from(text).to_string().trim_matches('"').to_owned(),
            ];
            for (place, content) in &places {
                let content = content.as_str().context("no text")?;
                if written.iter().any(|text| content.contains(text)) {
                    found.push(format!("{} is in: {place}", secret.name));
                }
            }
        }
        Ok(found)
    }

    /// Which of the secrets are in the memory of WebAssembly.
    async fn traces_in_memory(&self, secrets: &[Secret]) -> Result<Vec<String>> {
        let id = |answer: &Value, of: &str| {
            answer[of]["objectId"]
                .as_str()
                .map(str::to_owned)
                .with_context(|| format!("no {of} in {answer}"))
        };
        let prototype = json!({ "expression": "WebAssembly.Memory.prototype" });
        let prototype = id(&self.send("Runtime.evaluate", prototype).await?, "result")?;
        let memories = json!({ "prototypeObjectId": prototype });
        let memories = id(&self.send("Runtime.queryObjects", memories).await?, "objects")?;
        let bytes: Vec<&[u8]> = secrets.iter().map(|secret| secret.bytes.as_slice()).collect();
        let call = json!({
            "objectId": memories,
            "functionDeclaration": IN_MEMORY,
            "arguments": [{ "value": bytes }],
            "returnByValue": true,
        });
        let answer = self.send("Runtime.callFunctionOn", call).await?;
        let times = answer["result"]["value"].as_array().context("no numbers")?.clone();
        let counted = secrets.iter().zip(times);
        Ok(counted
            .filter(|(_, times)| *times != json!(0))
            .map(|(secret, times)| format!("{} is in: memory, {times} times", secret.name))
            .collect())
    }
}
