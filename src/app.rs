//! The application: a request goes in, a reply comes out. Finds the route, opens the context, turns faults
//! into problems, adds the header fields that every reply bears, and writes the one log line.

use crate::clock::Instant;
use crate::error::Error;
use crate::http::access::{self, Presented};
use crate::http::client::Client;
use crate::http::route::Route;
use crate::http::state::State;
use crate::http::traffic::{Place, Traffic};
use crate::http::{Ctx, Head, Method, Problem, Request, Response, Service, is_form};
use crate::routes::ROUTES;
use crate::web::faults::{self, Kept};
use percent_encoding::percent_decode_str;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// The application.
pub struct App {
    state: Arc<State>,
    /// For each path the routes that share it.
    router: matchit::Router<Vec<Line>>,
}

/// A line of the table of routes, and where requests to it are counted.
type Line = (&'static Route, Place);

impl App {
    /// The application over `state`.
    pub fn new(state: Arc<State>) -> Result<Self, Error> {
        state.traffic.begin(ROUTES);
        let mut router: matchit::Router<Vec<Line>> = matchit::Router::new();
        for (nth, route) in ROUTES.iter().enumerate() {
            let line = (route, Traffic::of_route(nth));
            match router.at_mut(route.path) {
                Ok(found) if found.value.first().is_some_and(|(r, _)| r.path == route.path) => {
                    found.value.push(line);
                }
                _ => router.insert(route.path, vec![line]).map_err(Error::internal)?,
            }
        }
        Ok(Self { state, router })
    }

    /// What the handlers share.
    pub const fn state(&self) -> &Arc<State> {
        &self.state
    }

    fn answer(&self, request: Request, seen: &mut Seen) -> Result<Response, Problem> {
        let Ok(found) = self.router.at(&request.head.path) else {
            return self.unknown_path(&request.head);
        };
        let asked = match &request.head.method {
            Method::Head => &Method::Get,
            method => method,
        };
        let Some((route, place)) = found.value.iter().find(|(route, _)| route.method == *asked)
        else {
            return self.other_method(&request.head, found.value);
        };
        (seen.route, seen.place) = (route.path, *place);
        let params = found.params.iter().map(|(name, value)| Ok((name.to_owned(), decode(value)?)));
        let params = params.collect::<Result<Vec<_>, Problem>>()?;
        (route.handler)(Ctx::new(Arc::clone(&self.state), request, route, params, seen.id.clone()))
    }

    fn unknown_path(&self, head: &Head) -> Result<Response, Problem> {
        if head.path == "*" && head.method == Method::Options {
            return Ok(
                Response::new(200).with("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS")
            );
        }
        let canonical = head.path.trim_end_matches('/');
        let known = !canonical.is_empty() && self.router.at(canonical).is_ok();
        if head.method.is_safe() && canonical != head.path && known {
            return Ok(Response::canonical(canonical, head.query.as_deref()));
        }
        Err(Error::NotFound("page").into())
    }

    /// A path without this method: 405, but 401 first where none of its methods is for everybody.
    fn other_method(&self, head: &Head, lines: &[Line]) -> Result<Response, Problem> {
        let routes = || lines.iter().map(|(route, _)| route);
        let mut methods: Vec<&str> = routes().map(|route| route.method.as_str()).collect();
        if methods.contains(&"GET") {
            methods.push("HEAD");
        }
        methods.push("OPTIONS");
        let allow = methods.join(", ");
        if head.method == Method::Options {
            let reply = Response::new(200).with("Allow", allow);
            let patch = methods.contains(&"PATCH");
            let types = "application/merge-patch+json, application/json";
            return Ok(if patch { reply.with("Accept-Patch", types) } else { reply });
        }
        if routes().all(|route| !route.access.is_open()) {
            let presented = Presented::of(head);
            self.state.store.read(|read| access::recognise(read, presented))?;
        }
        Err(Problem::method_not_allowed(allow))
    }

    /// What every reply bears.
    fn finish(&self, mut reply: Response, seen: &Seen) -> Response {
        for (name, value) in HEADERS {
            reply.set_default(name, *value);
        }
        if self.state.is_https() {
            reply.set_default("Strict-Transport-Security", "max-age=63072000; includeSubDomains");
        }
        reply.set("X-Request-Id", seen.id.clone());
        reply
    }

    /// A proxy that is trusted may name the request; nobody else may write into our log.
    fn request_id(&self, head: Option<&Head>) -> String {
        let given = head.and_then(|head| {
            let proxied = Client::of(head, &self.state.config.trusted_proxies).proxied;
            head.headers.get("x-request-id").filter(|_| proxied)
        });
        let plain = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'.' | b'_' | b'-');
        match given {
            Some(id) if (1..=64).contains(&id.len()) && id.bytes().all(plain) => id.to_owned(),
            _ => self.state.ids.next::<Request>(self.state.store.clock().now()).to_string(),
        }
    }
}

fn decode(value: &str) -> Result<String, Problem> {
    let decoded = percent_decode_str(value).decode_utf8();
    decoded.map(std::borrow::Cow::into_owned).map_err(|fault| {
        Problem::bad_request("bad-target", format!("The path is not UTF-8: {fault}."))
    })
}

/// What is noted of a request for its log line.
struct Seen {
    began: Instant,
    id: String,
    method: Method,
    route: &'static str,
    place: Place,
}

impl Seen {
    fn of(id: String, method: Method) -> Self {
        let place = Traffic::of_none(&method);
        Self { began: Instant::now(), id, method, route: "none", place }
    }

    /// Counts the request and writes its line.
    fn tell(&self, reply: &Response, traffic: &Traffic) {
        let took = self.began.elapsed();
        traffic.note(self.place, reply.status, took);
        let micros = took.as_micros();
        #[expect(clippy::cast_precision_loss, reason = "a duration for people")]
        let dur_ms = micros as f64 / 1_000.0;
        tracing::info!(
            request_id = self.id,
            method = self.method.as_str(),
            route = self.route,
            status = reply.status,
            bytes = reply.body.size(),
            dur_ms,
            "request"
        );
    }
}

/// Header fields of every reply that has none of its own (OWASP secure headers).
const HEADERS: &[(&str, &str)] = &[
    ("Cache-Control", "no-store, no-transform"),
    (
        "Content-Security-Policy",
        "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    ),
    ("Cross-Origin-Embedder-Policy", "require-corp"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    (
        "Permissions-Policy",
        "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    ),
    ("Referrer-Policy", "no-referrer"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-DNS-Prefetch-Control", "off"),
    ("X-Frame-Options", "DENY"),
    ("X-Permitted-Cross-Domain-Policies", "none"),
];

impl Service for App {
    fn body_limit(&self, head: &Head) -> usize {
        let limits = &self.state.config.limits;
        let found = self.router.at(&head.path).ok();
        let mut routes = found.iter().flat_map(|found| found.value.iter().map(|(route, _)| route));
        let uploads =
            |route: &&Route| route.method == head.method && !route.about.upload.is_empty();
        if routes.any(uploads) {
            return limits.upload_bytes_max;
        }
        // Encoded as a form's field, a byte may become three, and a form that asks what is to be kept holds it twice.
        if is_form(head) { 6 * limits.body_bytes_max } else { limits.body_bytes_max }
    }

    fn respond(&self, request: Request) -> Response {
        let traffic = &self.state.traffic;
        let in_flight = traffic.in_flight.enter();
        let mut seen = Seen::of(self.request_id(Some(&request.head)), request.head.method.clone());
        let kept = Kept::of(&request);
        let answered = catch_unwind(AssertUnwindSafe(|| self.answer(request, &mut seen)));
        // The server would answer a panic too, but could not say whose it was.
        let answered = answered.unwrap_or_else(|_| Err(Problem::internal("the handler panicked")));
        traffic.note_change(seen.place, &answered);
        let reply = answered.unwrap_or_else(|problem| {
            if let Some(source) = &problem.source {
                tracing::error!(request_id = seen.id, fault = %source, "a request failed");
            }
            match &kept {
                Some(kept) => faults::page(problem, kept, &seen.id),
                None => problem.into_response(&seen.id),
            }
        });
        let reply = self.finish(reply, &seen);
        seen.tell(&reply, traffic);
        drop(in_flight);
        reply
    }

    fn refuse(&self, problem: Problem, head: Option<&Head>) -> Response {
        let method = head.map_or(Method::Other("-".into()), |head| head.method.clone());
        let seen = Seen::of(self.request_id(head), method);
        if let Some(source) = &problem.source {
            tracing::error!(request_id = seen.id, fault = %source, "a request failed");
        }
        let reply = self.finish(problem.into_response(&seen.id), &seen);
        seen.tell(&reply, &self.state.traffic);
        reply
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").finish_non_exhaustive()
    }
}
