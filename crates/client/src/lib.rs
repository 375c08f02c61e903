//! The API of Conexão as functions, for programs and for the browser.
//!
//! ```no_run
//! use conexao_client::{Client, Query};
//! use conexao_domain::{customers::customer::CUSTOMER, kernel::query::Op};
//! use futures_util::TryStreamExt;
//! use serde_json::json;
//!
//! # async fn example() -> Result<(), conexao_client::Failure> {
//! let client = Client::new("https://crm.example.com", "an API token");
//! let customers = client.resource(&CUSTOMER);
//!
//! // Created once, however often the connection breaks.
//! let ana = customers.create(json!({ "name": "Ana Terra", "document": "529.982.247-25" })).await?;
//! let ana = customers.patch(ana.id(), ana.version(), json!({ "name": "Ana Terra Cambará" })).await?;
//! customers.step(ana.id(), ana.version(), "block", json!({ "block_reason": "Cheque devolvido" })).await?;
//!
//! // Every page, fetched as it is needed.
//! let blocked = Query::new().filter("status", Op::Eq, "blocked").sort("name");
//! let mut all = std::pin::pin!(customers.all(blocked));
//! while let Some(customer) = all.try_next().await? {
//!     println!("{} {}", customer.id(), customer.text("name").unwrap_or_default());
//! }
//! # Ok(()) }
//! ```
//!
//! # What it does for you
//! - **Problems** are a [`Failure`] with code, wording in the client's language,
//!   refused values by field, request id and how far the call came.
//! - **Retries**: calls answered 429, 502, 503 or 504 and calls whose connection
//!   broke are made again after growing pauses ([`Retry`]), honouring
//!   `Retry-After` — but only where a second attempt cannot have a second
//!   effect. Writes carry an `Idempotency-Key` that all attempts share.
//! - **Versions**: writes take the version they are based on (`If-Match`), and
//!   [`Records::change`] reads and tries anew when somebody else was faster.
//! - **Sessions**: an API token ([`Client::new`]), or e-mail and password
//!   ([`Builder::credentials`]) with silent renewal of the access token.
//!
//! Values are canonical JSON: money in integer cents, quantities in thousandths,
//! days as `YYYY-MM-DD`, documents without punctuation. `list_as`, `get_as` and
//! `all_as` read them into types of your own:
//!
//! ```no_run
//! # async fn example(client: conexao_client::Client) -> Result<(), conexao_client::Failure> {
//! use conexao_client::Query;
//! use conexao_domain::customers::customer::CUSTOMER;
//!
//! #[derive(serde::Deserialize)]
//! struct Customer {
//!     id: String,
//!     name: String,
//! }
//!
//! let page = client.resource(&CUSTOMER).list_as::<Customer>(&Query::new().search("ana")).await?;
//! for Customer { id, name } in page.items {
//!     println!("{id} {name}");
//! }
//! # Ok(()) }
//! ```
//!
//! Many at once is a job, which can be waited for:
//!
//! ```no_run
//! # async fn example(client: conexao_client::Client) -> Result<(), conexao_client::Failure> {
//! use conexao_client::{Query, Selection, Upload};
//! use conexao_domain::customers::customer::CUSTOMER;
//!
//! let customers = client.resource(&CUSTOMER);
//! let inactive = Selection::Matching("filter[status]=inactive".into());
//! let job = customers.bulk("activate", Default::default(), inactive).await?;
//! let job = client.jobs().wait(job, |job| eprintln!("{:?} %", job.percent())).await?;
//! assert!(job.is_well());
//!
//! let import = client.imports().upload(&CUSTOMER, Upload::file("clientes.xlsx")).await?;
//! let tried = client.imports().dry_run(&import.id, |_| {}).await?;
//! if tried.summary.is_some_and(|summary| summary.failed == 0) {
//!     client.imports().run(&import.id, |_| {}).await?;
//! }
//!
//! let file = customers.export_file("xlsx", &["name", "document"], &Query::new(), |_| {}).await?;
//! file.save("clientes.xlsx").await?;
//! # Ok(()) }
//! ```
//!
//! And [`Client::events`] tells what happens while it happens:
//!
//! ```no_run
//! # async fn example(client: conexao_client::Client) -> Result<(), conexao_client::Failure> {
//! use conexao_client::Event;
//! use futures_util::TryStreamExt;
//!
//! let mut events = std::pin::pin!(client.events(None));
//! while let Some(event) = events.try_next().await? {
//!     if let Event::Record(changed) = event {
//!         println!("{} {}: {}", changed.resource, changed.id, changed.action);
//!     }
//! }
//! # Ok(()) }
//! ```

mod account;
mod audit;
mod call;
mod channels;
mod client;
mod download;
mod events;
mod failure;
mod imports;
mod jobs;
mod me;
pub mod model;
mod notifications;
mod paging;
mod passkeys;
mod privacy;
mod query;
mod records;
mod registration;
mod retry;
mod rights;
mod security;
mod session;
mod settings;
mod transport;
mod upload;
mod views;

pub use account::{Invited, NoticeChoice, NoticeChoices, Recovering, Strength};
pub use audit::Audit;
pub use call::{Answer, BASE, Call};
pub use client::{Builder, Client};
pub use download::Download;
pub use events::{Event, Message, RecordEvent};
pub use failure::{Failure, Reach, Refusal};
pub use imports::Imports;
pub use jobs::Jobs;
pub use model::{Page, Selection};
pub use notifications::{Audience, Notice, Notifications, Which};
pub use passkeys::Proof;
pub use privacy::Privacy;
pub use query::{Query, decode, encode};
pub use records::{Export, Records};
pub use registration::{Registered, Registering};
pub use retry::Retry;
pub use rights::Rights;
pub use session::Guard;
pub use settings::ClockChange;
pub use transport::{BoxFuture, Chunk};
pub use upload::Upload;
pub use views::{View, ViewDraft, Views};
