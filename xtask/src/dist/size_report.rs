//! What was built, in bytes.

use std::fs;

use anyhow::{Context, Result};
use serde_json::json;

use super::compress::Sizes;
use crate::files::extension_of;
use crate::paths;
use crate::progress::{detail, say};

/// Prints every file, the sum and the program alone, and writes the same as JSON to `target/dist-sizes.json`.
pub fn print(sizes: &[Sizes]) -> Result<()> {
    say("Sizes in bytes");
    let width = sizes
        .iter()
        .map(|size| size.file.as_os_str().len())
        .max()
        .unwrap_or(0)
        .max("the program alone (wasm)".len());
    let line = |name: &str, raw: &str, brotli: &str, gzip: &str| {
        detail(&format!("{name:width$}  {raw:>10}  {brotli:>10}  {gzip:>10}"));
    };
    line("", "raw", "brotli", "gzip");
    for size in sizes {
        line(
            &size.file.to_string_lossy(),
            &size.raw.to_string(),
            &size.brotli.to_string(),
            &size.gzip.to_string(),
        );
    }
    let wasm: Vec<&Sizes> = sizes.iter().filter(|size| extension_of(&size.file) == "wasm").collect();
    let (wasm, all) = (sum(&wasm), sum(&sizes.iter().collect::<Vec<_>>()));
    for (name, [raw, brotli, gzip]) in [("the program alone (wasm)", wasm), ("total", all)] {
        line(name, &raw.to_string(), &brotli.to_string(), &gzip.to_string());
    }

    let entry = |[raw, brotli, gzip]: [u64; 3]| json!({ "raw": raw, "brotli": brotli, "gzip": gzip });
    let files: serde_json::Map<String, serde_json::Value> = sizes
        .iter()
        .map(|size| {
            (
                size.file.to_string_lossy().into_owned(),
                entry([size.raw, size.brotli, size.gzip]),
            )
        })
        .collect();
    let report = json!({ "files": files, "wasm": entry(wasm), "total": entry(all) });
    let file = paths::target().join("dist-sizes.json");
    fs::write(&file, format!("{report:#}\n")).with_context(|| format!("cannot write {}", file.display()))
}

fn sum(sizes: &[&Sizes]) -> [u64; 3] {
    [
        sizes.iter().map(|size| size.raw).sum(),
        sizes.iter().map(|size| size.brotli).sum(),
        sizes.iter().map(|size| size.gzip).sum(),
    ]
}
