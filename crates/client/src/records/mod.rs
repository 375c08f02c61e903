//! Records of any resource, driven by its declaration.

mod export;
mod notes;
mod read;
mod write;

use conexao_domain::kernel::resource::Resource;

use crate::{Client, query::segment};

pub use export::Export;

/// The records of one resource.
#[derive(Debug, Clone, Copy)]
pub struct Records<'a> {
    client: &'a Client,
    resource: &'a Resource,
}

impl<'a> Records<'a> {
    pub(crate) const fn new(client: &'a Client, resource: &'a Resource) -> Self {
        Self { client, resource }
    }

    fn path(&self, rest: &str) -> String {
        format!("/{}{rest}", self.resource.path)
    }

    fn one(&self, id: &str) -> String {
        format!("/{}/{}", self.resource.path, segment(id))
    }

    fn under(&self, id: &str, rest: &str) -> String {
        format!("/{}/{}/{rest}", self.resource.path, segment(id))
    }
}
