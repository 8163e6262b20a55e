//! Faults as pages, for whoever asks for pages. Whoever has to sign in first is led there and back; a form that
//! came with a login that has ended is kept in the page that asks for a new one.

use super::asks::Asks;
use super::layout::{Frame, Sheet};
use super::sign_in::{self, Errand};
use crate::http::{Head, Method, Problem, Request, Response};
use maud::html;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};

/// A request, as far as a fault of it is told as a page.
#[derive(Debug)]
pub struct Kept {
    asks: Asks,
    form: Option<String>,
}

impl Kept {
    /// What to keep of a request from somebody who wants pages; `None` of any other's.
    pub fn of(request: &Request) -> Option<Self> {
        let head = &request.head;
        if !wants_pages(head) {
            return None;
        }
        let is_form = head.headers.get("content-type").is_some_and(|t| t.contains("urlencoded"));
        let form =
            (head.method == Method::Post && is_form).then(|| without_passwords(&request.body));
        Some(Self { asks: Asks::of_head(head), form })
    }
}

/// A form as it was sent, but for passwords: those are written into no page, and typed again.
fn without_passwords(form: &[u8]) -> String {
    let fields = url::form_urlencoded::parse(form).filter(|(name, _)| !name.contains("password"));
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// Whether whoever sent this wants pages: a browser says so, and asks for nothing below `/api`.
fn wants_pages(head: &Head) -> bool {
    let accepts = head.headers.get("accept").is_some_and(|types| types.contains("text/html"));
    let is_form = matches!(head.method, Method::Get | Method::Head | Method::Post);
    accepts && is_form && !head.path.starts_with("/api/") && !head.path.starts_with("/ofrep/")
}

/// A problem as a page.
pub fn page(problem: Problem, kept: &Kept, request_id: &str) -> Response {
    if let Some(page) = problem.page {
        return *page;
    }
    let frame = Frame::anonymous(&kept.asks);
    if problem.status == 401 {
        if let Some(form) = &kept.form {
            return sign_in::kept(&frame, &Errand::form(&kept.asks.target, form));
        }
        let next = utf8_percent_encode(&kept.asks.target, NON_ALPHANUMERIC);
        return Response::new(303).with("Location", format!("/login?next={next}"));
    }
    let shell = &frame.words.shell;
    let title = (shell.fault_title)(problem.status);
    let content = html! {
        h1 { (title) }
        p { ((shell.fault_help)(problem.status, problem.code)) }
        p { a.button.plain href="/" { (shell.fault_back) } }
        p.quiet.small { (problem.status) " · " (shell.fault_request) " " code { (request_id) } }
    };
    let mut reply = frame.page(problem.status, &Sheet::new(title, content));
    for (name, value) in problem.headers {
        reply.set(name, value);
    }
    reply
}
