//! The replies to what never becomes a request: broken framing, limits, deadlines.

use crate::http::Problem;

/// A problem on its way up; boxed, since results that almost never fail should be small.
#[derive(Debug)]
pub(super) struct Refusal(pub(super) Box<Problem>);

fn refusal(
    status: u16,
    code: &'static str,
    title: &'static str,
    detail: impl Into<String>,
) -> Refusal {
    Refusal(Box::new(Problem::new(status, code, title, detail)))
}

/// Against the syntax of HTTP/1.1. The connection ends: where the next request would begin is unknown.
pub(super) fn malformed(detail: impl Into<String>) -> Refusal {
    refusal(400, "bad-request", "Bad request", detail)
}

/// The request ended before it was complete.
pub(super) fn truncated() -> Refusal {
    malformed("The connection ended before the request did.")
}

/// A head or a body that took too long.
pub(super) fn timeout() -> Refusal {
    let detail = "The request took too long to arrive. Send it again.";
    refusal(408, "request-timeout", "Request timeout", detail)
}

/// A body over its limit.
pub(super) fn content_too_large(limit: usize) -> Refusal {
    let detail = format!("The body may have {limit} bytes.");
    refusal(413, "payload-too-large", "Content too large", detail)
}

/// A target over its limit.
pub(super) fn target_too_long(limit: usize) -> Refusal {
    let detail = format!("The target may have {limit} bytes.");
    refusal(414, "target-too-long", "Target too long", detail)
}

/// An expectation other than `100-continue` (RFC 9110 §10.1.1).
pub(super) fn expectation_failed() -> Refusal {
    let detail = "The only expectation that can be met is 100-continue.";
    refusal(417, "expectation-failed", "Expectation failed", detail)
}

/// A head over its limits (RFC 6585 §5).
pub(super) fn head_too_large(bytes: usize, fields: usize) -> Refusal {
    let detail = format!("The head may have {bytes} bytes and {fields} fields.");
    refusal(431, "header-too-large", "Request header fields too large", detail)
}

/// CONNECT: this is no proxy.
pub(super) fn not_implemented() -> Refusal {
    refusal(501, "not-implemented", "Not implemented", "This server opens no tunnels.")
}

/// Every connection there may be is in a handler.
pub(super) fn overloaded() -> Refusal {
    let detail = "Every connection is busy. Try again in a moment.";
    let problem = Problem::new(503, "overloaded", "Not available just now", detail);
    Refusal(Box::new(problem.with_header("Retry-After", "1")))
}

/// A major or minor version of HTTP that is not spoken here.
pub(super) fn version_not_supported() -> Refusal {
    let detail = "This server speaks HTTP/1.0 and HTTP/1.1.";
    refusal(505, "version-not-supported", "HTTP version not supported", detail)
}
