//! Compressed copies, as small as the formats allow: made once here instead of on every request by the server.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use flate2::Compression;
use flate2::write::GzEncoder;

use super::CONFIGURATION;
use crate::files::{self, extension_of};

/// What compresses well. Pictures and fonts are compressed already.
const COMPRESSIBLE: &[&str] = &["css", "html", "js", "json", "svg", "txt", "wasm", "webmanifest"];

const BROTLI_QUALITY: i32 = 11;
/// The window as the exponent of two: 16 MiB, the largest that every browser knows.
const BROTLI_WINDOW: i32 = 24;

/// The bytes that a file and its copies have.
pub struct Sizes {
    /// The file, relative to `dist/`.
    pub file: PathBuf,
    /// As it is.
    pub raw: u64,
    /// Compressed by brotli; the raw size where there is no copy.
    pub brotli: u64,
    /// Compressed by gzip; the raw size where there is no copy.
    pub gzip: u64,
}

/// Lays `.br` and `.gz` beside every file that becomes smaller by it.
pub fn copies(folder: &Path) -> Result<Vec<Sizes>> {
    let mut sizes = Vec::new();
    for file in files::below(folder)? {
        let content = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let name = file.strip_prefix(folder)?.to_path_buf();
        let raw = length(&content);
        let mut size = Sizes {
            file: name.clone(),
            raw,
            brotli: raw,
            gzip: raw,
        };
        if COMPRESSIBLE.contains(&extension_of(&file)) && name != Path::new(CONFIGURATION) {
            let (brotli, gzip) = std::thread::scope(|scope| {
                let brotli = scope.spawn(|| brotli(&content));
                (brotli.join(), gzip(&content))
            });
            let brotli = brotli.map_err(|_| anyhow::anyhow!("the brotli encoder panicked at {}", file.display()))??;
            size.brotli = keep_if_smaller(&file, "br", &brotli, raw)?;
            size.gzip = keep_if_smaller(&file, "gz", &gzip?, raw)?;
        }
        sizes.push(size);
    }
    Ok(sizes)
}

fn keep_if_smaller(file: &Path, extension: &str, compressed: &[u8], raw: u64) -> Result<u64> {
    if length(compressed) >= raw {
        return Ok(raw);
    }
    let mut copy = file.as_os_str().to_owned();
    copy.push(format!(".{extension}"));
    fs::write(&copy, compressed).with_context(|| format!("cannot write {}", copy.to_string_lossy()))?;
    Ok(length(compressed))
}

fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams {
        quality: BROTLI_QUALITY,
        lgwin: BROTLI_WINDOW,
        size_hint: content.len(),
        ..Default::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &*content, &mut compressed, &parameters).context("brotli failed")?;
    Ok(compressed)
}

fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    // The header has no name and no time: the same content gives the same file.
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).context("gzip failed")?;
    encoder.finish().context("gzip failed")
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    #[test]
    fn copies_hold_the_same_content_and_the_configuration_has_none() {
        let folder = std::env::temp_dir().join(format!("xtask-compress-{}", std::process::id()));
        fs::create_dir_all(&folder).expect("a folder");
        let text = "all work and no play makes a dull page. ".repeat(100);
        for name in ["page.js", "config.json", "picture.png"] {
            fs::write(folder.join(name), &text).expect("a file");
        }
        let sizes = copies(&folder).expect("copies");
        assert_eq!(sizes.len(), 3);
        let mut restored = Vec::new();
        brotli::BrotliDecompress(
            &mut &*fs::read(folder.join("page.js.br")).expect("a copy"),
            &mut restored,
        )
        .expect("brotli");
        assert_eq!(restored, text.as_bytes());
        let mut restored = String::new();
        let gzip = fs::read(folder.join("page.js.gz")).expect("a copy");
        flate2::read::GzDecoder::new(&*gzip)
            .read_to_string(&mut restored)
            .expect("gzip");
        assert_eq!(restored, text);
        assert!(!folder.join("config.json.br").exists() && !folder.join("picture.png.gz").exists());
        fs::remove_dir_all(&folder).expect("cleaning up");
    }
}
