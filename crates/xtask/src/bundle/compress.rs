//! Compressed copies, made once at build time so that the server never does it.

use std::fs::{self, File};
use std::io::{Cursor, Write};
use std::path::{Path, PathBuf};
use std::thread;

use anyhow::{Context, Result, anyhow};
use brotli::enc::BrotliEncoderParams;
use flate2::Compression;
use flate2::write::GzEncoder;

use crate::stamp::files_below;

/// Formats that are not compressed already.
const COMPRESSIBLE: [&str; 8] = ["html", "css", "js", "wasm", "svg", "json", "webmanifest", "txt"];

/// Below this many bytes a copy saves no packet.
const SMALLEST: u64 = 1024;

/// Writes `.br` and `.gz` beside every file that gains from it.
pub fn all_below(folder: &Path) -> Result<()> {
    let mut files = Vec::new();
    for file in files_below(folder)? {
        if worth_it(&file)? {
            files.push(file);
        }
    }
    thread::scope(|scope| {
        let workers: Vec<_> = files.iter().map(|file| scope.spawn(move || copies_of(file))).collect();
        workers.into_iter().try_for_each(|worker| worker.join().map_err(|_| anyhow!("a compressor panicked"))?)
    })
}

fn worth_it(file: &Path) -> Result<bool> {
    let extension = file.extension().unwrap_or_default().to_string_lossy();
    Ok(COMPRESSIBLE.contains(&extension.as_ref()) && fs::metadata(file)?.len() >= SMALLEST)
}

fn copies_of(file: &Path) -> Result<()> {
    let content = fs::read(file)?;
    fs::write(beside(file, "br"), brotli(&content)?).with_context(|| format!("cannot compress {}", file.display()))?;
    let mut gzip = GzEncoder::new(File::create(beside(file, "gz"))?, Compression::best());
    gzip.write_all(&content)?;
    gzip.finish()?;
    Ok(())
}

fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let parameters = BrotliEncoderParams {
        quality: 11,
        // The largest window that every browser accepts.
        lgwin: 24,
        size_hint: content.len(),
        ..BrotliEncoderParams::default()
    };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut Cursor::new(content), &mut compressed, &parameters)?;
    Ok(compressed)
}

/// `app.js` and `br` give `app.js.br`.
pub fn beside(file: &Path, extension: &str) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".");
    name.push(extension);
    PathBuf::from(name)
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn copies_hold_the_content() {
        let folder = tempfile::tempdir().unwrap();
        let text = "fatura boleto cliente ".repeat(200);
        let file = folder.path().join("a.js");
        fs::write(&file, &text).unwrap();
        fs::write(folder.path().join("b.png"), &text).unwrap();
        fs::write(folder.path().join("c.js"), "short").unwrap();
        all_below(folder.path()).unwrap();
        let mut from_brotli = Vec::new();
        let packed = fs::read(beside(&file, "br")).unwrap();
        brotli::BrotliDecompress(&mut Cursor::new(packed), &mut from_brotli).unwrap();
        assert_eq!(from_brotli, text.as_bytes());
        let mut from_gzip = flate2::write::GzDecoder::new(Vec::new());
        from_gzip.write_all(&fs::read(beside(&file, "gz")).unwrap()).unwrap();
        assert_eq!(from_gzip.finish().unwrap(), text.as_bytes());
        assert_eq!(files_below(folder.path()).unwrap().len(), 5);
    }
}
