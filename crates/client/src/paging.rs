//! Keyset pages as one stream: the next page is fetched when the last is used up.

use futures_util::{Stream, TryStreamExt, stream};
use serde::de::DeserializeOwned;

use crate::{Client, Failure, Query, model::Page};

/// Every item from the query's page on; ends after the first failure.
pub(crate) fn items<T: DeserializeOwned>(
    client: &Client,
    path: String,
    query: Query,
) -> impl Stream<Item = Result<T, Failure>> + use<T> {
    let start = Some((client.clone(), query));
    let pages = stream::try_unfold(start, move |place| {
        let path = path.clone();
        async move {
            let Some((client, query)) = place else { return Ok(None) };
            let page: Page<T> = client.get(path).query(&query).read().await?;
            let rest = page.next.map(|next| (client, query.after(&next)));
            Ok(Some((stream::iter(page.items.into_iter().map(Ok)), rest)))
        }
    });
    pages.try_flatten()
}
