//! The page as browsers get it: what is built, with the policy and the digests of everything that it loads.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use base64::{Engine, engine::general_purpose::STANDARD};
use page_policy::Policy;
use sha2::{Digest as _, Sha384};

use crate::setup::Tools;
use crate::wasm_build::{self, Profile, Warnings};
use crate::{files, html};

/// The page's file, whose name must stay.
pub const INDEX: &str = "index.html";

/// Compiles the console and answers the folder of its page, which a server can serve.
pub fn build(tools: &Tools, profile: Profile) -> Result<PathBuf> {
    let folder = wasm_build::build(tools, profile, "/", Warnings::Show)?;
    let index = folder.join(INDEX);
    let page = fs::read_to_string(&index).with_context(|| format!("cannot read {}", index.display()))?;
    let page = secured(&folder, &page, &Policy::default())?;
    fs::write(&index, page).with_context(|| format!("cannot write {}", index.display()))?;
    Ok(folder)
}

/// The page with the policy before anything that it is about, with the digest of every script and style sheet that it names, and
/// with hints for what it does not name itself. Without the hints a browser learns of the program only after two scripts, and of
/// the digests of modules and of the program never: boot.js reads them there.
pub fn secured(folder: &Path, page: &str, policy: &Policy) -> Result<String> {
    let mut secured = page.to_owned();
    let mut named = Vec::new();
    for (tag, attribute) in [("link", "href"), ("script", "src")] {
        let tags = html::tags(page, tag);
        let loaded = tags
            .iter()
            .filter(|tag| tag.name() == "script" || tag.attribute("rel") == Some("stylesheet"));
        named.extend(loaded.filter_map(|tag| Some(tag.attribute(attribute)?.to_owned())));
    }
    for address in &named {
        let digest = digest(&folder.join(address))?;
        let quoted = format!("\"{address}\"");
        let at = secured
            .find(&quoted)
            .with_context(|| format!("the page names {address} without quotation marks"))?;
        secured.insert_str(at + quoted.len(), &format!(" integrity=\"{digest}\""));
    }
    let mut hints = String::new();
    for file in files::below(folder)? {
        let address = files::slashed(file.strip_prefix(folder)?);
        if named.contains(&address) || address == files::FOR_PORTALS {
            continue;
        }
        match files::extension_of(&file) {
            "js" => {
                let digest = digest(&file)?;
                hints.push_str(&format!(
                    "<link rel=\"modulepreload\" href=\"{address}\" integrity=\"{digest}\">"
                ));
            }
            // Browsers know no digest of such a hint, and say so where there is one: boot.js checks it. A compressed answer does not
            // tell its size.
            "wasm" => {
                let (digest, size) = (digest(&file)?, fs::metadata(&file)?.len());
                hints.push_str(&format!(
                    "<link rel=\"preload\" href=\"{address}\" as=\"fetch\" type=\"application/wasm\" crossorigin data-integrity=\"{digest}\" data-size=\"{size}\">"
                ));
            }
            _ => {}
        }
    }
    let head = secured.find("</head>").context("the page has no </head>")?;
    secured.insert_str(head, &format!("  {hints}\n  "));
    let metas = html::tags(&secured, "meta");
    let charset = metas
        .iter()
        .find(|meta| meta.attribute("charset").is_some())
        .context("the page names no charset, which the policy comes after")?
        .range
        .end;
    let meta = format!(
        "\n    <meta http-equiv=\"Content-Security-Policy\" content=\"{}\">",
        policy.of_page()
    );
    secured.insert_str(charset, &meta);
    Ok(secured)
}

/// The digest of a file, as an attribute `integrity` has it.
fn digest(file: &Path) -> Result<String> {
    let content = fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
    Ok(format!("sha384-{}", STANDARD.encode(Sha384::digest(content))))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = r#"<head>
    <meta charset="utf-8" />
    <link rel="icon" href="icon.svg">
    <link rel="stylesheet" href="style/a.css">
    <script type="module" src="boot.js"></script>
  </head>"#;

    #[test]
    fn the_policy_comes_first_and_everything_loaded_has_its_digest() {
        let folder = std::env::temp_dir().join(format!("xtask-page-{}", std::process::id()));
        fs::create_dir_all(folder.join("style")).expect("a folder");
        for (name, text) in [
            ("boot.js", "abc"),
            ("console.js", "abc"),
            ("console_bg.wasm", "abc"),
            ("style/a.css", "abc"),
            ("icon.svg", "<svg/>"),
            ("embed.js", "abc"),
        ] {
            fs::write(folder.join(name), text).expect("a file");
        }
        let policy = Policy::default();
        let page = secured(&folder, PAGE, &policy).expect("a page");
        fs::remove_dir_all(&folder).expect("cleaning up");
        // That of "abc" as the standard's examples have it.
        let digest = "sha384-ywB1P0WjXou1oD1pmsZQBycsMqsO3tFjGotgWkP/W+2AhgcroefMI1i67KE0yCWn";
        for tag in [
            format!(r#"<link rel="stylesheet" href="style/a.css" integrity="{digest}">"#),
            format!(r#"<script type="module" src="boot.js" integrity="{digest}">"#),
            format!(r#"<link rel="modulepreload" href="console.js" integrity="{digest}">"#),
            format!(r#"as="fetch" type="application/wasm" crossorigin data-integrity="{digest}" data-size="3">"#),
            r#"<link rel="icon" href="icon.svg">"#.to_owned(),
        ] {
            assert!(page.contains(&tag), "{tag} in {page}");
        }
        assert!(!page.contains("embed.js"), "{page}");
        let meta = page.find("Content-Security-Policy").expect("the policy");
        assert!(page[meta..].contains(&policy.of_page()), "{page}");
        assert!(meta < page.find("<link").expect("a link"), "{page}");
    }
}
