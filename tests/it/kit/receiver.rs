//! Somebody else's server, which ours is told to call.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::mpsc;
use std::thread::Builder;
use std::time::Duration;

/// What came to a receiver.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) headers: HashMap<String, String>,
    pub(crate) body: String,
}

/// A server that somebody has told us to call. It answers with each of `answers` in turn, and with the last for
/// ever; one that is empty is never given.
pub(crate) struct Receiver {
    pub(crate) url: String,
    messages: mpsc::Receiver<Message>,
    /// Lets it answer; nothing where it does not wait.
    leave: Option<mpsc::Sender<()>>,
}

impl Receiver {
    pub(crate) fn start(answers: &'static [&'static str]) -> Self {
        Self::begin(answers, None, None)
    }

    /// One that answers each message only when it is told to.
    pub(crate) fn patient(answers: &'static [&'static str]) -> Self {
        let (leave, waits) = mpsc::channel();
        Self::begin(answers, Some(leave), Some(waits))
    }

    fn begin(
        answers: &'static [&'static str],
        leave: Option<mpsc::Sender<()>>,
        waits: Option<mpsc::Receiver<()>>,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let (sender, messages) = mpsc::channel();
        let serve = move || {
            let mut kept = Vec::new();
            for (n, stream) in listener.incoming().enumerate() {
                let mut stream = stream.unwrap();
                let answer = answers.get(n).or(answers.last()).unwrap();
                // Who calls may be killed meanwhile.
                let Some(message) = read(&stream) else { continue };
                let gone = sender.send(message).is_err();
                if gone || waits.as_ref().is_some_and(|waits| waits.recv().is_err()) {
                    return;
                }
                drop(write!(stream, "{answer}"));
                if answer.is_empty() {
                    kept.push(stream);
                }
            }
        };
        // It ends with the process: who has nothing more to ask goes without saying.
        drop(Builder::new().name("receiver".into()).spawn(serve).unwrap());
        Self { url, messages, leave }
    }

    /// Lets it answer one message.
    pub(crate) fn answer(&self) {
        self.leave.as_ref().unwrap().send(()).unwrap();
    }

    pub(crate) fn next(&self) -> Message {
        self.messages.recv_timeout(Duration::from_secs(20)).unwrap()
    }
}

fn read(stream: &TcpStream) -> Option<Message> {
    let mut reader = BufReader::new(stream);
    let mut line = || {
        let mut line = String::new();
        reader.read_line(&mut line).ok().filter(|read| *read > 0)?;
        Some(line.trim_end().to_owned())
    };
    assert_eq!(line()?, "POST /hook HTTP/1.1");
    let mut headers = HashMap::new();
    loop {
        let field = line()?;
        if field.is_empty() {
            break;
        }
        let (name, value) = field.split_once(": ").unwrap();
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    let mut body = vec![0; headers["content-length"].parse().unwrap()];
    reader.read_exact(&mut body).ok()?;
    Some(Message { headers, body: String::from_utf8(body).unwrap() })
}
