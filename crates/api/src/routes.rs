//! Routes and their documentation in one call, so that neither can drift.

use std::collections::BTreeMap;

use actix_web::{FromRequest, Handler, Responder, Route, http::Method, middleware::from_fn, web};
use conexao_domain::kernel::problem::{Code, Problem};
use serde_json::{Map, Value as Json, json};

use crate::{
    ApiError,
    middleware::{Bounds, guard},
    operation::Operation,
};

/// A schema reference to a component.
pub fn component(name: &str) -> Json {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

/// An object schema from its properties.
pub fn object(properties: &[(&str, Json)]) -> Json {
    let properties: Map<String, Json> =
        properties.iter().map(|(name, schema)| ((*name).to_owned(), schema.clone())).collect();
    json!({ "type": "object", "properties": properties })
}

/// The same, with the properties that must be there.
pub fn demanding(required: &[&str], properties: &[(&str, Json)]) -> Json {
    let mut schema = object(properties);
    if let Some(schema) = schema.as_object_mut() {
        schema.insert("required".to_owned(), json!(required));
    }
    schema
}

/// A list of records, which counts them when asked to.
pub fn counted(items: &Json) -> Json {
    let mut schema = page(items);
    let count = json!({ "type": ["integer", "null"], "description": "All matching records, with `count=exact`" });
    if let Some(properties) = schema.get_mut("properties").and_then(Json::as_object_mut) {
        properties.insert("count".to_owned(), count);
    }
    schema
}

/// A page of items with the cursor of the next one.
pub fn page(items: &Json) -> Json {
    object(&[("items", json!({ "type": "array", "items": items })), ("next", json!({ "type": ["string", "null"] }))])
}

/// Answers where no route is.
pub(crate) async fn nothing_here() -> ApiError {
    ApiError(Problem::not_found())
}

/// The routes of one path, in the order they were added.
#[derive(Default)]
struct Place {
    routes: Vec<Route>,
    methods: Vec<&'static str>,
}

impl Place {
    fn into_resource(self, path: &str) -> actix_web::Resource {
        let allowed = self.methods.join(", ").to_uppercase();
        let other = move || {
            let problem = Problem::new(Code::MethodNotAllowed).with("allow", allowed.as_str());
            async move { ApiError(problem) }
        };
        let resource = web::resource(path).default_service(web::to(other));
        self.routes.into_iter().fold(resource, actix_web::Resource::route)
    }
}

/// A path below its first part. What is fixed comes before what is a
/// parameter, part by part.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Below(Vec<bool>, String);

impl Below {
    fn new(path: &str) -> Self {
        Self(path.split('/').map(|part| part.starts_with('{')).collect(), path.to_owned())
    }
}

/// Collects routes into an application and operations into the document.
pub struct Routes<'a> {
    operations: &'a mut Vec<Operation>,
    /// By the first part of their path, so that a request is compared with the
    /// routes of one resource and not with all there are.
    groups: BTreeMap<String, BTreeMap<Below, Place>>,
}

impl std::fmt::Debug for Routes<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} routes", self.operations.len())
    }
}

impl<'a> Routes<'a> {
    pub(crate) fn new(operations: &'a mut Vec<Operation>) -> Self {
        Self { operations, groups: BTreeMap::new() }
    }

    /// Adds what was collected to the application.
    pub(crate) fn mount(self, config: &mut web::ServiceConfig) {
        for (prefix, places) in self.groups {
            let scope = web::scope(&prefix).default_service(web::to(nothing_here));
            let add =
                |scope: actix_web::Scope, (below, place): (Below, Place)| scope.service(place.into_resource(&below.1));
            config.service(places.into_iter().fold(scope, add));
        }
    }

    fn place(&mut self, path: &str) -> &mut Place {
        let after = path.get(1..).and_then(|rest| rest.find('/')).map_or(path.len(), |at| at + 1);
        let (prefix, rest) = path.split_at(after);
        self.groups.entry(prefix.to_owned()).or_default().entry(Below::new(rest)).or_default()
    }

    fn add<F, Args>(&mut self, method: Method, name: &'static str, path: &str, operation: Operation, handler: F)
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        let bounds = Bounds { bytes: operation.body_limit, upload: operation.is_upload() };
        let guarded = from_fn(move |request, next| guard(bounds, request, next));
        let place = self.place(path);
        place.routes.push(web::method(method).to(handler).wrap(guarded));
        place.methods.push(name);
        // What reads the key says so by what it asks for.
        let keyed = operation.keyed || std::any::type_name::<Args>().contains("::Idempotent<");
        self.operations.push(Operation { method: name, path: path.to_owned(), keyed, ..operation });
    }

    pub fn get<F, Args>(&mut self, path: &str, operation: Operation, handler: F)
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.add(Method::GET, "get", path, operation, handler);
    }

    pub fn post<F, Args>(&mut self, path: &str, operation: Operation, handler: F)
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.add(Method::POST, "post", path, operation, handler);
    }

    pub fn patch<F, Args>(&mut self, path: &str, operation: Operation, handler: F)
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.add(Method::PATCH, "patch", path, operation, handler);
    }

    pub fn put<F, Args>(&mut self, path: &str, operation: Operation, handler: F)
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.add(Method::PUT, "put", path, operation, handler);
    }

    pub fn delete<F, Args>(&mut self, path: &str, operation: Operation, handler: F)
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.add(Method::DELETE, "delete", path, operation, handler);
    }
}
