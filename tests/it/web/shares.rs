//! Shares: making one, mailing one, and what came of it.

use crate::kit::{Api, Browser, card, ok};
use cardinal::testing::{Reply, Site};
use serde_json::json;

fn tracking_id(reply: &Reply) -> String {
    let location = reply.header("Location").unwrap_or_else(|| panic!("{}", reply.text()));
    location.strip_prefix("/shares/").unwrap().split('?').next().unwrap().to_owned()
}

#[test]
fn a_share_is_made_and_told_of() {
    let site = Site::start();
    let ada = site.person("Ada");
    let mut browser = Browser::of(&site, &ada);
    assert!(browser.get("/shares").text().contains("href=\"/cards/new\""), "first a card");
    let mut api = Api::of(&ada);
    let own = card(&mut api, "My <card>");
    let id = own["id"].as_str().unwrap();
    let page = browser.get(&format!("/shares?card={id}")).text();
    assert!(page.contains("Nothing shared yet") && page.contains("My &lt;card&gt;"), "{page}");
    let fields = [("card_id", id), ("channel", "email"), ("recipient", "joan@example.org")];
    let made = browser.submit("/shares", &fields);
    let share = tracking_id(&made);
    let page = browser.get(made.header("Location").unwrap()).text();
    let url = format!("{}/t/{share}", site.running().state().public_url);
    assert!(page.contains("The link is ready.") && page.contains(&url), "{page}");
    assert!(page.contains("<svg class=\"qr\"") && page.contains("Nothing yet"), "{page}");
    ok(&api.post("/api/events", &json!({"tracking_id": share, "type": "open"})), 200);
    let page = browser.get(&format!("/shares/{share}")).text();
    assert!(page.contains("First opened") && !page.contains("Nothing yet"), "{page}");
    let list = browser.get("/shares").text();
    assert!(
        list.contains("joan@example.org") && list.contains(&format!("href=\"/shares/{share}\""))
    );
    let german = browser.reading("de").get(&format!("/shares/{share}")).text();
    assert!(german.contains("Zum ersten Mal geöffnet"), "{german}");
}

#[test]
fn the_contact_itself_is_a_code_where_it_fits_and_the_card_is_shown() {
    let site = Site::start();
    let ada = site.person("Ada");
    let (mut api, mut browser) = (Api::of(&ada), Browser::of(&site, &ada));
    let (first, second) = (card(&mut api, "First"), card(&mut api, "Second <b>"));
    let id = second["id"].as_str().unwrap();
    let at = format!("/shares?card={id}");
    let page = browser.get(&at).text();
    assert!(page.contains("QR code with the contact of Second &lt;b&gt;"), "{page}");
    assert!(page.contains("href=\"/c/second-b/qr.png?content=vcard\" download"), "{page}");
    assert!(browser.get("/shares").text().contains("with the contact of First"), "{first}");
    let path = format!("/api/cards/{id}");
    ok(&api.patch(&path, &json!({"visibility": "private", "version": 1})), 200);
    let page = browser.get(&at).text();
    assert!(page.contains("Second &lt;b&gt;") && !page.contains("content=vcard"), "{page}");
    ok(&api.patch(&path, &json!({"visibility": "unlisted", "version": 2})), 200);
    let long = "李".repeat(100);
    ok(&api.put("/api/profile/personal", &json!({"full_name": long, "version": 0})), 201);
    let work = json!({"company_name": long, "designation": long, "version": 0});
    ok(&api.put("/api/profile/professional", &work), 201);
    let page = browser.get(&at).text();
    assert!(
        page.contains("more than the 1,000 bytes") && !page.contains("content=vcard"),
        "{page}"
    );
    let german = browser.reading("de").get(&at).text();
    assert!(german.contains("länger als die 1.000 Bytes"), "{german}");
}

#[test]
fn a_faulty_share_is_told_and_nothing_typed_is_lost() {
    let site = Site::start();
    let (ada, eve) = (site.person("Ada"), site.person("Eve"));
    let own = card(&mut Api::of(&ada), "Own");
    let id = own["id"].as_str().unwrap();
    let mut browser = Browser::of(&site, &ada);
    for (recipient, channel) in [("no address", "email"), ("\"><script>", "qr")] {
        let fields = [("card_id", id), ("channel", channel), ("recipient", recipient)];
        let refused = browser.submit("/shares", &fields);
        assert_eq!(refused.status, 422);
        let kept = recipient.replace('"', "&quot;").replace('>', "&gt;").replace('<', "&lt;");
        assert!(refused.text().contains(&format!("value=\"{kept}\"")), "{}", refused.text());
    }
    assert_eq!(browser.submit("/shares", &[("card_id", id), ("channel", "pigeon")]).status, 422);
    assert_eq!(browser.submit("/shares", &[("card_id", "x"), ("channel", "qr")]).status, 422);
    assert_eq!(browser.submit("/shares", &[]).status, 422);
    // A card, or a share, of somebody else is as absent as none.
    let others = Browser::of(&site, &eve).submit("/shares", &[("card_id", id), ("channel", "qr")]);
    assert_eq!(others.status, 404);
    let share = tracking_id(&browser.submit("/shares", &[("card_id", id), ("channel", "qr")]));
    assert_eq!(Browser::of(&site, &eve).get(&format!("/shares/{share}")).status, 404);
    assert_eq!(browser.get("/shares/none").status, 404);
}

#[test]
fn a_share_is_mailed_once_for_its_price() {
    let site = Site::with(|config| config.mail.share_price = 5);
    let (ada, root) = (site.person("Ada"), site.admin("Root"));
    let mut api = Api::of(&ada);
    let own = card(&mut api, "Own");
    let id = own["id"].as_str().unwrap();
    let mut browser = Browser::of(&site, &ada);
    assert!(browser.get("/shares").text().contains("Send by mail for 5 credits"));
    let form = [("card_id", id), ("channel", "qr"), ("send", "1"), ("idempotency_key", "k1")];
    let nobody = browser.submit("/shares", &form);
    assert_eq!(nobody.status, 422, "there is nobody to send it to");
    let fields = [form.as_slice(), &[("recipient", "joan@example.org")]].concat();
    let refused = browser.submit("/shares", &fields);
    assert_eq!(refused.status, 409);
    assert!(
        refused.text().contains("A mail takes 5 credits, and you have 0."),
        "{}",
        refused.text()
    );
    assert!(refused.text().contains("value=\"joan@example.org\""), "what was typed is kept");
    assert_eq!(ok(&api.get("/api/shares"), 200)["items"], json!([]), "and nothing was made");
    let grant = json!({"user_id": ada.user.id, "amount": 12, "reason": "promotion"});
    ok(&Api::of(&root).with("Idempotency-Key", "g").post("/api/credits/grants", &grant), 201);
    let both = [(); 2].map(|()| browser.submit("/shares", &fields));
    assert_eq!(tracking_id(&both[0]), tracking_id(&both[1]), "a double click sends one mail");
    assert_eq!(ok(&api.get("/api/credits"), 200)["balance"], 7);
    let page = browser.get(&format!("/shares/{}", tracking_id(&both[0]))).text();
    assert!(page.contains("The mail is on its way") || page.contains("Mailed"), "{page}");
}

#[test]
fn the_page_says_that_mail_is_not_sent_where_there_is_no_server() {
    let site = Site::start();
    let ada = site.person("Ada");
    ok(&Api::of(&ada).post("/api/cards", &json!({"name": "Ada"})), 201);
    let page = Browser::of(&site, &ada).get("/shares").text();
    assert!(page.contains("Mail is not set up here"), "{page}");
}
