//! What users are called: few of them, named on every page by every record
//! they own or made, so that looking them up each time costs a statement each
//! time. Another node's renaming shows here after half a minute at the latest.

use std::{sync::Arc, time::Duration};

use conexao_domain::{identity::user::USER, kernel::resource::Resource};
use moka::sync::Cache;
use uuid::Uuid;

use crate::Tenant;

/// Title and subtitle.
pub type Title = (String, Option<String>);

/// Names seen lately. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Names(Cache<(Tenant, Uuid), Arc<Title>>);

impl Default for Names {
    fn default() -> Self {
        Self(Cache::builder().max_capacity(20_000).time_to_live(Duration::from_secs(30)).build())
    }
}

impl Names {
    /// Whether the names of the resource's records are remembered.
    pub fn remembers(resource: &Resource) -> bool {
        resource.table == USER.table
    }

    pub fn get(&self, tenant: Tenant, id: Uuid) -> Option<Arc<Title>> {
        self.0.get(&(tenant, id))
    }

    pub fn set(&self, tenant: Tenant, id: Uuid, title: Title) {
        self.0.insert((tenant, id), Arc::new(title));
    }

    pub(crate) fn forget(&self) {
        self.0.invalidate_all();
    }
}
