//! HTTP without sockets: what a request is, what a reply is, how a fault is told, who may do what, and
//! the two doors (`ctx`) through which a handler reaches the store.

pub mod request;
pub mod response;
pub mod problem;
pub mod json;
pub mod shape;
pub mod client;
pub mod precondition;
pub mod replay;
pub mod access;
pub mod visitor;
pub mod scans;
pub mod buffer;
pub mod traffic;
pub mod rendered;
pub mod state;
pub mod figures;
pub mod route;
pub mod ctx;
pub mod page;
pub mod bodies;
pub mod sign_up;
pub mod multipart;
pub mod sign_in;
pub mod password_change;
pub mod public_card;
pub mod qr;

pub use access::{Access, Caller};
pub use ctx::{Ctx, Outcome, is_form, ready};
pub use problem::Problem;
pub use request::{Head, Headers, Method, Request};
pub use response::{Body, Response};

/// What a server serves. The application is one; the naive one that `cardinal race --naive` attacks is
/// another.
pub trait Service: Send + Sync + 'static {
    /// The largest body, in bytes, that is read for a request with this head.
    fn body_limit(&self, head: &Head) -> usize;

    /// Answers a request. May panic: the server answers 500 then.
    fn respond(&self, request: Request) -> Response;

    /// Answers what never became a request, or one whose handler panicked: `head` as far as it was
    /// understood. The reply bears the same header fields as any other.
    fn refuse(&self, problem: Problem, head: Option<&Head>) -> Response;
}
