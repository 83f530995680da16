//! A portal of another origin: the sample of the manual, served from a port of its own.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::{fs, thread};

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::console::Console;
use crate::environment;
use crate::wait::until;

/// The portal. It is served until the journey's process ends.
pub struct Portal {
    origin: String,
}

impl Portal {
    /// Serves the sample on a free port.
    ///
    /// # Errors
    /// When there is no port.
    pub fn serve() -> Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").context("no port")?;
        let origin = format!("http://{}", listener.local_addr()?);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                thread::spawn(move || answer(stream));
            }
        });
        Ok(Self { origin })
    }

    /// Its origin.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Opens it, with the journey's console in it.
    ///
    /// # Errors
    /// When the browser does not open it.
    pub async fn open(&self, console: &Console) -> Result<()> {
        let address = format!("{}/?console={}/", self.origin, console.platform().address());
        console.driver().goto(address).await?;
        Ok(())
    }

    /// Waits until the console has said this to it: the last that it said of that name.
    ///
    /// # Errors
    /// When it has not.
    pub async fn hears(&self, console: &Console, name: &str, wanted: impl Fn(&Value) -> bool) -> Result<Value> {
        console.driver().enter_default_frame().await?;
        let script = format!(
            "const said = [...document.querySelectorAll('#said li')].map((line) => line.textContent);
             return said.filter((line) => line.split(' ')[0] === '{name}').at(-1)?.slice({}) ?? ''",
            name.len() + 1
        );
        until(&format!("the console to say {name}"), async || {
            let said = console.run(&script).await?;
            let said = said.as_str().unwrap_or_default().to_owned();
            let value = if said == "undefined" {
                Value::Null
            } else {
                serde_json::from_str(&said).unwrap_or_default()
            };
            Ok((!said.is_empty() && wanted(&value)).then_some(value))
        })
        .await
    }
}

fn answer(mut stream: TcpStream) {
    let mut line = String::new();
    let Ok(copy) = stream.try_clone() else { return };
    let mut lines = BufReader::new(copy);
    if lines.read_line(&mut line).is_err() {
        return;
    }
    // The rest of the request is of no interest, but has to be taken.
    let mut header = String::new();
    while lines.read_line(&mut header).is_ok_and(|length| length > 2) {
        header.clear();
    }
    let path = line.split(' ').nth(1).unwrap_or_default();
    let (file, kind) = match path.split('?').next().unwrap_or_default() {
        "/" => ("index.html", "text/html"),
        "/portal.js" => ("portal.js", "text/javascript"),
        "/portal.css" => ("portal.css", "text/css"),
        _ => ("", ""),
    };
    let folder = environment::root().join("docs/embedding");
    let (status, body) = match fs::read(folder.join(file)) {
        Ok(body) if !file.is_empty() => ("200 OK", body),
        _ => ("404 Not Found", Vec::new()),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&body));
}
