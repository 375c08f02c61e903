//! Uploads of the browser: files the person chose.

use wasm_bindgen::JsValue;
use web_sys::{Blob, FormData};

use super::{Form, Upload};
use crate::failure::Failure;

pub(super) type Content = Blob;

impl Upload {
    /// A file the person chose, or one made in the browser.
    pub fn blob(name: impl Into<String>, content: impl Into<Blob>) -> Self {
        Self { name: name.into(), content: content.into() }
    }
}

impl Form {
    /// The form for one attempt.
    pub(crate) fn write(&self) -> Result<JsValue, Failure> {
        self.fill().map(Into::into).map_err(|_| Failure::unusable("form"))
    }

    fn fill(&self) -> Result<FormData, JsValue> {
        let form = FormData::new()?;
        for (name, value) in &self.fields {
            form.append_with_str(name, value)?;
        }
        form.append_with_blob_and_filename("file", &self.file.content, &self.file.name)?;
        Ok(form)
    }
}
