//! Calls webhooks: takes one message after the other, sends it outside of every transaction, and notes what came of
//! it under the job's lease. Where a name leads is looked at in each attempt, and the connection goes to the
//! machine that was looked at.

use super::hands::Craft;
use crate::clock::Instant;
use crate::domain::jobs::{self, Job};
use crate::domain::webhooks::{self, Attempt, EventId, Guard, Told, WebhookId};
use crate::error::{Error, Result};
use crate::http::state::State;
use crate::store::Lane;
use serde_json::Value;
use std::time::Duration;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, config::Config as AgentConfig};

/// How long a message is a caller's own; longer than a webhook has to answer.
const LEASE: Duration = Duration::from_mins(2);
/// Most bytes read of an answer.
const ANSWER_BYTES_MAX: u64 = 64 * 1_024;
/// How long to wait for a connection.
const CONNECT_DEADLINE: Duration = Duration::from_secs(5);

/// Calls webhooks.
#[derive(Debug)]
pub(super) struct Calling(Agent);

impl Calling {
    pub(super) fn new(state: &State) -> Self {
        Self(agent(state))
    }
}

impl Craft for Calling {
    const QUEUE: &'static str = jobs::WEBHOOKS;
    const LANE: Lane = Lane::Webhooks;
    const LEASE: Duration = LEASE;

    fn perform(&self, state: &State, job: &Job) -> Result<()> {
        call(state, &self.0, job)
    }
}

fn call(state: &State, agent: &Agent, job: &Job) -> Result<()> {
    let lease = job.lease();
    let attempt = match message(&job.payload) {
        Some((webhook, event)) => state
            .store
            .read(|read| webhooks::begin(read, webhook, event))?
            .map(|attempt| (webhook, event, attempt)),
        None => None,
    };
    let Some((webhook, event, attempt)) = attempt else {
        // The endpoint is gone, or was ended: nobody is to be told.
        state.store.write::<_, Error, _>(move |tx| jobs::complete(tx, lease))?;
        return Ok(());
    };
    let told = send(&state.guard, agent, &attempt);
    state
        .store
        .write::<_, Error, _>(move |tx| webhooks::finish(tx, lease, (webhook, event), &told))?;
    Ok(())
}

/// The message that a job is to deliver.
fn message(payload: &str) -> Option<(WebhookId, EventId)> {
    let payload: Value = serde_json::from_str(payload).ok()?;
    let text = |name: &str| payload.get(name).and_then(Value::as_str);
    Some((WebhookId::parse(text("webhook_id")?)?, EventId::parse(text("event_id")?)?))
}

fn send(guard: &Guard, agent: &Agent, attempt: &Attempt) -> Told {
    let began = Instant::now();
    let version = attempt.version;
    let failed = |error| Told {
        version,
        status: None,
        error: Some(error),
        retry_after: None,
        latency: began.elapsed(),
    };
    // What the operator allows may have changed since it was entered.
    if guard.check(&attempt.url).is_err() {
        return failed(UNREACHABLE);
    }
    let sent = agent
        .post(&attempt.url)
        .header("Content-Type", "application/json")
        .header("webhook-id", &attempt.message)
        .header("webhook-timestamp", attempt.timestamp_s.to_string())
        .header("webhook-signature", &attempt.signature)
        .send(attempt.body.as_bytes());
    let Ok(mut answer) = sent else { return failed(UNREACHABLE) };
    let status = answer.status().as_u16();
    let wait = answer.headers().get("retry-after").and_then(|field| field.to_str().ok());
    let wait = wait.and_then(|field| field.trim().parse().ok()).map(Duration::from_secs);
    // Read, within reason, so that the receiver is not cut off; what it says is of no interest.
    drop(answer.body_mut().with_config().limit(ANSWER_BYTES_MAX).read_to_vec());
    let error = match status {
        200..300 => None,
        410 => Some("it answered that it is gone"),
        300..400 => Some("it answered with a redirect, which is not followed"),
        _ => Some("it did not accept the message"),
    };
    let retry_after = wait.filter(|_| matches!(status, 429 | 502 | 503 | 504));
    Told { version, status: Some(status), error, retry_after, latency: began.elapsed() }
}

/// The same for what is closed, slow, unknown or forbidden: it must not tell what is behind us.
const UNREACHABLE: &str = "it could not be reached";

fn agent(state: &State) -> Agent {
    let config = Agent::config_builder()
        .timeout_global(Some(state.config.limits.webhook_deadline))
        .timeout_connect(Some(CONNECT_DEADLINE))
        .max_redirects(0)
        .max_redirects_will_error(false)
        .http_status_as_error(false)
        // What the environment says about proxies is meant for others.
        .proxy(None)
        .user_agent(concat!("cardinal/", env!("CARGO_PKG_VERSION")))
        .build();
    Agent::with_parts(config, DefaultConnector::default(), Guarded(state.guard.clone()))
}

/// Finds the machines that a name leads to, and leaves those that may be called.
#[derive(Debug)]
struct Guarded(Guard);

impl Resolver for Guarded {
    fn resolve(
        &self,
        uri: &Uri,
        config: &AgentConfig,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = DefaultResolver::default().resolve(uri, config, timeout)?;
        let mut allowed = self.empty();
        for address in found.iter().filter(|found| self.0.allows_at(found.ip(), found.port())) {
            allowed.push(*address);
        }
        if allowed.is_empty() { Err(ureq::Error::HostNotFound) } else { Ok(allowed) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::WebhookTargets;

    #[test]
    fn a_name_that_leads_inside_leads_nowhere() {
        let machines = |guard: Guard, uri: &'static str| {
            let found = Guarded(guard).resolve(
                &Uri::from_static(uri),
                &AgentConfig::default(),
                NextTimeout::default(),
            );
            found.map(|found| found.iter().count())
        };
        let inside = || {
            Guard(WebhookTargets {
                allowed: vec!["127.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()],
                allows_http: false,
            })
        };
        // What a name is called says nothing; it is asked for, and its machines are looked at.
        for uri in ["http://localhost/", "http://127.0.0.1/", "http://[::1]/"] {
            assert!(matches!(machines(Guard::default(), uri), Err(ureq::Error::HostNotFound)));
            assert!(machines(inside(), uri).is_ok_and(|count| count > 0), "{uri}");
        }
        assert!(machines(inside(), "http://localhost:9000/").is_ok());
    }
}
