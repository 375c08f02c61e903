//! Skipping work: a stamp file remembers the hash of the inputs that made an output.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use sha2::{Digest, Sha256};
use walkdir::WalkDir;

/// Collects the inputs of one step.
#[derive(Debug, Default)]
pub struct Inputs(Sha256);

impl Inputs {
    /// Adds a text, such as a mode or a tool version.
    #[must_use]
    pub fn text(mut self, text: &str) -> Self {
        self.add(text.as_bytes());
        self
    }

    /// Adds a file's name and content, or every file below a folder; what does not exist counts as empty.
    pub fn path(mut self, path: &Path) -> Result<Self> {
        for file in files_below(path)? {
            self.add(file.to_string_lossy().as_bytes());
            let content = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
            self.add(&content);
        }
        Ok(self)
    }

    fn add(&mut self, bytes: &[u8]) {
        // The length keeps "ab" + "c" apart from "a" + "bc".
        self.0.update(bytes.len().to_le_bytes());
        self.0.update(bytes);
    }

    fn finish(self) -> String {
        hex::encode(self.0.finalize())
    }
}

/// Runs `make` unless `output` exists and the stamp says that it came from these inputs.
/// Says whether `make` ran.
pub fn unless_fresh(name: &str, inputs: Inputs, output: &Path, make: impl FnOnce() -> Result<()>) -> Result<bool> {
    let stamp = stamp_file(name);
    let wanted = inputs.finish();
    if output.exists() && fs::read_to_string(&stamp).is_ok_and(|found| found == wanted) {
        return Ok(false);
    }
    // An interrupted run must not look finished.
    if stamp.exists() {
        fs::remove_file(&stamp)?;
    }
    make()?;
    fs::create_dir_all(crate::workspace::work_dir())?;
    fs::write(&stamp, wanted)?;
    Ok(true)
}

/// All files below `path` in a fixed order; the path itself when it is a file.
pub fn files_below(path: &Path) -> Result<Vec<PathBuf>> {
    if !path.exists() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    for entry in WalkDir::new(path).sort_by_file_name() {
        let entry = entry.with_context(|| format!("cannot list {}", path.display()))?;
        if entry.file_type().is_file() {
            files.push(entry.into_path());
        }
    }
    Ok(files)
}

fn stamp_file(name: &str) -> PathBuf {
    crate::workspace::work_dir().join(format!("{name}.stamp"))
}

#[cfg(test)]
mod tests {
    #![expect(clippy::unwrap_used, reason = "tests")]
    use super::*;

    #[test]
    fn borders_between_inputs_matter() {
        let one = Inputs::default().text("ab").text("c").finish();
        let two = Inputs::default().text("a").text("bc").finish();
        assert_ne!(one, two);
    }

    #[test]
    fn content_and_name_of_files_matter() {
        let dir = tempfile::tempdir().unwrap();
        let hash = || Inputs::default().path(dir.path()).unwrap().finish();
        let empty = hash();
        fs::write(dir.path().join("a"), "1").unwrap();
        let first = hash();
        fs::write(dir.path().join("a"), "2").unwrap();
        let second = hash();
        fs::rename(dir.path().join("a"), dir.path().join("b")).unwrap();
        let third = hash();
        let all = [&empty, &first, &second, &third];
        for (position, left) in all.iter().enumerate() {
            assert!(all.iter().skip(position + 1).all(|right| left != right));
        }
    }
}
