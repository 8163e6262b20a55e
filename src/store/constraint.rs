//! What SQLite says, in terms of the product. Recognised by extended result code and the constraint's
//! name, in this one table; never by a sentence.

use crate::error::{Error, Unavailable};
use rusqlite::ffi;

/// A constraint that speaks for the product: its extended code, its name, and what its refusal means.
struct Meaning {
    extended: i32,
    name: &'static str,
    error: fn() -> Error,
}

/// SQLite names a UNIQUE constraint by its columns, a CHECK by its text, and a trigger by what the
/// trigger itself raises.
const MEANINGS: &[Meaning] = &[
    Meaning {
        extended: ffi::SQLITE_CONSTRAINT_UNIQUE,
        name: "users.email_norm",
        error: || Error::conflict("email-taken", "There is an account with this e-mail address."),
    },
    Meaning {
        extended: ffi::SQLITE_CONSTRAINT_UNIQUE,
        name: "users.handle",
        error: || Error::conflict("handle-taken", "This handle is taken."),
    },
    Meaning {
        extended: ffi::SQLITE_CONSTRAINT_UNIQUE,
        name: "cards.slug",
        error: || Error::conflict("slug-taken", "This address is taken."),
    },
    Meaning {
        extended: ffi::SQLITE_CONSTRAINT_TRIGGER,
        name: "slugs.owner",
        error: || Error::conflict("slug-taken", "This address is taken."),
    },
    Meaning {
        extended: ffi::SQLITE_CONSTRAINT_UNIQUE,
        name: "jobs.kind, jobs.dedupe_key",
        error: || Error::conflict("duplicate-job", "Another job of this kind and key is open."),
    },
    Meaning {
        extended: ffi::SQLITE_CONSTRAINT_TRIGGER,
        name: "subscriptions.status",
        error: || Error::conflict("illegal-transition", "A subscription does not go that way."),
    },
];

impl From<rusqlite::Error> for Error {
    fn from(fault: rusqlite::Error) -> Self {
        let rusqlite::Error::SqliteFailure(code, message) = &fault else {
            return Self::internal(fault);
        };
        match code.extended_code & 0xff {
            ffi::SQLITE_CONSTRAINT => {
                // "UNIQUE constraint failed: cards.slug" names it behind the colon; RAISE gives the bare name.
                let message = message.as_deref().unwrap_or_default();
                let name = message.rsplit_once(": ").map_or(message, |(_, name)| name);
                let meaning = MEANINGS
                    .iter()
                    .find(|meaning| meaning.extended == code.extended_code && meaning.name == name);
                meaning.map_or_else(|| Self::internal(fault), |meaning| (meaning.error)())
            }
            ffi::SQLITE_FULL => Self::Unavailable(Unavailable::DiskFull),
            // A quota and a limit on the size of files are told like this; only ENOSPC is SQLITE_FULL.
            ffi::SQLITE_IOERR
                if [ffi::SQLITE_IOERR_WRITE, ffi::SQLITE_IOERR_SHMSIZE]
                    .contains(&code.extended_code) =>
            {
                Self::Unavailable(Unavailable::DiskFull)
            }
            ffi::SQLITE_BUSY | ffi::SQLITE_PROTOCOL | ffi::SQLITE_INTERRUPT => {
                Self::Unavailable(Unavailable::Busy)
            }
            _ => Self::internal(fault),
        }
    }
}

/// Whether a transaction that met `fault` before its first statement had an effect may be begun again.
pub(super) fn is_busy(fault: &rusqlite::Error) -> bool {
    let code = fault.sqlite_error().map(|code| code.extended_code & 0xff);
    matches!(code, Some(ffi::SQLITE_BUSY | ffi::SQLITE_PROTOCOL))
}

/// Whether a COMMIT was refused for what stands in the transaction: a deferred foreign key.
pub(super) fn is_constraint(fault: &rusqlite::Error) -> bool {
    fault.sqlite_error().is_some_and(|code| code.extended_code & 0xff == ffi::SQLITE_CONSTRAINT)
}
