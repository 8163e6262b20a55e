//! `GET /api/leads.csv`.

use super::leads::{card, form, leave};
use crate::kit::{Api, expect, faults, ok};
use cardinal::testing::Site;
use serde_json::json;

const HEADER: &str = "id,created_at,card_slug,name,email,phone,company,message,status,assigned_to";

#[test]
fn leads_come_as_a_table_in_which_nothing_is_a_formula() {
    let site = Site::start();
    let (ada, grace) = (site.person("=Ada"), site.person("Grace"));
    let (own, team) = (card(&ada, "owner"), card(&ada, "team"));
    let hostile = json!({
        "name": "=HYPERLINK(\"http://x\",\"a\")", "email": "+joan@example.org", "phone": "-1", "company": "@SUM(A1)",
        "message": "two\nlines, \"quoted\"", "consent": true,
    });
    let first = ok(&leave(&mut Api::nobody(&site), &own, &hostile), 201)["id"].clone();
    let second =
        ok(&leave(&mut Api::nobody(&site), &team, &form("b@example.org")), 201)["id"].clone();
    let reply = Api::of(&ada).get("/api/leads.csv");
    assert_eq!(reply.header("Content-Type"), Some("text/csv; charset=utf-8"));
    let disposition = reply.header("Content-Disposition");
    assert_eq!(disposition, Some("attachment; filename=\"leads.csv\""));
    let (first, second) = (first.as_str().unwrap(), second.as_str().unwrap());
    let at = |id: &str| {
        let lead = ok(&Api::of(&ada).get(&format!("/api/leads/{id}")), 200);
        lead["created_at"].as_str().unwrap().to_owned()
    };
    let expected = format!(
        "{HEADER}\r\n\
         {second},{},{team},Joan,b@example.org,,,Call me.,open,\r\n\
         {first},{},{own},\"'=HYPERLINK(\"\"http://x\"\",\"\"a\"\")\",'+joan@example.org,'-1,'@SUM(A1),\
         \"two\nlines, \"\"quoted\"\"\",claimed,'=Ada\r\n",
        at(second),
        at(first),
    );
    assert_eq!(reply.text(), expected);
    assert_eq!(reply.header("Link"), None);

    // Of others' leads nothing is in it; what can be asked of the list can be asked of the table.
    let others = Api::of(&grace).get("/api/leads.csv").text();
    assert_eq!((others.lines().count(), others.contains(first)), (2, false));
    let mine = Api::of(&ada).get("/api/leads.csv?assigned=me&status=claimed");
    assert!(mine.text().contains(first) && !mine.text().contains(second));
    let none = Api::of(&ada).get("/api/leads.csv?status=closed");
    assert_eq!(none.text(), format!("{HEADER}\r\n"));
    faults(&Api::of(&ada).get("/api/leads.csv?status=lost"), &[("status", "choice")]);
    expect(&Api::of(&ada).get("/api/leads.csv?cursor=x"), 422, "validation-failed");
}

/// Leads whose tables are larger than what goes into one: 9 MB of messages.
#[test]
fn what_does_not_go_into_one_table_goes_into_the_next() {
    let site = Site::start();
    let ada = site.person("Ada");
    let slug = card(&ada, "team");
    let mut nobody = Api::nobody(&site);
    let count = 2_600;
    for n in 0..count {
        let mut form = form(&format!("{n}@example.org"));
        form["message"] = json!("字".repeat(1_200));
        ok(&leave(&mut nobody, &slug, &form), 201);
    }
    let (mut path, mut seen, mut tables) = ("/api/leads.csv?status=open".to_owned(), Vec::new(), 0);
    loop {
        let reply = Api::of(&ada).get(&path);
        let lines = reply.text();
        let ids = lines.lines().skip(1).map(|line| line.split(',').next().unwrap().to_owned());
        seen.extend(ids);
        tables += 1;
        let Some(link) = reply.header("Link") else { break };
        path = link.trim_start_matches('<').split('>').next().unwrap().to_owned();
        assert!(path.starts_with("/api/leads.csv?status=open&cursor="), "{path}");
    }
    assert_eq!((tables, seen.len()), (2, count));
    assert!(seen.is_sorted_by(|a, b| a > b), "newest first, each once");
}
