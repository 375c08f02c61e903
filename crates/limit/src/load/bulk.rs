//! One long piece of work at a time: a file in, a file out.

use std::{
    path::Path,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use serde::Serialize;
use serde_json::Value;

use super::{
    client::{Answer, Client, Request},
    login::login,
};

/// How long the work took, and what it came to.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct Done {
    pub rows: u64,
    pub failed: u64,
    pub millis: u64,
    pub bytes: usize,
}

/// Between two looks at a job.
const PAUSE: Duration = Duration::from_millis(50);
const BOUNDARY: &str = "multipart/form-data; boundary=between-the-parts";

async fn json(client: &mut Client, request: &Request) -> Result<Value> {
    let answer = client.send(request).await?;
    read(request, &answer)
}

fn read(request: &Request, answer: &Answer) -> Result<Value> {
    if answer.status >= 300 {
        bail!("{} {}: {} {}", request.method, request.path, answer.status, String::from_utf8_lossy(&answer.body));
    }
    Ok(serde_json::from_slice(&answer.body)?)
}

fn get(path: String) -> Request {
    Request { method: "GET", path, ..Request::default() }
}

fn text<'v>(value: &'v Value, name: &str) -> Result<&'v str> {
    value.get(name).and_then(Value::as_str).with_context(|| format!("no `{name}` in {value}"))
}

/// Who asks the product, for work that outlives an access token.
#[derive(Debug, Clone, Copy)]
pub struct Caller<'a> {
    pub address: &'a str,
    pub token: &'a str,
    pub email: &'a str,
    pub password: &'a str,
}

/// Waits for a job of the product to end well.
async fn ended(client: &mut Client, caller: Caller<'_>, id: &str) -> Result<Value> {
    let look = get(format!("/api/v1/jobs/{id}"));
    loop {
        let mut answer = client.send(&look).await?;
        if answer.status == 401 {
            let token = login(caller.address, caller.email, caller.password).await?;
            *client = Client::connect(caller.address, &token).await?;
            answer = client.send(&look).await?;
        }
        let job = read(&look, &answer)?;
        match text(&job, "state")? {
            "done" => return Ok(job),
            "queued" | "running" => tokio::time::sleep(PAUSE).await,
            _ => bail!("the job did not end well: {job}"),
        }
    }
}

/// The product's whole way: upload with detection, the job, to its end.
pub async fn import(caller: Caller<'_>, file: &Path) -> Result<Done> {
    let mut client = Client::connect(caller.address, caller.token).await?;
    let content = std::fs::read_to_string(file)?;
    let body = format!(
        "--between-the-parts\r\nContent-Disposition: form-data; name=\"resource\"\r\n\r\ncustomer\r\n\
         --between-the-parts\r\nContent-Disposition: form-data; name=\"file\"; filename=\"clientes.csv\"\r\n\
         Content-Type: text/csv\r\n\r\n{content}\r\n--between-the-parts--\r\n"
    );
    let path = "/api/v1/imports".to_owned();
    let upload = Request { method: "POST", path, body, media: Some(BOUNDARY), ..Request::default() };
    let begin = Instant::now();
    let received = json(&mut client, &upload).await?;
    let mapping = received.get("mapping").and_then(Value::as_array).context("no mapping")?;
    if let Some(lost) = mapping.iter().find(|column| column.get("field").is_none_or(Value::is_null)) {
        bail!("a column is not understood: {lost}");
    }
    let path = format!("/api/v1/imports/{}/run", text(&received, "id")?);
    let run = Request { method: "POST", path, body: "{}".to_owned(), ..Request::default() };
    let job = json(&mut client, &run).await?;
    ended(&mut client, caller, text(&job, "id")?).await?;
    let millis = u64::try_from(begin.elapsed().as_millis())?;
    let import = json(&mut client, &get(format!("/api/v1/imports/{}", text(&received, "id")?))).await?;
    let count =
        |name: &str| import.get("summary").and_then(|s| s.get(name)).and_then(Value::as_u64).unwrap_or_default();
    Ok(Done { rows: count("created"), failed: count("failed"), millis, bytes: content.len() })
}

/// The limit's import: one request.
pub async fn import_by_hand(address: &str, token: &str, file: &Path) -> Result<Done> {
    let mut client = Client::connect(address, token).await?;
    let body = std::fs::read_to_string(file)?;
    let bytes = body.len();
    let request =
        Request { method: "POST", path: "/import".to_owned(), body, media: Some("text/csv"), ..Request::default() };
    let begin = Instant::now();
    let answer = json(&mut client, &request).await?;
    let millis = u64::try_from(begin.elapsed().as_millis())?;
    let count = |name: &str| answer.get(name).and_then(Value::as_u64).unwrap_or_default();
    Ok(Done { rows: count("created"), failed: count("failed"), millis, bytes })
}

/// What both export.
const COLUMNS: &str = "status,kind,name,trade_name,document,birth_date,phone,email,city,uf,consent_basis,created_at";

/// The product's export: the job and the file.
pub async fn export(caller: Caller<'_>) -> Result<Done> {
    let mut client = Client::connect(caller.address, caller.token).await?;
    let begin = Instant::now();
    let order = get(format!("/api/v1/customers/export?format=csv&columns={COLUMNS}"));
    let answer = client.send(&order).await?;
    let file = match answer.status {
        200 => answer.body,
        202 => {
            let job: Value = serde_json::from_slice(&answer.body)?;
            let id = text(&job, "id")?.to_owned();
            ended(&mut client, caller, &id).await?;
            client.send(&get(format!("/api/v1/jobs/{id}/file"))).await?.body
        }
        _ => bail!("export: {} {}", answer.status, String::from_utf8_lossy(&answer.body)),
    };
    // The first line is the header.
    done(begin, &file, 1)
}

/// The limit's export.
pub async fn export_by_hand(address: &str, token: &str) -> Result<Done> {
    let mut client = Client::connect(address, token).await?;
    let begin = Instant::now();
    let answer = client.send(&get("/export".to_owned())).await?;
    done(begin, &answer.body, 0)
}

fn done(begin: Instant, file: &[u8], header: u64) -> Result<Done> {
    let millis = u64::try_from(begin.elapsed().as_millis())?;
    let lines = u64::try_from(file.split(|byte| *byte == b'\n').count())?.saturating_sub(1);
    Ok(Done { rows: lines.saturating_sub(header), failed: 0, millis, bytes: file.len() })
}
