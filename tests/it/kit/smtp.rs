//! A mail server that does what it is told: a real one, on a port of its own, that speaks SMTP.

use parking_lot::{Condvar, Mutex};
use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::Arc;
use std::thread::Builder;
use std::time::Duration;

/// What a server does with a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Mood {
    /// Takes the mail.
    Takes,
    /// Answers the sender, the recipient or the whole mail with this.
    Sender(&'static str),
    Recipient(&'static str),
    Whole(&'static str),
    /// Has the whole mail, and closes the connection instead of an answer.
    Drops,
    /// Has the whole mail, and says nothing any more.
    IsSilent,
    /// Never greets.
    IsDeaf,
}

/// A mail that a server has had the whole of.
#[derive(Debug, Clone)]
pub(crate) struct Mail {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) text: String,
    /// Whether its sender was told that it was taken.
    pub(crate) is_taken: bool,
}

impl Mail {
    /// A header field, unfolded.
    pub(crate) fn field(&self, name: &str) -> Option<String> {
        let head = self.text.split("\r\n\r\n").next().unwrap().replace("\r\n ", " ");
        let fields: Vec<&str> = head
            .split("\r\n")
            .filter_map(|line| line.split_once(": "))
            .filter(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value)
            .collect();
        assert!(fields.len() < 2, "{name} stands twice: {head}");
        fields.first().map(|value| (*value).to_owned())
    }

    pub(crate) fn id(&self) -> String {
        self.field("Message-ID").unwrap()
    }

    /// The parts of its body, decoded: text, then page.
    pub(crate) fn parts(&self) -> Vec<String> {
        let kind = self.field("Content-Type").unwrap();
        let boundary = kind.split("boundary=\"").nth(1).unwrap().split('"').next().unwrap();
        let between = format!("--{boundary}");
        let parts = self.text.split(between.as_str()).skip(1);
        // Behind the last delimiter, which ends in `--`, there is nothing.
        let parts = parts.filter(|part| !part.starts_with("--"));
        let parts = parts.filter_map(|part| part.split_once("\r\n\r\n"));
        parts.map(|(head, body)| decode(head, body)).collect()
    }
}

fn decode(head: &str, body: &str) -> String {
    if head.contains("base64") {
        use base64::Engine as _;
        let plain: String = body.split_whitespace().collect();
        let bytes = base64::engine::general_purpose::STANDARD.decode(plain).unwrap();
        return String::from_utf8(bytes).unwrap();
    }
    if !head.contains("quoted-printable") {
        return body.to_owned();
    }
    let joined = body.replace("=\r\n", "");
    let mut bytes = Vec::new();
    let mut rest = joined.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'=' {
            let code = [rest.next().unwrap(), rest.next().unwrap()];
            bytes.push(u8::from_str_radix(str::from_utf8(&code).unwrap(), 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}

#[derive(Debug, Default)]
struct Seen {
    mails: Vec<Mail>,
    /// What was said to it.
    lines: Vec<String>,
    connections: usize,
    /// Whether answers to whole mails are held back.
    is_shut: bool,
}

/// A mail server. It treats each connection as the next of `moods` says, and the last for ever.
pub(crate) struct MailServer {
    pub(crate) address: SocketAddr,
    seen: Arc<(Mutex<Seen>, Condvar)>,
}

impl MailServer {
    pub(crate) fn start(moods: &'static [Mood]) -> Self {
        Self::offering(moods, &[])
    }

    /// The same, with these extensions.
    pub(crate) fn offering(moods: &'static [Mood], offers: &'static [&'static str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let seen: Arc<(Mutex<Seen>, Condvar)> = Arc::default();
        let its = Arc::clone(&seen);
        let serve = move || {
            for (n, stream) in listener.incoming().enumerate() {
                let mood = *moods.get(n).or(moods.last()).unwrap();
                let seen = Arc::clone(&its);
                seen.0.lock().connections += 1;
                let talk = move || {
                    let out = &stream.unwrap();
                    out.set_nodelay(true).unwrap();
                    let lines = BufReader::new(out).split(b'\n');
                    let (from, to) = (String::new(), String::new());
                    let mut talk = Talk { out, lines, mood, seen: &seen, from, to };
                    drop(talk.go_on(offers));
                };
                drop(Builder::new().name("smtp".into()).spawn(talk).unwrap());
            }
        };
        // It ends with the process: who has nothing more to send goes without saying.
        drop(Builder::new().name("smtp".into()).spawn(serve).unwrap());
        Self { address, seen }
    }

    pub(crate) fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// The mails it has had, once there are so many.
    #[track_caller]
    pub(crate) fn mails(&self, count: usize) -> Vec<Mail> {
        let mut seen = self.seen.0.lock();
        while seen.mails.len() < count {
            let late = self.seen.1.wait_for(&mut seen, Duration::from_secs(30)).timed_out();
            assert!(!late, "{} of {count} mails came", seen.mails.len());
        }
        seen.mails.clone()
    }

    /// Holds back its answers to whole mails, or gives them.
    pub(crate) fn shut(&self, is_shut: bool) {
        self.seen.0.lock().is_shut = is_shut;
        self.seen.1.notify_all();
    }

    /// How many mails it has had.
    pub(crate) fn count(&self) -> usize {
        self.seen.0.lock().mails.len()
    }

    /// What was said to it.
    pub(crate) fn lines(&self) -> Vec<String> {
        self.seen.0.lock().lines.clone()
    }

    pub(crate) fn connections(&self) -> usize {
        self.seen.0.lock().connections
    }
}

/// One connection, as RFC 5321 has it.
struct Talk<'a> {
    out: &'a TcpStream,
    lines: std::io::Split<BufReader<&'a TcpStream>>,
    mood: Mood,
    seen: &'a (Mutex<Seen>, Condvar),
    from: String,
    to: String,
}

impl Talk<'_> {
    fn line(&mut self) -> std::io::Result<String> {
        let line = self.lines.next().unwrap_or_else(|| Err(std::io::Error::other("the end")))?;
        Ok(String::from_utf8(line).unwrap())
    }

    fn say(&mut self, answer: &str) -> std::io::Result<()> {
        self.out.write_all(format!("{answer}\r\n").as_bytes())
    }

    /// Until it is over; its end is an error, too.
    fn go_on(&mut self, offers: &[&str]) -> std::io::Result<()> {
        if self.mood == Mood::IsDeaf {
            // Until the client has had enough.
            return self.line().map(drop);
        }
        self.say("220 mail.example.org ESMTP")?;
        loop {
            let said = self.line()?.trim_end().to_owned();
            self.seen.0.lock().lines.push(said.clone());
            let verb = said.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            match (verb.as_str(), self.mood) {
                ("EHLO", _) => {
                    self.say("250-mail.example.org")?;
                    for offer in offers {
                        self.say(&format!("250-{offer}"))?;
                    }
                    self.say("250 8BITMIME")?;
                }
                ("AUTH", _) => self.say("235 welcome")?,
                ("MAIL", Mood::Sender(answer)) | ("RCPT", Mood::Recipient(answer)) => {
                    self.say(answer)?;
                }
                ("MAIL", _) => {
                    self.from = inner(&said);
                    self.say("250 ok")?;
                }
                ("RCPT", _) => {
                    self.to = inner(&said);
                    self.say("250 ok")?;
                }
                ("DATA", _) => self.take()?,
                ("QUIT", _) => return self.say("221 goodbye"),
                _ => self.say("502 what?")?,
            }
        }
    }

    /// Has the whole of a mail, and does with it what its mood is.
    fn take(&mut self) -> std::io::Result<()> {
        self.say("354 go on")?;
        let mut text = String::new();
        loop {
            let next = self.line()? + "\n";
            if next == ".\r\n" {
                break;
            }
            text.push_str(next.strip_prefix('.').unwrap_or(&next));
        }
        let is_taken = self.mood == Mood::Takes;
        let mail = Mail { from: self.from.clone(), to: self.to.clone(), text, is_taken };
        let mut held = self.seen.0.lock();
        held.mails.push(mail);
        self.seen.1.notify_all();
        while held.is_shut {
            self.seen.1.wait(&mut held);
        }
        drop(held);
        match self.mood {
            Mood::Drops => Err(std::io::Error::other("dropped")),
            Mood::IsSilent => self.line().map(drop),
            Mood::Whole(answer) => self.say(answer),
            _ => self.say("250 taken"),
        }
    }
}

fn inner(said: &str) -> String {
    said.split('<').nth(1).unwrap().split('>').next().unwrap().to_owned()
}
