//! Spreadsheets in and out.

use std::{
    io::{self, IsTerminal, Write},
    path::Path,
};

use conexao_client::{
    Client, Upload,
    model::{Import as Imported, Job, Summary},
};
use serde_json::{Map, json};

use super::{
    arguments::{Export, Import},
    input::{query, resource},
    outcome::{End, Trouble},
    show::Output,
};

pub async fn import(client: &Client, output: Output, wanted: Import) -> Result<End, Trouble> {
    let imports = client.imports();
    let received = imports.upload(resource(&wanted.resource)?, Upload::file(&wanted.file)).await?;
    let mut changes = Map::new();
    changes.extend(wanted.mode.map(|mode| ("mode".to_owned(), mode.into())));
    changes.extend(wanted.key.map(|key| ("key".to_owned(), key.into())));
    if !changes.is_empty() {
        imports.change(&received.id, changes).await?;
    }
    let mut done = imports.dry_run(&received.id, progress).await?;
    let refused = summary(&done).failed > 0;
    if !wanted.dry_run && (!refused || wanted.skip_failed) {
        done = imports.run(&received.id, progress).await?;
    }
    let Summary { rows, ready, created, updated, skipped, failed, warnings, .. } = summary(&done);
    let told = json!({ "id": done.id, "state": done.state, "rows": rows, "ready": ready, "created": created,
        "updated": updated, "skipped": skipped, "failed": failed, "warnings": warnings });
    output.value(&told)?;
    if failed == 0 && matches!(done.state.as_str(), "done" | "simulated") {
        return Ok(End::Well);
    }
    if let Some(path) = &wanted.failed {
        let format = ending(path).unwrap_or("csv");
        imports.failed_file(&done.id, format).await?.save(path).await?;
    }
    Ok(End::Partly)
}

fn summary(import: &Imported) -> Summary {
    import.summary.clone().unwrap_or_default()
}

pub async fn export(client: &Client, wanted: Export) -> Result<End, Trouble> {
    let columns: Vec<&str> = wanted.choice.columns.iter().map(String::as_str).collect();
    let named = wanted.output.as_deref().and_then(ending);
    let format = wanted.format.as_deref().or(named).unwrap_or("csv");
    let records = client.resource(resource(&wanted.resource)?);
    let mut file = records.export_file(format, &columns, &query(&wanted.choice)?, progress).await?;
    if let Some(path) = &wanted.output {
        file.save(path).await?;
    } else {
        while let Some(chunk) = file.chunk().await? {
            io::stdout().lock().write_all(&chunk)?;
        }
        io::stdout().lock().flush()?;
    }
    Ok(End::Well)
}

fn ending(path: &Path) -> Option<&str> {
    path.extension()?.to_str()
}

/// Tells people, not log files.
fn progress(job: &Job) {
    if io::stderr().is_terminal() {
        let percent = job.percent().unwrap_or_default();
        eprint!("\r{}: {percent} %{}", job.title, if job.is_over() { "\n" } else { "" });
    }
}
