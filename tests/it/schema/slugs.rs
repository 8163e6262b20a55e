//! One namespace of current, former and reserved names; a name never changes its owner.

use super::fixture::{Scratch, Verdict, card, change, delete, id, retire};

/// Ada's first card was called `ada-old` before; `admin` is reserved.
fn scratch() -> Scratch {
    let scratch = Scratch::new();
    scratch.accept(&retire("ada-old", "ada", Some("ada-1")));
    scratch.accept("INSERT INTO slugs(slug, retired_ms) VALUES ('admin', 0)");
    scratch
}

fn slugs(scratch: &Scratch) -> Vec<String> {
    scratch.texts("SELECT slug FROM cards ORDER BY slug")
}

#[test]
fn a_new_card_takes_no_foreign_name() {
    let scratch = scratch();
    let before = slugs(&scratch);
    for foreign in ["ada-old", "admin"] {
        // No row and no error: the same answer as ON CONFLICT(slug) DO NOTHING.
        scratch.accept(&card("grace", foreign, 0));
        assert_eq!(slugs(&scratch), before, "{foreign}");
        scratch.accept(&card("grace", foreign, 0).replace(';', " ON CONFLICT(slug) DO NOTHING;"));
        assert_eq!(slugs(&scratch), before, "{foreign}");
    }
    scratch.accept(&card("ada", "admin", 0));
    assert_eq!(slugs(&scratch), before);
    scratch.assert(&card("grace", "ada-1", 0), &Verdict::at_once("cards.slug"));
    scratch.accept(&card("grace", "ada-1", 0).replace(';', " ON CONFLICT(slug) DO NOTHING;"));
    assert_eq!(slugs(&scratch), before);
}

#[test]
fn a_former_name_goes_back_to_its_owner() {
    let scratch = scratch();
    scratch.accept(&card("ada", "ada-old", 0));
    assert_eq!(slugs(&scratch), ["ada-1", "ada-2", "ada-old", "grace-1"]);
}

#[test]
fn a_rename_takes_no_foreign_name() {
    let scratch = scratch();
    let leave = retire("grace-1", "grace", Some("grace-1"));
    let rename = |to: &str| leave.clone() + &change("grace-1", &format!("slug = '{to}'"));
    for foreign in ["ada-old", "admin"] {
        scratch.assert(&rename(foreign), &Verdict::at_once("slugs.owner"));
    }
    scratch.assert(&rename("ada-1"), &Verdict::at_once("cards.slug"));
    scratch.accept(&rename("grace-new"));
    // And back: the name is Grace's own.
    scratch.accept(
        &(retire("grace-new", "grace", Some("grace-1")) + &change("grace-1", "slug = 'grace-1'")),
    );
    scratch.accept(&(retire("ada-2", "ada", Some("ada-2")) + &change("ada-2", "slug = 'ada-old'")));
}

#[test]
fn a_card_that_leaves_its_name_leaves_it_in_slugs() {
    let scratch = scratch();
    let rename = change("grace-1", "slug = 'grace-new'");
    let refused = Verdict::at_once("slugs.retired");
    scratch.assert(&rename, &refused);
    // Noted for another card, or as deleted, is not noted.
    scratch.assert(&(retire("grace-1", "grace", None) + &rename), &refused);
    scratch.assert(&(retire("grace-1", "grace", Some("ada-1")) + &rename), &refused);
    scratch.accept(&(retire("grace-1", "grace", Some("grace-1")) + &rename));
    // A change that keeps the name needs no note.
    scratch.accept(&change("ada-1", "slug = slug, name = 'x'"));

    let gone = format!("DELETE FROM cards WHERE id = {};", id("ada-2"));
    scratch.assert(&gone, &refused);
    scratch.assert(&(retire("ada-2", "ada", Some("ada-2")) + &gone), &refused);
    scratch.accept(&delete("ada-2", "ada"));
    assert_eq!(slugs(&scratch), ["ada-1", "grace-new"]);
    let former = "SELECT slug FROM slugs WHERE user_id IS NOT NULL ORDER BY slug";
    assert_eq!(scratch.texts(former), ["ada-2", "ada-old", "grace-1"]);
}

#[test]
fn a_name_in_slugs_stays_and_keeps_its_owner() {
    let scratch = scratch();
    let refused = Verdict::at_once("slugs.owner");
    for sql in [
        "DELETE FROM slugs".to_owned(),
        "DELETE FROM slugs WHERE slug = 'admin'".to_owned(),
        "UPDATE slugs SET slug = 'x' WHERE slug = 'ada-old'".to_owned(),
        format!("UPDATE slugs SET user_id = {}", id("grace")),
        "UPDATE slugs SET user_id = NULL WHERE slug = 'ada-old'".to_owned(),
        retire("admin", "grace", None).replace("INSERT INTO", "INSERT OR REPLACE INTO"),
        retire("ada-old", "grace", None).replace("INSERT INTO", "INSERT OR REPLACE INTO"),
        // The name of somebody's card can be reserved or claimed by nobody else.
        retire("ada-1", "grace", None),
        "INSERT INTO slugs(slug, retired_ms) VALUES ('ada-1', 0)".to_owned(),
    ] {
        scratch.assert(&sql, &refused);
    }
    scratch.accept("UPDATE slugs SET card_id = NULL, retired_ms = 7 WHERE slug = 'ada-old'");
    scratch.accept(&retire("ada-1", "ada", None));
}

#[test]
fn what_is_no_slug_is_refused() {
    let scratch = scratch();
    let long = "x".repeat(70);
    for slug in ["", "A", "a b", "-a", "a-", "a--b", "a_b", "a.b", "a/b", long.as_str()] {
        let told = scratch.try_sql(&card("ada", slug, 0));
        assert!(
            matches!(&told, Verdict::AtOnce(name) if name.contains("slug")),
            "{slug}: {told:?}"
        );
    }
    for slug in ["a", "7", "a-b", "li-lei", &long[1..]] {
        scratch.accept(&card("ada", slug, 0));
    }
}
