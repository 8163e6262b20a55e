//! The OpenAPI 3.1 document, made from the table of routes and the shapes that bodies are checked with.
//! Made here and not by a crate of macros, because the table already says all of it once.

use crate::domain::tokens::Scope;
use crate::http::route::{About, Content, Keying, Reply, Route};
use crate::http::shape::{Field, Shape};
use crate::http::{Access, Method, Response};
use crate::store::tx::Named;
use serde_json::{Map, Value, json};

/// `GET /api/openapi.json`
pub const ABOUT: About = About::new(
    "This document",
    &[Reply { status: 200, about: "OpenAPI 3.1", content: Content::AnyJson }],
);

/// The document of these routes as a reply.
pub fn reply(routes: &[Route]) -> Response {
    Response::json(200, &document(routes))
}

/// The document of these routes.
pub fn document(routes: &[Route]) -> Value {
    let mut paths: Map<String, Value> = Map::new();
    for route in routes {
        let path = paths.entry(route.path.to_owned()).or_insert_with(|| json!({}));
        if let Value::Object(operations) = path {
            operations.insert(route.method.as_str().to_lowercase(), operation(route));
        }
    }
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Cardinal",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "A digital business-card server",
            "license": {"name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0"},
            "description": "Replies to an Idempotency-Key are kept for 7 days. Errors are RFC 9457 problem \
                documents with a stable `code`; `type` is `urn:cardinal:problem:<code>`.",
        },
        "servers": [{"url": "/"}],
        "paths": paths,
        "components": {
            "schemas": {"Problem": problem_schema()},
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "description": "A login's or an API token."},
                "cookie": {"type": "apiKey", "in": "cookie", "name": "__Host-cardinal"},
            },
        },
    })
}

fn operation(route: &Route) -> Value {
    let mut operation = json!({
        "operationId": operation_id(route),
        "summary": route.about.summary,
        "parameters": parameters(route),
        "responses": responses(route),
    });
    let Value::Object(members) = &mut operation else { return operation };
    if let Some(shape) = route.about.body {
        members.insert("requestBody".into(), request_body(route, shape));
    }
    if !route.about.upload.is_empty() {
        let types = route.about.upload.iter().map(|media| ((*media).to_owned(), json!({})));
        let content = Value::Object(types.collect());
        members.insert("requestBody".into(), json!({"required": true, "content": content}));
    }
    let scope = match route.access {
        Access::Public | Access::Anyone => None,
        Access::AnyMember => Some("any valid credential".to_owned()),
        Access::Member(scope) => Some(format!("scope {}", scope.name())),
        Access::Admin(scope) if scope != Scope::Admin => {
            Some(format!("an admin; scope {} or admin", scope.name()))
        }
        Access::Admin(scope) => Some(format!("an admin; scope {}", scope.name())),
        Access::Operator(scope) => Some(format!(
            "whoever is on the server's machine, else an admin; scope {}",
            scope.name()
        )),
    };
    if let Some(scope) = scope {
        members.insert("security".into(), json!([{"bearer": []}, {"cookie": []}]));
        members.insert("description".into(), json!(format!("Takes {scope}.")));
    }
    operation
}

/// `POST /api/cards/{id}/links` → `post_api_cards_id_links`
fn operation_id(route: &Route) -> String {
    let words = route.path.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty());
    let mut id = route.method.as_str().to_lowercase();
    for word in words {
        id.push('_');
        id.push_str(word);
    }
    id
}

fn request_body(route: &Route, shape: &Shape) -> Value {
    let schema = shape.schema();
    let mut content = json!({"application/json": {"schema": schema}});
    if route.method == Method::Patch
        && let Value::Object(types) = &mut content
    {
        types.insert("application/merge-patch+json".into(), json!({"schema": schema}));
    }
    json!({"required": true, "content": content})
}

fn parameters(route: &Route) -> Vec<Value> {
    let in_path = route.path.split('{').skip(1).filter_map(|rest| rest.split('}').next());
    let mut parameters: Vec<Value> = in_path
        .map(|name| json!({"name": name, "in": "path", "required": true, "schema": {"type": "string"}}))
        .collect();
    parameters.extend(route.about.query.iter().map(|field: &Field| {
        json!({
            "name": field.name, "in": "query", "required": field.required,
            "description": field.about, "schema": field.kind.schema(),
        })
    }));
    let mut header = |name: &str, required: bool, about: &str| {
        parameters.push(json!({
            "name": name, "in": "header", "required": required, "description": about,
            "schema": {"type": "string"},
        }));
    };
    if !route.method.is_safe() {
        let about = "The same key and request again replay the first reply.";
        header("Idempotency-Key", route.about.key == Keying::Required, about);
    }
    if route.about.versioned {
        header("If-Match", false, "The ETag it builds upon; else `version` is needed.");
        if route.about.replies.iter().any(|reply| reply.status == 201) {
            header("If-None-Match", false, "*: there is none yet; the same as `version` 0.");
        }
    }
    if route.about.replies.iter().any(|reply| reply.status == 304) {
        header("If-None-Match", false, "The ETag the reader has.");
    }
    parameters
}

fn responses(route: &Route) -> Value {
    let mut responses: Map<String, Value> = Map::new();
    for reply in route.about.replies {
        let told = response(reply);
        match responses.get_mut(&reply.status.to_string()).and_then(|same| same.get_mut("content"))
        {
            // The same in another form.
            Some(Value::Object(forms)) => {
                let more = told.get("content").and_then(Value::as_object);
                forms.extend(
                    more.into_iter().flatten().map(|(name, form)| (name.clone(), form.clone())),
                );
            }
            _ => drop(responses.insert(reply.status.to_string(), told)),
        }
    }
    for status in problems(route) {
        let told = responses.entry(status.to_string());
        let told = told.or_insert_with(|| json!({"description": reason(status), "content": {}}));
        // A form with its faults may have the status of a problem.
        if let Some(content) = told.get_mut("content").and_then(Value::as_object_mut) {
            let schema = json!({"schema": {"$ref": "#/components/schemas/Problem"}});
            content.insert("application/problem+json".into(), schema);
        }
    }
    Value::Object(responses)
}

fn response(reply: &Reply) -> Value {
    let page = |shape: &Shape| {
        json!({
            "type": "object",
            "title": format!("{}Page", shape.name),
            "properties": {
                "items": {"type": "array", "items": shape.schema()},
                "next_cursor": {"anyOf": [{"type": "string"}, {"type": "null"}]},
            },
            "required": ["items", "next_cursor"],
            "additionalProperties": false,
        })
    };
    let content = match &reply.content {
        Content::Nothing => return json!({"description": reply.about}),
        Content::Json(shape) => json!({"application/json": {"schema": shape.schema()}}),
        Content::Page(shape) => json!({"application/json": {"schema": page(shape)}}),
        Content::AnyJson => json!({"application/json": {}}),
        Content::Media(media_type) => {
            let mut content = Map::new();
            content.insert((*media_type).to_owned(), json!({}));
            Value::Object(content)
        }
    };
    json!({"description": reply.about, "content": content})
}

/// The statuses of problems that a route can answer: its own, and those of every route of its kind.
pub fn problems(route: &Route) -> Vec<u16> {
    let mut statuses = vec![400, 500, 503];
    if !route.access.is_open() {
        statuses.push(401);
    }
    // A page of another site may send a cookie anywhere.
    if !route.access.is_open() || !route.method.is_safe() {
        statuses.push(403);
    }
    if route.path.contains('{') || route.path == "/api/cards" && route.method == Method::Patch {
        statuses.push(404);
    }
    if !route.method.is_safe() {
        statuses.extend([413, 422]);
    }
    if route.about.body.is_some() || !route.about.upload.is_empty() {
        statuses.push(415);
    }
    if !route.about.query.is_empty() {
        statuses.push(422);
    }
    if route.about.versioned {
        statuses.extend([409, 412, 428]);
    }
    statuses.extend(route.about.problems);
    statuses.sort_unstable();
    statuses.dedup();
    statuses
}

const fn reason(status: u16) -> &'static str {
    match status {
        400 => "Syntax or framing that cannot be read",
        401 => "No credential, or one that is unknown, expired or revoked",
        403 => "Known, and not allowed",
        404 => "There is no such thing, or it is not the caller's",
        409 => "A conflict with the state of things, a stale `version` among them",
        410 => "Paused or deleted",
        412 => "If-Match names another version",
        413 => "The body is too large",
        415 => "The body is of another media type",
        422 => "Members that are not acceptable, or a reused Idempotency-Key",
        428 => "Neither If-Match nor `version`",
        429 => "Too many attempts",
        503 => "Not available just now",
        _ => "A fault of the server's",
    }
}

fn problem_schema() -> Value {
    json!({
        "type": "object",
        "description": "RFC 9457, with the members `error` and `message` for simple clients.",
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string"},
            "code": {"type": "string"},
            "request_id": {"type": "string"},
            "error": {"type": "string"},
            "message": {"type": "string"},
            "errors": {"type": "array", "items": {
                "type": "object",
                "properties": {
                    "pointer": {"type": "string"},
                    "code": {"type": "string"},
                    "detail": {"type": "string"},
                },
                "required": ["pointer", "code", "detail"],
            }},
            "currentVersion": {"type": "integer"},
            "expectedVersion": {"anyOf": [{"type": "integer"}, {"type": "null"}]},
            "current": {"anyOf": [{"type": "object"}, {"type": "null"}]},
        },
        "required": ["type", "title", "status", "detail", "code", "request_id", "error", "message"],
    })
}
