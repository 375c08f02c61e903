//! The widgets of somebody's first screen, and the numbers they are made of.

use conexao_domain::kernel::resource::Resource;
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};

use super::{Failure, Params, client};

/// What a widget shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Kpi,
    Bar,
    Line,
    Stacked,
    Donut,
    Funnel,
    Heat,
    List,
    Shortcuts,
}

/// How long each point of a series is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Interval {
    Day,
    Week,
    Month,
}

impl Interval {
    pub const ALL: [Self; 3] = [Self::Day, Self::Week, Self::Month];

    /// The word of the API.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
        }
    }
}

/// One widget as it is kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Widget {
    pub id: String,
    pub kind: Kind,
    /// Empty for shortcuts, which are about all of them.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub resource: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<String>,
    /// What narrows the rows, as in a list's address.
    #[serde(default)]
    pub query: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub split: Option<String>,
    /// `count`, or `sum:` and a field.
    #[serde(default = "count")]
    pub measure: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interval: Option<Interval>,
    /// How far back, e.g. `30d` or `12m`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    /// Columns, 1 to 4, and rows, 1 to 3.
    pub w: u8,
    pub h: u8,
}

fn count() -> String {
    "count".to_owned()
}

#[derive(Deserialize)]
struct Kept {
    widgets: Option<Vec<Widget>>,
}

const PATH: &str = "/me/dashboard?name=home";

/// The widgets of the first screen; none when they were never changed.
pub async fn read() -> Result<Option<Vec<Widget>>, Failure> {
    let kept: Kept = client().get(PATH).read().await?;
    Ok(kept.widgets)
}

/// Keeps the widgets; with none, the first screen is what it was at first.
pub async fn write(widgets: Option<&[Widget]>) -> Result<(), Failure> {
    client().put(PATH).json(json!({ "widgets": widgets })).done().await
}

/// Records of an interval, and of a value of the second field.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct Point {
    /// First day of the interval.
    #[serde(default)]
    pub key: Json,
    #[serde(default)]
    pub split: Json,
    pub count: i64,
    #[serde(default)]
    pub sum: Option<i64>,
}

#[derive(Deserialize)]
struct Points {
    groups: Vec<Point>,
}

/// What a series is made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wanted<'a> {
    /// A day or a moment.
    pub by: &'a str,
    pub interval: Interval,
    pub split: Option<&'a str>,
    pub sum: Option<&'a str>,
}

/// Counts and sums by interval, in the company's time zone. Intervals without records are left out.
pub async fn series(resource: &Resource, wanted: Wanted<'_>, params: &Params) -> Result<Vec<Point>, Failure> {
    let query = params
        .clone()
        .with("group", wanted.by)
        .with("interval", wanted.interval.name())
        .with("split", wanted.split.unwrap_or_default())
        .with("sum", wanted.sum.unwrap_or_default());
    let found: Points = client().get(format!("/{}/aggregate", resource.path)).query(&query).read().await?;
    Ok(found.groups)
}
