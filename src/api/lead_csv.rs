//! Leads as a table for spreadsheets: RFC 4180, written by the `csv` package, and no cell that a spreadsheet
//! takes for a formula.

use super::leads::filter;
use crate::domain::leads::{self, Lead, LeadId};
use crate::error::{Error, Result};
use crate::http::page::Page;
use crate::http::{Ctx, Outcome, Response};
use crate::store::tx::Named;
use csv::{Terminator, Writer, WriterBuilder};
use std::borrow::Cow;

const HEADER: [&str; 10] = [
    "id",
    "created_at",
    "card_slug",
    "name",
    "email",
    "phone",
    "company",
    "message",
    "status",
    "assigned_to",
];

/// A table ends behind the slice that makes it this large, in bytes: a reply stands in memory as a whole.
const BYTES_MAX: usize = 8 * 1_024 * 1_024;
/// Leads that are read at once.
const SLICE: u32 = 500;

/// The own leads and the team's, newest first. 200; 422. Where there are more than go into one table,
/// `Link: rel="next"` names the next one.
pub fn export(ctx: Ctx) -> Outcome {
    let (page, filter) = (Page::<LeadId>::of(&ctx), filter(&ctx));
    let (head, status) = (ctx.request().head.path.clone(), ctx.query("status"));
    let (assigned, text) = (ctx.query("assigned"), ctx.query("q"));
    ctx.read(|read, who| {
        let (user, filter) = (who.user()?, filter?);
        let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
        writer.write_record(HEADER).map_err(Error::internal)?;
        let mut last = page?.after;
        let is_whole = loop {
            let slice = leads::list(read, user, &filter, last, SLICE)?;
            for lead in &slice {
                write(&mut writer, lead)?;
            }
            last = slice.last().map(|lead| lead.id).or(last);
            if slice.len() < SLICE as usize {
                break true;
            }
            if writer.get_ref().len() >= BYTES_MAX {
                break false;
            }
        };
        let table = writer.into_inner().map_err(|fault| Error::internal(fault.into_error()))?;
        let reply = Response::bytes(200, "text/csv; charset=utf-8", table)
            .with("Content-Disposition", "attachment; filename=\"leads.csv\"");
        Ok(match last.filter(|_| !is_whole) {
            None => reply,
            Some(last) => reply.with(
                "Link",
                next(&head, &[("status", status), ("assigned", assigned), ("q", text)], last),
            ),
        })
    })
}

/// The next table's address, as `Link` names it.
fn next(path: &str, filters: &[(&str, Option<String>)], last: LeadId) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(filters.iter().filter_map(|(name, word)| Some((name, word.as_ref()?))));
    let query = query.append_pair("cursor", &last.to_string()).finish();
    format!("<{path}?{query}>; rel=\"next\"")
}

fn write(writer: &mut Writer<Vec<u8>>, lead: &Lead) -> Result<()> {
    let (id, created) = (lead.id.to_string(), lead.created.to_string());
    let holder = lead.holder.as_ref().map_or("", |(_, name)| name);
    let cells = [
        &*id,
        &*created,
        &*lead.card_slug,
        &*lead.name,
        &*lead.email,
        &*lead.phone,
        &*lead.company,
        &*lead.message,
        lead.status.name(),
        holder,
    ];
    writer
        .write_record(cells.map(harmless).iter().map(|cell| cell.as_bytes()))
        .map_err(Error::internal)
}

/// A cell's text. What a spreadsheet would take for a formula gets an apostrophe before it (OWASP, "CSV
/// Injection"); some take the wide forms of the signs, too.
fn harmless(cell: &str) -> Cow<'_, str> {
    let signs = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];
    if cell.starts_with(signs) { format!("'{cell}").into() } else { cell.into() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for cell in ["=1+1", "+49 30", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1"] {
            assert_eq!(harmless(cell), format!("'{cell}"), "{cell:?}");
        }
        for cell in ["", "Ada", "a=1", "1-2", "'=1", "ada@example.org"] {
            assert_eq!(harmless(cell), cell);
        }
    }
}
