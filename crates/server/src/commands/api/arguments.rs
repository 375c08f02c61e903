//! What `conexao api` can be told.

use std::path::PathBuf;

use clap::{Args, Subcommand};

use super::outcome::CODES;

/// Work with a running installation from scripts.
#[derive(Debug, Args)]
#[command(after_help = CODES)]
pub struct Arguments {
    #[command(flatten)]
    pub access: Access,
    /// JSON lines instead of tables.
    #[arg(long, global = true)]
    pub json: bool,
    #[command(subcommand)]
    pub action: Action,
}

/// Where, and as whom.
#[derive(Debug, Args)]
pub struct Access {
    /// Address of the installation.
    #[arg(long, global = true, env = "CONEXAO_URL", default_value = "http://127.0.0.1:8080")]
    pub url: String,
    /// API token. Better in the variable: others can see what a command was told.
    #[arg(long, global = true, env = "CONEXAO_TOKEN", hide_env_values = true)]
    pub token: Option<String>,
    /// E-mail to log in with where there is no token; the password is read from `CONEXAO_PASSWORD`.
    #[arg(long, global = true, env = "CONEXAO_EMAIL")]
    pub email: Option<String>,
    /// Language of messages and labels: `pt-BR` or `en`.
    #[arg(long, global = true, default_value = "pt-BR")]
    pub locale: String,
}

#[derive(Debug, Subcommand)]
pub enum Action {
    /// Read a list, one record, or any path of the API.
    Get(Get),
    /// Create a record, or post to any path of the API.
    Post(Post),
    /// Change fields of a record.
    Patch(Patch),
    /// Remove a record.
    Delete(Delete),
    /// Take a step of a record's flow, or another of its actions.
    #[command(name = "action")]
    Act(Act),
    /// Turn a spreadsheet into records: first tried, then run.
    Import(Import),
    /// Write a list to a file.
    Export(Export),
}

/// Which records of a list.
#[derive(Debug, Args)]
pub struct Choice {
    /// `field=value`, or `field[op]=value` with ne, in, gte, lte, gt, lt, contains, empty; may be repeated.
    #[arg(long, short, value_name = "FIELD=VALUE")]
    pub filter: Vec<String>,
    /// Words that occur in the record.
    #[arg(long, short = 'q')]
    pub search: Option<String>,
    /// Fields to sort by, `-` for descending: `-created_at,name`.
    #[arg(long, allow_hyphen_values = true)]
    pub sort: Option<String>,
    /// Comma-separated fields to show.
    #[arg(long, value_delimiter = ',')]
    pub columns: Vec<String>,
}

#[derive(Debug, Args)]
pub struct Get {
    /// A resource such as `customers`, or a path such as `/me`.
    pub what: String,
    /// Id of one record.
    pub id: Option<String>,
    #[command(flatten)]
    pub choice: Choice,
    /// Rows of one page, 1 to 200.
    #[arg(long)]
    pub limit: Option<u64>,
    /// Every page, not only the first.
    #[arg(long)]
    pub all: bool,
    /// Only how many there are.
    #[arg(long, conflicts_with_all = ["all", "limit"])]
    pub count: bool,
}

/// What is sent.
#[derive(Debug, Args)]
pub struct Input {
    /// JSON object, `@file`, or `-` for standard input.
    #[arg(long, short)]
    pub body: Option<String>,
    /// `field=text`, or `field:=json`; may be repeated.
    #[arg(long, short, value_name = "FIELD=VALUE")]
    pub set: Vec<String>,
}

#[derive(Debug, Args)]
pub struct Post {
    /// A resource such as `customers`, or a path such as `/notifications/read`.
    pub what: String,
    #[command(flatten)]
    pub input: Input,
    /// Makes repeated runs of the script have one effect.
    #[arg(long, value_name = "KEY")]
    pub idempotency_key: Option<String>,
}

#[derive(Debug, Args)]
pub struct Patch {
    /// A resource such as `customers`.
    pub resource: String,
    pub id: String,
    #[command(flatten)]
    pub input: Input,
    /// Refuse when the record is no longer at this version; without it the change is made on whatever is there.
    #[arg(long, value_name = "VERSION")]
    pub if_match: Option<i64>,
}

#[derive(Debug, Args)]
pub struct Delete {
    /// A resource such as `customers`.
    pub resource: String,
    pub id: String,
    /// Refuse when the record is no longer at this version.
    #[arg(long, value_name = "VERSION")]
    pub if_match: Option<i64>,
}

#[derive(Debug, Args)]
pub struct Act {
    /// A resource such as `customers`.
    pub resource: String,
    pub id: String,
    /// E.g. `block`, `restore`, `set-password`.
    pub name: String,
    #[command(flatten)]
    pub input: Input,
    /// Refuse when the record is no longer at this version.
    #[arg(long, value_name = "VERSION")]
    pub if_match: Option<i64>,
}

#[derive(Debug, Args)]
pub struct Import {
    /// A resource such as `customers`.
    pub resource: String,
    /// XLSX, XLS, ODS or CSV.
    pub file: PathBuf,
    /// `create`, `update` or `upsert`.
    #[arg(long)]
    pub mode: Option<String>,
    /// Field that finds existing records.
    #[arg(long)]
    pub key: Option<String>,
    /// Try every row and write nothing.
    #[arg(long)]
    pub dry_run: bool,
    /// Run also when some rows cannot be used, without those.
    #[arg(long)]
    pub skip_failed: bool,
    /// Where to write the rows that cannot be used, with reasons; `.csv` or `.xlsx`.
    #[arg(long, value_name = "FILE")]
    pub failed: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub struct Export {
    /// A resource such as `customers`.
    pub resource: String,
    #[command(flatten)]
    pub choice: Choice,
    /// `xlsx`, `csv` or `jsonl`; by the output file's ending unless told.
    #[arg(long)]
    pub format: Option<String>,
    /// File to write; standard output unless told.
    #[arg(long, short)]
    pub output: Option<PathBuf>,
}
