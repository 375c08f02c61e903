//! The style sheet: Tailwind CSS over `frontend/style`.

use std::path::PathBuf;
use std::process::Command;

use anyhow::Result;

use crate::stamp::{self, Inputs};
use crate::{npm, process, workspace};

/// Compiles the style sheet when something it reads has changed, and says where it is.
pub fn build() -> Result<PathBuf> {
    let frontend = workspace::frontend_dir();
    let output = workspace::work_dir().join("app.css");
    // Tailwind writes only the utilities that it finds named in the sources.
    let inputs = Inputs::default()
        .path(&frontend.join("style"))?
        .path(&frontend.join("src"))?
        .path(&frontend.join("index.html"))?
        .path(&frontend.join("package-lock.json"))?;
    stamp::unless_fresh("css", inputs, &output, || {
        process::run_quiet(
            Command::new(npm::program(&frontend, "tailwindcss"))
                .args(["--input", "style/app.css", "--minify", "--output"])
                .arg(&output)
                .current_dir(&frontend),
        )?;
        Ok(())
    })?;
    Ok(output)
}
