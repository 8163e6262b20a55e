//! Flags for programs: the `OpenFeature` Remote Evaluation Protocol (OFREP 0.3). Evaluates in a snapshot and
//! leaves the writer alone. Errors are problem documents that are OFREP's as well: `errorCode`,
//! `errorDetails` and, of one flag, `key`.

use crate::domain::evaluations::{Evaluation, Reason};
use crate::domain::flags::{self, Flag, Key};
use crate::error::{Error, Fault};
use crate::http::replay::fingerprint;
use crate::http::route::{About, Content, Reply};
use crate::http::shape::{Kind, Shape, line, optional, required};
use crate::http::{Ctx, Outcome, Problem, Response};
use crate::store::Read;
use crate::store::tx::Named;
use serde_json::{Map, Value, json};

const EVALUATION: Shape = Shape {
    name: "FlagEvaluation",
    fields: &[optional(
        "context",
        "`targetingKey` is who it is about, for overrides a person's id; other members are let pass.",
        Kind::Free,
    )],
};

const EVALUATED: Shape = Shape {
    name: "EvaluatedFlag",
    fields: &[
        required("key", "", line(1, flags::KEY_MAX)),
        required("value", "", Kind::Flag),
        required("reason", "", Kind::Choice(Reason::WORDS)),
        required("variant", "", Kind::Choice(&["on", "off"])),
        required("metadata", "`version`: the flag's.", Kind::Free),
    ],
};

const UNEVALUATED: Shape = Shape {
    name: "UnevaluatedFlag",
    fields: &[
        required("key", "", line(1, flags::KEY_MAX)),
        required("errorCode", "", Kind::Choice(&[TARGETING_KEY_MISSING])),
        required("errorDetails", "", Kind::Text),
    ],
};

const EVERY_FLAG: Shape = Shape {
    name: "EvaluatedFlags",
    fields: &[required(
        "flags",
        "",
        Kind::List {
            of: &Kind::Either(&[Kind::Object(&EVALUATED), Kind::Object(&UNEVALUATED)]),
            max: flags::FLAGS_MAX as usize + flags::BUILTINS.len(),
        },
    )],
};

/// `POST /ofrep/v1/evaluate/flags/{key}`
pub const EVALUATE_ABOUT: About = About::new(
    "What a flag comes to (OpenFeature)",
    &[Reply { status: 200, about: "Evaluated", content: Content::Json(&EVALUATED) }],
)
.body(&EVALUATION);
/// `POST /ofrep/v1/evaluate/flags`
pub const EVALUATE_ALL_ABOUT: About = About::new(
    "What every flag comes to (OpenFeature)",
    &[
        Reply { status: 200, about: "Evaluated", content: Content::Json(&EVERY_FLAG) },
        Reply { status: 304, about: "It is as If-None-Match says", content: Content::Nothing },
    ],
)
.body(&EVALUATION);

const TARGETING_KEY_MISSING: &str = "TARGETING_KEY_MISSING";
const NEEDS_KEY: &str =
    "The flag is on for a share of the people: `context.targetingKey` says who it is about.";

/// What a flag comes to. 200; 404 `FLAG_NOT_FOUND`; 400 `PARSE_ERROR`, `INVALID_CONTEXT`,
/// `TARGETING_KEY_MISSING`.
pub fn evaluate(ctx: Ctx) -> Outcome {
    let (name, who) = (ctx.param("key").to_owned(), targeting_key(&ctx));
    let of_flag = |problem: Problem| problem.with("key", json!(name));
    ctx.read(|read, _| {
        let flag = match Key::parse(&name).map(|key| flags::find(read, &key)) {
            None | Some(Err(Error::NotFound(_))) => {
                let missing = Problem::from(Error::NotFound("flag"));
                return Err(of_flag(failure(missing, "FLAG_NOT_FOUND")));
            }
            Some(found) => found?,
        };
        let who = who.map_err(of_flag)?;
        let found = flags::evaluate(read, &flag, who.as_deref())?.ok_or_else(|| {
            let missing = Problem::bad_request("targeting-key-missing", NEEDS_KEY);
            of_flag(failure(missing, TARGETING_KEY_MISSING))
        })?;
        Ok(Response::json(200, &evaluated(&flag, found)))
    })
}

/// What every flag comes to. 200; 304; 400 `PARSE_ERROR`, `INVALID_CONTEXT`.
pub fn evaluate_all(ctx: Ctx) -> Outcome {
    let (who, fresh) = (targeting_key(&ctx), ctx.freshness());
    ctx.read(|read, _| {
        let told = each(read, who?.as_deref())?;
        let reply = Response::json(200, &json!({"flags": told}));
        let print = fingerprint(&[reply.body.as_ref()]);
        let head = print.first_chunk().map_or(0, |head| u64::from_be_bytes(*head));
        fresh?.answer(format!("\"{head:016x}\""), || reply)
    })
}

fn each(read: &Read<'_>, who: Option<&str>) -> Result<Vec<Value>, Error> {
    let all = flags::list(read, None, u32::MAX)?;
    let told = all.iter().map(|flag| {
        Ok(match flags::evaluate(read, flag, who)? {
            Some(found) => evaluated(flag, found),
            None => json!({
                "key": flag.key.as_str(),
                "errorCode": TARGETING_KEY_MISSING,
                "errorDetails": NEEDS_KEY,
            }),
        })
    });
    told.collect()
}

fn evaluated(flag: &Flag, found: Evaluation) -> Value {
    json!({
        "key": flag.key.as_str(),
        "value": found.value,
        "reason": found.reason.name(),
        "variant": if found.value { "on" } else { "off" },
        "metadata": {"version": flag.version},
    })
}

/// Who it is about; an empty key is none. What the protocol calls a bad request is one, also where the rest of
/// the API tells syntax and content apart.
fn targeting_key(ctx: &Ctx) -> Result<Option<String>, Problem> {
    let body = ctx.object().map_err(|problem| match problem.status {
        400 => failure(problem, "PARSE_ERROR"),
        422 => invalid_context(problem),
        _ => problem,
    })?;
    let context = body.get("context").and_then(Value::as_object);
    match context.and_then(|context: &Map<String, Value>| context.get("targetingKey")) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(key)) => Ok(Some(key.clone()).filter(|key| !key.is_empty())),
        Some(_) => {
            let (pointer, detail) = ("/context/targetingKey".into(), "must be a string".into());
            let fault = Error::Invalid(vec![Fault { pointer, code: "type", detail }]);
            Err(invalid_context(fault.into()))
        }
    }
}

fn invalid_context(faults: Problem) -> Problem {
    let mut problem = Problem::bad_request("invalid-context", faults.detail);
    problem.members = faults.members;
    failure(problem, "INVALID_CONTEXT")
}

/// The same problem with OFREP's members.
fn failure(problem: Problem, code: &'static str) -> Problem {
    let detail = problem.detail.clone();
    problem.with("errorCode", json!(code)).with("errorDetails", json!(detail))
}
