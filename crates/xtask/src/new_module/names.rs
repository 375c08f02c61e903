//! The names of a module in every form they are needed.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail, ensure};

use super::Arguments;

#[derive(Debug)]
pub struct Names {
    pub area: String,
    pub name: String,
    pub path: String,
    pub route: String,
    pub migration: String,
    pub portuguese: [String; 2],
    pub english: [String; 2],
}

fn pair(values: &[String]) -> Result<[String; 2]> {
    let pair = values.to_vec().try_into().ok();
    pair.context("give singular and plural, separated by a comma")
}

fn plain(text: &str, separator: char) -> bool {
    let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == separator;
    text.starts_with(|c: char| c.is_ascii_lowercase()) && text.chars().all(fits)
}

/// The highest number of a migration: there may be holes.
fn last_migration(folder: &Path) -> Result<u32> {
    let mut last = 0_u32;
    for file in fs::read_dir(folder)? {
        let name = file?.file_name().to_string_lossy().into_owned();
        let number = name.strip_prefix('m').and_then(|rest| rest.split('_').next()).and_then(|n| n.parse::<u32>().ok());
        last = last.max(number.unwrap_or(0));
    }
    Ok(last)
}

impl Names {
    /// Names that are well formed and not taken.
    pub fn check(root: &Path, arguments: &Arguments) -> Result<Self> {
        let Arguments { area, name, path, route, .. } = arguments;
        ensure!(plain(name, '_'), "`{name}` is not snake case");
        ensure!(plain(path, '-') && plain(route, '-'), "paths are lower case with hyphens");
        let folder = root.join("crates/domain/src").join(area);
        ensure!(
            folder.join("mod.rs").is_file(),
            "there is no area `{area}`; make {} first",
            folder.join("mod.rs").display()
        );
        if folder.join(format!("{name}.rs")).exists() {
            bail!("`{area}/{name}` exists already");
        }
        let number = last_migration(&root.join("migrations/src"))?;
        Ok(Self {
            area: area.clone(),
            name: name.clone(),
            path: path.clone(),
            route: route.clone(),
            migration: format!("m{:04}_{name}", number + 1),
            portuguese: pair(&arguments.portuguese)?,
            english: pair(&arguments.english)?,
        })
    }

    /// `carrier_request` → `CarrierRequest`.
    fn camel(word: &str) -> String {
        let parts = word.split('_').map(|part| {
            part.chars().take(1).flat_map(char::to_uppercase).chain(part.chars().skip(1)).collect::<String>()
        });
        parts.collect()
    }

    pub fn constant(&self) -> String {
        self.name.to_uppercase()
    }

    /// Fills a template.
    pub fn fill(&self, template: &str) -> String {
        let [label, plural] = &self.portuguese;
        let area = if self.area == "identity" { "Settings".to_owned() } else { Self::camel(&self.area) };
        [
            ("{{name}}", self.name.as_str()),
            ("{{CONST}}", &self.constant()),
            ("{{Area}}", &area),
            ("{{path}}", &self.path),
            ("{{route}}", &self.route),
            ("{{label}}", label),
            ("{{plural}}", plural),
        ]
        .iter()
        .fold(template.to_owned(), |text, (from, to)| text.replace(from, to))
    }
}

#[cfg(test)]
#[expect(clippy::unwrap_used, reason = "tests")]
mod tests {
    use super::*;

    #[test]
    fn the_next_migration_follows_the_last_one_over_holes() {
        let folder = std::env::temp_dir().join(format!("conexao-migrations-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        for name in ["lib.rs", "m0001_one.rs", "m0003_three.rs"] {
            fs::write(folder.join(name), "").unwrap();
        }
        assert_eq!(last_migration(&folder).unwrap(), 3);
        fs::remove_dir_all(folder).unwrap();
    }
}
