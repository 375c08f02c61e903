//! Routes and their documentation in one call, so that neither can drift.

use actix_web::{FromRequest, Handler, Responder, Route, http::Method, web};
use conexao_domain::kernel::problem::Problem;
use serde_json::{Map, Value as Json, json};

use crate::ApiError;

/// One documented operation; paths are relative to `/api/v1`.
#[derive(Debug, Clone)]
pub struct Operation {
    pub method: &'static str,
    pub path: String,
    /// Group in the documentation.
    pub tag: String,
    pub summary: String,
    /// Permission the operation needs, if it needs one.
    pub permission: Option<String>,
    /// Query parameters: (name, what it does).
    pub query: Vec<(&'static str, &'static str)>,
    /// JSON schema of the body.
    pub body: Option<Json>,
    /// Content type of the body.
    pub body_type: &'static str,
    pub status: u16,
    /// JSON schema of the answer; `None` for an empty one.
    pub answer: Option<Json>,
    pub answer_type: &'static str,
    /// Whether anybody may call it.
    pub public: bool,
    /// Whether `If-Match` is needed.
    pub if_match: bool,
}

impl Operation {
    pub fn new(tag: &str, summary: &str) -> Self {
        Self {
            method: "get",
            path: String::new(),
            tag: tag.to_owned(),
            summary: summary.to_owned(),
            permission: None,
            query: Vec::new(),
            body: None,
            body_type: "application/json",
            status: 200,
            answer: None,
            answer_type: "application/json",
            public: false,
            if_match: false,
        }
    }
    pub fn permission(mut self, permission: impl Into<String>) -> Self {
        self.permission = Some(permission.into());
        self
    }
    pub fn query(mut self, parameters: &[(&'static str, &'static str)]) -> Self {
        self.query.extend_from_slice(parameters);
        self
    }
    pub fn body(mut self, schema: Json) -> Self {
        self.body = Some(schema);
        self
    }
    /// A multipart upload with one file.
    pub fn upload(mut self) -> Self {
        self.body = Some(object(&[("file", json!({ "type": "string", "format": "binary" }))]));
        self.body_type = "multipart/form-data";
        self
    }
    pub fn answer(mut self, status: u16, schema: Json) -> Self {
        (self.status, self.answer) = (status, Some(schema));
        self
    }
    pub fn empty(mut self, status: u16) -> Self {
        self.status = status;
        self
    }
    pub fn media(mut self, media_type: &'static str) -> Self {
        self.answer_type = media_type;
        self.answer = Some(json!({ "type": "string", "format": "binary" }));
        self
    }
    pub fn public(mut self) -> Self {
        self.public = true;
        self
    }
    pub fn if_match(mut self) -> Self {
        self.if_match = true;
        self
    }
}

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

/// A page of items with the cursor of the next one.
pub fn page(items: &Json) -> Json {
    object(&[("items", json!({ "type": "array", "items": items })), ("next", json!({ "type": ["string", "null"] }))])
}

/// Answers where no route is.
pub(crate) async fn nothing_here() -> ApiError {
    ApiError(Problem::not_found())
}

/// Collects routes into an application and operations into the document.
pub struct Routes<'a> {
    operations: &'a mut Vec<Operation>,
    /// By the first part of their path, so that a request is compared with the
    /// routes of one resource and not with all there are.
    groups: Vec<(String, Vec<(String, Route)>)>,
}

impl std::fmt::Debug for Routes<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} routes", self.operations.len())
    }
}

impl<'a> Routes<'a> {
    pub(crate) fn new(operations: &'a mut Vec<Operation>) -> Self {
        Self { operations, groups: Vec::new() }
    }

    /// Adds what was collected to the application.
    pub(crate) fn mount(self, config: &mut web::ServiceConfig) {
        for (prefix, routes) in self.groups {
            let scope = web::scope(&prefix).default_service(web::to(nothing_here));
            config.service(routes.into_iter().fold(scope, |scope, (path, route)| scope.route(&path, route)));
        }
    }

    fn add<F, Args>(&mut self, method: Method, name: &'static str, path: &str, operation: Operation, handler: F)
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        let after = path.get(1..).and_then(|rest| rest.find('/')).map_or(path.len(), |at| at + 1);
        let (prefix, rest) = path.split_at(after);
        let route = (rest.to_owned(), web::method(method).to(handler));
        match self.groups.iter_mut().find(|(known, _)| known == prefix) {
            Some((_, routes)) => routes.push(route),
            None => self.groups.push((prefix.to_owned(), vec![route])),
        }
        self.operations.push(Operation { method: name, path: path.to_owned(), ..operation });
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

    pub fn delete<F, Args>(&mut self, path: &str, operation: Operation, handler: F)
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.add(Method::DELETE, "delete", path, operation, handler);
    }
}
