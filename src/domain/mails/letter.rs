//! A mail as it goes out: made of what is in the database and nothing else, so that each attempt sends the same bytes.

use crate::clock::Millis;
use crate::domain::jobs::JobId;
use crate::domain::users;
use lettre::address::Address;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::message::{Mailbox, MessageBuilder, MultiPart, SinglePart};
use maud::{DOCTYPE, html};
use std::time::{Duration, UNIX_EPOCH};

/// What a mail is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// The job that sends it.
    pub job: JobId,
    /// When it was asked for.
    pub created: Millis,
    /// Its share.
    pub tracking_id: String,
    /// To whom.
    pub recipient: String,
    /// The card's name.
    pub card: String,
    /// The name of whose card it is.
    pub sender: String,
    /// That person's e-mail address.
    pub reply_to: String,
}

/// Where an installation's mail comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// The installation's own mailbox.
    from: Mailbox,
    /// The address people reach it by, without a slash at the end.
    public_url: String,
}

/// A mail, ready to be handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// `MAIL FROM`
    pub from: Address,
    /// `RCPT TO`
    pub to: Address,
    /// Header and body.
    pub bytes: Vec<u8>,
}

/// What a recipient's address must be like: one that can be written to.
pub fn address_rule(text: &str) -> Result<(), (&'static str, &'static str)> {
    users::email_rule(text)?;
    address(text).map(drop).ok_or(("email", "must be an e-mail address that can be written to"))
}

/// An address as mail servers take it: its domain in ASCII (RFC 5891). A local part beyond ASCII is left to servers
/// that take such addresses (RFC 6531).
fn address(text: &str) -> Option<Address> {
    let (local, domain) = text.rsplit_once('@')?;
    let url::Host::Domain(domain) = url::Host::parse(domain).ok()? else { return None };
    Address::new(local, domain).ok()
}

/// A text of somebody's as a part of a header field: one line, without what controls anything.
fn line(text: &str) -> String {
    let words = text.split(|c: char| c.is_control() || c.is_whitespace());
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

impl Post {
    /// The mailbox `from`, written `Name <address>`; made from `public_url` if absent.
    pub fn new(from: Option<&str>, public_url: &str) -> Result<Self, String> {
        let host = url::Url::parse(public_url).ok().and_then(|url| url.domain().map(str::to_owned));
        let made = || format!("Cardinal <cardinal@{}>", host.as_deref().unwrap_or("localhost"));
        let from: Mailbox = from.map_or_else(made, str::to_owned).parse().map_err(|fault| {
            format!("{fault}; the sender of mail must be like \"Cards <cards@example.org>\"")
        })?;
        // A line's end in its name would begin another field.
        let from = Mailbox::new(from.name.as_deref().map(line), from.email);
        Ok(Self { from, public_url: public_url.trim_end_matches('/').to_owned() })
    }

    /// The domain that the installation's mail comes from.
    pub fn domain(&self) -> &str {
        self.from.email.domain()
    }

    /// Makes the mail of a letter. From the installation, to answer to the person: in whose name it is written stands
    /// in the text, for what bears a foreign domain in `From` is taken for forged. It is no mass mail, so it bears no
    /// `List-Unsubscribe`; it answers to nobody and no machine is to answer it (RFC 3834).
    pub fn seal(&self, letter: &Letter) -> Result<Sealed, String> {
        let told = |fault: &dyn std::fmt::Display| format!("the mail cannot be written: {fault}");
        let to = address(&letter.recipient).ok_or_else(|| told(&"the recipient's address"))?;
        let sender = line(&letter.sender);
        let link = format!("{}/t/{}", self.public_url, letter.tracking_id);
        let created = Duration::from_millis(u64::try_from(letter.created.0).unwrap_or(0));
        let mut fields = MessageBuilder::new()
            .from(self.from.clone())
            .to(Mailbox::new(None, to.clone()))
            .subject(format!("{sender} has a card for you"))
            .date(UNIX_EPOCH + created)
            .message_id(Some(format!("<{}@{}>", letter.job, self.domain())))
            .raw_header(field("Auto-Submitted", "auto-generated"))
            .raw_header(field("X-Auto-Response-Suppress", "All"));
        if let Some(address) = address(&letter.reply_to) {
            fields = fields.reply_to(Mailbox::new(Some(sender.clone()), address));
        }
        let boundary = letter.job.to_string();
        let parts = MultiPart::alternative()
            .boundary(boundary)
            .singlepart(part(ContentType::TEXT_PLAIN, self.text(letter, &sender, &link)))
            .singlepart(part(ContentType::TEXT_HTML, self.page(letter, &sender, &link)));
        let message = fields.multipart(parts).map_err(|fault| told(&fault))?;
        Ok(Sealed { from: self.from.email.clone(), to, bytes: message.formatted() })
    }

    fn text(&self, letter: &Letter, sender: &str, link: &str) -> String {
        format!(
            "{sender} has a card for you: {card}\r\n\r\n{link}\r\n\r\n\
             An answer to this mail goes to {sender}, {reply_to}.\r\n\r\n\
             --\u{20}\r\nSent by {url} for {sender}.\r\n",
            card = line(&letter.card),
            reply_to = line(&letter.reply_to),
            url = self.public_url,
        )
    }

    fn page(&self, letter: &Letter, sender: &str, link: &str) -> String {
        let page = html! {
            (DOCTYPE)
            html lang="en" {
                head { meta charset="utf-8"; title { (sender) " has a card for you" } }
                body style="font-family: sans-serif; line-height: 1.5" {
                    p { (sender) " has a card for you:" }
                    p { a href=(link) { strong { (line(&letter.card)) } } }
                    p { "An answer to this mail goes to " (sender) ", " (line(&letter.reply_to)) "." }
                    p style="color: #666" {
                        small { "Sent by " a href=(self.public_url) { (self.public_url) } " for " (sender) "." }
                    }
                    img src=(format!("{link}.gif")) alt="" width="1" height="1";
                }
            }
        };
        page.into_string()
    }
}

fn field(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.into())
}

fn part(kind: ContentType, body: String) -> SinglePart {
    SinglePart::builder().header(kind).body(body)
}
