//! The HTTP API: one file per noun, the same noun as in `domain`. A handler takes from the request what it
//! says, opens one door, calls one verb and says the answer.

pub mod users;
pub mod sessions;
pub mod passwords;
pub mod resets;
pub mod tokens;
pub mod subscriptions;
pub mod trials;
pub mod invites;
pub mod credits;
pub mod jobs;
pub mod progress;
pub mod accessibility;
pub mod profiles;
pub mod photos;
mod card_json;
mod card_shapes;
pub mod cards;
pub mod saved_cards;
pub mod public_cards;
pub mod card_files;
mod lead_shapes;
pub mod leads;
pub mod lead_csv;
pub mod shares;
pub mod events;
pub mod tracking;
pub mod card_stats;
pub mod flags;
pub mod ofrep;
pub mod webhooks;
pub mod health;
pub mod metrics;
pub mod stats;
pub mod well_known;

use crate::error::{Error, Fault};
use crate::http::Problem;
use crate::http::json::merge;
use crate::http::shape::Shape;
use serde_json::{Map, Value};

/// How a resource is changed by merge patch.
struct Patching {
    /// What a patch may hold; null gives a member its default.
    patch: &'static Shape,
    /// What must hold of the members that can be changed, afterwards.
    content: &'static Shape,
    /// Members that only the server sets. They pass where they say what stands, so that a whole resource can
    /// be sent back.
    read_only: &'static [&'static str],
}

impl Patching {
    /// What `standing` comes to by `patch`: its members that can be changed. Checked as a whole, so that a
    /// patch cannot make what a creation would refuse; all faults at once.
    fn merged(
        &self,
        standing: Value,
        patch: &Map<String, Value>,
    ) -> Result<Map<String, Value>, Problem> {
        self.merged_with(standing, patch, Vec::new())
    }

    /// The same where `faults` have been found of what no shape can know.
    fn merged_with(
        &self,
        standing: Value,
        patch: &Map<String, Value>,
        mut faults: Vec<Fault>,
    ) -> Result<Map<String, Value>, Problem> {
        let Value::Object(mut content) = standing else {
            return Err(Problem::internal("a resource is no object"));
        };
        for name in self.read_only {
            if patch.get(*name).is_some_and(|sent| content.get(*name) != Some(sent)) {
                let detail = "is set by the server and differs from what stands".into();
                faults.push(Fault { pointer: format!("/{name}"), code: "read-only", detail });
            }
        }
        let own = |name: &str| !self.read_only.contains(&name) && name != "version";
        let mut change = patch.clone();
        change.retain(|name, _| own(name));
        faults.extend(self.patch.faults(&change));
        merge(&mut content, &change);
        content.retain(|name, _| own(name));
        for fault in self.content.faults(&content) {
            if !faults.iter().any(|told| told.pointer == fault.pointer) {
                faults.push(fault);
            }
        }
        if faults.is_empty() { Ok(content) } else { Err(Error::Invalid(faults).into()) }
    }
}
