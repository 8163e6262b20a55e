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
}

impl Receiver {
    pub(crate) fn start(answers: &'static [&'static str]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let (sender, messages) = mpsc::channel();
        let serve = move || {
            let mut kept = Vec::new();
            for (n, stream) in listener.incoming().enumerate() {
                let mut stream = stream.unwrap();
                let answer = answers.get(n).or(answers.last()).unwrap();
                if sender.send(read(&stream)).is_err() {
                    return;
                }
                write!(stream, "{answer}").unwrap();
                if answer.is_empty() {
                    kept.push(stream);
                }
            }
        };
        // It ends with the process: who has nothing more to ask goes without saying.
        drop(Builder::new().name("receiver".into()).spawn(serve).unwrap());
        Self { url, messages }
    }

    pub(crate) fn next(&self) -> Message {
        self.messages.recv_timeout(Duration::from_secs(20)).unwrap()
    }
}

fn read(stream: &TcpStream) -> Message {
    let mut reader = BufReader::new(stream);
    let mut lines = reader.by_ref().lines().map(Result::unwrap);
    assert_eq!(lines.next().unwrap(), "POST /hook HTTP/1.1");
    let headers: HashMap<String, String> = lines
        .take_while(|line| !line.is_empty())
        .map(|line| {
            let (name, value) = line.split_once(": ").unwrap();
            (name.to_ascii_lowercase(), value.to_owned())
        })
        .collect();
    let mut body = vec![0; headers["content-length"].parse().unwrap()];
    reader.read_exact(&mut body).unwrap();
    Message { headers, body: String::from_utf8(body).unwrap() }
}
