//! Reading and changing records, and any path of the API.

use conexao_client::{Client, Query};
use conexao_domain::kernel::{record::Record, resource::Resource};
use futures_util::TryStreamExt;
use serde_json::Value as Json;

use super::{
    arguments::{Act, Delete, Get, Patch, Post},
    input::{object, query, resource},
    outcome::{End, Trouble},
    show::Output,
};

/// Rows written at a time.
const BATCH: usize = 200;

type Ended = Result<End, Trouble>;

pub async fn get(client: &Client, output: Output, wanted: Get) -> Ended {
    let mut query = query(&wanted.choice)?;
    if let Some(limit) = wanted.limit {
        query = query.limit(limit);
    }
    if wanted.what.starts_with('/') {
        output.value(&client.get(wanted.what).query(&query).value().await?)?;
        return Ok(End::Well);
    }
    let resource = resource(&wanted.what)?;
    let records = client.resource(resource);
    if let Some(id) = &wanted.id {
        output.record(resource, &records.get(id).await?)?;
    } else if wanted.count {
        output.value(&records.count(&query).await?.into())?;
    } else if wanted.all {
        all(client, output, resource, &wanted.choice.columns, query).await?;
    } else {
        let page = records.list(&query).await?;
        output.records(resource, &wanted.choice.columns, &page.items)?;
        if page.next.is_some() && !output.json {
            eprintln!("… (--all)");
        }
    }
    Ok(End::Well)
}

/// Every page; JSON lines are written as they come, a table when all is known.
async fn all(
    client: &Client,
    output: Output,
    resource: &'static Resource,
    columns: &[String],
    mut query: Query,
) -> Result<(), Trouble> {
    if query.get("limit").is_none() {
        query = query.limit(200);
    }
    let records = client.resource(resource).all(query);
    if !output.json {
        let records: Vec<Record> = records.try_collect().await?;
        return Ok(output.records(resource, columns, &records)?);
    }
    let mut batches = std::pin::pin!(records.try_chunks(BATCH));
    loop {
        match batches.try_next().await {
            Ok(Some(batch)) => output.records(resource, columns, &batch)?,
            Ok(None) => return Ok(()),
            // What came before the failure is good.
            Err(broken) => {
                output.records(resource, columns, &broken.0)?;
                return Err(broken.1.into());
            }
        }
    }
}

pub async fn post(client: &Client, output: Output, wanted: Post) -> Ended {
    let body = object(&wanted.input)?;
    let raw = wanted.what.starts_with('/');
    let known = if raw { None } else { Some(resource(&wanted.what)?) };
    let path = known.map_or(wanted.what, |resource| format!("/{}", resource.path));
    let mut call = client.post(path).json(body);
    if let Some(key) = wanted.idempotency_key {
        call = call.keyed(key);
    }
    answer(output, known, call.value().await?)
}

pub async fn patch(client: &Client, output: Output, wanted: Patch) -> Ended {
    let resource = resource(&wanted.resource)?;
    let (records, values) = (client.resource(resource), object(&wanted.input)?);
    let record = match wanted.if_match {
        Some(version) => records.patch(&wanted.id, version, values).await?,
        None => records.change(&wanted.id, |_| values.clone()).await?,
    };
    output.record(resource, &record)?;
    Ok(End::Well)
}

pub async fn delete(client: &Client, wanted: Delete) -> Ended {
    let records = client.resource(resource(&wanted.resource)?);
    let version = match wanted.if_match {
        Some(version) => version,
        None => records.get(&wanted.id).await?.version(),
    };
    records.remove(&wanted.id, version).await?;
    Ok(End::Well)
}

pub async fn action(client: &Client, output: Output, wanted: Act) -> Ended {
    let resource = resource(&wanted.resource)?;
    let (records, inputs) = (client.resource(resource), object(&wanted.input)?);
    let step = resource.flow.and_then(|flow| flow.step(&wanted.name));
    let value = match (wanted.if_match, step) {
        (Some(version), _) => records.step(&wanted.id, version, &wanted.name, inputs).await?.into(),
        (None, Some(_)) => {
            let version = records.get(&wanted.id).await?.version();
            records.step(&wanted.id, version, &wanted.name, inputs).await?.into()
        }
        // Acts that are no step need no version.
        (None, None) => records.act(&wanted.id, &wanted.name, inputs).await?,
    };
    answer(output, Some(resource), value)
}

/// Shows an answer as a record where it is one.
fn answer(output: Output, resource: Option<&'static Resource>, value: Json) -> Ended {
    match (resource, value) {
        (Some(resource), Json::Object(values)) if values.contains_key("version") => {
            output.record(resource, &Record(values))?;
        }
        (_, value) => output.value(&value)?,
    }
    Ok(End::Well)
}
