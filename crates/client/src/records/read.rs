//! Reading records.

use conexao_domain::kernel::record::Record;
use futures_util::Stream;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

use super::Records;
use crate::{
    Failure, Query,
    model::{Group, Groups, Mention, Page, Tag},
    paging,
};

impl Records<'_> {
    /// One page.
    pub async fn list(&self, query: &Query) -> Result<Page<Record>, Failure> {
        self.list_as(query).await
    }

    /// One page of a type of your own; its fields are the canonical values.
    pub async fn list_as<T: DeserializeOwned>(&self, query: &Query) -> Result<Page<T>, Failure> {
        self.client.get(self.path("")).query(query).read().await
    }

    /// All pages as one stream, each fetched when it is needed.
    pub fn all(&self, query: Query) -> impl Stream<Item = Result<Record, Failure>> + use<> {
        self.all_as(query)
    }

    /// All pages of a type of your own.
    pub fn all_as<T: DeserializeOwned>(&self, query: Query) -> impl Stream<Item = Result<T, Failure>> + use<T> {
        paging::items(self.client, self.path(""), query)
    }

    /// How many records match, exactly.
    pub async fn count(&self, query: &Query) -> Result<i64, Failure> {
        let page = self.list(&query.clone().limit(1).counted()).await?;
        Ok(page.count.unwrap_or_default())
    }

    /// One record; its `version` is what a change is based on.
    pub async fn get(&self, id: &str) -> Result<Record, Failure> {
        self.get_as(id).await
    }

    pub async fn get_as<T: DeserializeOwned>(&self, id: &str) -> Result<T, Failure> {
        self.client.get(self.one(id)).read().await
    }

    /// One masked value in full: `document`, or `contacts.<id of the line>.value`.
    /// Each look is recorded, with the reason if there is one.
    pub async fn reveal(&self, id: &str, field: &str, reason: Option<&str>) -> Result<Value, Failure> {
        let body = json!({ "field": field, "reason": reason });
        let seen: Record = self.client.post(self.under(id, "reveal")).unkeyed().json(body).record().await?;
        Ok(seen.get("value").clone())
    }

    /// At most ten records that match what is being typed.
    pub async fn lookup(&self, text: &str) -> Result<Vec<Mention>, Failure> {
        self.few("/lookup", &Query::new().search(text)).await
    }

    /// Other records with one of these values, e.g. the same `document`.
    pub async fn duplicates(&self, values: &Query) -> Result<Vec<Mention>, Failure> {
        self.few("/duplicates", values).await
    }

    /// Counts, and sums of cents or thousandths, per value of a field.
    pub async fn aggregate(&self, group: &str, sum: Option<&str>, query: &Query) -> Result<Vec<Group>, Failure> {
        let query = query.clone().with("group", group).with("sum", sum.unwrap_or_default());
        let found: Groups = self.client.get(self.path("/aggregate")).query(&query).read().await?;
        Ok(found.groups)
    }

    /// The same over time: groups by the first day of each `day`, `week` or
    /// `month` of a date or moment, oldest first, parted by another field.
    pub async fn series(
        &self,
        by: &str,
        interval: &str,
        split: Option<&str>,
        sum: Option<&str>,
        query: &Query,
    ) -> Result<Vec<Group>, Failure> {
        let query = query.clone().with("by", by).with("interval", interval);
        let query = query.with("split", split.unwrap_or_default()).with("sum", sum.unwrap_or_default());
        let found: Groups = self.client.get(self.path("/aggregate")).query(&query).read().await?;
        Ok(found.groups)
    }

    /// Tags in use that begin so, the most used first.
    pub async fn tags(&self, prefix: &str) -> Result<Vec<Tag>, Failure> {
        let query = Query::new().with("resource", self.resource.name).search(prefix);
        let found: Page<Tag> = self.client.get("/tags").query(&query).read().await?;
        Ok(found.items)
    }

    async fn few<T: DeserializeOwned>(&self, path: &str, query: &Query) -> Result<Vec<T>, Failure> {
        let found: Page<T> = self.client.get(self.path(path)).query(query).read().await?;
        Ok(found.items)
    }
}
